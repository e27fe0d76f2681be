import { expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

test('an edit of a cut copy that is put back doubles nothing in its origin', async () => {
  const world = createWorld({ tracker: 'jira-dc' });
  const text = (first: string) =>
    [first, ...Array.from({ length: 255 }, (_, n) => `Paragraph ${n + 1} ${'words '.repeat(14)}end`)].map((one) =>
      paragraph(one),
    );
  const { key, id } = await copiedFromJira(world, ...text('First'));
  await rounds(world, 2);
  world.jira.people.editIssue(key, {
    as: world.people.ben,
    description: documentOf(...text(`Ben ${'adds words '.repeat(500)}`)),
  });
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PUT' || !/corp.*\/issue\/\d+$/.test(url)) return;
    world.onRequest = undefined;
    world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('First', 'First, of Dana') });
    world.clock.advance(5_000);
  };
  const told = await rounds(world, 4);
  expect(told).toContain('conflict description public');
  const origin = JSON.stringify(world.jira.people.issue(key)?.description);
  const count = (n: number) => origin.split(`Paragraph ${n} `).length - 1;
  expect([1, 100, 180, 200, 220, 240, 255].map(count)).toEqual([1, 1, 1, 1, 1, 1, 1]);
});

test('an edit of a cut copy that is put back after its origin became short does not lose what is beyond the cut', async () => {
  const world = createWorld({ tracker: 'jira-dc' });
  const text = (first: string, count = 255) =>
    [first, ...Array.from({ length: count }, (_, n) => `Paragraph ${n + 1} ${'words '.repeat(14)}end`)].map((one) =>
      paragraph(one),
    );
  const { key, id } = await copiedFromJira(world, ...text(`Ben ${'adds words '.repeat(500)}`));
  await rounds(world, 2);
  world.jira.people.editIssue(key, { as: world.people.ben, description: documentOf(...text('Short')) });
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PUT' || !/corp.*\/issue\/\d+$/.test(url)) return;
    world.onRequest = undefined;
    world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('adds words adds words', 'of Dana') });
    world.clock.advance(5_000);
  };
  const told = await rounds(world, 4);
  expect(told).toContain('conflict description public');
  const origin = JSON.stringify(world.jira.people.issue(key)?.description);
  const count = (n: number) => origin.split(`Paragraph ${n} `).length - 1;
  expect([1, 100, 180, 200, 220, 240, 255].map(count)).toEqual([1, 1, 1, 1, 1, 1, 1]);
});
