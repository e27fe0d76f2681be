import { expect, test } from 'vitest';
import type { Neutral } from '../../../src/content/neutral.ts';
import { kindOf, messageOf } from '../../../src/errors.ts';
import { privateJql } from '../../../src/sides/jira-dc/private-jql.ts';
import type { Opened } from './open-side.ts';
import { openSide } from './open-side.ts';

const says = (text: string): Neutral => ({
  type: 'root',
  children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }],
});

async function issueOf(side: Opened, id: string) {
  const loaded = (await side.reader.load([id], 'work')).get(id);
  if (loaded?.kind !== 'present') throw new Error(`${id} is ${JSON.stringify(loaded)}`);
  return loaded.issue;
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("keeps a comment's visibility when its copy is edited on the other side", async () => {
  const side = openSide();
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  side.people.addComment(id, { as: 'ada', body: 'For administrators.', role: 'Administrators' });
  const [comment] = (await issueOf(side, id)).comments;
  expect(comment?.restricted).toBe(true);
  await side.writer.editComment(id, comment!, { body: says('Corrected.'), marks: [], isOrigin: true });
  expect(side.people.issue(id)?.comments[0]).toMatchObject({
    body: 'Corrected.',
    visibility: { type: 'role', value: 'Administrators' },
  });
  expect(side.violations).toEqual([]);
});

test('writes no comment that a person has edited since it was read (I3)', async () => {
  const side = openSide();
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  const { id: commentId } = side.people.addComment(id, { as: 'ada', body: 'As it was read.' });
  const [comment] = (await issueOf(side, id)).comments;
  side.people.editComment(id, { id: commentId, body: 'As a person left it.' });
  const error = await thrownBy(side.writer.editComment(id, comment!, { body: says('Carried.'), marks: [], isOrigin: true }));
  expect(error).toMatchObject({ kind: 'passing' });
  expect(side.people.issue(id)?.comments[0]?.body).toBe('As a person left it.');
});

test('reads the marks of its own comments one by one where the server does not expand properties', async () => {
  const side = openSide({ expandsCommentProperties: false });
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  await side.writer.createComment(id, { body: says('Copied'), marks: ['s1.c'] });
  expect((await issueOf(side, id)).comments[0]?.marks).toEqual(['s1.c']);
  expect(side.seen.filter((name) => name.includes('/properties/'))).toHaveLength(1);
});

test('reaches attachments by its own address where the server knows itself by another one', async () => {
  const side = openSide({ baseUrl: 'https://jira-internal.corp.example:8443/jira' });
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  const file = side.people.addAttachment(id, { as: 'ada', name: 'plan b.txt', bytes: Buffer.from('plan') });
  const { stream } = await side.reader.openAttachment(id, file.id);
  expect(await new Response(stream).text()).toBe('plan');
});

test('says that the token is not taken where a file answers with the log-in page', async () => {
  const side = openSide();
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  const file = side.people.addAttachment(id, { as: 'ada', name: 'a.txt', bytes: Buffer.from('a') });
  side.fail(/\/secure\/attachment\//, { kind: 'status', status: 302 });
  const error = await thrownBy(side.reader.openAttachment(id, file.id));
  expect(kindOf(error)).toBe('permission');
  expect(messageOf(error)).toContain('log-in page');
});

test('shows mentions as names, asking for each once, and keeps a name that nobody has', async () => {
  const side = openSide();
  const description = 'Ask [~ada] or [~ada] or [~nobody].';
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine', description });
  const text = JSON.stringify((await issueOf(side, id)).description.root);
  expect(text).toContain('Ada Byron');
  expect(text).toContain('nobody');
  await issueOf(side, id);
  expect(side.seen.filter((name) => name.endsWith('/api/2/user'))).toHaveLength(2);
});

test('finds a copy that the index does not know yet by its key', async () => {
  const side = openSide({ indexLagMs: 10 * 60_000 });
  const mark = await side.reader.creations!.mark();
  const draft = { summary: 'Copy', description: says('Hello'), type: 'Bug', marks: ['s1.x'], files: [] };
  const [made] = await side.writer.createIssues([draft]);
  expect((await side.reader.listOwn('work')).marked).toEqual([]);
  const found = await side.reader.creations!.markedSince(mark);
  expect(found.map((issue) => issue.id)).toEqual([made?.kind === 'created' ? made.id : '']);
});

test('tells what an edit replaced, as wiki markup', async () => {
  const side = openSide();
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine', description: '*one*' });
  side.clock.advance(1_000);
  side.people.editIssue(id, { as: 'ada', description: '*two*' });
  const request = { issues: [{ id, commentIds: [] }], since: 0, purpose: 'work' as const };
  expect((await side.reader.history(request)).get(id)).toMatchObject([
    { kind: 'description', before: '*one*', after: '*two*', byConnection: false, form: 'native' },
  ]);
});

test('an issue that moved to another project is told as moved', async () => {
  const side = openSide();
  side.people.addProject({ key: 'ELSE', name: 'Elsewhere' });
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  side.people.moveIssue(id, 'ELSE');
  expect((await side.reader.load([id], 'work')).get(id)).toEqual({ kind: 'moved', to: 'ELSE-1' });
});

test('waits out the budget of requests that an administrator has set', async () => {
  const side = openSide({ limits: { requestBudget: 3 } });
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine' });
  for (let round = 0; round < 5; round += 1) expect((await issueOf(side, id)).summary).toBe('Mine');
});

test('accept names the permissions that are missing', async () => {
  const side = openSide();
  expect((await side.inspect()).checks.map((check) => check.outcome)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
  side.people.setPermissions('sync', ['BROWSE_PROJECTS', 'CREATE_ISSUES']);
  const failed = (await side.inspect()).checks.filter((check) => check.outcome === 'failed');
  expect(failed.map((check) => check.detail)).toEqual([
    'Sync lacks in ABC: Edit Issues, Add Comments, Edit Own Comments, Delete Own Comments, Create Attachments, Delete Own Attachments',
  ]);
});

test.each([
  ['*', ''],
  ['sync', 'labels in ("sync")'],
  ['sync, to-cloud', 'labels in ("sync", "to-cloud")'],
  ['type = Bug AND labels = sync', 'type = Bug AND labels = sync'],
])('reads the trigger %s as JQL', (trigger, jql) => {
  expect(privateJql(trigger)).toBe(jql);
});

test('refuses a trigger that would reach beyond the project', () => {
  expect(() => privateJql('labels = a) OR (labels = b')).toThrow(/parentheses/);
});

test('an edit in the same second as the one that was read before it is listed', async () => {
  const side = openSide();
  const { id } = side.people.createIssue({ project: 'ABC', as: 'ada', summary: 'Mine', labels: ['sync'] });
  const { version } = await issueOf(side, id);
  side.clock.advance(100);
  side.people.editIssue(id, { as: 'ada', summary: 'Mine, at once' });
  side.clock.advance(60_000);
  const observed = await side.reader.observe({
    cursor: undefined,
    since: side.clock.now() - 3_600_000,
    knownVersion: () => version,
    isTwinned: () => true,
  });
  expect(observed.touched.map((entry) => entry.id)).toEqual([id]);
});
