import { createGateway } from '../../../src/gateway/create-gateway.ts';
import { createRedmineSide } from '../../../src/sides/redmine/redmine-side.ts';
import { inspectProject } from '../../../src/sides/redmine/inspect-project.ts';
import { parseTrigger } from '../../../src/sides/redmine/trigger.ts';
import type { SideReader, SideWriter } from '../../../src/sides/side.ts';
import { withFaults } from '../../../src/simulators/faults.ts';
import type { RedminePeople } from '../../../src/simulators/redmine/people.ts';
import { createRedmineSimulator } from '../../../src/simulators/redmine/redmine.ts';
import { createVirtualClock } from '../../../src/simulators/simulator.ts';
import type { Fault, VirtualClock } from '../../../src/simulators/simulator.ts';

export interface Opened {
  readonly clock: VirtualClock;
  readonly people: RedminePeople;
  readonly reader: SideReader;
  readonly writer: SideWriter;
  /** The next request whose `METHOD path` matches meets the fault. */
  fail(request: RegExp, fault: Fault): void;
}

/** The side over the model of a Redmine below the path `/redmine`. */
export async function openModel(options: {
  readonly textFormat: 'textile' | 'commonmark';
  readonly hasMarkField: boolean;
}): Promise<Opened> {
  const clock = createVirtualClock(Date.UTC(2026, 10, 23, 12, 34, 56, 789));
  const planned: { request: RegExp; fault: Fault }[] = [];
  const url = 'https://tools.corp.example/redmine';
  const simulator = createRedmineSimulator({ clock, url, hasMarkField: options.hasMarkField, fileBytesMax: 1_024 * 1_024 });
  const { people } = simulator;
  people.addProject({ identifier: 'app', name: 'The app' });
  people.addUser({ login: 'ada', firstname: 'Ada', lastname: 'Byron' });
  people.addUser({ login: 'sync', firstname: 'Sync', lastname: 'Bot', apiKey: 'key-for-tests' });
  for (const login of ['ada', 'sync']) people.admit(login, 'app');
  const transport = withFaults(
    (request) => simulator.fetch(request),
    ({ method, url: asked }) => {
      const name = `${method} ${new URL(asked).pathname}`;
      const index = planned.findIndex((entry) => entry.request.test(name));
      return index < 0 ? undefined : planned.splice(index, 1)[0]?.fault;
    },
    { now: () => clock.now() },
  );
  const gateway = createGateway({
    transport,
    clock: {
      monotonicMs: () => clock.now(),
      wait: async (durationMs) => clock.advance(Math.ceil(durationMs)),
      random: () => 0,
    },
    allowedHosts: [{ host: 'tools.corp.example', protocol: 'https:' }],
    userAgent: 'sallyport/test',
  });
  const site = { url, apiKey: 'key-for-tests' };
  const trigger = parseTrigger('Sync');
  const { facts } = await inspectProject({ gateway, site, projectIdentifier: 'app', trigger });
  const { reader, writer } = createRedmineSide({
    gateway,
    site,
    project: facts.project,
    trigger,
    textFormat: options.textFormat,
    account: facts.account,
    defaultTypeName: undefined,
    writable: true,
  });
  return { clock, people, reader, writer: writer!, fail: (request, fault) => void planned.push({ request, fault }) };
}
