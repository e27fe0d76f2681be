import { withAuthorLine } from '../content/author-line.ts';
import { withoutNotice } from '../content/limits.ts';
import type { Neutral } from '../content/neutral.ts';
import type { CommentCreate, CommentWrite, Effect, FieldsWrite } from '../core/effect.ts';
import { fieldsOf } from '../core/effect.ts';
import type { CommentSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import type { TwinInput } from '../core/plan.ts';
import { fieldPrint, fileLines, filesFingerprint } from '../core/plan-twin.ts';
import { commentRoot, printed, toOrigins } from '../core/replica.ts';
import { commentStamp, signStamp } from '../core/stamp.ts';
import { fitSummary, summaryFingerprint } from '../core/summary.ts';
import { twinKey } from '../core/twin.ts';
import type { CommentPair, TwinBase } from '../core/twin.ts';
import { SallyportError, kindOf, messageOf } from '../errors.ts';
import type { CommentDraft, IssueEdit, SideWriter } from '../sides/side.ts';
import { withStored } from './create-issues.ts';
import { fitText } from './fitted.ts';
import { issueMarks } from './marks.ts';
import type { Memory } from './memory.ts';
import { linksOf } from './memory.ts';
import type { Twin } from './state.ts';

interface Work<E extends Effect> {
  readonly effect: E;
  readonly input: TwinInput;
}

/** Executes one effect and moves base and snapshot along with what the tracker answered. */
export async function applyEffect(memory: Memory, twin: Twin, work: Work<Effect>): Promise<void> {
  const { effect, input } = work;
  const { writer } = memory.ports.sides[effect.side];
  if (writer === undefined) return;
  switch (effect.kind) {
    case 'fields.write':
      await writeFields(memory, twin, { effect, input, writer });
      break;
    case 'comment.create':
      await createComment(memory, twin, { effect, input, writer });
      break;
    case 'comment.write':
      await writeComment(memory, twin, { effect, input, writer });
      break;
    case 'comment.remove':
      await writer.removeComment(twin.base.ids[effect.side], effect.pair.ids[effect.side]);
      removed(memory, twin, { side: effect.side, what: 'comment' });
      setPairs(
        memory,
        twin,
        twin.base.comments.filter((pair) => pair.ids[effect.side] !== effect.pair.ids[effect.side]),
      );
      dropComment(memory, twin, { side: effect.side, id: effect.pair.ids[effect.side] });
      break;
    case 'attachment.remove':
      await writer.removeAttachments([{ issueId: twin.base.ids[effect.side], attachmentId: effect.attachmentId }]);
      removed(memory, twin, { side: effect.side, what: `attachment ${effect.name}` });
      dropAttachment(memory, twin, { side: effect.side, id: effect.attachmentId });
      break;
    case 'ledger.write':
      memory.ledgerDue.add(twinKey(twin.base.ids));
      break;
    case 'issue.create':
    case 'attachment.create':
      // Done in batches before any twin is settled (create-issues.ts, copy-attachments.ts).
      break;
  }
}

/** Writes the ledger of a twin whose pairs changed: once, after its other effects, before the cycle commits. */
export async function writeLedger(memory: Memory, twin: Twin): Promise<void> {
  const key = twinKey(twin.base.ids);
  const { writer } = memory.ports.sides.public;
  const issue = memory.snapshots.public.get(twin.base.ids.public);
  if (!memory.ledgerDue.has(key) || writer === undefined || issue === undefined) return;
  await memory.ports.holdLease();
  twin.base = { ...twin.base, counter: twin.base.counter + 1 };
  await writer.writeMarks(issue, issueMarks(memory, 'public', { base: twin.base, self: issue.id }));
  memory.ledgerDue.delete(key);
  memory.writes += 1;
}

type Writing<E extends Effect> = Work<E> & { readonly writer: SideWriter };

async function writeFields(memory: Memory, twin: Twin, work: Writing<FieldsWrite>): Promise<void> {
  try {
    await editOnce(memory, twin, work);
  } catch (error) {
    const fields = (['summary', 'description', 'type'] as const).filter((field) => work.effect[field] !== undefined);
    if (kindOf(error) !== 'refused' && kindOf(error) !== 'limit') throw error;
    if (fields.length <= 1) {
      parkField(memory, twin, { ...work, field: fields[0], error });
      return;
    }
    // One field of several was refused: each is tried alone, so that the others cross.
    for (const field of fields) {
      const alone: FieldsWrite = {
        kind: 'fields.write',
        side: work.effect.side,
        files: work.effect.files,
        [field]: work.effect[field],
      };
      await writeFields(memory, twin, { ...work, effect: alone });
    }
  }
}

function parkField(
  memory: Memory,
  twin: Twin,
  refused: Writing<FieldsWrite> & { readonly field: 'summary' | 'description' | 'type' | undefined; readonly error: unknown },
): void {
  const { field, effect, error } = refused;
  if (field === undefined) throw new SallyportError(messageOf(error), { kind: 'passing', cause: error });
  memory.state.parked.push({
    twin: twinKey(twin.base.ids),
    id: `field ${effect.side} ${field}`,
    print: fieldPrint(effect, field),
    what: field,
    reason: messageOf(error),
    reportedAt: memory.ports.now(),
  });
  memory.failures.push({
    issues: linksOf(memory, twin),
    what: field,
    message: messageOf(error),
    next: 'This field is left as it is until its content changes; the others go on.',
    parked: true,
  });
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
          bodyLength: limits.bodyLength,
          pairs: twin.base.attachments,
          others,
          own: issue.attachments,
        });
  const summary = effect.summary === undefined ? undefined : fitSummary(effect.summary, limits.summaryLength);
  const files = input.rules[side].hasFooter ? fileLines(twin.base, input.replicas[otherSide[side]], input.rules[side]) : [];
  const base = nextBase(twin.base, {
    effect,
    input,
    summary,
    text: text?.root,
    files: filesFingerprint(files),
    cutBlocks: text?.blocksKept,
  });
  const edit: IssueEdit = {
    ...(summary === undefined ? {} : { summary }),
    ...(text === undefined ? {} : { description: text.root }),
    ...(effect.type === undefined ? {} : { type: effect.type }),
    marks: issueMarks(memory, side, { base, self: issue.id }),
    files,
  };
  const stored = await writer.editIssue(issue, edit);
  memory.snapshots[side].set(issue.id, { ...issue, ...stored });
  twin.base = correct(base, {
    side,
    effect,
    stored: withStored(base, side, stored),
    isMerging: isMerging(base, { effect, input }),
  });
  const key = twinKey(twin.base.ids);
  // The ledger went along with an edit of the public side; where the server stored something else it is corrected once more.
  if (side === 'public' && sameFields(twin.base, base)) memory.ledgerDue.delete(key);
  else if (side === 'public') memory.ledgerDue.add(key);
  memory.writes += 1;
  const what = fieldsOf(effect).map((field) => (field === 'files' ? 'list of files' : field));
  memory.changes.push({ issues: linksOf(memory, twin), side, action: 'updated', what: what.join(', '), title: twin.title });
}

/** The base as it will be when the edit is stored: this is what the stamp in the same request says. */
function nextBase(
  base: TwinBase,
  edit: {
    readonly effect: FieldsWrite;
    readonly input: TwinInput;
    readonly summary: string | undefined;
    readonly text: Neutral | undefined;
    readonly files: string;
    readonly cutBlocks: number | undefined;
  },
): TwinBase {
  const { effect, input } = edit;
  const { side } = effect;
  const from = otherSide[side];
  const on = (written: string, source: string): Pair<string> =>
    side === 'public' ? { public: written, private: source } : { public: source, private: written };
  const { cut, ...rest } = base;
  const description = edit.text === undefined ? base.description : descriptionBase(base, { ...edit, text: edit.text });
  const keptCut = edit.text === undefined || cut?.side !== side ? cut : undefined;
  const newCut = edit.cutBlocks === undefined ? keptCut : { side, blocks: edit.cutBlocks };
  return {
    ...rest,
    counter: base.counter + 1,
    summary: edit.summary === undefined ? base.summary : on(summaryFingerprint(edit.summary), input.replicas[from].summary.print),
    description,
    type: effect.type === undefined ? base.type : on(effect.type, input.replicas[from].type.print),
    files: input.rules[side].hasFooter ? edit.files : base.files,
    ...(newCut === undefined ? {} : { cut: newCut }),
  };
}

/**
 * A merged text is written to both sides. Until the second one has it the base stays as it was: a crash between the two
 * then merges again, which comes to the same text, and overwrites nobody's edit (I3).
 */
function descriptionBase(base: TwinBase, edit: { effect: FieldsWrite; input: TwinInput; text: Neutral }): Pair<string> {
  const { side } = edit.effect;
  const from = otherSide[side];
  if (isMerging(base, edit)) return base.description;
  const source = edit.input.replicas[from].description.print;
  const written = printed(toOrigins(withoutNotice(edit.text), side, base.attachments)).print;
  return side === 'public' ? { public: written, private: source } : { public: source, private: written };
}

/** True while the text being written is not yet what the other side shows: the first of a merge's two writes. */
function isMerging(base: TwinBase, edit: { effect: FieldsWrite; input: TwinInput }): boolean {
  const { description, side } = edit.effect;
  if (description === undefined || base.cut !== undefined) return false;
  return printed(description).print !== edit.input.replicas[otherSide[side]].description.print;
}

/** The predicted base with the written fields' fingerprints replaced by the stored ones. */
function correct(
  base: TwinBase,
  answer: { side: SideName; effect: FieldsWrite; stored: TwinBase; isMerging: boolean },
): TwinBase {
  const { side, effect, stored } = answer;
  const take = (field: 'summary' | 'description' | 'type'): Pair<string> =>
    effect[field] === undefined ? base[field] : { ...base[field], [side]: stored[field][side] };
  return {
    ...base,
    summary: take('summary'),
    description: answer.isMerging ? base.description : take('description'),
    type: take('type'),
  };
}

function sameFields(left: TwinBase, right: TwinBase): boolean {
  const fields = (base: TwinBase): string => JSON.stringify([base.summary, base.description, base.type]);
  return fields(left) === fields(right);
}

function commentDraft(
  memory: Memory,
  twin: Twin,
  text: { side: SideName; body: Neutral; authorName: string | undefined; input: TwinInput },
): Neutral {
  const { limits } = memory.ports.sides[text.side].reader;
  const others = text.input.replicas[otherSide[text.side]].attachments;
  const fitted = fitText(text.body, {
    side: text.side,
    kind: 'comment',
    bodyLength: limits.bodyLength,
    pairs: twin.base.attachments,
    others,
    own: text.input.replicas[text.side].attachments,
  });
  return text.authorName === undefined ? fitted.root : withAuthorLine(fitted.root, text.authorName);
}

async function createComment(memory: Memory, twin: Twin, work: Writing<CommentCreate>): Promise<void> {
  const { effect, input, writer } = work;
  const { side } = effect;
  const from = otherSide[side];
  const source = input.replicas[from].comments.find((comment) => comment.snapshot.id === effect.originId);
  const body = commentDraft(memory, twin, { side, body: effect.body, authorName: effect.authorName, input });
  const copyPrint = printed(
    commentRoot({ text: { native: '', root: body } }, side, { pairs: twin.base.attachments, isCopy: true }),
  ).print;
  const sourcePrint = source?.text.print ?? '';
  const on = (copy: string, origin: string): Pair<string> =>
    side === 'public' ? { public: copy, private: origin } : { public: origin, private: copy };
  const draft = stamped(memory, twin, {
    side,
    body,
    origin: from,
    other: effect.originId,
    self: undefined,
    text: on(copyPrint, sourcePrint),
  });
  const created = await writer.createComment(twin.base.ids[side], draft);
  const stored = printed(commentRoot(created, side, { pairs: twin.base.attachments, isCopy: true })).print;
  const pair: CommentPair = {
    ids: on(created.id, effect.originId),
    origin: from,
    text: on(stored, sourcePrint),
    withheld: false,
    restricted: source?.snapshot.restricted ?? false,
  };
  setPairs(memory, twin, [...twin.base.comments, pair]);
  putComment(memory, twin, { side, comment: created });
  note(memory, twin, { side, action: 'created' });
}

async function writeComment(memory: Memory, twin: Twin, work: Writing<CommentWrite>): Promise<void> {
  const { effect, input, writer } = work;
  const { side, pair } = effect;
  const from = otherSide[side];
  const issue = memory.snapshots[side].get(twin.base.ids[side]);
  const current = issue?.comments.find((comment) => comment.id === pair.ids[side]);
  if (current === undefined) return;
  const body = commentDraft(memory, twin, { side, body: effect.body, authorName: effect.authorName, input });
  const isCopy = pair.origin !== side;
  const source = input.replicas[from].comments.find((comment) => comment.snapshot.id === pair.ids[from]);
  const on = (written: string, other: string): Pair<string> =>
    side === 'public' ? { public: written, private: other } : { public: other, private: written };
  const predicted = printed(
    commentRoot({ text: { native: '', root: body } }, side, { pairs: twin.base.attachments, isCopy }),
  ).print;
  const sourcePrint = source?.text.print ?? '';
  const draft = stamped(memory, twin, {
    side,
    body,
    origin: pair.origin,
    other: pair.ids[from],
    self: current.id,
    text: on(predicted, sourcePrint),
  });
  const stored = await writer.editComment(twin.base.ids[side], current, draft);
  const print = printed(commentRoot(stored, side, { pairs: twin.base.attachments, isCopy })).print;
  const next: CommentPair = {
    ...pair,
    text: on(print, sourcePrint),
    withheld: effect.withheld,
    restricted: source?.snapshot.restricted ?? pair.restricted,
  };
  setPairs(
    memory,
    twin,
    twin.base.comments.map((other) => (other.ids.public === pair.ids.public ? next : other)),
  );
  putComment(memory, twin, { side, comment: stored });
  note(memory, twin, { side, action: 'updated' });
}

function stamped(
  memory: Memory,
  twin: Twin,
  draft: { side: SideName; body: Neutral; origin: SideName; other: string; self: string | undefined; text: Pair<string> },
): CommentDraft {
  const { keys, connectionId } = memory.options;
  const stamp = commentStamp({
    origin: draft.origin,
    other: draft.other,
    issue: twin.base.ids[draft.side],
    self: draft.self,
    counter: twin.base.counter + 1,
    text: draft.text,
  });
  return { body: draft.body, marks: [signStamp(stamp, keys[0], connectionId)] };
}

function setPairs(memory: Memory, twin: Twin, comments: readonly CommentPair[]): void {
  twin.base = { ...twin.base, counter: twin.base.counter + 1, comments: [...comments] };
  memory.ledgerDue.add(twinKey(twin.base.ids));
}

function note(memory: Memory, twin: Twin, change: { side: SideName; action: 'created' | 'updated' }): void {
  memory.writes += 1;
  memory.changes.push({ issues: linksOf(memory, twin), ...change, what: 'comment', title: twin.title });
}

function removed(memory: Memory, twin: Twin, removal: { side: SideName; what: string }): void {
  memory.writes += 1;
  memory.removals += 1;
  memory.changes.push({
    issues: linksOf(memory, twin),
    side: removal.side,
    action: 'removed',
    what: removal.what,
    title: twin.title,
  });
}

function putComment(memory: Memory, twin: Twin, put: { side: SideName; comment: CommentSnapshot }): void {
  const issue = memory.snapshots[put.side].get(twin.base.ids[put.side]);
  if (issue === undefined) return;
  const isKnown = issue.comments.some((comment) => comment.id === put.comment.id);
  const comments = isKnown
    ? issue.comments.map((comment) => (comment.id === put.comment.id ? put.comment : comment))
    : [...issue.comments, put.comment];
  memory.snapshots[put.side].set(issue.id, { ...issue, comments });
}

function dropComment(memory: Memory, twin: Twin, gone: { side: SideName; id: string }): void {
  const issue = memory.snapshots[gone.side].get(twin.base.ids[gone.side]);
  if (issue === undefined) return;
  memory.snapshots[gone.side].set(issue.id, { ...issue, comments: issue.comments.filter((comment) => comment.id !== gone.id) });
}

function dropAttachment(memory: Memory, twin: Twin, gone: { side: SideName; id: string }): void {
  twin.base = {
    ...twin.base,
    counter: twin.base.counter + 1,
    attachments: twin.base.attachments.filter((pair) => pair.ids[gone.side] !== gone.id),
  };
  memory.ledgerDue.add(twinKey(twin.base.ids));
  const issue = memory.snapshots[gone.side].get(twin.base.ids[gone.side]);
  if (issue === undefined) return;
  memory.snapshots[gone.side].set(issue.id, { ...issue, attachments: issue.attachments.filter((file) => file.id !== gone.id) });
}
