import { expect, test } from 'vitest';
import { isCommentEdit } from './comment-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { PrivateKind } from './world.ts';

/** A comment of Dana's whose own first line looks like an author line, and its copy on Jira. */
async function quoted(tracker: PrivateKind) {
  const world = createWorld({ tracker });
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'Text' });
  const origin = world.there.addComment(id, { as: 'dana', text: 'Ann Lee commented:\n\nIt works.' });
  await rounds(world, 2);
  const [issue] = world.jira.people.issues();
  const { key = '', comments = [] } = issue ?? {};
  expect(comments[0]?.text).toMatch(/^\S.* commented:\s+Ann Lee commented:\s+It works\.$/);
  const [authorLine = ''] = comments[0]?.text.split('\n') ?? [];
  const copy = comments[0]?.id ?? '';
  return {
    world,
    origin: () => world.there.comments(id)[0]?.text ?? '',
    authorLine,
    /** Dana writes her comment anew. */
    write: (text: string) => world.there.editComment(id, { id: origin, as: 'dana', text }),
    /** Somebody makes these paragraphs of the copy; its issue changes, too, so that a listing shows it. */
    edit: (...lines: readonly string[]) => {
      const body = documentOf(...lines.map((line) => paragraph(line)));
      world.jira.people.editComment(key, copy, { as: world.people.ben, body });
      world.jira.people.editIssue(key, { as: world.people.ben, summary: `Title ${lines.join(' ')}` });
    },
    onJira: () => world.jira.people.issue(key)?.comments[0]?.text ?? '',
  };
}

test.each<PrivateKind>(['github', 'jira-dc', 'redmine'])(
  'a person who takes the author line off a copy takes nothing else away (%s)',
  async (tracker) => {
    const { world, edit, origin, write, onJira } = await quoted(tracker);
    const before = origin();
    edit('Ann Lee commented:', 'It works.');
    expect(await rounds(world, 2)).toEqual(['private summary updated']);
    expect(origin()).toBe(before);
    const { result } = await world.cycle({ audit: 'full' });
    expect(result.differences).toEqual([]);
    edit('Ann Lee commented:', 'It works here, too.');
    await rounds(world, 2);
    expect(origin()).toMatch(/^Ann Lee commented:\s+It works here, too\./);
    write('Ann Lee commented:\n\nIt works nowhere.');
    await rounds(world, 2, { audit: 'full' });
    expect(onJira()).toMatch(/^\S.* commented:\s+Ann Lee commented:\s+It works nowhere\.$/);
  },
);

test('a person who takes the author line off a copy and edits it at once takes nothing else away', async () => {
  const { world, edit, origin } = await quoted('github');
  edit('Ann Lee commented:', 'It works here, too.');
  await rounds(world, 2);
  expect(origin()).toMatch(/^Ann Lee commented:\s+It works here, too\./);
});

test('an author line of another name, as after its author took a new one, is none of the comment', async () => {
  const { world, edit, origin } = await quoted('github');
  edit('Dana Before commented:', 'Ann Lee commented:', 'It works here, too.');
  await rounds(world, 2);
  expect(origin()).toMatch(/^Ann Lee commented:\s+It works here, too\./);
  edit('Dana Before commented:', 'It works.');
  await rounds(world, 2);
  expect(origin()).toMatch(/^It works\./);
});

test('a first line that its author begins the comment with looks like the author line of the copy: both stand there', async () => {
  const { world, origin, authorLine, write, onJira, edit } = await quoted('github');
  write('It works.');
  await rounds(world, 2);
  write(`${authorLine}\n\nIt works here, too.`);
  expect(await rounds(world, 2)).toEqual(['public comment updated']);
  expect(onJira().split(/\n+/)).toEqual([authorLine, authorLine, 'It works here, too.']);
  edit(authorLine, authorLine, 'It works.');
  await rounds(world, 2);
  expect(origin()).toMatch(new RegExp(`^${authorLine}\\s+It works\\.`));
});

test('an edit of an origin that is put back keeps a first line that looks like an author line', async () => {
  const world = createWorld();
  await copiedFromJira(world, paragraph('Alpha'));
  const { there, people, jira } = world;
  const [id = ''] = there.ids();
  const origin = there.addComment(id, { as: 'dana', text: 'Ann Lee commented:\n\nIt works.\n\nLast.' });
  await rounds(world, 2);
  const [issue] = jira.people.issues();
  const copy = issue?.comments[0]?.id ?? '';
  const body = documentOf(
    ...['dana commented:', 'Ann Lee commented:', 'It works.', 'Last of Ben.'].map((line) => paragraph(line)),
  );
  jira.people.editComment(issue?.key ?? '', copy, { as: people.ben, body });
  jira.people.editIssue(issue?.key ?? '', { as: people.ben, summary: 'Title of Ben' });
  world.onRequest = (_, request) => {
    if (!isCommentEdit(request)) return;
    world.onRequest = undefined;
    there.editComment(id, { id: origin, as: 'dana', text: 'Ann Lee commented:\n\nIt works for Dana.\n\nLast.' });
  };
  expect((await rounds(world, 3)).filter((line) => line.startsWith('conflict'))).toHaveLength(1);
  expect(world.onRequest).toBeUndefined();
  expect(there.comments(id)[0]?.text).toMatch(/^Ann Lee commented:\s+It works for Dana\./);
});
