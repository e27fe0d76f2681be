import { expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { longIssue, minuteMs, type Long } from './long-issue.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

/* Where a copy is cut for length, the whole text goes along as a file (content.md, "Limits"). */

const longText = (words: string): string =>
  Array.from({ length: 600 }, (_, index) => `Paragraph ${index} of ${words}. ${'word '.repeat(9)}end`).join('\n\n');

/** Name and content of each file attached to the copy. */
function files({ world }: Long): { name: string; text: string }[] {
  const attachments = world.jira.people.issues()[0]?.attachments ?? [];
  return attachments.map(({ name, bytes }) => ({ name, text: new TextDecoder().decode(bytes) }));
}

function edit({ world, number }: Long, body: string): void {
  world.clock.advance(minuteMs);
  world.github.editIssue({ repository: world.repository, number, as: 'dana', body });
}

async function expectQuiet({ world }: Long): Promise<void> {
  world.clock.advance(minuteMs);
  const { result, requests } = await world.cycle();
  expect([result.changes, result.failures, result.held]).toEqual([[], [], []]);
  expect(requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
}

test('the whole description comes with its cut copy, in the same cycle', async () => {
  const long = await longIssue(longText('the first text'));
  expect(files(long)).toEqual([{ name: 'whole-description.md', text: `${longText('the first text')}\n` }]);
  await expectQuiet(long);
});

test('a changed text replaces its file at once, without counting as a removal', async () => {
  const long = await longIssue(longText('the first text'));
  edit(long, longText('another text'));
  const { result } = await long.world.cycle({ 'max-removals': '0' });
  expect([result.guard, result.failures]).toEqual([undefined, []]);
  expect(files(long)).toEqual([{ name: 'whole-description.md', text: `${longText('another text')}\n` }]);
  await expectQuiet(long);
});

test('the file goes when the text fits again', async () => {
  const long = await longIssue(longText('the first text'));
  edit(long, 'Short.');
  await long.world.cycle();
  expect(files(long)).toEqual([]);
  await expectQuiet(long);
});

test('a file that a person removed stays away until the text changes', async () => {
  const long = await longIssue(longText('the first text'));
  const { world } = long;
  const [attached] = world.jira.people.issues()[0]!.attachments;
  world.jira.people.deleteAttachment(attached!.id, world.people.ben);
  for (const pauseMs of [minuteMs, 11 * minuteMs, minuteMs]) {
    world.clock.advance(pauseMs);
    await world.cycle();
  }
  expect(files(long)).toEqual([]);
  edit(long, longText('another text'));
  await world.cycle();
  expect(files(long)).toHaveLength(1);
  await expectQuiet(long);
});

test('the whole text of a comment comes with its cut copy, and goes with it', async () => {
  const long = await longIssue('Short.');
  const { world, number } = long;
  const body = longText('a comment');
  const { id } = world.github.addComment({ repository: world.repository, number, as: 'dana', body });
  world.clock.advance(minuteMs);
  await world.cycle();
  expect(files(long)).toEqual([{ name: `whole-comment-${id}.md`, text: `${body}\n` }]);
  await expectQuiet(long);
  world.github.deleteComment({ repository: world.repository, id });
  // GitHub lists no removals of comments: the audit of the next day meets it.
  for (const pauseMs of [minuteMs, 24 * 60 * minuteMs, 11 * minuteMs, minuteMs]) {
    world.clock.advance(pauseMs);
    await world.cycle();
  }
  expect(files(long)).toEqual([]);
  await expectQuiet(long);
});

test.each(['before the first cycle ends', 'between cycles'])('a state lost %s makes no second file', async (when) => {
  const long = await longIssue(longText('the first text'));
  const { world } = long;
  if (when === 'between cycles') world.states.clear();
  else {
    edit(long, longText('another text'));
    const before = world.states.size;
    world.onRequest = (_, request) => {
      if (request.method === 'POST' && request.url.includes('/attachments')) world.killAt = world.requests;
    };
    await expect(world.cycle()).rejects.toThrow('the process died');
    expect(world.states.size).toBe(before);
    world.onRequest = undefined;
    world.killAt = undefined;
    world.states.clear();
    world.clock.advance(20 * minuteMs);
  }
  await world.cycle();
  world.clock.advance(minuteMs);
  await world.cycle();
  expect(files(long)).toHaveLength(1);
  await expectQuiet(long);
});

test('a full audit finds the file as it should be', async () => {
  const long = await longIssue(longText('the first text'));
  const { result } = await long.world.cycle({ audit: 'full' });
  expect(result.differences).toEqual([]);
  expect(files(long)).toHaveLength(1);
});

test('under hold, the new text of a cut comment that becomes restricted is sent in no file either', async () => {
  const world = createWorld({ tracker: 'jira-dc', inputs: { 'restricted-comments': 'hold' } });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const long = (word: string) =>
    documentOf(...Array.from({ length: 285 }, (_, index) => paragraph(`${word} ${index} ${'words '.repeat(16)}end`)));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: long('open') });
  await rounds(world, 2);
  expect(world.dc.people.issue(id)?.attachments).toHaveLength(1);
  world.jira.people.editComment(key, comment.id, {
    as: world.people.ben,
    body: long('secret'),
    visibility: { type: 'role', value: 'Developers' },
  });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
  const sent: string[] = [];
  world.rewrite = async (request) => {
    if (request.method === 'POST' && request.url.includes('/attachments')) sent.push(await request.clone().text());
    return request;
  };
  expect(await rounds(world, 3)).toContain('private comment updated');
  expect(sent).toEqual([]);
  expect(world.dc.people.issue(id)?.attachments).toEqual([]);
  expect(world.dc.people.issue(id)?.comments[0]?.body).toContain('withheld');
});

test('under hold, the new text of a cut comment is sent in no file once it is restricted, requests before that', async () => {
  const world = createWorld({ tracker: 'jira-dc', inputs: { 'restricted-comments': 'hold' } });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const long = (word: string) =>
    documentOf(...Array.from({ length: 285 }, (_, index) => paragraph(`${word} ${index} ${'words '.repeat(16)}end`)));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: long('open') });
  await rounds(world, 2);
  world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: long('secret') });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
  const sent: string[] = [];
  let isRead = false;
  world.rewrite = async (request) => {
    if (request.method === 'POST' && request.url.includes('/attachments')) sent.push(await request.clone().text());
    return request;
  };
  world.onRequest = (_, { url }) => {
    if (url.includes('/comment/list')) isRead = true;
    // The other side is read, and then the file is sent.
    if (!isRead || !url.includes('jira.corp.example')) return;
    world.onRequest = undefined;
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, visibility: { type: 'role', value: 'Developers' } });
  };
  expect(await rounds(world, 3)).toContain('private comment updated');
  expect(world.onRequest).toBeUndefined();
  expect(sent).toEqual([]);
  expect(world.dc.people.issue(id)?.attachments).toEqual([]);
  expect(world.dc.people.issue(id)?.comments[0]?.body).toContain('withheld');
});
