import { describe, expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { decodeInvitation } from '../../src/invitation/decode-invitation.ts';
import { verifyStamp } from '../../src/core/stamp.ts';
import { isCommentEdit } from './comment-edit.ts';
import { documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import type { PrivateKind, World } from './world.ts';
import { createWorld } from './world.ts';

const kinds: readonly PrivateKind[] = ['github', 'jira-dc'];

type Reissued = Extract<Outcome, { kind: 'reissued' }>;

async function reissue(world: World, more: RawInputs = {}): Promise<Reissued> {
  const outcome = await world.run({ operation: 'reissue', unsealed: 'true', ...world.inputs, ...more });
  if (outcome.kind !== 'reissued') throw new Error(`it ended ${outcome.kind}`);
  return outcome;
}

/** A sync with the inputs of now. */
async function sync(world: World, inputs = world.inputs) {
  const outcome = await world.run({ operation: 'sync', ...inputs });
  if (outcome.kind !== 'synced' || outcome.cycles[0] === undefined) throw new Error('no cycle');
  return outcome.cycles[0];
}

async function livedIn(kind: PrivateKind): Promise<World> {
  const world = createWorld({ tracker: kind });
  await world.connect();
  for (let index = 1; index <= 3; index += 1)
    world.jira.people.createIssue({
      project: 'ACME',
      as: world.people.ann,
      summary: `Issue ${index}`,
      description: 'Text.',
      labels: ['sync'],
      comments: [{ as: world.people.ben, body: 'A comment.' }],
    });
  const id = world.there.create({ as: 'dana', summary: 'From there' });
  world.there.addComment(id, { as: 'eli', text: 'Another.' });
  await sync(world);
  world.clock.advance(20 * 60_000);
  await sync(world);
  return world;
}

/** Key ids of all stamps on issues and on comments of the connection's account. */
function keyIds(world: World): readonly string[] {
  const all = JSON.stringify([
    world.jira.people.issues(),
    // Not their history, which keeps what stood there.
    world.github.issues('acme/app').map(({ body, comments }) => [body, comments.map((comment) => comment.body)]),
    world.dc.people
      .issues()
      .map((issue) => [...issue.properties.values(), ...issue.comments.map((comment) => [...comment.properties.values()])]),
  ]);
  const code = world.inputs['invitation-code'] ?? '';
  const { keyId, secret, connectionId, previousKey } = decodeInvitation(code, {});
  const keys = [{ id: keyId, secret: Buffer.from(secret, 'base64url') }];
  const previous =
    previousKey === undefined ? [] : [{ id: previousKey.keyId, secret: Buffer.from(previousKey.secret, 'base64url') }];
  return [...new Set([...all.matchAll(/[A-Za-z0-9_-]{60,}\.[A-Za-z0-9_-]{22}/g)].map(([token]) => token))].map((token) =>
    verifyStamp(token, keys, connectionId).kind === 'valid'
      ? 'new'
      : verifyStamp(token, previous, connectionId).kind === 'valid'
        ? 'previous'
        : 'unknown',
  );
}

function withCode(world: World, outcome: Reissued): RawInputs {
  const { code } = outcome;
  if (code === undefined) throw new Error('no code');
  return { ...world.inputs, 'invitation-code': code };
}

describe.each(kinds)('reissue of an accepted connection, with %s', (kind) => {
  test('the new code goes on with the same twins, and the code before is good until it has run', async () => {
    const world = await livedIn(kind);
    const plan = await reissue(world, { 'dry-run': 'true' });
    expect(plan).toMatchObject({ dryRun: true, code: undefined, stage: 'begun' });
    const old = world.inputs;
    const begun = await reissue(world);
    expect(begun.stage).toBe('begun');
    // The scheduled runner still has the code before.
    expect((await sync(world, old)).result).toMatchObject({ start: 'resumed', twins: 4, failures: [] });
    world.inputs = withCode(world, begun);
    const first = await sync(world);
    // The state that the key before sealed is opened by it.
    expect(first.result).toMatchObject({ start: 'resumed', twins: 4, changes: [], ignoredStamps: 0 });
    await expect(sync(world, old)).rejects.toThrow(/it was replaced by a newer one for the connection/);
    world.clock.advance(60_000);
    const [issue] = world.jira.people.issues();
    world.jira.people.editIssue(issue?.key ?? '', { as: world.people.ann, summary: 'Edited' });
    expect((await sync(world)).result.changes).toHaveLength(1);
    world.states.clear();
    world.clock.advance(20 * 60_000);
    expect((await sync(world)).result).toMatchObject({ start: 'rebuilt', twins: 4, ignoredStamps: 0 });
    expect(world.there.ids()).toHaveLength(4);
    expect(new Set(keyIds(world))).toEqual(new Set(['new', 'previous']));
    expect(world.violations()).toEqual([]);
  });

  test('finish signs every stamp anew, drops the key before, and the code that it gives holds it no more', async () => {
    const world = await livedIn(kind);
    world.inputs = withCode(world, await reissue(world));
    const stamps = keyIds(world);
    expect(new Set(stamps)).toEqual(new Set(['previous']));
    expect(stamps.length).toBeGreaterThanOrEqual(8);
    await expect(reissue(world)).rejects.toThrow(/A reissue of this connection is not finished/);
    const plan = await reissue(world, { finish: 'true', 'dry-run': 'true' });
    expect(plan).toMatchObject({ dryRun: true, left: 7, code: undefined });
    expect(world.logs.filter((line) => line.includes('Stamps signed anew'))).toEqual([]);
    expect(world.logs).toContain('Stamps that would be signed anew on the public side: looked at 4 of 4 issues');
    expect(new Set(keyIds(world))).toEqual(new Set(['previous']));
    const part = await reissue(world, { finish: 'true', 'max-changes': '3' });
    expect(part).toMatchObject({ stage: 'unfinished', code: undefined, failures: [] });
    expect(part.left).toBeGreaterThan(0);
    expect(new Set(keyIds(world))).toEqual(new Set(['previous', 'new']));
    const finished = await reissue(world, { finish: 'true' });
    expect(finished).toMatchObject({ stage: 'finished', left: 0, failures: [] });
    expect(new Set(keyIds(world))).toEqual(new Set(['new']));
    expect(keyIds(world)).toHaveLength(stamps.length);
    expect(JSON.stringify(world.jira.people.userProperties(world.people.sync))).not.toContain('previousSecretHash');
    const before = world.inputs;
    world.inputs = withCode(world, finished);
    expect(decodeInvitation(world.inputs['invitation-code'] ?? '', {}).previousKey).toBeUndefined();
    world.clock.advance(20 * 60_000);
    expect((await sync(world)).result).toMatchObject({ start: 'resumed', twins: 4, changes: [] });
    const quiet = await sync(world);
    expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
    // The code with the key before in it goes on, too; a rebuild needs only the new key.
    expect((await sync(world, before)).result.twins).toBe(4);
    world.states.clear();
    expect((await sync(world)).result).toMatchObject({ start: 'rebuilt', twins: 4, ignoredStamps: 0, changes: [] });
    await expect(reissue(world, { finish: 'true' })).rejects.toThrow(/No reissue of this connection is under way/);
    expect(world.violations()).toEqual([]);
  });

  test('finish is run again to the same end after it died at any request', async () => {
    for (let killAt = 2; killAt <= 70; killAt += 4) {
      const world = await livedIn(kind);
      world.inputs = withCode(world, await reissue(world));
      world.killAt = killAt;
      await reissue(world, { finish: 'true' }).catch(() => undefined);
      world.killAt = undefined;
      world.clock.advance(10 * 60_000);
      const again = await reissue(world, { finish: 'true' }).catch((error: unknown) => error);
      if (again instanceof Error)
        expect(again.message, `killed at ${killAt}`).toMatch(/No reissue of this connection is under way/);
      else expect(again, `killed at ${killAt}`).toMatchObject({ stage: 'finished', left: 0 });
      expect(new Set(keyIds(world)), `killed at ${killAt}`).toEqual(new Set(['new']));
      world.clock.advance(20 * 60_000);
      expect((await sync(world)).result, `killed at ${killAt}`).toMatchObject({ twins: 4, failures: [] });
      expect(world.there.ids(), `killed at ${killAt}`).toHaveLength(4);
    }
  }, 120_000);
});

test('a new code that got lost before it ran is replaced by giving the one before again', async () => {
  const world = await livedIn('github');
  const lost = await reissue(world);
  const found = await reissue(world);
  world.inputs = withCode(world, found);
  expect((await sync(world)).result).toMatchObject({ start: 'resumed', twins: 4 });
  await expect(sync(world, withCode(world, lost))).rejects.toThrow(/it was replaced by a newer one/);
  expect(await reissue(world, { finish: 'true' })).toMatchObject({ stage: 'finished' });
  expect(new Set(keyIds(world))).toEqual(new Set(['new']));
});

test('the code before cannot make copies again that the new one made, even where that run died', async () => {
  const world = await livedIn('github');
  const old = world.inputs;
  world.inputs = withCode(world, await reissue(world));
  world.there.create({ as: 'dana', summary: 'Made while a run died' });
  for (let killAt = 3; killAt < 30; killAt += 3) {
    world.killAt = killAt;
    await sync(world).catch(() => undefined);
    world.killAt = undefined;
    world.clock.advance(10 * 60_000);
    await sync(world, old).catch(() => undefined);
    world.clock.advance(10 * 60_000);
  }
  await sync(world);
  expect(world.jira.people.issues().filter((issue) => issue.summary === 'Made while a run died')).toHaveLength(1);
});

test('of a Pending connection the code before dies at once, and the new one holds no key before', async () => {
  const world = createWorld();
  const initiated = await world.run({
    operation: 'initiate',
    'jira-url': 'https://acme.atlassian.net',
    'jira-project': 'ACME',
    'jira-email': 'sync@example.org',
    'jira-token': 'jira-token-for-tests',
    unsealed: 'true',
  });
  if (initiated.kind !== 'initiated' || initiated.code === undefined) throw new Error('no code');
  const old = { 'invitation-code': initiated.code, state: 'memory' };
  world.inputs = old;
  const outcome = await reissue(world);
  expect(outcome).toMatchObject({ stage: 'replaced', card: { status: 'Pending' } });
  world.inputs = withCode(world, outcome);
  expect(decodeInvitation(outcome.code ?? '', {}).previousKey).toBeUndefined();
  await expect(sync(world, old)).rejects.toThrow(/it was replaced by a newer one/);
  expect((await sync(world)).result.failures).toEqual([]);
});

test('a sealed code is sealed with the same passphrase again, and credentials are those given', async () => {
  const world = await livedIn('github');
  const passphrase = 'a passphrase of some length';
  const outcome = await reissue(world, {
    unsealed: 'false',
    passphrase,
    'jira-email': 'sync@example.org',
    'jira-token': 'jira-token-for-tests',
  });
  expect(outcome).toMatchObject({ passphrase: undefined, code: expect.stringMatching(/^sallyport1s\./) });
  expect(decodeInvitation(outcome.code ?? '', { passphrase }).credentials?.token).toBe('jira-token-for-tests');
});

test('an edit of a comment on Jira stands that a person makes while the comments before it are signed anew', async () => {
  const world = createWorld();
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'From there' });
  for (let index = 1; index <= 4; index += 1) world.there.addComment(id, { as: 'eli', text: `Comment ${index}.` });
  await rounds(world, 2);
  world.inputs = withCode(world, await reissue(world));
  world.clock.advance(20 * 60_000);
  await sync(world);
  const key = world.jira.people.issues()[0]?.key ?? '';
  const comments = () => world.jira.people.issue(key)?.comments ?? [];
  const body = documentOf(paragraph('eli commented:'), paragraph('What Ben wrote'));
  let edits = 0;
  world.onRequest = (_, request) => {
    if (!isCommentEdit(request) || !request.url.includes('atlassian')) return;
    edits += 1;
    if (edits === 2) world.jira.people.editComment(key, comments().at(-1)?.id ?? '', { as: world.people.ben, body });
  };
  world.clock.advance(20 * 60_000);
  expect(await reissue(world, { finish: 'true' })).toMatchObject({ stage: 'finished', failures: [] });
  world.onRequest = undefined;
  expect(edits).toBe(4);
  expect(new Set(keyIds(world))).toEqual(new Set(['new']));
  expect(comments().at(-1)?.text).toContain('What Ben wrote');
  // An edit of a comment alone does not touch its issue on Jira: the audit finds it.
  world.clock.advance(20 * 60_000);
  await sync(world, { ...world.inputs, audit: 'full' });
  expect(world.there.comments(id).at(-1)?.text).toContain('What Ben wrote');
});
