import { expect, test } from 'vitest';
import { documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { storedByJira } from './stored-by-jira.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

/** An issue of GitHub's whose copy Jira's server stores without the last stop of its first sentence. */
async function copiedWithoutItsStop() {
  const world = createWorld();
  await world.connect();
  storedByJira(world, (text) => text.replaceAll(/Alpha( of Dana)?\./g, 'Alpha$1'));
  const { number } = world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'From GitHub',
    labels: ['sync'],
    body: 'Alpha.\n\nBeta.\n',
  });
  await rounds(world, 2);
  const { key } = world.jira.people.issues()[0] ?? { key: '' };
  expect(world.jira.people.issue(key)?.descriptionText).toBe('Alpha\nBeta.');
  world.clock.advance(20 * minuteMs);
  return { world, number, key, there: () => world.github.issue(world.repository, number)?.body ?? '' };
}

test('what somebody makes of another paragraph of the copy crosses, and nothing that the server made of it', async () => {
  const { world, key, there } = await copiedWithoutItsStop();
  world.jira.people.editIssue(key, {
    as: world.people.ann,
    description: documentOf(paragraph('Alpha'), paragraph('Beta of Ann.')),
  });
  await rounds(world, 2);
  expect(there()).toMatch(/^Alpha\.\n\nBeta of Ann\.\n/);
  expect(world.jira.people.issue(key)?.descriptionText).toBe('Alpha\nBeta of Ann.');
  world.clock.advance(20 * minuteMs);
  const { result } = await world.cycle();
  expect(result.changes).toEqual([]);
  expect(result.conflicts).toEqual([]);
  expect(world.violations()).toEqual([]);
});

test('what somebody makes of the very paragraph crosses as it is', async () => {
  const { world, key, there } = await copiedWithoutItsStop();
  world.jira.people.editIssue(key, {
    as: world.people.ann,
    description: documentOf(paragraph('Alpha of Ann'), paragraph('Beta.')),
  });
  await rounds(world, 2);
  expect(there()).toMatch(/^Alpha of Ann\n\nBeta\.\n/);
});

test('an edit of the copy that a write replaced comes back without what the server made of that write', async () => {
  const { world, number, key, there } = await copiedWithoutItsStop();
  world.github.editIssue({
    repository: world.repository,
    number,
    as: 'dana',
    body: there().replace('Alpha.', 'Alpha of Dana.'),
  });
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
    world.onRequest = undefined;
    world.jira.people.editIssue(key, {
      as: world.people.ann,
      description: documentOf(paragraph('Alpha'), paragraph('Beta.'), paragraph('Gamma of Ann.')),
    });
  };
  await rounds(world, 3);
  expect(world.onRequest).toBeUndefined();
  expect(there()).toMatch(/^Alpha of Dana\.\n\nBeta\.\n\nGamma of Ann\.\n/);
  expect(world.jira.people.issue(key)?.descriptionText).toBe('Alpha of Dana\nBeta.\nGamma of Ann.');
  expect(world.violations()).toEqual([]);
});
