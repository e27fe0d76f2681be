import { expect, test } from 'vitest';
import { historyOutage } from './history-outage.ts';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld, Killed } from './world.ts';

const minuteMs = 60_000;

const isIssueEdit = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'PATCH' && /\/issues\/\d+$/.test(new URL(url).pathname);

for (const how of ['history outage', 'killed, then an error'] as const)
  test(`what a run overwrote that an error ended is looked up by a later one (${how})`, async () => {
    const { world, outage } = historyOutage();
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    for (let round = 0; round < 2; round += 1) {
      world.clock.advance(20 * minuteMs);
      await world.cycle();
    }
    const summary = (text: string) => world.jira.people.editIssue(key, { as: world.people.ben, summary: text });
    const ends: string[] = [];
    const run = async () => {
      try {
        const { result } = await world.cycle();
        ends.push(`ok ${result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`).join()}`);
      } catch (error) {
        ends.push(error instanceof Killed ? 'killed' : `error ${String(error)}`);
      }
      world.killAt = undefined;
      world.clock.advance(20 * minuteMs);
    };
    summary('Title B');
    if (how === 'history outage') outage.isOn = true;
    else
      world.onRequest = (index, request) => {
        if (isIssueEdit(request)) world.killAt = index;
      };
    await run();
    expect(world.there.summary(id)).toBe('Title B');
    summary('Title');
    world.onRequest = (index, request) => {
      if (!isIssueEdit(request)) return;
      world.onRequest = undefined;
      world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
      if (how !== 'history outage') world.killAt = index;
    };
    await run();
    world.onRequest = undefined;
    expect(world.there.summary(id)).toBe('Title');
    if (how !== 'history outage') {
      // A run that finds the dead one, and is ended by an error before it looks at anything.
      world.onRequest = (_, { url }) => {
        if (url.includes('api.github.com')) throw new TypeError('fetch failed');
      };
      await run();
      world.onRequest = undefined;
    }
    outage.isOn = false;
    for (let round = 0; round < 4; round += 1) await run();
    const told = ends.some((end) => end.startsWith('ok summary')) || world.logs.some((line) => line.includes('Conflict'));
    expect(told || world.there.summary(id) === 'Title of Dana').toBe(true);
  });

test('so is what the last of two dead runs overwrote with what stood before the first', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  const dieAt = async (act: () => void) => {
    world.onRequest = (index, { method, url }) => {
      if (method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
      world.onRequest = undefined;
      act();
      world.killAt = index;
    };
    await expect(world.cycle()).rejects.toThrow(Killed);
    world.killAt = undefined;
    world.clock.advance(20 * minuteMs);
  };
  const summary = (text: string) => world.jira.people.editIssue(key, { as: world.people.ben, summary: text });
  summary('Title B');
  await dieAt(() => undefined);
  summary('Title');
  await dieAt(() => world.there.edit(id, { as: 'dana', summary: 'Title of Dana' }));
  expect((await rounds(world, 3)).filter((line) => line.startsWith('conflict'))).not.toEqual([]);
});
