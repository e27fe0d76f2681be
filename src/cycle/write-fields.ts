import { blocksHeld } from '../core/cut-text.ts';
import type { FieldsWrite } from '../core/effect.ts';
import { fieldsOf } from '../core/effect.ts';
import type { Pair, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import type { TwinInput } from '../core/plan.ts';
import { baseTextOf } from '../core/plan-fields.ts';
import { fieldPrint, fileLines, filesFingerprint } from '../core/plan-twin.ts';
import { fileCopies, printed, toOrigins } from '../core/replica.ts';
import { fitSummary, summaryFingerprint } from '../core/summary.ts';
import { fieldNames, twinKey } from '../core/twin.ts';
import type { FieldName, TwinBase } from '../core/twin.ts';
import { SallyportError, kindOf, messageOf } from '../errors.ts';
import type { IssueEdit } from '../sides/side.ts';
import { fitText, saidBy, type FittedText } from './fitted.ts';
import { issueMarks } from './marks.ts';
import type { Memory } from './memory.ts';
import { linksOf } from './memory.ts';
import { noteReturned } from './returned.ts';
import type { Twin } from './state.ts';
import { sameFields, withStored } from './stored-base.ts';
import { noteTwinFailure, park } from './twin-failure.ts';
import type { Writing } from './writing.ts';

/**
 * One edit request; where it is refused for several fields at once, each is tried alone, and what stays refused is parked.
 * After either the caller reads and plans again: what a person edited during the request is not in this plan (I3).
 */
export async function writeFields(memory: Memory, twin: Twin, work: Writing<FieldsWrite>): Promise<void> {
  const { effect } = work;
  const [field, ...others] = fieldNames.filter((name) => effect[name] !== undefined);
  const key = `${twinKey(twin.base.ids)} ${effect.side}`;
  const isAlone = memory.fieldsAlone.has(key) || others.length === 0;
  const now = isAlone && field !== undefined ? onlyField(effect, field) : effect;
  try {
    await editOnce(memory, twin, { ...work, effect: now });
  } catch (error) {
    if (kindOf(error) !== 'refused' && kindOf(error) !== 'limit') throw error;
    if (isAlone) parkField(memory, twin, { effect: now, field, error });
    else memory.fieldsAlone.add(key);
  }
}

function onlyField({ kind, side, files, ...fields }: FieldsWrite, field: FieldName): FieldsWrite {
  return { kind, side, files, [field]: fields[field] };
}

function parkField(
  memory: Memory,
  twin: Twin,
  refused: { readonly effect: FieldsWrite; readonly field: FieldName | undefined; readonly error: unknown },
): void {
  const { field, effect, error } = refused;
  if (field === undefined) throw new SallyportError(messageOf(error), { kind: 'passing', cause: error });
  const reason = messageOf(error);
  park(memory, twin, { id: `field ${effect.side} ${field}`, print: fieldPrint(effect, field), what: field, reason });
  const next = 'This field is left as it is until its content changes; the others go on.';
  noteTwinFailure(memory, twin, { what: field, error, next, parked: true });
}

async function editOnce(memory: Memory, twin: Twin, work: Writing<FieldsWrite>): Promise<void> {
  const { effect, input, writer } = work;
  const { side } = effect;
  const issue = memory.snapshots[side].get(twin.base.ids[side]);
  if (issue === undefined) return;
  const { limits } = memory.ports.sides[side].reader;
  const others = input.replicas[otherSide[side]].attachments;
  const text =
    effect.description === undefined
      ? undefined
      : fitText(effect.description, {
          side,
          kind: 'issue',
          isOrigin: twin.base.origin === side,
          bodyLength: limits.bodyLength,
          base: twin.base,
          others,
          own: issue.attachments,
          hasFooter: input.rules[side].hasFooter,
          standing: issue.description.root,
        });
  const summary = effect.summary === undefined ? undefined : fitSummary(effect.summary, limits.summaryLength);
  const rule = { ...input.rules[side], isParked: input.isParked };
  const files = rule.hasFooter ? fileLines(twin.base, input.replicas[otherSide[side]], rule) : [];
  const isFirstOfMerge = isMerging(twin.base, { effect, input });
  const base = nextBase(twin.base, {
    effect,
    input,
    summary,
    text,
    files: filesFingerprint(files),
    isFirstOfMerge,
  });
  const edit: IssueEdit = {
    ...(summary === undefined ? {} : { summary }),
    ...(text === undefined ? {} : { description: text.root }),
    ...(effect.type === undefined ? {} : { type: effect.type }),
    marks: issueMarks(memory, side, { base, self: issue.id }),
    isOrigin: base.origin === side,
    attached: fileCopies(base, side),
    files,
  };
  const stored = await writer.editIssue(issue, edit);
  memory.snapshots[side].set(issue.id, { ...issue, ...stored });
  const returned = withStored(base, side, stored);
  const sent = {
    summary: summary === undefined ? undefined : summaryFingerprint(summary),
    description: text === undefined ? undefined : printOf(text, side, twin.base),
    type: effect.type,
  };
  for (const field of fieldNames) {
    const print = sent[field];
    if (print !== undefined)
      noteReturned(memory, twin, { id: `field ${side} ${field}`, sent: print, stored: returned[field][side] });
  }
  twin.base = correct(base, { side, effect, stored: returned });
  if (isFirstOfMerge) twin.baseText = baseTextOf(input.replicas[otherSide[side]].description.value);
  else if (text !== undefined) keepBaseText(memory, twin);
  const key = twinKey(twin.base.ids);
  // The ledger went along with an edit of the public side; where the server stored something else it is corrected once more.
  if (side === 'public' && sameFields(twin.base, base)) memory.ledgerDue.delete(key);
  else if (side === 'public') memory.ledgerDue.add(key);
  memory.writes += 1;
  const what = fieldsOf(effect).map((field) => (field === 'files' ? 'list of files' : field));
  memory.changes.push({ issues: linksOf(memory, twin), side, action: 'updated', what: what.join(', '), title: twin.title });
}

/** Both sides say the same now, whatever else of the twin may fail: this is what the next edits are merged by (I3). */
function keepBaseText(memory: Memory, twin: Twin): void {
  const shown = memory.snapshots.public.get(twin.base.ids.public);
  if (shown !== undefined && twin.base.cut === undefined) twin.baseText = baseTextOf(shown.description.root);
}

/** The base as it will be when the edit is stored: this is what the stamp in the same request says. */
function nextBase(
  base: TwinBase,
  edit: {
    readonly effect: FieldsWrite;
    readonly input: TwinInput;
    readonly summary: string | undefined;
    readonly text: FittedText | undefined;
    readonly files: string;
    readonly isFirstOfMerge: boolean;
  },
): TwinBase {
  const { effect, input } = edit;
  const { side } = effect;
  const from = otherSide[side];
  const on = (written: string, source: string): Pair<string> =>
    side === 'public' ? { public: written, private: source } : { public: source, private: written };
  const { cut, ...rest } = base;
  const description = edit.text === undefined ? base.description : descriptionBase(base, { ...edit, text: edit.text });
  const newCut = edit.text === undefined ? cut : nextCut(base, { ...edit, text: edit.text });
  return {
    ...rest,
    counter: base.counter + 1,
    summary:
      edit.summary === undefined ? base.summary : on(summaryPrint(edit.summary, side, input), input.replicas[from].summary.print),
    description,
    type: effect.type === undefined ? base.type : on(effect.type, input.replicas[from].type.print),
    files: input.rules[side].hasFooter ? edit.files : base.files,
    ...(newCut === undefined ? {} : { cut: newCut }),
  };
}

/** The fingerprint of a summary that is sent. One that was joined to what its copy lacks is cut into that anew, as a changed origin. */
function summaryPrint(summary: string, side: SideName, { replicas, rules }: TwinInput): string {
  const shown = fitSummary(replicas[otherSide[side]].summary.value, rules[side].summaryLength);
  return summary === shown ? summaryFingerprint(summary) : '';
}

/** How much of the description the copy holds once the edit is stored; undefined where that is all of it. */
function nextCut(
  base: TwinBase,
  edit: { readonly effect: FieldsWrite; readonly input: TwinInput; readonly text: FittedText },
): TwinBase['cut'] {
  const { side } = edit.effect;
  const { blocksKept } = edit.text;
  if (side !== base.origin) return blocksKept === undefined ? undefined : { side, blocks: blocksKept };
  if (base.cut === undefined) return undefined;
  return { ...base.cut, blocks: heldAfter(edit) ?? base.cut.blocks };
}

/** Blocks of the text being written to an origin that its copy shows; undefined where the copy is to be cut anew. */
function heldAfter({ effect, input }: { readonly effect: FieldsWrite; readonly input: TwinInput }): number | undefined {
  const { side, description } = effect;
  return description === undefined ? undefined : blocksHeld(input.replicas[otherSide[side]].description.value, description);
}

/**
 * A merged text is written to both sides. Between the two writes the base is what the other side showed when it was merged,
 * and the side written first counts as changed: what a person then edits on the other side is merged with that (I3).
 */
function descriptionBase(
  base: TwinBase,
  edit: { effect: FieldsWrite; input: TwinInput; text: FittedText; isFirstOfMerge: boolean },
): Pair<string> {
  const { side } = edit.effect;
  const from = otherSide[side];
  const source = edit.input.replicas[from].description.print;
  // The copy's last blocks and those beyond the cut became one block: as a changed origin, it is cut anew into its copy.
  const isSeamLost = side === base.origin && base.cut !== undefined && heldAfter(edit) === undefined;
  const written = isSeamLost || edit.isFirstOfMerge ? '' : printOf(edit.text, side, base);
  return side === 'public' ? { public: written, private: source } : { public: source, private: written };
}

/** The fingerprint of a text that is sent, if the server stores it as it is. */
function printOf(text: FittedText, side: SideName, base: TwinBase): string {
  return printed(toOrigins(saidBy(text), side, base)).print;
}

/** True while the text being written is not yet what the other side shows, and both have changed: the first of a merge's two writes. */
function isMerging(base: TwinBase, edit: { effect: FieldsWrite; input: TwinInput }): boolean {
  const { description, side } = edit.effect;
  const { replicas } = edit.input;
  if (description === undefined || base.cut !== undefined) return false;
  if (replicas[side].description.print === base.description[side]) return false;
  return printed(description).print !== printed(replicas[otherSide[side]].description.value).print;
}

/** The predicted base with the written fields' fingerprints replaced by the stored ones. */
function correct(base: TwinBase, answer: { side: SideName; effect: FieldsWrite; stored: TwinBase }): TwinBase {
  const { side, effect, stored } = answer;
  const take = (field: 'summary' | 'description' | 'type'): Pair<string> =>
    effect[field] === undefined ? base[field] : { ...base[field], [side]: stored[field][side] };
  return {
    ...base,
    summary: base.summary[side] === '' ? base.summary : take('summary'),
    description: base.description[side] === '' ? base.description : take('description'),
    type: take('type'),
  };
}
