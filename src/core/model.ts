import type { Neutral } from '../content/neutral.ts';

/** The public side is the Jira Cloud project, the private side the tracker beside the runner. */
export type SideName = 'public' | 'private';
export const sideNames: readonly SideName[] = ['public', 'private'];
export const otherSide: Readonly<Record<SideName, SideName>> = { public: 'private', private: 'public' };

export type TrackerKind = 'jira-cloud' | 'github' | 'jira-dc' | 'redmine';

/** A value for each side; the word of the design is a pair. */
export interface Pair<T> {
  readonly public: T;
  readonly private: T;
}

/** Who wrote something, as its side tells it. */
export interface Author {
  /** Immutable id on its side (Jira accountId, GitHub numeric user id). */
  readonly id: string;
  readonly displayName: string;
  /** True for the account that this connection writes with. */
  readonly isConnection: boolean;
}

/**
 * A body as it stands on its side: the native form to patch onto, and what it says in the neutral form. Images and links
 * to attachments of the same issue have the URL `attachment:<side>/<id>` with this side's own name and id
 * (`attachmentUrl` in content/neutral.ts), whichever side they originate on.
 */
export interface Text {
  /** ADF as JSON text, or Markdown without stamp and footer. Opaque to everything but its side's codec. */
  readonly native: string;
  readonly root: Neutral;
}

export interface CommentSnapshot {
  readonly id: string;
  readonly author: Author;
  /** Epoch milliseconds, this server's time. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly text: Text;
  /** Not readable by everyone who can read the issue (Jira visibility, internal JSM comment, private note). */
  readonly restricted: boolean;
  /** Stamp tokens found on it, unverified. */
  readonly marks: readonly string[];
  readonly url: string;
}

export interface AttachmentSnapshot {
  readonly id: string;
  readonly name: string;
  /** Bytes; undefined where the tracker does not tell before the transfer. */
  readonly size: number | undefined;
  readonly mediaType: string | undefined;
  readonly author: Author | undefined;
  readonly createdAt: number | undefined;
  /** Where a person can open it. */
  readonly url: string;
  /** Stands in the list of files that the connection keeps at the end of a text. */
  readonly isListed?: boolean;
}

export interface IssueSnapshot {
  /** Immutable id on its side: Jira's numeric issue id, GitHub's issue number. */
  readonly id: string;
  /** As people write it: `ABC-12`, `#12`. */
  readonly key: string;
  readonly url: string;
  /** Equal to a remembered one only if nothing that the side's listing can show has changed since. */
  readonly version: string;
  readonly author: Author;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly summary: string;
  readonly description: Text;
  /** Type name; undefined where the issue has none. */
  readonly type: string | undefined;
  /** Complete, in the tracker's own order. */
  readonly comments: readonly CommentSnapshot[];
  /** Complete: people's, and the copies that the connection placed here. */
  readonly attachments: readonly AttachmentSnapshot[];
  /** Tokens found on it, unverified: the stamp, or on Jira the parts of the ledger. */
  readonly marks: readonly string[];
  /** Carries the shape of a stamp or a `sallyport.*` property, whosever: a trigger passes over it. */
  readonly marked: boolean;
  /** Its text bears signs of a list of files and no stamp: no copy of any connection is such. */
  readonly strayList?: boolean;
  /** Lies in another project than the connection's: nothing is written to it. */
  readonly elsewhere?: boolean;
  /** Readable by everyone who can read the project (no security level). */
  readonly readableByAll: boolean;
}

/** What reading one issue by its id told. Only `gone` counts as seen absent (the guard: silence is not removal). */
export type Loaded =
  | { readonly kind: 'present'; readonly issue: IssueSnapshot }
  /** The tracker said specifically that this item is deleted. */
  | { readonly kind: 'gone' }
  /** It lives on elsewhere (another project or repository). */
  | { readonly kind: 'moved'; readonly to: string }
  | Unreadable;

/**
 * Cannot be told now: no permission, container missing. `isPassing`: it is worth another try though nothing touches it;
 * `retryAfterMs`: not before, and nothing is wrong with it.
 */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
  readonly isPassing?: true;
  readonly retryAfterMs?: number;
}

/** One attachment of the other side as the footer shows it. */
export interface FileLine {
  readonly name: string;
  readonly size: number | undefined;
  /** This side's attachment id of the stored copy, or undefined where it is listed only. */
  readonly attachmentId: string | undefined;
  /** Where a person finds the original, and why it was not copied; for list-only files. */
  readonly link: { readonly url: string; readonly reason: string } | undefined;
}

/** One edit of one text; those of an issue come oldest first. */
export interface PastEdit {
  readonly kind: 'summary' | 'description' | 'type' | 'comment';
  /** Of kind `comment` alone. */
  readonly commentId?: string;
  /** Epoch milliseconds, this server's time. */
  readonly at: number;
  readonly byConnection: boolean;
  /** What was replaced, as far as the tracker tells; undefined where it does not, or where there was no type. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What the tracker said, where `after` is what was read of it: two of these may differ in their formatting alone. */
  readonly told?: string;
  /** `native`: the body without marks and list of files, as `Text.native` has it. `plain`: a one-line value, or text whose formatting is lost. */
  readonly form: 'native' | 'plain';
}
