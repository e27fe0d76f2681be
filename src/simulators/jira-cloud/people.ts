import type { AdfInput } from './adf.ts';
import type { Permission } from './permissions.ts';

/** A person is named by the account or by its id. */
export type Person = string | { readonly accountId: string };

export interface AccountOptions {
  readonly displayName: string;
  readonly email?: string;
  readonly apiToken?: string;
  /** In every project, unless `setPermissions` says otherwise for one. Default: what a member may do (permissions.ts). */
  readonly permissions?: readonly Permission[];
  /** A scoped token works through the gateway host alone. */
  readonly scoped?: boolean;
  /** IANA name. Default `Etc/UTC`. */
  readonly timeZone?: string;
  /** Roles and groups, for restricted comments. Default: all. */
  readonly roles?: readonly string[];
}

export interface AccountData {
  readonly accountId: string;
  readonly displayName: string;
  readonly email: string;
  readonly apiToken: string;
}

export interface TypeOptions {
  readonly name: string;
  readonly subtask?: boolean;
  /** The workflow refuses to let issues leave or take this type by an edit (400). */
  readonly locked?: boolean;
}

export interface ProjectOptions {
  readonly key: string;
  readonly name: string;
  /** Default: Epic, Story, Task, Bug, Sub-task. */
  readonly types?: readonly (string | TypeOptions)[];
  readonly defaultIssueTypeName?: string;
  /** Whether the issue type scheme can be read by accounts without Administer Jira too. Default false: 403, as in Jira. */
  readonly issueTypeSchemeReadable?: boolean;
  /** Custom fields; those that are required make creation without them fail. */
  readonly fields?: readonly { readonly id: string; readonly name: string; readonly required?: boolean }[];
  /** `next-gen` is team-managed: such a project has no issue type scheme. Default `classic`. */
  readonly style?: 'classic' | 'next-gen';
}

export interface ProjectData {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly types: readonly { readonly id: string; readonly name: string; readonly subtask: boolean }[];
}

export interface CommentInput {
  readonly as: Person;
  readonly body: AdfInput;
  readonly visibility?: { readonly type: 'group' | 'role'; readonly value: string };
  /** An internal note of Jira Service Management. */
  readonly internal?: boolean;
}

export interface NewIssue {
  /** Key or id. */
  readonly project: string;
  readonly as: Person;
  readonly summary: string;
  /** A string stands for paragraphs, one a line. */
  readonly description?: AdfInput;
  /** Type name. Default: the project's default type, else Task, else its first. */
  readonly type?: string;
  readonly labels?: readonly string[];
  readonly comments?: readonly CommentInput[];
  /** Only these accounts can see the issue. */
  readonly security?: { readonly name: string; readonly members: readonly Person[] };
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Key or id of the parent, for sub-tasks. */
  readonly parent?: string;
}

export interface IssueChange {
  readonly as: Person;
  readonly summary?: string;
  readonly description?: AdfInput | null;
  readonly labels?: readonly string[];
}

export interface NewAttachment {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly as: Person;
  readonly mediaType?: string;
}

export interface CommentData {
  readonly id: string;
  readonly author: string;
  readonly updateAuthor: string;
  readonly body: unknown;
  /** The body's text without formatting. */
  readonly text: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly visibility: { readonly type: 'group' | 'role'; readonly value: string } | undefined;
  readonly internal: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface AttachmentData {
  readonly id: string;
  readonly mediaId: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly author: string;
  readonly createdAt: number;
}

/** One issue as it stands in the simulator, for tests to compare. Persons are account ids, times epoch milliseconds. */
export interface IssueData {
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly type: string;
  readonly summary: string;
  /** ADF, or null. */
  readonly description: unknown;
  readonly descriptionText: string;
  readonly labels: readonly string[];
  readonly creator: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly security: string | undefined;
  readonly comments: readonly CommentData[];
  readonly attachments: readonly AttachmentData[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * How tests, the demo and the simulation act as persons and look at the data: at once, without HTTP, permissions or rate
 * limits. An unknown id, and content that Jira would refuse, throws an Error.
 */
export interface People {
  addAccount(options: AccountOptions): AccountData;
  addProject(options: ProjectOptions): ProjectData;
  createIssue(issue: NewIssue): IssueData;
  editIssue(issue: string, change: IssueChange): IssueData;
  changeType(issue: string, change: { readonly as: Person; readonly type: string }): IssueData;
  addLabel(issue: string, label: string, as: Person): IssueData;
  removeLabel(issue: string, label: string, as: Person): IssueData;
  /** Into another project: a new key there, the old one goes on leading to it. */
  moveIssue(issue: string, move: { readonly as: Person; readonly project: string }): IssueData;
  /** A new issue with the fields, labels and properties of this one, as Jira's clone (with properties) makes it. */
  cloneIssue(issue: string, as: Person): IssueData;
  /** Like an administrator who changes the members of a security level: the issue itself is not touched. */
  setSecurity(issue: string, security: NewIssue['security']): void;
  deleteIssue(issue: string): void;
  addComment(issue: string, comment: CommentInput): CommentData;
  editComment(
    issue: string,
    comment: string,
    change: { readonly as: Person; readonly body?: AdfInput; readonly visibility?: CommentInput['visibility'] | null },
  ): CommentData;
  deleteComment(issue: string, comment: string): void;
  addAttachment(issue: string, attachment: NewAttachment): AttachmentData;
  deleteAttachment(attachmentId: string, as: Person): void;
  /** Like an app, with any value. */
  setProperty(issue: string, key: string, value: unknown): void;
  /** By creation. */
  issues(): readonly IssueData[];
  issue(idOrKey: string): IssueData | undefined;
  /** The media id by which ADF names this attachment. */
  mediaIdOf(attachmentId: string): string;
  /** In every project, or in this one only. */
  setPermissions(account: Person, permissions: readonly Permission[], project?: string): void;
  setRoles(account: Person, roles: readonly string[] | 'all'): void;
  revokeToken(account: Person): void;
  /** Makes a revoked token work again, or gives the account another one. */
  restoreToken(account: Person, apiToken?: string): void;
  userProperties(account: Person): Readonly<Record<string, unknown>>;
  /** Like another program of that account. */
  setUserProperty(account: Person, key: string, value: unknown): void;
}
