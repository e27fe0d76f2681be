import type { VirtualClock } from '../simulator.ts';

/** What the simulator stores. */
export interface UserRecord {
  /** Stays when the user is renamed. */
  readonly key: string;
  name: string;
  displayName: string;
  readonly password: string;
  /** A personal access token; undefined where the user has none. */
  token: string | undefined;
  readonly timeZone: string;
  permissions: ReadonlySet<string>;
  /** Roles that restricted comments are shown to; `all` stands for every one. */
  roles: 'all' | ReadonlySet<string>;
}

export interface TypeRecord {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
}

export interface ProjectRecord {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly types: readonly TypeRecord[];
  lastNumber: number;
}

export interface CommentRecord {
  readonly id: string;
  readonly authorKey: string;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  visibility: { readonly type: 'group' | 'role'; readonly value: string } | undefined;
  readonly properties: Map<string, unknown>;
}

export interface AttachmentRecord {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly authorKey: string;
  readonly createdAt: number;
}

export interface ChangeRecord {
  readonly id: string;
  readonly authorKey: string;
  readonly createdAt: number;
  readonly items: readonly { readonly field: string; readonly fromString: string | null; readonly toString: string | null }[];
}

export interface IssueRecord {
  readonly id: string;
  key: string;
  /** Keys that it had before it was moved: Jira finds it by them, too (its table `moved_issue_key`). */
  previousKeys: readonly string[];
  projectId: string;
  typeId: string;
  summary: string;
  description: string | null;
  labels: readonly string[];
  readonly creatorKey: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Keys of users who alone see the issue; undefined without a security level. */
  security: ReadonlySet<string> | undefined;
  comments: CommentRecord[];
  attachments: AttachmentRecord[];
  readonly properties: Map<string, unknown>;
  readonly changes: ChangeRecord[];
}

export interface World {
  readonly clock: VirtualClock;
  /** Where the server says that it is, with its context path. */
  readonly baseUrl: string;
  readonly users: Map<string, UserRecord>;
  readonly projects: Map<string, ProjectRecord>;
  readonly issues: Map<string, IssueRecord>;
  /** Ids of issues that the index does not know yet, with the time from which it does. */
  readonly unindexed: Map<string, number>;
  readonly indexLagMs: number;
  nextId(): string;
}

export function createWorld(options: {
  readonly clock: VirtualClock;
  readonly baseUrl: string;
  readonly indexLagMs: number;
}): World {
  let last = 9_999;
  return {
    ...options,
    users: new Map(),
    projects: new Map(),
    issues: new Map(),
    unindexed: new Map(),
    nextId: () => {
      last += 1;
      return String(last);
    },
  };
}

export function userOf(world: World, key: string): UserRecord {
  const user = world.users.get(key);
  if (user === undefined) throw new Error(`There is no user ${key}.`);
  return user;
}

export function projectOf(world: World, idOrKey: string): ProjectRecord | undefined {
  return world.projects.get(idOrKey) ?? [...world.projects.values()].find(({ key }) => key === idOrKey.toUpperCase());
}

export function issueOf(world: World, idOrKey: string): IssueRecord | undefined {
  const wanted = idOrKey.toUpperCase();
  const issues = [...world.issues.values()];
  return (
    world.issues.get(idOrKey) ??
    issues.find(({ key }) => key === wanted) ??
    issues.find(({ previousKeys }) => previousKeys.includes(wanted))
  );
}

export function typeOf(world: World, issue: IssueRecord): TypeRecord {
  const type = world.projects.get(issue.projectId)?.types.find(({ id }) => id === issue.typeId);
  if (type === undefined) throw new Error(`Issue ${issue.key} has no type.`);
  return type;
}
