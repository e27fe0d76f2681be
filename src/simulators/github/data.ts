import { createRandom } from '../faults.ts';
import type { VirtualClock } from '../simulator.ts';
import type { GitStore } from './git.ts';
import type { Limits } from './limits.ts';
import type { Ping } from './pings.ts';

/** In rising order; each includes what comes before it. `write` is what GitHub calls push access. */
export const permissions = ['none', 'read', 'triage', 'write', 'admin'] as const;
export type Permission = (typeof permissions)[number];

export function atLeast(actual: Permission, needed: Permission): boolean {
  return permissions.indexOf(actual) >= permissions.indexOf(needed);
}

/** `classic` and `fine-grained` belong to people, `app` to an installation, `job` is an Action's `GITHUB_TOKEN`. */
export type TokenKind = 'classic' | 'fine-grained' | 'app' | 'job';

/** What a token other than a classic one may do in the repositories that it is for. */
export interface TokenAccess {
  readonly issues: 'none' | 'read' | 'write';
  readonly contents: 'none' | 'read' | 'write';
  readonly secrets: 'none' | 'read' | 'write';
}

export interface Token {
  readonly value: string;
  readonly kind: TokenKind;
  readonly user: User;
  /** Ids; undefined: wherever the user may. */
  readonly repositories: readonly number[] | undefined;
  readonly access: TokenAccess;
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
  revoked: boolean;
}

export interface User {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly kind: 'User' | 'Bot' | 'Organization';
  readonly createdAt: number;
  /** In repositories that name no other one for this user. */
  permission: Permission;
}

export interface App {
  readonly id: number;
  readonly installationId: number;
  readonly slug: string;
  readonly bot: User;
  /** Ids. */
  readonly repositories: readonly number[];
  readonly access: TokenAccess;
  readonly createdAt: number;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface IssueType {
  readonly id: number;
  readonly name: string;
}

export interface Repository {
  readonly id: number;
  readonly owner: User;
  name: string;
  readonly isPrivate: boolean;
  hasIssues: boolean;
  isArchived: boolean;
  readonly createdAt: number;
  readonly permissions: Map<string, Permission>;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, Comment>;
  /** Numbers that were issues once: what an answer says about them. */
  readonly gone: Map<number, Gone>;
  nextNumber: number;
  readonly git: GitStore;
  readonly secrets: Map<string, { readonly encryptedValue: string; readonly keyId: string }>;
  /** Prefixes of refs that a ruleset refuses to create or move. */
  readonly refusedRefs: string[];
}

export type Gone =
  | { readonly kind: 'deleted'; readonly status: 404 | 410 }
  | { readonly kind: 'transferred'; readonly repositoryId: number; readonly number: number };

/** One past value of a field, as people's edit history shows it. */
export interface Edit {
  readonly at: number;
  readonly by: string;
  readonly field: 'title' | 'body' | 'type' | 'labels' | 'state';
  readonly from: string | null;
  readonly to: string | null;
}

/** Revisions of a body that people deleted from its history, by index, with the time (revisions.ts). */
export type DeletedRevisions = Map<number, number>;

/** An entry of `/events` and `/timeline`. */
export interface IssueEvent {
  readonly id: number;
  readonly at: number;
  readonly actor: User;
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly user: User;
  readonly isPullRequest: boolean;
  /** Epoch milliseconds, whole seconds, as all times here. */
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | undefined;
  closedBy: User | undefined;
  state: 'open' | 'closed';
  stateReason: string | null;
  title: string;
  body: string | null;
  type: IssueType | undefined;
  labels: Label[];
  /** Ids, oldest first. */
  readonly commentIds: number[];
  readonly edits: Edit[];
  readonly deletedRevisions: DeletedRevisions;
  readonly events: IssueEvent[];
}

export interface Comment {
  readonly id: number;
  readonly issueNumber: number;
  readonly user: User;
  readonly createdAt: number;
  updatedAt: number;
  body: string;
  readonly edits: Edit[];
  readonly deletedRevisions: DeletedRevisions;
}

export interface Asset {
  readonly id: number;
  /** `assets/{uuid}` or `files/{n}/{name}`: the path below `/user-attachments/`. */
  readonly path: string;
  readonly uuid: string;
  readonly name: string;
  readonly kind: 'image' | 'file';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly owner: User;
  /** Undefined: readable by whoever is signed in with a classic token. */
  readonly repository: Repository | undefined;
}

export interface LoggedRequest {
  readonly index: number;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly login: string | undefined;
  readonly at: number;
  /** Counted on the primary rate limit. */
  readonly counted: boolean;
}

export interface Settings {
  /** Host and port of the API. */
  readonly apiHost: string;
  /** Host and port of the web pages, raw files and attachments; may equal the API's. */
  readonly webHost: string;
  readonly protocol: 'https' | 'http';
  readonly shape: 'github.com' | 'ghes';
  readonly commentEditBumpsIssue: boolean;
  readonly commentDeletionBumpsIssue: boolean;
  readonly limits: Limits;
}

export interface World {
  readonly settings: Settings;
  readonly clock: VirtualClock;
  /** By lower-case login. */
  readonly users: Map<string, User>;
  readonly tokens: Map<string, Token>;
  /** By lower-case full name. */
  readonly repositories: Map<string, Repository>;
  /** Ids of repositories by names that they had once, lower-case. */
  readonly formerNames: Map<string, number>;
  /** By lower-case login of the organisation. */
  readonly issueTypes: Map<string, IssueType[]>;
  readonly apps: App[];
  /** By path below `/user-attachments/`. */
  readonly assets: Map<string, Asset>;
  readonly notifications: Ping[];
  readonly requests: LoggedRequest[];
  nextId(): number;
  /** Accounts are fewer than issues and comments: their ids still fit GraphQL's `Int`. */
  nextUserId(): number;
  /** Uniform in [0, 1), from the seed. */
  random(): number;
}

// Real ids are past 32 bits by now; a client that cuts them should be found out.
const firstId = 4_100_000_000;
const firstUserId = 210_000_000;

export function createWorld(settings: Settings, clock: VirtualClock, seed: number): World {
  let lastId = firstId;
  let lastUserId = firstUserId;
  return {
    settings,
    clock,
    users: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    formerNames: new Map(),
    issueTypes: new Map(),
    apps: [],
    assets: new Map(),
    notifications: [],
    requests: [],
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    nextUserId: () => {
      lastUserId += 1;
      return lastUserId;
    },
    random: createRandom(seed),
  };
}

/** The clock's time cut to whole seconds: GitHub stores and shows no finer ones. */
export function nowSeconds(world: World): number {
  return Math.floor(world.clock.now() / 1000) * 1000;
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function findRepository(world: World, name: string): Repository | undefined {
  return world.repositories.get(name.toLowerCase());
}

export function repositoryById(world: World, id: number): Repository | undefined {
  return [...world.repositories.values()].find((repository) => repository.id === id);
}

/** What this user may do here; `read` at least where everyone may. */
export function permissionOf(repository: Repository, user: User | undefined): Permission {
  const floor: Permission = repository.isPrivate ? 'none' : 'read';
  if (user === undefined) return floor;
  if (user === repository.owner) return 'admin';
  const given = repository.permissions.get(user.login.toLowerCase()) ?? user.permission;
  return atLeast(given, floor) ? given : floor;
}

/** The issue types of the repository's owner; undefined where there are none: a person's repository. */
export function issueTypesOf(world: World, repository: Repository): readonly IssueType[] | undefined {
  return world.issueTypes.get(repository.owner.login.toLowerCase());
}

/** Version 4 in shape, from the seed. */
export function uuid(world: World): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(world.random() * 16).toString(16)).join('');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}
