import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createJiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import { createJiraDcSimulator } from '../../src/simulators/jira-dc/jira-dc.ts';
import { memberPermissions as dcPermissions } from '../../src/simulators/jira-dc/people.ts';
import { createRedmineSimulator } from '../../src/simulators/redmine/redmine.ts';
import { reserve } from '../../src/simulators/serve.ts';
import type { ReservedPort } from '../../src/simulators/serve.ts';
import type { Simulator, VirtualClock } from '../../src/simulators/simulator.ts';
import { createVirtualClock } from '../../src/simulators/simulator.ts';
import { headOf, sha256Of } from './large-content.ts';
import type { LargeFileDoor } from './large-file-door.ts';
import { largeFileDoor } from './large-file-door.ts';

export type LargeKind = 'jira-dc' | 'redmine';

export interface TransferOptions {
  readonly tracker: LargeKind;
  readonly bytes: number;
  /** So many uploads to each side arrive with other bytes than were sent. Default 0. */
  readonly spoil?: number;
}

/** What one run of the bundle came to, in which one file went each way. */
export interface Transfer {
  readonly exitCode: number | null;
  /** SHA-256 of each origin, and of every upload that arrived on the other side. */
  readonly toPrivate: { readonly origin: string; readonly arrived: readonly string[]; readonly stored: number };
  readonly toPublic: { readonly origin: string; readonly arrived: readonly string[]; readonly stored: number };
  /** `VmHWM` of the process: the most memory that was ever resident. */
  readonly residentBytesMax: number;
  readonly seconds: number;
  readonly failures: readonly string[];
}

interface Private {
  readonly simulator: Simulator;
  readonly flags: readonly string[];
  attach(size: number): void;
  /** Names of the files of the copy. */
  stored(): number;
}

const fileName = 'large.bin';
const uploadBytesMax = 2 * 1024 ** 3;

/** The bundle copies a large file from each side to the other; neither it nor the simulators ever hold one. */
export async function transferBothWays(options: TransferOptions): Promise<Transfer> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-large-'));
  const [site, tracker] = [await reserve(), await reserve()];
  try {
    const clock = createVirtualClock(Date.now());
    const { jira, ann } = createPublic(clock, site);
    const there = options.tracker === 'redmine' ? privateRedmine(clock, tracker) : privateJiraDc(clock, tracker);
    const doors = { site: largeFileDoor(jira), tracker: largeFileDoor(there.simulator) };
    doors.site.spoil = options.spoil ?? 0;
    doors.tracker.spoil = options.spoil ?? 0;
    site.start(doors.site);
    tracker.start(doors.tracker);
    const connection = await connect(directory, site, there.flags);
    const issue = jira.people.createIssue({ project: 'ACME', as: ann, summary: 'From the cloud', labels: ['sync'] });
    const [outgoing, incoming] = [1, 2].map((seed) => ({ size: options.bytes, seed }));
    if (outgoing === undefined || incoming === undefined) throw new Error('two files are needed');
    const bytes = Buffer.from(headOf(outgoing));
    jira.people.addAttachment(issue.key, { name: fileName, bytes, as: ann, mediaType: 'application/octet-stream' });
    there.attach(options.bytes);
    const started = performance.now();
    const end = await run(directory, ['sync', ...connection, '--state', join(directory, 'state')]);
    const copies = jira.people.issues().find(({ summary }) => summary === 'From there')?.attachments ?? [];
    return {
      exitCode: end.exitCode,
      toPrivate: arrivals(doors.tracker, { origin: sha256Of(outgoing), stored: there.stored() }),
      toPublic: arrivals(doors.site, { origin: sha256Of(incoming), stored: copies.length }),
      residentBytesMax: end.residentBytesMax,
      seconds: Math.round(performance.now() - started) / 1000,
      failures: failuresIn(end.stdout),
    };
  } finally {
    await Promise.all([site.close(), tracker.close()]);
    await rm(directory, { recursive: true, force: true });
  }
}

function arrivals(door: LargeFileDoor, of: { readonly origin: string; readonly stored: number }): Transfer['toPublic'] {
  return { origin: of.origin, arrived: door.arrived.map(({ sha256 }) => sha256), stored: of.stored };
}

function createPublic(clock: VirtualClock, port: ReservedPort) {
  const jira = createJiraCloudSimulator({
    clock,
    host: port.host,
    mediaHost: port.host.replace('127.0.0.1', 'localhost'),
    protocol: 'http:',
    limits: { rates: false, uploadBytes: uploadBytesMax },
  });
  jira.people.addAccount({
    displayName: 'Sallyport',
    email: 'sync@example.org',
    apiToken: 'jira-token-for-tests',
    permissions: [...memberPermissions, 'EDIT_ALL_COMMENTS'],
  });
  const ann = jira.people.addAccount({ displayName: 'Ann Lee' }).accountId;
  jira.people.addProject({ key: 'ACME', name: 'Acme support' });
  return { jira, ann };
}

function privateJiraDc(clock: VirtualClock, port: ReservedPort): Private {
  const url = `${port.origin}/jira`;
  const dc = createJiraDcSimulator({ clock, url, limits: { uploadBytes: uploadBytesMax } });
  const { people } = dc;
  people.addUser({ name: 'dana', displayName: 'Dana Cruz' });
  const permissions = [...dcPermissions, 'EDIT_ALL_COMMENTS'];
  people.addUser({ name: 'sync', displayName: 'Sync', token: 'token-for-tests', permissions });
  people.addProject({ key: 'APP', name: 'The app' });
  const { id } = people.createIssue({ project: 'APP', as: 'dana', summary: 'From there', labels: ['sync'] });
  return {
    simulator: dc,
    flags: flagsOf('jira-dc', { url, project: 'APP' }),
    attach: (size) =>
      void people.addAttachment(id, { as: 'dana', name: fileName, bytes: Buffer.from(headOf({ size, seed: 2 })) }),
    stored: () => people.issues().find(({ summary }) => summary === 'From the cloud')?.attachments.length ?? 0,
  };
}

function privateRedmine(clock: VirtualClock, port: ReservedPort): Private {
  const url = `${port.origin}/redmine`;
  const redmine = createRedmineSimulator({ clock, url });
  const { people } = redmine;
  people.addUser({ login: 'dana', firstname: 'Dana', lastname: 'Cruz' });
  people.addUser({ login: 'sync', firstname: 'Sync', lastname: 'Bot', apiKey: 'token-for-tests' });
  people.addProject({ identifier: 'app' });
  for (const login of ['dana', 'sync']) people.admit(login, 'app');
  const { id } = people.createIssue({ project: 'app', as: 'dana', subject: 'From there', fields: { Sync: '1' } });
  return {
    simulator: redmine,
    flags: [...flagsOf('redmine', { url, project: 'app' }), '--text-format', 'textile'],
    attach: (size) => void people.attach(id, { as: 'dana', name: fileName, bytes: Buffer.from(headOf({ size, seed: 2 })) }),
    stored: () => people.issues().find(({ subject }) => subject === 'From the cloud')?.attachments.length ?? 0,
  };
}

function flagsOf(tracker: LargeKind, at: { readonly url: string; readonly project: string }): readonly string[] {
  return ['--tracker', tracker, '--tracker-url', at.url, '--project', at.project, '--tracker-token', 'token-for-tests'];
}

const initiatedSchema = z.object({ code: z.string() });

async function connect(directory: string, site: ReservedPort, flags: readonly string[]): Promise<readonly string[]> {
  const account = ['--jira-email', 'sync@example.org', '--jira-token', 'jira-token-for-tests', '--unsealed'];
  const place = ['--jira-url', site.origin, '--jira-project', 'ACME'];
  const { stdout, stderr } = await run(directory, ['initiate', ...place, ...account]);
  const code = initiatedSchema.safeParse(JSON.parse(stdout)).data?.code;
  if (code === undefined) throw new Error(`no code: ${stderr}${stdout}`);
  const connection = ['--invitation-code', code, '--backfill', ...flags];
  const accepted = await run(directory, ['accept', ...connection]);
  if (accepted.exitCode !== 0) throw new Error(`not accepted: ${accepted.stderr}`);
  return connection;
}

interface End {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly residentBytesMax: number;
}

/** Runs the command line's bundle and reads, until it ends, the most memory that it ever had resident. */
async function run(directory: string, words: readonly string[]): Promise<End> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../dist/cli.js'), ...words, '--json'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let residentBytesMax = 0;
  const look = (): void => {
    residentBytesMax = Math.max(residentBytesMax, highWaterMark(child.pid ?? 0));
  };
  const timer = setInterval(look, 50);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  clearInterval(timer);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { exitCode: child.exitCode, stdout, stderr, residentBytesMax };
}

/** The kernel keeps the mark, so that what is between two looks is in the next one. 0 for a process that has ended. */
function highWaterMark(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const reportSchema = z.object({
  cycles: z.array(z.object({ result: z.object({ failures: z.array(z.object({ message: z.string() })) }) })),
});

function failuresIn(stdout: string): readonly string[] {
  const { cycles } = reportSchema.parse(JSON.parse(stdout));
  return cycles.flatMap(({ result }) => result.failures.map(({ message }) => message));
}
