import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Both trackers change each description after it was stored, under the connection's account: no history tells a person. */
async function restlessWorld() {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const issue = people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'Restless',
    labels: ['sync'],
    description: 'Text.',
  });
  await world.cycle();
  world.clock.advance(minuteMs);
  let changes = 0;
  const alter = (): void => {
    changes += 1;
    const copy = world.github.issues(world.repository)[0];
    people.editIssue(issue.key, { as: world.people.sync, description: `Jira ${changes}.` });
    const stamp = /\n*<!-- sallyport:[\s\S]*$/.exec(copy?.body ?? '')?.[0] ?? '';
    world.github.editIssue({ repository: world.repository, number: 1, as: 'syncbot', body: `GitHub ${changes}.${stamp}` });
  };
  return { world, key: issue.key, alter };
}

test('a field that comes back differently three times without an edit by a person is stopped, reported, and told again daily', async () => {
  const { world, key, alter } = await restlessWorld();
  world.jira.people.editIssue(key, { as: world.people.ann, description: 'A person wrote this.' });
  const written: boolean[] = [];
  const reported: string[][] = [];
  for (let cycle = 0; cycle < 8; cycle += 1) {
    const { result } = await world.cycle();
    written.push(result.changes.some((change) => change.what === 'description'));
    reported.push(result.failures.filter((failure) => failure.parked).map((failure) => failure.message));
    alter();
    world.clock.advance(5 * minuteMs);
  }
  expect(written[0]).toBe(true);
  expect(written.slice(4)).toEqual([false, false, false, false]);
  expect(reported.flat()[0]).toContain('came back differently 3 times');
  world.clock.advance(dayMs);
  const later = await world.cycle();
  expect(later.result.changes).toEqual([]);
  expect(later.result.failures).toMatchObject([{ what: 'description', parked: true }]);
  // A person's edit starts the count anew.
  world.jira.people.editIssue(key, { as: world.people.ann, description: 'A person wrote this, too.' });
  world.clock.advance(minuteMs);
  const after = await world.cycle();
  expect(after.result.changes).toMatchObject([{ what: 'description', side: 'private' }]);
  expect(world.github.issues(world.repository)[0]?.body).toContain('A person wrote this, too.');
});

test('many edits by people in a row stop nothing, although each comes back differently', async () => {
  const { world, key, alter } = await restlessWorld();
  for (let edit = 0; edit < 6; edit += 1) {
    alter();
    world.clock.advance(5 * minuteMs);
    world.jira.people.editIssue(key, { as: world.people.ann, description: `Edit ${edit} by Ann.` });
    world.clock.advance(minuteMs);
    const { result } = await world.cycle();
    expect(result.failures).toEqual([]);
    expect(world.github.issues(world.repository)[0]?.body).toContain(`Edit ${edit} by Ann.`);
  }
});
