import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

const tasks = (state: 'TODO' | 'DONE') => ({
  type: 'taskList',
  attrs: { localId: 'l' },
  content: [{ type: 'taskItem', attrs: { localId: 't', state }, content: [{ type: 'text', text: 'deploy' }] }],
});
const link = (href: string) => paragraph('See', { type: 'link', attrs: { href } });

/**
 * On GitHub the first paragraph is edited; the moment before that is written to Jira somebody makes this of the description
 * there. Returns what was reported, and what both sides say in the end.
 */
async function metBy(before: object, edit: (world: World, key: string) => object) {
  const world = createWorld();
  const { people } = world.jira;
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), before);
  world.clock.advance(20 * minuteMs);
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Alpha', 'Alpha of Dana') });
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
    world.onRequest = undefined;
    people.editIssue(key, { as: world.people.ben, description: edit(world, key) });
  };
  const conflicts: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const { result } = await world.cycle();
    conflicts.push(...result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`));
    expect(result.failures).toEqual([]);
    world.clock.advance(20 * minuteMs);
  }
  expect(world.onRequest).toBeUndefined();
  expect(world.violations()).toEqual([]);
  return { conflicts, onJira: people.issue(key)?.descriptionText ?? '', there: world.there.text(id) };
}

test('a paragraph that somebody takes away on Jira right before a write goes on both sides', async () => {
  const { conflicts, onJira, there } = await metBy(paragraph('The password is hunter2'), () => documentOf(paragraph('Alpha')));
  expect(conflicts).toEqual(['description merged']);
  expect(onJira).toBe('Alpha of Dana');
  expect(there).toContain('Alpha of Dana');
  expect(there).not.toContain('hunter2');
});

test('a whole description that somebody clears right before a write keeps what the other side made of it, and it is reported', async () => {
  const { conflicts, onJira } = await metBy(paragraph('Beta'), () => documentOf());
  expect(conflicts).toEqual(['description private']);
  expect(onJira).toBe('Alpha of Dana');
});

test('lines that come on Jira right before a write stay, whatever else says their words', async () => {
  const { conflicts, there } = await metBy(paragraph('This is not done yet'), () =>
    documentOf(paragraph('Alpha'), paragraph('This is not done yet'), paragraph('Done!'), paragraph('🎉')),
  );
  expect(conflicts).toEqual(['description merged']);
  expect(there).toMatch(/This is not done yet\s+Done!\s+🎉/);
});

test.each<readonly [string, object, (world: World, key: string) => object]>([
  ['a box that is ticked', tasks('TODO'), () => documentOf(paragraph('Alpha'), tasks('DONE'))],
  ['where a link leads', link('https://old.example/'), () => documentOf(paragraph('Alpha'), link('https://new.example/'))],
  ['words in bold', paragraph('Beta'), () => documentOf(paragraph('Alpha'), paragraph('Beta', { type: 'strong' }))],
  ['a sign', paragraph('limit: -5'), () => documentOf(paragraph('Alpha'), paragraph('limit: 5'))],
  ['the order of paragraphs', paragraph('Beta'), () => documentOf(paragraph('Beta'), paragraph('Alpha'))],
  [
    'a picture',
    paragraph('Beta'),
    ({ jira, people }, key) => {
      const file = jira.people.addAttachment(key, { name: 'shot.png', bytes: Buffer.from('png'), as: people.ben });
      const media = { type: 'media', attrs: { type: 'file', id: jira.people.mediaIdOf(file.id), collection: '' } };
      const picture = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
      return documentOf(paragraph('Alpha'), picture, paragraph('Beta'));
    },
  ],
])('what Jira’s history does not tell is reported where a write replaces it: %s', async (_, before, edit) => {
  const { conflicts } = await metBy(before, edit);
  expect(conflicts).toEqual(['description private']);
});

test('a type for which the other side has none is not held for settled on what was read there before somebody chose another', async () => {
  const world = createWorld({ issueTypes: ['Task', 'Bug', 'Feature'] });
  await world.connect();
  const { github, jira, people, repository } = world;
  const { number } = github.createIssue({
    repository,
    as: 'dana',
    title: 'Typed',
    body: 'First.',
    type: 'Task',
    labels: ['sync'],
  });
  await world.cycle();
  const { key } = jira.people.issues()[0] ?? { key: '' };
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  github.editIssue({ repository, number, as: 'dana', body: 'Second.' });
  world.onRequest = (_, { url }) => {
    if (!url.endsWith('/issue/bulkfetch')) return;
    world.onRequest = undefined;
    github.setType({ repository, number, as: 'dana', type: 'Bug' });
    world.clock.advance(1000);
    jira.people.changeType(key, { as: people.ben, type: 'Epic' });
  };
  const conflicts: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { result } = await world.cycle();
    conflicts.push(...result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`));
    world.clock.advance(20 * minuteMs);
  }
  expect(world.onRequest).toBeUndefined();
  expect(conflicts).toEqual(['type public']);
  expect(jira.people.issue(key)?.type).toBe('Epic');
  expect(world.violations()).toEqual([]);
});

test('of two edits of a comment the later one stands, though the earlier one was put back after it', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('One')) });
  await rounds(world, 2);
  const edit = (text: string) => {
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(paragraph(text)) });
    world.jira.people.editIssue(key, { as: world.people.ben, summary: `Title ${text}` });
  };
  edit('Two');
  let edits = 0;
  world.onRequest = (_, request) => {
    if (!isCommentEdit(request) || !request.url.includes('api.github.com')) return;
    edits += 1;
    if (edits > 1) return;
    const [copy] = world.there.comments(id);
    if (copy === undefined) return;
    world.there.editComment(id, { id: copy.id, as: 'dana', text: copy.text.replace('One', 'Of Dana') });
    world.clock.advance(10_000);
    edit('Three, later than Dana');
    world.clock.advance(10_000);
  };
  expect(await rounds(world, 4)).toContain('conflict comment public');
  expect(JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body)).toContain('Three');
  expect(world.there.comments(id)[0]?.text).toContain('Three');
});

test('a comment whose creation got no answer is not made twice where an edit of the same issue is put back', async () => {
  // The edit is put back on one side, the lost comment stands on the other, and nothing is carried over to that one.
  let isRefused = false;
  let isLost = false;
  const world = createWorld({
    jira: {
      faults: ({ method, url }) => {
        if (!isLost || method !== 'POST' || !/\/issue\/[^/]+\/comment$/.test(new URL(url).pathname)) return undefined;
        isLost = false;
        return { kind: 'lost-after' };
      },
    },
  });
  const refused = (request: Request): Request =>
    new Request(request.url, { method: 'PUT', headers: request.headers, body: JSON.stringify({ fields: { summary: '' } }) });
  world.rewrite = async (request) => {
    const isEdit = request.method === 'PUT' && /\/rest\/api\/3\/issue\/\d+$/.test(new URL(request.url).pathname);
    return isRefused && isEdit && (await request.clone().text()).includes('summary') ? refused(request) : request;
  };
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
  await rounds(world, 2);
  const key = world.jira.people.issues()[0]?.key ?? '';
  // Refused for good: "Of Dana" stays on GitHub alone.
  isRefused = true;
  world.there.edit(id, { as: 'dana', summary: 'Of Dana' });
  await rounds(world, 1);
  world.there.edit(id, { as: 'dana', summary: 'Title' });
  await rounds(world, 1);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Of Ben' });
  world.there.addComment(id, { as: 'dana', text: 'A comment' });
  isLost = true;
  let hasMet = false;
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PATCH' || !/\/issues\/\d+$/.test(url) || hasMet) return;
    hasMet = true;
    world.there.edit(id, { as: 'dana', summary: 'Of Dana' });
  };
  await rounds(world, 1);
  expect(hasMet).toBe(true);
  expect(world.jira.people.issue(key)?.comments).toHaveLength(1);
});
