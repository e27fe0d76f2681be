import { describe, expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld, Killed } from './world.ts';
import type { PrivateKind, World } from './world.ts';

const kinds: readonly PrivateKind[] = ['github', 'jira-dc', 'redmine'];
const long = Array.from({ length: 400 }, (_, index) => `Paragraph ${index} ends. ${'word '.repeat(9)}done`).join('\n\n');

function nameOf(world: World, kind: PrivateKind, id: string): string {
  return kind === 'jira-dc' ? (world.dc.people.issue(id)?.key ?? '') : `#${id}`;
}

/** Ends the pair, connects the issue of Jira to another one, ends that, and connects the pair again. */
async function viaWrongOne(world: World, kind: PrivateKind, pair: { readonly key: string; readonly id: string }) {
  const { key, id } = pair;
  await rounds(world, 1, { operation: 'unlink', issues: key });
  const wrong = world.there.create({ as: 'dana', summary: 'Wrong', text: 'Other text' });
  await rounds(world, 1, { operation: 'connect', issues: `${key} ${nameOf(world, kind, wrong)}` });
  await rounds(world, 1, { operation: 'unlink', issues: key });
  return rounds(world, 1, { operation: 'connect', issues: `${key} ${nameOf(world, kind, id)}` });
}

describe.each(kinds)('a pair that is connected again after one of it was connected to a wrong issue, with %s', (kind) => {
  test('has its comments once', async () => {
    const world = createWorld({ tracker: kind });
    const pair = await copiedFromJira(world, paragraph('Alpha'));
    world.there.addComment(pair.id, { as: 'dana', text: 'From Dana' });
    await rounds(world, 2);
    await viaWrongOne(world, kind, pair);
    await rounds(world, 3, { audit: 'full' });
    expect(world.jira.people.issue(pair.key)?.comments.map(({ text }) => text)).toEqual([expect.stringContaining('From Dana')]);
    expect(world.there.comments(pair.id).map(({ text }) => text)).toEqual([expect.stringMatching(/^From Dana/)]);
  });

  test('keeps what is beyond the cut of its copies', async () => {
    const world = createWorld({ tracker: kind });
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'Long', text: long });
    world.there.addComment(id, { as: 'dana', text: long });
    await rounds(world, 2);
    const { key = '' } = world.jira.people.issues()[0] ?? {};
    const told = await viaWrongOne(world, kind, { key, id });
    told.push(...(await rounds(world, 2)));
    expect(world.there.text(id)).toContain('Paragraph 399');
    expect(world.there.text(id)).not.toContain('cut by Sallyport');
    expect(world.there.comments(id)).toHaveLength(1);
    expect(world.jira.people.issue(key)?.comments).toHaveLength(1);
    expect(told.filter((line) => line.startsWith('failed'))).toEqual([]);
    world.there.edit(id, { as: 'dana', text: long.replace('Paragraph 0 ', 'Paragraph zero ') });
    await rounds(world, 2);
    expect(world.jira.people.issue(key)?.descriptionText).toMatch(/^Paragraph zero/);
  });

  test('can be unlinked by its copy where a push died that made it', async () => {
    const world = createWorld({ tracker: kind });
    await world.connect();
    await rounds(world, 1);
    const { key } = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Pushed' });
    world.onRequest = (index, { method, url }) => {
      if (method === 'POST' && /\/issues?(\.json)?$/.test(new URL(url).pathname) && !url.includes('atlassian'))
        world.killAt = index;
    };
    await expect(world.cycle({ operation: 'push', issues: key })).rejects.toThrow(Killed);
    [world.onRequest, world.killAt] = [undefined, undefined];
    world.clock.advance(20 * 60_000);
    await expect(world.cycle({ operation: 'unlink', issues: key })).rejects.toThrow(/run before this one died.*run sync first/);
    const [id = ''] = world.there.ids();
    const { result } = await world.cycle({ operation: 'unlink', issues: nameOf(world, kind, id) });
    expect(result.ended).toHaveLength(1);
    await rounds(world, 2);
    expect(world.there.ids()).toEqual([id]);
  });
});

test.each(['removed', 'moved'] as const)(
  'a held twin whose issue on Jira is %s is named by its other issue after the state was lost',
  async (how) => {
    const world = createWorld();
    world.jira.people.addProject({ key: 'ELSE', name: 'Elsewhere' });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    await rounds(world, 2);
    if (how === 'removed') world.jira.people.deleteIssue(key);
    else world.jira.people.moveIssue(key, { as: world.people.ann, project: 'ELSE' });
    world.states.clear();
    await rounds(world, 1);
    world.clock.advance(20 * 60_000);
    const { result } = await world.cycle({ audit: 'full' });
    expect(result.held).toMatchObject([{ what: `twin of issue #${id}`, link: expect.stringContaining(`/issues/${id}`) }]);
  },
);

test('the whole text of a long note of Redmine comes as a file', async () => {
  const world = createWorld({ tracker: 'redmine' });
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Short', text: 'Short' });
  world.there.addComment(id, { as: 'dana', text: long });
  const told = await rounds(world, 3);
  expect(told.filter((line) => line.startsWith('failed'))).toEqual([]);
  const [file] = world.jira.people.issues()[0]?.attachments ?? [];
  expect(file?.name).toMatch(/^whole-comment-.*\.md$/);
  expect(Buffer.from(file?.bytes ?? []).toString()).toContain('Paragraph 399');
});
