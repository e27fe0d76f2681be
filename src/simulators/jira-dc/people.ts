import { changeIssue, checkText, createIssue, touch } from './changes.ts';
import type { AttachmentRecord, CommentRecord, IssueRecord, ProjectRecord, TypeRecord, UserRecord, World } from './data.ts';
import { issueOf, projectOf, typeOf } from './data.ts';

/** What a member of a project may do. */
export const memberPermissions: readonly string[] = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'ADD_COMMENTS',
  'EDIT_OWN_COMMENTS',
  'DELETE_OWN_COMMENTS',
  'CREATE_ATTACHMENTS',
  'DELETE_OWN_ATTACHMENTS',
];

export interface CommentData {
  readonly id: string;
  readonly author: string;
  readonly body: string;
  readonly visibility: CommentRecord['visibility'];
  readonly properties: ReadonlyMap<string, unknown>;
}

export interface IssueData {
  readonly id: string;
  readonly key: string;
  /** The key of its project. */
  readonly project: string;
  readonly summary: string;
  readonly description: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly creator: string;
  readonly comments: readonly CommentData[];
  readonly attachments: readonly AttachmentRecord[];
  readonly properties: ReadonlyMap<string, unknown>;
}

/** Persons who act on the simulated server, by their names, and look at its data. Issues go by key or id. */
export interface People {
  addUser(user: {
    readonly name: string;
    readonly displayName: string;
    readonly password?: string;
    readonly token?: string;
    readonly timeZone?: string;
    readonly permissions?: readonly string[];
    readonly roles?: readonly string[];
  }): UserRecord;
  addProject(project: { readonly key: string; readonly name: string; readonly types?: readonly string[] }): ProjectRecord;
  setPermissions(name: string, permissions: readonly string[]): void;
  /** Undefined: it has expired, or was revoked. */
  setToken(name: string, token: string | undefined): void;
  createIssue(issue: {
    readonly project: string;
    readonly as: string;
    readonly summary: string;
    readonly description?: string;
    readonly type?: string;
    readonly labels?: readonly string[];
  }): IssueData;
  editIssue(
    issue: string,
    edit: {
      readonly as: string;
      readonly summary?: string;
      readonly description?: string | null;
      readonly type?: string;
      readonly labels?: readonly string[];
    },
  ): IssueData;
  deleteIssue(issue: string): void;
  moveIssue(issue: string, project: string): void;
  addComment(issue: string, comment: { readonly as: string; readonly body: string; readonly role?: string }): CommentData;
  editComment(issue: string, comment: { readonly id: string; readonly body: string }): void;
  deleteComment(issue: string, id: string): void;
  addAttachment(
    issue: string,
    file: { readonly as: string; readonly name: string; readonly bytes: Uint8Array; readonly mediaType?: string },
  ): AttachmentRecord;
  deleteAttachment(issue: string, id: string): void;
  issues(): readonly IssueData[];
  issue(idOrKey: string): IssueData | undefined;
  /** The immutable key of a user. */
  keyOf(name: string): string;
}

/** Jira's forms send text with CRLF; REST keeps what it is given. */
function formText(text: string): string {
  return text.replaceAll(/\r\n?|\n/g, '\r\n');
}

export function createPeople(world: World): People {
  return { ...setUpActs(world), ...issueActs(world), ...itemActs(world) };
}

function setUpActs(world: World): Pick<People, 'addUser' | 'addProject' | 'setPermissions' | 'setToken' | 'keyOf'> {
  return {
    keyOf: (name) => named(world, name).key,
    addUser: (user) => {
      const record: UserRecord = {
        key: `JIRAUSER${world.nextId()}`,
        name: user.name,
        displayName: user.displayName,
        password: user.password ?? 'secret',
        token: user.token,
        timeZone: user.timeZone ?? 'Etc/UTC',
        permissions: new Set(user.permissions ?? memberPermissions),
        roles: user.roles === undefined ? 'all' : new Set(user.roles),
      };
      world.users.set(record.key, record);
      return record;
    },
    addProject: ({ key, name, types = ['Task', 'Bug', 'Story', 'Epic', 'Sub-task'] }) => {
      const project: ProjectRecord = {
        id: world.nextId(),
        key,
        name,
        types: types.map((type) => ({ id: world.nextId(), name: type, subtask: type === 'Sub-task' })),
        lastNumber: 0,
      };
      world.projects.set(project.id, project);
      return project;
    },
    setToken: (name, token) => {
      named(world, name).token = token;
    },
    setPermissions: (name, permissions) => {
      named(world, name).permissions = new Set(permissions);
    },
  };
}

function named(world: World, name: string): UserRecord {
  const user = [...world.users.values()].find((candidate) => candidate.name === name);
  if (user === undefined) throw new Error(`There is no user ${name}.`);
  return user;
}

function required(world: World, idOrKey: string): IssueRecord {
  const issue = issueOf(world, idOrKey);
  if (issue === undefined) throw new Error(`There is no issue ${idOrKey}.`);
  return issue;
}

function requiredProject(world: World, key: string): ProjectRecord {
  const project = projectOf(world, key);
  if (project === undefined) throw new Error(`There is no project ${key}.`);
  return project;
}

function typeNamed(project: ProjectRecord, name: string | undefined): TypeRecord {
  const type = name === undefined ? project.types[0] : project.types.find((candidate) => candidate.name === name);
  if (type === undefined) throw new Error(`Project ${project.key} has no type ${name}.`);
  return type;
}

type IssueActs = Pick<People, 'createIssue' | 'editIssue' | 'deleteIssue' | 'moveIssue' | 'issues' | 'issue'>;

function issueActs(world: World): IssueActs {
  return {
    createIssue: ({ project: key, as, summary, description, type, labels }) => {
      const project = requiredProject(world, key);
      const issue = createIssue(world, {
        project,
        type: typeNamed(project, type),
        creatorKey: named(world, as).key,
        summary,
        description: description === undefined ? null : formText(description),
        labels: labels ?? [],
        properties: new Map(),
      });
      return dataOf(world, issue);
    },
    editIssue: (key, { as, summary, description, type, labels }) => {
      const issue = required(world, key);
      changeIssue(world, issue, {
        by: named(world, as).key,
        fields: {
          ...(summary === undefined ? {} : { summary }),
          ...(description === undefined ? {} : { description: description === null ? null : formText(description) }),
          ...(type === undefined ? {} : { type: typeNamed(requiredProject(world, issue.projectId), type) }),
          ...(labels === undefined ? {} : { labels }),
        },
      });
      return dataOf(world, issue);
    },
    deleteIssue: (key) => void world.issues.delete(required(world, key).id),
    moveIssue: (key, to) => {
      const issue = required(world, key);
      const project = requiredProject(world, to);
      project.lastNumber += 1;
      const type = typeNamed(project, typeOf(world, issue).name);
      issue.projectId = project.id;
      issue.typeId = type.id;
      issue.previousKeys = [...issue.previousKeys, issue.key];
      issue.key = `${project.key}-${project.lastNumber}`;
      touch(world, issue);
    },
    issues: () => [...world.issues.values()].map((issue) => dataOf(world, issue)),
    issue: (key) => {
      const issue = issueOf(world, key);
      return issue && dataOf(world, issue);
    },
  };
}

type ItemActs = Pick<People, 'addComment' | 'editComment' | 'deleteComment' | 'addAttachment' | 'deleteAttachment'>;

function itemActs(world: World): ItemActs {
  return {
    addComment: (key, { as, body, role }) => {
      const issue = required(world, key);
      const comment: CommentRecord = {
        id: world.nextId(),
        authorKey: named(world, as).key,
        body: formText(body),
        createdAt: world.clock.now(),
        updatedAt: world.clock.now(),
        visibility: role === undefined ? undefined : { type: 'role', value: role },
        properties: new Map(),
      };
      issue.comments.push(comment);
      touch(world, issue);
      return commentData(world, comment);
    },
    editComment: (key, { id, body }) => {
      const issue = required(world, key);
      const comment = issue.comments.find((candidate) => candidate.id === id);
      if (comment === undefined) throw new Error(`There is no comment ${id}.`);
      checkText('comment', body);
      comment.body = formText(body);
      comment.updatedAt = world.clock.now();
      touch(world, issue);
    },
    deleteComment: (key, id) => {
      const issue = required(world, key);
      issue.comments = issue.comments.filter((comment) => comment.id !== id);
      touch(world, issue);
    },
    addAttachment: (key, { as, name, bytes, mediaType }) => {
      const issue = required(world, key);
      const attachment: AttachmentRecord = {
        id: world.nextId(),
        name,
        bytes,
        mediaType: mediaType ?? 'application/octet-stream',
        authorKey: named(world, as).key,
        createdAt: world.clock.now(),
      };
      issue.attachments.push(attachment);
      touch(world, issue);
      return attachment;
    },
    deleteAttachment: (key, id) => {
      const issue = required(world, key);
      issue.attachments = issue.attachments.filter((attachment) => attachment.id !== id);
      touch(world, issue);
    },
  };
}

function nameOf(world: World, key: string): string {
  return world.users.get(key)?.name ?? '';
}

function commentData(world: World, comment: CommentRecord): CommentData {
  const { id, body, visibility } = comment;
  return { id, author: nameOf(world, comment.authorKey), body, visibility, properties: new Map(comment.properties) };
}

function dataOf(world: World, issue: IssueRecord): IssueData {
  return {
    id: issue.id,
    key: issue.key,
    project: world.projects.get(issue.projectId)?.key ?? '',
    summary: issue.summary,
    description: issue.description ?? '',
    type: typeOf(world, issue).name,
    labels: issue.labels,
    creator: nameOf(world, issue.creatorKey),
    comments: issue.comments.map((comment) => commentData(world, comment)),
    attachments: [...issue.attachments],
    properties: new Map(issue.properties),
  };
}
