import type { VirtualClock } from '../simulator.ts';

/** What the simulator stores. Names of members are Redmine's own, but for times, which are epoch milliseconds. */
export interface UserRecord {
  readonly id: number;
  readonly login: string;
  readonly firstname: string;
  readonly lastname: string;
  /** Undefined where it was taken away: no request is this user's then. */
  apiKey: string | undefined;
  readonly isAdmin: boolean;
}

export type IssuesVisibility = 'all' | 'default' | 'own';

export interface RoleRecord {
  readonly id: number;
  readonly name: string;
  readonly permissions: ReadonlySet<string>;
  /** Redmine's `issues_visibility`: all, all but private ones of others, or what the user wrote. */
  readonly issuesVisibility: IssuesVisibility;
}

export interface MemberRecord {
  readonly id: number;
  readonly userId: number;
  readonly projectId: number;
  roleId: number;
}

export interface TrackerRecord {
  readonly id: number;
  readonly name: string;
}

export interface ProjectRecord {
  readonly id: number;
  readonly identifier: string;
  readonly name: string;
  readonly trackers: readonly TrackerRecord[];
}

/** A custom field of all issues: a yes or no, or a long text. */
export interface FieldRecord {
  readonly id: number;
  readonly name: string;
}

export interface DetailRecord {
  readonly property: 'attr' | 'cf' | 'attachment';
  readonly name: string;
  readonly old_value: string | null;
  readonly new_value: string | null;
}

export interface JournalRecord {
  readonly id: number;
  /** Never given twice: for those who look on from outside. */
  readonly serial: number;
  readonly userId: number;
  notes: string | null;
  readonly isPrivate: boolean;
  readonly createdAt: number;
  readonly details: readonly DetailRecord[];
}

export interface AttachmentRecord {
  readonly id: number;
  readonly digest: string;
  readonly authorId: number;
  readonly createdAt: number;
  readonly bytes: Uint8Array;
  filename: string;
  contentType: string;
}

export interface IssueRecord {
  readonly id: number;
  projectId: number;
  trackerId: number;
  readonly authorId: number;
  subject: string;
  description: string | null;
  isPrivate: boolean;
  /** By the id of the custom field. */
  readonly fields: Map<number, string | null>;
  readonly createdAt: number;
  updatedAt: number;
  journals: JournalRecord[];
  attachments: AttachmentRecord[];
}

export interface World {
  readonly clock: VirtualClock;
  /** Where it is reached, with its path. */
  readonly url: string;
  readonly users: Map<number, UserRecord>;
  readonly roles: Map<number, RoleRecord>;
  members: MemberRecord[];
  readonly projects: Map<number, ProjectRecord>;
  readonly fields: readonly FieldRecord[];
  readonly issues: Map<number, IssueRecord>;
  /** Uploaded, and on no issue yet. */
  readonly uploads: Map<number, AttachmentRecord>;
  readonly fileBytesMax: number;
  /** Fields that workflow or trackers let nobody write by the API: they are passed over. */
  readonly readOnly: Set<string>;
  /** Trackers whose standard field Description is switched off. */
  readonly withoutDescription: Set<number>;
  /**
   * The next number of a table. Those of journals and files are given again once the newest is gone, as SQLite does, but not
   * within one second. Numbers of issues are not, as with every other database.
   */
  nextId(table: Table): number;
  nextSerial(): number;
}

export type Table = 'users' | 'roles' | 'members' | 'projects' | 'trackers' | 'issues' | 'journals' | 'attachments';

export function createWorld(options: {
  readonly clock: VirtualClock;
  readonly url: string;
  readonly fields: readonly FieldRecord[];
  readonly fileBytesMax: number;
}): World {
  const last = new Map<Table, number>();
  /** When a number of a table was given last, in whole seconds. */
  const givenAt = new Map<string, number>();
  let serial = 0;
  const reused = (table: Table, entries: readonly { readonly id: number }[]): number => {
    const second = Math.floor(options.clock.now() / 1_000);
    let next = 1 + entries.reduce((most, { id }) => Math.max(most, id), 0);
    while (givenAt.get(`${table} ${next}`) === second) next += 1;
    givenAt.set(`${table} ${next}`, second);
    return next;
  };
  const world: World = {
    ...options,
    users: new Map(),
    roles: new Map(),
    members: [],
    projects: new Map(),
    issues: new Map(),
    uploads: new Map(),
    readOnly: new Set(),
    withoutDescription: new Set(),
    nextId: (table) => {
      const issues = [...world.issues.values()];
      const entries = issues.flatMap((issue): readonly { readonly id: number }[] =>
        table === 'journals' ? issue.journals : issue.attachments,
      );
      if (table === 'journals') return reused(table, entries);
      if (table === 'attachments') return reused(table, [...entries, ...world.uploads.values()]);
      const next = (last.get(table) ?? 0) + 1;
      last.set(table, next);
      return next;
    },
    nextSerial: () => (serial += 1),
  };
  return world;
}

export function nameOf(user: UserRecord): string {
  return `${user.firstname} ${user.lastname}`;
}

/** By its number or its identifier. */
export function projectOf(world: World, idOrIdentifier: string | number): ProjectRecord | undefined {
  return (
    world.projects.get(Number(idOrIdentifier)) ??
    [...world.projects.values()].find(({ identifier }) => identifier === idOrIdentifier)
  );
}

export function trackerOf(world: World, issue: IssueRecord): TrackerRecord | undefined {
  return [...world.projects.values()].flatMap(({ trackers }) => trackers).find(({ id }) => id === issue.trackerId);
}
