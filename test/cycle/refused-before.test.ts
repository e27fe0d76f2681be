import { expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

/** Has the server refuse these requests, for what they send, until the function that comes back is called. */
function refuse(world: World, is: (request: Request) => boolean, body: object): () => void {
  world.rewrite = async (request) =>
    is(request)
      ? new Request(request.url, { method: request.method, headers: request.headers, body: JSON.stringify(body) })
      : request;
  return () => {
    world.rewrite = undefined;
  };
}

const isEditOnJira = ({ method, url }: Request): boolean =>
  method === 'PUT' && /\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname);

test('what was refused does not count as refused any more once another text of it crossed', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const { people } = world.jira;
  const allow = refuse(world, ({ method, url }) => method === 'POST' && url.endsWith('/comments'), { body: '' });
  const comment = people.addComment(key, { as: world.people.ben, body: 'Refused at first.' });
  await rounds(world, 1);
  allow();
  expect((await world.cycle()).result.parked).toBe(1);
  people.editComment(key, comment.id, { as: world.people.ben, body: 'Other words.' });
  people.editIssue(key, { as: world.people.ben, summary: 'Title 2' });
  expect(await rounds(world, 1)).toContain('private comment created');
  expect(world.there.comments(id)).toHaveLength(1);
  expect((await world.cycle()).result.parked).toBe(0);
});

test('a text that was refused, put back, and written once more within the day crosses', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const allow = refuse(world, isEditOnJira, { fields: { summary: '' } });
  world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
  expect(await rounds(world, 1)).toEqual(['failed summary']);
  allow();
  world.there.edit(id, { as: 'dana', summary: 'Title' });
  expect(await rounds(world, 1)).toEqual([]);
  world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
  expect(await rounds(world, 1)).toEqual(['public summary updated']);
  expect(world.jira.people.issue(key)?.summary).toBe('Title of Dana');
});

test('a text that was refused stays so through edits of the rest of its issue, and is told once', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const allow = refuse(world, isEditOnJira, { fields: { summary: '' } });
  world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
  expect(await rounds(world, 1)).toEqual(['failed summary']);
  allow();
  for (const words of ['One', 'Two']) {
    world.there.addComment(id, { as: 'dana', text: words });
    expect(await rounds(world, 1)).toEqual(['public comment created']);
    expect((await world.cycle({ audit: 'full' })).result.parked).toBe(1);
  }
  expect(world.jira.people.issue(key)?.summary).toBe('Title');
});
