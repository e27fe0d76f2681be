import { expect, test } from 'vitest';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

/** A connected world with one twin of each origin, quiet. */
async function twins(
  options: Parameters<typeof createWorld>[0] = {},
): Promise<{ world: World; jiraKey: string; jiraCopy: string; number: number; numberCopy: number }> {
  const world = createWorld(options);
  await world.connect();
  const issue = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'From Jira',
    type: 'Bug',
    labels: ['sync'],
    description: 'First line.\nSecond line.',
  });
  const other = world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'From GitHub',
    labels: ['sync'],
    body: 'One.\n\nTwo.\n',
  });
  await world.cycle();
  const jiraCopy = world.jira.people.issues().find((candidate) => candidate.summary === 'From GitHub');
  const githubCopy = world.github.issues(world.repository).find((candidate) => candidate.title === 'From Jira');
  if (jiraCopy === undefined || githubCopy === undefined) throw new Error('a copy is missing');
  world.clock.advance(minuteMs);
  return { world, jiraKey: issue.key, jiraCopy: jiraCopy.key, number: other.number, numberCopy: githubCopy.number };
}

const body = (world: World, number: number): string => world.github.issue(world.repository, number)?.body ?? '';

/** Nothing left to do: the next cycle plans nothing and writes nothing. */
async function expectQuiet(world: World): Promise<void> {
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  const quiet = await world.cycle();
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(quiet.requests.public + quiet.requests.private).toBeLessThanOrEqual(4);
  expect(quiet.requests.control).toBeLessThanOrEqual(8);
  expect(world.violations()).toEqual([]);
}

test('types are mirrored by name as labels and back', async () => {
  const { world, jiraKey, numberCopy, number, jiraCopy } = await twins();
  expect(world.github.issue(world.repository, numberCopy)?.labels).toContain('type: Bug');
  expect(world.jira.people.issue(jiraCopy)?.type).toBe('Task');
  world.jira.people.changeType(jiraKey, { as: world.people.ann, type: 'Story' });
  world.github.setLabels({ repository: world.repository, number, as: 'dana', labels: ['sync', 'type: Bug'] });
  await world.cycle();
  expect(world.github.issue(world.repository, numberCopy)?.labels).toContain('type: Story');
  expect(world.github.issue(world.repository, numberCopy)?.labels).not.toContain('type: Bug');
  expect(world.jira.people.issue(jiraCopy)?.type).toBe('Bug');
  await expectQuiet(world);
});

test('a type that the destination lacks falls back, and is not mirrored back', async () => {
  const { world } = await twins({ issueTypes: ['Task', 'Bug', 'Feature'] });
  const epic = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'Big thing',
    type: 'Epic',
    labels: ['sync'],
  });
  const feature = world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'New thing',
    labels: ['sync'],
    type: 'Feature',
  });
  await world.cycle();
  const copy = world.github.issues(world.repository).find((issue) => issue.title === 'Big thing');
  expect(copy?.type).toBe('Task');
  expect(world.jira.people.issues().find((issue) => issue.summary === 'New thing')?.type).toBe('Task');
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(epic.key, { as: world.people.ann, summary: 'Big thing, edited' });
  world.github.editIssue({ repository: world.repository, number: feature.number, as: 'dana', title: 'New thing, edited' });
  await world.cycle();
  expect(world.jira.people.issue(epic.key)?.type).toBe('Epic');
  expect(world.github.issue(world.repository, feature.number)?.type).toBe('Feature');
  await expectQuiet(world);
  if (copy === undefined) throw new Error('no copy');
  world.github.setType({ repository: world.repository, number: copy.number, as: 'dana', type: 'Bug' });
  await world.cycle();
  expect(world.jira.people.issue(epic.key)?.type).toBe('Bug');
});

test("a type that Jira lacks becomes the project's default type where its scheme sets one", async () => {
  const world = createWorld();
  world.jira.people.addProject({ key: 'HELP', name: 'Help', defaultIssueTypeName: 'Story', issueTypeSchemeReadable: true });
  await world.connect({ 'jira-project': 'HELP' });
  world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'Odd',
    labels: ['sync', 'type: Spike'],
    body: 'x',
  });
  await world.cycle();
  expect(world.jira.people.issues().find((issue) => issue.summary === 'Odd')?.type).toBe('Story');
});

test('mentions and references in a copied text ping nobody', async () => {
  const { world, jiraKey, numberCopy } = await twins();
  world.jira.people.editIssue(jiraKey, {
    as: world.people.ann,
    description: 'Ask @dana or @acme/team, see #1 and acme/app#2 and GH-3.',
  });
  world.jira.people.addComment(jiraKey, {
    as: world.people.ann,
    body: '@eli please look, cf. https://github.com/acme/app/issues/1',
  });
  const before = world.github.notifications.length;
  await world.cycle();
  expect(body(world, numberCopy)).toContain('dana');
  expect(world.github.notifications.slice(before)).toEqual([]);
});

test('a copy whose hidden stamp was removed stays linked by the ledger, even when the state is lost, and gets its stamp back', async () => {
  const { world, jiraKey, numberCopy } = await twins();
  world.github.editIssue({ repository: world.repository, number: numberCopy, as: 'eli', body: 'First line.\n\nSecond line.' });
  world.states.clear();
  await world.cycle();
  expect(world.github.issues(world.repository)).toHaveLength(2);
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(jiraKey, { as: world.people.ben, description: 'First line.\nLater.' });
  await world.cycle();
  expect(body(world, numberCopy)).toContain('Later.');
  expect(body(world, numberCopy)).toContain('<!-- sallyport:');
  await expectQuiet(world);
});
