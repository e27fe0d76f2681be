import { sideNames } from '../core/model.ts';
import type { Pair, SideName } from '../core/model.ts';
import type { CycleResult } from '../core/result.ts';
import { kindOf, messageOf } from '../errors.ts';
import type { Agenda } from './agenda.ts';
import { loadIds, lookAtNext, makeAgenda } from './agenda.ts';
import { copyAttachments } from './copy-attachments.ts';
import { concludeAudit } from './audit.ts';
import { toConnectionTime, toServerTime } from './connection-time.ts';
import { createIssues, keepUnsure, unsureIntents } from './create-issues.ts';
import { takeUpDeadRun } from './dead-run.ts';
import { differs } from './difference.ts';
import { checkGuard, endGoneTwins } from './guard.ts';
import { mendFindings } from './mend.ts';
import { takeUpDirective } from './directive.ts';
import { markConnected } from './connect-issues.ts';
import type { Ending, Memory } from './memory.ts';
import { createMemory, isEnded, twinOf } from './memory.ts';
import { resultOf } from './result-of.ts';
import type { CycleOptions, CyclePorts, Intents } from './ports.ts';
import { preview } from './preview.ts';
import { rebuild } from './rebuild.ts';
import { pruneReturned } from './returned.ts';
import { learnStored } from './stored-base.ts';
import { settleAgain, settleTwin } from './settle-twin.ts';
import { resignAll } from './resign.ts';
import type { State, Twin } from './state.ts';
import { tellReplaced, verifyWrites } from './verify-writes.ts';

/** How the state came to be: what the store held, nothing yet, or lost and to be rebuilt. */
export type Start =
  | { readonly kind: 'first'; readonly state: State }
  | { readonly kind: 'resumed'; readonly state: State }
  | { readonly kind: 'rebuilt'; readonly state: State; readonly reason: string };

/** What a cycle hands back for the commit: its result, and the state to be saved if it changed. */
export interface CycleEnd {
  readonly result: CycleResult;
  readonly state: State;
  /** Removals applied, for the guard's count over 24 hours. */
  readonly removals: number;
  /** Of each side whose permissions were read in this cycle, all that its account is known to have had. */
  readonly permissionsSeen: Partial<Pair<readonly string[]>>;
  /** Twins that ended, and pairs that became twins on request: for the lists of the record. */
  readonly endings: readonly Ending[];
  readonly connected: readonly Pair<string>[];
  /** Origins whose create may have happened: named by the intent until that is settled. */
  readonly unsure: Intents;
  /** An intent was written in this cycle and is to be cleared once the state is committed. */
  readonly intentWritten: boolean;
  /** Connection time at which observing began. */
  readonly observedAt: number;
}

/** Twins settled at the same time; the effects of each stay in order. */
const parallelMax = 4;

/** After so many writes Jira is listed once more, too, so that the next cycle's listing stays short. */
const echoMin = 50;

const changedMeanwhile = 'changed while the cycle ran';

/** GitHub's times are whole seconds: what is read this long after the last write cannot hide a second edit in the same one. */
const settleMs = 3_000;

/**
 * One sync cycle: observe → plan → apply (sync-model.md, "A cycle"). Lease, state and record are the caller's: it opens
 * before and commits after.
 *
 * @throws SallyportError where nothing at all could be done: a side unreachable, permission lost, lease lost.
 */
export async function runCycle(ports: CyclePorts, options: CycleOptions, start: Start): Promise<CycleEnd> {
  const memory = createMemory(ports, options, structuredClone(start.state));
  if (start.kind === 'rebuilt') await rebuild(memory);
  const observedAt = ports.now();
  await takeUpDirective(memory, start);
  const agenda = await makeAgenda(memory);
  takeUpDeadRun(memory, start, agenda.twins);
  await learnStored(memory);
  await checkGuard(memory);
  let { cursors } = agenda;
  if (options.dryRun) {
    await preview(memory, agenda);
    if (options.directive?.kind === 'resign') await resignAll(memory);
  } else {
    const work = await applyAndVerify(memory, agenda).catch(async (error: unknown) => {
      // I3: after a revocation no later run looks up what this one replaced.
      if (kindOf(error) === 'configuration') await tellReplaced(memory);
      throw error;
    });
    if (memory.writes > 0) {
      const written = [...work, ...memory.findings.map(({ twin }) => twin)];
      cursors = await takeInEcho(memory, cursors, written).catch((error: unknown) => echoLater(memory, cursors, error));
    }
    await concludeAudit(memory);
  }
  prune(memory);
  const ledgersDue = [...memory.ledgerDue].filter((key) => memory.twins.has(key));
  const state: State = { ...memory.state, cursors, twins: [...memory.twins.values()], ledgersDue };
  return {
    result: resultOf(memory, { kind: start.kind, reason: start.kind === 'rebuilt' ? start.reason : undefined }),
    state,
    removals: memory.removals,
    permissionsSeen: memory.permissionsSeen,
    endings: memory.endings,
    connected: memory.connected,
    unsure: unsureIntents(memory),
    intentWritten: memory.intentWritten,
    observedAt,
  };
}

async function applyAndVerify(memory: Memory, agenda: Agenda): Promise<readonly Twin[]> {
  const work = await apply(memory, agenda);
  await mendFindings(memory);
  if (memory.options.directive?.kind === 'resign') await resignAll(memory);
  await verifyWrites(memory, (twin) => settleAgain(memory, twin));
  return work;
}

async function apply(memory: Memory, agenda: Agenda): Promise<readonly Twin[]> {
  endGoneTwins(memory);
  keepUnsure(memory);
  const created: Twin[] = [];
  // Origins of the public side first: their copies arise on the private side, where no intent is needed.
  for (const side of sideNames) created.push(...(await createIssues(memory, side, agenda.origins[side])));
  const work = [
    ...agenda.twins.filter((twin) => memory.twins.size > 0 && twinOf(memory, 'public', twin.base.ids.public) === twin),
    ...created,
  ];
  await markConnected(memory);
  await copyAttachments(memory, work);
  await inParallel(work, async (twin, index) => {
    if (work.length > 20 && index % 20 === 0) memory.ports.onProgress(`Twins: ${index} of ${work.length}`);
    await settleTwin(memory, twin);
  });
  return work;
}

/** What ends one ends all, once the requests under way are through: whatever they wrote is known by then. */
async function inParallel<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = items.entries();
  const errors: unknown[] = [];
  await Promise.all(
    Array.from({ length: Math.min(parallelMax, items.length) }, async () => {
      for (const [index, item] of queue) {
        if (errors.length > 0) return;
        try {
          await work(item, index);
        } catch (error) {
          errors.push(error);
        }
      }
    }),
  );
  if (errors.length > 0) throw errors[0];
}

/**
 * Takes in the echo of the cycle's own writes, so that the next cycle finds nothing unknown in its listings, and returns
 * where that one begins. What shows nothing but those writes is remembered as known; what a person changed meanwhile goes
 * onto the list of things to be looked at, so that the cursor passes over nothing unprocessed.
 */
async function takeInEcho(memory: Memory, cursors: Agenda['cursors'], written: readonly Twin[]): Promise<Agenda['cursors']> {
  const next = { ...cursors };
  await memory.ports.wait(settleMs);
  for (const side of sideNames) {
    const ids = new Set(written.filter((twin) => isCurrent(memory, twin)).map((twin) => twin.base.ids[side]));
    // Jira's search lags: a few issues are read by their ids alone, and after many the listing is worth its pages.
    if (side === 'private' || memory.writes >= echoMin)
      next[side] = await observeAgain(memory, side, { cursor: cursors[side], ids });
    for (const id of ids) memory.snapshots[side].delete(id);
    await loadIds(memory, side, { ids: [...ids], purpose: 'work' });
    for (const id of ids) {
      const twin = twinOf(memory, side, id);
      const snapshot = memory.snapshots[side].get(id);
      if (twin === undefined || snapshot === undefined) continue;
      if (differs(memory, twin, { side, snapshot })) lookAtNext(memory, { side, id, reason: changedMeanwhile });
      else twin.versions = { ...twin.versions, [side]: snapshot.version };
    }
  }
  return next;
}

/** Everything is written by then: from where this cycle began the next one finds it all, and what people changed meanwhile. */
function echoLater(memory: Memory, cursors: Agenda['cursors'], error: unknown): Agenda['cursors'] {
  const kind = kindOf(error);
  if (kind !== 'passing' && kind !== 'host') throw error;
  memory.warnings.push(`What this cycle wrote was not read once more (${messageOf(error)}): the next cycle does.`);
  return cursors;
}

/** Observes once more; adds the twins touched to `ids`, and notes what is new in scope for the next cycle. Returns the cursor. */
async function observeAgain(memory: Memory, side: SideName, echo: { cursor: string; ids: Set<string> }): Promise<string> {
  const observation = await memory.ports.sides[side].reader.observe({
    cursor: echo.cursor,
    since: toServerTime(memory, side, memory.options.resumeFrom),
    knownVersion: (id) => twinOf(memory, side, id)?.versions[side] ?? memory.state.seen[side][id]?.version,
    isTwinned: (id) => memory.byIssue[side].has(id),
  });
  for (const entry of observation.touched) {
    if (memory.byIssue[side].has(entry.id)) echo.ids.add(entry.id);
    else if (entry.inScope || entry.marked) lookAtNext(memory, { side, id: entry.id, reason: changedMeanwhile });
  }
  return observation.cursor;
}

function isCurrent(memory: Memory, twin: Twin): boolean {
  return twinOf(memory, 'public', twin.base.ids.public) === twin;
}

/** Listings overlap by minutes: what was seen out of scope longer ago than this comes up only if it changed. */
const seenForMs = 3_600_000;

function prune(memory: Memory): void {
  const now = memory.ports.now();
  for (const side of sideNames) {
    for (const [id, entry] of Object.entries(memory.state.seen[side])) {
      const isOld = now - toConnectionTime(memory, side, entry.updatedAt) > seenForMs;
      if (isOld || memory.byIssue[side].has(id) || isEnded(memory, side, id)) delete memory.state.seen[side][id];
    }
  }
  pruneReturned(memory);
}
