import { createHash } from 'node:crypto';
import { parseConfig } from '../../src/config/config.ts';
import type { RawInputs } from '../../src/config/inputs.ts';
import type { ProcessClock } from '../../src/gateway/gateway.ts';
import { perform } from '../../src/operations/perform.ts';
import type { Machine, Runtime } from '../../src/operations/runtime.ts';
import type { CycleReport, Outcome } from '../../src/report/outcome.ts';
import { createGitHubSimulator } from '../../src/simulators/github/github.ts';
import type { GitHubSimulator, GitHubSimulatorOptions } from '../../src/simulators/github/github.ts';
import { createJiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import type { JiraCloudOptions, JiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import { createJiraDcSimulator, type JiraDcOptions, type JiraDcSimulator } from '../../src/simulators/jira-dc/jira-dc.ts';
import { memberPermissions as dcPermissions } from '../../src/simulators/jira-dc/people.ts';
import { createRedmineSimulator, type RedmineOptions, type RedmineSimulator } from '../../src/simulators/redmine/redmine.ts';
import type { Simulator, VirtualClock } from '../../src/simulators/simulator.ts';
import { createVirtualClock } from '../../src/simulators/simulator.ts';
import type { StateStore } from '../../src/store/store.ts';
import { jiraDataCenter } from '../contract/jira-data-center.ts';
import { readOpenApiDocument } from '../contract/openapi.ts';
import type { PrivateSide } from './private-side.ts';
import { githubSide, jiraDcSide, redmineSide } from './private-side.ts';
import { validated } from '../contract/validate.ts';

/** How `cycle` ends where the process died: its last request was carried out, and nothing of it ever goes on. */
export class Killed extends Error {}

export type PrivateKind = 'github' | 'jira-dc' | 'redmine';

export interface WorldOptions {
  readonly jira?: Partial<JiraCloudOptions>;
  readonly github?: Partial<GitHubSimulatorOptions>;
  /** How far GitHub's clock is ahead at the moment. */
  readonly gitHubAheadMs?: () => number;
  readonly dc?: Partial<JiraDcOptions>;
  readonly redmine?: Partial<RedmineOptions>;
  /** Which of the trackers the connection has as its private side. Default github. */
  readonly tracker?: PrivateKind;
  /** A private side from elsewhere, in place of `tracker`. */
  readonly elsewhere?: {
    readonly simulator: Simulator;
    readonly inputs: RawInputs;
  };
  /** GitHub issue types; undefined for labels. */
  readonly issueTypes?: string[];
  readonly publicRepository?: boolean;
  /** The connection's GitHub token. */
  readonly inputs?: RawInputs;
}

export interface World {
  readonly clock: VirtualClock;
  readonly jira: JiraCloudSimulator;
  readonly github: GitHubSimulator;
  readonly dc: JiraDcSimulator;
  readonly redmine: RedmineSimulator;
  /** People of the private side, whichever tracker it is. */
  readonly there: PrivateSide;
  readonly people: { readonly ann: string; readonly ben: string; readonly sync: string };
  readonly repository: 'acme/app';
  readonly logs: string[];
  /** Validation errors of requests and answers against the vendors' interfaces. */
  readonly violations: () => readonly string[];
  /** State blobs by id; clearing it is losing the state. */
  readonly states: Map<string, Uint8Array>;
  /** Files that the process can read, and those that operations wrote, by path. */
  readonly files: Map<string, string>;
  /** What the connection's operations are given: its newest code, and the tracker's inputs. */
  inputs: RawInputs;
  /** The request, counted from the start of the run, that is carried out but whose answer the process does not live to see. */
  killAt: number | undefined;
  requests: number;
  /** Runs an operation as a fresh process would. */
  run(raw: RawInputs): Promise<Outcome>;
  /** The invitation code, once initiated. */
  readonly code: () => string;
  /** Initiates and accepts; later calls of `cycle` use the code. */
  connect(more?: RawInputs): Promise<void>;
  cycle(more?: RawInputs): Promise<CycleReport>;
  switchTo(operation: 'activate' | 'deactivate', side?: 'public' | 'private'): Promise<Outcome>;
  /** Called before each request that leaves, with its number: people may act here. */
  onRequest: ((index: number, request: Request) => void) | undefined;
  /** Changes requests on their way, as something between the runner and a server would. */
  rewrite: ((request: Request) => Promise<Request>) | undefined;
  /** What `doctor` finds on the machine. */
  machine: Machine;
  /** Lines of the audit log. */
  readonly auditLog: string[];
  /** Called before each text goes into the audit log. */
  onAudit: (() => void) | undefined;
}

const siteHost = 'acme.atlassian.net';
const dcUrl = 'https://jira.corp.example/jira';
const redmineUrl = 'https://tools.corp.example/redmine';

/** What a connection with this private side is given beside the code. */
const trackerInputs: Readonly<Record<PrivateKind, RawInputs>> = {
  github: {},
  'jira-dc': {
    tracker: 'jira-dc',
    'tracker-url': dcUrl,
    project: 'APP',
    'tracker-token': 'pat-for-tests',
    'default-issue-type': 'Task',
  },
  redmine: {
    tracker: 'redmine',
    'tracker-url': redmineUrl,
    project: 'app',
    'tracker-token': 'key-for-tests',
    'text-format': 'textile',
    'default-issue-type': 'Task',
  },
};

/** A Data Center with a project APP, people and the connection's user. */
function createDataCenter(options: JiraDcOptions): JiraDcSimulator {
  const dc = createJiraDcSimulator(options);
  dc.people.addUser({ name: 'dana', displayName: 'Dana Cruz' });
  dc.people.addUser({ name: 'eli', displayName: 'Eli Novak' });
  const permissions = [...dcPermissions, 'EDIT_ALL_COMMENTS'];
  dc.people.addUser({ name: 'syncbot', displayName: 'Sync Bot', token: 'pat-for-tests', permissions });
  dc.people.addProject({ key: 'APP', name: 'The app' });
  return dc;
}

/** A Redmine with a project app, people and the connection's account. */
function createRedmine(options: RedmineOptions): RedmineSimulator {
  const redmine = createRedmineSimulator(options);
  const { people } = redmine;
  // Trackers with the names of Jira's types, so that each type has its namesake.
  people.addProject({ identifier: 'app', name: 'The app', trackers: ['Task', 'Bug', 'Story', 'Epic'] });
  people.addUser({ login: 'dana', firstname: 'Dana', lastname: 'Cruz' });
  people.addUser({ login: 'eli', firstname: 'Eli', lastname: 'Novak' });
  people.addUser({ login: 'syncbot', firstname: 'Sync', lastname: 'Bot', apiKey: 'key-for-tests' });
  for (const login of ['dana', 'eli', 'syncbot']) people.admit(login, 'app');
  return redmine;
}

/** The people of the chosen tracker. */
function peopleOf(tracker: PrivateKind, at: Pick<World, 'github' | 'dc' | 'redmine'>): PrivateSide {
  if (tracker === 'jira-dc') return jiraDcSide(at.dc);
  return tracker === 'redmine' ? redmineSide(at.redmine) : githubSide(at.github);
}

/** One run of the program, until it dies. */
interface Life {
  isOver: boolean;
  readonly end: () => void;
}

/** Two trackers in process over virtual time, and the product as the entries would run it. */
export function createWorld(options: WorldOptions = {}): World {
  const clock = createVirtualClock(Date.UTC(2026, 10, 23, 9, 0, 0));
  const jira = createJiraCloudSimulator({
    clock,
    host: siteHost,
    mediaHost: 'api.media.atlassian.com',
    limits: { rates: false },
    ...options.jira,
  });
  const ahead = options.gitHubAheadMs ?? (() => 0);
  const github = createGitHubSimulator({
    clock: { now: () => clock.now() + ahead(), advance: (durationMs) => clock.advance(durationMs) },
    apiHost: 'api.github.com',
    webHost: 'github.com',
    limits: { contentPerMinute: 1e6, contentPerHour: 1e6, pointsPerMinute: 1e7 },
    ...options.github,
  });
  const sync = jira.people.addAccount({
    displayName: 'Sallyport',
    email: 'sync@example.org',
    apiToken: 'jira-token-for-tests',
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  const ann = jira.people.addAccount({ displayName: 'Ann Lee' });
  const ben = jira.people.addAccount({ displayName: 'Ben Okafor' });
  jira.people.addProject({ key: 'ACME', name: 'Acme support' });
  github.addUser({ login: 'dana', name: 'Dana Cruz', permission: 'write' });
  github.addUser({ login: 'eli', name: 'Eli Novak', permission: 'write' });
  github.addUser({ login: 'syncbot', token: 'ghp_token_for_tests', permission: 'write' });
  github.addRepository({
    owner: 'acme',
    name: 'app',
    private: options.publicRepository !== true,
    ownerIsOrganization: true,
    ...(options.issueTypes === undefined ? {} : { issueTypes: options.issueTypes }),
  });
  const checkedJira = validated(jira, readOpenApiDocument('jira-cloud-v3'), {
    ignore: [/_edge\/tenant_info/, /api\.media\.atlassian\.com/],
    on: 'record',
  });
  const checkedGitHub = validated(github, readOpenApiDocument('github-rest'), {
    ignore: [/\/\/github\.com/, /\/meta$/],
    on: 'record',
  });
  const dc = createDataCenter({ clock, url: dcUrl, ...options.dc });
  const checkedDc = validated(dc, jiraDataCenter, {
    ignore: [/\/secure\/attachment\//],
    basePath: /^\/jira\/rest(?=\/)/,
    on: 'record',
  });
  const redmine = createRedmine({ clock, url: redmineUrl, ...options.redmine });
  const { elsewhere } = options;
  const simulators = [checkedJira, checkedGitHub, checkedDc, redmine, ...(elsewhere === undefined ? [] : [elsewhere.simulator])];
  const inputs: RawInputs = { ...(elsewhere?.inputs ?? trackerInputs[options.tracker ?? 'github']), ...options.inputs };
  let code = '';
  let random = 0;
  let life: Life = { isOver: false, end: () => undefined };
  const world: World = {
    clock,
    jira,
    github,
    dc,
    redmine,
    there: peopleOf(options.tracker ?? 'github', { github, dc, redmine }),
    people: { ann: ann.accountId, ben: ben.accountId, sync: sync.accountId },
    repository: 'acme/app',
    logs: [],
    violations: () => [...checkedJira.violations, ...checkedGitHub.violations, ...checkedDc.violations],
    states: new Map(),
    files: new Map(),
    inputs: {},
    killAt: undefined,
    requests: 0,
    onRequest: undefined,
    rewrite: undefined,
    machine: {
      nodeVersion: 'v24.1.0',
      programVersion: (name) => Promise.resolve(`${name} 1.5`),
      proxyFor: () => undefined,
      wallTimeMs: () => clock.now(),
      probeDirectory: () => Promise.resolve(),
    },
    auditLog: [],
    onAudit: undefined,
    code: () => code,
    run: (raw) => {
      world.requests = 0;
      const killed = new Promise<never>((_resolve, reject) => {
        life = { isOver: false, end: () => reject(new Killed('the process died')) };
      });
      const config = parseConfig(raw, { serverUrl: 'https://github.com', repository: 'acme/app', token: 'ghp_token_for_tests' });
      return Promise.race([perform(config, runtime), killed]);
    },
    connect: async (more = {}) => {
      const outcome = await world.run({
        operation: 'initiate',
        'jira-url': `https://${siteHost}`,
        'jira-project': 'ACME',
        'jira-email': 'sync@example.org',
        'jira-token': 'jira-token-for-tests',
        unsealed: 'true',
        ...more,
      });
      if (outcome.kind !== 'initiated' || outcome.code === undefined) throw new Error('no code');
      code = outcome.code;
      world.inputs = { 'invitation-code': code, state: 'memory', ...inputs };
      await world.run({ operation: 'accept', 'invitation-code': code, ...inputs });
    },
    switchTo: (operation, side = 'private') => world.run({ operation, side, 'invitation-code': code }),
    cycle: async (more = {}) => {
      const outcome = await world.run({
        operation: 'sync',
        'invitation-code': code,
        state: 'memory',
        ...inputs,
        ...more,
      });
      if (outcome.kind !== 'synced' || outcome.cycles[0] === undefined) throw new Error('no cycle');
      return outcome.cycles[0];
    },
  };
  const processClock: ProcessClock = {
    monotonicMs: () => clock.now(),
    wait: (durationMs) => {
      clock.advance(durationMs);
      return Promise.resolve();
    },
    random: () => 0.5,
  };
  const send = async (request: Request, own: Life): Promise<Response> => {
    // A process that is dead sends nothing more, whatever it was about to do.
    if (own.isOver) return new Promise(() => undefined);
    world.requests += 1;
    world.onRequest?.(world.requests, request);
    clock.advance(40);
    const host = new URL(request.url).host;
    const simulator = simulators.find((candidate) => candidate.hosts.includes(host));
    // Pictures in strangers' texts that nobody serves any more.
    if (host.endsWith('.githubusercontent.com'))
      return new Response('', { status: 404, headers: { date: new Date(clock.now()).toUTCString() } });
    if (simulator === undefined) throw new Error(`no simulator answers for ${host}`);
    const answer = await simulator.fetch(world.rewrite === undefined ? request : await world.rewrite(request));
    if (world.killAt === undefined || world.requests < world.killAt) return answer;
    own.isOver = true;
    own.end();
    return new Promise(() => undefined);
  };
  const runtime: Runtime = {
    transport: () => {
      const own = life;
      return (request) => send(request, own);
    },
    clock: processClock,
    randomBytes: (count) => {
      random += 1;
      return createHash('sha512').update(`random ${random}`).digest().subarray(0, count);
    },
    log: {
      info: (line) => void world.logs.push(line),
      warn: (line) => void world.logs.push(line),
      debug: (line) => void world.logs.push(line),
    },
    mask: () => undefined,
    readFile: (path) => {
      const text = world.files.get(path);
      return text === undefined ? Promise.reject(new Error(`there is no file ${path}`)) : Promise.resolve(text);
    },
    writeFile: (path, text) => {
      world.files.set(path, text);
      return Promise.resolve();
    },
    pathOf: (name) => name,
    store: () => memoryStore(world.states),
    version: '0.1.0',
    inWorkflow: false,
    openLog: () =>
      Promise.resolve({
        append: async (text) => {
          world.onAudit?.();
          world.auditLog.push(...text.trimEnd().split('\n'));
        },
        close: () => Promise.resolve(),
      }),
    get machine() {
      return world.machine;
    },
  };
  return world;
}

function memoryStore(states: Map<string, Uint8Array>): StateStore {
  return {
    load: (id) => Promise.resolve(states.get(id)),
    save: (id, blob) => {
      states.set(id, blob);
      return Promise.resolve({ kind: 'saved' });
    },
  };
}
