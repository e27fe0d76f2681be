import { expect, test } from 'vitest';
import { matchingRequests } from '../../src/simulators/faults.ts';
import { createWorld } from './world.ts';
import type { World, WorldOptions } from './world.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const notify = { notify: 'true' };

function notices(world: World) {
  return world.github.issues('acme/app').filter(({ body }) => (body ?? '').includes('sallyport-notice'));
}

/** Requests of a cycle that have to do with a notice. */
function watchNotice(world: World): string[] {
  const seen: string[] = [];
  world.onRequest = (_, request) => {
    const number = notices(world)[0]?.number ?? -1;
    const { pathname } = new URL(request.url);
    if (pathname.endsWith(`/issues/${number}`) || (request.method === 'POST' && pathname.endsWith('/acme/app/issues')))
      seen.push(`${request.method} ${pathname}`);
  };
  return seen;
}

async function connected(options: WorldOptions = {}): Promise<{ world: World; key: string }> {
  const world = createWorld(options);
  await world.connect();
  const { key } = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'Secret plan',
    labels: ['sync'],
  });
  await world.cycle(notify);
  expect(notices(world)).toEqual([]);
  return { world, key };
}

/** GitHub takes no edit of the twin: its cycle fails for good. */
function breakEdits(world: World, twin: number): void {
  world.rewrite = (request) => {
    const isEdit = request.method === 'PATCH' && request.url.endsWith(`/issues/${twin}`);
    return Promise.resolve(isEdit ? new Request(`${request.url}/nowhere`, { method: 'GET', headers: request.headers }) : request);
  };
}

async function broken(options: WorldOptions = {}): Promise<{ world: World; key: string }> {
  const { world, key } = await connected(options);
  breakEdits(world, 1);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Another secret plan' });
  await world.cycle(notify);
  return { world, key };
}

test('an error opens one issue without titles, a quiet cycle leaves it alone, and once it is mended the issue is closed', async () => {
  const { world } = await broken();
  const [notice, ...others] = notices(world);
  expect(others).toEqual([]);
  expect(notice).toMatchObject({ state: 'open', title: "Sallyport: the connection ACME needs somebody's attention" });
  expect(notice?.body).toContain('| `ACME-1` | `#1` | gone |');
  expect(`${notice?.title} ${notice?.body}`).not.toMatch(/secret|plan/i);
  expect(world.github.notifications.filter(({ by }) => by === 'syncbot')).toEqual([]);
  const seen = watchNotice(world);
  await world.cycle(notify);
  expect(seen).toEqual([]);
  world.rewrite = undefined;
  world.clock.advance(10 * minuteMs);
  await world.cycle(notify);
  expect(notices(world)).toMatchObject([{ number: notice?.number, state: 'closed' }]);
  expect(seen.map((line) => line.split(' ')[0])).toEqual(['GET', 'PATCH']);
  seen.length = 0;
  await world.cycle(notify);
  expect(seen).toEqual([]);
  expect(world.violations().filter((line) => !line.includes('/nowhere'))).toEqual([]);
});

test('the same issue is opened again for the next error, and closing it by hand silences it until something else comes up', async () => {
  const { world, key } = await broken();
  const number = notices(world)[0]?.number ?? 0;
  world.github.editIssue({ repository: 'acme/app', number, as: 'dana', state: 'closed' });
  world.clock.advance(5 * minuteMs);
  await world.cycle(notify);
  expect(notices(world)).toMatchObject([{ number, state: 'closed' }]);
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Two', labels: ['sync'] });
  await world.cycle(notify);
  const second = world.github.issues('acme/app').find(({ title }) => title === 'Two')?.number ?? 0;
  world.rewrite = (request) =>
    Promise.resolve(
      request.method === 'PATCH' && [1, second].some((twin) => request.url.endsWith(`/issues/${twin}`))
        ? new Request(`${request.url}/nowhere`, { method: 'GET', headers: request.headers })
        : request,
    );
  world.jira.people.editIssue('ACME-2', { as: world.people.ann, summary: 'Two again' });
  await world.cycle(notify);
  expect(notices(world)).toMatchObject([{ number, state: 'open' }]);
  expect(notices(world)[0]?.body).toMatch(/ACME-1[\s\S]*ACME-2/);
  expect(key).toBe('ACME-1');
});

for (const repository of [
  {},
  { publicRepository: true, inputs: { 'allow-public': 'true', 'private-trigger': '*' } },
  { inputs: { 'private-trigger': '*' } },
]) {
  test(`the notice is never taken under sync, whatever the trigger: ${JSON.stringify(repository)}`, async () => {
    const { world } = await broken(repository);
    const notice = notices(world)[0]?.number ?? 0;
    world.github.addComment({ repository: 'acme/app', number: notice, as: 'dana', body: 'What is this?' });
    await world.cycle({ ...notify, 'audit-period': '1m', backfill: 'true' });
    world.rewrite = undefined;
    world.states.clear();
    world.clock.advance(10 * minuteMs);
    const rebuilt = await world.cycle({ ...notify, audit: 'full' });
    expect(rebuilt.result).toMatchObject({ start: 'rebuilt', ignoredStamps: 0, held: [] });
    await world.cycle(notify);
    expect(world.jira.people.issues()).toHaveLength(1);
    expect(notices(world)).toHaveLength(1);
  });
}

test('a paused connection is told of, and the notice closed by the first cycle after it', async () => {
  const { world } = await connected();
  await world.switchTo('deactivate', 'public');
  await expect(world.cycle(notify)).rejects.toMatchObject({ kind: 'inactive' });
  expect(notices(world)).toMatchObject([
    { state: 'open', body: expect.stringMatching(/\*\*paused\*\* by its public side.*`side: public`/) },
  ]);
  const seen = watchNotice(world);
  world.clock.advance(5 * minuteMs);
  await expect(world.cycle(notify)).rejects.toMatchObject({ kind: 'inactive' });
  expect(seen).toEqual([]);
  await world.switchTo('activate', 'public');
  await world.cycle(notify);
  expect(notices(world)).toMatchObject([{ state: 'closed' }]);
});

test('a conflict stays in the notice for a day', async () => {
  const { world, key } = await connected();
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'One way' });
  world.clock.advance(minuteMs);
  world.there.edit('1', { as: 'dana', summary: 'Another way' });
  world.clock.advance(minuteMs);
  await world.cycle(notify);
  expect(notices(world)[0]?.body).toContain("| `ACME-1` | `#1` | conflict in summary, the private side's value stands |");
  await world.cycle(notify);
  expect(notices(world)).toMatchObject([{ state: 'open' }]);
  world.clock.advance(dayMs + minuteMs);
  await world.cycle(notify);
  expect(notices(world)).toMatchObject([{ state: 'closed' }]);
});

test('a cycle that an error ended is told of at once, one that may pass by itself when it comes again', async () => {
  const { world } = await connected();
  world.rewrite = (request) =>
    request.url.includes('/search/jql') ? Promise.reject(new Error('the connection was cut')) : Promise.resolve(request);
  await expect(world.cycle(notify)).rejects.toMatchObject({ kind: 'passing' });
  expect(notices(world)).toEqual([]);
  world.clock.advance(5 * minuteMs);
  await expect(world.cycle(notify)).rejects.toMatchObject({ kind: 'passing' });
  expect(notices(world)).toMatchObject([{ state: 'open', body: expect.stringContaining('stopped: passing') }]);
  world.rewrite = undefined;
  await world.cycle(notify);
  expect(notices(world)).toMatchObject([{ state: 'closed' }]);
  world.rewrite = (request) =>
    Promise.resolve(
      request.url.includes('/search/jql') ? new Request(request, { headers: { authorization: 'Basic bm8=' } }) : request,
    );
  await expect(world.cycle(notify)).rejects.toMatchObject({ kind: 'permission' });
  expect(notices(world)).toMatchObject([{ state: 'open', body: expect.stringContaining('stopped: permission') }]);
});

test('a notice whose number a dead run could not note is found again, and one that was deleted is made anew', async () => {
  const { world, key } = await connected();
  breakEdits(world, 1);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Changed' });
  world.onRequest = (index, request) => {
    if (request.method === 'POST' && new URL(request.url).pathname.endsWith('/acme/app/issues')) world.killAt = index;
  };
  await expect(world.cycle(notify)).rejects.toThrow(/died/);
  world.killAt = undefined;
  world.onRequest = undefined;
  world.clock.advance(5 * minuteMs);
  // Somebody else's issue with the same marker is nobody's notice.
  const forged = notices(world)[0]?.body ?? '';
  world.github.createIssue({ repository: 'acme/app', as: 'eli', title: 'Mine', body: forged, labels: [] });
  await world.cycle(notify);
  expect(world.github.issues('acme/app').filter(({ title }) => title.startsWith('Sallyport:'))).toHaveLength(1);
  expect(world.github.issues('acme/app').find(({ title }) => title === 'Mine')?.body).toBe(forged);
  const number = world.github.issues('acme/app').find(({ title }) => title.startsWith('Sallyport:'))?.number ?? 0;
  world.github.deleteIssue({ repository: 'acme/app', number });
  world.rewrite = undefined;
  await world.switchTo('deactivate');
  await expect(world.cycle(notify)).rejects.toThrow(/paused/);
  expect(
    world.github.issues('acme/app').filter(({ title, state }) => title.startsWith('Sallyport:') && state === 'open'),
  ).toHaveLength(1);
});

test('a notice that cannot be written is a warning, and the sync goes on', async () => {
  const { world, key } = await connected();
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Goes on', labels: ['sync'] });
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Changed' });
  const before = world.rewrite;
  world.rewrite = async (request) => {
    if (request.method === 'PATCH') return new Request(`${request.url}/nowhere`, { method: 'GET', headers: request.headers });
    if (request.method !== 'POST' || !request.url.endsWith('/acme/app/issues')) return request;
    const body = await request.clone().text();
    return body.includes('sallyport-notice') ? new Request(request, { headers: { authorization: 'Bearer nobody' } }) : request;
  };
  const { result } = await world.cycle(notify);
  expect(before).toBeUndefined();
  expect(result.changes).toMatchObject([{ action: 'created', title: 'Goes on' }]);
  expect(result.failures).toHaveLength(1);
  expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([
    expect.stringMatching(/could not be written .*The sync itself is not concerned; the job needs issues: write/),
  ]);
});

test('without notify, and in a dry run, there is no notice', async () => {
  const { world, key } = await connected();
  breakEdits(world, 1);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Changed' });
  await world.cycle({ ...notify, 'dry-run': 'true' });
  await world.cycle();
  expect(notices(world)).toEqual([]);
});

test.each(['ghp_token_for_tests', 'ghs_token_of_the_job'])(
  'a server that asks the notice of token %s to stay away for an hour is left alone by the next cycles of the run, too',
  async (token) => {
    const limited = matchingRequests(
      { method: 'POST', path: /\/acme\/app\/issues$/ },
      { kind: 'status', status: 429, retryAfterSeconds: 3_600 },
    );
    let isLimited = false;
    const { world, key } = await connected({ github: { faults: (request) => (isLimited ? limited(request) : undefined) } });
    isLimited = true;
    if (token.startsWith('ghs')) world.github.addUser({ login: 'actions', token, permission: 'write' });
    breakEdits(world, 1);
    world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Changed' });
    const asked: string[] = [];
    world.onRequest = (_, { method, url, headers }) => {
      if (headers.get('authorization')?.includes(token) === true && new URL(url).host === 'api.github.com')
        asked.push(`${method} ${new URL(url).pathname}`);
    };
    const run = { 'run-for': '10m', poll: '1m', 'job-token': token, 'tracker-token': 'ghp_token_for_tests' };
    await world.run({ operation: 'sync', ...world.inputs, ...notify, ...run }).catch(() => undefined);
    const refusedAt = asked.indexOf('POST /repos/acme/app/issues');
    expect(refusedAt).toBeGreaterThan(-1);
    expect(asked.slice(refusedAt + 1)).toEqual([]);
  },
);

/** A connection whose notice says that it is paused. */
async function pausedNotice(): Promise<{ world: World; number: number }> {
  const { world } = await connected();
  await world.switchTo('deactivate', 'public');
  await expect(world.cycle(notify)).rejects.toMatchObject({ kind: 'inactive' });
  const number = notices(world)[0]?.number ?? 0;
  expect(notices(world)).toMatchObject([{ number, state: 'open' }]);
  return { world, number };
}

const issue = (world: World, number: number) => world.github.issues('acme/app').find((one) => one.number === number);
const recordKeys = (world: World): readonly string[] => Object.keys(world.jira.people.userProperties(world.people.sync));
const cleanUp = { operation: 'clean-up', confirm: 'true' };
const byAccount = {
  ...cleanUp,
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
};

test('a clean-up closes the notice with the calm text and takes its marker off, and a dry run of it does neither', async () => {
  const { world, number } = await pausedNotice();
  const before = issue(world, number)?.body;
  world.logs.length = 0;
  await world.run({ ...cleanUp, ...world.inputs, ...notify, 'dry-run': 'true' });
  expect(issue(world, number)).toMatchObject({ state: 'open', body: before });
  expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([]);
  const outcome = await world.run({ ...cleanUp, ...world.inputs, ...notify });
  expect(outcome).toMatchObject({ card: { status: 'Removed' }, failures: [] });
  expect(issue(world, number)).toMatchObject({
    state: 'closed',
    body: 'There is nothing left to do for the connection **ACME**.',
  });
  expect(notices(world)).toEqual([]);
  expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([]);
  expect(world.violations()).toEqual([]);
});

test('a clean-up that leaves something for the next one leaves the notice to it, and one that is closed loses its marker', async () => {
  const { world, number } = await pausedNotice();
  await world.run({ ...cleanUp, ...world.inputs, ...notify, 'time-budget': '0' });
  expect(notices(world)).toMatchObject([{ number, state: 'open' }]);
  await world.run({ ...cleanUp, ...world.inputs, ...notify });
  expect(notices(world)).toEqual([]);
  const second = await pausedNotice();
  await second.world.switchTo('activate', 'public');
  await second.world.cycle(notify);
  expect(notices(second.world)).toMatchObject([{ state: 'closed' }]);
  await second.world.run({ ...cleanUp, ...second.world.inputs, ...notify });
  expect(notices(second.world)).toEqual([]);
  expect(issue(second.world, second.number)).toMatchObject({ state: 'closed' });
});

test('a notice of before a reissue is closed by the clean-up all the same', async () => {
  const { world, number } = await pausedNotice();
  const outcome = await world.run({ operation: 'reissue', ...world.inputs, unsealed: 'true' });
  if (outcome.kind !== 'reissued' || outcome.code === undefined) throw new Error('no code');
  await world.run({ ...cleanUp, ...world.inputs, 'invitation-code': outcome.code, ...notify });
  expect(issue(world, number)).toMatchObject({ state: 'closed' });
  expect(notices(world)).toEqual([]);
});

test('after a reissue the same notice is told of, and closed by the first quiet cycle', async () => {
  const { world, number } = await pausedNotice();
  const outcome = await world.run({ operation: 'reissue', ...world.inputs, unsealed: 'true' });
  if (outcome.kind !== 'reissued' || outcome.code === undefined) throw new Error('no code');
  const inputs = { ...notify, 'invitation-code': outcome.code };
  await world.switchTo('activate', 'public');
  await world.cycle(inputs);
  expect(notices(world)).toMatchObject([{ number, state: 'closed' }]);
  expect(world.violations()).toEqual([]);
});

test('a clean-up that dies right after it closed the notice is run again to the same end', async () => {
  const { world, number } = await pausedNotice();
  world.onRequest = (index, request) => {
    if (request.method === 'PATCH' && request.url.endsWith(`/issues/${number}`)) world.killAt = index;
  };
  await expect(world.run({ ...cleanUp, ...world.inputs, ...notify })).rejects.toThrow(/died/);
  expect(issue(world, number)).toMatchObject({ state: 'closed' });
  world.killAt = undefined;
  world.onRequest = undefined;
  world.clock.advance(10 * minuteMs);
  expect(await world.run({ ...cleanUp, ...world.inputs, ...notify })).toMatchObject({ card: { status: 'Removed' } });
  expect(recordKeys(world)).toEqual([]);
});

test('a notice that a clean-up cannot close is a warning that names it, and the record goes', async () => {
  const { world, number } = await pausedNotice();
  world.rewrite = (request) =>
    Promise.resolve(
      request.method === 'PATCH' && request.url.endsWith(`/issues/${number}`)
        ? new Request(request, { headers: { authorization: 'Bearer nobody' } })
        : request,
    );
  expect(await world.run({ ...cleanUp, ...world.inputs, ...notify })).toMatchObject({ card: { status: 'Removed' } });
  expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([
    expect.stringMatching(new RegExp(`issue #${number} of acme/app .*could not be closed and rid of its mark \\(.*\\).*by hand`)),
  ]);
  expect(recordKeys(world)).toEqual([]);
});

test('a clean-up without notify names the notice that it cannot reach, and asks nothing of it', async () => {
  const { world, number } = await pausedNotice();
  const seen = watchNotice(world);
  expect(await world.run({ ...cleanUp, ...world.inputs })).toMatchObject({ card: { status: 'Removed' } });
  expect(seen.filter((line) => line.startsWith('PATCH'))).toEqual([]);
  expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([
    expect.stringMatching(new RegExp(`issue #${number} of the runner's repository .*by hand`)),
  ]);
  expect(recordKeys(world)).toEqual([]);
});

test('of a revoked connection an open notice says so, once, and stays closed where somebody closed it', async () => {
  const { world, number } = await pausedNotice();
  await world.run({ operation: 'revoke', ...world.inputs });
  await expect(world.cycle({ ...notify, 'dry-run': 'true' })).rejects.toThrow(/was revoked/);
  await expect(world.cycle()).rejects.toThrow(/was revoked/);
  expect(issue(world, number)?.body).toContain('**paused**');
  const seen = watchNotice(world);
  await expect(world.cycle(notify)).rejects.toMatchObject({
    kind: 'configuration',
    message: expect.stringContaining('was revoked'),
  });
  expect(notices(world)).toMatchObject([
    { number, state: 'open', body: expect.stringMatching(/\*\*revoked\*\* by its public side/) },
  ]);
  expect(issue(world, number)?.body).not.toMatch(/paused|activate/);
  await expect(world.cycle(notify)).rejects.toThrow(/was revoked/);
  expect(seen.map((line) => line.split(' ')[0])).toEqual(['GET', 'PATCH', 'GET']);
  world.github.editIssue({ repository: 'acme/app', number, as: 'dana', state: 'closed' });
  await expect(world.cycle(notify)).rejects.toThrow(/was revoked/);
  expect(notices(world)).toMatchObject([{ number, state: 'closed' }]);
});

test('a notice of a revoked connection that cannot be written is a warning, and the refusal stays what it is', async () => {
  const { world, number } = await pausedNotice();
  await world.run({ operation: 'revoke', ...world.inputs });
  world.rewrite = (request) =>
    Promise.resolve(
      request.url.endsWith(`/issues/${number}`) ? new Request(request, { headers: { authorization: 'Bearer nobody' } }) : request,
    );
  await expect(world.cycle(notify)).rejects.toThrow(/was revoked/);
  expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([expect.stringContaining('could not be written')]);
});

test('the clean-up of a revoked connection by its account closes the notice where notify is given, and names it where not', async () => {
  for (const more of [notify, {}]) {
    const { world, number } = await pausedNotice();
    await world.run({ operation: 'revoke', ...world.inputs });
    await world.run({ ...byAccount, 'dry-run': 'true', ...more });
    expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([]);
    expect(await world.run({ ...byAccount, ...more })).toMatchObject({ card: { status: 'Removed' } });
    const isGiven = more === notify;
    expect(issue(world, number)).toMatchObject({ state: isGiven ? 'closed' : 'open' });
    expect(notices(world)).toHaveLength(isGiven ? 0 : 1);
    expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual(
      isGiven ? [] : [expect.stringMatching(new RegExp(`issue #${number} of the runner's repository .*by hand`))],
    );
    expect(recordKeys(world)).toEqual([]);
  }
});

test('a clean-up in another repository than that of the runner touches no issue there, and names the notice', async () => {
  const { world, number } = await pausedNotice();
  world.github.editIssue({ repository: 'acme/app', number, as: 'dana', body: "Somebody else's" });
  expect(await world.run({ ...cleanUp, ...world.inputs, ...notify })).toMatchObject({ card: { status: 'Removed' } });
  expect(issue(world, number)).toMatchObject({ state: 'open', body: "Somebody else's" });
  expect(world.logs.filter((line) => line.startsWith('notify: '))).toEqual([
    expect.stringMatching(new RegExp(`no notice of this connection is issue #${number} of acme/app.*by hand`)),
  ]);
});
