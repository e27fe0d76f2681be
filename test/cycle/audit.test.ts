import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import type { CycleReport } from '../../src/report/outcome.ts';
import { picture, recover, richWorld } from './rich-world.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const full = { audit: 'full' };

const whatsOf = (cycle: CycleReport): readonly string[] => cycle.result.differences.map((line) => line.what).toSorted();
const stampIn = (body: string): string => /\n*<!-- sallyport:[\s\S]*$/.exec(body)?.[0] ?? '';

/** One twin that began on Jira, with a comment from either side and a file, in step and quiet. */
async function inStep() {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const issue = people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'The origin',
    labels: ['sync'],
    description: 'One.\nTwo.',
    comments: [{ as: world.people.ann, body: 'From Jira.' }],
  });
  people.addAttachment(issue.key, { name: 'plan.txt', bytes: Buffer.from('a plan'), as: world.people.ann });
  await world.cycle();
  world.github.addComment({ repository: world.repository, number: 1, as: 'dana', body: 'From GitHub.' });
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  return { world, key: issue.key };
}

const copyOf = (world: World) => {
  const copy = world.github.issue(world.repository, 1);
  if (copy === undefined) throw new Error('no copy');
  return copy;
};

/** The checks of the doctor's group of twins, as it is asked to compare them. */
async function twinChecks(world: World, more: RawInputs = {}) {
  const outcome = await world.run({ ...world.inputs, operation: 'doctor', state: 'memory', ...full, ...more });
  if (outcome.kind !== 'examined') throw new Error(`not examined: ${outcome.kind}`);
  return outcome.groups.find(({ title }) => title === 'Twins')?.checks ?? [];
}

async function namedByDoctor(world: World): Promise<readonly string[]> {
  const checks = await twinChecks(world);
  return checks.flatMap(({ name, detail }) => (name === 'difference' ? [detail] : [])).toSorted();
}

async function mends(world: World, whats: readonly string[]): Promise<void> {
  const before = picture(world);
  const dry = await world.cycle({ ...full, 'dry-run': 'true' });
  expect(whatsOf(dry)).toEqual(whats);
  expect(dry.result.differences.some((line) => line.repaired)).toBe(false);
  expect(await namedByDoctor(world)).toEqual(whats.map((what) => `ACME-1 ↔ #1: ${what}`));
  expect(picture(world)).toEqual(before);
  const found = await world.cycle(full);
  expect(whatsOf(found)).toEqual(whats);
  expect(found.result.differences.map((line) => line.repaired)).toEqual(whats.map(() => true));
  expect(found.result.differences[0]?.issues.public?.key).toBe('ACME-1');
  await isClean(world);
}

async function isClean(world: World): Promise<void> {
  world.clock.advance(20 * minuteMs);
  const after = await world.cycle(full);
  expect(after.result.differences).toEqual([]);
  expect(after.result.changes).toEqual([]);
  expect(after.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
}

test('a full audit of two sides in step finds nothing and writes nothing', async () => {
  const { world } = await inStep();
  await isClean(world);
  const rich = await richWorld();
  await rich.cycle();
  await recover(rich);
  await isClean(rich);
});

test('doctor compares twins only when asked, says what waits, and does not hold against a connection that it is paused', async () => {
  const { world } = await inStep();
  expect(await twinChecks(world, { audit: 'rolling' })).toEqual([]);
  expect(await twinChecks(world)).toMatchObject([
    { name: 'twins', outcome: 'passed', detail: expect.stringMatching(/^1 twin read whole/) },
    { name: 'changes', outcome: 'passed', detail: 'none waits' },
  ]);
  world.github.editIssue({ repository: world.repository, number: 1, as: 'dana', title: 'Edited' });
  expect(await twinChecks(world)).toMatchObject([{ outcome: 'passed' }, { detail: expect.stringMatching(/^1 change /) }]);
  await world.switchTo('deactivate');
  expect(await twinChecks(world)).toMatchObject([{ outcome: 'warning', detail: expect.stringContaining('is paused') }]);
  await world.switchTo('activate');
  expect(await twinChecks(world, { 'invitation-code': 'sallyport1.nonsense' })).toMatchObject([{ outcome: 'failed' }]);
});

test('a stamp and a ledger removed by hand are written again', async () => {
  const { world, key } = await inStep();
  const copy = copyOf(world);
  world.github.editIssue({
    repository: world.repository,
    number: 1,
    as: 'dana',
    body: (copy.body ?? '').replace(/<!-- sallyport:(?!file)[\s\S]*?-->/g, ''),
  });
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  for (const name of Object.keys(world.jira.people.issue(key)?.properties ?? {}))
    if (name.startsWith('sallyport.')) world.jira.people.setProperty(key, name, {});
  await mends(world, ['ledger', 'stamp']);
  expect(stampIn(copyOf(world).body ?? '')).not.toBe('');
});

test('a comment copy that lost its stamp gets it again', async () => {
  const { world } = await inStep();
  const comment = copyOf(world).comments.find((one) => one.author === 'syncbot');
  if (comment === undefined) throw new Error('no comment');
  const body = comment.body.replace(stampIn(comment.body), '');
  world.github.editComment({ repository: world.repository, id: comment.id, as: 'dana', body });
  await mends(world, ['stamp of a comment']);
});

test('of a doubled comment copy the one that the ledger names stays; one that says something else is left', async () => {
  const { world } = await inStep();
  const comment = copyOf(world).comments.find((one) => one.author === 'syncbot');
  if (comment === undefined) throw new Error('no comment');
  // An older tool's copy does not name the comment that it stands on.
  const double = (body: string) => world.github.addComment({ repository: world.repository, number: 1, as: 'syncbot', body });
  double(comment.body);
  await mends(world, ['doubled comment']);
  expect(copyOf(world).comments.map((one) => one.id)).toContain(comment.id);
  expect(copyOf(world).comments).toHaveLength(2);
  double(comment.body.replace('From Jira.', 'From Jira, and a remark.'));
  const found = await world.cycle(full);
  expect(found.result.differences).toMatchObject([{ what: 'doubled comment', repaired: false }]);
  expect(copyOf(world).comments).toHaveLength(3);
});

test('a doubled comment copy that a person edits after the audit looked at it is left', async () => {
  const { world } = await inStep();
  const { people } = world.jira;
  const other = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Other', labels: ['sync'] });
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  const comment = copyOf(world).comments.find((one) => one.author === 'syncbot');
  if (comment === undefined) throw new Error('no comment');
  const double = world.github.addComment({ repository: world.repository, number: 1, as: 'syncbot', body: comment.body });
  people.editIssue(other.key, { as: world.people.ann, summary: 'Other, edited' });
  // Plans are applied after the audit has looked, and before its findings are mended.
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
    world.onRequest = undefined;
    const body = comment.body.replace('From Jira.', 'What Dana wrote');
    world.github.editComment({ repository: world.repository, id: double.id, as: 'dana', body });
  };
  const found = await world.cycle(full);
  expect(world.onRequest).toBeUndefined();
  expect(found.result.differences).toMatchObject([{ what: 'doubled comment', repaired: false }]);
  expect(copyOf(world).comments.find(({ id }) => id === double.id)?.body).toContain('What Dana wrote');
});

/** A world with a copy that says something else than its origin, although the base knows what both sides say. */
async function damagedCopy(): Promise<World> {
  const world = createWorld();
  await world.connect();
  world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'Whole',
    labels: ['sync'],
    description: 'Kept.',
  });
  // Something between runner and server changed the copy when it was made: what was stored is what the base holds.
  world.rewrite = async (request) => {
    if (request.method !== 'POST' || !request.url.endsWith('/issues')) return request;
    return new Request(request, {
      method: 'POST',
      body: (await request.text()).replace('Kept.', 'Lost.').replace('Whole', 'Half'),
    });
  };
  await world.cycle();
  world.rewrite = undefined;
  expect(copyOf(world).title).toBe('Half');
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  expect(copyOf(world).body).toContain('Lost.');
  return world;
}

test("a copy's text that says something else than its origin, with both sides as the base knows them, is written again", async () => {
  const world = await damagedCopy();
  await mends(world, ['description', 'summary']);
  expect(copyOf(world).title).toBe('Whole');
  expect(copyOf(world).body).toContain('Kept.');
});

test('what a person writes into such a copy before it is written again is the later edit', async () => {
  const world = await damagedCopy();
  world.clock.advance(20 * minuteMs);
  // The audit has looked by then: it reads the copy by its listing.
  world.onRequest = (_, { method, url }) => {
    if (method !== 'GET' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
    world.onRequest = undefined;
    const copy = copyOf(world);
    const body = (copy.body ?? '').replace('Lost.', 'Lost. Of Dana.');
    world.github.editIssue({ repository: world.repository, number: copy.number, as: 'dana', body, title: 'Half, of Dana' });
  };
  const { result } = await world.cycle(full);
  expect(world.onRequest).toBeUndefined();
  // What both descriptions last had in common is known, and Dana's is an edit of that.
  expect(result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`)).toEqual(['summary private']);
  const [issue] = world.jira.people.issues();
  expect([issue?.summary, issue?.descriptionText]).toEqual(['Half, of Dana', 'Lost. Of Dana.']);
  expect(copyOf(world).body).toContain('Of Dana.');
  await isClean(world);
});

async function commitFiles(world: World, entries: readonly { path: string; text: string | undefined }[]): Promise<string> {
  const branch = world.github.branches(world.repository).find((name) => name.startsWith('sallyport/'));
  if (branch === undefined) throw new Error('no branch');
  const send = async (method: string, path: string, body: unknown): Promise<string> => {
    const answer = await world.github.fetch(
      new Request(`https://api.github.com/repos/acme/app/git/${path}`, {
        method,
        headers: { authorization: 'Bearer ghp_token_for_tests', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    const data: { sha?: string } = JSON.parse(await answer.text());
    return data.sha ?? '';
  };
  const kept = [...(world.github.files(world.repository, branch) ?? [])]
    .filter(([path]) => !entries.some((entry) => entry.path === path))
    .map(([path, bytes]) => ({ path, text: Buffer.from(bytes).toString() }));
  const all = [...kept, ...entries.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]))];
  const tree = all.map(({ path, text }) => ({ path, mode: '100644', type: 'blob', content: text }));
  const sha = await send('POST', 'commits', { message: 'By hand', tree: await send('POST', 'trees', { tree }), parents: [] });
  await send('PATCH', `refs/heads/${branch}`, { sha, force: true });
  return branch;
}

const filesOf = (world: World): readonly (readonly [string, string])[] => {
  const branch = world.github.branches(world.repository).find((name) => name.startsWith('sallyport/')) ?? '';
  return [...(world.github.files(world.repository, branch) ?? [])]
    .filter(([path]) => path !== 'README.md')
    .map(([path, bytes]): readonly [string, string] => [path, Buffer.from(bytes).toString()]);
};

test('a file altered on the branch or missing from it is copied again; one that no ledger names is taken away', async () => {
  const { world } = await inStep();
  const wanted = filesOf(world);
  const path = wanted[0]?.[0] ?? '';
  expect(wanted).toEqual([[path, 'a plan']]);
  await commitFiles(world, [{ path, text: 'another plan' }]);
  await mends(world, ['attachment plan.txt (altered)']);
  expect(filesOf(world)).toEqual(wanted);
  await commitFiles(world, [{ path, text: undefined }]);
  await mends(world, ['attachment plan.txt (missing)']);
  expect(filesOf(world)).toEqual(wanted);
  const issueId = path.split('/')[0] ?? '';
  await commitFiles(world, [
    { path: `${issueId}/99999/left.txt`, text: 'left over' },
    { path: '77777/99999/other.txt', text: 'of a twin that ended' },
  ]);
  await mends(world, ['attachment left.txt (extra)']);
  expect(filesOf(world).map(([name]) => name)).toEqual(expect.arrayContaining([path, '77777/99999/other.txt']));
  expect(filesOf(world)).toHaveLength(2);
});
