import { withoutNotice } from '../content/cut-notice.ts';
import type { Neutral } from '../content/neutral.ts';
import { fieldTable, laterOf, presenceTable } from './basic-rules.ts';
import type { Change } from './basic-rules.ts';
import { wholeBeginning, wholeText } from './cut-text.ts';
import type { CommentWrite, Effect } from './effect.ts';
import { effectId } from './effect.ts';
import { showsCopyOf, withoutFiles, type TextsInput } from './gone-files.ts';
import { otherSide, sideNames } from './model.ts';
import type { Pair, SideName } from './model.ts';
import type { AbsentItem, Conflict, Held, TwinInput } from './plan.ts';
import { printed } from './replica.ts';
import type { CommentReplica } from './replica.ts';
import type { CommentPair, Tombstone } from './twin.ts';
import { noticePrint, withheldNotice } from './withheld-notice.ts';

export interface ItemsPlan<P> {
  readonly pairs: readonly P[];
  readonly tombstones: readonly Tombstone[];
  readonly effects: readonly Effect[];
  readonly conflicts: readonly Conflict[];
  readonly held: readonly Held[];
  readonly absent: readonly AbsentItem[];
}

/** What one pair comes to: itself, changed, or gone from the list; and what is to be done. */
interface PairOutcome {
  readonly keep: CommentPair | undefined;
  readonly effects: readonly Effect[];
  /** The side whose text stands, where both sides' edits met. */
  readonly conflict?: SideName;
  readonly tombstone?: Tombstone;
  readonly absent?: AbsentItem;
  readonly held?: Held;
}

/** Plans comments: known pairs by the tables, copies found by their stamps adopted, the rest copied in the order of their creation. */
export function planComments(input: TextsInput): ItemsPlan<CommentPair> {
  const byId = { public: indexed(input, 'public'), private: indexed(input, 'private') };
  const known = [...input.base.comments, ...input.adopted];
  const outcomes = known.map((pair) => planPair(pair, byId, input));
  const fresh = sideNames.map((side) => planNew(side, known, input));
  return {
    pairs: outcomes.flatMap((outcome) => outcome.keep ?? []),
    tombstones: [...input.base.tombstones, ...outcomes.flatMap((outcome) => outcome.tombstone ?? [])],
    effects: [...outcomes.flatMap((outcome) => outcome.effects), ...fresh.flatMap((plan) => plan.effects)],
    conflicts: outcomes.flatMap((outcome, index) => {
      const pair = known[index];
      return outcome.conflict !== undefined && pair !== undefined
        ? [{ field: 'comment' as const, outcome: outcome.conflict, links: linksOf(pair, byId, input) }]
        : [];
    }),
    held: [...outcomes.flatMap((outcome) => outcome.held ?? []), ...fresh.flatMap((plan) => plan.held)],
    absent: outcomes.flatMap((outcome) => outcome.absent ?? []),
  };
}

function indexed(input: TwinInput, side: SideName): ReadonlyMap<string, CommentReplica> {
  return new Map(input.replicas[side].comments.map((comment) => [comment.snapshot.id, comment]));
}

/** To both comments, or to the issue of one that was removed. */
function linksOf(pair: CommentPair, byId: Pair<ReadonlyMap<string, CommentReplica>>, input: TwinInput): Pair<string> {
  const link = (side: SideName): string => byId[side].get(pair.ids[side])?.snapshot.url ?? input.replicas[side].snapshot.url;
  return { public: link('public'), private: link('private') };
}

function planPair(pair: CommentPair, byId: Pair<ReadonlyMap<string, CommentReplica>>, input: TextsInput): PairOutcome {
  const copySide = otherSide[pair.origin];
  const origin = byId[pair.origin].get(pair.ids[pair.origin]);
  const copy = byId[copySide].get(pair.ids[copySide]);
  const decision = presenceTable[origin === undefined ? 'absent' : 'present'][copy === undefined ? 'absent' : 'present'];
  const absentItem = (side: SideName): AbsentItem => ({ kind: 'comment', side, id: pair.ids[side] });
  switch (decision) {
    case 'bury':
      // A run had asked for its removal, and got no answer: nobody else took it away, and the origin may come back.
      if (origin === undefined && !pair.restricted && isOwnRemoval(input, 'comment', pair))
        return { keep: undefined, effects: [] };
      if (!input.isRemoved(absentItem(copySide))) return { keep: pair, effects: [], absent: absentItem(copySide) };
      return { keep: undefined, effects: [], tombstone: { kind: 'comment', side: pair.origin, id: pair.ids[pair.origin] } };
    case 'remove-copy': {
      const effect: Effect = { kind: 'comment.remove', side: copySide, pair };
      // Refused for good: it is asked for again once a day.
      if (input.isParked(effectId(effect), '')) return { keep: pair, effects: [] };
      // I6: what not everyone could read may be out of sight instead of gone, so its copy stays.
      if (pair.restricted) return { keep: pair, effects: [] };
      if (!input.isRemoved(absentItem(pair.origin))) return { keep: pair, effects: [], absent: absentItem(pair.origin) };
      return {
        keep: pair,
        effects: [effect],
        // I3: rule 5 takes the copy away with what a person wrote into it since, so that is told.
        ...(isEdited(pair, copy) ? { conflict: pair.origin } : {}),
      };
    }
    case 'compare':
      return origin === undefined || copy === undefined
        ? { keep: pair, effects: [] }
        : planText({ ...pair, restricted: origin.snapshot.restricted }, { origin, copy }, input);
  }
}

/**
 * Whether a copy that is not there any more was taken away by a removal of the connection's own that got no answer, or whose
 * run died: its origin had counted as removed before the copy was missed.
 */
export function isOwnRemoval(
  input: TwinInput,
  kind: AbsentItem['kind'],
  { origin, ids }: Pick<CommentPair, 'origin' | 'ids'>,
): boolean {
  const isRemoved = (side: SideName): boolean => input.isRemoved({ kind, side, id: ids[side] });
  return isRemoved(origin) && !isRemoved(otherSide[origin]);
}

/** Whether a person wrote into the copy since it was in step. */
function isEdited(pair: CommentPair, copy: CommentReplica | undefined): boolean {
  return copy !== undefined && copy.text.print !== pair.text[otherSide[pair.origin]];
}

function planText(pair: CommentPair, both: { origin: CommentReplica; copy: CommentReplica }, input: TextsInput): PairOutcome {
  if (input.holdRestricted && both.origin.snapshot.restricted) return withhold(pair, both, input);
  const replicas =
    pair.origin === 'public' ? { public: both.origin, private: both.copy } : { public: both.copy, private: both.origin };
  const changed = (side: SideName): Change => (replicas[side].text.print === pair.text[side] ? 'same' : 'changed');
  const prints = { public: replicas.public.text.print, private: replicas.private.text.print };
  const copySide = otherSide[pair.origin];
  const { root } = both.copy.snapshot.text;
  // Whole now, it is written once more if its notice still stands.
  const saysCut = pair.cut !== undefined && withoutNotice(root) !== root;
  const write = (wanted: SideName, conflict?: SideName): PairOutcome => {
    const isEqual = prints.public === prints.private;
    if (isEqual && !saysCut) return { keep: inStep(pair, prints), effects: [] };
    const side = isEqual ? copySide : wanted;
    // I8: what its copy's readers alone may know does not go where everybody reads.
    if (side === pair.origin && input.holdRestricted && both.copy.snapshot.restricted) {
      const reason = 'its copy was edited and is restricted, and restricted-comments is hold';
      return { keep: pair, effects: [], held: { what: 'comment', reason, link: both.copy.snapshot.url } };
    }
    const effect: Effect = {
      kind: 'comment.write',
      side,
      pair,
      body: (side === pair.origin ? wholeOf(pair, both, input) : undefined) ?? both.origin.text.value,
      authorName: side === pair.origin ? undefined : both.origin.snapshot.author.displayName,
      withheld: false,
    };
    return input.isParked(effectId(effect), prints[otherSide[side]])
      ? { keep: pair, effects: [] }
      : { keep: pair, effects: [effect], ...(isEqual || conflict === undefined ? {} : { conflict }) };
  };
  // Where nobody can tell what an edit of a cut copy means for the whole, the origin stands.
  const carry = (side: SideName): PairOutcome =>
    side === pair.origin && wholeOf(pair, both, input) === undefined ? write(copySide, pair.origin) : write(side);
  // It was withheld and is public again: what stands in its place is no text of anybody's, whatever was added to it.
  if (pair.withheld) return write(copySide, isEdited(pair, both.copy) ? pair.origin : undefined);
  switch (fieldTable[changed('public')][changed('private')]) {
    case 'nothing':
      return withoutLeaving(pair, both, input);
    case 'write-private':
      return carry('private');
    case 'write-public':
      return carry('public');
    case 'compare': {
      // The copy lacks what is beyond the cut, and of a changed origin nobody knows where the cut lies: the whole text stands.
      if (pair.cut !== undefined) return write(copySide, pair.origin);
      // The later edit wins, a tie goes to the public side; comments tell the time of their own last edit.
      const at = (side: SideName): number => input.editedAt(side, replicas[side].snapshot) - input.aheadMs[side];
      const later = laterOf({ public: at('public'), private: at('private') });
      return write(otherSide[later], later);
    }
  }
}

/** What shows a file whose copy is about to be taken away is taken out before (`withoutLeaving` in plan-fields.ts). */
function withoutLeaving(
  pair: CommentPair,
  both: { origin: CommentReplica; copy: CommentReplica },
  input: TextsInput,
): PairOutcome {
  const effects = sideNames.flatMap((side): CommentWrite[] => {
    const isCopy = side !== pair.origin;
    const [written, other] = isCopy ? [both.copy, both.origin] : [both.origin, both.copy];
    if (!showsCopyOf(input.leaving, { side, root: written.snapshot.text.root, keepsAtEnd: false })) return [];
    // What a cut copy shows is not all that it is a copy of.
    const { value } = (isCopy && pair.cut !== undefined ? other : written).text;
    const effect: CommentWrite = {
      kind: 'comment.write',
      side,
      pair,
      body: withoutFiles(value, input.leaving),
      authorName: isCopy ? both.origin.snapshot.author.displayName : undefined,
      withheld: false,
    };
    return input.isParked(effectId(effect), other.text.print) ? [] : [effect];
  });
  return { keep: pair, effects };
}

function inStep(pair: CommentPair, prints: Pair<string>): CommentPair {
  // Equal texts are whole ones.
  const { cut: _, ...whole } = pair;
  return { ...whole, text: { ...prints }, withheld: false };
}

/** The copy's text as its origin shall have it: an edit of a cut copy leaves what is beyond the cut (I3). Undefined where nobody can tell. */
function wholeOf(
  pair: CommentPair,
  both: { origin: CommentReplica; copy: CommentReplica },
  input: TwinInput,
): Neutral | undefined {
  const edited = both.copy.text.value;
  const origin = both.origin.text.value;
  if (pair.cut === undefined) return edited;
  if (pair.cut > 0) return wholeText(edited, origin, pair.cut);
  const copySide = otherSide[pair.origin];
  const shown = input.shownOn(origin, { side: copySide, kind: 'comment' });
  // What the copy showed is known only where it would be cut so again.
  return printed(shown).print === pair.text[copySide] ? wholeBeginning(edited, origin, shown) : undefined;
}

/** I8: a comment that became restricted stops crossing; what stood in its copy is replaced once. */
function withhold(pair: CommentPair, both: { origin: CommentReplica; copy: CommentReplica }, input: TwinInput): PairOutcome {
  const { origin, copy } = both;
  if (pair.withheld) return { keep: pair, effects: [] };
  const effect: Effect = {
    kind: 'comment.write',
    side: otherSide[pair.origin],
    pair,
    body: withheldNotice,
    authorName: origin.snapshot.author.displayName,
    withheld: true,
  };
  if (input.isParked(effectId(effect), noticePrint)) return { keep: pair, effects: [] };
  return { keep: pair, effects: [effect], ...(isEdited(pair, copy) ? { conflict: pair.origin } : {}) };
}

function planNew(side: SideName, known: readonly CommentPair[], input: TwinInput): { effects: Effect[]; held: Held[] } {
  const paired = new Set(known.map((pair) => pair.ids[side]));
  const buried = new Set(
    input.base.tombstones.filter((item) => item.kind === 'comment' && item.side === side).map((item) => item.id),
  );
  const effects: Effect[] = [];
  const held: Held[] = [];
  const fresh = input.replicas[side].comments.filter(({ snapshot }) => !paired.has(snapshot.id) && !buried.has(snapshot.id));
  for (const { snapshot, text } of fresh.toSorted((a, b) => a.snapshot.createdAt - b.snapshot.createdAt)) {
    // A second claimant of an origin that has its copy already: a stranger, left alone.
    if (input.commentStamp(side, snapshot.id)?.origin === otherSide[side]) {
      held.push({
        what: 'comment',
        reason: 'carries the stamp of a copy whose origin has another copy; left alone',
        link: snapshot.url,
      });
      continue;
    }
    if (input.holdRestricted && snapshot.restricted) {
      held.push({ what: 'comment', reason: 'restricted, and restricted-comments is hold', link: snapshot.url });
      continue;
    }
    const effect: Effect = {
      kind: 'comment.create',
      side: otherSide[side],
      originId: snapshot.id,
      body: text.value,
      authorName: snapshot.author.displayName,
    };
    if (!input.isParked(effectId(effect), text.print)) effects.push(effect);
  }
  return { effects, held };
}
