import { createGateway } from '../../../src/gateway/create-gateway.ts';
import { inspectProject } from '../../../src/sides/jira-dc/inspect-project.ts';
import { createJiraDcSide } from '../../../src/sides/jira-dc/jira-dc-side.ts';
import type { JiraDcSideOptions } from '../../../src/sides/jira-dc/jira-dc-side.ts';
import type { Side, SideReader, SideWriter } from '../../../src/sides/side.ts';
import { withFaults } from '../../../src/simulators/faults.ts';
import { createJiraDcSimulator } from '../../../src/simulators/jira-dc/jira-dc.ts';
import type { JiraDcOptions, JiraDcSimulator } from '../../../src/simulators/jira-dc/jira-dc.ts';
import { memberPermissions } from '../../../src/simulators/jira-dc/people.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';
import type { Fault, VirtualClock } from '../../../src/simulators/simulator.ts';
import { jiraDataCenter } from '../../contract/jira-data-center.ts';
import { validated } from '../../contract/validate.ts';

export const startMs = Date.UTC(2026, 10, 23, 12, 34, 56, 789);

export interface Opened {
  readonly clock: VirtualClock;
  readonly people: JiraDcSimulator['people'];
  readonly reader: SideReader;
  readonly writer: SideWriter;
  readonly violations: readonly string[];
  /** `METHOD path` of every request, in order. */
  readonly seen: string[];
  /** The next request whose `METHOD path` matches meets the fault. */
  fail(request: RegExp, fault: Fault): void;
  /** Another side over the same server. */
  reopen(options: Partial<JiraDcSideOptions>): Side;
  inspect(): ReturnType<typeof inspectProject>;
}

/** The side over a simulated server below the context path `/jira`, every request and answer of which is checked. */
export function openSide(options: Partial<JiraDcOptions> = {}): Opened {
  const clock = createVirtualClock(startMs);
  const planned: { request: RegExp; fault: Fault }[] = [];
  const seen: string[] = [];
  const simulator = createJiraDcSimulator({ clock, url: 'https://jira.corp.example/jira', ...options });
  const { people } = simulator;
  people.addUser({ name: 'ada', displayName: 'Ada Byron' });
  const permissions = [...memberPermissions, 'EDIT_ALL_COMMENTS'];
  const sync = people.addUser({ name: 'sync', displayName: 'Sync', token: 'secret-token', permissions });
  const project = people.addProject({ key: 'ABC', name: 'Alphabet' });
  const checked = validated(simulator, jiraDataCenter, {
    ignore: [/\/secure\/attachment\//],
    basePath: /^\/jira\/rest(?=\/)/,
  });
  const faulty = withFaults(
    (request) => checked.fetch(request),
    ({ method, url }) => {
      const name = `${method} ${new URL(url).pathname}`;
      seen.push(name);
      const index = planned.findIndex((entry) => entry.request.test(name));
      return index < 0 ? undefined : planned.splice(index, 1)[0]?.fault;
    },
    { now: () => clock.now() },
  );
  const gateway = createGateway({
    transport: faulty,
    clock: {
      monotonicMs: () => clock.now(),
      wait: async (durationMs) => clock.advance(Math.ceil(durationMs)),
      random: () => 0,
    },
    allowedHosts: [{ host: 'jira.corp.example', protocol: 'https:' }],
    userAgent: 'sallyport/test',
  });
  const site = { url: 'https://jira.corp.example/jira', token: 'secret-token', user: undefined };
  const reopen: Opened['reopen'] = (changed) =>
    createJiraDcSide({
      gateway,
      site,
      project: { id: project.id, key: project.key },
      connectionId: 'c0ffee',
      trigger: 'sync',
      account: { id: sync.key, displayName: sync.displayName, timeZone: 'Etc/UTC' },
      attachmentBytesMax: 1_000,
      defaultTypeName: undefined,
      writable: true,
      ...changed,
    });
  const { reader, writer } = reopen({});
  return {
    clock,
    people,
    reader,
    writer: writer!,
    violations: checked.violations,
    seen,
    fail: (request, fault) => void planned.push({ request, fault }),
    reopen,
    inspect: () => inspectProject({ gateway, site, projectKey: 'ABC' }),
  };
}
