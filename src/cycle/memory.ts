import { journaledSide } from './journal.ts';
import type { CycleOptions, CyclePorts, Intent } from './ports.ts';
import type { State, Twin } from './state.ts';
import { sideNames, type IssueSnapshot, type Pair, type SideName } from '../core/model.ts';
import type { AbsentItem } from '../core/plan.ts';
import type { AskedOutcome, ChangeLine, ConflictLine, FailureLine, HeldLine, IssueLink } from '../core/result.ts';
import type { TypeRule } from '../core/basic-rules.ts';
import type { Verified } from '../core/stamp.ts';
import { twinKey, type AttachmentPair, type CommentPair } from '../core/twin.ts';
import { SallyportError } from '../errors.ts';
import type { Side } from '../sides/side.ts';

/** One thing that the audit found to differ between the two sides of a twin that were held to be in step. */
export interface Finding {
  readonly twin: Twin;
  readonly what: string;
  /** `plan`, `text`: its twin's plan mends it, a field's text by the origin's. `leave`: a person has to look. The rest is done after all plans. */
  readonly mend:
    | { readonly kind: 'plan' | 'text' | 'leave' | 'ledger' | 'stamp' }
    | {
        readonly kind: 'comment-stamp' | 'doubled-comment';
        readonly side: SideName;
        readonly pair: CommentPair;
        readonly id: string;
      }
    | { readonly kind: 'file'; readonly pair: AttachmentPair }
    | { readonly kind: 'extra-file'; readonly id: string };
  repaired: boolean;
}

/** One edit of a person's item by this cycle: what it was planned on, and since when the item's history is to be read. */
export interface Edited {
  readonly twin: Twin;
  readonly side: SideName;
  /** This server's time, before the item was read for the last time. */
  readonly since: number;
  readonly commentIds: readonly string[];
  /** The issue as the edit was planned on it; undefined for an edit of a run that died. */
  readonly seen: IssueSnapshot | undefined;
  /** Of an edit of a run that died: what the state knew of the twin, until when by this server's time; not where it was lost, too. */
  readonly known?: (Pick<Twin, 'base' | 'baseText'> & { readonly at: number }) | undefined;
  /** When the item was read before earlier writes that no history has told of yet, by this server's time. */
  readonly readings?: readonly number[] | undefined;
}

/** A twin that ended in this cycle. */
export interface Ending {
  readonly ids: Pair<string>;
  readonly reason: 'removed' | 'unlinked';
}

/** An issue that the directive named. */
export interface Asked {
  readonly side: SideName;
  readonly id: string;
  readonly outcome: AskedOutcome;
  /** Where its twin is none any more, or not yet. */
  readonly issues: Pair<IssueLink | undefined>;
}

/** Everything that one cycle knows while it runs. The only mutable thing in cycle/; each step is handed it. */
export interface Memory {
  readonly ports: CyclePorts;
  readonly options: CycleOptions;
  readonly state: State;
  readonly twins: Map<string, Twin>;
  readonly byIssue: Record<SideName, Map<string, string>>;
  /** Issues as read in this cycle. */
  readonly snapshots: Record<SideName, Map<string, IssueSnapshot>>;
  readonly typeRules: Partial<Record<SideName, TypeRule>>;
  /** What became of the tokens that were checked: each round asks again for those of all comments. */
  readonly stamps: Map<string, Verified>;
  readonly changes: ChangeLine[];
  readonly conflicts: ConflictLine[];
  readonly held: HeldLine[];
  readonly failures: FailureLine[];
  /** What the audit found to differ, and how it is mended (audit.ts). */
  readonly findings: Finding[];
  readonly ended: { issues: Pair<IssueLink | undefined>; reason: string }[];
  /** The same twins for the record. */
  readonly endings: Ending[];
  /** Pairs that this cycle made twins on request. */
  readonly connected: Pair<string>[];
  /** Issues of connected pairs that still carry the stamps of an earlier twin. */
  readonly leftMarks: { readonly side: SideName; readonly id: string }[];
  readonly asked: Asked[];
  resigned: { stamps: number; left: number } | undefined;
  readonly warnings: string[];
  readonly startedAtMs: number;
  /** When the cycle began, connection time. */
  readonly beganAt: number;
  writes: number;
  removals: number;
  deferred: number;
  ignoredStamps: number;
  guard: string | undefined;
  /** The twins whose removals the guard counted; of others, read only later on, nothing counts as removed in this cycle. */
  guarded: ReadonlySet<Twin>;
  /** Permissions that were read in this cycle, with those that the account is known to have had. */
  readonly permissionsSeen: Partial<Record<SideName, readonly string[]>>;
  intentWritten: boolean;
  /** How often in a row fields came back differently before this cycle wrote them (returned.ts). */
  readonly returnedCounts: Map<string, number>;
  /** Twins whose pairs or tombstones are newer than the ledger on the public side. */
  readonly ledgerDue: Set<string>;
  /** What the account may not do (denied.ts). */
  readonly denied: Set<string>;
  /** Twins of which a side refused several fields at once: each is written alone there (write-fields.ts). */
  readonly fieldsAlone: Set<string>;
  /** Edits made in this cycle whose history is still to be looked at (verify-writes.ts). */
  edited: Edited[];
  /** People's edits that were put back or reported: what put them back is looked at in turn, and its history tells them again. */
  readonly repaired: Set<string>;
  /** Comments whose edits were put back: when a person wrote them, and when this run did; the server's times. */
  readonly putBack: Map<string, { readonly editedAt: number; readonly writtenAt: number }>;
  /** Twins known by the stamp of their copy alone: what the tracker made of that is still to be learnt. */
  takenUp: { readonly twin: Twin; readonly side: SideName }[];
  /** When each issue was last read, by its server's clock; undefined before its first answer. */
  readonly readAt: Record<SideName, Map<string, number>>;
  /** Origins whose create may have happened, by the side of the copy: the intent keeps naming them. */
  readonly unsure: Record<SideName, Map<string, Intent>>;
}

export function createMemory(given: CyclePorts, options: CycleOptions, state: State): Memory {
  const ports = withJournal(given, options, (side, id) => memory.byIssue[side].get(id));
  const memory: Memory = {
    ports,
    options,
    state,
    twins: new Map(),
    byIssue: { public: new Map(), private: new Map() },
    snapshots: { public: new Map(), private: new Map() },
    typeRules: {},
    stamps: new Map(),
    changes: [],
    conflicts: [],
    held: [],
    failures: [],
    findings: [],
    ended: [],
    endings: [],
    connected: [],
    leftMarks: [],
    asked: [],
    resigned: undefined,
    warnings: [],
    startedAtMs: ports.monotonicMs(),
    beganAt: ports.now(),
    writes: 0,
    removals: 0,
    deferred: 0,
    ignoredStamps: 0,
    guard: undefined,
    guarded: new Set(),
    permissionsSeen: {},
    intentWritten: false,
    returnedCounts: new Map(),
    ledgerDue: new Set(state.ledgersDue),
    denied: new Set(),
    fieldsAlone: new Set(),
    edited: [],
    repaired: new Set(),
    putBack: new Map(),
    takenUp: [],
    readAt: { public: new Map(), private: new Map() },
    unsure: { public: new Map(), private: new Map() },
  };
  for (const twin of state.twins) remember(memory, twin);
  return memory;
}

/** The ports with sides that note every effect, where an audit log is kept. */
function withJournal(
  ports: CyclePorts,
  options: CycleOptions,
  twinOfIssue: (side: SideName, id: string) => string | undefined,
): CyclePorts {
  const { journal, now } = ports;
  if (journal === undefined) return ports;
  let effects = 0;
  const side = (name: SideName): Side =>
    journaledSide(ports.sides[name], {
      journal,
      name,
      options,
      now,
      nextEffect: () => {
        effects += 1;
        return effects;
      },
      twinOf: (id) => twinOfIssue(name, id),
    });
  return { ...ports, sides: { public: side('public'), private: side('private') } };
}

/** To be called before the request, so that an edit whose answer is lost is looked at, too (verify-writes.ts). */
export function noteEdit(
  memory: Memory,
  twin: Twin,
  edit: { readonly side: SideName; readonly commentIds: readonly string[] },
): void {
  const { side, commentIds } = edit;
  const id = twin.base.ids[side];
  const since = memory.readAt[side].get(id) ?? memory.ports.sides[side].reader.serverTime() ?? 0;
  memory.edited.push({ twin, side, since, commentIds, seen: memory.snapshots[side].get(id) });
}

/** Both snapshots of a twin, where both were read. */
export function bothOf(memory: Memory, twin: Twin): Pair<IssueSnapshot> | undefined {
  const publicIssue = memory.snapshots.public.get(twin.base.ids.public);
  const privateIssue = memory.snapshots.private.get(twin.base.ids.private);
  return publicIssue === undefined || privateIssue === undefined ? undefined : { public: publicIssue, private: privateIssue };
}

/** The pairs of files of a twin are others now: its ledger is to be written. */
export function setFiles(memory: Memory, twin: Twin, attachments: Twin['base']['attachments']): void {
  twin.base = { ...twin.base, counter: twin.base.counter + 1, attachments };
  memory.ledgerDue.add(twinKey(twin.base.ids));
}

/** Forgets the pair of a copy that was taken away, and the copy as it was read. */
export function dropFile(memory: Memory, twin: Twin, gone: { readonly side: SideName; readonly id: string }): void {
  const left = twin.base.attachments.filter((pair) => pair.ids[gone.side] !== gone.id);
  setFiles(memory, twin, left);
  const issue = memory.snapshots[gone.side].get(twin.base.ids[gone.side]);
  if (issue === undefined) return;
  const attachments = issue.attachments.filter((file) => file.id !== gone.id);
  memory.snapshots[gone.side].set(issue.id, { ...issue, attachments });
}

/** Conflicts stand in the log before anything is written by them: a run that dies has no other report. */
export function noteConflict(memory: Memory, conflict: ConflictLine): void {
  memory.conflicts.push(conflict);
  const { issues, outcome } = conflict;
  const [field = ''] = conflict.field.split(' ');
  const stands = outcome === 'merged' ? 'both edits are merged' : `the edit of the ${outcome} side stands`;
  memory.ports.onProgress(`Conflict: ${field} of ${issues.public?.url ?? ''} and ${issues.private?.url ?? ''}: ${stands}`);
}

/** Registers a twin, or replaces what is known of it. */
export function remember(memory: Memory, twin: Twin): void {
  const key = twinKey(twin.base.ids);
  memory.twins.set(key, twin);
  for (const side of sideNames) memory.byIssue[side].set(twin.base.ids[side], key);
}

export function forget(memory: Memory, twin: Twin): void {
  memory.twins.delete(twinKey(twin.base.ids));
  for (const side of sideNames) memory.byIssue[side].delete(twin.base.ids[side]);
}

/** The twin that an issue of this side belongs to. */
export function twinOf(memory: Memory, side: SideName, id: string): Twin | undefined {
  return memory.twins.get(memory.byIssue[side].get(id) ?? '');
}

export function isEnded(memory: Memory, side: SideName, id: string): boolean {
  return memory.state.ended.some((pair) => pair[side] === id);
}

/** The state's name for an item seen absent; `issue` stands for the whole twin's side. */
export function absenceKey(twin: Twin, item: AbsentItem | { readonly kind: 'issue'; readonly side: SideName }): string {
  return `${twinKey(twin.base.ids)} ${item.side} ${item.kind}${'id' in item ? ` ${item.id}` : ''}`;
}

/** The side of an item by its `absenceKey`. */
export function sideOfAbsence(key: string): SideName {
  return key.split(' ')[1] === 'public' ? 'public' : 'private';
}

/** True once the cycle's time or number of changes is used up: what is left waits for the next cycle. */
export function isSpent(memory: Memory): boolean {
  const elapsedMs = memory.ports.monotonicMs() - memory.startedAtMs;
  return elapsedMs >= memory.options.timeBudgetMs || memory.writes >= memory.options.maxChanges;
}

/** Notes an issue for the next cycle because this one has no room left. */
export function defer(memory: Memory, side: SideName, id: string): void {
  deferFor(memory, { side, id }, { reason: 'left by the time budget or max-changes', waitMs: 0 });
}

function deferFor(
  memory: Memory,
  { side, id }: { readonly side: SideName; readonly id: string },
  why: { readonly reason: string; readonly waitMs: number },
): void {
  memory.deferred += 1;
  const now = memory.ports.now();
  const notBefore = now + why.waitMs;
  const index = memory.state.retry.findIndex((entry) => entry.side === side && entry.id === id);
  const known = memory.state.retry[index];
  if (known === undefined) memory.state.retry.push({ side, id, attempts: 0, notBefore, since: now, reason: why.reason });
  // What somebody edited of an issue that waits for its next try does not wait for that.
  else memory.state.retry[index] = { ...known, notBefore: Math.min(known.notBefore, notBefore) };
}

/** No server is taken at its word for longer: by then it is asked again. */
const waitMsMax = 3_600_000;

/**
 * Defers what a server's rate limit left no room for: nothing was sent, and nothing is wrong with it. False for any other error.
 */
export function deferIfLimited(memory: Memory, at: { readonly side: SideName; readonly id: string }, error: unknown): boolean {
  if (!(error instanceof SallyportError) || error.kind !== 'passing' || error.retryAfterMs === undefined) return false;
  if (error.outcomeUnknown) return false;
  deferUntilRoom(memory, at, { reason: error.message, retryAfterMs: error.retryAfterMs });
  return true;
}

/** Defers what a server said when to ask for again. */
export function deferUntilRoom(
  memory: Memory,
  at: { readonly side: SideName; readonly id: string },
  { reason, retryAfterMs }: { readonly reason: string; readonly retryAfterMs: number },
): void {
  deferFor(memory, at, { reason, waitMs: Math.min(retryAfterMs, waitMsMax) });
}

/** Milliseconds until the n-th retry of a failed item: from one minute, doubled up to six hours. */
export function backoffMs(attempts: number): number {
  return Math.min(60_000 * 2 ** Math.min(attempts, 10), 6 * 3_600_000);
}

/** Puts an issue on the retry list with the next backoff. */
export function retryLater(
  memory: Memory,
  entry: { side: SideName; id: string; issue?: IssueLink; reason: string; notBefore?: number },
): void {
  const now = memory.ports.now();
  const index = memory.state.retry.findIndex((other) => other.side === entry.side && other.id === entry.id);
  const before = memory.state.retry[index];
  const attempts = (before?.attempts ?? 0) + 1;
  const next = {
    side: entry.side,
    id: entry.id,
    ...(entry.issue === undefined ? {} : { key: entry.issue.key, url: entry.issue.url }),
    reason: entry.reason,
    attempts,
    notBefore: entry.notBefore ?? now + backoffMs(attempts - 1),
    since: before?.since ?? now,
    asked: before?.asked,
  };
  if (index === -1) memory.state.retry.push(next);
  else memory.state.retry[index] = next;
}

export function retryDone(memory: Memory, twinIds: Pair<string>): void {
  memory.state.retry = memory.state.retry.filter((entry) => entry.id !== twinIds[entry.side]);
}

/** What `putBack` knows a comment by. */
export function commentKey(side: SideName, id: string): string {
  return `${side} ${id}`;
}

export function linksOf(memory: Memory, twin: Twin): Pair<IssueLink | undefined> {
  const link = (side: SideName): IssueLink | undefined => {
    const { key, url } = memory.snapshots[side].get(twin.base.ids[side]) ?? twin.links[side];
    return key === '' ? undefined : { key, url };
  };
  return { public: link('public'), private: link('private') };
}
