import { withoutAuthorLine } from '../content/author-line.ts';
import { fingerprint, isAttachmentBlock } from '../content/canonical.ts';
import { isBlock } from '../content/block-flow.ts';
import { withoutNotice } from '../content/cut-notice.ts';
import type { Neutral } from '../content/neutral.ts';
import { attachmentUrl, mediaOfId, parseAttachmentUrl } from '../content/neutral.ts';
import {
  attachmentReferences,
  mapAddresses,
  mapAttachments,
  withAttachmentsAsWords,
  withoutAttachments,
} from '../content/references.ts';
import type { AttachmentReference } from '../content/references.ts';
import type { AttachmentSnapshot, CommentSnapshot, IssueSnapshot, SideName } from './model.ts';
import { otherSide } from './model.ts';
import { withOwnBlocks } from './own-blocks.ts';
import { summaryFingerprint } from './summary.ts';
import type { CommentPair, TwinBase } from './twin.ts';
import { wholeTexts } from './whole-text.ts';

/**
 * A value with the fingerprint of what was read; fingerprints of the two sides compare. Where a side cannot say all that a
 * text holds, its texts are worth more than what was read there (unlowered.ts).
 */
export interface Printed<T> {
  readonly value: T;
  readonly print: string;
}

export interface CommentReplica {
  readonly snapshot: CommentSnapshot;
  readonly text: Printed<Neutral>;
}

/** An issue in the form in which it crosses: references to attachments name their origin, author lines and notices are off. */
export interface Replica {
  readonly snapshot: IssueSnapshot;
  readonly summary: Printed<string>;
  readonly description: Printed<Neutral>;
  /** The empty name stands for no type. */
  readonly type: Printed<string>;
  readonly comments: readonly CommentReplica[];
  /** Those of the issue, and the texts whose copies were cut, as files. */
  readonly attachments: readonly AttachmentSnapshot[];
}

export function printed(root: Neutral): Printed<Neutral> {
  return { value: root, print: fingerprint(root) };
}

/** The replica of what stands on `side`, seen with the pairs that the base knows. */
export function replicaOf(snapshot: IssueSnapshot, side: SideName, base: TwinBase | undefined): Replica {
  const copies = new Map(
    (base?.comments ?? []).flatMap((pair) => (pair.origin === side ? [] : [[pair.ids[side], pair] as const])),
  );
  const description = printed(descriptionRoot(snapshot.description.root, side, base));
  const comments = snapshot.comments.map((comment) => ({
    snapshot: comment,
    text: commentText(comment, side, { base, pair: copies.get(comment.id) }),
  }));
  const whole = base === undefined ? [] : wholeTexts(side, { description, comments }, { base, url: snapshot.url });
  return {
    snapshot,
    summary: { value: snapshot.summary, print: summaryFingerprint(snapshot.summary) },
    description,
    type: { value: snapshot.type ?? '', print: snapshot.type ?? '' },
    comments,
    attachments: whole.length === 0 ? snapshot.attachments : [...snapshot.attachments, ...whole],
  };
}

/** A description in crossing form. Only the copy that was cut ends in a notice: elsewhere its words are a person's (I3). */
export function descriptionRoot(root: Neutral, side: SideName, base: DescribedBase | undefined): Neutral {
  return toOrigins(base?.cut?.side === side ? withoutNotice(root) : root, side, base);
}

/** A comment as it reads; `pair` is that of a copy. What it said when last in step tells whether its first line is its own. */
function commentText(
  comment: CommentSnapshot,
  side: SideName,
  { base, pair }: { readonly base: TwinBase | undefined; readonly pair: CommentPair | undefined },
): Printed<Neutral> {
  const isCut = pair?.cut !== undefined;
  const text = printed(commentRoot(comment, side, { base, isCopy: pair !== undefined, isCut }));
  if (pair === undefined || text.print === pair.text[side]) return text;
  const whole = printed(commentRoot(comment, side, { base, isCopy: false, isCut }));
  return whole.print === pair.text[side] ? whole : text;
}

/** A comment's content in crossing form; of a copy without its author line, and of one that was cut without its notice. */
export function commentRoot(
  comment: Pick<CommentSnapshot, 'text'>,
  side: SideName,
  options: { readonly base: KnownFiles | undefined; readonly isCopy: boolean; readonly isCut: boolean },
): Neutral {
  const said = options.isCut ? withoutNotice(comment.text.root) : comment.text.root;
  return toOrigins(options.isCopy ? withoutAuthorLine(said).root : said, side, options.base);
}

/** What is known of the files that crossed, and of those whose copy a person removed. */
export type KnownFiles = Pick<TwinBase, 'attachments' | 'tombstones'>;

/** What is known of an issue's description and its files. */
type DescribedBase = KnownFiles & Pick<TwinBase, 'cut'>;

/** The ids on `side` of copies of files: what no text shows any more stays until it is removed as a file (I6). */
export function fileCopies(base: Pick<TwinBase, 'attachments'>, side: SideName): ReadonlySet<string> {
  return new Set(base.attachments.flatMap((pair) => (pair.origin === side ? [] : pair.ids[side])));
}

/** By the origin's id, what texts on `side` call a copy that is not attached any more. */
function aliasesOn(side: SideName, { attachments, tombstones }: KnownFiles): ReadonlyMap<string, string> {
  const known = [
    ...tombstones.map(({ kind, side: origin, id, alias }) => ({ id, origin, alias: kind === 'attachment' ? alias : undefined })),
    ...attachments.map(({ ids, origin, alias }) => ({ id: ids[origin], origin, alias })),
  ];
  return new Map(
    known.flatMap(({ id, origin, alias }) => (origin === side || alias === undefined ? [] : [[id, alias] as const])),
  );
}

/**
 * References to copies on `side` become references to their origins, so that both sides' texts compare, also to those of
 * copies that a person removed while the text went on showing them. Other files that are not attached are words.
 */
export function toOrigins(root: Neutral, side: SideName, known: KnownFiles | undefined): Neutral {
  const pairs = known?.attachments ?? [];
  const origins = new Map(
    pairs.filter((pair) => pair.origin !== side).map((pair) => [pair.ids[side], pair.ids[otherSide[side]]]),
  );
  if (known !== undefined) for (const [origin, alias] of aliasesOn(side, known)) origins.set(alias, origin);
  const mapped = mapAttachments(root, (reference) => {
    if (reference.side !== side) return undefined;
    const origin = origins.get(reference.id);
    return origin === undefined ? undefined : attachmentUrl(otherSide[side], origin);
  });
  const isGone = (reference: AttachmentReference): boolean => reference.side === side && mediaOfId(reference.id) !== undefined;
  // What a write kept at the end for its file's sake is no part of the text when the file goes, either.
  return withAttachmentsAsWords(withoutAtEnd(mapped, isGone), isGone);
}

/** A text without those pictures at its very end: canonical form passes over what stands there. */
function withoutAtEnd(root: Neutral, isLeftOut: (reference: AttachmentReference) => boolean): Neutral {
  const end = root.children.findLastIndex((node) => !isBlock(node) || !isAttachmentBlock(node)) + 1;
  const kept = root.children.filter(
    (node, index) => index < end || !attachmentReferences({ type: 'root', children: [node] }).every(isLeftOut),
  );
  return kept.length === root.children.length ? root : { ...root, children: kept };
}

/**
 * Text in crossing form as `side` can store it: references to the other side's attachments become references to their
 * copies here, or the web address of the original where there is no copy (`complete` is false then). The web address of an
 * attachment of `side` itself, which the other side shows for want of a copy, becomes a reference to it again, so that the
 * block that shows it is recognised. What shows an attachment that `side` has no more is left out.
 */
export function toSide(
  root: Neutral,
  side: SideName,
  known: {
    readonly base: KnownFiles;
    readonly others: readonly AttachmentSnapshot[];
    readonly own: readonly AttachmentSnapshot[];
    /** Copies live apart from this side's issues: they are there although no issue tells of them yet. */
    readonly hasFooter: boolean;
    /** What stands on this side now, as it was read. */
    readonly standing: Neutral | undefined;
  },
): { readonly root: Neutral; readonly complete: boolean } {
  const pairs = known.base.attachments;
  // What could not be read back may have to be taken away again: no text shows it before it is known to be whole.
  const shownCopies = pairs.filter(({ origin, unread }) => origin !== side && unread !== true);
  const copies = new Map(shownCopies.map(({ ids }) => [ids[otherSide[side]], ids[side]]));
  const addresses = new Map(known.others.map((attachment) => [attachment.id, attachment.url]));
  const ownIds = new Map(known.own.map((attachment) => [attachment.url, attachment.id]));
  const removed = removedCopies(side, known);
  let complete = true;
  const mapped = mapAddresses(root, (url) => {
    const ownId = ownIds.get(url);
    if (ownId !== undefined) return attachmentUrl(side, ownId);
    const reference = parseAttachmentUrl(url);
    if (reference === undefined || reference.side === side) return undefined;
    const alias = removed.get(reference.id);
    if (alias !== undefined) return attachmentUrl(side, alias);
    const copy = copies.get(reference.id);
    if (copy !== undefined) return attachmentUrl(side, copy);
    complete = false;
    return addresses.get(reference.id);
  });
  // The other side still shows what a person removed here: written back, it would be there again (rule 5).
  const attached = known.own.map((attachment) => attachment.id);
  const there = new Set([...attached, ...removed.values(), ...(known.hasFooter ? copies.values() : [])]);
  const shown = withoutAttachments(mapped, (reference) => reference.side === side && !there.has(reference.id));
  if (known.standing === undefined) return { root: shown, complete };
  const copied = new Set(pairs.filter((pair) => pair.origin === side).map((pair) => pair.ids[side]));
  const own = { side, root: known.standing, files: known.own, hasCopy: (id: string) => copied.has(id) };
  const standing = shownOn(side, known.standing);
  // What Jira's texts keep at their end for the file's sake is in no text there (write-issues.ts).
  const isKept = (reference: AttachmentReference): boolean =>
    side === 'private' && reference.side === side && !standing.has(reference.id);
  return { root: withOwnBlocks(withoutAtEnd(shown, isKept), own), complete };
}

/** The ids of the attachments of `side` that a text shows. */
function shownOn(side: SideName, root: Neutral): ReadonlySet<string> {
  return new Set(attachmentReferences(root).flatMap((reference) => (reference.side === side ? reference.id : [])));
}

/** Copies that are attached no more while the text on `side` still shows them, by their origins: there they stay (rule 5). */
function removedCopies(
  side: SideName,
  known: { readonly base: KnownFiles; readonly own: readonly AttachmentSnapshot[]; readonly standing: Neutral | undefined },
): ReadonlyMap<string, string> {
  const aliases = aliasesOn(side, known.base);
  if (aliases.size === 0 || known.standing === undefined) return new Map();
  const shown = shownOn(side, known.standing);
  return new Map([...aliases].filter(([, alias]) => shown.has(alias)));
}
