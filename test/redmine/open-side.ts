import { createGateway } from '../../src/gateway/create-gateway.ts';
import { inspectProject } from '../../src/sides/redmine/inspect-project.ts';
import { createRedmineSide } from '../../src/sides/redmine/redmine-side.ts';
import { parseTrigger } from '../../src/sides/redmine/trigger.ts';
import type { Side } from '../../src/sides/side.ts';
import { withFaults } from '../../src/simulators/faults.ts';
import type { Fault, VirtualClock } from '../../src/simulators/simulator.ts';
import type { RedminePeople } from './people.ts';
import { redminePeople } from './people.ts';
import type { RedmineServer } from './start-redmine.ts';

export interface Opened {
  readonly clock: VirtualClock;
  readonly people: RedminePeople;
  readonly side: Side;
  readonly reader: Side['reader'];
  readonly writer: NonNullable<Side['writer']>;
  readonly checks: Awaited<ReturnType<typeof inspectProject>>['checks'];
  /** `METHOD path` of every request, in order. */
  readonly seen: readonly string[];
  /** The next request whose `METHOD path` matches meets the fault. */
  fail(request: RegExp, fault: Fault): void;
}

let projects = 0;

/**
 * The side over a real server, in a project of its own, behind a fault plan. The server's clock cannot be moved; what the side
 * sees of it, the `Date` header, can.
 */
export async function openSide(
  server: RedmineServer,
  options: { readonly textFormat: 'textile' | 'commonmark'; readonly trigger?: string },
): Promise<Opened> {
  projects += 1;
  const people = await redminePeople(server, `side-${process.pid}-${projects}`);
  const planned: { request: RegExp; fault: Fault }[] = [];
  const seen: string[] = [];
  let aheadMs = 0;
  const clock: VirtualClock = {
    now: () => Date.now() + aheadMs,
    advance: (durationMs) => {
      aheadMs += durationMs;
    },
  };
  const transport = withFaults(
    async (request) => shifted(await fetch(request), aheadMs),
    ({ method, url }) => {
      const name = `${method} ${new URL(url).pathname}`;
      seen.push(name);
      const index = planned.findIndex((entry) => entry.request.test(name));
      return index < 0 ? undefined : planned.splice(index, 1)[0]?.fault;
    },
    { now: () => clock.now() },
  );
  const gateway = createGateway({
    transport,
    // Waits between tries are no part of what is tested here.
    clock: { monotonicMs: () => clock.now(), wait: () => Promise.resolve(), random: () => 0.5 },
    allowedHosts: [{ host: new URL(server.url).host, protocol: 'http:' }],
    userAgent: 'sallyport/test',
  });
  const site = { url: server.url, apiKey: people.syncKey };
  const trigger = parseTrigger(options.trigger ?? 'sync');
  const { checks, facts } = await inspectProject({ gateway, site, projectIdentifier: people.identifier, trigger });
  const side = createRedmineSide({
    gateway,
    site,
    project: facts.project,
    trigger,
    textFormat: options.textFormat,
    account: facts.account,
    defaultTypeName: undefined,
    writable: true,
  });
  if (side.writer === undefined) throw new Error('The side has no writer.');
  return {
    clock,
    people,
    side,
    reader: side.reader,
    writer: side.writer,
    checks,
    seen,
    fail: (request, fault) => void planned.push({ request, fault }),
  };
}

function shifted(response: Response, byMs: number): Response {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return response;
  const headers = new Headers(response.headers);
  headers.set('date', new Date(date + byMs).toUTCString());
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
