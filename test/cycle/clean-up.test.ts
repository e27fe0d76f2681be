import { describe, expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import type { PrivateKind, World } from './world.ts';
import { createWorld } from './world.ts';

const kinds: readonly PrivateKind[] = ['github', 'jira-dc'];

type Cleaned = Extract<Outcome, { kind: 'cleaned' }>;

async function cleanUp(world: World, more: RawInputs = {}): Promise<Cleaned> {
  const outcome = await world.run({ operation: 'clean-up', confirm: 'true', ...world.inputs, ...more });
  if (outcome.kind !== 'cleaned') throw new Error(`it ended ${outcome.kind}`);
  return outcome;
}

/** Everything that the connection leaves on a twin: copies, edits of both sides, a file, an unlinked and a connected pair. */
async function livedIn(kind: PrivateKind): Promise<World> {
  const world = createWorld({ tracker: kind });
  await world.connect();
  const { ann, ben } = world.people;
  const { key } = world.jira.people.createIssue({
    project: 'ACME',
    as: ann,
    summary: 'From Jira',
    description: 'First.',
    labels: ['sync'],
    comments: [{ as: ben, body: 'A comment of Ben.' }],
  });
  world.jira.people.addAttachment(key, { as: ann, name: 'notes.txt', bytes: Buffer.from('notes') });
  const id = world.there.create({ as: 'dana', summary: 'From there', text: 'Second.' });
  world.there.addComment(id, { as: 'eli', text: 'A comment of Eli.' });
  await world.cycle();
  world.clock.advance(60_000);
  // The runner edits people's own issues and comments, which then carry its stamps.
  const copy = world.there.ids().find((one) => one !== id) ?? '';
  const [comment] = world.there.comments(copy);
  world.there.edit(copy, { as: 'dana', summary: 'From Jira, edited there' });
  if (comment !== undefined)
    world.there.editComment(copy, { id: comment.id, as: 'dana', text: comment.text.replace('of Ben', 'of Ben, edited') });
  const back = world.jira.people.issues().find((issue) => issue.summary === 'From there');
  world.jira.people.editIssue(back?.key ?? '', { as: ann, summary: 'From there, edited here' });
  world.clock.advance(20 * 60_000);
  await world.cycle({ audit: 'full' });
  const other = world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'Unlinked', labels: ['sync'] });
  await world.cycle();
  await world.cycle({ operation: 'unlink', issues: other.key });
  return world;
}

/** What either tracker holds that is Sallyport's: marks in texts, properties, the record. */
function traces(world: World): readonly string[] {
  const found: string[] = [];
  const look = (where: string, value: unknown): void => {
    if (/sallyport[.:-]/i.test(JSON.stringify(value) ?? '')) found.push(where);
  };
  for (const issue of world.jira.people.issues()) {
    look(`${issue.key} properties`, issue.properties);
    look(`${issue.key} text`, [issue.summary, issue.descriptionText]);
    for (const comment of issue.comments) look(`${issue.key} comment`, [comment.properties, comment.text]);
  }
  for (const issue of world.github.issues('acme/app')) {
    // A link to a file leads to the connection's branch, which stays so that copies stay readable.
    const text = (body: string): string => body.replaceAll(/\]\([^)]*\)/g, '');
    look(`#${issue.number} text`, text(issue.body ?? ''));
    for (const comment of issue.comments) look(`#${issue.number} comment`, text(comment.body));
  }
  for (const issue of world.dc.people.issues()) {
    look(`${issue.key} properties`, Object.fromEntries(issue.properties));
    look(`${issue.key} text`, [issue.summary, issue.description]);
    for (const comment of issue.comments) look(`${issue.key} comment`, [Object.fromEntries(comment.properties), comment.body]);
  }
  look('record', Object.keys(world.jira.people.userProperties(world.people.sync)));
  return found;
}

function contents(world: World): unknown {
  return {
    jira: world.jira.people.issues().map(({ summary, comments, attachments }) => ({
      summary,
      comments: comments.map(({ text }) => text),
      attachments: attachments.map(({ name }) => name),
    })),
    there: world.there.ids().map((id) => ({ summary: world.there.summary(id), comments: world.there.comments(id).length })),
    files: world.there.storedFiles(),
  };
}

describe.each(kinds)('clean-up, with %s', (kind) => {
  test('takes every stamp off both sides and the record away, leaves issues, comments and files, and writes the twin map', async () => {
    const world = await livedIn(kind);
    expect(traces(world).length).toBeGreaterThan(8);
    const before = contents(world);
    const plan = await cleanUp(world, { 'dry-run': 'true', confirm: 'false' });
    expect(plan).toMatchObject({ dryRun: true, twins: 3, writes: 0, card: { status: 'Active' }, mapPath: undefined });
    expect(world.files.size).toBe(0);
    const stamped = traces(world);
    const outcome = await cleanUp(world);
    expect(stamped.length).toBeGreaterThan(8);
    expect(outcome).toMatchObject({ failures: [], remaining: 0, twins: 3, card: { status: 'Removed' } });
    expect(traces(world)).toEqual([]);
    expect(contents(world)).toEqual(before);
    const csv = world.files.get(outcome.mapPath ?? '') ?? '';
    const rows = csv.trimEnd().split('\r\n');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^public_id,private_id,public_key/);
    expect(csv).toContain('"From Jira, edited there"');
    expect(csv).toContain(',public,in sync,1,1,');
    const [, , publicKey, privateKey, publicUrl, privateUrl] = (rows.find((row) => row.includes(',ended,')) ?? '').split(',');
    expect(publicKey).toBe(world.jira.people.issues().find(({ summary }) => summary === 'Unlinked')?.key);
    expect(privateKey).toMatch(/\d$/);
    expect(publicUrl).toContain(`/browse/${publicKey}`);
    expect(privateUrl).toMatch(/^https?:/);
    expect(world.violations()).toEqual([]);
    // Nothing is left to be synced, and nothing left to be cleaned.
    await expect(world.cycle()).rejects.toThrow(/the connection was removed/);
    expect(await cleanUp(world)).toMatchObject({ card: { status: 'Removed' }, twins: 0, writes: 0 });
  });

  test('interrupted after any request it is run again to the same end', async () => {
    const whole = await livedIn(kind);
    await cleanUp(whole);
    const requests = whole.requests;
    const before = contents(whole);
    for (let killAt = 1; killAt <= requests; killAt += 3) {
      const world = await livedIn(kind);
      world.killAt = killAt;
      await cleanUp(world).catch(() => undefined);
      world.killAt = undefined;
      world.clock.advance(10 * 60_000);
      expect(await cleanUp(world), `killed at ${killAt}`).toMatchObject({ card: { status: 'Removed' }, failures: [] });
      expect(traces(world), `killed at ${killAt}`).toEqual([]);
      expect(contents(world), `killed at ${killAt}`).toEqual(before);
      const rows = [...world.files.values()].join('').trimEnd().split('\r\n');
      expect(rows, `killed at ${killAt}`).toHaveLength(4);
    }
  }, 240_000);
});

test('a connection that is being removed syncs no more, is neither paused nor resumed, and goes on being removed', async () => {
  const world = await livedIn('github');
  const [issue] = world.jira.people.issues();
  world.rewrite = async (request) =>
    request.method === 'DELETE' && request.url.includes(`/issue/${issue?.id}/properties/`)
      ? new Request(request.url, { method: 'DELETE', headers: { authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' } })
      : request;
  await expect(cleanUp(world)).rejects.toThrow();
  world.rewrite = undefined;
  const status = await world.run({ operation: 'status', ...world.inputs });
  expect(status).toMatchObject({ kind: 'status', card: { status: 'Removing' } });
  await expect(world.cycle()).rejects.toMatchObject({
    kind: 'inactive',
    message: expect.stringMatching(/is being removed: a clean-up has begun and can only be finished.*Run clean-up again/),
  });
  await expect(world.switchTo('activate')).rejects.toThrow(/is being removed/);
  expect(await cleanUp(world)).toMatchObject({ card: { status: 'Removed' } });
  expect(traces(world)).toEqual([]);
});

test('what is out of sight is told, and what is refused is reported and keeps the connection Removing until it is done', async () => {
  const world = await livedIn('github');
  const { sync, ann } = world.people;
  const [issue] = world.jira.people.issues();
  world.jira.people.setSecurity(issue?.key ?? '', { name: 'Staff', members: [ann] });
  world.jira.people.setPermissions(sync, ['BROWSE_PROJECTS', 'EDIT_ALL_COMMENTS']);
  const outcome = await cleanUp(world);
  expect(outcome).toMatchObject({ card: { status: 'Removing' }, unseen: 1, remaining: 0 });
  expect(outcome.failures).toHaveLength(2);
  expect(outcome.failures[0]?.next).toMatch(/Run clean-up again/);
  world.jira.people.setPermissions(sync, [...memberPermissions, 'EDIT_ALL_COMMENTS']);
  expect(await cleanUp(world)).toMatchObject({ card: { status: 'Removed' }, unseen: 1, failures: [] });
});

test('a clean-up wants a confirmation, and a time budget of nothing leaves all for the next run', async () => {
  const world = await livedIn('github');
  await expect(cleanUp(world, { confirm: 'false' })).rejects.toThrow(/confirm is missing: clean-up ends the connection for good/);
  const outcome = await cleanUp(world, { 'time-budget': '0' });
  expect(outcome).toMatchObject({ card: { status: 'Removing' }, remaining: 3, writes: 0 });
  expect(await cleanUp(world)).toMatchObject({ card: { status: 'Removed' }, remaining: 0 });
});

test('a Pending connection has nothing but its record', async () => {
  const world = createWorld();
  const outcome = await world.run({
    operation: 'initiate',
    'jira-url': 'https://acme.atlassian.net',
    'jira-project': 'ACME',
    'jira-email': 'sync@example.org',
    'jira-token': 'jira-token-for-tests',
    unsealed: 'true',
  });
  if (outcome.kind !== 'initiated') throw new Error('no code');
  world.inputs = { 'invitation-code': outcome.code ?? '', state: 'memory' };
  expect(traces(world)).toEqual(['record']);
  expect(await cleanUp(world)).toMatchObject({ card: { status: 'Removed' }, twins: 0 });
  expect(traces(world)).toEqual([]);
});

describe.each<PrivateKind>(['github', 'redmine'])('clean-up of comments whose marks are in their texts, with %s', (tracker) => {
  test('keeps what a person writes into, or takes away of, a comment while the marks go off the others', async () => {
    const world = createWorld({ tracker });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    for (let index = 1; index <= 4; index += 1)
      world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph(`Comment ${index}.`)) });
    await rounds(world, 2);
    let edits = 0;
    world.onRequest = (_, request) => {
      if (!isCommentEdit(request)) return;
      edits += 1;
      if (edits !== 1) return;
      const [, , third, last] = world.there.comments(id);
      if (third === undefined || last === undefined) throw new Error('no comments');
      world.there.removeComment(id, third.id);
      world.there.editComment(id, { id: last.id, as: 'dana', text: last.text.replace('Comment 4.', 'What Dana wrote') });
    };
    expect(await cleanUp(world)).toMatchObject({ card: { status: 'Removed' }, failures: [] });
    expect(edits).toBe(3);
    const texts = world.there.comments(id).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts.at(-1)).toContain('What Dana wrote');
    expect(texts.join('\n')).not.toContain('sallyport:');
  });
});
