import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
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
