import { expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

/** A first paragraph, and 255 more than a copy on Jira Data Center has room for. */
const text = (first: string) => [
  paragraph(first),
  ...Array.from({ length: 255 }, (_, n) => paragraph(`Paragraph ${n + 1} ${'words '.repeat(14)}end`)),
];
const long = `Ben ${'adds words '.repeat(500)}`;

test.each([
  ['doubles nothing in its origin', { before: 'First', after: long, from: 'First', to: 'First, of Dana' }],
  [
    'after its origin became short loses nothing of what is beyond the cut',
    { before: long, after: 'Short', from: 'adds words adds words', to: 'of Dana' },
  ],
])('an edit of a cut copy that is put back %s', async (_name, { before, after, from, to }) => {
  const world = createWorld({ tracker: 'jira-dc' });
  const { key, id } = await copiedFromJira(world, ...text(before));
  await rounds(world, 2);
  world.jira.people.editIssue(key, { as: world.people.ben, description: documentOf(...text(after)) });
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PUT' || !/corp.*\/issue\/\d+$/.test(url)) return;
    world.onRequest = undefined;
    world.there.edit(id, { as: 'dana', text: world.there.text(id).replace(from, to) });
    world.clock.advance(5_000);
  };
  const told = await rounds(world, 4);
  expect(told).toContain('conflict description public');
  const origin = JSON.stringify(world.jira.people.issue(key)?.description);
  const count = (n: number) => origin.split(`Paragraph ${n} `).length - 1;
  expect([1, 100, 180, 200, 220, 240, 255].map(count)).toEqual([1, 1, 1, 1, 1, 1, 1]);
});
