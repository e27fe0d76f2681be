import { expect, test } from 'vitest';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const dayMs = 24 * 3_600_000;

test('an organisation that gets issue types leaves the types of Jira alone (labels stood for them)', async () => {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const { key } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'], type: 'Bug' });
  await rounds(world, 2);
  const [id = ''] = world.there.ids();
  expect(world.there.type(id)).toBe('Bug');
  world.github.setIssueTypes('acme', ['Task', 'Bug', 'Feature']);
  world.clock.advance(dayMs + 3_600_000);
  const told = await rounds(world, 3);
  expect(people.issue(key)?.type === 'Bug' || told.some((line) => line.startsWith('conflict type'))).toBe(true);
});

test('an organisation that gives up its issue types leaves the types of Jira alone', async () => {
  const world = createWorld({ issueTypes: ['Task', 'Bug', 'Feature'] });
  await world.connect();
  const { people } = world.jira;
  const { key } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'], type: 'Bug' });
  await rounds(world, 2);
  expect(world.github.issue('acme/app', 1)?.type).toBe('Bug');
  world.github.setIssueTypes('acme', undefined);
  world.clock.advance(dayMs + 3_600_000);
  const told = await rounds(world, 3);
  expect(people.issue(key)?.type === 'Bug' || told.some((line) => line.startsWith('conflict type'))).toBe(true);
});

test.each([403, 404])('issue types that the token may not list on one day (%i) leave the types of Jira alone', async (status) => {
  let isOut = false;
  const world = createWorld({
    issueTypes: ['Task', 'Bug', 'Feature'],
    github: { faults: ({ url }) => (isOut && url.includes('issue-types') ? { kind: 'status', status } : undefined) },
  });
  await world.connect();
  const { people } = world.jira;
  const { key } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'], type: 'Bug' });
  await rounds(world, 2);
  expect(world.github.issue('acme/app', 1)?.type).toBe('Bug');
  isOut = true;
  world.clock.advance(dayMs + 3_600_000);
  const told = await rounds(world, 2);
  isOut = false;
  expect(people.issue(key)?.type === 'Bug' || told.some((line) => line.startsWith('conflict type'))).toBe(true);
});

test('a type that Jira got after the connection was initiated is given to an issue', async () => {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const all = people.userProperties(world.people.sync);
  const name = Object.keys(all).find((key) => /^sallyport\.\w+$/.test(key)) ?? '';
  const record = all[name] as { types: { name: string }[] };
  // As the record would be, had the type been made since.
  people.setUserProperty(world.people.sync, name, { ...record, types: record.types.filter((type) => type.name !== 'Bug') });
  const { key } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'], type: 'Bug' });
  await rounds(world, 2);
  const [id = ''] = world.there.ids();
  expect(world.there.type(id)).toBe('Bug');
  world.there.setType(id, 'Story');
  await rounds(world, 2);
  expect(people.issue(key)?.type).toBe('Story');
  world.there.setType(id, 'Bug');
  await rounds(world, 3, { audit: 'full' });
  expect(people.issue(key)?.type).toBe('Bug');
});
