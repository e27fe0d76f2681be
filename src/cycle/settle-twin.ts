import type { Effect } from '../core/effect.ts';
import { effectId } from '../core/effect.ts';
import type { IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import type { AbsentItem, Conflict, TwinInput, TwinPlan } from '../core/plan.ts';
import type { ConflictLine } from '../core/result.ts';
import { baseTextOf } from '../core/plan-fields.ts';
import { planTwin } from '../core/plan-twin.ts';
import { fieldNames, twinKey } from '../core/twin.ts';
import type { TwinBase } from '../core/twin.ts';
import { kindOf, messageOf } from '../errors.ts';
import type { FieldTimes } from '../sides/side.ts';
import { loadIds } from './agenda.ts';
import { applyEffect, writeLedger } from './apply-effect.ts';
import { toConnectionTime } from './connection-time.ts';
import { copyAttachments } from './copy-attachments.ts';
import { takeUpDoubt, takeUpLedger, takeUpUnanswered } from './dead-run.ts';
import { isDenied } from './denied.ts';
import { nextTexts, stopAt } from './effect-failure.ts';
import type { Stop } from './effect-failure.ts';
import { learnAliases } from './learn-aliases.ts';
import type { Memory } from './memory.ts';
import { absenceKey, bothOf, defer, isSpent, linksOf, noteConflict, retryDone, retryLater } from './memory.ts';
import type { Twin } from './state.ts';
import { noteTwinFailure } from './twin-failure.ts';
import { learnLeft } from './stored-base.ts';
import { untold } from './told-conflicts.ts';
import { twinInput } from './twin-input.ts';

/**
 * Plans of one twin are applied until nothing is left. Every edit takes a round of its own, since its side is read again
 * right before it; more rounds than that mean that somebody edits right now, or a server that changes what it stores.
 */
const extraRoundsMax = 12;

/**
 * Brings one twin in step and writes its ledger. Its failure is noted and stops no other twin; only a lost lease or bad
 * configuration is thrown.
 */
export async function settleTwin(memory: Memory, twin: Twin, step = rounds): Promise<void> {
  if (isSpent(memory)) defer(memory, twin.base.origin, twin.base.ids[twin.base.origin]);
  // An edit of which no answer came may stand, and what was written now would pass for newer: its stamp tells the next cycle.
  else if ((await noting(memory, twin, step)) === 'unanswered') return;
  await noting(memory, twin, learnAliases);
  // Pairs are written down whatever became of the rest.
  await noting(memory, twin, writeLedger);
}

/**
 * The same once more in one cycle, from new readings: a comment whose creation got no answer may be there by now, and what was
 * read before would have it made again (I2).
 */
export async function settleAgain(memory: Memory, twin: Twin): Promise<void> {
  await settleTwin(memory, twin, async () => {
    for (const side of sideNames) await loadIds(memory, side, { ids: [twin.base.ids[side]], purpose: 'work', fresh: true });
    takeUpUnanswered(memory, twin);
    return rounds(memory, twin, new Set(sideNames));
  });
}

async function noting<T>(memory: Memory, twin: Twin, step: (memory: Memory, twin: Twin) => Promise<T>): Promise<T | undefined> {
  try {
    return await step(memory, twin);
  } catch (error) {
    const kind = kindOf(error);
    if (kind === 'configuration' || kind === 'inactive') throw error;
    noteTwinFailure(memory, twin, { what: 'issue', error, next: nextTexts.behind });
    retryLater(memory, { side: twin.base.origin, id: twin.base.ids[twin.base.origin], reason: messageOf(error) });
    return undefined;
  }
}

/** `fresh`: the sides read just now. What was read before the first round may be minutes old: the others are read right before an edit. */
async function rounds(memory: Memory, twin: Twin, fresh = new Set<SideName>()): Promise<Stop | undefined> {
  const noted = { files: false };
  const missed = new Set<string>();
  let roundsMax = extraRoundsMax;
  for (let round = 0; round < roundsMax; round += 1) {
    const snapshots = await snapshotsOf(memory, twin, fresh);
    if (snapshots === undefined) {
      waitToBeRead(memory, twin);
      return undefined;
    }
    takeUpLedger(memory, twin);
    takeUpDoubt(memory, twin);
    if (twin.unlearnt !== undefined && !(await isLearnt(memory, twin))) return undefined;
    const { input, plan } = await planned(memory, twin, snapshots);
    if (round === 0) roundsMax = extraRoundsMax + 2 * plan.effects.length;
    const due = plan.effects.filter((effect) => !isDenied(memory, twin, effect));
    if (!noted.files && due.some(({ kind }) => kind === 'attachment.create')) {
      // Texts refer to attachments, so these come first; what failed here waits for the next cycle.
      noted.files = true;
      await copyAttachments(memory, [twin]);
      fresh.clear();
      continue;
    }
    const effects = due.filter(({ kind }) => kind !== 'attachment.create');
    const needed = [...effects.flatMap((effect) => readBefore(effect, input)), ...restedOn(input, plan.base)];
    const stale = sideNames.filter((side) => needed.includes(side) && !fresh.has(side));
    // Re-read right before the edit, and plan again if it moved (sync-model.md, step 7).
    for (const side of stale) {
      await loadIds(memory, side, { ids: [twin.base.ids[side]], purpose: 'work', fresh: true });
      fresh.add(side);
    }
    if (stale.length > 0) continue;
    noteConflicts(memory, twin, untold(memory, twin, { input, plan }));
    twin.base = { ...plan.base };
    keepTextInStep(twin, { snapshots, input });
    noteAbsent(memory, twin, plan);
    for (const held of plan.held) if (round === 0 || fresh.size > 0) noteHeld(memory, held);
    if (effects.length === 0) {
      pruneAbsent(memory, twin, plan);
      settled(twin, snapshots);
      forgetUnwanted(memory, twin, input);
      if (plan.effects.length === 0) whatWaitedIsDone(memory, twin);
      else waitForFiles(memory, twin);
      return undefined;
    }
    const stop = await applyAll(memory, twin, { effects, input, fresh, missed });
    if (stop !== undefined) return stop;
  }
  retryLater(memory, {
    side: twin.base.origin,
    id: twin.base.ids[twin.base.origin],
    reason: 'still changing',
    notBefore: memory.ports.now(),
  });
  return undefined;
}

/**
 * The sides on whose reading it rests that a field is settled without a write: what somebody changed there since would go
 * over the other side's value later on, as if it were newer (I3).
 */
function restedOn({ base, replicas }: TwinInput, settledBase: TwinBase): readonly SideName[] {
  return fieldNames.flatMap((field) => {
    if (sideNames.every((side) => settledBase[field][side] === base[field][side])) return [];
    const unchanged = sideNames.filter((side) => replicas[side][field].print === base[field][side]);
    return unchanged.length === 0 ? sideNames : unchanged;
  });
}

async function snapshotsOf(memory: Memory, twin: Twin, fresh: Set<SideName>): Promise<Pair<IssueSnapshot> | undefined> {
  for (const side of sideNames) {
    if (memory.snapshots[side].has(twin.base.ids[side])) continue;
    await loadIds(memory, side, { ids: [twin.base.ids[side]], purpose: 'work', fresh: true });
    fresh.add(side);
  }
  return bothOf(memory, twin);
}

/** What its tracker made of a copy is to be known before anything is planned. */
async function isLearnt(memory: Memory, twin: Twin): Promise<boolean> {
  if (!isWaiting(memory, twin)) await learnLeft(memory, twin);
  return twin.unlearnt === undefined;
}

/** The plan of a twin; where both sides changed, by the times of people's edits. Reads only. */
export async function planned(
  memory: Memory,
  twin: Twin,
  snapshots: Pair<IssueSnapshot>,
): Promise<{ input: TwinInput; plan: TwinPlan }> {
  const input = await twinInput(memory, twin, { snapshots });
  const plan = planTwin(input);
  if (!plan.needsEdits) return { input, plan };
  const { sides } = memory.ports;
  const edits = {
    public: inConnectionTime(memory, 'public', await sides.public.reader.lastEdits(snapshots.public)),
    private: inConnectionTime(memory, 'private', await sides.private.reader.lastEdits(snapshots.private)),
  };
  const decided = await twinInput(memory, twin, { snapshots, edits });
  return { input: decided, plan: planTwin(decided) };
}

function inConnectionTime(memory: Memory, side: SideName, times: FieldTimes): FieldTimes {
  return {
    summary: toConnectionTime(memory, side, times.summary),
    description: toConnectionTime(memory, side, times.description),
    type: toConnectionTime(memory, side, times.type),
  };
}

/**
 * The sides that are read again right before an effect: what it would overwrite or take away, which a person may have changed
 * since; of a removal its origin, too, which may be there again; and under `hold` what is to be copied, which may have become
 * restricted (I8).
 */
function readBefore(effect: Effect, { holdRestricted }: TwinInput): readonly SideName[] {
  switch (effect.kind) {
    case 'comment.remove':
    case 'attachment.remove':
      return sideNames;
    case 'comment.create':
      return holdRestricted ? [otherSide[effect.side]] : [];
    case 'comment.write':
      return holdRestricted ? sideNames : [effect.side];
    case 'fields.write':
      return [effect.side];
    default:
      return [];
  }
}

interface Work {
  readonly effects: readonly Effect[];
  readonly input: TwinInput;
  readonly fresh: Set<SideName>;
  /** What met no comment any more, by the effects' ids: planned anew once. */
  readonly missed: Set<string>;
}

/** One twin's effects in order; those behind one that failed in passing wait. */
async function applyAll(memory: Memory, twin: Twin, work: Work): Promise<Stop | undefined> {
  for (const effect of work.effects) {
    // After any other request the read is not right before the edit any more: the next round reads again.
    if (!readBefore(effect, work.input).every((side) => work.fresh.has(side))) return undefined;
    await memory.ports.holdLease();
    try {
      await applyEffect(memory, twin, { effect, input: work.input });
    } catch (error) {
      if (isMissed(effect, error, work)) return undefined;
      const stop = stopAt(memory, twin, { effect, error, input: work.input });
      if (stop !== undefined) return stop;
    }
    work.fresh.clear();
  }
  return undefined;
}

/** Whether somebody removed the comment between its reading and its edit: it is read again, and the twin planned anew. */
function isMissed(effect: Effect, error: unknown, { fresh, missed }: Work): boolean {
  const id = effectId(effect);
  if (kindOf(error) !== 'gone' || (effect.kind !== 'comment.write' && effect.kind !== 'comment.remove')) return false;
  if (missed.has(id)) return false;
  missed.add(id);
  fresh.clear();
  return true;
}

function noteConflicts(memory: Memory, twin: Twin, conflicts: readonly Conflict[]): void {
  // A plan shows a conflict again in each round until it is resolved; a later round may meet new ones.
  const keyOf = (line: Pick<ConflictLine, 'field' | 'outcome' | 'links'>): string =>
    JSON.stringify([line.field, line.outcome, line.links]);
  for (const conflict of conflicts)
    if (!memory.conflicts.some((known) => keyOf(known) === keyOf(conflict)))
      noteConflict(memory, { issues: linksOf(memory, twin), ...conflict });
}

function noteHeld(memory: Memory, held: TwinPlan['held'][number]): void {
  if (!memory.held.some((other) => other.link === held.link && other.what === held.what)) memory.held.push(held);
}

/** Keeps the time when an item was first seen absent. */
function noteAbsent(memory: Memory, twin: Twin, plan: TwinPlan): void {
  for (const item of plan.absent) memory.state.absences[absenceKey(twin, item)] ??= memory.ports.now();
}

/**
 * Forgets what is back, or whose removal was carried out: all that a plan of which nothing can be done now no longer sees
 * absent, nor has removed.
 */
function pruneAbsent(memory: Memory, twin: Twin, plan: TwinPlan): void {
  const absent = [...plan.absent, ...plan.effects.flatMap(removedOrigin)];
  const keys = new Set(absent.map((item) => absenceKey(twin, item)));
  for (const key of Object.keys(memory.state.absences)) {
    if (key.startsWith(`${twinKey(twin.base.ids)} `) && !keys.has(key)) delete memory.state.absences[key];
  }
}

/** The item whose absence a removal follows. */
function removedOrigin(effect: Effect): readonly AbsentItem[] {
  switch (effect.kind) {
    case 'comment.remove':
      return [{ kind: 'comment', side: effect.pair.origin, id: effect.pair.ids[effect.pair.origin] }];
    case 'attachment.remove':
      return [{ kind: 'attachment', side: otherSide[effect.side], id: effect.originId }];
    default:
      return [];
  }
}

/**
 * Both sides say the same, whatever else of the twin may fail: this is what the next edits are merged by (I3). Where an edit
 * was refused they differ, and what they last had in common stays.
 */
function keepTextInStep(twin: Twin, read: { readonly snapshots: Pair<IssueSnapshot>; readonly input: TwinInput }): void {
  const isInStep = sideNames.every((side) => read.input.replicas[side].description.print === twin.base.description[side]);
  if (isInStep && twin.base.cut === undefined) twin.baseText = baseTextOf(read.snapshots.public.description.root);
}

/**
 * What was refused counts as long as the plan would write it: once another text crossed, or what stood before was put back, it
 * may be written again.
 */
function forgetUnwanted({ state }: Memory, twin: Twin, input: TwinInput): void {
  const key = twinKey(twin.base.ids);
  if (!state.parked.some((entry) => entry.twin === key)) return;
  const wanted = new Set<string>();
  const isParked: TwinInput['isParked'] = (id, print) => {
    wanted.add(`${id} ${print}`);
    return input.isParked(id, print);
  };
  planTwin({ ...input, isParked });
  state.parked = state.parked.filter(({ twin: of, id, print }) => of !== key || wanted.has(`${id} ${print}`));
}

/** In step, but for files that wait: what was read is remembered as known. */
function settled(twin: Twin, snapshots: Pair<IssueSnapshot>): void {
  twin.versions = { public: snapshots.public.version, private: snapshots.private.version };
  twin.links = {
    public: { key: snapshots.public.key, url: snapshots.public.url },
    private: { key: snapshots.private.key, url: snapshots.private.url },
  };
  twin.title = snapshots[twin.base.origin].summary;
}

function whatWaitedIsDone(memory: Memory, twin: Twin): void {
  const { url } = twin.links.public;
  if (!memory.failures.some((failure) => !failure.parked && failure.issues.public?.url === url)) retryDone(memory, twin.base.ids);
}

/** Files that time, the number of changes or a rate limit left no room for. */
function waitForFiles(memory: Memory, twin: Twin): void {
  const { ids, origin } = twin.base;
  if (!memory.state.retry.some(({ side, id }) => id === ids[side])) defer(memory, origin, ids[origin]);
}

/**
 * What cannot be read now may be readable at any time, and what brought the twin here is not listed again. One that is gone is
 * looked at again by its absence.
 */
function waitToBeRead(memory: Memory, twin: Twin): void {
  const { ids, origin } = twin.base;
  if (sideNames.some((side) => memory.state.absences[absenceKey(twin, { kind: 'issue', side })] !== undefined)) return;
  if (isWaiting(memory, twin)) return;
  retryLater(memory, { side: origin, id: ids[origin], reason: 'one of its two issues cannot be read' });
}

function isWaiting({ state, ports }: Memory, { base }: Twin): boolean {
  return state.retry.some(({ side, id, notBefore }) => id === base.ids[side] && notBefore > ports.now());
}
