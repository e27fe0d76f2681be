import { expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

test.each([false, true])(
  'an edit on GitHub crosses within three cycles, though its twin was out of sight for a moment (touched %s)',
  async (isTouched) => {
    const world = createWorld();
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Other', labels: ['sync'] });
    await rounds(world, 2);
    const { people } = world.jira;
    people.setSecurity(key, { name: 'Staff', members: [world.people.ann] });
    world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Alpha', 'Alpha of Dana') });
    world.clock.advance(5 * minuteMs);
    await world.cycle();
    people.setSecurity(key, undefined);
    if (isTouched) people.addLabel(key, 'urgent', world.people.ann);
    world.clock.advance(5 * minuteMs);
    await world.cycle();
    await rounds(world, 4);
    expect(people.issue(key)?.descriptionText).toContain('Alpha of Dana');
  },
);

const title = `Teh plan ${'x'.repeat(256 - 13)}1234`;

/** An issue on GitHub whose summary is longer than Jira takes, and its copy. */
async function cutCopy(cycles: number) {
  const world = createWorld();
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: title, text: 'Text' });
  await rounds(world, cycles);
  const { key = '', summary = '' } = world.jira.people.issues()[0] ?? {};
  expect(summary).toMatch(/…$/);
  const editCopy = () => world.jira.people.editIssue(key, { as: world.people.ann, summary: summary.replace('Teh', 'The') });
  return { world, id, editCopy };
}

test('the report names the side whose summary stands, where both of a cut one were edited', async () => {
  const { world, id, editCopy } = await cutCopy(1);
  world.there.edit(id, { as: 'dana', summary: title.replace('plan', 'play') });
  world.clock.advance(minuteMs);
  editCopy();
  const told = await rounds(world, 3);
  const standing = world.there.summary(id).startsWith('Teh play') ? 'private' : 'public';
  expect(told.filter((line) => line.startsWith('conflict'))).toEqual([`conflict summary ${standing}`]);
});

test.each([
  ['made short', 'A short plan 1234'],
  ['edited before the cut', title.replace('plan', 'p')],
])('an edit of a cut summary copy that a write met never cuts the origin, which was %s', async (_how, edited) => {
  const { world, id, editCopy } = await cutCopy(2);
  world.there.edit(id, { as: 'dana', summary: edited });
  let met = false;
  world.onRequest = (_, { method, url }) => {
    if (met || method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
    met = true;
    editCopy();
  };
  await rounds(world, 3);
  expect(met).toBe(true);
  expect(world.there.summary(id)).not.toContain('…');
});
