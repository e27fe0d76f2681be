import type { IssueSnapshot, SideName } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import { baseTextOf } from '../core/plan-fields.ts';
import { replicaOf } from '../core/replica.ts';
import { twinKey } from '../core/twin.ts';
import type { TwinBase } from '../core/twin.ts';
import { loadIds } from './agenda.ts';
import { clockGrainMs, toConnectionTime, toServerTime, wholeSecondMs } from './connection-time.ts';
import { baseOn, editStampOfComment } from './identify.ts';
import type { Edited, Memory } from './memory.ts';
import type { Start } from './run-cycle.ts';
import { listedAfterMs } from './rebuild.ts';
import type { Twin } from './state.ts';

/**
 * Takes up what a run wrote that ended before it could save its state: where stamp or ledger of an issue are newer than the
 * state's entry, they are the base (sync-model.md, "Stamps"). Without this a pair that only the ledger knows would be taken
 * for something new. Whatever that run overwrote between its reading and its write is looked up in the history (I3).
 */
export function takeUpDeadRun(memory: Memory, start: Start, work: readonly Twin[]): void {
  // A rebuilt base is what stamps and ledgers say, and a dead run may have put back what the state knew, so that a twin
  // without work may hide an edit that was overwritten.
  const isAll = start.kind === 'rebuilt' || memory.ports.foundDead;
  const twins = isAll ? memory.twins.values() : new Set([...work, ...[...memory.twins.values()].filter(isOpen)]);
  const known = knownTo(start);
  for (const twin of twins) takeUpTwin(memory, twin, known);
}

/** The twins that the state knew; none where it was rebuilt, by their keys. */
function knownTo({ kind, state }: Start): ReadonlySet<string> {
  return new Set(kind === 'rebuilt' ? [] : state.twins.map(({ base }) => twinKey(base.ids)));
}

function takeUpTwin(memory: Memory, twin: Twin, known: ReadonlySet<string>): void {
  takeUpLedger(memory, twin);
  if (known.has(twinKey(twin.base.ids))) takeUpKnown(memory, twin, sideNames);
  else takeUpUnknown(memory, twin);
  leaveOpen(memory, twin);
}

/** The same of a twin that is about to end, before anything is observed: no later run looks it up. Both sides are read for it. */
export async function takeUpBeforeEnd(memory: Memory, twin: Twin, start: Start): Promise<void> {
  if (start.kind !== 'rebuilt' && !memory.ports.foundDead && !isOpen(twin)) return;
  for (const side of sideNames) await loadIds(memory, side, { ids: [twin.base.ids[side]], purpose: 'work' });
  takeUpTwin(memory, twin, knownTo(start));
}

/** Whether it is still to be looked up what a run's writes to the twin replaced. */
export function isOpen({ doubt, unread }: Twin): boolean {
  return doubt !== undefined || unread !== undefined;
}

/**
 * The same for a side that is read only as its twin is settled, before this run writes there: later the history would show
 * this run's writes after edits that it had seen, as if it had overwritten them.
 */
export function takeUpDoubt(memory: Memory, twin: Twin): void {
  const { doubt, unread } = twin;
  if (!isOpen(twin)) return;
  takeUpKnown(
    memory,
    twin,
    sideNames.filter((side) => (doubt?.[side] ?? unread?.[side]) !== undefined),
  );
  leaveOpen(memory, twin);
}

/** What cannot be read now, as an account that sees less for a while, is looked at once it can be. */
function leaveOpen(memory: Memory, twin: Twin): void {
  const { base, doubt, unread, readings } = twin;
  const onUnread = (since: (side: SideName) => number | undefined): Twin['doubt'] => {
    const times: NonNullable<Twin['doubt']> = {};
    for (const side of sideNames) {
      const from = since(side);
      if (from !== undefined && !memory.snapshots[side].has(base.ids[side])) times[side] = from;
    }
    return Object.keys(times).length === 0 ? undefined : times;
  };
  const died = memory.ports.foundDead ? committedAt(memory) : undefined;
  twin.doubt = onUnread((side) => doubt?.[side] ?? died);
  twin.unread = onUnread((side) => unread?.[side]);
  const left = sideNames.filter((side) => twin.unread?.[side] !== undefined);
  twin.readings = left.length === 0 ? undefined : Object.fromEntries(left.map((side) => [side, readings?.[side]]));
}

/**
 * Of a twin that the state knew, what is newer than that was written by a dead run; where one is known to have died, so may
 * be whatever has changed since the last commit, as a person may have taken its stamp away.
 */
function takeUpKnown(memory: Memory, twin: Twin, sides: readonly SideName[]): void {
  const { base, baseText } = twin;
  const found = standing(memory, twin).filter(({ side }) => sides.includes(side));
  for (const one of found) {
    const { side, issue } = one;
    const unread = twin.unread?.[side];
    // The base is that of the very writes that are to be looked at: it tells nothing of what had been seen before them.
    if (unread !== undefined) lookSince(memory, twin, { side, issue, since: unread, readings: twin.readings?.[side] });
    const committed = twin.doubt?.[side] ?? committedAt(memory);
    const at = toServerTime(memory, side, committed);
    const since = at - clockGrainMs;
    // The state tells what had been seen, and so tells it from an edit that came to light late.
    const from = toServerTime(memory, side, committed - listedAfterMs);
    const mayBeWritten = memory.ports.foundDead || twin.doubt?.[side] !== undefined;
    const isSuspect = mayBeWritten && issue.updatedAt >= since;
    if (isSuspect || (one.base?.counter ?? 0) > base.counter)
      memory.edited.push({ twin, side, since: from, commentIds: [], seen: undefined, known: { base, baseText, at } });
    if (unread !== undefined) continue;
    noteComments(memory, twin, {
      side,
      since,
      // What the other side's ledger told meanwhile may count as many writes as were made here.
      written: writtenComments(memory, issue).filter(
        ({ counter, updatedAt }) => counter > base.counter || (twin.doubt?.[side] !== undefined && updatedAt >= since),
      ),
    });
  }
  takeUpStamps(twin, found);
}

/** The same of an edit of this run's of which no answer came: its history is read by this run already. */
export function takeUpUnanswered(memory: Memory, twin: Twin): void {
  takeUpStamps(twin, standing(memory, twin));
}

function takeUpStamps(twin: Twin, found: readonly Standing[]): void {
  const { base } = twin;
  twin.base = newest(base, found);
  if (sideNames.some((side) => twin.base.description[side] !== base.description[side]))
    twin.baseText = textInStep(twin.base, found);
}

/**
 * What both sides said once that run had written, where one still shows it: to a merge from an older text, what that run added
 * would be new on both.
 */
function textInStep(base: TwinBase, found: readonly Standing[]): string | undefined {
  if (base.cut !== undefined) return undefined;
  const texts = found.map(({ side, issue }) => ({ side, text: replicaOf(issue, side, base).description }));
  const shown = texts.find(({ side, text }) => text.print === base.description[side]);
  return shown === undefined ? undefined : baseTextOf(shown.text.value);
}

/**
 * Of a twin that no state knew, all that was written since the last committed cycle is looked at, or since the last one before
 * what no history has told yet; not what people wrote before there was a copy, as each write to the origin comes after a reading that comes after that.
 */
export function takeUpUnknown(memory: Memory, twin: Twin): void {
  const found = standing(memory, twin);
  const copy = found.find(({ side }) => side !== twin.base.origin);
  const madeAt = copy === undefined ? undefined : toConnectionTime(memory, copy.side, copy.issue.createdAt);
  const from = Math.max(memory.options.unread.get(twin.base.ids.public) ?? committedAt(memory), madeAt ?? 0) - clockGrainMs;
  for (const { side, issue } of found) lookSince(memory, twin, { side, issue, since: toServerTime(memory, side, from) });
  if (memory.options.unread.has(twin.base.ids.public)) leaveUnread(memory, twin, from);
  twin.base = newest(twin.base, found);
}

/** Of a side that could not be read the record alone tells that its history is still to be looked up. */
function leaveUnread(memory: Memory, twin: Twin, from: number): void {
  for (const side of sideNames)
    if (!memory.snapshots[side].has(twin.base.ids[side]))
      twin.unread = { ...twin.unread, [side]: toServerTime(memory, side, from) };
}

/** Whatever was written on a side since then, by that server's clock, is looked up in its history. */
function lookSince(
  memory: Memory,
  twin: Twin,
  at: Pick<Edited, 'side' | 'since' | 'readings'> & { readonly issue: IssueSnapshot },
): void {
  const { side, issue, since, readings } = at;
  const isSince = ({ updatedAt }: { readonly updatedAt: number }): boolean => updatedAt >= since - wholeSecondMs;
  if (isSince(issue)) memory.edited.push({ twin, side, since, commentIds: [], seen: undefined, readings });
  noteComments(memory, twin, { side, since, readings, written: writtenComments(memory, issue).filter(isSince) });
}

function committedAt({ options }: Memory): number {
  return options.committedAt ?? options.resumeFrom;
}

interface Standing {
  readonly side: SideName;
  readonly issue: IssueSnapshot;
  /** What the issue's own stamps tell of this twin. */
  readonly base: TwinBase | undefined;
}

function standing(memory: Memory, twin: Twin): readonly Standing[] {
  return sideNames.flatMap((side) => {
    const issue = memory.snapshots[side].get(twin.base.ids[side]);
    return issue === undefined ? [] : [{ side, issue, base: sameTwin(twin.base, baseOn(memory, side, issue)) }];
  });
}

interface WrittenComment {
  readonly id: string;
  readonly counter: number;
  readonly updatedAt: number;
}

/** Comments that the connection wrote and that are not as they were made: what nobody edited replaced nothing. */
function writtenComments(memory: Memory, issue: IssueSnapshot): readonly WrittenComment[] {
  return issue.comments.flatMap((comment) => {
    const counter = comment.updatedAt <= comment.createdAt ? undefined : editStampOfComment(memory, issue.id, comment)?.counter;
    return counter === undefined ? [] : [{ id: comment.id, counter, updatedAt: comment.updatedAt }];
  });
}

function noteComments(
  memory: Memory,
  twin: Twin,
  at: Pick<Edited, 'side' | 'since' | 'readings'> & { readonly written: readonly WrittenComment[] },
): void {
  const { written, ...rest } = at;
  if (written.length > 0) memory.edited.push({ ...rest, twin, commentIds: written.map(({ id }) => id), seen: undefined });
}

function sameTwin(known: TwinBase, base: TwinBase | undefined): TwinBase | undefined {
  return base !== undefined && base.origin === known.origin && twinKey(base.ids) === twinKey(known.ids) ? base : undefined;
}

/** Takes up the pairs and tombstones of a twin that was known by its copy's stamp alone, once its ledger can be read. */
export function takeUpLedger(memory: Memory, twin: Twin): void {
  const issue = memory.snapshots.public.get(twin.base.ids.public);
  if (twin.unledgered !== true || issue === undefined) return;
  delete twin.unledgered;
  const ledger = sameTwin(twin.base, baseOn(memory, 'public', issue));
  if (ledger === undefined) return;
  const { base } = twin;
  twin.base = {
    ...base,
    comments: joined(ledger.comments, base.comments, ({ ids }) => twinKey(ids)),
    attachments: joined(ledger.attachments, base.attachments, ({ ids }) => twinKey(ids)),
    tombstones: joined(ledger.tombstones, base.tombstones, (tombstone) => JSON.stringify(tombstone)),
  };
}

/** Pairs and tombstones stand in the ledger on the public side alone; the fields in whatever was written last. */
function newest(known: TwinBase, found: readonly Standing[]): TwinBase {
  let base = known;
  for (const { side, base: written } of found) {
    if (written === undefined || written.counter <= known.counter) continue;
    const fields = written.counter > base.counter ? written : base;
    const pairs = side === 'public' ? written : undefined;
    base = {
      ...fields,
      // A ledger of which a part is missing hides no pair that the state still knows.
      comments: joined(pairs?.comments, base.comments, ({ ids }) => twinKey(ids)),
      attachments: joined(pairs?.attachments, base.attachments, ({ ids }) => twinKey(ids)),
      tombstones: joined(pairs?.tombstones, base.tombstones, (tombstone) => JSON.stringify(tombstone)),
    };
  }
  return base;
}

function joined<T>(written: readonly T[] | undefined, known: readonly T[], keyOf: (item: T) => string): T[] {
  if (written === undefined) return [...known];
  const keys = new Set(written.map(keyOf));
  return [...written, ...known.filter((item) => !keys.has(keyOf(item)))];
}
