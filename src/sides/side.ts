import type { Neutral } from '../content/neutral.ts';
import type { Author, CommentSnapshot, FileLine, IssueSnapshot, Loaded, PastEdit, SideName, TrackerKind } from '../core/model.ts';
import type { Check } from '../core/result.ts';
import type { Purpose } from '../gateway/gateway.ts';

/**
 * The contract that every tracker fulfils. Reader and writer are separate types: a dry run holds no writer.
 * Every method may throw SallyportError; `kind` says what it means for the cycle.
 */
export interface SideReader {
  readonly name: SideName;
  readonly kind: TrackerKind;
  /** The account that the connection writes with. */
  readonly account: Author;
  readonly limits: SideLimits;
  /** Whether single issues can be kept from an account that works in their project: a security level, a private issue. */
  readonly hidesIssues: boolean;
  /** This server's current time (epoch milliseconds, from its newest `Date`); undefined before the first answer. */
  serverTime(): number | undefined;
  /** What changed since the cursor, in scope of the trigger or not. Reads a constant number of times when nothing did. */
  observe(request: ObserveRequest): Promise<Observation>;
  /** The immutable id of the issue that people write so: `ABC-12`, on trackers with numbers `12`; undefined where there is none. */
  idOf(key: string, purpose: Purpose): Promise<string | undefined>;
  /** Reads issues whole, in bulk where the tracker can; every id asked for is in the answer. `fresh`: not what a listing of this observation told, but read now. */
  load(ids: readonly string[], purpose: Purpose, options?: { readonly fresh?: boolean }): Promise<ReadonlyMap<string, Loaded>>;
  /**
   * Asks the server whether it takes the trigger, where only it can tell (JQL): one request.
   *
   * @throws SallyportError `configuration` with the server's objection
   */
  checkTrigger?(purpose: Purpose): Promise<void>;
  /** Every issue in scope of the trigger, without a date bound (rolling audit, backfill). */
  listTriggered(purpose: Purpose): Promise<readonly Touched[]>;
  /** Every issue whose author is the connection's account, across projects (rebuild, clean-up). */
  listOwn(purpose: Purpose): Promise<OwnIssues>;
  /** The ids of all issues with a mark where the connection's issues lie, whoever made them; undefined where origins bear none. */
  listLedgers?(purpose: Purpose): Promise<readonly string[]>;
  /**
   * Where listings lag behind writes (Jira's search): a mark that lies before every later creation (the highest issue key),
   * and a look-up of the connection's marked issues created after such a mark that does not go through the search (I2).
   * Both undefined where `observe` shows every creation at once.
   */
  readonly creations: Creations | undefined;
  /**
   * When people last edited each field, connection-independent server times (epoch milliseconds); undefined where unknown.
   * Read for conflicting twins only ("later wins").
   */
  lastEdits(issue: IssueSnapshot): Promise<FieldTimes>;
  /** The kinds of edits whose history this tracker tells. For others a write may replace what nobody saw (docs/rules.md, I3). */
  readonly historyOf: readonly PastEdit['kind'][];
  /**
   * What replaced what in these issues and in those of their comments that are named, in bulk: after a batch of writes it
   * tells what each of them replaced. Every id asked for is in the answer, without any edit where nothing is told.
   */
  history(request: HistoryRequest): Promise<ReadonlyMap<string, readonly PastEdit[]>>;
  /** The tree of a past text of form `native`. Total. */
  decode(native: string): Neutral;
  /**
   * What a text reads as once it is written to this issue: what the tracker's markup cannot say is lowered (docs/markup.md).
   * Undefined where the tracker can say all that the neutral form does.
   */
  readonly lowered?: (root: Neutral, issueId: string) => Neutral;
  /**
   * What the connection's account may do where its issues lie, by the tracker's own names, sorted. Read where removals are at
   * hand: a loss hides things, which then look removed (the guard).
   */
  permissions(): Promise<readonly string[]>;
  /** Issue types that an issue can be given here. */
  types(): Promise<SideTypes>;
  /**
   * The ids of all copies that the connection stored, where they live apart from the issues (a branch); undefined where they
   * are the issues' own attachments, or cannot be listed whole.
   */
  storedCopies(purpose: Purpose): Promise<readonly string[] | undefined>;
  /**
   * What texts refer to an attachment by once it is removed (`StoredAttachment.alias`); undefined where that cannot be told. No
   * such method where texts go on calling it by its id.
   */
  aliasOf?(attachmentId: string): Promise<string | undefined>;
  /** Opens an attachment's bytes as a stream. */
  openAttachment(issueId: string, attachmentId: string): Promise<AttachmentContent>;
}

export interface OwnIssues {
  /** Those that carry a mark, read whole. */
  readonly marked: readonly IssueSnapshot[];
  /** How many carry none: what else the account made, or a copy that lost its stamp. */
  readonly unmarked: number;
}

export interface Creations {
  /** `untouchedFor` (milliseconds): a mark that also lies before what was created by now, if no listing lags by so much. */
  mark(untouchedFor?: number): Promise<string>;
  markedSince(mark: string): Promise<readonly IssueSnapshot[]>;
}

export interface FieldTimes {
  readonly summary: number | undefined;
  readonly description: number | undefined;
  readonly type: number | undefined;
}

export interface HistoryRequest {
  readonly issues: readonly { readonly id: string; readonly commentIds: readonly string[] }[];
  /** Only edits at or after this time are told: epoch milliseconds, this server's. */
  readonly since: number;
  readonly purpose: Purpose;
}

export interface SideLimits {
  /** Characters of a one-line summary. */
  readonly summaryLength: number;
  /** Characters of a native body that the tracker takes (work limit, stamp and footer included). */
  readonly bodyLength: number;
  /** Largest attachment in bytes. */
  readonly attachmentBytes: number;
}

export interface SideTypes {
  readonly names: readonly string[];
  /** Where issues without a mirrored type go, where the destination's configuration sets one. */
  readonly defaultName: string | undefined;
  /** True where labels stand for types: every name exists. */
  readonly everyNameExists: boolean;
  /** False where an issue may have no type at all. */
  readonly required: boolean;
}

export interface ObserveRequest {
  /** The cursor that the last committed observation returned; undefined on the first run or after a lost state. */
  readonly cursor: string | undefined;
  /** Where to begin without a cursor: epoch milliseconds, this server's time. */
  readonly since: number;
  /** Version of this issue that was last processed; a listing stops where everything is known. */
  readonly knownVersion: (id: string) => string | undefined;
  /** Already under sync: scope need not be computed for it. */
  readonly isTwinned: (id: string) => boolean;
}

export interface Touched {
  readonly id: string;
  readonly version: string;
  readonly updatedAt: number;
  /** The trigger holds for it. Computed for every issue that is not twinned; may be false for twinned ones. */
  readonly inScope: boolean;
  /** Bears the shape of a stamp or a `sallyport.*` property: perhaps a copy that a dead run made. */
  readonly marked: boolean;
}

export interface Observation {
  /** Changed issues whose version is not the known one, each once, oldest first. */
  readonly touched: readonly Touched[];
  /** To be remembered when the cycle commits. Equals the request's when nothing changed, where that saves requests. */
  readonly cursor: string;
}

/** `size` may be undefined where the server does not tell. */
export interface AttachmentContent {
  readonly stream: ReadableStream<Uint8Array>;
  readonly size: number | undefined;
  readonly mediaType: string | undefined;
}

export interface SideWriter {
  /**
   * Creates issues, in bulk where the tracker can. One outcome a draft, in order. A draft's stamp is in the same request.
   * Throws only if no outcome at all is known; a lost answer is `{ kind: 'failed' }` with `outcomeUnknown` for each draft sent.
   */
  createIssues(drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]>;
  /** Edits fields and marks in one request, patching texts onto the issue's native ones. Returns what the tracker stored. */
  editIssue(issue: IssueSnapshot, edit: IssueEdit): Promise<StoredFields>;
  /** Replaces the marks only (Jira: the ledger). May do nothing where marks live in bodies and nothing but them changed. */
  writeMarks(issue: IssueSnapshot, marks: readonly string[]): Promise<void>;
  /**
   * Takes every mark of this connection off an issue and its comments, whichever project it lies in now; texts stay as they
   * are, and a generated list of files stays as ordinary text. What carries none is not written, so that it can be repeated.
   * @returns the number of writes made
   * @throws SallyportError `gone` where the issue is no more
   */
  eraseMarks(issueId: string, erasing: Erasing): Promise<number>;
  createComment(issueId: string, draft: CommentDraft): Promise<CommentSnapshot>;
  editComment(issueId: string, comment: CommentSnapshot, draft: CommentDraft): Promise<CommentSnapshot>;
  /** Removing what is already gone succeeds. */
  removeComment(issueId: string, commentId: string): Promise<void>;
  /** Stores attachments; many in one commit where the tracker keeps files in a repository. One outcome a draft, in order. */
  addAttachments(drafts: readonly AttachmentDraft[]): Promise<readonly AttachmentOutcome[]>;
  removeAttachments(removals: readonly { readonly issueId: string; readonly attachmentId: string }[]): Promise<void>;
}

/** The fields as the tracker's answer to a write shows them: what it normalised is the base (sync-model.md, "Three trees"). */
export type StoredFields = Pick<IssueSnapshot, 'summary' | 'description' | 'type' | 'version'>;

/** Texts to write refer to attachments by this side's own `attachment:` URLs or by ordinary URLs only. */
export interface IssueDraft {
  readonly summary: string;
  readonly description: Neutral;
  readonly type: string | undefined;
  readonly marks: readonly string[];
  /** Copies of the other side's attachments that this issue shall show (a footer where the tracker has no attachments). */
  readonly files: readonly FileLine[];
}

export interface IssueEdit {
  readonly summary?: string;
  readonly description?: Neutral;
  readonly type?: string;
  readonly marks: readonly string[];
  /** Marks may be left out where an origin's own text leaves no room for them; a copy is never without (I2). */
  readonly isOrigin?: boolean;
  /** The text is a person's own: a link to a file that is missing from it was taken out, and is not kept (I3). */
  readonly isPersons?: boolean;
  /**
   * Copies, by their ids on this side, whose origins are attached on the other side still: what the text does not show any
   * more stays attached. Jira deletes a file that a description ceases to show (reference/jira-cloud.md).
   */
  readonly attached?: ReadonlySet<string>;
  readonly files: readonly FileLine[];
}

export type { Check, FileLine, PastEdit };

export interface Erasing {
  /** Whether a mark found in a text is this connection's: another one's stays. */
  readonly isOwn: (mark: string) => boolean;
  /** Called before each write; it may throw. */
  readonly beforeWrite: () => Promise<void>;
}

export interface CommentDraft {
  readonly body: Neutral;
  readonly marks: readonly string[];
  /** As for `IssueEdit`. */
  readonly isOrigin?: boolean;
  readonly isPersons?: boolean;
}

export type CreateOutcome =
  /** `issue`: the stored issue where the answer shows it whole, so that no further read is needed. */
  | { readonly kind: 'created'; readonly id: string; readonly key: string; readonly issue: IssueSnapshot | undefined }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface AttachmentDraft {
  readonly issueId: string;
  /** The origin's issue and attachment id: part of the path where files live in a repository. */
  readonly originIssueId: string;
  readonly originAttachmentId: string;
  readonly name: string;
  readonly size: number | undefined;
  readonly mediaType: string | undefined;
  /** Opens the origin's bytes; called at most twice. Not called for a file whose size is known to be too much. */
  readonly open: () => Promise<AttachmentContent>;
}

export interface StoredAttachment {
  readonly kind: 'stored';
  readonly attachmentId: string;
  /** What it is called there. */
  readonly name: string;
  /** The id by which texts that show it refer to it once it is removed, where a text then tells another (`idOfMedia`). */
  readonly alias?: string;
  readonly size: number;
  /** Of what was sent. */
  readonly sha256: string;
  /** True where the tracker does not tell the hash of what arrived: the cycle reads the file back and compares. */
  readonly readBack?: boolean;
}

export type AttachmentOutcome = StoredAttachment | { readonly kind: 'failed'; readonly error: unknown };

/** One tracker, ready to be read and, unless this is a dry run, written. */
export interface Side {
  readonly reader: SideReader;
  readonly writer: SideWriter | undefined;
}
