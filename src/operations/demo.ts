import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parseConfig } from '../config/config.ts';
import type { RawInputs } from '../config/inputs.ts';
import { SallyportError } from '../errors.ts';
import { systemClock } from '../gateway/system-clock.ts';
import { createTransport } from '../gateway/transport.ts';
import type { CycleReport, Outcome } from '../report/outcome.ts';
import { summaryText } from '../report/summary-text.ts';
import { createJiraCloudSimulator } from '../simulators/jira-cloud/jira-cloud.ts';
import { memberPermissions } from '../simulators/jira-cloud/permissions.ts';
import type { ReservedPort } from '../simulators/serve.ts';
import { reserve } from '../simulators/serve.ts';
import type { VirtualClock } from '../simulators/simulator.ts';
import { createDirectoryStore } from '../store/directory-store.ts';
import type { DemoWorld } from './demo-content.ts';
import { seedJira } from './demo-content.ts';
import { demoGitHub } from './demo-github.ts';
import { demoJiraDc } from './demo-jira-dc.ts';
import type { RealRedmine } from './demo-redmine.ts';
import { demoRedmine, realRedmine } from './demo-redmine.ts';
import type { DemoTracker } from './demo-tracker.ts';
import { perform } from './perform.ts';
import type { Runtime } from './runtime.ts';

export const demoPrivates = ['github', 'jira-dc', 'redmine'] as const;
export type DemoPrivate = (typeof demoPrivates)[number];

export interface DemoOptions {
  readonly private: DemoPrivate;
  /** A real server in place of the model, for `redmine`. */
  readonly redmine: RealRedmine | undefined;
  readonly json: boolean;
  readonly print: (text: string) => Promise<void>;
  readonly log: (line: string) => void;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Time as it passes, and leaps on top of it: what a day would bring is shown in seconds. */
function leapingClock(): VirtualClock {
  const startedAt = Date.now();
  const started = performance.now();
  let leapsMs = 0;
  return {
    now: () => Math.floor(startedAt + performance.now() - started + leapsMs),
    advance: (durationMs) => {
      leapsMs += durationMs;
    },
  };
}

/**
 * Runs the main job from an invitation to a quiet cycle on embedded simulators: nothing is installed and nothing leaves
 * the machine, but for a Redmine that is named. Returns the exit code: 0 if both sides ended in step and the last cycle wrote nothing.
 */
export async function demo(options: DemoOptions): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-demo-'));
  const [sitePort, trackerPort] = [await reserve(), await reserve()];
  try {
    const clock = leapingClock();
    const world = createWorld(clock, sitePort.host);
    sitePort.start(world.jira);
    const tracker = createTracker(options, clock, trackerPort);
    return await play(options, { world, tracker, clock, directory, siteUrl: sitePort.origin });
  } finally {
    await Promise.all([sitePort.close(), trackerPort.close()]);
    await rm(directory, { recursive: true, force: true });
  }
}

function createTracker(options: DemoOptions, clock: VirtualClock, port: ReservedPort): DemoTracker {
  switch (options.private) {
    case 'github':
      return demoGitHub(clock, port);
    case 'jira-dc':
      return demoJiraDc(clock, port);
    case 'redmine':
      return options.redmine === undefined ? demoRedmine(clock, port) : realRedmine(options.redmine);
  }
}

function createWorld(clock: VirtualClock, site: string): DemoWorld {
  const jira = createJiraCloudSimulator({
    clock,
    host: site,
    mediaHost: site.replace('127.0.0.1', 'localhost'),
    protocol: 'http:',
    limits: { rates: false },
  });
  jira.people.addAccount({
    displayName: 'Sallyport',
    email: 'sync@example.org',
    apiToken: 'demo-jira-token',
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  const ann = jira.people.addAccount({ displayName: 'Ann Lee' });
  const ben = jira.people.addAccount({ displayName: 'Ben Okafor' });
  jira.people.addProject({ key: 'ACME', name: 'Acme support', defaultIssueTypeName: 'Task', issueTypeSchemeReadable: true });
  return { jira, project: 'ACME', people: { ann: ann.accountId, ben: ben.accountId } };
}

interface Stage {
  readonly world: DemoWorld;
  readonly clock: VirtualClock;
  readonly directory: string;
  readonly siteUrl: string;
  readonly tracker: DemoTracker;
}

async function play(options: DemoOptions, stage: Stage): Promise<number> {
  const say = options.json ? options.log : options.print;
  const runtime = demoRuntime(options.log, stage.clock);
  const run = (raw: RawInputs): Promise<Outcome> =>
    perform(parseConfig(raw, { serverUrl: 'https://github.com', repository: '', token: '' }), runtime);
  const { tracker } = stage;
  await say(`Two trackers: a Jira Cloud site on this machine (public) and ${tracker.title} (private).\n`);
  const initiated = await run({
    operation: 'initiate',
    'jira-url': stage.siteUrl,
    'jira-project': 'ACME',
    'jira-email': 'sync@example.org',
    'jira-token': 'demo-jira-token',
    'connection-name': 'Acme support',
  });
  await say(summaryText(initiated));
  if (initiated.kind !== 'initiated' || initiated.code === undefined)
    throw new SallyportError('demo: initiate gave no code', { kind: 'answer' });
  const connection: RawInputs = {
    'invitation-code': initiated.code,
    passphrase: initiated.passphrase ?? '',
    ...tracker.inputs,
    state: join(stage.directory, 'state'),
  };
  await say(summaryText(await run({ ...connection, operation: 'accept' })));
  const cycles: CycleReport[] = [];
  const cycle = async (title: string, more: RawInputs = {}): Promise<CycleReport> => {
    const outcome = await run({ ...connection, operation: 'sync', ...more });
    await say(`\n=== ${title}\n\n${summaryText(outcome)}`);
    const report = outcome.kind === 'synced' ? outcome.cycles[0] : undefined;
    if (report === undefined) throw new SallyportError('demo: sync ran no cycle', { kind: 'answer' });
    return report;
  };
  const jira = seedJira(stage.world);
  await tracker.seed();
  cycles.push(await cycle('Cycle 1: people have written issues on both sides; each gets its copy'));
  await edit(stage.world, jira, tracker);
  stage.clock.advance(5 * minuteMs);
  cycles.push(await cycle('Cycle 2: people have edited and removed things on both sides'));
  stage.clock.advance(dayMs);
  cycles.push(await cycle('Cycle 3, a day later: the audit reads every twin whole; what two cycles saw absent is removed'));
  stage.clock.advance(11 * minuteMs);
  cycles.push(await cycle('Cycle 4, ten minutes later: nothing is left that was seen absent'));
  stage.clock.advance(20 * minuteMs);
  cycles.push(await cycle('Cycle 5: a quiet moment passes'));
  cycles.push(await cycle('Cycle 6: nothing to do'));
  const audit = await cycle('Dry run with a full audit: are both sides in step?', { 'dry-run': 'true', audit: 'full' });
  return finish(options, { cycles, audit });
}

/** What people do between the first and the second cycle. */
async function edit(world: DemoWorld, seeded: ReturnType<typeof seedJira>, tracker: DemoTracker): Promise<void> {
  const { jira, people } = world;
  const { login, epic } = seeded;
  jira.people.editIssue(login, { as: people.ben, summary: 'Login fails after a password change' });
  jira.people.addComment(login, { as: people.ben, body: 'Mended in build 1424.' });
  const question = jira.people.issue(login)?.comments[0];
  if (question !== undefined) jira.people.deleteComment(login, question.id);
  const log = jira.people.issue(login)?.attachments.find((attachment) => attachment.name === 'server.log');
  if (log !== undefined) jira.people.deleteAttachment(log.id, people.ann);
  jira.people.changeType(epic, { as: people.ann, type: 'Story' });
  await tracker.edit();
  // Both sides change the same title: the later one wins and the conflict is reported.
  jira.people.editIssue(seeded.service, { as: people.ben, summary: 'Invoices cannot be exported' });
  await tracker.rename('Customer cannot export invoices', 'Export of invoices broken');
}

function demoRuntime(log: (line: string) => void, clock: VirtualClock): Runtime {
  return {
    transport: () => createTransport({ environment: {} }),
    // Waits are leaps, too: the demonstration shows what happens, not how long it would take.
    clock: { ...systemClock(), wait: (durationMs) => Promise.resolve(clock.advance(durationMs)) },
    randomBytes: (count) => randomBytes(count),
    log: { info: log, warn: log, debug: () => undefined },
    mask: () => undefined,
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: () => Promise.reject(new Error('nothing is written here')),
    pathOf: (name) => name,
    store: (state) => createDirectoryStore(state),
    version: '0.1.0',
    inWorkflow: false,
  };
}

async function finish(options: DemoOptions, ended: { cycles: readonly CycleReport[]; audit: CycleReport }): Promise<number> {
  const { cycles, audit } = ended;
  const last = cycles.at(-1);
  const quietWrites = (last?.requests.writes.public ?? 0) + (last?.requests.writes.private ?? 0);
  const converged = audit.result.changes.length === 0 && audit.result.failures.length === 0 && audit.result.twins > 0;
  const figures = {
    twins: audit.result.twins,
    cycles: cycles.map((cycle) => ({
      requests: { public: cycle.requests.public, private: cycle.requests.private },
      writes: cycle.requests.writes,
      control: cycle.requests.control,
      conflicts: cycle.result.conflicts.filter((conflict) => conflict.outcome !== 'merged').length,
      errors: cycle.result.failures.length,
      ms: Math.round(cycle.durationMs),
    })),
    converged,
    quietWrites,
  };
  if (options.json) await options.print(JSON.stringify(figures));
  else
    await options.print(
      `\n${figures.twins} twins, ${converged ? 'both sides in step' : 'NOT in step'}; the last cycle wrote ${quietWrites} times.`,
    );
  return converged && quietWrites === 0 ? 0 : 1;
}
