import { expect, test } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import type { Fault } from '../../src/simulators/simulator.ts';
import { picture, recover, richWorld } from './rich-world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

const faults: readonly Fault[] = [
  { kind: 'lost-before' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, retryAfterSeconds: 3 },
  { kind: 'cut' },
  { kind: 'html', status: 502 },
  { kind: 'status', status: 503 },
];

/** Which request of which tracker fails, and how; set once the rich world is made. */
interface Armed {
  at: { side: 'jira' | 'github'; index: number; fault: Fault } | undefined;
}

async function armedWorld(armed: Armed) {
  const plan =
    (side: 'jira' | 'github') =>
    (request: { index: number }): Fault | undefined =>
      armed.at?.side === side && armed.at.index === request.index ? armed.at.fault : undefined;
  return richWorld({ jira: { faults: plan('jira') }, github: { faults: plan('github') } });
}

async function countRequests(): Promise<{ jira: [number, number]; github: [number, number]; wanted: unknown }> {
  const world = await armedWorld({ at: undefined });
  const before = [world.jira.requests.length, world.github.requests.length] as const;
  await world.cycle();
  const jira: [number, number] = [before[0], world.jira.requests.length];
  const github: [number, number] = [before[1], world.github.requests.length];
  await recover(world);
  return { jira, github, wanted: picture(world) };
}

async function sweep(faultOf: (index: number) => Fault): Promise<void> {
  const counted = await countRequests();
  for (const side of ['jira', 'github'] as const) {
    const [from, to] = counted[side];
    for (let index = from; index < to; index += 1) {
      const armed: Armed = { at: undefined };
      const world = await armedWorld(armed);
      armed.at = { side, index, fault: faultOf(index) };
      // A whole run may fail, as a run of a workflow would; the next one goes on.
      await world.cycle().catch((error: unknown) => expect(error).toBeInstanceOf(SallyportError));
      armed.at = undefined;
      await recover(world);
      expect(picture(world), `${JSON.stringify(faultOf(index))} at request ${index} of ${side}`).toEqual(counted.wanted);
    }
  }
}

test('an answer lost at any request leads to the same end without a duplicate', async () => {
  await sweep(() => ({ kind: 'lost-after' }));
}, 300_000);

test('a refused, cut or failed request anywhere leads to the same end without a duplicate', async () => {
  await sweep((index) => faults[index % faults.length] ?? { kind: 'cut' });
}, 300_000);

test('an upload whose answer was lost is found by the next cycle, also from an issue that the connection made', async () => {
  const isUpload = (request: { method: string; url: string }): boolean =>
    request.method === 'POST' && request.url.endsWith('/attachments');
  const world = createWorld({ jira: { faults: (request) => (isUpload(request) ? { kind: 'lost-after' } : undefined) } });
  await world.connect();
  const { ann } = world.people;
  world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'First', labels: ['sync'] });
  await world.cycle();
  const [id = ''] = world.there.ids();
  world.there.attach(id, { as: 'dana', name: 'plot.png', text: 'picture bytes' });
  for (let round = 0; round < 2; round += 1) {
    await world.cycle();
    world.clock.advance(20 * minuteMs);
  }
  world.there.detach(id);
  for (let round = 0; round < 2; round += 1) {
    await world.cycle();
    world.clock.advance(20 * minuteMs);
  }
  expect(world.jira.people.issues()[0]?.attachments).toEqual([]);
  expect(world.there.storedFiles()).toEqual([]);
});

test('a comment whose copy was made without an answer is not written to when the copy is found', async () => {
  let lost = 0;
  const isCopy = (request: { method: string; url: string }): boolean =>
    request.method === 'POST' && new URL(request.url).pathname.endsWith('/comment');
  const world = createWorld({
    jira: { faults: (request) => (isCopy(request) && (lost += 1) === 1 ? { kind: 'lost-after' } : undefined) },
  });
  await world.connect();
  const { ann } = world.people;
  const { key } = world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'First', labels: ['sync'] });
  await world.cycle();
  const [id = ''] = world.there.ids();
  world.there.addComment(id, { as: 'dana', text: 'A comment' });
  const written: string[] = [];
  world.onRequest = (_, { method, url }) => {
    if ((method === 'PATCH' || method === 'PUT') && /comment/.test(new URL(url).pathname)) written.push(url);
  };
  for (let round = 0; round < 3; round += 1) {
    await world.cycle();
    world.clock.advance(20 * minuteMs);
  }
  expect(lost).toBe(1);
  expect(written).toEqual([]);
  expect(world.there.comments(id)).toMatchObject([{ text: 'A comment' }]);
  expect(world.jira.people.issue(key)?.comments).toHaveLength(1);
});

test('a file whose list could not be written when it went is removed once it counts as removed, and the list with it', async () => {
  let isArmed = false;
  const world = createWorld({
    github: { faults: ({ method }) => (isArmed && method === 'PATCH' ? { kind: 'lost-before' } : undefined) },
  });
  await world.connect();
  const { ann } = world.people;
  const { key } = world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'First', labels: ['sync'] });
  const file = world.jira.people.addAttachment(key, { as: ann, name: 'plot.png', bytes: Buffer.from('picture') });
  await world.cycle();
  expect(world.there.storedFiles()).toHaveLength(1);
  world.jira.people.deleteAttachment(file.id, ann);
  isArmed = true;
  expect((await world.cycle()).result.failures).toHaveLength(1);
  isArmed = false;
  world.clock.advance(16 * minuteMs);
  const { result } = await world.cycle();
  expect(result.changes.filter(({ action }) => action === 'removed')).toHaveLength(1);
  expect(world.there.storedFiles()).toEqual([]);
  expect(world.github.issues('acme/app')[0]?.body).not.toContain('plot.png');
  world.clock.advance(16 * minuteMs);
  expect((await world.cycle()).requests.writes).toEqual({ public: 0, private: 0 });
});

test('creates of both sides whose answers were lost in one cycle are both looked for by the next one', async () => {
  let isArmed = false;
  const lostOnce = (pattern: RegExp) => {
    let isDone = false;
    return ({ method, url }: { method: string; url: string }): Fault | undefined => {
      if (!isArmed || isDone || !pattern.test(`${method} ${url}`)) return undefined;
      isDone = true;
      return { kind: 'lost-after' };
    };
  };
  const world = createWorld({
    jira: { faults: lostOnce(/^POST .*\/rest\/api\/3\/issue(?:\/bulk)?$/), searchLagMs: 5 * minuteMs },
    github: { faults: lostOnce(/^POST .*\/acme\/app\/issues$/) },
  });
  await world.connect();
  const { ann } = world.people;
  world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'From Jira', labels: ['sync'] });
  world.there.create({ as: 'dana', summary: 'From GitHub', text: 'One.' });
  world.clock.advance(6 * minuteMs);
  isArmed = true;
  expect((await world.cycle()).result.failures).toHaveLength(2);
  for (let round = 0; round < 6; round += 1) {
    world.clock.advance(round < 3 ? 70_000 : 10 * minuteMs);
    await world.cycle();
  }
  expect(
    world.jira.people
      .issues()
      .map(({ summary }) => summary)
      .toSorted(),
  ).toEqual(['From GitHub', 'From Jira']);
  expect(world.there.ids()).toHaveLength(2);
});

test('a second runner finds the lease and does nothing', async () => {
  const world = await richWorld();
  let second: Promise<unknown> | undefined;
  world.onRequest = (_index, request) => {
    if (second !== undefined || !request.url.includes('/search/jql')) return;
    world.onRequest = undefined;
    second = world.cycle().then(
      () => 'ran',
      (error: unknown) => error,
    );
  };
  await world.cycle();
  expect(await second).toMatchObject({ kind: 'inactive' });
  await recover(world);
});

test('the loss of the state between quiet cycles costs requests, and no write', async () => {
  const world = await richWorld();
  await world.cycle();
  await recover(world);
  const before = picture(world);
  world.states.clear();
  const rebuilt = await world.cycle();
  expect(rebuilt.result.start).toBe('rebuilt');
  expect(rebuilt.result.changes).toEqual([]);
  expect(rebuilt.requests.writes).toEqual({ public: 0, private: 0 });
  expect(picture(world)).toEqual(before);
});

test('a state that is stale, foreign or damaged is rebuilt from stamps and ledgers', async () => {
  const world = await richWorld();
  await world.cycle();
  await recover(world);
  const before = picture(world);
  for (const [id, blob] of world.states)
    world.states.set(
      id,
      blob.map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
    );
  const rebuilt = await world.cycle();
  expect(rebuilt.result.start).toBe('rebuilt');
  expect(rebuilt.result.changes).toEqual([]);
  expect(picture(world)).toEqual(before);
});

test('a dry run shows the plan and writes nothing at all', async () => {
  const world = await richWorld();
  const before = picture(world);
  const record = JSON.stringify(world.jira.people.userProperties(world.people.sync));
  const states = [...world.states.keys()];
  const plan = await world.cycle({ 'dry-run': 'true' });
  expect(plan.result.changes.length).toBeGreaterThan(5);
  expect(plan.requests.writes).toEqual({ public: 0, private: 0 });
  expect(picture(world)).toEqual(before);
  expect(JSON.stringify(world.jira.people.userProperties(world.people.sync))).toBe(record);
  expect([...world.states.keys()]).toEqual(states);
});

test('a paused connection does nothing, and syncs what changed meanwhile once it is resumed', async () => {
  const world = createWorld();
  await world.connect();
  await world.cycle();
  await world.switchTo('deactivate');
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Written in the pause', labels: ['sync'] });
  await expect(world.cycle()).rejects.toMatchObject({ kind: 'inactive' });
  expect(world.github.issues(world.repository)).toEqual([]);
  await world.switchTo('activate');
  world.clock.advance(minuteMs);
  await world.cycle();
  expect(world.github.issues(world.repository)).toHaveLength(1);
});

test('more removals than allowed are not applied, and the run says so', async () => {
  const world = createWorld();
  await world.connect();
  const issue = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Much said', labels: ['sync'] });
  const ids = Array.from(
    { length: 25 },
    (_, index) => world.jira.people.addComment(issue.key, { as: world.people.ann, body: `Comment ${index}` }).id,
  );
  await world.cycle();
  for (const id of ids) world.jira.people.deleteComment(issue.key, id);
  await world.cycle();
  world.clock.advance(11 * minuteMs);
  const guarded = await world.cycle();
  expect(guarded.result.guard).toMatch(/25 removals/);
  expect(world.github.issues(world.repository)[0]?.comments).toHaveLength(25);
  const meant = await world.cycle({ 'max-removals': '30' });
  expect(meant.result.guard).toBeUndefined();
  expect(world.github.issues(world.repository)[0]?.comments).toEqual([]);
});

test('a lost permission is no removal: nothing goes, no twin ends', async () => {
  const world = await richWorld();
  await world.cycle();
  await recover(world);
  const before = picture(world);
  world.github.setPermissions({ repository: 'acme/app', login: 'syncbot', permission: 'none' });
  for (const pause of [24 * 60 * minuteMs, 11 * minuteMs]) {
    world.clock.advance(pause);
    await expect(world.cycle()).rejects.toBeInstanceOf(SallyportError);
  }
  world.github.setPermissions({ repository: 'acme/app', login: 'syncbot', permission: 'write' });
  world.clock.advance(11 * minuteMs);
  await world.cycle();
  expect(picture(world)).toEqual(before);
});

test('the cycle right after a rich one reads at most 4 times and writes nothing', async () => {
  const world = await richWorld();
  const rich = await world.cycle();
  expect(rich.result.changes.length).toBeGreaterThan(10);
  const second = await world.cycle();
  expect(second.result.changes).toEqual([]);
  expect(second.requests.writes).toEqual({ public: 0, private: 0 });
  expect(second.requests.public + second.requests.private).toBeLessThanOrEqual(4);
  expect(second.requests.control).toBeLessThanOrEqual(8);
});
