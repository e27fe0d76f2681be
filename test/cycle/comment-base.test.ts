import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import type { World } from './world.ts';
import { createWorld, Killed } from './world.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const trackers = ['github', 'jira-dc', 'redmine'] as const;

const secretRole = { type: 'role', value: 'Administrators' } as const;

/** A world in which, while `lost.isOn`, edits of comments on the private side are carried out and not answered. */
function worldOf(tracker: (typeof trackers)[number], inputs: Readonly<Record<string, string>> = {}) {
  const lost = { isOn: false };
  const faults = (request: { method: string; url: string }) =>
    lost.isOn && isCommentEdit(request) ? { kind: 'lost-after' as const } : undefined;
  const world = createWorld({ tracker, inputs, github: { faults }, dc: { faults }, redmine: { faults } });
  return { world, lost };
}

/** An issue of Jira with a comment of Ben's, both copied. */
async function copiedComment(world: World, text: string) {
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph(text)) });
  await rounds(world, 2);
  expect(world.there.comments(id)[0]?.text).toContain(text);
  const origin = {
    text: () => JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body),
    edit: (body: string) => {
      world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(paragraph(body)) });
      touch(world, key);
    },
    restrict: (visibility: { type: 'role'; value: string } | null, { isSeen = true } = {}) => {
      world.jira.people.editComment(key, comment.id, { as: world.people.ben, visibility });
      if (isSeen) touch(world, key);
    },
  };
  const copy = {
    text: () => world.there.comments(id)[0]?.text ?? '',
    edit: (from: string, to: string) => {
      const { id: copyId = '', text: standing = '' } = world.there.comments(id)[0] ?? {};
      world.there.editComment(id, { id: copyId, as: 'dana', text: standing.replace(from, to) });
    },
  };
  return { key, id, origin, copy };
}

/** On some Jira sites an edit of a comment moves no time of its issue: it is seen with the next one that does. */
function touch(world: World, key: string): void {
  world.jira.people.editIssue(key, { as: world.people.ben, summary: `Title at ${world.clock.now()}` });
}

/** Cycles until nothing moves; returns the conflicts that they told. */
async function rounds(world: World, count: number) {
  const conflicts: string[] = [];
  for (let round = 0; round < count; round += 1) {
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle();
    conflicts.push(...result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`));
  }
  return conflicts;
}

/** A copied comment whose edit was written without an answer, and whose author then put the old words back. */
async function putBackAfterLostEdit(tracker: (typeof trackers)[number]) {
  const { world, lost } = worldOf(tracker);
  const copied = await copiedComment(world, 'Deploy on Friday');
  world.clock.advance(20 * minuteMs);
  copied.origin.edit('Deploy now');
  world.clock.advance(minuteMs);
  lost.isOn = true;
  await world.cycle();
  lost.isOn = false;
  expect(copied.copy.text()).toContain('Deploy now');
  world.clock.advance(minuteMs);
  copied.origin.edit('Deploy on Friday');
  return { world, ...copied };
}

for (const tracker of trackers) {
  test(`a comment whose old words are put back after an edit that was not answered stays as it was put back (${tracker})`, async () => {
    const { world, origin, copy } = await putBackAfterLostEdit(tracker);
    expect(await rounds(world, 4)).toEqual([]);
    expect(origin.text()).toContain('Friday');
    expect(copy.text()).toContain('Friday');
    expect(world.violations()).toEqual([]);
  });

  test(`a comment that is public again after a notice that was not answered keeps its words (${tracker})`, async () => {
    const { world, lost } = worldOf(tracker, { 'restricted-comments': 'hold' });
    const { origin, copy } = await copiedComment(world, 'My long report');
    origin.restrict(secretRole);
    world.clock.advance(minuteMs);
    lost.isOn = true;
    await world.cycle();
    lost.isOn = false;
    expect(copy.text()).toContain('withheld');
    world.clock.advance(minuteMs);
    origin.restrict(null);
    expect(await rounds(world, 4)).toEqual([]);
    expect(origin.text()).toContain('My long report');
    expect(copy.text()).toContain('My long report');
    expect(world.violations()).toEqual([]);
  });

  test(`what a dead run wrote of a comment is known although no ledger tells of it (${tracker})`, async () => {
    const { world } = worldOf(tracker);
    const { id, key, origin, copy } = await copiedComment(world, 'Deploy on Friday');
    world.clock.advance(20 * minuteMs);
    origin.edit('Deploy now');
    world.clock.advance(minuteMs);
    world.onRequest = (index, request) => {
      if (isCommentEdit(request)) world.killAt = index;
    };
    await expect(world.cycle()).rejects.toThrow(Killed);
    world.onRequest = undefined;
    world.killAt = undefined;
    expect(copy.text()).toContain('Deploy now');
    world.clock.advance(minuteMs);
    origin.edit('Deploy on Friday');
    expect(await rounds(world, 4)).toEqual([]);
    expect(origin.text()).toContain('Friday');
    expect(world.there.comments(id)[0]?.text).toContain('Friday');
    expect(world.jira.people.issue(key)?.summary).toBe(world.there.summary(id));
    expect(world.violations()).toEqual([]);
  });

  test(`the notice on a copy never becomes the words of its origin, whatever somebody adds to it (${tracker})`, async () => {
    const { world } = worldOf(tracker, { 'restricted-comments': 'hold' });
    const { origin, copy } = await copiedComment(world, 'My long report');
    origin.restrict(secretRole);
    await rounds(world, 1);
    origin.restrict(null);
    world.clock.advance(minuteMs);
    copy.edit('withheld here.', 'withheld here. Why?');
    expect(await rounds(world, 4)).toEqual(['comment public']);
    expect(origin.text()).toContain('My long report');
    expect(copy.text()).toContain('My long report');
    expect(world.violations()).toEqual([]);
  });

  test(`an edit of a copy that the notice replaces is told (${tracker})`, async () => {
    const { world } = worldOf(tracker, { 'restricted-comments': 'hold' });
    const { origin, copy } = await copiedComment(world, 'Report');
    copy.edit('Report', 'Report, and what Dana found out');
    origin.restrict(secretRole);
    expect(await rounds(world, 4)).toEqual(['comment public']);
    expect(copy.text()).toContain('withheld');
    expect(origin.text()).not.toContain('Dana');
    expect(world.violations()).toEqual([]);
  });
}

// The later edit stands; Redmine tells no time of an edit of a note, so its origin does there.
for (const { tracker, stands, words } of [
  { tracker: 'github', stands: 'private', words: 'said Dana' },
  { tracker: 'jira-dc', stands: 'private', words: 'said Dana' },
  { tracker: 'redmine', stands: 'public', words: 'Friday' },
] as const) {
  test(`an old text that is put back while its copy is edited crosses, or gives way with a report (${tracker})`, async () => {
    const { world, origin, copy } = await putBackAfterLostEdit(tracker);
    world.clock.advance(minuteMs);
    copy.edit('Deploy now', 'Deploy now, said Dana');
    expect(await rounds(world, 4)).toEqual([`comment ${stands}`]);
    expect(origin.text()).toContain(words);
    expect(copy.text()).toContain(words);
    expect(world.violations()).toEqual([]);
  });
}

test('a write that was not answered is known, however much else of its issue was written since', async () => {
  const { world, key, id, origin, copy } = await putBackAfterLostEdit('github');
  // Files are copied before comments are planned.
  for (const name of ['one.txt', 'two.txt', 'three.txt'])
    world.jira.people.addAttachment(key, { as: world.people.ben, name, bytes: Buffer.from(name) });
  expect(await rounds(world, 4)).toEqual([]);
  expect(origin.text()).toContain('Friday');
  expect(copy.text()).toContain('Friday');
  expect(world.there.text(id)).toContain('three.txt');
  expect(world.violations()).toEqual([]);
});

test('an edit during a write that was not answered is newer than that write', async () => {
  let isLost = false;
  const world = createWorld({
    jira: { faults: (request) => (isLost && isCommentEdit(request) ? { kind: 'lost-after' } : undefined) },
  });
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
  const comment = world.there.addComment(id, { as: 'dana', text: 'Old words' });
  await rounds(world, 2);
  world.there.editComment(id, { id: comment, as: 'dana', text: 'First new words' });
  isLost = true;
  world.onRequest = (_, request) => {
    if (!isCommentEdit(request)) return;
    world.onRequest = undefined;
    world.there.editComment(id, { id: comment, as: 'dana', text: 'Second new words' });
    world.clock.advance(5_000);
  };
  await world.cycle();
  isLost = false;
  expect(await rounds(world, 4)).toEqual([]);
  expect(world.there.comments(id)[0]?.text).toContain('Second new words');
  expect(JSON.stringify(world.jira.people.issues()[0]?.comments)).toContain('Second new words');
  expect(world.violations()).toEqual([]);
});

test('a comment that a role alone could read when it was last seen is not taken for removed once another role alone can', async () => {
  const world = createWorld();
  world.jira.people.setRoles(world.people.sync, ['Administrators']);
  const { id, origin } = await copiedComment(world, 'Report');
  for (const visibility of [secretRole, { type: 'role', value: 'Secret role' } as const]) {
    origin.restrict(visibility, { isSeen: false });
    for (let day = 0; day < 3; day += 1) {
      world.clock.advance(dayMs);
      await world.cycle({ audit: 'full' });
    }
  }
  expect(world.there.comments(id)).toHaveLength(1);
  expect(world.violations()).toEqual([]);
});

for (const tracker of ['jira-dc', 'redmine'] as const) {
  test(`what the other side cannot say of a comment is no edit of it, right after it was written (${tracker})`, async () => {
    const { world } = worldOf(tracker);
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    const cell = (text: string) => ({ type: 'tableCell', attrs: { colspan: 2 }, content: [paragraph(text), paragraph('below')] });
    const table = (text: string) => ({ type: 'table', content: [{ type: 'tableRow', content: [cell(text)] }] });
    const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(table('One')) });
    await rounds(world, 2);
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(table('Two')) });
    touch(world, key);
    const before = JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body);
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle();
    expect(result.changes.map(({ side, what }) => `${side} ${what}`)).toEqual(['private summary', 'private comment']);
    expect(await rounds(world, 3)).toEqual([]);
    expect(world.there.comments(id)[0]?.text).toContain('Two');
    expect(JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body)).toBe(before);
    expect(world.violations()).toEqual([]);
  });
}
