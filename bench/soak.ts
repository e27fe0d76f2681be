import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SallyportError } from '../src/errors.ts';
import { createRandom, seededFaults } from '../src/simulators/faults.ts';
import type { Fault } from '../src/simulators/simulator.ts';
import type { World } from '../test/cycle/world.ts';
import { createWorld } from '../test/cycle/world.ts';

/**
 * `npm run soak -- [--connections N] [--twins N] [--edits N] [--seed S] [--out FILE]`: people edit both sides of connections
 * for weeks of virtual time while one request in twenty fails. Tells whether memory, state and the requests an edit costs stay
 * flat, and whether every twin is in step at the end. Connections run one after the other, so that what is left of a finished
 * one in memory shows. Exit code 1 where something is not flat or not in step. The defaults take about ten minutes.
 */

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '20' },
    twins: { type: 'string', default: '100' },
    edits: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const connections = Number(values.connections);
const twins = Number(values.twins);
const editsEach = Number(values.edits);
const seed = Number(values.seed);

const editsPerCycle = 4;
const cyclePeriodMs = 10 * 60_000;
const quarters = 4;
/** What the last quarter may be above the second one; the first has the creations behind it. */
const growthMax = 0.15;

const faults: readonly Fault[] = [
  { kind: 'lost-before' },
  { kind: 'lost-after' },
  { kind: 'cut' },
  { kind: 'html', status: 502 },
  { kind: 'status', status: 429, retryAfterSeconds: 20 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
];

interface Quarter {
  edits: number;
  cycles: number;
  failedCycles: number;
  /** Those of the audit are apart: each twin's comes once a day, whatever people do. */
  requests: number;
  auditRequests: number;
  stateBytes: number;
  /** Issues and comments of one side: what the state holds an entry of. */
  items: number;
}

interface Connection {
  readonly quarters: readonly Quarter[];
  /** Heap after collection, the connection and its trackers dropped. */
  heapAfterBytes: number;
  readonly notInStep: readonly string[];
  readonly violations: number;
}

async function collected(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('Run it as `npm run soak`: it needs node --expose-gc.');
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc();
    // What requests leave to be finalized is let go between two turns of the event loop, and in-process trackers take none.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

const titleOf = (number: number, version: number): string => `Twin ${String(number).padStart(4, '0')}: version ${version}`;
const nameOf = (title: string): string => title.slice(0, 9);

async function openWorld(index: number): Promise<{ world: World; arm: (on: boolean) => void }> {
  let isOn = false;
  const planOf = (salt: number) => {
    const plan = seededFaults({ seed: seed * 1000 + index * 2 + salt, probability: 0.05, faults });
    return (request: Parameters<typeof plan>[0]): Fault | undefined => (isOn ? plan(request) : undefined);
  };
  const world = createWorld({ jira: { faults: planOf(0) }, github: { faults: planOf(1) } });
  await world.connect();
  for (let number = 0; number < twins; number += 1) {
    const title = titleOf(number, 0);
    const description = `First of ${number}.\n\nSecond of ${number}.`;
    if (number % 2 === 0) {
      const { key } = world.jira.people.createIssue({
        project: 'ACME',
        as: world.people.ann,
        summary: title,
        labels: ['sync'],
        description,
      });
      world.jira.people.addComment(key, { as: world.people.ann, body: 'A remark.' });
    } else {
      const { repository } = world;
      const issue = world.github.createIssue({ repository, as: 'dana', title, labels: ['sync'], body: description });
      world.github.addComment({ repository, number: issue.number, as: 'dana', body: 'A remark.' });
    }
  }
  for (let count = 0; count < 3; count += 1) {
    world.clock.advance(cyclePeriodMs);
    await world.cycle();
  }
  return { world, arm: (on) => void (isOn = on) };
}

/** One edit by a person, of either side: everything that crosses, and as much taken away as is added. */
function edit(world: World, random: () => number, version: number): void {
  const number = Math.floor(random() * twins);
  const kind = Math.floor(random() * 4);
  const name = nameOf(titleOf(number, 0));
  const text = `Words ${version}.`;
  if (random() < 0.5) {
    const issue = world.jira.people.issues().find(({ summary }) => nameOf(summary) === name);
    if (issue === undefined) throw new Error(`${name} is missing in Jira`);
    const as = world.people.ben;
    const own = issue.comments.filter((comment) => !comment.text.includes('remark'));
    const [oldest] = own;
    if (kind === 0) world.jira.people.editIssue(issue.key, { as, summary: titleOf(number, version) });
    else if (kind === 1) world.jira.people.editIssue(issue.key, { as, description: `First of ${number}.\n${text}` });
    else if (kind === 2 || oldest === undefined) world.jira.people.addComment(issue.key, { as, body: text });
    else world.jira.people.editComment(issue.key, oldest.id, { as, body: text });
    if (kind === 2 && own.length >= 2 && oldest !== undefined) world.jira.people.deleteComment(issue.key, oldest.id);
    return;
  }
  const { repository } = world;
  const issue = world.github.issues(repository).find(({ title }) => nameOf(title) === name);
  if (issue === undefined) throw new Error(`${name} is missing on GitHub`);
  const by = { repository, as: 'eli' } as const;
  const remark = issue.comments.find(({ body }) => body.includes('remark'));
  if (kind === 0) world.github.editIssue({ ...by, number: issue.number, title: titleOf(number, version) });
  else if (kind === 1) world.github.editIssue({ ...by, number: issue.number, body: `${text}\n\nSecond of ${number}.` });
  else if (remark !== undefined)
    world.github.editComment({ ...by, id: remark.id, body: remark.body.replace(/A remark\..*/, `A remark. ${text}`) });
}

async function runQuarter(world: World, random: () => number, from: number): Promise<Quarter> {
  const quarter: Quarter = { edits: 0, cycles: 0, failedCycles: 0, requests: 0, auditRequests: 0, stateBytes: 0, items: 0 };
  const count = Math.round(editsEach / quarters);
  const before = world.jira.requests.length + world.github.requests.length;
  while (quarter.edits < count) {
    for (let one = 0; one < editsPerCycle && quarter.edits < count; one += 1) {
      edit(world, random, from + quarter.edits + 1);
      world.clock.advance(20_000);
      quarter.edits += 1;
    }
    world.clock.advance(cyclePeriodMs);
    quarter.cycles += 1;
    try {
      // People take away more in a day than the guard would let pass; removals that wait for it are no part of this.
      const { requests } = await world.cycle({ 'max-removals': '1000000' });
      quarter.auditRequests += requests.audit;
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      quarter.failedCycles += 1;
    }
    world.logs.length = 0;
  }
  quarter.requests = world.jira.requests.length + world.github.requests.length - before - quarter.auditRequests;
  quarter.stateBytes = [...world.states.values()].at(-1)?.byteLength ?? 0;
  quarter.items = world.jira.people.issues().reduce((all, { comments }) => all + 1 + comments.length, 0);
  return quarter;
}

const unmarked = (text: string): string => text.replaceAll(/<!--[\s\S]*?-->/g, '').trim();
const words = (text: string): string => unmarked(text).replaceAll(/[^\p{L}\p{N}]+/gu, '');

/** What comments say, without the line above a copy that names its author: every comment here is one paragraph. */
const said = (texts: readonly string[]): string => texts.map((text) => words(unmarked(text).split('\n').at(-1) ?? '')).join(' ');

/** Names of twins whose sides differ, and numbers of issues that are not as they should be; looked at on the trackers alone. */
function notInStep(world: World): readonly string[] {
  const jira = new Map(world.jira.people.issues().map((issue) => [nameOf(issue.summary), issue]));
  const github = world.github.issues(world.repository);
  const wrong = github.flatMap((issue) => {
    const twin = jira.get(nameOf(issue.title));
    const same =
      twin !== undefined &&
      twin.summary === issue.title &&
      said(twin.comments.map(({ text }) => text)) === said(issue.comments.map(({ body }) => body)) &&
      words(twin.descriptionText) === words(issue.body ?? '');
    return same ? [] : [issue.title];
  });
  return jira.size === twins && github.length === twins ? wrong : [...wrong, `${jira.size} and ${github.length} issues`];
}

async function runConnection(index: number): Promise<Omit<Connection, 'heapAfterBytes'>> {
  const { world, arm } = await openWorld(index);
  const random = createRandom(seed * 7919 + index);
  arm(true);
  const done: Quarter[] = [];
  for (let quarter = 0; quarter < quarters; quarter += 1) done.push(await runQuarter(world, random, quarter * editsEach));
  arm(false);
  // The audit of the next day shows Jira's edits of comments.
  for (const pauseMs of [cyclePeriodMs, 24 * 3_600_000, 2 * cyclePeriodMs, 2 * cyclePeriodMs]) {
    world.clock.advance(pauseMs);
    await world.cycle({ 'max-removals': '1000000' });
  }
  return { quarters: done, notInStep: notInStep(world), violations: world.violations().length };
}

const startedAt = performance.now();
const results: Connection[] = [];
for (let index = 0; index < connections; index += 1) {
  const connection = await runConnection(index);
  results.push({ ...connection, heapAfterBytes: await collected() });
  const last = results.at(-1);
  process.stderr.write(
    `connection ${index + 1} of ${connections}: ${Math.round((last?.heapAfterBytes ?? 0) / 1024)} KiB of heap when dropped, ${connection.notInStep.length} twins not in step\n`,
  );
}

const sum = (pick: (quarter: Quarter) => number, at?: number): number =>
  results
    .flatMap((one) => one.quarters.filter((_, index) => at === undefined || index === at))
    .reduce((all, quarter) => all + pick(quarter), 0);
const perQuarter = Array.from({ length: quarters }, (_, at) => ({
  requestsPerEdit: sum((quarter) => quarter.requests, at) / sum((quarter) => quarter.edits, at),
  stateBytes: sum((quarter) => quarter.stateBytes, at) / connections,
  stateBytesPerItem: sum((quarter) => quarter.stateBytes, at) / sum((quarter) => quarter.items, at),
}));
const growth = (pick: (quarter: (typeof perQuarter)[number]) => number): number => {
  const [, second, , last] = perQuarter;
  return second === undefined || last === undefined ? Number.NaN : pick(last) / pick(second) - 1;
};
const heaps = results.map((one) => one.heapAfterBytes);
const half = Math.floor(heaps.length / 2);
const mean = (list: readonly number[]): number => list.reduce((all, one) => all + one, 0) / Math.max(1, list.length);
const report = {
  seed,
  connections,
  twinsEach: twins,
  edits: sum((quarter) => quarter.edits),
  cycles: sum((quarter) => quarter.cycles),
  failedCycles: sum((quarter) => quarter.failedCycles),
  requests: sum((quarter) => quarter.requests),
  auditRequests: sum((quarter) => quarter.auditRequests),
  quarters: perQuarter,
  growth: {
    requestsPerEdit: growth((quarter) => quarter.requestsPerEdit),
    // Comments gather while the connections run; the state grows with what it holds an entry of, and with nothing else.
    stateBytesPerItem: growth((quarter) => quarter.stateBytesPerItem),
    // The first connection has everything compiled and cached behind it.
    heapWhenDropped: heaps.length < 4 ? 0 : mean(heaps.slice(half)) / mean(heaps.slice(1, half)) - 1,
  },
  heapWhenDroppedBytes: heaps,
  peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  notInStep: results.flatMap((one) => one.notInStep),
  invalidRequests: results.reduce((all, one) => all + one.violations, 0),
  seconds: Math.round((performance.now() - startedAt) / 1000),
  node: process.version,
};
const text = `${JSON.stringify(report, undefined, 1)}\n`;
process.stdout.write(text);
if (values.out !== undefined) {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(values.out, text);
}
const isFlat = Object.values(report.growth).every((value) => value <= growthMax);
if (!isFlat || report.notInStep.length > 0 || report.invalidRequests > 0) process.exitCode = 1;
