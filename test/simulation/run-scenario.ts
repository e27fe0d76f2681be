import { createHash } from 'node:crypto';
import { parseConfig } from '../../src/config/config.ts';
import type { RawInputs } from '../../src/config/inputs.ts';
import { SallyportError } from '../../src/errors.ts';
import { perform } from '../../src/operations/perform.ts';
import type { Runtime } from '../../src/operations/runtime.ts';
import type { CycleReport, Outcome } from '../../src/report/outcome.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import type { StateStore } from '../../src/store/store.ts';
import { inStep, removedByNobody, shownInStep } from './invariants.ts';
import type { Evidence, Reported } from './invariants.ts';
import { forgeStamp } from './forge-stamp.ts';
import { hideComment, hideMany, keepForLostRole, loseRole, narrowComments, removalsMax, removeInTurns } from './hide-comment.ts';
import { becomeUnseen, createLedger, noteLedgerWrite, noteRefused } from './ledger.ts';
import { gitHubToken, jiraToken, repository, siteHost } from './names.ts';
import { leaks, toggleRestriction } from './restrict-comment.ts';
import { actsOnWhatIsWritten, editsAroundReadings, excuseUnread, excuseUnreadType, noteUnread, sayInARow } from './meet-write.ts';
import { livingTwins } from './living-twins.ts';
import type { LivingTwin } from './living-twins.ts';
import { withEarlierStamps } from './earlier-stamps.ts';
import { writeNewerStamp } from './newer-stamp.ts';
import { observeCopies } from './observe-copies.ts';
import { editAndBack } from './put-back.ts';
import { quoteStamp } from './quote-stamp.ts';
import { returnIssues } from './return-issues.ts';
import { carryOut, leave } from './people.ts';
import type { Stage } from './people.ts';
import type { Act, CycleStep, Scenario, TroubleKind } from './scenario.ts';
import { echoes, noteCopied, noteRetold } from './stored-otherwise.ts';
import type { Trackers } from './trackers.ts';
import { isWrite, takeFault, unanswered, writesTo } from './write-requests.ts';
import { createTrackers, orderOf } from './trackers.ts';

/** What a run came to. Equal for equal scenarios, byte for byte. */
export interface RunOutcome {
  readonly violations: readonly string[];
  readonly cycles: number;
  readonly requests: number;
  readonly acts: number;
  readonly faults: Readonly<Record<string, number>>;
  /** One line for each request, act and cycle, as they happened. */
  readonly transcript: readonly string[];
}

const minuteMs = 60_000;

/** Before the version that every record asks for. */
const olderVersion = '0.0.9';

/** What every record allows, and the version of the other runners. */
const earlierVersion = '0.1.0';
const usualVersion = '0.2.0';

/** Troubles that go on for longer than it takes until what is not there counts as removed. */
const lasting: ReadonlySet<TroubleKind> = new Set([
  'role-away',
  'permission-away',
  'comments-away',
  'sees-own-alone',
  'history-away',
  'kept-for-lost-role',
]);

/** Troubles in which somebody edits the very item that is being written. */
const meeting: ReadonlySet<TroubleKind> = new Set(['edit-meets-write', 'meeting-then-death', 'history-away']);

/** What is refused waits a day; its issue is looked at again in the cycle after that. */
const refusedMsMax = 24 * 60 * minuteMs;

/** A write without an answer is looked for a minute later, and then twice as late each time; no schedule is as close. */
const tryMs = 4 * minuteMs;

/** A dead run's lease keeps others out for so long at most. */
const leaseMsMax = 4 * minuteMs;

class Killed extends Error {}

/** Plays a scenario, lets everything come to rest, and says which invariants do not hold. */
export async function runScenario(scenario: Scenario, look?: (trackers: Trackers) => void): Promise<RunOutcome> {
  const play = createPlay(scenario);
  try {
    await play.connect();
    for (const step of scenario.steps) {
      await play.step(step);
      if (play.violations.length > 0) break;
    }
    if (play.violations.length === 0) await play.settle();
  } catch (error) {
    play.violations.push(`the run stopped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  look?.(play.trackers);
  play.violations.push(...play.trackers.repeats.seen, ...play.trackers.violations().map((line) => `contract: ${line}`));
  return {
    violations: [...new Set(play.violations)],
    cycles: play.cycles,
    requests: play.trackers.requests,
    acts: play.acts,
    faults: Object.fromEntries([...play.trackers.faultsSeen, ...play.troubles].toSorted()),
    transcript: play.transcript,
  };
}

function createPlay(scenario: Scenario) {
  const trackers = createTrackers(scenario.settings);
  const ledger = createLedger();
  const reported: Reported[] = [];
  const violations: string[] = [];
  const transcript: string[] = [];
  const troubles = new Map<TroubleKind, number>();
  const states = new Map<string, Uint8Array>();
  const stateOrder: string[] = [];
  const evidence: Evidence = { trackers, ledger, reported, settings: scenario.settings };
  let code = '';
  /** Of a connection over the same pair that was revoked before this one began, and whose schedule nobody switched off. */
  let oldCode = '';
  let version = usualVersion;
  let random = 0;
  /** Requests since the cycle at hand began; people, faults and death go by it. */
  let sinceStart = 0;
  let killedAt = Number.NEGATIVE_INFINITY;
  let stateTrouble: TroubleKind | undefined;
  /** When a run last waited in vain for the answer to something that it wrote. */
  let unansweredAt = Number.NEGATIVE_INFINITY;
  /** The last run has not committed. */
  let isUnfinished = false;
  /** It could not put an edit back, and told that the next one will. */
  let isUnrepaired = false;
  const unlinked: LivingTwin[] = [];

  const play = {
    trackers,
    violations,
    transcript,
    troubles,
    cycles: 0,
    acts: 0,
    connect,
    step,
    settle,
  };
  return play;

  function stage(): Stage {
    return { trackers, ledger, at: play.cycles };
  }

  function act(one: Act): void {
    noteRetold(trackers, ledger, one);
    trackers.repeats.forget();
    const first = ledger.nextWord;
    const done = carryOut(stage(), one);
    if (done) play.acts += 1;
    if (one.what === 'issue.clone') noteCopied(trackers, ledger, first);
    for (let word = first; word < ledger.nextWord; word += 1) ledger.writtenAt.set(`w${word}`, trackers.clock.now());
    transcript.push(
      `${done ? 'act' : 'act (nothing there)'} ${one.side} ${one.what} ${one.issue} ${one.item}, next word ${ledger.nextWord}`,
    );
  }

  async function connect(): Promise<void> {
    const hasOldCron = scenario.steps.some((one) => one.kind === 'cycle' && one.trouble?.kind === 'old-cron');
    if (hasOldCron) {
      oldCode = await connectOnce();
      await run({ operation: 'revoke', 'invitation-code': oldCode, ...trackers.there.inputs }, quiet);
    }
    code = await connectOnce();
  }

  async function connectOnce(): Promise<string> {
    const outcome = await run(
      {
        operation: 'initiate',
        'jira-url': `https://${siteHost}`,
        'jira-project': 'ACME',
        'jira-email': 'sync@example.org',
        'jira-token': jiraToken,
        unsealed: 'true',
      },
      quiet,
    );
    if (outcome.kind !== 'initiated' || outcome.code === undefined) throw new Error('no code');
    await run({ operation: 'accept', 'invitation-code': outcome.code, ...trackers.there.inputs }, quiet);
    return outcome.code;
  }

  async function step(one: Scenario['steps'][number]): Promise<void> {
    if (one.kind === 'act') act(one.act);
    else if (one.kind === 'wait') trackers.clock.advance(one.minutes * minuteMs);
    else await cycle(one);
    violations.push(
      ...observeCopies(trackers, ledger),
      ...removedByNobody(evidence, { isUnfinished: isUnfinished || isUnrepaired }),
      ...echoes(trackers, ledger),
      ...(scenario.settings.holdRestricted ? leaks(stage()) : []),
    );
  }

  async function cycle(one: CycleStep): Promise<void> {
    sinceStart = 0;
    ledger.takenMeanwhile = [];
    trackers.order = orderOf(one.order);
    const acts = [...one.acts];
    const faults = [...one.faults];
    const { trouble } = one;
    if (trouble?.kind === 'comments-away' || trouble?.kind === 'removals-in-turns') await sayMuch(trouble.after);
    if (trouble !== undefined) troubles.set(trouble.kind, (troubles.get(trouble.kind) ?? 0) + 1);
    if (trouble !== undefined) transcript.push(`trouble ${trouble.kind} after ${trouble.after} ${trouble.side}`);
    const mend = trouble === undefined ? (): void => undefined : begin(trouble);
    let meets = trouble !== undefined && meeting.has(trouble.kind);
    let hasMet = false;
    const around = trouble?.kind === 'edited-around-readings' ? editsAroundReadings(trouble.after / 2) : () => [];
    const hooks: Hooks = {
      before: (request) => {
        for (const due of acts.filter((entry) => entry.after <= sinceStart)) {
          acts.splice(acts.indexOf(due), 1);
          act(due.act);
        }
        if (meets && sinceStart >= (trouble?.after ?? 0) / 2)
          for (const met of actsOnWhatIsWritten(stage(), request)) {
            act(met);
            meets = false;
            hasMet = true;
          }
        for (const edit of around(request, sinceStart)) act(edit);
        if (trouble?.kind === 'restriction-changed' && sinceStart === trouble.after) restrict(trouble.after);
        trackers.nextFault = takeFault(faults, { request, sinceStart });
        if (trackers.nextFault !== undefined && unanswered.has(trackers.nextFault) && isWrite(request)) {
          unansweredAt = trackers.clock.now();
          becomeUnseen(ledger);
        }
      },
      isLast: () => {
        const dies = trouble?.kind === 'kill' ? sinceStart >= trouble.after : trouble?.kind === 'meeting-then-death' && hasMet;
        if (!dies) return false;
        killedAt = trackers.clock.now();
        becomeUnseen(ledger);
        return true;
      },
    };
    if (trouble?.kind === 'older-runner') await beOlder();
    if (trouble?.kind === 'newer-stamp') await meetNewerStamp(trouble.after);
    if (trouble?.kind === 'unlinked') await unlink(trouble.after);
    if (trouble?.kind === 'removals-in-turns') await removeTwice();
    if (trouble?.kind === 'stamp-quoted') quote(trouble);
    if (trouble?.kind === 'put-back') await putBack(trouble.after, trouble.side === 'public' ? 'copy' : 'origin');
    const inputs = trouble?.kind === 'trigger-changed' ? { 'private-trigger': trackers.there.otherTrigger } : {};
    const runners = trouble?.kind === 'two-runners' ? 2 : 1;
    const mayFail = trouble !== undefined || faults.length > 0 || one.acts.length > 0;
    const stalling: Hooks = trouble?.kind === 'runner-stalls' ? { ...hooks, hang: stall(trouble.after, inputs) } : hooks;
    const others =
      trouble?.kind === 'old-cron' ? [beRefused('the schedule of a revoked connection', { 'invitation-code': oldCode })] : [];
    await Promise.all([...others, ...Array.from({ length: runners }, () => attempt(stalling, inputs, mayFail))]);
    for (let more = 0; trouble !== undefined && lasting.has(trouble.kind) && more < 2; more += 1) {
      trackers.clock.advance(11 * minuteMs);
      await attempt(hooks, inputs, true);
    }
    for (const late of acts) act(late.act);
    if (trouble?.kind === 'restriction-changed' && sinceStart < trouble.after) restrict(trouble.after);
    mend();
  }

  /** More comments on one issue than may be removed at once, and their copies. */
  async function sayMuch(issue: number): Promise<void> {
    sayInARow(act, { side: 'public', issue }, removalsMax + 5);
    trackers.clock.advance(minuteMs);
    await attempt(quiet, {}, true);
  }

  /** People remove many comments; once their copies are gone, a server shows as many again no more for a while. */
  async function removeTwice(): Promise<void> {
    const hideMore = removeInTurns(trackers, ledger);
    if (hideMore === undefined) return;
    await runThrice();
    const show = hideMore();
    if (show === undefined) return;
    await runThrice();
    show();
  }

  function restrict(nth: number): void {
    const next = toggleRestriction(stage(), nth);
    transcript.push(`restriction of comment ${nth} changed`);
    if (next !== undefined) act(next);
  }

  /** The write of an edited comment to the other side is not answered, and somebody puts the old words back: an edit like any other. */
  async function putBack(nth: number, on: 'origin' | 'copy'): Promise<void> {
    const said = editAndBack(stage(), nth, on);
    if (said === undefined) return;
    act(said.edit);
    trackers.clock.advance(minuteMs);
    let isLost = false;
    // However often it is sent.
    const lose = (request: Request): void => {
      if (!said.isOfOther(request)) return;
      isLost = true;
      unansweredAt = trackers.clock.now();
      becomeUnseen(ledger);
      trackers.nextFault = 'lost-after';
    };
    await attempt({ ...quiet, before: lose }, {}, true);
    // What is edited and put back before anything was written is no edit that anybody could see.
    if (!isLost) return;
    // What is edited in the seconds around a commit may be that run's work, or somebody's.
    trackers.clock.advance(minuteMs);
    act(said.back);
  }

  /** With the state lost, too, in half the runs: then it is known by what stands on the comments alone which of them are copies. */
  function quote({ after, side }: NonNullable<CycleStep['trouble']>): void {
    const said = quoteStamp(trackers, after);
    if (said === undefined) return;
    act(said);
    if (side === 'public') loseState();
  }

  /** Long enough for what is not there to count as removed. */
  async function runThrice(): Promise<void> {
    for (let more = 0; more < 3; more += 1) {
      trackers.clock.advance(11 * minuteMs);
      await attempt(quiet, {}, true);
    }
  }

  /** A runner that was upgraded, and no longer is, meets what the newer one wrote: it has to read all of it. */
  async function meetNewerStamp(nth: number): Promise<void> {
    const twin = livingTwin(nth);
    const restore = twin === undefined ? undefined : writeNewerStamp(trackers, twin, code);
    if (restore === undefined) return;
    // By then searches show it, and a dead run's lease is over.
    trackers.clock.advance(6 * minuteMs);
    loseState();
    await beRefused('a runner older than a stamp', { 'invitation-code': code });
    restore();
  }

  /** An operator ends a twin, and the state that knows it is lost: from then on no write goes to its issues. */
  async function unlink(nth: number): Promise<void> {
    const twin = livingTwin(nth);
    const issue = twin === undefined ? undefined : trackers.jira.people.issue(twin.public);
    if (twin === undefined || issue === undefined) return;
    const report = await attempt(quiet, { operation: 'unlink', issues: issue.key }, true);
    if (report === undefined) return;
    leave(stage(), 'public', twin.public);
    unlinked.push(twin);
    loseState();
  }

  function livingTwin(nth: number): LivingTwin | undefined {
    const twins = livingTwins(trackers, ledger);
    return twins[nth % Math.max(1, twins.length)];
  }

  function loseState(): void {
    states.clear();
    noteStateLost();
  }

  /** Nothing that is kept knows what the last runs made, until one has found it. */
  function noteStateLost(): void {
    ledger.stateLostAt = Number.POSITIVE_INFINITY;
  }

  /**
   * A process that hangs, as on a machine that is suspended, until its lease is over and another run has been through. Only
   * where it has nothing under way: one request that was checked before and is sent after is within what a lease allows.
   * To the other run it is dead: what it did last, nobody tells.
   */
  function stall(after: number, inputs: RawInputs): NonNullable<Hooks['hang']> {
    let hung: Promise<void> | undefined;
    return (request, open) => {
      if (hung === undefined && open === 0 && sinceStart >= after && !isWrite(request)) {
        becomeUnseen(ledger);
        trackers.clock.advance(leaseMsMax + minuteMs);
        hung = attempt(quiet, inputs, true).then(() => undefined);
      }
      return hung;
    };
  }

  /** A runner of a version before the oldest that the record allows. */
  async function beOlder(): Promise<void> {
    await beRefused('a runner older than the record allows', { 'invitation-code': code }, olderVersion);
  }

  /** A runner that must not run: it is refused, and has written nothing but its lease. */
  async function beRefused(who: string, inputs: RawInputs, runnerVersion?: string): Promise<void> {
    const written: string[] = [];
    const watch: Hooks = { ...quiet, before: (request) => void (isWrite(request) && written.push(request.url)) };
    try {
      await run({ operation: 'sync', state: 'memory', ...trackers.there.inputs, ...inputs }, watch, runnerVersion);
      violations.push(`I2: ${who} was not refused`);
    } catch (error) {
      transcript.push(`${who}: ${error instanceof Error ? error.message : String(error)}`);
      if (!(error instanceof SallyportError)) violations.push(`${who} ended with ${String(error)}`);
    }
    if (written.length > 0) violations.push(`I2: ${who} wrote ${written.join(', ')}`);
  }

  /** One runner's cycle; what a fault or trouble may end it with is no violation, anything else is. */
  async function attempt(hooks: Hooks, inputs: RawInputs, mayFail: boolean): Promise<CycleReport | undefined> {
    const logged: string[] = [];
    isUnfinished = true;
    const beganAt = trackers.clock.now();
    try {
      const outcome = await run(
        {
          operation: 'sync',
          'invitation-code': code,
          state: 'memory',
          ...trackers.there.inputs,
          ...(scenario.settings.holdRestricted ? { 'restricted-comments': 'hold' } : {}),
          ...inputs,
        },
        { ...hooks, logged },
      );
      if (outcome.kind !== 'synced' || outcome.cycles[0] === undefined) throw new Error('no cycle');
      const report = outcome.cycles[0];
      isUnfinished = false;
      isUnrepaired = report.result.failures.some(({ what }) => what === 'what its last writes may have replaced');
      // An intent that still stands tells it as well: this run did not get to know either.
      ledger.mayBeUnseen = unansweredAt > beganAt - tryMs || hasIntent(trackers);
      for (const { field, outcome: stands, issues } of report.result.conflicts)
        reported.push({
          conflict: { field, outcome: stands, urls: [issues.public?.url ?? '', issues.private?.url ?? ''] },
          at: play.cycles,
        });
      play.cycles += 1;
      transcript.push(
        `cycle ${play.cycles}: ${JSON.stringify({ ...report.requests, failures: report.result.failures.map((f) => f.message), conflicts: report.result.conflicts.map((c) => `${c.field} ${c.outcome}`), start: report.result.start })}`,
      );
      return report;
    } catch (error) {
      play.cycles += 1;
      transcript.push(`cycle ${play.cycles} ended: ${error instanceof Error ? error.message : String(error)}`);
      // A run that died has its log alone for a report.
      for (const conflict of logged.flatMap(conflictOf)) reported.push({ conflict, at: play.cycles });
      const isTold = error instanceof Killed || error instanceof SallyportError;
      const mayBeHeld = trackers.clock.now() - killedAt < leaseMsMax;
      if (!isTold || !(mayFail || mayBeHeld))
        violations.push(`a cycle ended with ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return undefined;
    } finally {
      // What left while the state was built anew may have done so before this run could see it.
      const isKnown = !isUnfinished && stateTrouble !== 'state-denied';
      if (isKnown) ledger.stateLostAt = Math.min(ledger.stateLostAt, trackers.clock.now());
    }
  }

  /** Everything stops going wrong; cycles run on past the audit and the ten minutes of the guard, and the last has nothing to do. */
  async function settle(): Promise<void> {
    transcript.push('settle');
    for (const pause of [16, 16, 16, 25 * 60, 20, 20]) {
      // What was refused for good is tried again after a day, or once it says something else.
      const mayWait = trackers.clock.now() - ledger.refusedAt < refusedMsMax;
      if (pause > 20 && !mayWait) violations.push(...shownInStep(evidence));
      trackers.clock.advance(pause * minuteMs);
      sinceStart = 0;
      await attempt(quiet, {}, false);
      violations.push(...observeCopies(trackers, ledger));
    }
    violations.push(...inStep(evidence));
    const last = await attempt(quiet, {}, false);
    if (last === undefined) return;
    const { writes } = last.requests;
    if (writes.public + writes.private > 0)
      violations.push(`I4: with nothing to do a cycle wrote ${JSON.stringify(writes)}: ${JSON.stringify(last.result.changes)}`);
    if (last.requests.control > 8) violations.push(`I4: ${last.requests.control} control requests`);
    if (last.result.failures.length > 0) violations.push(`I1: a failure remains: ${JSON.stringify(last.result.failures)}`);
  }

  /** Brings a trouble about; returns what ends it. */
  function begin({ kind, side, after }: NonNullable<CycleStep['trouble']>): () => void {
    const { jira, there, people } = trackers;
    if (kind.startsWith('state-') || kind === 'stamp-forged') noteStateLost();
    switch (kind) {
      case 'kill':
      case 'two-runners':
      case 'trigger-changed':
      case 'edit-meets-write':
      case 'older-runner':
      case 'runner-stalls':
      case 'old-cron':
      case 'meeting-then-death':
      case 'newer-stamp':
      case 'unlinked':
      case 'removals-in-turns':
      case 'put-back':
      case 'restriction-changed':
      case 'stamp-quoted':
      case 'edited-around-readings':
        return () => undefined;
      case 'earlier-runner':
        trackers.transit = withEarlierStamps(code);
        version = earlierVersion;
        return () => {
          trackers.transit = undefined;
          version = usualVersion;
        };
      case 'history-away':
        trackers.hasNoHistory = true;
        return () => {
          trackers.hasNoHistory = false;
        };
      case 'state-lost':
        states.clear();
        return () => undefined;
      case 'state-stale':
      case 'state-corrupt':
      case 'state-denied':
        stateTrouble = kind;
        return () => {
          stateTrouble = undefined;
        };
      case 'token-expired':
        if (side === 'public') {
          jira.people.revokeToken(people.sync);
          return () => jira.people.restoreToken(people.sync);
        }
        return there.expireToken();
      case 'permission-lost':
      case 'permission-away':
        if (side === 'public') {
          jira.people.setPermissions(people.sync, []);
          return () => jira.people.setPermissions(people.sync, [...memberPermissions, 'EDIT_ALL_COMMENTS']);
        }
        return there.losePermission();
      case 'sees-own-alone':
        ledger.issuesHidden = true;
        return there.seeOwnAlone?.() ?? (() => undefined);
      case 'comments-away':
        return hideMany(trackers, ledger);
      case 'comment-hidden':
        return hideComment(trackers, ledger);
      case 'stamp-forged':
        forgeStamp(trackers, ledger);
        states.clear();
        return () => undefined;
      case 'comments-in-a-row':
        sayInARow(act, { side, issue: after });
        return () => undefined;
      case 'issues-returned':
        returnIssues(trackers, ledger);
        return () => undefined;
      case 'stored-otherwise':
        trackers.storesOtherwise = true;
        return () => {
          trackers.storesOtherwise = false;
        };
      case 'kept-for-lost-role':
        return keepForLostRole(trackers, ledger);
      case 'role-lost':
      case 'role-away':
        return kind === 'role-away' && side === 'private' ? narrowComments(trackers, ledger) : loseRole(trackers, ledger);
    }
  }

  async function run(raw: RawInputs, hooks: Hooks, runnerVersion = version): Promise<Outcome> {
    trackers.repeats.forget();
    let die = (): void => undefined;
    const killed = new Promise<never>((_resolve, reject) => {
      die = () => reject(new Killed('the process died'));
    });
    let dead = false;
    let isAnswered = true;
    const transport = trackers.transport({
      hang: hooks.hang,
      before: (request, body) => {
        sinceStart += 1;
        hooks.before(request);
        isAnswered = trackers.nextFault === undefined || trackers.nextFault === 'slow';
        for (const twin of unlinked)
          if (writesTo(request, twin))
            violations.push(`I2: a twin that was unlinked was written to: ${request.method} ${request.url}`);
        const isRefused = trackers.nextFault === 'write-refused';
        noteLedgerWrite(ledger, request, isRefused);
        if (isRefused) noteRefused(ledger, { text: body, at: trackers.clock.now() });
        excuseUnread(ledger, request, body);
        excuseUnreadType(ledger, request, body);
        transcript.push(`${request.method} ${request.url}`);
      },
      after: (request) => {
        noteUnread(ledger, request, isAnswered);
        // Copies come about by the connection's own writes alone.
        if (isWrite(request)) violations.push(...observeCopies(trackers, ledger));
        dead ||= hooks.isLast();
        return dead;
      },
      isDead: () => dead,
      die: () => die(),
    });
    const runtime: Runtime = {
      transport: () => transport,
      clock: {
        monotonicMs: () => trackers.clock.now(),
        wait: (durationMs) => {
          trackers.clock.advance(durationMs);
          return Promise.resolve();
        },
        random: () => 0.5,
      },
      randomBytes: (count) => {
        random += 1;
        return createHash('sha512').update(`random ${random}`).digest().subarray(0, count);
      },
      log: { info: (line) => void hooks.logged?.push(line), warn: () => undefined, debug: () => undefined },
      mask: () => undefined,
      readFile: () => Promise.reject(new Error('no files here')),
      writeFile: () => Promise.reject(new Error('nothing is written here')),
      pathOf: (name) => name,
      store: () => store(),
      version: runnerVersion,
      inWorkflow: false,
    };
    const config = parseConfig(raw, { serverUrl: 'https://github.com', repository, token: gitHubToken });
    return Promise.race([perform(config, runtime), killed]);
  }

  function store(): StateStore {
    return {
      load: (id) => {
        const blob = states.get(id);
        if (stateTrouble === 'state-stale') return Promise.resolve(states.get(stateOrder.at(-2) ?? '') ?? blob);
        if (stateTrouble === 'state-corrupt' && blob !== undefined)
          return Promise.resolve(blob.map((byte, index) => (index === 40 ? byte ^ 1 : byte)));
        return Promise.resolve(blob);
      },
      save: (id, blob) => {
        if (stateTrouble === 'state-denied') return Promise.resolve({ kind: 'failed', reason: 'write denied' });
        states.set(id, blob);
        stateOrder.push(id);
        return Promise.resolve({ kind: 'saved' });
      },
    };
  }
}

interface Hooks {
  /** Takes the lines of the run's log. */
  readonly logged?: string[];
  /** How long the process hangs before it sends a request. */
  readonly hang?: (request: Request, open: number) => Promise<void> | undefined;
  readonly before: (request: Request) => void;
  readonly isLast: () => boolean;
}

const quiet: Hooks = { before: () => undefined, isLast: () => false };

/** The conflict that a line of the log tells of, if it does. */
function conflictOf(line: string): readonly Reported['conflict'][] {
  const [, field, here, there, stands = ''] = /^Conflict: (\w+) of (\S*) and (\S*): (.*)$/.exec(line) ?? [];
  if (field === undefined) return [];
  return [{ field, outcome: stands.includes('merged') ? 'merged' : 'public', urls: [here ?? '', there ?? ''] }];
}

/** Whether the connection itself says that something may have been made of which it does not know. */
function hasIntent({ jira, people }: Trackers): boolean {
  return Object.keys(jira.people.userProperties(people.sync)).some((key) => key.endsWith('.intent'));
}
