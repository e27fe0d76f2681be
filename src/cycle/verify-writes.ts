import { saysNotice, withoutNotice } from '../content/cut-notice.ts';
import { attachmentBlocks, attachmentReferences } from '../content/references.ts';
import { laterOf } from '../core/basic-rules.ts';
import type { IssueSnapshot, PastEdit, SideName, Text } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { repairText, replacedEdits, saysThat } from '../core/replaced-edits.ts';
import type { Repaired, ReplacedEdit } from '../core/replaced-edits.ts';
import { repairPlainText } from '../core/replaced-lines.ts';
import { commentRoot, printed } from '../core/replica.ts';
import { endsAsCut } from '../core/summary.ts';
import type { CommentPair } from '../core/twin.ts';
import { isWithheldNotice } from '../core/withheld-notice.ts';
import { kindOf } from '../errors.ts';
import { loadIds } from './agenda.ts';
import { toConnectionTime } from './connection-time.ts';
import type { Edited, Memory } from './memory.ts';
import { linksOf, noteConflict, retryLater } from './memory.ts';
import { restore } from './restore.ts';
import type { Twin } from './state.ts';
import { noteTwinFailure, tryTwinLater } from './twin-failure.ts';
import { unseenEntries } from './unseen-entries.ts';

/** A repair is a write itself and is looked at in turn; more rounds than this mean that somebody edits the same item right now. */
const roundsMax = 4;

/**
 * After a batch of edits: one history read a side finds what each edit replaced (sync-model.md, step 7). A person's edit
 * that fell between the last reading of its item and the write is put back, or merged where both fit, and is reported as a
 * conflict; `again` then carries it to the other side like any other edit (I3).
 */
export async function verifyWrites(memory: Memory, again: (twin: Twin) => Promise<void>): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const edited = memory.edited;
    memory.edited = [];
    const repaired = new Set<Twin>();
    try {
      for (const side of sideNames)
        for (const twin of await verifySide(memory, side, { edited, mayWrite: true })) repaired.add(twin);
    } catch (error) {
      memory.edited = [...edited, ...memory.edited];
      throw error;
    }
    if (repaired.size === 0) return;
    for (const twin of repaired) await again(twin);
  }
  for (const edit of memory.edited) {
    const { twin, side } = edit;
    const { origin, ids } = twin.base;
    lookAgain(twin, { side, edits: [edit] });
    retryLater(memory, { side: origin, id: ids[origin], reason: 'still changing', notBefore: memory.ports.now() });
  }
}

/**
 * Tells the conflicts of a run that may write no more, as its connection was revoked: no later run looks up what it replaced.
 * What was replaced stays in the trackers' histories.
 */
export async function tellReplaced(memory: Memory): Promise<void> {
  const { edited } = memory;
  // Best effort: what stopped the run is the news, whatever becomes of this.
  for (const side of sideNames) await verifySide(memory, side, { edited, mayWrite: false }).catch(() => []);
}

/**
 * Tells what was replaced on a twin that is about to end.
 *
 * @returns false where a history could not be read: it is to be asked again while the twin stands
 */
export async function tellReplacedOf(memory: Memory, twin: Twin): Promise<boolean> {
  const edited = memory.edited.filter((edit) => edit.twin === twin);
  memory.edited = memory.edited.filter((edit) => edit.twin !== twin);
  const before = twin.unread;
  for (const side of sideNames) await verifySide(memory, side, { edited, mayWrite: false });
  return twin.unread === before;
}

async function verifySide(
  memory: Memory,
  side: SideName,
  { edited, mayWrite }: { readonly edited: readonly Edited[]; readonly mayWrite: boolean },
): Promise<readonly Twin[]> {
  const { reader } = memory.ports.sides[side];
  const isTold = (edit: Edited): boolean =>
    edit.side === side && (edit.commentIds.length === 0 || reader.historyOf.includes('comment'));
  const open = edited.filter(isTold);
  if (open.length === 0) return [];
  if (mayWrite) await memory.ports.holdLease();
  // `Map.groupBy` is not in Node 20.
  const byTwin = new Map<Twin, Edited[]>();
  for (const edit of open) byTwin.set(edit.twin, [...(byTwin.get(edit.twin) ?? []), edit]);
  const asked = reader.history({
    issues: [...byTwin].map(([twin, edits]) => ({
      id: twin.base.ids[side],
      commentIds: [...new Set(edits.flatMap((edit) => edit.commentIds))],
    })),
    since: Math.min(...open.map((edit) => edit.since)),
    purpose: 'work',
  });
  const repaired: Twin[] = [];
  // Without it nobody knows yet what was replaced: the cycle is committed, and the next one asks again.
  const histories = await asked.catch((error: unknown) => {
    for (const [twin, edits] of byTwin) repairLater(memory, twin, { side, edits, error });
  });
  if (histories === undefined) return [];
  for (const [twin, edits] of byTwin) {
    const { entries, known } = unseenEntries(memory, side, { edits, told: histories.get(twin.base.ids[side]) ?? [] });
    const isSeen = (edit: PastEdit): boolean =>
      known.has(edit) || edits.some(({ seen }) => seen !== undefined && wasSeen(edit, seen));
    const lost = replacedEdits(entries, isSeen);
    if (lost.length === 0) continue;
    try {
      const isSure = edits.every(({ seen }) => seen !== undefined);
      if (await repairTwin(memory, twin, { side, lost, isSure, mayWrite })) repaired.push(twin);
    } catch (error) {
      repairLater(memory, twin, { side, edits, error });
    }
  }
  return repaired;
}

/** So many readings are kept for as long as a history cannot be read; what stood there at an older one counts as not seen. */
const readingsMax = 50;

/** The next cycle looks at the same stretch of the history again, and the other twins go on. */
function repairLater(
  memory: Memory,
  twin: Twin,
  failed: { readonly side: SideName; readonly edits: readonly Edited[]; readonly error: unknown },
): void {
  const { side, edits, error } = failed;
  const what = 'what its last writes may have replaced';
  tryTwinLater(memory, twin, { what, error, next: 'It is tried again by itself.' });
  lookAgain(twin, { side, edits });
}

function lookAgain(twin: Twin, at: { readonly side: SideName; readonly edits: readonly Edited[] }): void {
  const { side, edits } = at;
  // Of a dead run's writes it is the last commit, however far back the state's knowledge was asked for.
  const since = Math.min(...edits.map((edit) => edit.known?.at ?? edit.since));
  twin.unread = { ...twin.unread, [side]: Math.min(since, twin.unread?.[side] ?? since) };
  const readings = edits.flatMap((edit) => [...(edit.readings ?? []), ...(edit.seen === undefined ? [] : [edit.since])]);
  const all = new Set([...(twin.readings?.[side] ?? []), ...readings]);
  twin.readings = { ...twin.readings, [side]: [...all].toSorted((one, other) => one - other).slice(-readingsMax) };
}

/**
 * What an edit makes of a text may be what was there before: one of formatting, by the words of Jira's changelog, or one that
 * puts an older text back. It was seen only if the issue was read after it. The entry and the issue's own time are of one
 * change, and may differ by less than this.
 */
const sameTimeMs = 1_000;

/** Whether a snapshot shows what this edit had made of the item. */
export function wasSeen(edit: PastEdit, seen: IssueSnapshot): boolean {
  switch (edit.kind) {
    case 'summary':
      return edit.after === seen.summary;
    case 'type':
      return edit.after === seen.type;
    case 'description':
      return saysThat(seen.description, edit) && edit.at <= seen.updatedAt + sameTimeMs;
    case 'comment': {
      const comment = seen.comments.find((candidate) => candidate.id === edit.commentId);
      return comment !== undefined && saysThat(comment.text, edit) && edit.at <= comment.updatedAt + sameTimeMs;
    }
  }
}

interface Loss {
  readonly side: SideName;
  readonly lost: readonly ReplacedEdit[];
  /** False for edits of a run that died: what they were planned on is not known, so the later edit wins. */
  readonly isSure: boolean;
  /** False where it is told only. */
  readonly mayWrite: boolean;
}

/** True if something was put back and is to be carried to the other side. */
async function repairTwin(memory: Memory, twin: Twin, loss: Loss): Promise<boolean> {
  const { side } = loss;
  const id = twin.base.ids[side];
  await loadIds(memory, side, { ids: [id], purpose: 'work', fresh: true });
  let isRepaired = false;
  for (const replaced of loss.lost) {
    const { kind, commentId, at, after } = replaced.edit;
    const key = JSON.stringify([side, id, kind, commentId, at, after]);
    if (memory.repaired.has(key)) continue;
    memory.repaired.add(key);
    const now = memory.snapshots[side].get(id);
    if (now === undefined) return isRepaired;
    const repair = isOfNotice(memory, twin, { side, edit: replaced.edit })
      ? { kind: 'lost' as const }
      : repairOf(memory, now, { side, replaced });
    if (repair.kind === 'kept') continue;
    const isLast =
      loss.mayWrite &&
      repair.kind === 'collision' &&
      replaced.isLast &&
      !isOfCutCopy(memory, twin, { side, edit: replaced.edit });
    const wins = isLast && (loss.isSure || (await isLaterEdit(memory, twin, { side, edit: replaced.edit })));
    const isMerged = loss.mayWrite && repair.kind === 'merged';
    const goesBack = wins || isMerged || (loss.mayWrite && repair.kind === 'partly');
    const stands = wins || !replaced.isLast ? side : otherSide[side];
    // Before the write: once it is done the next run finds nothing replaced, and would not tell of it if this one dies.
    noteLoss(memory, twin, { side, edit: replaced.edit, outcome: isMerged ? 'merged' : stands });
    if (!loss.mayWrite) continue;
    const back = goesBack ? repair : filesLeft(memory, now, { side, edit: replaced.edit, repair });
    if (back === undefined) continue;
    if (await putBack(memory, twin, { side, repair: back })) isRepaired = true;
    else if (goesBack) {
      memory.conflicts.pop();
      noteLoss(memory, twin, { side, edit: replaced.edit, outcome: otherSide[side] });
    }
  }
  return isRepaired;
}

/**
 * Whether an edit was made of a copy that is cut for length, or was then: its whole text, put back, would be taken for that of
 * its origin, or be joined to what that holds beyond another cut. The origin stands, as where both sides changed.
 */
function isOfCutCopy(memory: Memory, twin: Twin, { side, edit }: { side: SideName; edit: PastEdit }): boolean {
  const { origin, cut } = twin.base;
  const pair = pairOf(twin, { side, edit });
  const isComment = edit.kind === 'comment';
  if (edit.kind === 'summary') return origin !== side && [edit.before, edit.after].every((text) => endsAsCut(text ?? ''));
  if ((isComment ? pair?.origin : origin) === side || (edit.kind !== 'description' && !isComment)) return false;
  if ((isComment ? pair?.cut : cut) !== undefined) return true;
  const before = edit.before ?? '';
  if (edit.form === 'plain') return saysNotice(before);
  const { root } = textBefore(memory, side, before);
  return withoutNotice(root) !== root;
}

/** Whether an edit was made of the notice in the place of a comment that is withheld, or of the text that the notice took the place of (I8). */
function isOfNotice(memory: Memory, twin: Twin, { side, edit }: { side: SideName; edit: PastEdit }): boolean {
  const pair = pairOf(twin, { side, edit });
  if (pair === undefined || pair.origin === side) return false;
  if (pair.withheld) return true;
  if (edit.before === undefined || edit.form === 'plain') return false;
  const text = textBefore(memory, side, edit.before);
  return isWithheldNotice(printed(commentRoot({ text }, side, { base: twin.base, isCopy: true, isCut: false })).print);
}

/** The pair of the comment that an edit is of; undefined for an edit of a field. */
function pairOf({ base }: Twin, { side, edit }: { side: SideName; edit: PastEdit }): CommentPair | undefined {
  return edit.kind === 'comment' ? base.comments.find(({ ids }) => ids[side] === edit.commentId) : undefined;
}

function textBefore(memory: Memory, side: SideName, native: string): Text {
  return { native, root: memory.ports.sides[side].reader.decode(native) };
}

/** False where the tracker refuses it for good, which is told: the edit stays in the history, and what replaced it stands. */
async function putBack(memory: Memory, twin: Twin, work: { readonly side: SideName; readonly repair: Repair }): Promise<boolean> {
  try {
    await restore(memory, twin, work);
    return true;
  } catch (error) {
    const kind = kindOf(error);
    if (kind !== 'refused' && kind !== 'limit') throw error;
    noteTwinFailure(memory, twin, {
      what: 'an edit that was to be put back',
      error,
      next: 'What replaced it stands; take from the history of the issue what is to stay.',
      parked: true,
    });
    return false;
  }
}

/**
 * What an edit that gives way leaves: the files that came with it. Nobody took them away, and on GitHub a file is there by
 * what shows it alone (I6).
 */
function filesLeft(
  memory: Memory,
  now: IssueSnapshot,
  of: { readonly side: SideName; readonly edit: PastEdit; readonly repair: Repair },
): Repair | undefined {
  const { side, edit, repair } = of;
  if (repair.kind === 'kept' || repair.kind === 'lost' || !('root' in repair) || edit.form === 'plain') return undefined;
  const text = edit.kind === 'comment' ? now.comments.find(({ id }) => id === edit.commentId)?.text : now.description;
  if (text === undefined) return undefined;
  const { root } = text;
  const before = memory.ports.sides[side].reader.decode(edit.before ?? '');
  const known = new Set([root, before].flatMap((tree) => attachmentReferences(tree).map(({ id }) => id)));
  const files = attachmentBlocks(repair.root).filter(({ id }) => !known.has(id));
  if (files.length === 0) return undefined;
  return { ...repair, kind: 'partly', root: { ...root, children: [...root.children, ...files.map(({ block }) => block)] } };
}

/** What is to be written to put an edit back. */
export type Repair =
  | { readonly kind: 'kept' }
  | { readonly kind: 'lost' }
  | ({ readonly kind: 'merged' | 'collision' | 'partly' } & (
      | { readonly item: 'summary' | 'type'; readonly value: string }
      | { readonly item: 'description'; readonly root: IssueSnapshot['description']['root'] }
      | {
          readonly item: 'comment';
          readonly commentId: string;
          readonly root: IssueSnapshot['description']['root'];
          /** When the person wrote it, this server's time. */
          readonly editedAt: number;
        }
    ));

function repairOf(memory: Memory, now: IssueSnapshot, at: { side: SideName; replaced: ReplacedEdit }): Repair {
  const { edit } = at.replaced;
  const after = edit.after ?? '';
  switch (edit.kind) {
    case 'summary':
      return now.summary === after || after === '' ? { kind: 'kept' } : { kind: 'collision', item: 'summary', value: after };
    case 'type':
      return now.type === after || after === '' ? { kind: 'kept' } : { kind: 'collision', item: 'type', value: after };
    case 'description': {
      const { kind, root } = repairedText(memory, at, now.description.root);
      return kind === 'kept' ? { kind } : root === undefined ? { kind: 'lost' } : { kind, root, item: 'description' };
    }
    case 'comment': {
      const comment = now.comments.find((candidate) => candidate.id === edit.commentId);
      if (comment === undefined) return { kind: 'kept' };
      const { kind, root } = repairedText(memory, at, comment.text.root);
      if (kind === 'kept') return { kind };
      if (root === undefined) return { kind: 'lost' };
      return { kind, item: 'comment', commentId: comment.id, root, editedAt: edit.at };
    }
  }
}

function repairedText(memory: Memory, at: { side: SideName; replaced: ReplacedEdit }, now: Text['root']): Repaired {
  const { before, after, form } = at.replaced.edit;
  // A revision whose text is told no more cannot be put back; the report names the item all the same (I3).
  if (before === undefined || after === undefined) return { kind: 'partly', root: undefined };
  const { written } = at.replaced;
  if (form === 'plain') return repairPlainText({ before, after, written }, now);
  const { decode } = memory.ports.sides[at.side].reader;
  return repairText(
    { before: decode(before), after: decode(after), written: written === undefined ? now : decode(written) },
    now,
  );
}

/** Whether a person's edit is later than the last one of the same field on the other side; a tie goes to the public side. */
async function isLaterEdit(memory: Memory, twin: Twin, at: { side: SideName; edit: PastEdit }): Promise<boolean> {
  const { side, edit } = at;
  const other = otherSide[side];
  // What a run before this one wrote is looked at although nothing may have changed on the other side since.
  await loadIds(memory, other, { ids: [twin.base.ids[other]], purpose: 'work' });
  const snapshot = memory.snapshots[other].get(twin.base.ids[other]);
  if (snapshot === undefined) return false;
  const pair = pairOf(twin, { side, edit });
  const theirs =
    edit.kind === 'comment'
      ? snapshot.comments.find((comment) => comment.id === pair?.ids[other])?.updatedAt
      : (await memory.ports.sides[other].reader.lastEdits(snapshot))[edit.kind];
  const times = { [side]: toConnectionTime(memory, side, edit.at), [other]: toConnectionTime(memory, other, theirs) };
  return laterOf({ public: times['public'], private: times['private'] }) === side;
}

function noteLoss(memory: Memory, twin: Twin, loss: { side: SideName; edit: PastEdit; outcome: 'merged' | SideName }): void {
  const { edit, outcome, side } = loss;
  const links = linksOf(memory, twin);
  const comment = memory.snapshots[side].get(twin.base.ids[side])?.comments.find((one) => one.id === edit.commentId);
  const url = (name: SideName): string => (name === side && comment !== undefined ? comment.url : (links[name]?.url ?? ''));
  noteConflict(memory, { issues: links, field: edit.kind, outcome, links: { public: url('public'), private: url('private') } });
}
