import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { InputName, RawInputs } from '../../src/config/inputs.ts';
import type { ActionsCacheSimulator } from '../../src/simulators/actions-cache/actions-cache.ts';
import { createActionsCacheSimulator } from '../../src/simulators/actions-cache/actions-cache.ts';
import type { GitHubSimulator } from '../../src/simulators/github/github.ts';
import { createGitHubSimulator } from '../../src/simulators/github/github.ts';
import type { JiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import { createJiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import type { ReservedPort } from '../../src/simulators/serve.ts';
import { reserve } from '../../src/simulators/serve.ts';
import type { FaultPlan, Simulator, VirtualClock } from '../../src/simulators/simulator.ts';
import type { ActionEnd, JobEnd, JobOptions } from './runner.ts';
import { runAction, runCli } from './runner.ts';

/** Distinctive, and with characters that encodings change. */
export const secrets = {
  jiraToken: 'ATATT3x+Jira/token=for?tests&only',
  githubToken: 'ghp_TokenOfTheGitHubSideForTests01',
  passphrase: 'a passphrase/for+tests & nothing=else',
  email: 'sync@example.org',
} as const;

/** A request that a tracker got, with its body. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly body: Uint8Array;
}

export interface RigOptions {
  readonly faults?: { readonly jira?: FaultPlan; readonly github?: FaultPlan };
  /** Added to every action's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly node?: string;
  /** Of the test's own context, for tests that run side by side. */
  readonly onTestFinished?: typeof onTestFinished;
}

/** Trackers and cache service over HTTP on this machine, and jobs that reach them. */
export interface Rig {
  readonly clock: VirtualClock;
  readonly jira: JiraCloudSimulator;
  readonly github: GitHubSimulator;
  readonly cache: ActionsCacheSimulator;
  readonly siteUrl: string;
  readonly trackerUrl: string;
  readonly people: { readonly ann: string; readonly ben: string; readonly sync: string };
  readonly repository: 'acme/app';
  /** Everything that processes of this rig leave on disk lies under it. */
  readonly directory: string;
  /** What both trackers got since the rig began. */
  readonly received: Received[];
  /** Tells the first tracker request that is still carried out and whose answer the killed process does not live to see. */
  killWhen: ((request: Received) => boolean) | undefined;
  action(inputs: RawInputs, environment?: JobOptions['environment']): Promise<ActionEnd>;
  cli(words: readonly string[], environment?: JobOptions['environment']): Promise<JobEnd>;
  /** Initiates through the action; the code that its summary shows, with its passphrase, as inputs. */
  initiate(more?: RawInputs): Promise<RawInputs>;
}

/** Real time, so that tokens and waits of the spawned process fit, and leaps on top of it. */
function leapingClock(): VirtualClock {
  const origin = Date.now() - performance.now();
  let leapsMs = 0;
  return {
    now: () => Math.floor(origin + performance.now() + leapsMs),
    advance: (durationMs) => {
      leapsMs += durationMs;
    },
  };
}

/** A rig that ends with the test that made it. */
export async function createRig(options: RigOptions = {}): Promise<Rig> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-e2e-'));
  const [site, tracker, service] = [await reserve(), await reserve(), await reserve()];
  (options.onTestFinished ?? onTestFinished)(async () => {
    await Promise.all([site.close(), tracker.close(), service.close()]);
    await rm(directory, { recursive: true, force: true });
  });
  const clock = leapingClock();
  const people = createTrackers(clock, { site, tracker }, options.faults ?? {});
  const cache = createActionsCacheSimulator({ clock, host: service.host });
  const { jira, github } = people;
  let jobs = 0;
  let child: ChildProcess | undefined;
  const job = async (): Promise<JobOptions> => {
    jobs += 1;
    const folder = join(directory, `job-${jobs}`);
    await mkdir(folder);
    return {
      directory: folder,
      onStart: (started) => {
        child = started;
      },
      ...(options.node === undefined ? {} : { node: options.node }),
    };
  };
  const base: NonNullable<JobOptions['environment']> = {
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_REPOSITORY: 'acme/app',
    ACTIONS_RESULTS_URL: `${service.origin}/`,
    ACTIONS_CACHE_URL: `${service.origin}/`,
    ACTIONS_RUNTIME_TOKEN: 'runtime-token-for-tests',
    ACTIONS_CACHE_SERVICE_V2: 'true',
    ...options.environment,
  };
  const rig: Rig = {
    clock,
    jira,
    github,
    cache,
    siteUrl: site.origin,
    trackerUrl: tracker.origin,
    people: people.ids,
    repository: 'acme/app',
    directory,
    received: [],
    killWhen: undefined,
    action: async (inputs, environment) => runAction(inputs, { ...(await job()), environment: { ...base, ...environment } }),
    cli: async (words, environment = {}) => runCli(words, { ...(await job()), environment }),
    initiate: async (more = {}) => {
      const end = await rig.action({ ...initiateInputs(rig), ...more });
      const code = sealedCode.exec(end.summary)?.[0];
      if (end.exitCode !== 0 || code === undefined) throw new Error(`initiate exited ${end.exitCode}: ${end.stdout}`);
      return {
        'invitation-code': code,
        passphrase: secrets.passphrase,
        'tracker-url': rig.trackerUrl,
        'tracker-token': secrets.githubToken,
      };
    },
  };
  const watched = (simulator: Simulator): Simulator => ({
    hosts: simulator.hosts,
    fetch: async (request) => {
      const received = { method: request.method, url: request.url, body: new Uint8Array(await request.clone().arrayBuffer()) };
      rig.received.push(received);
      const answer = await simulator.fetch(request);
      if (rig.killWhen?.(received) === true && child !== undefined) await killed(child);
      return answer;
    },
  });
  site.start(watched(jira));
  tracker.start(watched(github));
  service.start(cache);
  return rig;
}

export const sealedCode = /sallyport1s\.[\w-]+\.[\w-]+/;

export function initiateInputs(rig: Pick<Rig, 'siteUrl'>): Partial<Record<InputName, string>> {
  return {
    operation: 'initiate',
    'jira-url': rig.siteUrl,
    'jira-project': 'ACME',
    'jira-email': secrets.email,
    'jira-token': secrets.jiraToken,
    'connection-name': 'Acme support',
    passphrase: secrets.passphrase,
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function createTrackers(
  clock: VirtualClock,
  ports: { readonly site: ReservedPort; readonly tracker: ReservedPort },
  faults: NonNullable<RigOptions['faults']>,
): { jira: JiraCloudSimulator; github: GitHubSimulator; ids: Rig['people'] } {
  const jira = createJiraCloudSimulator({
    clock,
    host: ports.site.host,
    mediaHost: `localhost:${ports.site.port}`,
    protocol: 'http:',
    limits: { rates: false },
    ...(faults.jira === undefined ? {} : { faults: faults.jira }),
  });
  const github = createGitHubSimulator({
    clock,
    apiHost: ports.tracker.host,
    webHost: ports.tracker.host,
    protocol: 'http',
    shape: 'ghes',
    faults: faults.github,
  });
  const sync = jira.people.addAccount({
    displayName: 'Sallyport',
    email: secrets.email,
    apiToken: secrets.jiraToken,
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  const ann = jira.people.addAccount({ displayName: 'Ann Lee' });
  const ben = jira.people.addAccount({ displayName: 'Ben Okafor' });
  jira.people.addProject({ key: 'ACME', name: 'Acme support' });
  github.addUser({ login: 'dana', name: 'Dana Cruz', permission: 'write' });
  github.addUser({ login: 'eli', name: 'Eli Novak', permission: 'write' });
  github.addUser({ login: 'syncbot', token: secrets.githubToken, permission: 'write' });
  github.addRepository({ owner: 'acme', name: 'app', private: true });
  return { jira, github, ids: { ann: ann.accountId, ben: ben.accountId, sync: sync.accountId } };
}

const requestsSchema = z.object({
  public: z.number(),
  private: z.number(),
  control: z.number(),
  audit: z.number(),
  writes: z.object({ public: z.number(), private: z.number() }),
});

const reportSchema = z.object({
  operation: z.literal('synced'),
  connection: z.object({ status: z.string(), destination: z.string() }),
  cycles: z
    .array(
      z.object({
        requests: requestsSchema,
        result: z.object({ twins: z.number(), changes: z.array(z.unknown()), failures: z.array(z.unknown()) }),
      }),
    )
    .min(1),
  requests: requestsSchema,
});

export type SyncReport = z.infer<typeof reportSchema>;

/** The report of a `sync`, from its file or from `--json`. */
export function syncReport(report: unknown): SyncReport {
  return reportSchema.parse(report);
}
