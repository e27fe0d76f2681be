import { assetUrl, storeAsset } from './assets.ts';
import type { World } from './data.ts';
import {
  addComment,
  createIssue,
  deleteComment,
  deleteIssue,
  editComment,
  setLabels,
  transferIssue,
  updateIssue,
} from './issues.ts';
import type { IssuePatch } from './issues.ts';
import { deleteRevision } from './revisions.ts';
import { commentOf, commentView, issueOf, repositoryOf, userOf, viewOf } from './people-lookup.ts';
import type { IssueView, People, PersonIssue, Place } from './people.ts';

export type Authors = Pick<
  People,
  | 'createIssue'
  | 'createPullRequest'
  | 'editIssue'
  | 'deleteIssue'
  | 'transferIssue'
  | 'setLabels'
  | 'setType'
  | 'addComment'
  | 'editComment'
  | 'deleteRevision'
  | 'deleteComment'
  | 'uploadAsset'
>;

export function authorsOf(world: World): Authors {
  const create = (draft: PersonIssue, isPullRequest: boolean): IssueView => {
    const repository = repositoryOf(world, draft.repository);
    const { title, body = null, type, labels } = draft;
    return viewOf(
      repository,
      createIssue(world, repository, { user: userOf(world, draft.as), title, body, type, labels, isPullRequest }),
    );
  };
  const update = (place: Place, patch: IssuePatch): IssueView => {
    const { repository, issue } = issueOf(world, place);
    updateIssue(world, repository, { issue, user: userOf(world, place.as), patch });
    return viewOf(repository, issue);
  };
  return {
    createIssue: (draft) => create(draft, false),
    createPullRequest: (draft) => create(draft, true),
    editIssue: (edit) => update(edit, { title: edit.title, body: edit.body, state: edit.state }),
    setType: (place) => update(place, { type: place.type }),
    deleteIssue: (place) => {
      const { repository, issue } = issueOf(world, place);
      deleteIssue(repository, issue, place.answer ?? 410);
    },
    transferIssue: (place) => {
      const { repository, issue } = issueOf(world, place);
      const to = repositoryOf(world, place.to);
      return viewOf(to, transferIssue(world, repository, { issue, to, user: userOf(world, place.as) }));
    },
    setLabels: (place) => {
      const { repository, issue } = issueOf(world, place);
      setLabels(world, repository, { issue, user: userOf(world, place.as), names: place.labels });
      return viewOf(repository, issue);
    },
    addComment: (place) => {
      const { repository, issue } = issueOf(world, place);
      return commentView(addComment(world, repository, { issue, user: userOf(world, place.as), body: place.body }));
    },
    editComment: (edit) => {
      const { repository, comment } = commentOf(world, edit);
      editComment(world, repository, { comment, user: userOf(world, edit.as), body: edit.body });
      return commentView(comment);
    },
    deleteRevision: (place) => {
      const { repository, comment } = place;
      const item = comment === undefined ? issueOf(world, place).issue : commentOf(world, { repository, id: comment }).comment;
      deleteRevision(world, item, place.revision);
    },
    deleteComment: (place) => {
      const { repository, comment } = commentOf(world, place);
      deleteComment(world, repository, comment);
    },
    uploadAsset: (draft) => {
      const repository = draft.repository === undefined ? undefined : repositoryOf(world, draft.repository);
      return assetUrl(
        world,
        storeAsset(world, { user: userOf(world, draft.as), name: draft.name, bytes: draft.bytes, kind: draft.kind, repository }),
      );
    },
  };
}
