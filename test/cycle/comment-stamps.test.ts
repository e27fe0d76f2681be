import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { dieAfter } from './die-after.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld, Killed } from './world.ts';

const minuteMs = 60_000;

const cell = (text: string) => ({ type: 'tableCell', attrs: { colspan: 2 }, content: [paragraph(text), paragraph('below')] });
const table = (text: string) => ({ type: 'table', content: [{ type: 'tableRow', content: [cell(text)] }] });

test('an unanswered edit of a copy that was found by its stamp is known, too', async () => {
  const lost = { edit: false, create: false };
  const world = createWorld({
    github: {
      faults: (request) =>
        (lost.edit && isCommentEdit(request)) ||
        (lost.create && request.method === 'POST' && /\/issues\/\d+\/comments$/.test(new URL(request.url).pathname))
          ? { kind: 'lost-after' }
          : undefined,
    },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Deploy on Friday')) });
  world.clock.advance(20 * minuteMs);
  lost.create = true;
  await world.cycle();
  lost.create = false;
  await rounds(world, 2);
  expect(world.there.comments(id)).toHaveLength(1);
  const edit = (text: string) => {
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(paragraph(text)) });
    world.jira.people.editIssue(key, { as: world.people.ben, summary: `Title at ${world.clock.now()}` });
  };
  world.clock.advance(20 * minuteMs);
  edit('Deploy now');
  world.clock.advance(minuteMs);
  lost.edit = true;
  await world.cycle();
  lost.edit = false;
  expect(world.there.comments(id)[0]?.text).toContain('Deploy now');
  world.clock.advance(minuteMs);
  edit('Deploy on Friday');
  for (const name of ['one.txt', 'two.txt', 'three.txt'])
    world.jira.people.addAttachment(key, { as: world.people.ben, name, bytes: Buffer.from(name) });
  const conflicts: unknown[] = [];
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(20 * minuteMs);
    conflicts.push(...(await world.cycle()).result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`));
  }
  expect(conflicts).toEqual([]);
  expect(JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body)).toContain('Friday');
  expect(world.there.comments(id)[0]?.text).toContain('Friday');
});

for (const tracker of ['jira-dc', 'redmine'] as const)
  test(`a copy that says less, found by its stamp, is not written back (${tracker})`, async () => {
    let isLost = false;
    const isCreate = ({ method, url }: { method: string; url: string }) =>
      tracker === 'jira-dc'
        ? method === 'POST' && new URL(url).pathname.endsWith('/comment')
        : method === 'PUT' && /issues\/\d+\.json$/.test(new URL(url).pathname);
    const faults = (request: { method: string; url: string }) =>
      isLost && isCreate(request) ? { kind: 'lost-after' as const } : undefined;
    const world = createWorld({ tracker, dc: { faults }, redmine: { faults } });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(table('One')) });
    world.clock.advance(20 * minuteMs);
    isLost = true;
    await world.cycle();
    isLost = false;
    const changes: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      world.clock.advance(20 * minuteMs);
      const { result } = await world.cycle();
      changes.push(
        ...result.changes.map(({ side, what, action }) => `${side} ${what} ${action}`),
        ...result.conflicts.map(({ field }) => `conflict ${field}`),
      );
    }
    expect(world.there.comments(id)).toHaveLength(1);
    expect(changes).toEqual([]);
  });

const isCreate = ({ method, url }: { method: string; url: string }) =>
  method === 'POST' && !url.includes('atlassian') && new URL(url).pathname.endsWith('/comment');
const isEdit = ({ method, url }: { method: string; url: string }) =>
  method === 'PUT' && !url.includes('atlassian') && /\/comment\/\d+$/.test(new URL(url).pathname);

test('an edit of the origin while its copy is made without an answer is not undone by what the copy shows', async () => {
  let isLost = false;
  const faults = (request: { method: string; url: string }) =>
    isLost && isCreate(request) ? { kind: 'lost-after' as const } : undefined;
  const world = createWorld({ tracker: 'jira-dc', dc: { faults } });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(table('One')) });
  world.clock.advance(20 * minuteMs);
  isLost = true;
  world.onRequest = (_, request) => {
    if (!isCreate(request)) return;
    world.onRequest = undefined;
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(table('Two')) });
    world.clock.advance(5_000);
  };
  await world.cycle();
  isLost = false;
  const told = await rounds(world, 3);
  expect(JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body)).toContain('Two');
  expect(world.there.comments(id)[0]?.text).toContain('Two');
  expect(told).toEqual(['private comment updated']);
});

for (const how of ['died', 'lost'] as const)
  test(`what the tracker made of an edited comment is no edit (${how})`, async () => {
    let isLost = false;
    const faults = (request: { method: string; url: string }) =>
      isLost && isEdit(request) ? { kind: 'lost-after' as const } : undefined;
    const world = createWorld({ tracker: 'jira-dc', dc: { faults } });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(table('One')) });
    await rounds(world, 2);
    world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(table('Two')) });
    world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
    world.clock.advance(minuteMs);
    if (how === 'lost') {
      isLost = true;
      await world.cycle();
      isLost = false;
    } else {
      world.onRequest = (index, request) => {
        if (isEdit(request)) world.killAt = index;
      };
      await expect(world.cycle()).rejects.toThrow(Killed);
      world.onRequest = undefined;
      world.killAt = undefined;
    }
    expect(world.there.comments(id)[0]?.text).toContain('Two');
    expect((await rounds(world, 3)).filter((line) => line.includes('comment'))).toEqual([]);
  });

test('an edit of a copy whose stamp was just written anew crosses (redmine)', async () => {
  const world = createWorld({ tracker: 'redmine' });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Report')) });
  await rounds(world, 2);
  const note = () => world.there.comments(id)[0]!;
  const whole = note().text;
  const bare = whole.slice(0, whole.indexOf('Report') + 'Report'.length);
  world.there.editComment(id, { id: note().id, as: 'dana', text: bare });
  world.clock.advance(20 * minuteMs);
  await world.cycle({ audit: 'full' });
  world.clock.advance(20 * minuteMs);
  world.there.editComment(id, { id: note().id, as: 'dana', text: note().text.replace('Report', 'Report of Dana') });
  world.clock.advance(20 * minuteMs);
  const { result } = await world.cycle({ audit: 'full' });
  expect(result.conflicts).toEqual([]);
  expect(JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body)).toContain('of Dana');
});

test('an edit of a copy whose stamp was just written anew is not undone (redmine)', async () => {
  const world = createWorld({ tracker: 'redmine' });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Report')) });
  await rounds(world, 2);
  world.jira.people.editComment(key, comment.id, { as: world.people.ben, body: documentOf(paragraph('Second report')) });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
  await rounds(world, 2, { audit: 'full' });
  const note = () => world.there.comments(id)[0]!;
  expect(note().text).toContain('Second report');
  world.there.editComment(id, {
    id: note().id,
    as: 'dana',
    text: note()
      .text.replace(/<!--[^]*-->/, '')
      .trim(),
  });
  await rounds(world, 1, { audit: 'full' });
  expect(note().text).toContain('<!--');
  world.clock.advance(20 * minuteMs);
  world.there.editComment(id, {
    id: note().id,
    as: 'dana',
    text: note().text.replace('Second report', 'Second report, of Dana'),
  });
  const told = await rounds(world, 2, { audit: 'full' });
  expect(JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body)).toContain('of Dana');
  expect(note().text).toContain('of Dana');
  expect(told).toEqual(['public comment updated']);
});

test('what was put back on a copy that is found by its stamp crosses, whatever its origin was made by a run that died', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('One')) });
  world.clock.advance(20 * minuteMs);
  await dieAfter(world, ({ method, url }) => method === 'POST' && /\/issues\/\d+\/comments$/.test(new URL(url).pathname));
  const [copy] = world.there.comments(id);
  if (copy === undefined) throw new Error('the copy is missing');
  world.there.editComment(id, { id: copy.id, as: 'dana', text: copy.text.replace('One', 'Two') });
  await dieAfter(world, isCommentEdit);
  const onJira = () => JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body);
  expect(onJira()).toContain('Two');
  world.there.editComment(id, { id: copy.id, as: 'dana', text: copy.text });
  const told = await rounds(world, 3);
  expect(onJira()).toContain('One');
  expect(world.there.comments(id)).toHaveLength(1);
  expect(world.there.comments(id)[0]?.text).toContain('One');
  expect(told.filter((line) => !line.startsWith('public comment'))).toEqual([]);
});

test('what was put back on a copy crosses after an edit of its origin on Jira that nobody answered', async () => {
  const lost = { edit: false };
  const world = createWorld({
    jira: { faults: (request) => (lost.edit && isCommentEdit(request) ? { kind: 'lost-after' } : undefined) },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('One')) });
  await rounds(world, 2);
  const [copy] = world.there.comments(id);
  if (copy === undefined) throw new Error('the copy is missing');
  world.there.editComment(id, { id: copy.id, as: 'dana', text: copy.text.replace('One', 'Two') });
  world.clock.advance(minuteMs);
  lost.edit = true;
  await world.cycle();
  lost.edit = false;
  world.there.editComment(id, { id: copy.id, as: 'dana', text: copy.text });
  const told = await rounds(world, 3);
  expect(JSON.stringify(world.jira.people.issue(key)?.comments[0]?.body)).toContain('One');
  expect(world.there.comments(id)[0]?.text).toContain('One');
  expect(told).toEqual(['public comment updated']);
});
