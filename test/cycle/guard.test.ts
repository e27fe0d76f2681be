import { describe, expect, test } from 'vitest';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import { memberPermissions as dcPermissions } from '../../src/simulators/jira-dc/people.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

/** A connected world with one issue of Jira under sync, three comments, one file, and its copy. */
async function copied(options: Parameters<typeof createWorld>[0] = {}): Promise<{ world: World; key: string; copy: string }> {
  const world = createWorld(options);
  await world.connect();
  const { key } = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'Seen',
    labels: ['sync'],
  });
  for (const body of ['One.', 'Two.', 'Three.']) world.jira.people.addComment(key, { as: world.people.ann, body });
  world.jira.people.addAttachment(key, { as: world.people.ann, name: 'a.txt', bytes: Buffer.from('a') });
  await world.cycle();
  world.clock.advance(minuteMs);
  await world.cycle();
  return { world, key, copy: world.there.ids()[0] ?? '' };
}

/** Two cycles so far apart that what both do not see would count as removed. */
async function confirm(world: World, more: Parameters<World['cycle']>[0] = {}) {
  // Everything is read again: what somebody hides shows in no listing.
  world.clock.advance(2 * minuteMs);
  await world.cycle({ 'audit-period': '1m', ...more });
  world.clock.advance(11 * minuteMs);
  return world.cycle({ 'audit-period': '1m', ...more });
}

/** Puts all comments among a role that the connection's account does not have, and takes a permission from it. */
function loseRole(world: World, key: string): () => void {
  const { people } = world.jira;
  const comments = people.issue(key)?.comments ?? [];
  people.setRoles(world.people.sync, ['Users']);
  people.setPermissions(world.people.sync, memberPermissions);
  for (const { id } of comments)
    people.editComment(key, id, { as: world.people.ann, visibility: { type: 'role', value: 'Administrators' } });
  return () => {
    people.setRoles(world.people.sync, 'all');
    people.setPermissions(world.people.sync, [...memberPermissions, 'EDIT_ALL_COMMENTS']);
    for (const { id } of comments) people.editComment(key, id, { as: world.people.ann, visibility: null });
  };
}

test('a lost role stops removals, though the comment was open to everybody when it was last seen', async () => {
  const { world, key, copy } = await copied();
  const { people } = world.jira;
  const comments = people.issue(key)?.comments ?? [];
  people.setRoles(world.people.sync, ['Users']);
  const visibility = { type: 'role', value: 'Administrators' } as const;
  for (const { id } of comments) people.editComment(key, id, { as: world.people.ann, visibility });
  const guarded = await confirm(world);
  expect(guarded.result.guard).toMatch(/lost role Administrators, role Developers on the public side/);
  expect(world.there.comments(copy)).toHaveLength(3);
  people.setRoles(world.people.sync, 'all');
  const after = await confirm(world);
  expect(after.result.guard).toBeUndefined();
  expect(world.there.comments(copy)).toHaveLength(3);
  expect(world.violations()).toEqual([]);
});

test('what one issue seems to have lost stops no removals elsewhere once that issue is moved away', async () => {
  const { world, key, copy } = await copied();
  const { people } = world.jira;
  people.addProject({ key: 'ELSE', name: 'Elsewhere' });
  const { key: many } = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Many', labels: ['sync'] });
  for (let index = 0; index < 25; index += 1) people.addComment(many, { as: world.people.ann, body: `Said ${index}.` });
  world.clock.advance(minuteMs);
  await world.cycle();
  for (const { id } of people.issue(many)?.comments ?? [])
    people.editComment(many, id, { as: world.people.ann, visibility: { type: 'role', value: 'Administrators' } });
  people.setRoles(world.people.sync, ['Users']);
  expect((await confirm(world)).result.guard).toBeDefined();
  people.moveIssue(many, { as: world.people.ann, project: 'ELSE' });
  people.setRoles(world.people.sync, 'all');
  const [first] = people.issue(key)?.comments ?? [];
  people.deleteComment(key, first?.id ?? '');
  const after = await confirm(world);
  expect(after.result.guard).toBeUndefined();
  expect(world.there.comments(copy)).toHaveLength(2);
});

describe('a lost permission', () => {
  test('stops removals, by its name, and nothing goes; once it is back all goes on without a duplicate', async () => {
    const { world, key, copy } = await copied();
    const restore = loseRole(world, key);
    const guarded = await confirm(world);
    expect(guarded.result.guard).toMatch(
      /lost EDIT_ALL_COMMENTS, role Administrators, role Developers on the public side[^]*Grant it again/,
    );
    expect(world.there.comments(copy)).toHaveLength(3);
    restore();
    const after = await confirm(world);
    expect(after.result.guard).toBeUndefined();
    expect(world.there.comments(copy)).toHaveLength(3);
    expect(world.jira.people.issue(key)?.comments).toHaveLength(3);
  });

  test('that is meant is said so once, and is forgotten then', async () => {
    const { world, key, copy } = await copied();
    loseRole(world, key);
    expect((await confirm(world)).result.guard).toBeDefined();
    const meant = await world.cycle({ audit: 'full', 'max-removals': '20' });
    expect(meant.result.guard).toBeUndefined();
    expect(world.there.comments(copy)).toHaveLength(0);
    const [first] = world.jira.people.issue(key)?.attachments ?? [];
    world.jira.people.deleteAttachment(first?.id ?? '', world.people.ann);
    expect((await confirm(world)).result.guard).toBeUndefined();
  });

  test('on the private side stops them, too', async () => {
    const world = createWorld({ tracker: 'jira-dc' });
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'There' });
    const comment = world.there.addComment(id, { as: 'dana', text: 'A note.' });
    await world.cycle();
    const [copy] = world.jira.people.issues();
    world.there.removeComment(id, comment);
    world.dc.people.setPermissions('syncbot', dcPermissions);
    expect((await confirm(world)).result.guard).toMatch(/lost EDIT_ALL_COMMENTS on the private side/);
    expect(world.jira.people.issue(copy?.key ?? '')?.comments).toHaveLength(1);
    world.dc.people.setPermissions('syncbot', [...dcPermissions, 'EDIT_ALL_COMMENTS']);
    expect((await confirm(world)).result.guard).toBeUndefined();
    expect(world.jira.people.issue(copy?.key ?? '')?.comments).toHaveLength(0);
  });

  test('ends no twin, not even the only one of a connection', async () => {
    const { world, key, copy } = await copied();
    world.jira.people.deleteIssue(key);
    world.jira.people.setPermissions(world.people.sync, memberPermissions);
    const guarded = await confirm(world);
    expect(guarded.result.guard).toMatch(/lost EDIT_ALL_COMMENTS/);
    expect(guarded.result.ended).toEqual([]);
    expect(guarded.result.twins).toBe(1);
    expect(world.there.comments(copy)).toHaveLength(3);
  });

  test('costs no request where nothing is about to be removed', async () => {
    const { world } = await copied();
    world.clock.advance(20 * minuteMs);
    const seen: string[] = [];
    world.onRequest = (_index, request) => void seen.push(new URL(request.url).pathname);
    await world.cycle();
    expect(seen.filter((path) => path.includes('permissions'))).toEqual([]);
  });
});

test.each(['public', 'private'])(
  'nothing is asked for an issue that was moved away after a removal on the %s side',
  async (side) => {
    const { world, key, copy } = await copied();
    const { people } = world.jira;
    people.addProject({ key: 'ELSE', name: 'Elsewhere' });
    const note = world.there.addComment(copy, { as: 'dana', text: 'A note.' });
    await world.cycle();
    if (side === 'public') people.deleteComment(key, people.issue(key)?.comments[0]?.id ?? '');
    else world.there.removeComment(copy, note);
    world.clock.advance(2 * minuteMs);
    await world.cycle({ 'audit-period': '1m' });
    people.moveIssue(key, { as: world.people.ann, project: 'ELSE' });
    world.clock.advance(20 * minuteMs);
    await world.cycle();
    const seen: string[] = [];
    world.onRequest = (_index, request) => void seen.push(new URL(request.url).pathname);
    await world.cycle();
    expect(seen.filter((path) => path.includes('permissions'))).toEqual([]);
  },
);

test('an issue behind a security level that the account lost is not taken for removed, and goes on when it is back', async () => {
  const { world } = await copied();
  const { people } = world.jira;
  const members = [world.people.ann, world.people.sync];
  const issue = people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'For some',
    labels: ['sync'],
    security: { name: 'Staff', members },
  });
  await world.cycle();
  const copies = world.there.ids();
  people.setSecurity(issue.key, { name: 'Staff', members: [world.people.ann] });
  const hidden = await confirm(world);
  expect(hidden.result.ended).toEqual([]);
  expect(hidden.result.held.map(({ reason }) => reason).join()).toMatch(/security level/);
  people.setSecurity(issue.key, { name: 'Staff', members });
  people.editIssue(issue.key, { as: world.people.ann, summary: 'For some, edited' });
  world.clock.advance(11 * minuteMs);
  await world.cycle();
  expect(world.there.ids()).toEqual(copies);
  expect(copies.map((id) => world.there.summary(id))).toContain('For some, edited');
});

test('a repository that answers 404, a search that answers nothing and a branch that cannot be read remove nothing', async () => {
  const { world, key, copy } = await copied();
  const file = world.there.storedFiles();
  world.github.setPermissions({ repository: world.repository, login: 'syncbot', permission: 'none' });
  await expect(world.cycle({ 'audit-period': '1m' })).rejects.toMatchObject({ kind: 'permission' });
  world.clock.advance(11 * minuteMs);
  await expect(world.cycle({ 'audit-period': '1m' })).rejects.toMatchObject({ kind: 'permission' });
  world.github.setPermissions({ repository: world.repository, login: 'syncbot', permission: 'write' });
  world.jira.people.setPermissions(world.people.sync, []);
  await expect(confirm(world)).rejects.toMatchObject({ kind: 'permission' });
  world.jira.people.setPermissions(world.people.sync, [...memberPermissions, 'EDIT_ALL_COMMENTS']);
  const after = await confirm(world);
  expect(after.result.guard).toBeUndefined();
  expect(after.result.ended).toEqual([]);
  expect(world.there.comments(copy)).toHaveLength(3);
  expect(world.there.storedFiles()).toEqual(file);
  expect(world.jira.people.issue(key)?.comments).toHaveLength(3);
});

test('another trigger removes nothing: what is under sync stays so', async () => {
  const { world, key, copy } = await copied();
  const narrowed = { 'public-trigger': 'labels = other', 'private-trigger': 'other' };
  const changed = await confirm(world, narrowed);
  expect(changed.result.guard).toBeUndefined();
  expect(changed.result.ended).toEqual([]);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Still in step' });
  await world.cycle(narrowed);
  expect(world.there.summary(copy)).toBe('Still in step');
});
