import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

async function oneTwin() {
  const world = createWorld();
  await world.connect();
  const issue = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'The origin',
    labels: ['sync'],
    description: 'Text.',
  });
  await world.cycle();
  world.clock.advance(minuteMs);
  const copy = world.github.issues(world.repository)[0];
  if (copy === undefined) throw new Error('no copy');
  return { world, key: issue.key, copy };
}

test('a stamped body that somebody pastes into another issue binds nothing', async () => {
  const { world, key, copy } = await oneTwin();
  const pasted = world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'Pasted',
    labels: ['sync'],
    body: copy.body ?? '',
  });
  for (const loss of [false, true]) {
    if (loss) world.states.clear();
    await world.cycle();
    world.jira.people.editIssue(key, { as: world.people.ann, description: `Later text ${loss}.` });
    world.clock.advance(minuteMs);
    await world.cycle();
    expect(world.github.issue(world.repository, copy.number)?.body).toContain(`Later text ${loss}.`);
    expect(world.github.issue(world.repository, pasted.number)?.body).toBe(copy.body);
  }
  expect(world.jira.people.issues()).toHaveLength(1);
});

test('a clone of a Jira issue, its properties copied with it, takes no twin over', async () => {
  const { world, key, copy } = await oneTwin();
  const clone = world.jira.people.cloneIssue(key, world.people.ben);
  for (const loss of [false, true]) {
    if (loss) world.states.clear();
    world.clock.advance(minuteMs);
    await world.cycle();
    world.jira.people.editIssue(clone.key, { as: world.people.ben, summary: `The clone says ${loss}` });
    world.clock.advance(minuteMs);
    await world.cycle();
    expect(world.github.issue(world.repository, copy.number)?.title).toBe('The origin');
  }
  expect(world.github.issues(world.repository)).toHaveLength(1);
});

test('an invented stamp is ignored and counted', async () => {
  const { world } = await oneTwin();
  world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'Invented',
    labels: ['sync'],
    body: 'Mine.\n\n<!-- sallyport:AAAA.BBBB -->',
  });
  const cycle = await world.cycle();
  expect(cycle.result.ignoredStamps).toBeGreaterThan(0);
  expect(world.jira.people.issues()).toHaveLength(1);
});

test.each([
  { origin: 'in scope of the trigger', isBackfilled: false, labels: ['sync'], isDamaged: false },
  { origin: 'older than the connection and copied on a backfill', isBackfilled: true, labels: ['sync'], isDamaged: false },
  { origin: 'no longer in scope of the trigger', isBackfilled: false, labels: [], isDamaged: false },
  { origin: 'that, and the stamp is there but damaged', isBackfilled: false, labels: [], isDamaged: true },
])(
  'a copy without its stamp is found by its ledger after the state was lost, and with it what it says: $origin',
  async ({ isBackfilled, labels, isDamaged }) => {
    const world = createWorld();
    const create = () =>
      world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'The origin', labels: ['sync'] });
    const early = isBackfilled ? create() : undefined;
    world.clock.advance(minuteMs);
    await world.connect();
    const { key } = early ?? create();
    await world.cycle(isBackfilled ? { backfill: 'true' } : {});
    world.jira.people.editIssue(key, { as: world.people.ann, labels });
    world.clock.advance(20 * minuteMs);
    await world.cycle();
    const copy = world.github.issues(world.repository)[0];
    if (copy === undefined) throw new Error('no copy');
    const stamp = isDamaged ? (copy.body ?? '').replace(/\.[\w-]+ -->/, '.AAAAAAAAAAAAAAAAAAAAAA -->') : '';
    world.github.editIssue({ repository: world.repository, number: copy.number, as: 'dana', body: `Later text.${stamp}` });
    world.states.clear();
    world.clock.advance(minuteMs);
    await world.cycle();
    expect(JSON.stringify(world.jira.people.issue(key)?.description)).toContain('Later text.');
    expect(world.github.issues(world.repository)).toHaveLength(1);
    expect(world.violations()).toEqual([]);
  },
);
