import type { VirtualClock } from '../simulator.ts';
import type { AdfDocument } from './adf.ts';
import type { Permission } from './permissions.ts';
import { createSearchIndex } from './search-index.ts';
import type { SearchIndex } from './search-index.ts';

/** What the simulator stores. Issues, comments and attachments are immutable records: a change puts a new one in place. */
export interface AccountRecord {
  readonly accountId: string;
  displayName: string;
  readonly email: string;
  apiToken: string;
  /** A scoped token works through the gateway host only; the site answers 401. */
  scoped: boolean;
  /** A revoked or expired token authenticates nobody. */
  tokenRevoked: boolean;
  readonly timeZone: string;
  permissions: ReadonlySet<Permission>;
  /** Project id → permissions there, in place of the general ones. */
  readonly projectPermissions: Map<string, ReadonlySet<Permission>>;
  /** Roles and groups that the account is in, for restricted comments; `all` stands for every one. */
  roles: 'all' | ReadonlySet<string>;
  readonly properties: Map<string, unknown>;
}

export interface IssueTypeRecord {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
  readonly hierarchyLevel: number;
  /** The workflow of this type lets no issue leave it or come to it by an edit. */
  readonly locked: boolean;
}

export interface FieldRecord {
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
}

export interface ProjectRecord {
  readonly id: string;
  readonly uuid: string;
  readonly key: string;
  readonly name: string;
  readonly style: 'classic' | 'next-gen';
  readonly types: readonly IssueTypeRecord[];
  readonly defaultIssueTypeId: string | undefined;
  readonly issueTypeSchemeReadable: boolean;
  /** Custom fields on the project's screens. */
  readonly fields: readonly FieldRecord[];
  readonly properties: Map<string, unknown>;
  lastNumber: number;
}

export interface VisibilityRecord {
  readonly type: 'group' | 'role';
  readonly value: string;
}

export interface CommentRecord {
  readonly id: string;
  readonly authorId: string;
  readonly updateAuthorId: string;
  readonly body: AdfDocument;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly visibility: VisibilityRecord | undefined;
  readonly properties: ReadonlyMap<string, unknown>;
}

export interface AttachmentRecord {
  readonly id: string;
  readonly mediaId: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly authorId: string;
  readonly createdAt: number;
}

export interface ChangeItem {
  readonly field: string;
  readonly fieldId: string;
  readonly from: string | undefined;
  readonly fromString: string | undefined;
  readonly to: string | undefined;
  readonly toString: string | undefined;
}

export interface ChangeRecord {
  readonly id: string;
  readonly authorId: string;
  readonly createdAt: number;
  readonly items: readonly ChangeItem[];
}

export interface SecurityRecord {
  readonly id: string;
  readonly name: string;
  /** Accounts that can see issues of this level. */
  readonly members: ReadonlySet<string>;
}

export interface IssueRecord {
  readonly id: string;
  readonly key: string;
  /** Keys from before a move; they go on leading here. */
  readonly previousKeys: readonly string[];
  readonly projectId: string;
  readonly typeId: string;
  readonly summary: string;
  readonly description: AdfDocument | null;
  readonly labels: readonly string[];
  readonly creatorId: string;
  readonly reporterId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly parentId: string | undefined;
  readonly security: SecurityRecord | undefined;
  readonly comments: readonly CommentRecord[];
  readonly attachments: readonly AttachmentRecord[];
  readonly properties: ReadonlyMap<string, unknown>;
  readonly customFields: ReadonlyMap<string, unknown>;
  readonly changes: readonly ChangeRecord[];
}

export type IdKind = 'account' | 'project' | 'issueType' | 'issue' | 'comment' | 'attachment' | 'change' | 'security' | 'task';

export interface World {
  readonly clock: VirtualClock;
  /** Uniform in [0, 1), from the seed. */
  readonly random: () => number;
  readonly accounts: Map<string, AccountRecord>;
  readonly projects: Map<string, ProjectRecord>;
  readonly issues: Map<string, IssueRecord>;
  readonly index: SearchIndex;
  /** How histories tell descriptions. */
  readonly changelogForm: 'words' | 'wiki';
  /** Decimal, growing, from 10000 on unless told otherwise, as Jira's are. */
  nextId(kind: IdKind): string;
  uuid(): string;
}

export function createWorld(
  clock: VirtualClock,
  random: () => number,
  { firstId = 10_000, changelogForm = 'words' }: { readonly firstId?: number; readonly changelogForm?: 'words' | 'wiki' } = {},
): World {
  const lastIds = new Map<IdKind, number>();
  return {
    clock,
    random,
    accounts: new Map(),
    projects: new Map(),
    issues: new Map(),
    index: createSearchIndex(),
    changelogForm,
    nextId: (kind) => {
      const id = (lastIds.get(kind) ?? firstId - 1) + 1;
      lastIds.set(kind, id);
      return String(id);
    },
    uuid: () => {
      const digits = Array.from({ length: 32 }, (_, position) => hexDigit(random, position)).join('');
      return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}

function hexDigit(random: () => number, position: number): string {
  if (position === 12) return '4';
  const value = Math.floor(random() * 16);
  return (position === 16 ? 8 + (value % 4) : value).toString(16);
}

/** Finds an issue by id, by key in either case, or by a key that it had before a move. */
export function findIssue(world: World, idOrKey: string): IssueRecord | undefined {
  const byId = world.issues.get(idOrKey);
  if (byId !== undefined) return byId;
  const key = idOrKey.toUpperCase();
  if (!/^[A-Z][A-Z0-9_]*-\d+$/.test(key)) return undefined;
  for (const issue of world.issues.values()) {
    if (issue.key === key) return issue;
  }
  for (const issue of world.issues.values()) {
    if (issue.previousKeys.includes(key)) return issue;
  }
  return undefined;
}

export function findProject(world: World, idOrKey: string): ProjectRecord | undefined {
  const byId = world.projects.get(idOrKey);
  if (byId !== undefined) return byId;
  const key = idOrKey.toUpperCase();
  return [...world.projects.values()].find((project) => project.key === key);
}

/** The project that an issue is in. Every issue has one, so that its absence is a defect of the simulator. */
export function projectOf(world: World, issue: IssueRecord): ProjectRecord {
  const project = world.projects.get(issue.projectId);
  if (project === undefined) throw new Error(`Issue ${issue.key} is in project ${issue.projectId}, which does not exist.`);
  return project;
}

export function typeOf(project: ProjectRecord, typeId: string): IssueTypeRecord {
  const type = project.types.find((candidate) => candidate.id === typeId);
  if (type === undefined) throw new Error(`Project ${project.key} has no issue type ${typeId}.`);
  return type;
}

export function accountOf(world: World, accountId: string): AccountRecord {
  const account = world.accounts.get(accountId);
  if (account === undefined) throw new Error(`There is no account ${accountId}.`);
  return account;
}
