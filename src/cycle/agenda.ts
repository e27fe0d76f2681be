import type { IssueSnapshot, Loaded, SideName, Unreadable } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import { baseTextOf } from '../core/plan-fields.ts';
import type { FailureLine } from '../core/result.ts';
import { twinKey } from '../core/twin.ts';
import type { Purpose } from '../gateway/gateway.ts';
import type { Touched } from '../sides/side.ts';
import { adoptByLedger, adoptCopy } from './adopt.ts';
import { auditFiles } from './audit-files.ts';
import { auditTwins } from './audit.ts';
import { clockGrainMs, toConnectionTime, toServerTime } from './connection-time.ts';
import { differs } from './difference.ts';
import { forgetStrays, holdStray, holdTwin } from './hold-stray.ts';
import type { Memory } from './memory.ts';
import { absenceKey, bothOf, deferUntilRoom, isEnded, linksOf, retryDone, retryLater, twinOf } from './memory.ts';
import type { Twin } from './state.ts';
import { absenceConfirmedMs } from './twin-input.ts';

/** What a cycle has to look at: twins, and issues that the trigger puts under sync. Oldest change first. */
export interface Agenda {
  readonly twins: readonly Twin[];
  readonly origins: Readonly<Record<SideName, readonly IssueSnapshot[]>>;
  /** Cursors to be remembered when the cycle commits. */
  readonly cursors: Readonly<Record<SideName, string>>;
}

/** Twins that one cycle re-reads for the audit at most, when they are due. */
const auditShareMax = 100;

/** Observes both sides, adds what is due by itself, loads it, and keeps what really differs. */
export async function makeAgenda(memory: Memory): Promise<Agenda> {
  const touched = { public: new Map<string, Touched>(), private: new Map<string, Touched>() };
  const cursors = { public: '', private: '' };
  for (const side of sideNames) {
    const observation = await memory.ports.sides[side].reader.observe({
      cursor: memory.state.cursors[side],
      since: toServerTime(memory, side, memory.options.resumeFrom),
      knownVersion: (id) => twinOf(memory, side, id)?.versions[side] ?? memory.state.seen[side][id]?.version,
      isTwinned: (id) => memory.byIssue[side].has(id),
    });
    cursors[side] = observation.cursor;
    for (const entry of observation.touched) touched[side].set(entry.id, entry);
  }
  await addTriggered(memory, touched);
  const due = dueTwins(memory);
  forgetStrays(memory);
  for (const side of sideNames)
    await loadSide(
      memory,
      side,
      [...touched[side].values()].filter((entry) => wanted(memory, side, entry)),
    );
  await loadDue(memory, due);
  // I2: copies on both sides first, for each of them makes an issue of the other side no longer one to be copied.
  for (const side of sideNames) for (const issue of strangers(memory, side)) adoptCopy(memory, side, issue);
  await adoptByLedgers(memory);
  await auditTwins(memory, due.audit);
  if (memory.options.audit === 'full') await auditFiles(memory, due.audit);
  const origins = { public: originsOf(memory, 'public', touched.public), private: originsOf(memory, 'private', touched.private) };
  return { twins: await differing(memory, due), origins, cursors };
}

/** Without a date bound: on a backfill, and once an audit period for triggers that became true without an update. */
async function addTriggered(memory: Memory, touched: Record<SideName, Map<string, Touched>>): Promise<void> {
  const { options, state, ports } = memory;
  const isDue = ports.now() - state.triggersAuditedAt >= options.auditPeriodMs || options.audit === 'full';
  if (!isDue && !options.backfill) return;
  for (const side of sideNames) {
    const all = await ports.sides[side].reader.listTriggered(options.backfill ? 'work' : 'audit');
    const fresh = all.filter((entry) => !memory.byIssue[side].has(entry.id) && !isEnded(memory, side, entry.id));
    const taken = fresh.filter((entry) => isFresh(memory, side, entry));
    if (options.backfill && taken.length > 0)
      ports.onProgress(`Backfill: ${taken.length} issues of the ${side} side match the trigger`);
    for (const entry of taken) if (!touched[side].has(entry.id)) touched[side].set(entry.id, { ...entry, inScope: true });
  }
  state.triggersAuditedAt = ports.now();
}

/** Issues worth loading: of a twin, put under sync by the trigger, or perhaps a copy that a dead run made. */
function wanted(memory: Memory, side: SideName, entry: Touched): boolean {
  if (memory.byIssue[side].has(entry.id)) return true;
  if (!isEnded(memory, side, entry.id) && ((entry.inScope && isFresh(memory, side, entry)) || entry.marked)) return true;
  memory.state.seen[side][entry.id] = { version: entry.version, updatedAt: entry.updatedAt };
  return false;
}

/** Changed since the triggers were set, or older and asked for by a backfill. */
function isFresh(memory: Memory, side: SideName, entry: Touched): boolean {
  const { backfill, triggersSetAt } = memory.options;
  return backfill || toConnectionTime(memory, side, entry.updatedAt) >= triggersSetAt - clockGrainMs;
}

interface Due {
  /** Read on both sides whatever the listings say. */
  readonly audit: readonly Twin[];
  /** Read and planned because something was left undone. */
  readonly unfinished: ReadonlySet<string>;
  readonly retriedOrigins: Readonly<Record<SideName, readonly string[]>>;
}

function dueTwins(memory: Memory): Due {
  const { options, state, ports } = memory;
  const now = ports.now();
  const all = [...memory.twins.values()];
  const stale = all
    .filter((twin) => options.audit === 'full' || now - twin.auditedAt >= options.auditPeriodMs)
    .toSorted((a, b) => a.auditedAt - b.auditedAt);
  const audit = options.audit === 'full' ? stale : stale.slice(0, Math.max(auditShareMax, Math.ceil(all.length / 50)));
  const unfinished = new Set([...releaseParked(memory), ...changedByHold(memory)].filter((key) => memory.twins.has(key)));
  const retriedOrigins: Record<SideName, string[]> = { public: [], private: [] };
  for (const entry of state.retry) {
    if (entry.notBefore > now) continue;
    const twin = twinOf(memory, entry.side, entry.id);
    if (twin === undefined) retriedOrigins[entry.side].push(entry.id);
    else unfinished.add(twinKey(twin.base.ids));
  }
  for (const [key, firstSeenAt] of Object.entries(state.absences)) {
    const twin = key.split(' ')[0];
    if (twin !== undefined && memory.twins.has(twin) && now - firstSeenAt >= absenceConfirmedMs) unfinished.add(twin);
  }
  return { audit, unfinished, retriedOrigins };
}

/** What a tracker refused is reported again, and tried again, once a day. */
const parkedForMs = 24 * 3_600_000;

/** Takes what was refused a day ago off its list, and gives its twins' keys: they are read and planned anew. */
function releaseParked({ state, ports }: Memory): readonly string[] {
  const isOver = (entry: { readonly reportedAt: number }): boolean => ports.now() - entry.reportedAt >= parkedForMs;
  const over = state.parked.filter(isOver);
  state.parked = state.parked.filter((entry) => !isOver(entry));
  return over.map(({ twin }) => twin);
}

/** The twins of whose comments `hold`, set or taken back since the last cycle, makes something else: no listing shows them. */
function changedByHold({ options, state, twins }: Memory): readonly string[] {
  const hold = options.holdRestricted;
  if (state.hold === hold) return [];
  state.hold = hold;
  return [...twins].flatMap(([key, { base }]) =>
    base.comments.some(({ restricted, withheld }) => (hold && restricted) !== withheld) ? [key] : [],
  );
}

async function loadDue(memory: Memory, due: Due): Promise<void> {
  const unfinished = [...due.unfinished].flatMap((key) => memory.twins.get(key) ?? []);
  for (const side of sideNames) {
    await loadIds(memory, side, { ids: due.audit.map((twin) => twin.base.ids[side]), purpose: 'audit' });
    await loadIds(memory, side, {
      ids: [...unfinished.map((twin) => twin.base.ids[side]), ...due.retriedOrigins[side]],
      purpose: 'work',
    });
  }
  const now = memory.ports.now();
  for (const twin of due.audit) twin.auditedAt = now;
}

async function loadSide(memory: Memory, side: SideName, entries: readonly Touched[]): Promise<void> {
  await loadIds(memory, side, { ids: entries.map((entry) => entry.id), purpose: 'work' });
}

/** Reads issues into the memory; what is gone is noted as seen absent, what cannot be told is left for later. */
export async function loadIds(
  memory: Memory,
  side: SideName,
  wish: { readonly ids: readonly string[]; readonly purpose: Purpose; readonly fresh?: boolean },
): Promise<ReadonlyMap<string, Loaded>> {
  const ids = [...new Set(wish.ids)].filter((id) => wish.fresh === true || !memory.snapshots[side].has(id));
  if (ids.length === 0) return new Map();
  const { reader } = memory.ports.sides[side];
  const askedAt = reader.serverTime();
  const loaded = await reader.load(ids, wish.purpose, { fresh: wish.fresh ?? false });
  for (const id of ids) if (askedAt !== undefined) memory.readAt[side].set(id, askedAt);
  for (const [id, outcome] of loaded) {
    if (outcome.kind !== 'gone') forgetAbsence(memory, side, id);
    if (outcome.kind === 'present') {
      memory.snapshots[side].set(id, outcome.issue);
      noteReadability(memory, side, outcome.issue);
    } else {
      memory.snapshots[side].delete(id);
      noteMissing(memory, side, { id, outcome });
    }
  }
  return loaded;
}

/** The guard: what not everyone could read when it was last seen is not taken for removed. */
function noteReadability(memory: Memory, side: SideName, issue: IssueSnapshot): void {
  const twin = twinOf(memory, side, issue.id);
  if (twin === undefined || issue.readableByAll === !(twin.securedOn?.includes(side) ?? false)) return;
  const others = (twin.securedOn ?? []).filter((one) => one !== side);
  twin.securedOn = issue.readableByAll ? others : [...others, side];
}

/**
 * Two sightings in a row make an issue absent: one that finds it, here or elsewhere, or tells nothing, lies between. What was
 * edited on the other side meanwhile waited for it, and no listing shows that again.
 */
function forgetAbsence(memory: Memory, side: SideName, id: string): void {
  const twin = twinOf(memory, side, id);
  if (twin === undefined) return;
  const key = absenceKey(twin, { kind: 'issue', side });
  if (memory.state.absences[key] === undefined) return;
  delete memory.state.absences[key];
  const { origin, ids } = twin.base;
  lookAtNext(memory, { side: origin, id: ids[origin], reason: 'one of its issues was out of sight' });
}

/** Puts an issue on the list of things to be looked at, unless it waits there already. */
export function lookAtNext(
  memory: Memory,
  issue: { readonly side: SideName; readonly id: string; readonly reason: string },
): void {
  if (memory.state.retry.some((entry) => entry.side === issue.side && entry.id === issue.id)) return;
  const now = memory.ports.now();
  memory.state.retry.push({ ...issue, attempts: 0, notBefore: now, since: now });
}

function noteMissing(
  memory: Memory,
  side: SideName,
  missing: { id: string; outcome: Exclude<Loaded, { kind: 'present' }> },
): void {
  const { id, outcome } = missing;
  if (outcome.kind === 'unreadable' && outcome.isPassing === true) {
    noteUnreadable(memory, side, { id, outcome });
    return;
  }
  const twin = twinOf(memory, side, id);
  if (twin === undefined) {
    memory.state.retry = memory.state.retry.filter((entry) => entry.side !== side || entry.id !== id);
    return;
  }
  if (outcome.kind === 'gone') {
    memory.state.absences[absenceKey(twin, { kind: 'issue', side })] ??= memory.ports.now();
  } else {
    const reason =
      outcome.kind === 'moved' ? `was moved to ${outcome.to}; nothing is written until it is back or unlinked` : outcome.reason;
    holdTwin(memory, twin, { side, reason });
  }
}

/** Its change was listed once and is not listed again, so it stays on the retry list, twin or not. */
function noteUnreadable(memory: Memory, side: SideName, issue: { readonly id: string; readonly outcome: Unreadable }): void {
  const { id, outcome } = issue;
  const { reason, retryAfterMs } = outcome;
  if (retryAfterMs !== undefined) {
    deferUntilRoom(memory, { side, id }, { reason, retryAfterMs });
    return;
  }
  const twin = twinOf(memory, side, id);
  const issues = twin === undefined ? { public: undefined, private: undefined } : linksOf(memory, twin);
  const what = twin === undefined ? `issue ${id}` : 'issue';
  // It is asked for once more as its twin is settled: that is no second failure, and no longer wait.
  const isTold = ({ what: known, issues: of }: FailureLine): boolean => known === what && of.public?.url === issues.public?.url;
  if (twin !== undefined && memory.failures.some(isTold)) return;
  retryLater(memory, { side, id, reason, ...(twin === undefined ? {} : { issue: twin.links[side] }) });
  memory.failures.push({
    issues,
    what,
    error: 'passing',
    message: reason,
    next: 'It is read again by itself; until then it waits, and the other issues go on.',
    parked: false,
  });
}

/** Their copies are read whatever the origins say: what a copy says may differ from what both were when last in step (I3). */
export async function adoptByLedgers(memory: Memory): Promise<void> {
  const adopted = sideNames.flatMap((side) =>
    strangers(memory, side).flatMap((issue) => adoptByLedger(memory, side, issue) ?? []),
  );
  for (const side of sideNames) await loadIds(memory, side, { ids: adopted.map(({ base }) => base.ids[side]), purpose: 'work' });
}

/** Issues read in this cycle that belong to no twin. */
function strangers(memory: Memory, side: SideName): readonly IssueSnapshot[] {
  return [...memory.snapshots[side].values()].filter((issue) => !memory.byIssue[side].has(issue.id));
}

/** Issues in scope without a twin that are nobody's copy. */
function originsOf(memory: Memory, side: SideName, touched: ReadonlyMap<string, Touched>): readonly IssueSnapshot[] {
  const origins: IssueSnapshot[] = [];
  for (const issue of strangers(memory, side)) {
    const waiting = memory.state.retry.find((entry) => entry.side === side && entry.id === issue.id);
    // What waits was in scope when it was last seen, unless it changed since.
    const inScope = waiting?.asked ?? touched.get(issue.id)?.inScope ?? waiting !== undefined;
    const isMeant = inScope && !isEnded(memory, side, issue.id);
    const isOrigin = !issue.marked && isMeant;
    if (isOrigin) {
      origins.push(issue);
      continue;
    }
    if (isMeant && issue.marked) holdStray(memory, side, issue);
    memory.state.seen[side][issue.id] = { version: issue.version, updatedAt: issue.updatedAt };
    // Whatever it waited for, there is nothing more to be done for it until it changes.
    memory.state.retry = memory.state.retry.filter((entry) => entry.side !== side || entry.id !== issue.id);
  }
  return origins.toSorted((a, b) => a.updatedAt - b.updatedAt);
}

/** The twins that have something to do: a side differs, something was left, or they are new to the state. */
async function differing(memory: Memory, due: Due): Promise<readonly Twin[]> {
  const work = new Map<string, Twin>();
  const parked = new Set(memory.state.parked.map(({ twin }) => twin));
  for (const twin of memory.twins.values()) {
    const key = twinKey(twin.base.ids);
    const known = sideNames.flatMap((side) => {
      const snapshot = memory.snapshots[side].get(twin.base.ids[side]);
      return snapshot === undefined ? [] : [{ side, snapshot }];
    });
    if (known.length === 0 && !due.unfinished.has(key)) continue;
    // What was refused may be wanted no more, though nothing differs: a plan tells.
    const isUndone = due.unfinished.has(key) || memory.ledgerDue.has(key) || parked.has(key);
    if (isUndone || known.some((entry) => differs(memory, twin, entry))) work.set(key, twin);
    else keepAsItIs(twin, known);
    if (!work.has(key)) settleAudited(memory, twin);
  }
  await loadCounterparts(memory, [...work.values()]);
  return [...work.values()].toSorted((a, b) => oldestOf(memory, a) - oldestOf(memory, b));
}

/** A twin in step: after a rebuild, which knows fingerprints alone, its text is what the next edits are merged by (I3). */
function keepAsItIs(twin: Twin, known: readonly { readonly side: SideName; readonly snapshot: IssueSnapshot }[]): void {
  for (const { side, snapshot } of known) {
    twin.versions = { ...twin.versions, [side]: snapshot.version };
    if (side === 'public' && twin.base.cut === undefined) twin.baseText ??= baseTextOf(snapshot.description.root);
  }
}

/** What waits is over once both sides were read and neither differs: one alone shows nothing of what the other waits with. */
function settleAudited(memory: Memory, twin: Twin): void {
  if (bothOf(memory, twin) === undefined) return;
  retryDone(memory, twin.base.ids);
  const prefix = `${twinKey(twin.base.ids)} `;
  for (const key of Object.keys(memory.state.absences)) if (key.startsWith(prefix)) delete memory.state.absences[key];
}

/**
 * The other sides of twins that differ, in bulk only where that saves requests: a few are read one by one right before
 * their edits (settle-twin.ts), which is the re-read that step 7 of a cycle asks for.
 */
async function loadCounterparts(memory: Memory, work: readonly Twin[]): Promise<void> {
  if (!memory.options.dryRun) return;
  for (const side of sideNames) await loadIds(memory, side, { ids: work.map((twin) => twin.base.ids[side]), purpose: 'work' });
}

function oldestOf(memory: Memory, twin: Twin): number {
  return Math.min(
    ...sideNames.map((side) => memory.snapshots[side].get(twin.base.ids[side])?.updatedAt ?? Number.POSITIVE_INFINITY),
  );
}
