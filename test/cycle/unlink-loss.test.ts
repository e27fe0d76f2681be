import { expect, test } from 'vitest';
import { dieAfter } from './die-after.ts';
import { historyOutage } from './history-outage.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { linesOf, rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const isEditThere = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'PATCH' && /\/issues\/\d+$/.test(new URL(url).pathname);

test.each([false, true])('unlink tells what a run overwrote that died before it (state lost %s)', async (isLost) => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  await rounds(world, 1);
  world.jira.people.editIssue(key, {
    as: world.people.ann,
    description: documentOf(paragraph('Alpha of Ann'), paragraph('Omega')),
  });
  world.clock.advance(20 * minuteMs);
  await dieAfter(world, (request) => {
    if (!isEditThere(request)) return false;
    world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Omega', 'Omega of Dana') });
    return true;
  });
  expect(world.there.text(id)).not.toContain('Omega of Dana');
  if (isLost) world.states.clear();
  const { result } = await world.cycle({ operation: 'unlink', issues: key });
  expect(linesOf(result)).toEqual(['conflict description public']);
  expect(result.ended).toHaveLength(1);
  expect(world.there.text(id)).not.toContain('Omega of Dana');
});

test('a twin whose history is out of reach is not unlinked until it tells what was overwritten', async () => {
  const { world, outage } = historyOutage();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  world.jira.people.editIssue(key, {
    as: world.people.ann,
    description: documentOf(paragraph('Alpha of Ann'), paragraph('Omega')),
  });
  world.onRequest = (_, request) => {
    if (outage.isOn || !isEditThere(request)) return;
    outage.isOn = true;
    world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Omega', 'Omega of Dana') });
  };
  await rounds(world, 1);
  expect(outage.isOn).toBe(true);
  const unlink = () => world.cycle({ operation: 'unlink', issues: key });
  await expect(unlink()).rejects.toThrow(/cannot be unlinked yet.*Try it again/);
  world.onRequest = undefined;
  outage.isOn = false;
  const { result } = await unlink();
  expect(linesOf(result)).toEqual(['conflict description public']);
  expect(result.ended).toHaveLength(1);
});

test('a twin whose issue was deleted after a run died can be unlinked', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 1);
  world.jira.people.editIssue(key, { as: world.people.ann, description: documentOf(paragraph('Alpha of Ann')) });
  world.clock.advance(20 * minuteMs);
  await dieAfter(world, isEditThere);
  world.jira.people.deleteIssue(key);
  const { result } = await world.cycle({ operation: 'unlink', issues: `#${id}` });
  expect(result.ended).toHaveLength(1);
});
