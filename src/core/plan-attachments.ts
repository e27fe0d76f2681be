import { mayBeStoredAs } from '../content/file-name.ts';
import { presenceTable } from './basic-rules.ts';
import type { AttachmentCreate, Effect } from './effect.ts';
import { effectId } from './effect.ts';
import type { AttachmentSnapshot, SideName } from './model.ts';
import { otherSide, sideNames } from './model.ts';
import type { AbsentItem, Held, TwinInput } from './plan.ts';
import { isOwnRemoval } from './plan-comments.ts';
import type { ItemsPlan } from './plan-comments.ts';
import type { AttachmentPair, Tombstone } from './twin.ts';
import { commentFile, isWholeText } from './whole-text.ts';

/** Plans attachments: pairs by the presence table, the rest copied, or listed where the destination cannot hold them. */
export function planAttachments(input: TwinInput): ItemsPlan<AttachmentPair> {
  const outcomes = [...input.base.attachments, ...adopted(input)].map((pair) => planPair(pair, input));
  const candidates = lostCopies(input);
  const fresh = sideNames.map((side) => planNew(side, { input, candidates }));
  return {
    pairs: [...outcomes.flatMap((outcome) => outcome.keep ?? []), ...fresh.flatMap((plan) => plan.pairs)],
    tombstones: [...outcomes.flatMap((outcome) => outcome.tombstone ?? []), ...fresh.flatMap((plan) => plan.tombstones)],
    effects: [...outcomes.flatMap((outcome) => outcome.effects), ...fresh.flatMap((plan) => plan.effects)],
    conflicts: [],
    held: fresh.flatMap((plan) => plan.held),
    absent: outcomes.flatMap((outcome) => outcome.absent ?? []),
  };
}

/** The id of a file in the attachments branch tells its origin, issue and file: a pair that state and ledger lost is found by it. */
const copyPath = /^copy:([^/]+)\/([^/]+)\/(.+)$/;

function adopted(input: TwinInput): readonly AttachmentPair[] {
  const known = new Set(input.base.attachments.map((pair) => pair.ids.private));
  return input.replicas.private.attachments.flatMap((copy): AttachmentPair[] => {
    const [, issue, origin] = copyPath.exec(copy.id) ?? [];
    // Everybody can link to a file of another twin: that makes it no file of this one (I10).
    if (origin === undefined || issue !== input.base.ids.public || known.has(copy.id)) return [];
    if (input.base.attachments.some((pair) => pair.ids.public === origin)) return [];
    const size = input.replicas.public.attachments.find((attachment) => attachment.id === origin)?.size ?? copy.size ?? 0;
    return [{ ids: { public: origin, private: copy.id }, origin: 'public', name: copy.name, size, sha256: '' }];
  });
}

interface PairOutcome {
  readonly keep: AttachmentPair | undefined;
  readonly effects: readonly Effect[];
  readonly tombstone?: Tombstone;
  readonly absent?: AbsentItem;
}

function isPresent(input: TwinInput, side: SideName, pair: AttachmentPair): boolean {
  // Copies that live in a repository's branch are not a person's to remove from an issue: the footer is written anew instead.
  if (input.rules[side].hasFooter && pair.origin !== side) return true;
  return input.replicas[side].attachments.some((attachment) => attachment.id === pair.ids[side]);
}

function planPair(pair: AttachmentPair, input: TwinInput): PairOutcome {
  const copySide = otherSide[pair.origin];
  const presence = (side: SideName): 'present' | 'absent' => (isPresent(input, side, pair) ? 'present' : 'absent');
  const absentItem = (side: SideName): AbsentItem => ({ kind: 'attachment', side, id: pair.ids[side] });
  switch (presenceTable[presence(pair.origin)][presence(copySide)]) {
    case 'compare':
      // Neither tracker can change the bytes of an attachment: what is present is equal, the audit compares hashes.
      return { keep: pair, effects: [] };
    case 'bury':
      // The text is another one by now, whose file is planned by itself: nothing is left to be remembered.
      if (isOutdated(input, pair)) return { keep: undefined, effects: [] };
      if (presence(pair.origin) === 'absent' && isOwnRemoval(input, 'attachment', pair)) return { keep: undefined, effects: [] };
      if (!input.isRemoved(absentItem(copySide))) return { keep: pair, effects: [], absent: absentItem(copySide) };
      return { keep: undefined, effects: [], tombstone: tombstoneOf(pair) };
    case 'remove-copy': {
      const effect = removalOf(pair);
      // Refused for good: it is asked for again once a day.
      if (input.isParked(effectId(effect), '')) return { keep: pair, effects: [] };
      if (!isOutdated(input, pair) && !input.isRemoved(absentItem(pair.origin)))
        return { keep: pair, effects: [], absent: absentItem(pair.origin) };
      return { keep: pair, effects: [effect] };
    }
  }
}

/** The file of a text that has changed or fits by now. Its origin was read, so nothing is taken for removed by its silence. */
function isOutdated(input: TwinInput, pair: AttachmentPair): boolean {
  return isWholeText(pair.ids[pair.origin]) && !isPresent(input, pair.origin, pair);
}

function tombstoneOf(pair: AttachmentPair): Tombstone {
  const { origin, ids, alias } = pair;
  return { kind: 'attachment', side: origin, id: ids[origin], ...(alias === undefined ? {} : { alias }) };
}

function unpaired(input: TwinInput, side: SideName): readonly AttachmentSnapshot[] {
  const paired = new Set([...input.base.attachments, ...adopted(input)].map((pair) => pair.ids[side]));
  const buried = new Set(
    input.base.tombstones.filter((item) => item.kind === 'attachment' && item.side === side).map((item) => item.id),
  );
  return input.replicas[side].attachments.filter((attachment) => !paired.has(attachment.id) && !buried.has(attachment.id));
}

/**
 * Attachments by the connection's account, in no pair, that bear the name of one waiting to be copied: a copy whose answer
 * was lost. Attachments carry no stamp, so name and author make a candidate and the hash decides (sync-model.md, "Stamps").
 */
function lostCopies(input: TwinInput): ReadonlyMap<string, readonly string[]> {
  const byOrigin = new Map<string, readonly string[]>();
  for (const side of sideNames) {
    // Where copies lie in a branch their path tells the origin; other files there are people's, whoever made the issue.
    if (input.rules[side].hasFooter) continue;
    const waiting = unpaired(input, otherSide[side]);
    const own = unpaired(input, side).filter((attachment) => attachment.author?.isConnection === true);
    for (const origin of waiting) {
      // What a dead run sent may have been renamed at its origin since.
      const isNamed = (copy: AttachmentSnapshot): boolean =>
        mayBeStoredAs(origin.name, copy.name) || input.mayBeLeftOver(side, copy);
      const alike = own.filter((copy) => isNamed(copy) && sizesMatch(origin.size, copy.size));
      if (alike.length > 0)
        byOrigin.set(
          `${otherSide[side]} ${origin.id}`,
          alike.map((copy) => copy.id),
        );
    }
  }
  return byOrigin;
}

function sizesMatch(left: number | undefined, right: number | undefined): boolean {
  return left === undefined || right === undefined || left === right;
}

function planNew(
  side: SideName,
  context: { readonly input: TwinInput; readonly candidates: ReadonlyMap<string, readonly string[]> },
): { pairs: AttachmentPair[]; effects: Effect[]; held: Held[]; tombstones: Tombstone[] } {
  const { input, candidates } = context;
  const target = otherSide[side];
  const rule = input.rules[target];
  const claimed = new Set([...candidates.values()].flat());
  const pairs: AttachmentPair[] = [];
  const effects: Effect[] = [];
  const held: Held[] = [];
  const tombstones: Tombstone[] = [];
  for (const attachment of unpaired(input, side)) {
    if (attachment.author?.isConnection === true && claimed.has(attachment.id)) continue;
    // I6: the copy of a file that is gone by now, or a file that somebody attached with this account: it neither crosses nor goes.
    if (!input.rules[side].hasFooter && input.mayBeLeftOver(side, attachment)) {
      const heldText = heldTextOf(attachment, target, input);
      if (heldText === undefined) {
        held.push({ what: `attachment ${attachment.name}`, reason: leftOverReason, link: attachment.url });
        tombstones.push({ kind: 'attachment', side, id: attachment.id });
      } else {
        pairs.push(heldText);
        effects.push(removalOf(heldText));
      }
      continue;
    }
    // A file of the branch whose origin has another copy already: nobody's origin.
    if (copyPath.test(attachment.id)) continue;
    // Where files are only listed, the notice at the end of the cut copy is enough.
    if (isWholeText(attachment.id) && rule.attachmentBytes === 0) continue;
    if (isListedOnly(attachment, rule.attachmentBytes)) {
      held.push({ what: `attachment ${attachment.name}`, reason: listedReason(rule.attachmentBytes), link: attachment.url });
      continue;
    }
    if (isRefused(attachment, target, input)) continue;
    effects.push(createOf(attachment, target, candidates.get(`${side} ${attachment.id}`)));
  }
  return { pairs, effects, held, tombstones };
}

function removalOf({ ids, origin, name }: AttachmentPair): Effect {
  const side = otherSide[origin];
  return { kind: 'attachment.remove', side, attachmentId: ids[side], originId: ids[origin], name };
}

/**
 * I8: the pair that a left over file makes with the whole text of a comment that few can read by now, under `hold`: that text
 * is no file any more, so that its copy goes.
 */
function heldTextOf(
  file: AttachmentSnapshot,
  origin: SideName,
  { holdRestricted, replicas }: TwinInput,
): AttachmentPair | undefined {
  if (!holdRestricted) return undefined;
  const restricted = replicas[origin].comments.filter(({ snapshot }) => snapshot.restricted);
  const texts = restricted.map(({ snapshot, text }) => commentFile({ id: snapshot.id, print: text.print, url: snapshot.url }));
  const text = texts.find(({ name }) => mayBeStoredAs(name, file.name));
  if (text === undefined) return undefined;
  const ids = origin === 'public' ? { public: text.id, private: file.id } : { public: file.id, private: text.id };
  return { ids, origin, name: file.name, size: file.size ?? 0, sha256: '' };
}

const leftOverReason =
  "a run that died may have uploaded it, and its origin is gone; left alone. If it is a person's, attach it again";

function createOf({ id, name, size }: AttachmentSnapshot, side: SideName, candidates: readonly string[] = []): AttachmentCreate {
  return { kind: 'attachment.create', side, originId: id, name, size, candidates };
}

/** Whether `side` refused this file for good: it is tried again once a day. */
export function isRefused(attachment: AttachmentSnapshot, side: SideName, { isParked }: Pick<TwinInput, 'isParked'>): boolean {
  return isParked(effectId(createOf(attachment, side)), attachment.id);
}

/** Whether a file is too large to be copied, or none is. */
export function isListedOnly({ id, size }: AttachmentSnapshot, attachmentBytesMax: number): boolean {
  if (attachmentBytesMax === 0) return !isWholeText(id);
  return size !== undefined && size > attachmentBytesMax;
}

/** Why a file is listed and not copied. */
export function listedReason(attachmentBytesMax: number): string {
  return attachmentBytesMax === 0
    ? 'attachments are listed only'
    : `larger than ${Math.floor(attachmentBytesMax / 1_000_000)} MB`;
}
