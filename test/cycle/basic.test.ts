import { expect, test } from 'vitest';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

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
const title = (world: World, number: number): string => world.github.issue(world.repository, number)?.title ?? '';
const comments = (world: World, number: number): string[] =>
  world.github.issue(world.repository, number)?.comments.map((comment) => comment.body) ?? [];
const jiraComments = (world: World, key: string): string[] =>
  world.jira.people.issue(key)?.comments.map((comment) => comment.text) ?? [];

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

test('an issue of each side gets its copy on the other, and the next cycle writes nothing', async () => {
  const { world, jiraCopy, numberCopy } = await twins();
  expect(body(world, numberCopy)).toContain('Second line.');
  expect(world.jira.people.issue(jiraCopy)?.descriptionText).toContain('Two.');
  expect(world.github.issues(world.repository)).toHaveLength(2);
  expect(world.jira.people.issues()).toHaveLength(2);
  await expectQuiet(world);
});

test('an edited summary crosses both ways, of origin and copy alike', async () => {
  const { world, jiraKey, jiraCopy, number, numberCopy } = await twins();
  world.jira.people.editIssue(jiraKey, { as: world.people.ben, summary: 'Jira origin edited' });
  world.jira.people.editIssue(jiraCopy, { as: world.people.ben, summary: 'Jira copy edited' });
  await world.cycle();
  expect(title(world, numberCopy)).toBe('Jira origin edited');
  expect(title(world, number)).toBe('Jira copy edited');
  world.clock.advance(minuteMs);
  world.github.editIssue({ repository: world.repository, number, as: 'eli', title: 'GitHub origin edited' });
  world.github.editIssue({ repository: world.repository, number: numberCopy, as: 'eli', title: 'GitHub copy edited' });
  await world.cycle();
  expect(world.jira.people.issue(jiraCopy)?.summary).toBe('GitHub origin edited');
  expect(world.jira.people.issue(jiraKey)?.summary).toBe('GitHub copy edited');
  await expectQuiet(world);
});

test('an edited description crosses both ways', async () => {
  const { world, jiraKey, jiraCopy, number, numberCopy } = await twins();
  world.jira.people.editIssue(jiraKey, { as: world.people.ben, description: 'First line.\nChanged line.' });
  world.github.editIssue({ repository: world.repository, number, as: 'eli', body: 'One.\n\nTwo and a half.\n' });
  await world.cycle();
  expect(body(world, numberCopy)).toContain('Changed line.');
  expect(world.jira.people.issue(jiraCopy)?.descriptionText).toContain('Two and a half.');
  world.clock.advance(minuteMs);
  const copied = body(world, numberCopy);
  world.github.editIssue({
    repository: world.repository,
    number: numberCopy,
    as: 'eli',
    body: copied.replace('Changed line.', 'Edited on GitHub.'),
  });
  world.jira.people.editIssue(jiraCopy, { as: world.people.ben, description: 'One.\nEdited in Jira.' });
  await world.cycle();
  expect(world.jira.people.issue(jiraKey)?.descriptionText).toContain('Edited on GitHub.');
  expect(body(world, number)).toContain('Edited in Jira.');
  await expectQuiet(world);
});

test('comments are added, edited and removed both ways, public and with their author', async () => {
  const { world, jiraKey, jiraCopy, number, numberCopy } = await twins();
  const mine = world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'A question.' });
  const theirs = world.github.addComment({ repository: world.repository, number, as: 'dana', body: 'An **answer**.' });
  await world.cycle();
  expect(comments(world, numberCopy)[0]).toMatch(/^Ann Lee commented:\n\nA question\./);
  expect(jiraComments(world, jiraCopy)[0]).toMatch(/^(dana|Dana Cruz) commented:/);
  world.clock.advance(minuteMs);
  world.jira.people.editComment(jiraKey, mine.id, { as: world.people.ann, body: 'A better question.' });
  world.github.editComment({ repository: world.repository, id: theirs.id, as: 'dana', body: 'A better answer.' });
  world.clock.advance(dayMs);
  await world.cycle();
  expect(comments(world, numberCopy)).toHaveLength(1);
  expect(comments(world, numberCopy)[0]).toContain('A better question.');
  expect(jiraComments(world, jiraCopy)[0]).toContain('A better answer.');
  world.jira.people.deleteComment(jiraKey, mine.id);
  world.github.deleteComment({ repository: world.repository, id: theirs.id });
  world.clock.advance(dayMs);
  await world.cycle();
  expect(comments(world, numberCopy)).toHaveLength(1);
  world.clock.advance(11 * minuteMs);
  await world.cycle();
  expect(comments(world, numberCopy)).toEqual([]);
  expect(jiraComments(world, jiraCopy)).toEqual([]);
  await expectQuiet(world);
});

test('an edit of a copied comment comes back to its origin without the author line', async () => {
  const { world, jiraKey, jiraCopy, number, numberCopy } = await twins();
  world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'From Jira.' });
  world.github.addComment({ repository: world.repository, number, as: 'dana', body: 'From GitHub.' });
  await world.cycle();
  world.clock.advance(minuteMs);
  const copy = world.github.issue(world.repository, numberCopy)?.comments[0];
  const other = world.jira.people.issue(jiraCopy)?.comments[0];
  if (copy === undefined || other === undefined) throw new Error('a copy is missing');
  world.github.editComment({
    repository: world.repository,
    id: copy.id,
    as: 'eli',
    body: copy.body.replace('From Jira.', 'Corrected on GitHub.'),
  });
  world.jira.people.editComment(jiraCopy, other.id, { as: world.people.ben, body: 'dana commented:\nCorrected in Jira.' });
  world.clock.advance(dayMs);
  await world.cycle();
  expect(jiraComments(world, jiraKey)).toEqual(['Corrected on GitHub.']);
  expect(comments(world, number)[0]).toMatch(/^Corrected in Jira\./);
  await expectQuiet(world);
});

test('a removed copy of a comment is neither created again nor the end of its origin', async () => {
  const { world, jiraKey, numberCopy } = await twins();
  world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'Stays at home.' });
  await world.cycle();
  const copy = world.github.issue(world.repository, numberCopy)?.comments[0];
  world.github.deleteComment({ repository: world.repository, id: copy?.id ?? 0 });
  for (const pause of [dayMs, 11 * minuteMs, minuteMs, dayMs]) {
    world.clock.advance(pause);
    await world.cycle();
  }
  expect(comments(world, numberCopy)).toEqual([]);
  expect(jiraComments(world, jiraKey)).toEqual(['Stays at home.']);
  world.states.clear();
  await world.cycle();
  expect(comments(world, numberCopy)).toEqual([]);
});

test('a restricted comment crosses as a public one, and stays home under hold', async () => {
  const { world, jiraKey, numberCopy } = await twins();
  world.jira.people.addComment(jiraKey, {
    as: world.people.ann,
    body: 'For administrators.',
    visibility: { type: 'role', value: 'Administrators' },
  });
  await world.cycle({ 'restricted-comments': 'hold' });
  expect(comments(world, numberCopy)).toEqual([]);
  await world.cycle();
  world.clock.advance(dayMs);
  await world.cycle();
  expect(comments(world, numberCopy)[0]).toContain('For administrators.');
});

test('a comment that becomes restricted under hold is replaced by a notice', async () => {
  const { world, jiraKey, numberCopy } = await twins();
  const comment = world.jira.people.addComment(jiraKey, { as: world.people.ann, body: 'Too much said.' });
  await world.cycle({ 'restricted-comments': 'hold' });
  expect(comments(world, numberCopy)[0]).toContain('Too much said.');
  world.jira.people.editComment(jiraKey, comment.id, {
    as: world.people.ann,
    visibility: { type: 'role', value: 'Administrators' },
  });
  world.clock.advance(dayMs);
  await world.cycle({ 'restricted-comments': 'hold' });
  expect(comments(world, numberCopy)[0]).not.toContain('Too much said.');
  expect(comments(world, numberCopy)[0]).toContain('withheld');
});

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

test('when both sides edit different paragraphs both edits stand', async () => {
  const { world, jiraKey, numberCopy } = await twins();
  world.jira.people.editIssue(jiraKey, { as: world.people.ben, description: 'First line, by Ben.\nSecond line.\nThird line.' });
  await world.cycle();
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(jiraKey, {
    as: world.people.ben,
    description: 'First line, by Ben again.\nSecond line.\nThird line.',
  });
  const copied = body(world, numberCopy);
  world.github.editIssue({
    repository: world.repository,
    number: numberCopy,
    as: 'eli',
    body: copied.replace('Third line.', 'Third line, by Eli.'),
  });
  await world.cycle();
  for (const text of [body(world, numberCopy), world.jira.people.issue(jiraKey)?.descriptionText]) {
    expect(text).toContain('First line, by Ben again.');
    expect(text).toContain('Third line, by Eli.');
  }
  await expectQuiet(world);
});

test('when both sides edit the same summary the later one stands and the conflict is reported', async () => {
  const { world, jiraKey, numberCopy } = await twins();
  world.jira.people.editIssue(jiraKey, { as: world.people.ben, summary: 'Ben says' });
  world.clock.advance(minuteMs);
  world.github.editIssue({ repository: world.repository, number: numberCopy, as: 'eli', title: 'Eli says later' });
  world.clock.advance(minuteMs);
  const cycle = await world.cycle();
  expect(cycle.result.conflicts).toHaveLength(1);
  expect(title(world, numberCopy)).toBe(world.jira.people.issue(jiraKey)?.summary);
  await expectQuiet(world);
});

test('attachments are copied both ways and their removal is followed', async () => {
  const { world, jiraKey, jiraCopy, number, numberCopy } = await twins();
  const log = world.jira.people.addAttachment(jiraKey, {
    name: 'server.log',
    bytes: Buffer.from('log text'),
    as: world.people.ann,
  });
  const url = world.github.uploadAsset({
    as: 'dana',
    name: 'plot.png',
    bytes: Buffer.from('picture bytes'),
    kind: 'image',
    repository: world.repository,
  });
  world.github.editIssue({ repository: world.repository, number, as: 'dana', body: `One.\n\n![plot](${url})\n\nTwo.\n` });
  const cycle = await world.cycle();
  expect(cycle.result.failures).toEqual([]);
  const branch = world.github.branches(world.repository).find((name) => name.startsWith('sallyport/')) ?? '';
  const files = (): [string, string][] =>
    [...(world.github.files(world.repository, branch) ?? [])]
      .map(([path, bytes]) => [path, Buffer.from(bytes).toString()] as [string, string])
      .filter(([path]) => path !== 'README.md');
  expect(files().map(([, text]) => text)).toEqual(['log text']);
  expect(body(world, numberCopy)).toContain('server.log');
  const attached = world.jira.people.issue(jiraCopy)?.attachments ?? [];
  expect(attached.map((file) => Buffer.from(file.bytes).toString())).toEqual(['picture bytes']);
  expect(JSON.stringify(world.jira.people.issue(jiraCopy)?.description)).toContain(
    world.jira.people.mediaIdOf(attached[0]?.id ?? ''),
  );
  await expectQuiet(world);
  world.jira.people.deleteAttachment(log.id, world.people.ann);
  world.github.editIssue({ repository: world.repository, number, as: 'dana', body: 'One.\n\nTwo.\n' });
  for (const pause of [dayMs, 11 * minuteMs, minuteMs]) {
    world.clock.advance(pause);
    await world.cycle();
  }
  expect(files()).toEqual([]);
  expect(body(world, numberCopy)).not.toContain('server.log');
  expect(world.jira.people.issue(jiraCopy)?.attachments).toEqual([]);
  await expectQuiet(world);
});

test('the removal of a whole issue removes nothing on the other side; the twin ends and is reported', async () => {
  const { world, jiraKey, number, numberCopy, jiraCopy } = await twins();
  world.jira.people.deleteIssue(jiraKey);
  await world.cycle();
  world.clock.advance(dayMs);
  await world.cycle();
  world.clock.advance(11 * minuteMs);
  const cycle = await world.cycle();
  expect(cycle.result.ended).toHaveLength(1);
  expect(title(world, numberCopy)).toBe('From Jira');
  world.github.deleteIssue({ repository: world.repository, number });
  world.clock.advance(dayMs);
  await world.cycle();
  world.clock.advance(11 * minuteMs);
  await world.cycle();
  expect(world.jira.people.issue(jiraCopy)?.summary).toBe('From GitHub');
  world.github.editIssue({ repository: world.repository, number: numberCopy, as: 'eli', title: 'Lives on alone' });
  world.states.clear();
  await world.cycle();
  await world.cycle();
  expect(world.jira.people.issues()).toHaveLength(1);
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
