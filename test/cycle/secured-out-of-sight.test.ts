import { expect, test } from 'vitest';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

async function secured() {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const { ann, sync } = world.people;
  people.createIssue({ project: 'ACME', as: ann, summary: 'Other', labels: ['sync'] });
  const all = { name: 'Staff', members: [ann, sync] };
  const { key } = people.createIssue({ project: 'ACME', as: ann, summary: 'Secured', labels: ['sync'], security: all });
  await rounds(world, 2);
  const cycles = async (count: number) => {
    const results = [];
    for (let round = 0; round < count; round += 1) {
      world.clock.advance(20 * minuteMs);
      // No listing shows what is gone: the audit does.
      results.push((await world.cycle({ 'audit-period': '1m' })).result);
    }
    return results;
  };
  return { world, people, key, ann, all, cycles };
}

test.each([false, true])(
  'an issue under a security level that is out of sight does not end its twin (state lost %s)',
  async (isLost) => {
    const { world, people, key, ann, all, cycles } = await secured();
    people.setSecurity(key, { name: 'Staff', members: [ann] });
    if (isLost) world.states.clear();
    const results = await cycles(4);
    expect(results.flatMap(({ ended }) => ended)).toEqual([]);
    expect(results.flatMap(({ held }) => held.map(({ reason }) => reason))).toContainEqual(
      expect.stringMatching(/out of the account's sight.*let the account see it/),
    );
    people.setSecurity(key, all);
    people.editIssue(key, { as: ann, summary: 'Secured, edited' });
    await rounds(world, 3);
    expect(world.there.ids().map((id) => world.there.summary(id))).toContain('Secured, edited');
  },
);

test('an issue that everyone could read since the state was lost ends its twin once it is removed', async () => {
  const { world, people, key, cycles } = await secured();
  people.setSecurity(key, undefined);
  world.states.clear();
  await cycles(1);
  people.deleteIssue(key);
  expect((await cycles(4)).flatMap(({ ended }) => ended)).toHaveLength(1);
});
