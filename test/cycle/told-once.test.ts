import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const secretRole = { type: 'role', value: 'Administrators' } as const;

const isIssueEdit = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'PATCH' && /\/issues\/\d+$/.test(new URL(url).pathname);

test('a notice that the tracker refuses for good is asked for once, and told once a day', async () => {
  let refused = 0;
  let isOn = false;
  const world = createWorld({
    tracker: 'jira-dc',
    inputs: { 'restricted-comments': 'hold' },
    dc: {
      faults: (request) => {
        if (!isOn || !isCommentEdit(request)) return undefined;
        refused += 1;
        return { kind: 'status', status: 400 };
      },
    },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('My report')) });
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(20 * minuteMs);
    await world.cycle();
  }
  expect(world.there.comments(id)).toHaveLength(1);
  isOn = true;
  world.jira.people.editComment(key, comment.id, { as: world.people.ben, visibility: secretRole });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
  const failures: number[] = [];
  const parked: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle();
    failures.push(result.failures.length);
    parked.push(result.parked);
  }
  expect({ refused, failures }).toEqual({ refused: 1, failures: [1, 0, 0, 0] });
});

test('a conflict whose losing side cannot be written is told once, not with every later change of the issue', async () => {
  let isRefused = false;
  const world = createWorld();
  world.rewrite = async (request) => {
    if (!isRefused || !isIssueEdit(request)) return request;
    const body = await request.clone().text();
    if (!body.includes('"title"')) return request;
    return new Request(request.url, { method: 'PATCH', headers: request.headers, body: JSON.stringify({ title: '' }) });
  };
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  isRefused = true;
  const told: string[][] = [];
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle();
    told.push([
      ...result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`),
      ...result.failures.map(({ what }) => `failed ${what}`),
    ]);
    world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph(`Comment ${round}`)) });
  }
  expect(told.slice(1).flat()).toEqual([]);
});

test('a conflict whose write fails in passing for some cycles is told once, and one with a later edit once more', async () => {
  let isDown = false;
  const world = createWorld({
    github: { faults: ({ method }) => (isDown && method === 'PATCH' ? { kind: 'status', status: 503 } : undefined) },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 1);
  world.there.edit(id, { as: 'dana', summary: 'Of Dana' });
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Of Ben' });
  isDown = true;
  const conflicts = (told: readonly string[]) => told.filter((line) => line.startsWith('conflict'));
  expect(conflicts(await rounds(world, 5))).toEqual(['conflict summary public']);
  world.there.edit(id, { as: 'dana', summary: 'Of Dana, once more' });
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Of Ben, once more' });
  world.clock.advance(6 * 60 * minuteMs);
  expect(conflicts(await rounds(world, 3))).toEqual(['conflict summary public']);
  isDown = false;
  world.clock.advance(6 * 60 * minuteMs);
  expect(conflicts(await rounds(world, 2))).toEqual([]);
  expect(world.there.summary(id)).toBe('Of Ben, once more');
  world.there.edit(id, { as: 'dana', summary: 'Of Dana' });
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Of Ben' });
  expect(conflicts(await rounds(world, 2))).toEqual(['conflict summary public']);
});

test('a conflict whose write the account may not make is told once, not in every cycle', async () => {
  let own = '';
  const world = createWorld({
    github: {
      faults: ({ method, url }) =>
        method === 'PATCH' && own !== '' && url.endsWith(`/issues/comments/${own}`) ? { kind: 'status', status: 403 } : undefined,
    },
  });
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
  own = world.there.addComment(id, { as: 'dana', text: 'Of Dana' });
  await rounds(world, 2);
  const [issue] = world.jira.people.issues();
  const key = issue?.key ?? '';
  world.there.editComment(id, { id: own, as: 'dana', text: 'Of Dana, edited' });
  world.clock.advance(minuteMs);
  world.jira.people.editComment(key, issue?.comments[0]?.id ?? '', { as: world.people.ben, body: 'dana commented:\n\nOf Ben' });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title 1' });
  const told = await rounds(world, 12);
  expect(told.filter((line) => line.startsWith('conflict'))).toEqual(['conflict comment public']);
});
