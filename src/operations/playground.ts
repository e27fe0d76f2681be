import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../config/config.ts';
import type { RawInputs } from '../config/inputs.ts';
import type { SideName } from '../core/model.ts';
import { SallyportError, messageOf } from '../errors.ts';
import { createTransport } from '../gateway/transport.ts';
import { decodeInvitation } from '../invitation/decode-invitation.ts';
import type { CycleReport, Outcome } from '../report/outcome.ts';
import { reserve } from '../simulators/serve.ts';
import type { VirtualClock } from '../simulators/simulator.ts';
import { seedJira } from './demo-content.ts';
import { seedGitHub } from './demo-github.ts';
import type { PlaygroundWorld } from './demo-world.ts';
import { createDemoWorld, demoAccess, demoRuntime, leapingClock } from './demo-world.ts';
import { perform } from './perform.ts';
import type { FaultName } from './playground-faults.ts';
import { killedTransport, switchedFaults } from './playground-faults.ts';
import type { PlayPair, ViewKey } from './playground-view.ts';
import { pairsOf } from './playground-view.ts';
import type { Runtime } from './runtime.ts';

/** One run of the runner, as it ended. */
export interface PlayRun {
  /** From 1. */
  readonly number: number;
  /** Virtual time. */
  readonly at: number;
  readonly faults: readonly FaultName[];
  readonly end:
    | { readonly kind: 'done'; readonly report: CycleReport }
    /** Gone right after this request, or undefined: before it could note what it did. */
    | { readonly kind: 'killed'; readonly after: string | undefined }
    | { readonly kind: 'stopped'; readonly message: string };
}

/** What a person does on one side. */
export type PlayAct =
  | { readonly kind: 'issue'; readonly title: string; readonly text: string; readonly type: string }
  | { readonly kind: 'edit'; readonly issue: string; readonly title: string; readonly text: string | undefined }
  | { readonly kind: 'comment'; readonly issue: string; readonly text: string }
  | { readonly kind: 'remove-comment'; readonly issue: string; readonly comment: string }
  | { readonly kind: 'file'; readonly issue: string; readonly name: string; readonly bytes: Uint8Array };

export interface Playground {
  readonly siteUrl: string;
  readonly trackerUrl: string;
  pairs(): readonly PlayPair[];
  /** The newest first. */
  readonly runs: readonly PlayRun[];
  /** Issues that a person touched since a cycle last committed, as `side id`. */
  readonly touched: ReadonlySet<string>;
  /** @throws Error as the tracker would refuse it */
  act(side: SideName, act: PlayAct): void;
  /** The next run of a schedule: five minutes after the last one, with the faults that are switched on. */
  run(faults: readonly FaultName[]): Promise<PlayRun>;
  close(): Promise<void>;
}

const scheduleMs = 5 * 60_000;
const runsMax = 50;

/** Both trackers on ports of this machine, with a connection between them that was accepted and has not run yet. */
export async function createPlayground(): Promise<Playground> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-playground-'));
  const [site, tracker] = [await reserve(), await reserve()];
  const close = async (): Promise<void> => {
    await Promise.all([site.close(), tracker.close()]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const clock = leapingClock();
    const on = new Set<FaultName>();
    const world = createDemoWorld(
      clock,
      { site: site.host, github: tracker.host },
      switchedFaults((name) => on.has(name)),
    );
    site.start(world.jira);
    tracker.start(world.github);
    const stage: Stage = { world, clock, on, directory, siteUrl: site.origin, trackerUrl: tracker.origin };
    const connection = await connectDemo(stage);
    seedJira(world);
    seedGitHub(world.github);
    return playgroundOf(stage, connection, close);
  } catch (error) {
    await close();
    throw error;
  }
}

interface Stage {
  readonly world: PlaygroundWorld;
  readonly clock: VirtualClock;
  readonly on: Set<FaultName>;
  readonly directory: string;
  readonly siteUrl: string;
  readonly trackerUrl: string;
}

interface DemoConnection {
  readonly raw: RawInputs;
  readonly view: ViewKey;
}

function runOperation(stage: Stage, runtime: Runtime, raw: RawInputs): Promise<Outcome> {
  const { world, trackerUrl } = stage;
  const platform = { serverUrl: trackerUrl, repository: world.repository, token: demoAccess.trackerToken };
  return perform(parseConfig(raw, platform), runtime);
}

async function connectDemo(stage: Stage): Promise<DemoConnection> {
  const runtime = demoRuntime(() => undefined, stage.clock);
  const initiated = await runOperation(stage, runtime, {
    operation: 'initiate',
    'jira-url': stage.siteUrl,
    'jira-project': stage.world.project,
    'jira-email': demoAccess.email,
    'jira-token': demoAccess.jiraToken,
    'connection-name': 'Acme support',
    unsealed: 'true',
  });
  if (initiated.kind !== 'initiated' || initiated.code === undefined)
    throw new SallyportError('playground: initiate gave no code', { kind: 'answer' });
  const raw: RawInputs = {
    'invitation-code': initiated.code,
    'tracker-url': stage.trackerUrl,
    state: join(stage.directory, 'state'),
  };
  await runOperation(stage, runtime, { ...raw, operation: 'accept' });
  const { keyId, secret, connectionId } = decodeInvitation(initiated.code, {});
  return { raw, view: { key: { id: keyId, secret: Buffer.from(secret, 'base64url') }, connectionId } };
}

function playgroundOf(stage: Stage, connection: DemoConnection, close: () => Promise<void>): Playground {
  const runs: PlayRun[] = [];
  const touched = new Set<string>();
  return {
    siteUrl: stage.siteUrl,
    trackerUrl: stage.trackerUrl,
    runs,
    touched,
    pairs: () => pairsOf(stage.world, connection.view),
    act: (side, act) => {
      const id = side === 'public' ? actOnJira(stage.world, act) : actOnGitHub(stage.world, act);
      touched.add(`${side} ${id}`);
    },
    run: async (faults) => {
      stage.clock.advance(scheduleMs);
      const end = await runOnce(stage, connection, faults);
      if (end.kind === 'done') touched.clear();
      const run: PlayRun = { number: (runs[0]?.number ?? 0) + 1, at: stage.clock.now(), faults, end };
      runs.unshift(run);
      runs.splice(runsMax);
      return run;
    },
    close,
  };
}

async function runOnce(stage: Stage, connection: DemoConnection, faults: readonly FaultName[]): Promise<PlayRun['end']> {
  if (faults.includes('lost-cache')) await rm(join(stage.directory, 'state'), { recursive: true, force: true });
  stage.on.clear();
  for (const name of faults) stage.on.add(name);
  const runtime = demoRuntime(() => undefined, stage.clock);
  const runner = killedTransport(createTransport({ environment: {} }));
  // Without alarms: a run that is gone waits for nothing, and would keep this process from ending.
  const { alarm: _, ...clock } = runtime.clock;
  const own = faults.includes('killed-runner') ? { ...runtime, clock, transport: () => runner.transport } : runtime;
  const synced = runOperation(stage, own, { ...connection.raw, operation: 'sync' }).then(
    (outcome): PlayRun['end'] => {
      const report = outcome.kind === 'synced' ? outcome.cycles[0] : undefined;
      return report === undefined ? { kind: 'stopped', message: 'no cycle ran' } : { kind: 'done', report };
    },
    (error: unknown): PlayRun['end'] => ({ kind: 'stopped', message: messageOf(error) }),
  );
  const killed = runner.killed.then((after): PlayRun['end'] => ({ kind: 'killed', after }));
  const end = await Promise.race([synced, killed]);
  stage.on.clear();
  return end;
}

/** Returns the issue's id. */
function actOnJira(world: PlaygroundWorld, act: PlayAct): string {
  const { people } = world.jira;
  const as = world.people.ann;
  const idOf = (key: string): string => people.issue(key)?.id ?? key;
  switch (act.kind) {
    case 'issue': {
      const { title, text, type } = act;
      return people.createIssue({ project: world.project, as, summary: title, description: text, type, labels: ['sync'] }).id;
    }
    case 'edit':
      people.editIssue(act.issue, {
        as,
        summary: act.title,
        ...(act.text === undefined ? {} : { description: act.text }),
      });
      return idOf(act.issue);
    case 'comment':
      people.addComment(act.issue, { as, body: act.text });
      return idOf(act.issue);
    case 'remove-comment':
      people.deleteComment(act.issue, act.comment);
      return idOf(act.issue);
    case 'file':
      people.addAttachment(act.issue, { as, name: act.name, bytes: act.bytes });
      return idOf(act.issue);
  }
}

function actOnGitHub(world: PlaygroundWorld, act: PlayAct): string {
  const { github, repository } = world;
  const as = 'dana';
  const number = act.kind === 'issue' ? 0 : Number(act.issue.replace('#', ''));
  switch (act.kind) {
    case 'issue': {
      const { title, text, type } = act;
      return String(github.createIssue({ repository, as, title, body: text, labels: ['sync', `type: ${type}`] }).number);
    }
    case 'edit': {
      const body = github.issue(repository, number)?.body ?? '';
      // A person edits the text and leaves the comments in it alone, which GitHub's pages do not show.
      const marks = body.slice(splitContent(body));
      github.editIssue({
        repository,
        number,
        as,
        title: act.title,
        ...(act.text === undefined ? {} : { body: `${act.text}${marks}` }),
      });
      break;
    }
    case 'comment':
      github.addComment({ repository, number, as, body: act.text });
      break;
    case 'remove-comment':
      github.deleteComment({ repository, id: Number(act.comment) });
      break;
    case 'file': {
      const kind = /\.(?:png|jpe?g|gif|webp)$/i.test(act.name) ? 'image' : 'file';
      const address = github.uploadAsset({ as, name: act.name, bytes: act.bytes, kind, repository });
      github.addComment({ repository, number, as, body: `${kind === 'image' ? '!' : ''}[${act.name}](${address})` });
      break;
    }
  }
  return String(number);
}

/** Where the runner's own part of a text begins: the list of files or the first stamp. */
function splitContent(body: string): number {
  const at = body.search(/\n*<!-- sallyport:/);
  return at === -1 ? body.length : at;
}
