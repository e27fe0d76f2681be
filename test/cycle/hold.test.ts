import { describe, expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const developers = { type: 'role', value: 'Developers' } as const;

describe('what is written into a copy that somebody restricted', () => {
  /** Under hold, a comment of Dana's and its copy on Jira. */
  async function copied() {
    const world = createWorld({ inputs: { 'restricted-comments': 'hold' } });
    await world.connect();
    const { there, jira, people } = world;
    const id = there.create({ as: 'dana', summary: 'Title', text: 'Text' });
    const origin = there.addComment(id, { as: 'dana', text: 'Of Dana' });
    await rounds(world, 2);
    const [issue] = jira.people.issues();
    const key = issue?.key ?? '';
    const copy = issue?.comments[0]?.id ?? '';
    return {
      world,
      text: () => there.comments(id)[0]?.text,
      write: (text: string) => there.editComment(id, { id: origin, as: 'dana', text }),
      /** Edits the copy, and its issue, so that a listing shows it. */
      edit: (words: string | undefined, visibility: typeof developers | null) => {
        const body = words === undefined ? {} : { body: documentOf(paragraph('dana commented:'), paragraph(words)) };
        jira.people.editComment(key, copy, { as: people.ben, ...body, visibility });
        jira.people.editIssue(key, { as: people.ben, summary: `Title at ${world.clock.now()}` });
      },
      copy: () => jira.people.issue(key)?.comments[0],
    };
  }

  test('stays home, is listed as held, and crosses once everybody may read it', async () => {
    const { world, edit, text } = await copied();
    edit('The password is secret', developers);
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle();
    expect(result.held).toEqual([expect.objectContaining({ what: 'comment', reason: expect.stringContaining('restricted') })]);
    expect(await rounds(world, 2)).toEqual([]);
    const { result: audited } = await world.cycle({ audit: 'full' });
    expect(audited.differences).toEqual([]);
    expect(text()).not.toContain('secret');
    edit('The password is gone', null);
    await rounds(world, 2);
    expect(text()).toContain('The password is gone');
  });

  test('stays home where it is the later of two edits, too', async () => {
    const { world, edit, text, write } = await copied();
    write('Of Dana, once more');
    world.clock.advance(minuteMs);
    edit('The password is secret', developers);
    expect((await rounds(world, 2)).filter((line) => !line.includes('summary'))).toEqual([]);
    expect(text()).toContain('Of Dana, once more');
  });

  test('stays home where it was restricted after the cycle had read it, requests before its origin is written', async () => {
    const { world, edit, text, copy } = await copied();
    edit('The password is secret', null);
    let isRead = false;
    world.onRequest = (_, { method, url }) => {
      // The first round reads Jira before GitHub.
      if (url.includes('atlassian.net') && url.includes('/comment')) isRead = true;
      else if (isRead && method === 'GET' && url.includes('api.github.com')) {
        world.onRequest = undefined;
        edit(undefined, developers);
      }
    };
    await rounds(world, 2);
    expect(world.onRequest).toBeUndefined();
    expect(copy()?.text).toContain('secret');
    expect(text()).not.toContain('secret');
  });

  test('gives way to no edit of the origin alone: that one still crosses', async () => {
    const { world, edit, write, copy } = await copied();
    edit(undefined, developers);
    await rounds(world, 2);
    write('Of Dana, once more');
    await rounds(world, 2);
    expect(copy()).toMatchObject({ text: expect.stringContaining('Of Dana, once more'), visibility: developers });
  });
});

test('hold that is set later withholds restricted comments that crossed in the next cycle, and taken back brings them again', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const body = documentOf(paragraph('The password is secret'));
  world.jira.people.addComment(key, { as: world.people.ben, body, visibility: developers });
  await rounds(world, 2);
  const text = () => world.there.comments(id)[0]?.text;
  expect(text()).toContain('secret');
  const hold = { 'restricted-comments': 'hold' };
  world.clock.advance(20 * minuteMs);
  await world.cycle(hold);
  expect(text()).not.toContain('secret');
  expect(await rounds(world, 1, hold)).toEqual([]);
  const before = world.requests;
  await rounds(world, 1, hold);
  expect(world.requests).toBe(before);
  await rounds(world, 1);
  expect(text()).toContain('secret');
});
