import { canonicalText, parseCanonical } from '../content/canonical.ts';
import { withoutNotice } from '../content/cut-notice.ts';
import { mergeBlocks } from '../content/merge-blocks.ts';
import type { Neutral } from '../content/neutral.ts';
import { fieldTable, laterOf, mapType } from './basic-rules.ts';
import type { Change } from './basic-rules.ts';
import { wholeBeginning, wholeText } from './cut-text.ts';
import type { FieldsWrite } from './effect.ts';
import { goneFiles, showsCopyOf, withoutFiles, type TextsInput } from './gone-files.ts';
import type { Pair, SideName } from './model.ts';
import { otherSide, sideNames } from './model.ts';
import type { Conflict, TwinInput } from './plan.ts';
import { printed, toOrigins } from './replica.ts';
import type { Printed } from './replica.ts';
import { canonicalSummary, fitSummary, isCutSummary, summaryFingerprint, wholeSummary } from './summary.ts';
import type { FieldName, TwinBase } from './twin.ts';
import { fieldNames } from './twin.ts';

/** What the three fields of a twin ask for. */
export interface FieldsPlan {
  readonly base: TwinBase;
  readonly writes: readonly FieldsWrite[];
  readonly conflicts: readonly Conflict[];
  readonly needsEdits: boolean;
}

interface FieldOutcome {
  /** The base fingerprints to adopt without a write. */
  readonly adopt?: Pair<string>;
  /** Values to write, by side. */
  readonly writes: { readonly public?: string | Neutral; readonly private?: string | Neutral };
  readonly conflict?: 'merged' | SideName;
  readonly needsEdits?: boolean;
}

/** Plans summary, description and type by the total table; at most one edit a side comes out of it. */
export function planFields(input: TextsInput): FieldsPlan {
  let base = input.base;
  const values: Record<SideName, { summary?: string; description?: Neutral; type?: string }> = { public: {}, private: {} };
  const conflicts: Conflict[] = [];
  let needsEdits = false;
  for (const field of fieldNames) {
    const outcome = planField(field, input);
    if (outcome.adopt !== undefined) base = adopted(base, field, outcome.adopt);
    needsEdits ||= outcome.needsEdits === true;
    for (const side of sideNames) assign(values[side], field, outcome.writes[side]);
    if (outcome.conflict !== undefined) conflicts.push({ field, outcome: outcome.conflict, links: linksOf(input) });
  }
  // The origin first: only it can hold the whole of a merged text, and a merge starts again from what it holds (I3).
  const writes = [input.base.origin, otherSide[input.base.origin]]
    .filter((side) => Object.keys(values[side]).length > 0)
    .map((side): FieldsWrite => ({ kind: 'fields.write', side, ...values[side], files: false }));
  return { base, writes, conflicts, needsEdits };
}

function adopted(base: TwinBase, field: FieldName, prints: Pair<string>): TwinBase {
  const { cut, ...rest } = { ...base, [field]: { ...prints } };
  // Equal descriptions are whole ones.
  return field === 'description' || cut === undefined ? rest : { ...rest, cut };
}

function assign(
  target: { summary?: string; description?: Neutral; type?: string },
  field: FieldName,
  value: string | Neutral | undefined,
): void {
  if (value === undefined) return;
  if (typeof value !== 'string') target.description = value;
  else if (field === 'summary') target.summary = value;
  else if (field === 'type') target.type = value;
}

function linksOf(input: TwinInput): Pair<string> {
  return { public: input.replicas.public.snapshot.url, private: input.replicas.private.snapshot.url };
}

function planField(field: FieldName, input: TextsInput): FieldOutcome {
  const prints = { public: input.replicas.public[field].print, private: input.replicas.private[field].print };
  const changed = (side: SideName): Change => (prints[side] === input.base[field][side] ? 'same' : 'changed');
  switch (fieldTable[changed('public')][changed('private')]) {
    case 'nothing':
      return field === 'description' ? withoutLeaving(input) : { writes: {} };
    case 'write-private':
      return carry(field, 'public', input);
    case 'write-public':
      return carry(field, 'private', input);
    case 'compare':
      return compare(field, input);
  }
}

/** The value of `from` as the other side would show it. */
function translated(field: FieldName, from: SideName, input: TwinInput): Printed<string | Neutral> {
  const replica = input.replicas[from];
  const rule = input.rules[otherSide[from]];
  if (field === 'description') return printed(replica.description.value);
  if (field === 'summary') {
    const value = fitSummary(replica.summary.value, rule.summaryLength);
    return { value, print: summaryFingerprint(value) };
  }
  const { name } = mapType(replica.type.value, rule.types);
  return { value: name, print: name };
}

function carry(field: FieldName, from: SideName, input: TwinInput): FieldOutcome {
  const to = otherSide[from];
  const value = translated(field, from, input);
  const current = input.replicas[to][field];
  // Equal already (a type that falls back to what stands there, a result that a person made equal): adopt, write nothing.
  if (value.print === current.print) return inStep(field, input);
  if (field === 'summary' && to === input.base.origin) return summaryOnOrigin(input);
  if (field !== 'description' || typeof value.value === 'string') return { writes: { [to]: value.value } };
  const { cut, origin: home } = input.base;
  if (cut === undefined && to === home) return onOrigin(value.value, input);
  if (cut?.side !== from) return { writes: { [to]: value.value } };
  const origin = input.replicas[to].description.value;
  if (cut.blocks > 0) return { writes: { [to]: wholeText(value.value, origin, cut.blocks) } };
  const shown = input.shownOn(origin, { side: from, kind: 'issue' });
  // What the copy showed is known only where it would be cut so again.
  const isKnown = printed(shown).print === input.base.description[from];
  const whole = isKnown ? wholeBeginning(value.value, origin, shown) : undefined;
  return whole === undefined ? originStands('description', input) : { writes: { [to]: whole } };
}

/** Both sides say the same. A copy that was cut and is whole now is written once more if its notice still stands. */
function inStep(field: FieldName, input: TwinInput): FieldOutcome {
  const { base, replicas } = input;
  const { root } = replicas[otherSide[base.origin]].snapshot.description;
  if (field === 'description' && base.cut !== undefined && withoutNotice(root) !== root)
    return { writes: { [otherSide[base.origin]]: replicas[base.origin].description.value } };
  return { adopt: { public: replicas.public[field].print, private: replicas.private[field].print }, writes: {} };
}

/**
 * A copy's description as it was edited, written to the origin. What the server alone made of the copy is no edit (I5): where
 * the text that was last in step is not the origin's, only what differs from it crosses. A collision brings the whole text,
 * as a copy does whose text in step is not known.
 */
function onOrigin(edited: Neutral, input: TwinInput): FieldOutcome {
  const { baseText, base, replicas } = input;
  const { origin } = base;
  const copy = otherSide[origin];
  const there = printed(replicas[origin].description.value);
  const whole: FieldOutcome = { writes: { [origin]: edited } };
  if (baseText === undefined) return whole;
  const before = printed(rootOfBaseText(baseText, base));
  if (before.print === there.print || before.print !== base.description[copy]) return whole;
  const result = mergeBlocks(before.value, edited, there.value);
  if (result === 'collision') return whole;
  if (printed(result.merged).print !== there.print) return { writes: { [origin]: result.merged } };
  return { adopt: pairOf(copy, replicas[copy].description.print, replicas[origin].description.print), writes: {} };
}

/** An edited summary of a copy, with what its origin holds beyond the cut; where there is no room for that, the origin stands. */
function summaryOnOrigin(input: TwinInput): FieldOutcome {
  const { base, replicas, rules } = input;
  const { origin } = base;
  const copy = otherSide[origin];
  const edited = replicas[copy].summary.value;
  const there = replicas[origin].summary;
  // Of a changed origin nobody knows what the copy lacked.
  const isKnown = there.print === base.summary[origin] && translated('summary', origin, input).print === base.summary[copy];
  // What ends as a cut one does was not written as a whole. A copy may still be that of the longer origin before it was joined.
  const lengthMax = base.summary[origin] === '' ? 0 : rules[copy].summaryLength;
  if (!isKnown && isCutSummary(edited, there.value, lengthMax)) return originStands('summary', input);
  const whole = isKnown ? wholeSummary(edited, there.value, rules[copy].summaryLength) : edited;
  if (whole.length > rules[origin].summaryLength && whole !== canonicalSummary(edited)) return originStands('summary', input);
  return { writes: { [origin]: fitSummary(whole, rules[origin].summaryLength) } };
}

/** What was cut for length in the copy: it is written to the copy anew, whatever stands there, and that is reported. */
function originStands(field: 'summary' | 'description', input: TwinInput): FieldOutcome {
  const { origin } = input.base;
  return { ...carry(field, origin, input), conflict: origin };
}

function pairOf(from: SideName, fromPrint: string, toPrint: string): Pair<string> {
  return from === 'public' ? { public: fromPrint, private: toPrint } : { public: toPrint, private: fromPrint };
}

/** A file is about to be taken away: what shows it is taken out before, or a picture would be left that leads nowhere. */
function withoutLeaving(input: TextsInput): FieldOutcome {
  const { leaving } = input;
  const written = (side: SideName): { readonly [side in SideName]?: Neutral } => {
    const { root } = input.replicas[side].snapshot.description;
    if (!showsCopyOf(leaving, { root, side, keepsAtEnd: side === 'public' })) return {};
    // What a cut copy shows is not all that it is a copy of.
    const { value } = input.replicas[input.base.cut?.side === side ? otherSide[side] : side].description;
    return { [side]: withoutFiles(value, leaving) };
  };
  return { writes: { ...written('public'), ...written('private') } };
}

function compare(field: FieldName, input: TwinInput): FieldOutcome {
  const prints = { public: input.replicas.public[field].print, private: input.replicas.private[field].print };
  const equal = sideNames.some((side) => translated(field, side, input).print === prints[otherSide[side]]);
  if (equal) return inStep(field, input);
  // The copy lacks what is beyond the cut, and of a changed origin nobody knows where the cut lies: the whole text stands.
  if (field === 'description' && input.base.cut !== undefined) return originStands('description', input);
  const merged = field === 'description' ? mergedDescription(input) : undefined;
  if (merged !== undefined) return merged;
  if (input.edits === undefined) return { writes: {}, needsEdits: true };
  // What the audit found, it found before the copy was edited.
  const winner = input.isDamaged(field)
    ? otherSide[input.base.origin]
    : laterOf({ public: input.edits.public[field], private: input.edits.private[field] });
  return { conflict: winner, ...carry(field, winner, input) };
}

function mergedDescription(input: TwinInput): FieldOutcome | undefined {
  if (input.baseText === undefined) return undefined;
  const gone = goneFiles(input);
  const shown = (root: Neutral): Printed<Neutral> => printed(withoutFiles(root, gone));
  const before = shown(rootOfBaseText(input.baseText, input.base));
  const left = printed(input.replicas.public.description.value);
  const right = printed(input.replicas.private.description.value);
  const now = [shown(left.value), shown(right.value)] as const;
  const result = mergeBlocks(before.value, now[0].value, now[1].value);
  if (result === 'collision') return undefined;
  const print = printed(result.merged).print;
  // The origin has no room for it: a copy that showed it alone would make the next merge take it for an edit of the copy.
  if (input.isParked(`field ${input.base.origin} description`, print)) return { writes: {} };
  return {
    writes: {
      ...(print === left.print ? {} : { public: result.merged }),
      ...(print === right.print ? {} : { private: result.merged }),
    },
    // Who took out a file, and nothing else, met no edit of the other side.
    ...(now.some((text) => text.print === before.print) ? {} : { conflict: 'merged' }),
  };
}

/** The text that the state keeps of a description, as the base of a later merge: as the public side had it, or in crossing form. */
export function baseTextOf(root: Neutral): string {
  return canonicalText(root);
}

/** The text that `baseTextOf` was given, in crossing form. */
export function rootOfBaseText(baseText: string, base: TwinBase): Neutral {
  return toOrigins(parseCanonical(baseText), 'public', base);
}
