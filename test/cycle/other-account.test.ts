import { expect, test } from 'vitest';
import { memberPermissions as dcPermissions } from '../../src/simulators/jira-dc/people.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { linesOf, rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

/** The private side's admin gives the token of another account and accepts again. Returns the inputs from then on. */
async function otherToken(world: World, tracker: 'github' | 'jira-dc', isSwapped: boolean) {
  if (!isSwapped) return {};
  if (tracker === 'github') {
    world.github.addUser({ login: 'newbot', token: 'ghp_other_for_tests', permission: 'write' });
  } else {
    world.dc.people.addUser({
      name: 'newbot',
      displayName: 'New Bot',
      token: 'pat-other',
      permissions: [...dcPermissions, 'EDIT_ALL_COMMENTS'],
    });
  }
  const more = { 'tracker-token': tracker === 'github' ? 'ghp_other_for_tests' : 'pat-other' };
  await world.run({ operation: 'accept', ...world.inputs, ...more });
  return more;
}

for (const tracker of ['github', 'jira-dc'] as const)
  for (const isSwapped of [false, true]) {
    test(`a comment whose creation got no answer is copied once (${tracker}, another account ${isSwapped})`, async () => {
      let isLost = false;
      const faults = ({ method, url }: { method: string; url: string }) => {
        if (!isLost || method !== 'POST' || !/\/comments?$/.test(new URL(url).pathname)) return undefined;
        isLost = false;
        return { kind: 'lost-after' as const };
      };
      const world = createWorld({ tracker, github: { faults }, dc: { faults } });
      const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
      await rounds(world, 1);
      const more = await otherToken(world, tracker, isSwapped);
      await rounds(world, 1, more);
      world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Once only')) });
      isLost = true;
      await rounds(world, 5, more);
      expect(isLost).toBe(false);
      expect(world.there.comments(id)).toHaveLength(1);
      expect(world.jira.people.issue(key)?.comments).toHaveLength(1);
    });
  }

for (const isSwapped of [false, true]) {
  test(`an issue whose creation got no answer is copied once (another account ${isSwapped})`, async () => {
    let isLost = false;
    const world = createWorld({
      github: {
        faults: ({ method, url }) => {
          if (!isLost || method !== 'POST' || !new URL(url).pathname.endsWith('/issues')) return undefined;
          isLost = false;
          return { kind: 'lost-after' as const };
        },
      },
    });
    await copiedFromJira(world, paragraph('Alpha'));
    await rounds(world, 1);
    const more = await otherToken(world, 'github', isSwapped);
    await rounds(world, 1, more);
    world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Second', labels: ['sync'] });
    isLost = true;
    await rounds(world, 4, more);
    expect(isLost).toBe(false);
    expect(world.github.issues(world.repository).map(({ title }) => title)).toEqual(expect.arrayContaining(['Title', 'Second']));
    expect(world.github.issues(world.repository)).toHaveLength(2);
    expect(world.jira.people.issues()).toHaveLength(2);
  });

  test(`an edit that a write of the connection met comes to light (another account ${isSwapped})`, async () => {
    const world = createWorld();
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
    await rounds(world, 1);
    const more = await otherToken(world, 'github', isSwapped);
    await rounds(world, 1, more);
    world.jira.people.editIssue(key, {
      as: world.people.ann,
      description: documentOf(paragraph('Alpha of Ann'), paragraph('Omega')),
    });
    let met = false;
    world.onRequest = (_, { method, url }) => {
      if (met || method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
      met = true;
      world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Omega', 'Omega of Dana') });
    };
    world.clock.advance(20 * minuteMs);
    const told = [...linesOf((await world.cycle(more)).result)];
    told.push(...(await rounds(world, 3, more)));
    expect(met).toBe(true);
    const stands = world.there.text(id).includes('Omega of Dana');
    expect(stands || told.some((line) => line.startsWith('conflict description'))).toBe(true);
  });
}
