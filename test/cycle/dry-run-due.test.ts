import { expect, test } from 'vitest';
import { dieAfter } from './die-after.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

test('a dry run writes nothing at all, whatever is due', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  const { people } = world.jira;
  const comment = people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('One')) });
  people.addAttachment(key, { as: world.people.ben, name: 'a.txt', bytes: Buffer.from('a') });
  await rounds(world, 2);
  people.deleteComment(key, comment.id);
  people.editIssue(key, { as: world.people.ann, summary: 'Edited' });
  world.clock.advance(20 * minuteMs);
  await dieAfter(world, ({ method, url }) => method === 'PATCH' && /\/issues\/\d+$/.test(new URL(url).pathname));
  people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'New', labels: ['sync'] });
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Omega', 'Omega of Dana') });
  const all = () =>
    JSON.stringify([
      people.issues(),
      people.userProperties(world.people.sync),
      world.github.issues(world.repository),
      [...world.states.keys()],
      [...world.files],
    ]);
  for (const more of [
    {},
    { audit: 'full' },
    { backfill: 'true' },
    { operation: 'push', issues: key },
    { operation: 'unlink', issues: key },
    { operation: 'retry' },
  ]) {
    const before = all();
    const writes: string[] = [];
    world.onRequest = (_, { method, url }) =>
      void (['PUT', 'DELETE', 'PATCH'].includes(method) && writes.push(`${method} ${url}`));
    world.clock.advance(15 * minuteMs);
    await world.cycle({ 'dry-run': 'true', ...more });
    expect(writes, JSON.stringify(more)).toEqual([]);
    expect(all(), JSON.stringify(more)).toBe(before);
  }
  world.onRequest = undefined;
});
