import type { Edit, LoggedRequest, Permission, TokenAccess, TokenKind, World } from './data.ts';
import type { IssuePatch } from './issues.ts';
import { authorsOf } from './people-authors.ts';
import { inspectionOf } from './people-inspection.ts';
import { membersOf } from './people-members.ts';
import type { Ping } from './pings.ts';
import type { SecretKey } from './secrets.ts';

/** What people do on GitHub's pages and in its settings, and what a test may look at. Repositories go by `owner/name`. */
export interface People {
  addUser(user: NewUser): { readonly id: number; readonly login: string };
  /** Another token of a user, or (`job`) the `GITHUB_TOKEN` of a repository, whose user is `github-actions[bot]`. */
  addToken(token: NewToken): void;
  /** An installed app; its bot writes as `slug[bot]`. Answers the ids that a client is configured with. */
  addApp(app: NewApp): { readonly appId: number; readonly installationId: number };
  addRepository(repository: NewRepository): { readonly id: number; readonly fullName: string };
  /** @throws Error for unknown names, as all below */
  createIssue(issue: PersonIssue): IssueView;
  createPullRequest(pull: Pick<PersonIssue, 'repository' | 'as' | 'title' | 'body'>): IssueView;
  editIssue(edit: Place & Pick<IssuePatch, 'title' | 'body' | 'state'>): IssueView;
  /** `answer`: what the API says of it from then on. Default 410. */
  deleteIssue(place: Omit<Place, 'as'> & { readonly answer?: 404 | 410 }): void;
  transferIssue(place: Place & { readonly to: string }): IssueView;
  setLabels(place: Place & { readonly labels: readonly string[] }): IssueView;
  setType(place: Place & { readonly type: string | null }): IssueView;
  addComment(place: Place & { readonly body: string }): CommentView;
  editComment(edit: {
    readonly repository: string;
    readonly id: number;
    readonly as: string;
    readonly body: string;
  }): CommentView;
  /**
   * "Delete revision from history": of an issue's body, or of a comment's. `revision` 0 is the original text.
   */
  deleteRevision(place: {
    readonly repository: string;
    readonly number: number;
    readonly comment?: number;
    readonly revision: number;
  }): void;
  deleteComment(place: { readonly repository: string; readonly id: number }): void;
  /** Answers the address to put into a text. Without a repository it is readable by classic tokens only. */
  uploadAsset(asset: NewUpload): string;
  setPermissions(grant: { readonly repository: string; readonly login: string; readonly permission: Permission }): void;
  revokeToken(token: string): void;
  restoreToken(token: string): void;
  /** The old name goes on as a redirect: 301 for reads, 307 for writes. `name`: without the owner. */
  renameRepository(repository: string, name: string): void;
  archive(repository: string): void;
  setHasIssues(repository: string, hasIssues: boolean): void;
  setIssueTypes(organization: string, names: readonly string[] | undefined): void;
  /** A ruleset refuses refs that begin so (`refs/heads/sallyport/`). */
  refuseRefs(repository: string, prefix: string): void;

  issues(repository: string): readonly IssueView[];
  issue(repository: string, number: number): IssueView | undefined;
  labels(repository: string): readonly string[];
  /** Path → bytes at the head of a branch; undefined if there is no such branch. */
  files(repository: string, branch: string): ReadonlyMap<string, Uint8Array> | undefined;
  /** Commits that can be reached from a branch, newest first. */
  commits(
    repository: string,
    branch: string,
  ): readonly { readonly sha: string; readonly message: string; readonly parents: readonly string[] }[];
  branches(repository: string): readonly string[];
  secrets(repository: string): { readonly key: SecretKey; readonly values: ReadonlyMap<string, string> };
  readonly requests: readonly LoggedRequest[];
  /** Everything that pinged someone or left a cross-reference, people's own texts included (see `by`). */
  readonly notifications: readonly Ping[];
}

export interface NewUser {
  readonly login: string;
  readonly name?: string;
  /** Its token, of kind `tokenKind` (default `classic`). */
  readonly token?: string;
  readonly tokenKind?: 'classic' | 'fine-grained';
  readonly tokenExpiresAt?: number;
  /** In repositories without a grant of their own. Default `read`. */
  readonly permission?: Permission;
  readonly isBot?: boolean;
}

export interface NewToken {
  readonly token: string;
  readonly kind: TokenKind;
  /** Whose; not for `job`. */
  readonly login?: string;
  /** Required for `job`: exactly its repository. */
  readonly repositories?: readonly string[];
  /** Default: issues and contents `write`, secrets `none`. A job's never writes secrets. */
  readonly access?: Partial<TokenAccess>;
  readonly expiresAt?: number;
}

export interface NewApp {
  readonly slug: string;
  readonly appId?: number;
  readonly repositories: readonly string[];
  readonly access?: Partial<TokenAccess>;
}

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  /** Of the organisation that owns it; undefined: none. */
  readonly issueTypes?: readonly string[] | undefined;
  /** Default: true where `issueTypes` are given. */
  readonly ownerIsOrganization?: boolean;
  readonly hasIssues?: boolean;
  /** Without any commit: git endpoints answer 409. Default false: one commit with a README.md on `main`. */
  readonly empty?: boolean;
}

export interface Place {
  readonly repository: string;
  readonly number: number;
  readonly as: string;
}

export interface PersonIssue {
  readonly repository: string;
  readonly as: string;
  readonly title: string;
  readonly body?: string | null;
  readonly type?: string;
  readonly labels?: readonly string[];
}

export interface NewUpload {
  readonly as: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: 'image' | 'file';
  readonly repository?: string;
}

/** A snapshot: later changes do not show in it. Times are epoch milliseconds. */
export interface IssueView {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly type: string | undefined;
  readonly labels: readonly string[];
  readonly state: 'open' | 'closed';
  readonly author: string;
  readonly isPullRequest: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly comments: readonly CommentView[];
  readonly edits: readonly Edit[];
}

export interface CommentView {
  readonly id: number;
  readonly issueNumber: number;
  readonly body: string;
  readonly author: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly edits: readonly Edit[];
}

export function createPeople(world: World): People {
  return {
    ...membersOf(world),
    ...authorsOf(world),
    ...inspectionOf(world),
  };
}
