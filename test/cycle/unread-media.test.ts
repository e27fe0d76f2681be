import { expect, test } from 'vitest';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

const titlesOf = (world: World): readonly string[] => world.github.issues(world.repository).map(({ title }) => title);

/** Two issues on Jira, of which one shows a file whose media nobody can find out while `isBroken` says so. */
async function withBrokenFile() {
  const world = createWorld();
  const { people } = world.jira;
  await world.connect();
  const issue = (summary: string) =>
    people.createIssue({ project: 'ACME', as: world.people.ann, summary, labels: ['sync'], description: 'Text.' });
  const broken = issue('With a file');
  issue('Without');
  const file = people.addAttachment(broken.key, { name: 'shot.png', bytes: Buffer.from('png'), as: world.people.ann });
  const media = { type: 'media', attrs: { type: 'file', id: people.mediaIdOf(file.id), collection: '' } };
  const picture = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
  people.editIssue(broken.key, { as: world.people.ann, description: { version: 1, type: 'doc', content: [picture] } });
  const state = { isBroken: true };
  world.rewrite = (request) => {
    const isMedia = new URL(request.url).pathname.endsWith(`/attachment/content/${file.id}`);
    return state.isBroken && isMedia ? Promise.reject(new TypeError('fetch failed')) : Promise.resolve(request);
  };
  return { world, broken, state };
}

test('an issue whose file cannot be found out waits alone, the others cross, and it follows by itself', async () => {
  const { world, state } = await withBrokenFile();
  const first = await world.cycle();
  expect(titlesOf(world)).toEqual(['Without']);
  expect(first.result.failures).toMatchObject([{ what: expect.stringMatching(/^issue \d+$/), error: 'passing', parked: false }]);
  state.isBroken = false;
  world.clock.advance(60 * minuteMs);
  await world.cycle();
  expect(titlesOf(world)).toEqual(['Without', 'With a file']);
  expect(world.github.issues(world.repository)[1]?.body).toContain('shot.png');
});

test('a twin whose file cannot be found out any more is held, and its edits cross once it can', async () => {
  const { world, broken, state } = await withBrokenFile();
  state.isBroken = false;
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  world.jira.people.editIssue(broken.key, { as: world.people.ann, summary: 'Renamed' });
  world.jira.people.editIssue('ACME-2', { as: world.people.ann, summary: 'Renamed, too' });
  // A fresh process knows no media ids: that is what the file is asked for again.
  state.isBroken = true;
  const held = await world.cycle();
  expect(titlesOf(world).toSorted()).toEqual(['Renamed, too', 'With a file']);
  expect(held.result.failures).toMatchObject([{ what: 'issue', issues: { public: { key: broken.key } }, parked: false }]);
  state.isBroken = false;
  world.clock.advance(60 * minuteMs);
  await world.cycle();
  expect(titlesOf(world).toSorted()).toEqual(['Renamed', 'Renamed, too']);
});
