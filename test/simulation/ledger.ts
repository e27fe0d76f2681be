import type { SideName } from '../../src/core/model.ts';
import type { Block } from './hand.ts';

/**
 * What people wrote, kept apart from everything the product knows. Every value that a person writes holds a word of its own
 * (`w17`), every file a name of its own (`f18.txt`), so that where a value went can be read off the trackers' contents.
 */
export interface Ledger {
  /** By `side id`. */
  readonly issues: Map<string, LedgerIssue>;
  readonly words: Map<string, Word>;
  /** By `side id` of the comment. */
  readonly comments: Map<string, LedgerComment>;
  readonly files: Map<string, LedgerFile>;
  /** Copies that the connection made, as they were first seen: `side id` of the copy → `side id` of its origin. */
  readonly copies: Map<string, string>;
  readonly commentCopies: Map<string, string>;
  nextWord: number;
  /** When each word was written, by the virtual clock. */
  readonly writtenAt: Map<string, number>;
  /** When people edited a field that is not told by its words alone. */
  readonly edits: FieldEdit[];
  /** Words that a person saw on Jira as its server had altered them, and wrote back so. */
  readonly retold: Set<string>;
  /** Edits of comments that the connection has not read yet, on sides that tell no history of comments. */
  unreadEdits: readonly UnreadEdit[];
  /** The same of types of private issues, by the issues' ids. */
  readonly unreadTypes: Set<string>;
  /**
   * By `side id` of an issue on a tracker that answers a write with nothing: copies of comments that came with what was
   * written there since the connection read the issue last. What goes before that reading it never comes to know of.
   */
  readonly unread: Map<string, Set<string>>;
  /** Ids of issues on Jira whose last write was refused for good: with their ledger, what that was to tell. */
  readonly unledgered: Set<string>;
  /** `side id` of issues from which a person took the trigger away. */
  readonly untriggered: Set<string>;
  /** A run died, or never got the answer to a write, and none has ended since: what it did last nobody knows of. */
  mayBeUnseen: boolean;
  /** What people took away since the cycle began that runs now: if it dies, nobody has seen what it had made of that. */
  takenMeanwhile: (() => void)[];
  /** Issues were out of the connection's sight: what people edited meanwhile waits for the audit. */
  issuesHidden: boolean;
  /** Words of texts that a server refused for good, and names of files that these showed. */
  readonly refused: Set<string>;
  /** When a server last refused a write for good, by the virtual clock. */
  refusedAt: number;
  /** Until when the state was last lost, stale, damaged or not saved, by the virtual clock; infinite while it is. */
  stateLostAt: number;
}

export interface UnreadEdit {
  readonly side: SideName;
  readonly issue: string;
  readonly comment: string;
  readonly word: string;
}

/** A person's edit of a field of an issue, by the virtual clock. */
export interface FieldEdit {
  readonly field: 'description' | 'type';
  /** `side id` of the issue. */
  readonly issue: string;
  readonly at: number;
}

export type FieldKind = 'summary' | 'description' | 'comment';

/** An issue that a person made. */
export interface LedgerIssue {
  readonly side: SideName;
  readonly id: string;
  /** A clone with its model's stamp, or of an issue outside the trigger: a trigger passes over it. */
  readonly marked: boolean;
  /** Carries its model's stamp, as nobody has taken out. */
  stamped: boolean;
  /** Deleted, moved or transferred, it or its copy: the twin no longer is one. */
  left: boolean;
  /** When it left, by the virtual clock. */
  leftAt: number | undefined;
  /** The last type that a person chose on either side of the twin. */
  lastType: { readonly side: SideName; readonly name: string; readonly at: number } | undefined;
  /** Types that people chose or changed so far: going back to one of them between two cycles is no change that anybody could see. */
  readonly types: Set<string>;
  /** The stamp was removed or another pasted over it by a person. */
  tampered: boolean;
  /** So, or it left, while the only run that knew of the copy was one that died. */
  lostUnseen: boolean;
}

export interface Word {
  readonly word: string;
  readonly kind: FieldKind;
  /** `side id` of the issue on which it was written (copy or origin). */
  readonly issue: string;
  /** `side id` of the comment, for words in comments. */
  readonly comment: string | undefined;
  /** Counts the cycles that had ended when it was written. */
  readonly at: number;
  /** Taken out again by a person who saw it. */
  superseded: boolean;
  /** When a person took it away, in cycles; undefined where nobody did. */
  takenAt?: number;
}

export interface LedgerComment {
  readonly side: SideName;
  readonly id: string;
  readonly issue: string;
  restricted: boolean;
  /** Since when few alone can read what all could before, by the virtual clock; undefined while that is not so. */
  restrictedAt?: number | undefined;
  /** Its author has changed at least once who can read it. */
  wasRestricted?: boolean;
  /** A server refused its text for good: what was said after it does not wait for its copy. */
  wasRefused?: boolean;
  /** By a person: then the copy goes, too. */
  removed: boolean;
  /** A person removed its copy: it is not made again. */
  buried: boolean;
  /** When it was first out of the connection's sight though it was there, by the virtual clock. */
  hiddenAt: number | undefined;
  /** Its copy was removed before any run that lived on can have seen it: it may be made again. */
  unseen: boolean;
}

export interface LedgerFile {
  readonly name: string;
  readonly side: SideName;
  readonly issue: string;
  readonly text: string;
  removed: boolean;
  buried: boolean;
  /** As of a comment. */
  unseen: boolean;
}

export function createLedger(): Ledger {
  return {
    issues: new Map(),
    words: new Map(),
    comments: new Map(),
    files: new Map(),
    copies: new Map(),
    commentCopies: new Map(),
    nextWord: 1,
    writtenAt: new Map(),
    edits: [],
    retold: new Set(),
    unreadEdits: [],
    unreadTypes: new Set(),
    unread: new Map(),
    unledgered: new Set(),
    untriggered: new Set(),
    mayBeUnseen: false,
    takenMeanwhile: [],
    issuesHidden: false,
    refused: new Set(),
    refusedAt: Number.NEGATIVE_INFINITY,
    stateLostAt: Number.NEGATIVE_INFINITY,
  };
}

export function itemKey(side: SideName, id: string | number): string {
  return `${side} ${id}`;
}

/** The side of a `side id`. */
export function sideOf(key: string): SideName {
  return key.startsWith('public ') ? 'public' : 'private';
}

/** The words of a text in their order. What stands in hidden comments is not text. */
export function wordsOf(text: string): readonly string[] {
  return visible(text).match(/\bw\d+\b/g) ?? [];
}

/** A Markdown body without hidden comments and the list of files that the connection adds. */
export function visible(text: string): string {
  return text.replaceAll(/<!--[\s\S]*?-->/g, '');
}

export function newWord(ledger: Ledger, about: Omit<Word, 'word' | 'superseded'>): string {
  const word = `w${ledger.nextWord}`;
  ledger.nextWord += 1;
  ledger.words.set(word, { ...about, word, superseded: false });
  return word;
}

/** A person replaced a text that they saw: what it no longer holds is superseded. */
export function supersede(ledger: Ledger, edit: { readonly before: string; readonly after: string; readonly at: number }): void {
  const kept = new Set(wordsOf(edit.after));
  for (const word of wordsOf(edit.before)) {
    const entry = ledger.words.get(word);
    if (entry === undefined || kept.has(word)) continue;
    entry.superseded = true;
    entry.takenAt = edit.at;
  }
}

/** A person altered the stamp of this issue or of its copy. */
export function noteTampering(ledger: Ledger, entry: LedgerIssue | undefined): void {
  if (entry === undefined) return;
  entry.tampered = true;
  takenUnseen(ledger, false, () => {
    entry.lostUnseen = true;
  });
}

/**
 * Notes that something went which the connection may have made, and that it may never have come to know of: it did not if it
 * `isUnread`, whatever becomes of the run.
 */
export function takenUnseen(ledger: Ledger, isUnread: boolean, mark: () => void): void {
  if (ledger.mayBeUnseen || isUnread) mark();
  else ledger.takenMeanwhile.push(mark);
}

/** The run dies, or did not get the answer to a write: what it has done so far nobody knows of. */
export function becomeUnseen(ledger: Ledger): void {
  ledger.mayBeUnseen = true;
  for (const mark of ledger.takenMeanwhile) mark();
  ledger.takenMeanwhile = [];
}

/** A server refuses to store this for good. */
export function noteRefused(ledger: Ledger, written: { readonly text: string; readonly at: number }): void {
  ledger.refusedAt = written.at;
  for (const word of wordsOf(written.text)) {
    ledger.refused.add(word);
    const comment = ledger.comments.get(ledger.words.get(word)?.comment ?? '');
    if (comment !== undefined) comment.wasRefused = true;
  }
  for (const { name } of ledger.files.values()) if (written.text.includes(name)) ledger.refused.add(name);
}

/** The origin of the twin that an issue belongs to: itself, or what it is a copy of. */
export function originOf(ledger: Ledger, key: string): string {
  return ledger.copies.get(key) ?? key;
}

/**
 * Whether the last write to the issue of this twin on Jira was refused for good: until the next one no ledger names the copies
 * that were made meanwhile, so that of one that is removed nothing tells once the state is lost, too (docs/rules.md, I2).
 */
export function isUnledgered(ledger: Ledger, key: string): boolean {
  const keys = [...ledger.copies].find((pair) => pair.includes(key)) ?? [key];
  return keys.some((one) => sideOf(one) === 'public' && ledger.unledgered.has(one.slice('public '.length)));
}

/** Notes whether a write to an issue of Jira is refused for good. */
export function noteLedgerWrite(ledger: Ledger, { method, url }: Request, isRefused: boolean): void {
  const issue = method === 'PUT' ? /\/rest\/api\/3\/issue\/(\d+)$/.exec(new URL(url).pathname)?.[1] : undefined;
  if (issue === undefined) return;
  if (isRefused) ledger.unledgered.add(issue);
  else ledger.unledgered.delete(issue);
}

/** The newest word of a text: the one by which a copy is recognised as it is made. */
export function newestWord(text: string): string | undefined {
  return wordsOf(text)
    .toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    .at(-1);
}

/** A text of a tracker that keeps markup, taken apart at its empty lines. */
export function blocksOf(text: string): readonly Block[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .flatMap((block) => (block === '' ? [] : [{ text: visible(block), native: block }]));
}

export function textOfBlocks(blocks: readonly Block[]): string {
  return blocks.map((block) => (typeof block.native === 'string' ? block.native : block.text)).join('\n\n');
}
