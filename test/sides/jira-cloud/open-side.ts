import { createGateway } from '../../../src/gateway/create-gateway.ts';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import { createJiraCloudSide } from '../../../src/sides/jira-cloud/jira-cloud-side.ts';
import type { JiraCloudSideOptions } from '../../../src/sides/jira-cloud/jira-cloud-side.ts';
import type { JiraSite } from '../../../src/sides/jira-cloud/hosts.ts';
import type { SideReader, SideWriter } from '../../../src/sides/side.ts';
import type { IssueSnapshot, Loaded } from '../../../src/core/model.ts';
import type { Neutral } from '../../../src/content/neutral.ts';
import type { SallyportError } from '../../../src/errors.ts';
import { createJiraCloudSimulator } from '../../../src/simulators/jira-cloud/jira-cloud.ts';
import type { JiraCloudOptions, JiraCloudSimulator } from '../../../src/simulators/jira-cloud/jira-cloud.ts';
import type { AccountData, ProjectData } from '../../../src/simulators/jira-cloud/people.ts';
import { withFaults } from '../../../src/simulators/faults.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';
import type { Fault, VirtualClock } from '../../../src/simulators/simulator.ts';
import { readOpenApiDocument } from '../../contract/openapi.ts';
import { validated } from '../../contract/validate.ts';

const document = readOpenApiDocument('jira-cloud-v3');
export const startMs = Date.UTC(2026, 10, 23, 12, 34, 56, 789);
export const minuteMs = 60_000;
export const connectionId = 'c0ffee';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: { readonly jql?: string } | undefined;
}

export interface Opened {
  readonly clock: VirtualClock;
  readonly simulator: JiraCloudSimulator;
  readonly people: JiraCloudSimulator['people'];
  readonly gateway: Gateway;
  readonly site: JiraSite;
  readonly sync: AccountData;
  readonly ana: AccountData;
  readonly project: ProjectData;
  readonly reader: SideReader;
  readonly writer: SideWriter;
  /** Every request with its JSON body, in order; tests empty it. */
  readonly seen: Seen[];
  /** The next request whose `METHOD /path` matches meets the fault, this many times. */
  fail(request: RegExp, fault: Fault, times?: number): void;
  /** Another side over the same site, as another run would have. */
  reopen(options?: Partial<JiraCloudSideOptions>): { readonly reader: SideReader; readonly writer: SideWriter };
  load(id: string): Promise<IssueSnapshot>;
}

interface OpenOptions {
  readonly simulator?: Partial<JiraCloudOptions>;
  readonly side?: Partial<JiraCloudSideOptions>;
  readonly timeZone?: string;
  readonly throughGateway?: boolean;
}

/** The side over a simulated site whose every request and answer is checked against the vendor's interface description. */
export function openSide(options: OpenOptions = {}): Opened {
  const clock = createVirtualClock(startMs);
  const planned: { request: RegExp; fault: Fault; times: number }[] = [];
  const simulator = createJiraCloudSimulator({
    clock,
    host: 'acme.atlassian.net',
    mediaHost: 'api.media.atlassian.com',
    gatewayHost: 'api.atlassian.com',
    ...options.simulator,
  });
  const { people } = simulator;
  const timeZone = options.timeZone ?? 'Etc/UTC';
  const scoped = options.throughGateway ?? false;
  const sync = people.addAccount({ displayName: 'Sync', email: 'sync@example.org', apiToken: 'secret-token', timeZone, scoped });
  const ana = people.addAccount({ displayName: 'Ana' });
  const project = people.addProject({ key: 'ABC', name: 'Alphabet', defaultIssueTypeName: 'Task' });
  const { gateway, seen } = openGateway(simulator, clock, (name) => takeFault(planned, name));
  const siteUrl = 'https://acme.atlassian.net';
  const site: JiraSite = {
    siteUrl,
    apiUrl: scoped ? `https://api.atlassian.com/ex/jira/${simulator.cloudId}` : siteUrl,
    email: 'sync@example.org',
    token: 'secret-token',
  };
  const reopen: Opened['reopen'] = (changed = {}) => {
    const { reader, writer } = createJiraCloudSide({
      gateway,
      site,
      project: { id: project.id, key: project.key },
      connectionId,
      trigger: 'labels = sync',
      narrowing: '',
      account: { accountId: sync.accountId, displayName: sync.displayName, timeZone },
      attachmentBytesMax: 1_000_000,
      defaultTypeName: undefined,
      writable: true,
      ...options.side,
      ...changed,
    });
    return { reader, writer: writer! };
  };
  const { reader, writer } = reopen();
  const load = async (id: string): Promise<IssueSnapshot> => present((await reader.load([id], 'work')).get(id));
  const fail: Opened['fail'] = (request, fault, times = 1) => void planned.push({ request, fault, times });
  return { clock, simulator, people, gateway, site, sync, ana, project, reader, writer, seen, fail, reopen, load };
}

function takeFault(planned: { request: RegExp; fault: Fault; times: number }[], name: string): Fault | undefined {
  const next = planned.find((entry) => entry.times > 0 && entry.request.test(name));
  if (next === undefined) return undefined;
  next.times -= 1;
  return next.fault;
}

/** Waits move virtual time, so that retries take none of the test's. */
export function openGateway(
  simulator: JiraCloudSimulator,
  clock: VirtualClock,
  faultOf: (name: string) => Fault | undefined = () => undefined,
): { gateway: Gateway; seen: Seen[] } {
  const checked = validated(simulator, document, { on: 'throw', ignore: [/tenant_info/, /api\.media\.atlassian\.com/] });
  // Faults come in front of the check: a proxy's page is not the vendor's answer.
  const faulty = withFaults(
    (request) => checked.fetch(request),
    ({ method, url }) => faultOf(`${method} ${new URL(url).pathname}`),
    { now: () => clock.now() },
  );
  const seen: Seen[] = [];
  const gateway = createGateway({
    transport: async (request) => {
      const isJson = request.headers.get('content-type') === 'application/json';
      const body: Seen['body'] = isJson ? await request.clone().json() : undefined;
      const url = new URL(request.url);
      seen.push({ method: request.method, path: url.pathname.replace(/^\/ex\/jira\/[^/]+/, ''), headers: request.headers, body });
      return faulty(request);
    },
    clock: {
      monotonicMs: () => clock.now(),
      wait: async (durationMs) => clock.advance(Math.ceil(durationMs)),
      random: () => 0,
    },
    allowedHosts: [
      { host: 'acme.atlassian.net', protocol: 'https:' },
      { host: 'api.atlassian.com', protocol: 'https:' },
      { host: 'api.media.atlassian.com', protocol: 'https:' },
    ],
    userAgent: 'sallyport/test',
  });
  return { gateway, seen };
}

export function present(loaded: Loaded | undefined): IssueSnapshot {
  if (loaded?.kind !== 'present') throw new Error(`expected a present issue, got ${JSON.stringify(loaded)}`);
  return loaded.issue;
}

/** Neutral text with one paragraph. */
export function says(text: string): Neutral {
  return { type: 'root', children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }] };
}

/** The text of a neutral tree, without its structure. */
export function plain(node: Neutral | Neutral['children'][number]): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map((child) => plain(child as Neutral['children'][number])).join('') : '';
}

export async function errorOf(promise: Promise<unknown>): Promise<SallyportError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (outcome === undefined) throw new Error('expected a rejection');
  return outcome.error as SallyportError;
}

export function methodsAndPaths(seen: readonly Seen[]): string[] {
  return seen.map(({ method, path }) => `${method} ${path.replace('/rest/api/3', '')}`);
}

export function streamOf(...chunks: readonly string[]): ReadableStream<Uint8Array> {
  const parts = chunks.map((chunk) => new TextEncoder().encode(chunk)).values();
  return new ReadableStream({
    pull: (controller) => {
      const next = parts.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}
