import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld, Killed } from './world.ts';
import type { PrivateKind } from './world.ts';

const minuteMs = 60_000;

test('what somebody writes into a copy between its reading and its removal, with requests between them, is told', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('To go')) });
  const other = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Other', labels: ['sync'] });
  await rounds(world, 2);
  const copy = world.there.comments(id)[0]!;
  world.jira.people.deleteComment(key, comment.id);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  expect(world.there.comments(id)).toHaveLength(1);
  world.clock.advance(20 * minuteMs);
  // Work on another twin of the same cycle, which takes its time.
  world.jira.people.editIssue(other.key, { as: world.people.ben, summary: 'Other, edited' });
  let isDone = false;
  world.onRequest = (_, { url }) => {
    if (!isDone && url.includes('/mypermissions')) {
      isDone = true;
      world.there.editComment(id, { id: copy.id, as: 'dana', text: `${copy.text}\n\nWhat Dana found out` });
      world.clock.advance(minuteMs);
    }
  };
  const { result } = await world.cycle();
  expect(isDone).toBe(true);
  expect(world.there.comments(id)).toHaveLength(0);
  expect(result.conflicts).toMatchObject([{ field: 'comment', outcome: 'public' }]);
});

for (const how of ['answered', 'lost'] as const)
  test(`a comment that was out of sight for a while, so that its copy went, crosses again (${how})`, async () => {
    let isLost = false;
    const isRemoval = ({ method, url }: { method: string; url: string }) =>
      method === 'DELETE' && /\/comments?\/\d+$/.test(new URL(url).pathname);
    const faults = (request: { method: string; url: string }) =>
      isLost && isRemoval(request) ? { kind: 'lost-after' as const } : undefined;
    const world = createWorld({ github: { faults } });
    world.jira.people.setRoles(world.people.sync, ['Administrators']);
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Report')) });
    await rounds(world, 2);
    const touch = () => world.jira.people.editIssue(key, { as: world.people.ben, summary: `Title ${world.clock.now()}` });
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, visibility: { type: 'role', value: 'Secret role' } });
    touch();
    await rounds(world, 1);
    isLost = how === 'lost';
    await rounds(world, 1);
    isLost = false;
    expect(world.there.comments(id)).toHaveLength(0);
    await rounds(world, 3);
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, visibility: null });
    touch();
    await rounds(world, 3, { audit: 'full' });
    expect(world.there.comments(id).map(({ text }) => text)).toEqual([expect.stringContaining('Report')]);
  });

for (const how of ['answered', 'lost', 'died'] as const)
  test(`a file that is taken out of a comment on GitHub and put back later is copied again (${how})`, async () => {
    let isLost = false;
    const isRemoval = ({ method, url }: { method: string; url: string }) =>
      method === 'DELETE' && /\/attachment\/\d+$/.test(new URL(url).pathname);
    const world = createWorld({
      jira: { faults: (request) => (isLost && isRemoval(request) ? { kind: 'lost-after' as const } : undefined) },
    });
    await world.connect();
    const { repository } = world;
    const url = world.github.uploadAsset({ as: 'dana', name: 'plan.txt', bytes: Buffer.from('plan'), kind: 'file', repository });
    const text = `First.\n\n[plan.txt](${url})\n\nLast.`;
    const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
    const comment = world.there.addComment(id, { as: 'dana', text });
    await rounds(world, 2);
    const files = () => world.jira.people.issues()[0]?.attachments.map(({ name }) => name);
    expect(files()).toEqual(['plan.txt']);
    world.there.editComment(id, { id: comment, as: 'dana', text: 'First.\n\nLast.' });
    await rounds(world, 1);
    expect(files()).toEqual(['plan.txt']);
    isLost = how === 'lost';
    if (how === 'died') {
      world.onRequest = (index, request) => {
        if (isRemoval(request)) world.killAt = index;
      };
      world.clock.advance(20 * minuteMs);
      await expect(world.cycle()).rejects.toThrow(Killed);
      world.onRequest = undefined;
      world.killAt = undefined;
    } else await rounds(world, 1);
    isLost = false;
    expect(files()).toEqual([]);
    await rounds(world, 3);
    world.there.editComment(id, { id: comment, as: 'dana', text });
    await rounds(world, 3, { audit: 'full' });
    expect(files()).toEqual(['plan.txt']);
  });

test('a comment that became restricted after the cycle had read it, requests before its copy is made, does not cross under hold', async () => {
  const world = createWorld({ inputs: { 'restricted-comments': 'hold' } });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 1);
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Secret')) });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
  world.clock.advance(20 * minuteMs);
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
    world.onRequest = undefined;
    world.jira.people.editComment(key, comment.id, {
      as: world.people.ben,
      visibility: { type: 'role', value: 'Administrators' },
    });
    world.clock.advance(minuteMs);
  };
  await world.cycle();
  expect(world.there.comments(id)).toEqual([]);
});

test('more removals than allowed are not applied where one side could not be read at first', async () => {
  let isOut = false;
  const world = createWorld({
    github: {
      faults: ({ method, url }) =>
        isOut && method === 'GET' && /\/issues\/\d+(\/comments)?$/.test(new URL(url).pathname)
          ? { kind: 'status', status: 502 }
          : undefined,
    },
  });
  await world.connect();
  const keys = ['One', 'Two', 'Three'].map((summary) => {
    const { key } = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary, labels: ['sync'] });
    return {
      key,
      comment: world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph(`Of ${summary}`)) }).id,
    };
  });
  await rounds(world, 2);
  const copies = () => world.there.ids().flatMap((id) => world.there.comments(id)).length;
  expect(copies()).toBe(3);
  for (const { key, comment } of keys) {
    world.jira.people.deleteComment(key, comment);
    world.jira.people.editIssue(key, { as: world.people.ben, summary: `Edited ${key}` });
  }
  await rounds(world, 1, { 'max-removals': '1' });
  expect(copies()).toBe(3);
  isOut = true;
  let tries = 0;
  world.onRequest = (_, { url }) => {
    // Over once the agenda is made: permissions or types are asked for next, or the same issues once more.
    if (/\/issues\/3(\/comments)?(\?|$)/.test(url)) tries += 1;
    if (tries > 8 || /mypermissions|roledetails|changelog/.test(url)) isOut = false;
  };
  world.clock.advance(20 * minuteMs);
  await world.cycle({ 'max-removals': '1' });
  expect(copies()).toBe(3);
});

test.each<PrivateKind>(['github', 'jira-dc', 'redmine'])(
  'a copy that somebody removes right before it is edited is no failure, and nothing waits behind it (%s)',
  async (tracker) => {
    const world = createWorld({ tracker });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    const { jira, people, there } = world;
    const comment = jira.people.addComment(key, { as: people.ben, body: 'One' });
    await rounds(world, 2);
    jira.people.editComment(key, comment.id, { as: people.ben, body: 'Two' });
    jira.people.addComment(key, { as: people.ben, body: 'Three' });
    jira.people.editIssue(key, { as: people.ben, summary: 'Title 2' });
    const [copy] = there.comments(id);
    world.onRequest = (_, request) => {
      if (!isCommentEdit(request)) return;
      world.onRequest = undefined;
      there.removeComment(id, copy?.id ?? '');
    };
    const told = await rounds(world, 1);
    expect(world.onRequest).toBeUndefined();
    expect(told).toEqual(['private summary updated', 'private comment created']);
    expect(await rounds(world, 3)).toEqual([]);
    expect(there.comments(id).map(({ text }) => text)).toEqual([expect.stringContaining('Three')]);
  },
);
