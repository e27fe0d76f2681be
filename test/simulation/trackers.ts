import type { Transport } from '../../src/gateway/gateway.ts';
import { createRandom, withFaults } from '../../src/simulators/faults.ts';
import { createJiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import type { JiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import type { Fault, Simulator, VirtualClock } from '../../src/simulators/simulator.ts';
import { createVirtualClock } from '../../src/simulators/simulator.ts';
import { readOpenApiDocument } from '../contract/openapi.ts';
import { validated } from '../contract/validate.ts';
import { jiraToken, ownRole, siteHost } from './names.ts';
import type { Transit } from './earlier-stamps.ts';
import type { PrivateTracker, PrivateTrackerOptions } from './private-tracker.ts';
import { createPrivateGitHub } from './private-github.ts';
import { createPrivateJiraDc } from './private-jira-dc.ts';
import { createPrivateRedmine } from './private-redmine.ts';
import type { FaultKind, PrivateKind, Settings } from './scenario.ts';
import { altered, createRepeats, isWrite, readsHistory, rewrittenComment, type WholeRequest } from './write-requests.ts';

const createPrivate: Readonly<Record<PrivateKind, (options: PrivateTrackerOptions) => PrivateTracker>> = {
  github: createPrivateGitHub,
  'jira-dc': createPrivateJiraDc,
  redmine: createPrivateRedmine,
};

/** Both trackers over one virtual clock, and the door to them that lets one request through at a time. */
export interface Trackers {
  readonly clock: VirtualClock;
  readonly jira: JiraCloudSimulator;
  /** The private side. */
  readonly there: PrivateTracker;
  readonly people: { readonly ann: string; readonly ben: string; readonly sync: string };
  readonly violations: () => readonly string[];
  /** The fault for the next request, taken once. */
  nextFault: FaultKind | undefined;
  /** Jira's server alters what is written to it. */
  storesOtherwise: boolean;
  /** What the runner at work makes of its requests, where that is not this version. */
  transit: Transit | undefined;
  /** No server tells what replaced what. */
  hasNoHistory: boolean;
  /** Writes that said once more what the one before had said, though nobody had touched anything; `forget` begins anew. */
  readonly repeats: { readonly seen: readonly string[]; readonly forget: () => void };
  /** Requests carried out since the start. */
  requests: number;
  readonly faultsSeen: Map<FaultKind, number>;
  readonly transport: (options: TransportOptions) => Transport;
  /** Decides among requests that wait at the same time. */
  order: () => number;
}

export interface TransportOptions {
  /** Before a request waits for its turn: for how long the process that sends it hangs. `open`: its requests under way. */
  readonly hang?: ((request: Request, open: number) => Promise<void> | undefined) | undefined;
  /** Right before a request is carried out: people may act here. */
  readonly before: (request: Request, body: string) => void;
  /** Right after it was carried out. `true`: the process does not live to see the answer. */
  readonly after: (request: Request) => boolean;
  /** A dead process sends nothing any more. */
  readonly isDead: () => boolean;
  readonly die: () => void;
}

/** Faults that are answers of the server itself. */
const refusals: ReadonlySet<FaultKind> = new Set(['status-429', 'write-refused']);

export function createTrackers(settings: Settings): Trackers {
  const clock = createVirtualClock(Date.UTC(2026, 10, 23, 9, 0, 0));
  const skewed: VirtualClock = { now: () => clock.now() + settings.skewSeconds * 1000, advance: (ms) => clock.advance(ms) };
  let faultTaken: FaultKind | undefined;
  const takeFault = (): Fault | undefined => {
    const kind = trackers.nextFault;
    trackers.nextFault = undefined;
    if (kind === undefined) return undefined;
    trackers.faultsSeen.set(kind, (trackers.faultsSeen.get(kind) ?? 0) + 1);
    faultTaken = kind;
    return faultOf(kind, clock);
  };
  const jira = createJiraCloudSimulator({
    clock,
    host: siteHost,
    // Ids of four digits and of five within one run: their order is not that of their texts.
    firstId: 9_993,
    mediaHost: 'api.media.atlassian.com',
    searchLagMs: settings.searchLagSeconds * 1000,
    commentEditsTouchIssue: settings.commentEditsTouchIssues,
    limits: { rates: false },
  });
  const there = createPrivate[settings.private]({ clock: skewed, settings });
  const people = populate(jira);
  const checkedJira = validated(jira, readOpenApiDocument('jira-cloud-v3'), {
    ignore: [/_edge\/tenant_info/, /api\.media\.atlassian\.com/],
  });
  // What a server itself refuses bears its own clock; where it fails, a proxy with another one answers in its place.
  const ownClock = (own: VirtualClock) => (): number =>
    (faultTaken !== undefined && refusals.has(faultTaken) ? own : clock).now();
  const simulators: readonly Simulator[] = [
    { simulator: checkedJira, now: ownClock(clock) },
    { simulator: there.simulator, now: ownClock(skewed) },
  ].map(({ simulator, now }) => ({
    hosts: simulator.hosts,
    fetch: withFaults((request) => simulator.fetch(request), takeFault, { now }),
  }));
  const repeats = createRepeats();
  const repeated: string[] = [];
  const turnstile = createTurnstile(() => trackers.order());
  const trackers: Trackers = {
    clock,
    jira,
    there,
    people,
    violations: () => [...checkedJira.violations, ...there.violations()],
    nextFault: undefined,
    transit: undefined,
    storesOtherwise: false,
    hasNoHistory: false,
    requests: 0,
    repeats: { seen: repeated, forget: repeats.forget },
    faultsSeen: new Map(),
    order: () => 0,
    transport: (options) => {
      let open = 0;
      return async (request) => {
        await options.hang?.(request, open);
        open += 1;
        // A body that is sent as it is read may ask for the lease on its way: it is taken in before its turn.
        const whole = await wholeRequest(request);
        const answer = turnstile(() => carryOut(options, whole));
        return answer.finally(() => {
          open -= 1;
        });
      };
    },
  };
  /** Only a copy tells in its text who wrote it. */
  function isNamedToItsAuthor({ request, text }: WholeRequest): boolean {
    const id = rewrittenComment(request);
    if (id === undefined || !text().includes(' commented:')) return false;
    const isOnJira = new URL(request.url).host === siteHost;
    const byPeople: readonly { readonly id: string; readonly requestId?: string }[] = isOnJira
      ? jira.people.issues().flatMap(({ comments }) => comments.filter(({ author }) => author !== people.sync))
      : there.issues().flatMap(({ comments }) => comments.filter(({ isByConnection }) => !isByConnection));
    return byPeople.some((comment) => (comment.requestId ?? comment.id) === id);
  }

  const carryOut = async (options: TransportOptions, whole: WholeRequest): Promise<Response | undefined> => {
    if (options.isDead()) return undefined;
    const { request } = whole;
    trackers.requests += 1;
    options.before(request, whole.text());
    const repeat = repeats.note(whole, trackers.nextFault === undefined);
    if (repeat !== undefined) repeated.push(repeat);
    if (isNamedToItsAuthor(whole)) repeated.push(`I5: a person's comment gets the author line of a copy: ${request.url}`);
    if (trackers.hasNoHistory && readsHistory(request, whole.text())) trackers.nextFault = 'status-503';
    clock.advance(40);
    const host = new URL(request.url).host;
    const simulator = simulators.find((candidate) => candidate.hosts.includes(host));
    if (simulator === undefined) throw new Error(`no simulator answers for ${host}`);
    try {
      const isAltered = trackers.storesOtherwise && host === siteHost && isWrite(request);
      const sent = trackers.transit !== undefined && isWrite(request) ? await trackers.transit.sent(request) : request;
      const answer = await simulator.fetch(isAltered ? await altered(sent) : sent);
      if (!options.after(request)) return (await trackers.transit?.shown(answer)) ?? answer;
    } catch (error) {
      if (!options.after(request)) throw error;
    }
    options.die();
    return undefined;
  };
  return trackers;
}

/** The same request with all of its body. */
async function wholeRequest(request: Request): Promise<WholeRequest> {
  if (request.body === null) return { request, text: () => '' };
  const { url, method, headers } = request;
  const body = Buffer.from(await request.arrayBuffer());
  let text: string | undefined;
  return { request: new Request(url, { method, headers, body }), text: () => (text ??= body.toString('utf8')) };
}

/** A request of a dead process is never answered. */
type Turnstile = (work: () => Promise<Response | undefined>) => Promise<Response>;

/** Lets one request through at a time; which one of those that wait is for `choose` (a number below 1) to say. */
function createTurnstile(choose: () => number): Turnstile {
  const waiting: (() => Promise<void>)[] = [];
  let busy = false;
  const pump = async (): Promise<void> => {
    while (waiting.length > 0) {
      // Everything that the last answer set going comes to its next request first, so that the choice is a whole one.
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = waiting.splice(Math.floor(choose() * waiting.length), 1);
      await next?.();
    }
    busy = false;
  };
  return (work) =>
    new Promise<Response>((resolve, reject) => {
      waiting.push(async () => {
        try {
          const answer = await work();
          if (answer !== undefined) resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
      if (busy) return;
      busy = true;
      void pump();
    });
}

function faultOf(kind: FaultKind, clock: VirtualClock): Fault | undefined {
  switch (kind) {
    case 'lost-before':
    case 'lost-after':
    case 'cut':
      return { kind };
    case 'write-not-sent':
      return { kind: 'lost-before' };
    case 'write-unanswered':
      return { kind: 'lost-after' };
    case 'html':
      return { kind, status: 502 };
    case 'status-429':
      return { kind: 'status', status: 429, retryAfterSeconds: 20 };
    case 'status-500':
      return { kind: 'status', status: 500 };
    case 'status-503':
      return { kind: 'status', status: 503 };
    case 'write-refused':
      // Its server will not have it, whoever sends it, and however often.
      return { kind: 'status', status: 400 };
    case 'slow':
      clock.advance(50_000);
      return undefined;
  }
}

function populate(jira: JiraCloudSimulator): Trackers['people'] {
  const sync = jira.people.addAccount({
    displayName: 'Sallyport',
    email: 'sync@example.org',
    apiToken: jiraToken,
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  jira.people.setRoles(sync, [ownRole]);
  const ann = jira.people.addAccount({ displayName: 'Ann Lee' });
  const ben = jira.people.addAccount({ displayName: 'Ben Okafor' });
  jira.people.addProject({ key: 'ACME', name: 'Acme support' });
  jira.people.addProject({ key: 'ELSE', name: 'Something else' });
  return { ann: ann.accountId, ben: ben.accountId, sync: sync.accountId };
}

/** Numbers below 1 from a seed. */
export function orderOf(seed: number): () => number {
  return createRandom(seed);
}
