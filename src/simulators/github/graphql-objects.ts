import { isoTime, isoTimeOrNull } from './answers.ts';
import { atLeast, findRepository, fullName, repositoryById } from './data.ts';
import { effectivePermission } from './auth.ts';
import type { Caller } from './auth.ts';
import type { Comment, Issue, IssueEvent, Repository, User, World } from './data.ts';
import { connectionOf, listOf } from './graphql-connection.ts';
import type { GraphQlValues } from './graphql-document.ts';
import { GraphQlProblem } from './graphql-execution.ts';
import type { GraphQlObject, GraphQlResult } from './graphql-execution.ts';
import { revisionsOf } from './revisions.ts';
import type { Revision } from './revisions.ts';
import { issueHtmlUrl, nodeId, webUrl } from './schema-shapes.ts';

/** The objects of GitHub's GraphQL schema as far as they are read here; names and nullability as that schema has them. */

/** Largest of GraphQL's `Int`; ids of comments and issues have outgrown it, so `fullDatabaseId` tells them as text. */
const intMax = 2 ** 31 - 1;

export function queryObject(world: World, caller: Caller & { readonly user: User }): GraphQlObject {
  return {
    type: 'Query',
    interfaces: [],
    fields: {
      viewer: () => viewerObject(world, caller.user),
      repository: ({ owner, name }) => repositoryObject(world, caller, `${String(owner)}/${String(name)}`),
      nodes: ({ ids }) => listOf(ids).map((id) => nodeObject(world, caller, String(id))),
    },
  };
}

/** `viewer` is a `User` for apps and jobs as well, and then keeps the suffix of its login. */
function viewerObject(world: World, user: User): GraphQlObject {
  return { ...actorObject(world, user), type: 'User', fields: { ...actorObject(world, user).fields, login: () => user.login } };
}

/** An app's login has no `[bot]` here, other than in REST. */
function actorObject(world: World, user: User): GraphQlObject {
  const login = user.login.replace(/\[bot\]$/, '');
  const path = user.kind === 'Bot' ? `/apps/${login}` : `/${login}`;
  return {
    type: user.kind,
    interfaces: ['Actor', 'Node'],
    fields: {
      id: () => nodeId('U', user.id),
      login: () => login,
      databaseId: () => intOrNull(user.id),
      url: () => webUrl(world, path),
      resourcePath: () => path,
    },
  };
}

function repositoryObject(world: World, caller: Caller, name: string): GraphQlObject {
  const formerId = world.formerNames.get(name.toLowerCase());
  const repository = findRepository(world, name) ?? (formerId === undefined ? undefined : repositoryById(world, formerId));
  if (repository === undefined || !atLeast(effectivePermission(repository, caller), 'read')) {
    throw new GraphQlProblem('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`);
  }
  return {
    type: 'Repository',
    interfaces: ['Node'],
    fields: {
      id: () => nodeId('R', repository.id),
      name: () => repository.name,
      nameWithOwner: () => fullName(repository),
      issue: ({ number }) => {
        const issue = repository.issues.get(Number(number));
        if (issue === undefined || issue.isPullRequest) {
          throw new GraphQlProblem('NOT_FOUND', `Could not resolve to an Issue with the number of ${String(number)}.`);
        }
        requireIssues(repository, caller);
        return issueObject(world, repository, issue);
      },
    },
  };
}

/** As in REST, a token without access to issues is refused by its kind. */
function requireIssues(repository: Repository, { token }: Caller): void {
  if (token === undefined || token.kind === 'classic' || !repository.isPrivate || token.access.issues !== 'none') return;
  const whose = token.kind === 'fine-grained' ? 'personal access token' : 'integration';
  throw new GraphQlProblem('FORBIDDEN', `Resource not accessible by ${whose}`);
}

/** Issues and comments alone are looked up by their node ids. */
function nodeObject(world: World, caller: Caller, id: string): GraphQlResult {
  for (const repository of world.repositories.values()) {
    if (!atLeast(effectivePermission(repository, caller), 'read')) continue;
    const issue = [...repository.issues.values()].find((one) => nodeId('I', one.id) === id && !one.isPullRequest);
    const comment = [...repository.comments.values()].find((one) => nodeId('IC', one.id) === id);
    if (issue === undefined && comment === undefined) continue;
    requireIssues(repository, caller);
    if (issue !== undefined) return issueObject(world, repository, issue);
    if (comment !== undefined) return commentObject(world, repository, comment);
  }
  return new GraphQlProblem('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
}

function issueObject(world: World, repository: Repository, issue: Issue): GraphQlObject {
  return {
    type: 'Issue',
    interfaces: ['Comment', 'Node'],
    fields: {
      ...bodyFields(world, issue),
      id: () => nodeId('I', issue.id),
      databaseId: () => intOrNull(issue.id),
      fullDatabaseId: () => String(issue.id),
      number: () => issue.number,
      title: () => issue.title,
      url: () => issueHtmlUrl(world, repository, issue),
      timelineItems: (values) => timelineItems(world, issue, values),
    },
  };
}

function commentObject(world: World, repository: Repository, comment: Comment): GraphQlObject {
  const place = issueHtmlUrl(world, repository, { number: comment.issueNumber, isPullRequest: false });
  return {
    type: 'IssueComment',
    interfaces: ['Comment', 'Node'],
    fields: {
      ...bodyFields(world, comment),
      id: () => nodeId('IC', comment.id),
      databaseId: () => intOrNull(comment.id),
      fullDatabaseId: () => String(comment.id),
      url: () => `${place}#issuecomment-${comment.id}`,
    },
  };
}

function bodyFields(world: World, item: Issue | Comment): GraphQlObject['fields'] {
  const revisions = revisionsOf(world, item);
  const newest = revisions[0];
  return {
    author: () => actorObject(world, item.user),
    body: () => item.body ?? '',
    createdAt: () => isoTime(item.createdAt),
    updatedAt: () => isoTime(item.updatedAt),
    editor: () => (newest?.editor === undefined ? null : actorObject(world, newest.editor)),
    lastEditedAt: () => isoTimeOrNull(newest?.at),
    includesCreatedEdit: () => revisions.length > 0,
    userContentEdits: (values) => {
      const nodes = revisions.map((revision) => revisionObject(world, item.id, revision));
      return connectionOf({ type: 'UserContentEditConnection', name: 'userContentEdits', nodes }, values);
    },
  };
}

function revisionObject(world: World, itemId: number, revision: Revision): GraphQlObject {
  const { at, editor, deletedAt } = revision;
  return {
    type: 'UserContentEdit',
    interfaces: ['Node'],
    fields: {
      id: () => nodeId('UCE', itemId * 1000 + revision.index),
      createdAt: () => isoTime(at),
      editedAt: () => isoTime(at),
      deletedAt: () => isoTimeOrNull(deletedAt),
      diff: () => (deletedAt === undefined ? revision.text : null),
      editor: () => (editor === undefined ? null : actorObject(world, editor)),
    },
  };
}

/** Events that the timeline knows here, by their names in REST. */
const timelineTypes: ReadonlyMap<string, { readonly type: string; readonly itemType: string }> = new Map([
  ['renamed', { type: 'RenamedTitleEvent', itemType: 'RENAMED_TITLE_EVENT' }],
  ['labeled', { type: 'LabeledEvent', itemType: 'LABELED_EVENT' }],
  ['unlabeled', { type: 'UnlabeledEvent', itemType: 'UNLABELED_EVENT' }],
]);

function timelineItems(world: World, issue: Issue, values: GraphQlValues): GraphQlResult {
  const wanted = values['itemTypes'] === undefined ? undefined : listOf(values['itemTypes']);
  const nodes = issue.events.flatMap((event): readonly GraphQlObject[] => {
    const known = timelineTypes.get(event.event);
    if (known === undefined || (wanted !== undefined && !wanted.includes(known.itemType))) return [];
    return [eventObject(world, event, known.type)];
  });
  return connectionOf({ type: 'IssueTimelineItemsConnection', name: 'timelineItems', nodes }, values);
}

function eventObject(world: World, event: IssueEvent, type: string): GraphQlObject {
  const { rename, label } = event.detail;
  return {
    type,
    interfaces: ['Node'],
    fields: {
      id: () => nodeId('EV', event.id),
      createdAt: () => isoTime(event.at),
      actor: () => actorObject(world, event.actor),
      ...(rename === undefined ? {} : { previousTitle: () => textIn(rename, 'from'), currentTitle: () => textIn(rename, 'to') }),
      ...(label === undefined
        ? {}
        : { label: () => ({ type: 'Label', interfaces: ['Node'], fields: { name: () => textIn(label, 'name') } }) }),
    },
  };
}

function textIn(detail: unknown, key: string): string {
  return typeof detail === 'object' && detail !== null ? String(Reflect.get(detail, key)) : '';
}

function intOrNull(id: number): number | null {
  return id <= intMax ? id : null;
}
