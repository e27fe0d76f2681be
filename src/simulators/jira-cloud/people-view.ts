import { textOf } from './adf.ts';
import { projectOf, typeOf } from './data.ts';
import type { AccountRecord, AttachmentRecord, CommentRecord, IssueRecord, ProjectRecord, World } from './data.ts';
import type { AccountData, AttachmentData, CommentData, IssueData, ProjectData } from './people.ts';
import { isInternal } from './views.ts';

/** The data of the simulator as tests read it. */
export function accountData(account: AccountRecord): AccountData {
  return { accountId: account.accountId, displayName: account.displayName, email: account.email, apiToken: account.apiToken };
}

export function projectData(project: ProjectRecord): ProjectData {
  const types = project.types.map(({ id, name, subtask }) => ({ id, name, subtask }));
  return { id: project.id, key: project.key, name: project.name, types };
}

export function commentData(comment: CommentRecord): CommentData {
  return {
    id: comment.id,
    author: comment.authorId,
    updateAuthor: comment.updateAuthorId,
    body: comment.body,
    text: textOf(comment.body),
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    visibility: comment.visibility,
    internal: isInternal(comment),
    properties: Object.fromEntries(comment.properties),
  };
}

export function attachmentData(attachment: AttachmentRecord): AttachmentData {
  const { authorId, ...rest } = attachment;
  return { ...rest, author: authorId };
}

export function issueData(world: World, issue: IssueRecord): IssueData {
  const project = projectOf(world, issue);
  return {
    id: issue.id,
    key: issue.key,
    project: project.key,
    type: typeOf(project, issue.typeId).name,
    summary: issue.summary,
    description: issue.description,
    descriptionText: textOf(issue.description),
    labels: issue.labels,
    creator: issue.creatorId,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    security: issue.security?.name,
    comments: issue.comments.map(commentData),
    attachments: issue.attachments.map(attachmentData),
    properties: Object.fromEntries(issue.properties),
  };
}
