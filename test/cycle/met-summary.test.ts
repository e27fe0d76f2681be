import { expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { linesOf, rounds } from './rounds.ts';
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
    const told = [...linesOf((await world.cycle()).result)];
    people.setSecurity(key, undefined);
    if (isTouched) people.addLabel(key, 'urgent', world.people.ann);
    world.clock.advance(5 * minuteMs);
    told.push(...linesOf((await world.cycle()).result));
    told.push(...(await rounds(world, 4)));
    expect(people.issue(key)?.descriptionText).toContain('Alpha of Dana');
  },
);

test('the report names the side whose summary stands, where both of a cut one were edited', async () => {
  const world = createWorld();
  await world.connect();
  const title = `Teh plan ${'x'.repeat(256 - 13)}1234`;
  const id = world.there.create({ as: 'dana', summary: title, text: 'Text' });
  await rounds(world, 1);
  const { key = '', summary = '' } = world.jira.people.issues()[0] ?? {};
  world.there.edit(id, { as: 'dana', summary: title.replace('plan', 'play') });
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: summary.replace('Teh', 'The') });
  const told = await rounds(world, 3);
  const standing = world.there.summary(id).startsWith('Teh play') ? 'private' : 'public';
  expect(told.filter((line) => line.startsWith('conflict'))).toEqual([`conflict summary ${standing}`]);
});

test('an edit of a cut summary copy that a write met never cuts the origin', async () => {
  const world = createWorld();
  await world.connect();
  const title = `Teh plan ${'x'.repeat(256 - 13)}1234`;
  const id = world.there.create({ as: 'dana', summary: title, text: 'Text' });
  await rounds(world, 2);
  const { key = '', summary = '' } = world.jira.people.issues()[0] ?? {};
  expect(summary).toMatch(/…$/);
  world.there.edit(id, { as: 'dana', summary: 'A short plan 1234' });
  let met = false;
  world.onRequest = (_, { method, url }) => {
    if (met || method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
    met = true;
    world.jira.people.editIssue(key, { as: world.people.ann, summary: summary.replace('Teh', 'The') });
  };
  await rounds(world, 3);
  expect(met).toBe(true);
  expect(world.there.summary(id)).not.toContain('…');
});

test('a summary whose origin was edited beyond the cut keeps that edit, where a write met an edit of the copy', async () => {
  const world = createWorld();
  await world.connect();
  const title = `Teh plan ${'x'.repeat(256 - 13)}1234`;
  const id = world.there.create({ as: 'dana', summary: title, text: 'Text' });
  await rounds(world, 2);
  const { key = '', summary = '' } = world.jira.people.issues()[0] ?? {};
  world.there.edit(id, { as: 'dana', summary: title.replace('plan', 'p') });
  let met = false;
  world.onRequest = (_, { method, url }) => {
    if (met || method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
    met = true;
    world.jira.people.editIssue(key, { as: world.people.ann, summary: summary.replace('Teh', 'The') });
  };
  await rounds(world, 3);
  expect(met).toBe(true);
  expect(world.there.summary(id)).not.toContain('…');
});
