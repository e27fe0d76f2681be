import { expect, test } from 'vitest';
import { cutNotice } from '../../src/content/cut-notice.ts';
import { isCommentEdit } from './comment-edit.ts';
import { paragraph } from './jira-origin.ts';
import {
  astray,
  bodyOf,
  commentOf,
  copyOf,
  cycleOfNextDay,
  editJira,
  editJiraComment,
  expectQuiet,
  longComment,
  longIssue,
  minuteMs,
  paragraphs,
  type AdfBlock,
  type Long,
} from './long-issue.ts';
import { linesOf } from './rounds.ts';
import { Killed } from './world.ts';

const textOf = (long: Long): string => bodyOf(long).split('\n\n<!-- ')[0] ?? '';
const copyOfComment = ({ world, key }: Long): string => world.jira.people.issue(key)?.comments[0]?.text ?? '';

test.each([
  ['begins as the notice of a cut copy', 'This text was cut by Sallyport. Why does Jira show that?'],
  ['is the notice, from elsewhere', cutNotice],
])('a paragraph that %s crosses, and stays with an edit of the copy', async (_, quoted) => {
  const long = await longIssue(`First.\n\n${quoted}`);
  const { world, number } = long;
  world.github.addComment({ repository: world.repository, number, as: 'dana', body: `One.\n\n${quoted}` });
  await world.cycle();
  expect(copyOf(long)).toContain(quoted);
  expect(copyOfComment(long)).toContain(quoted);
  for (const isLost of [false, true]) {
    if (isLost) world.states.clear();
    editJira(long, (blocks) => void blocks.splice(1, 0, paragraph('Added.')));
    editJiraComment(long, (blocks) => void blocks.splice(2, 0, paragraph('Added.')));
    expect((await cycleOfNextDay(long)).result.conflicts).toEqual([]);
  }
  expect(bodyOf(long).startsWith(`First.\n\nAdded.\n\nAdded.\n\n${quoted}`)).toBe(true);
  expect(commentOf(long).startsWith(`One.\n\nAdded.\n\nAdded.\n\n${quoted}`)).toBe(true);
  await expectQuiet(long);
});

test('a paragraph of a cut copy that begins as its notice does stays with an edit of the copy', async () => {
  const quoted = 'This text was cut by Sallyport. Why does Jira show that?';
  const long = await longIssue([quoted, ...paragraphs(450)].join('\n\n'));
  editJira(long, (blocks) => void blocks.splice(1, 0, paragraph('Added.')));
  await long.world.cycle();
  expect(bodyOf(long).startsWith(`${quoted}\n\nAdded.\n\nParagraph 0 `)).toBe(true);
  await expectQuiet(long);
});

const wordsOf = (blocks: AdfBlock[]): { text?: string } => blocks.at(-1)?.content?.[0] ?? {};

type Change = (blocks: AdfBlock[]) => void;
const changes: readonly (readonly [string, Change])[] = [
  ['removed', (blocks) => void blocks.pop()],
  ['given other words', (blocks) => void (wordsOf(blocks).text = cutNotice.replace('was cut', 'has been cut'))],
  ['put into a quote', (blocks) => void blocks.push({ type: 'blockquote', content: blocks.splice(-1) })],
  ['put into a panel', (blocks) => void blocks.push({ type: 'panel', attrs: { panelType: 'info' }, content: blocks.splice(-1) })],
  [
    'made an item',
    (blocks) => void blocks.push({ type: 'bulletList', content: [{ type: 'listItem', content: blocks.splice(-1) }] }),
  ],
  ['moved to the top', (blocks) => void blocks.unshift(...blocks.splice(-1))],
  [
    'joined to the paragraph before it',
    (blocks) => {
      const notice = blocks.pop();
      blocks.at(-1)?.content?.push({ type: 'hardBreak' }, ...(notice?.content ?? []));
    },
  ],
];

test.each(changes)(
  'a notice that was %s changes nothing at the origin, and stands again with the next write',
  async (_, change) => {
    const body = paragraphs(450).join('\n\n');
    const long = await longIssue(body);
    const { world, number } = long;
    editJira(long, change);
    expect(linesOf((await world.cycle()).result)).toEqual([]);
    expect(bodyOf(long)).toBe(body);
    world.states.clear();
    world.clock.advance(minuteMs);
    await world.cycle();
    expect(bodyOf(long)).toBe(body);
    editJira(long, (blocks) => void blocks.splice(3, 0, paragraph('Added in the copy.')));
    await world.cycle();
    expect(astray(bodyOf(long), [...paragraphs(450), 'Added in the copy. '])).toEqual([]);
    expect(bodyOf(long)).not.toContain('by Sallyport');
    world.clock.advance(minuteMs);
    world.github.editIssue({ repository: world.repository, number, as: 'dana', body: `New.\n\n${bodyOf(long)}` });
    await world.cycle();
    expect(copyOf(long).endsWith(cutNotice)).toBe(true);
    expect(copyOf(long).split('by Sallyport')).toHaveLength(2);
    await expectQuiet(long);
  },
);

test.each<readonly [string, string, Change]>([
  ['before', 'Mind.', (blocks) => void (wordsOf(blocks).text = `Mind. ${cutNotice}`)],
  ['after', 'Mind.', (blocks) => void (wordsOf(blocks).text = `${cutNotice} Mind.`)],
  ['around', 'Mind. That.', (blocks) => void (wordsOf(blocks).text = `Mind. ${cutNotice} That.`)],
  ['in a paragraph after', 'Mind.', (blocks) => void blocks.push(paragraph('Mind.'))],
])('words that were written %s the notice cross without it', async (_, words, change) => {
  const long = await longIssue(paragraphs(450).join('\n\n'));
  const kept = copyOf(long).split('Paragraph ').length - 1;
  editJira(long, change);
  await long.world.cycle();
  const expected = paragraphs(450).toSpliced(kept, 0, words).join('\n\n');
  expect(textOf(long)).toBe(expected);
  long.world.states.clear();
  await long.world.cycle();
  expect(textOf(long)).toBe(expected);
  await expectQuiet(long);
});

test('edits of the notice of a cut comment change nothing at the origin', async () => {
  const long = await longComment(450);
  const standing: AdfBlock[] = [];
  for (const [, change] of changes) {
    editJiraComment(long, (blocks) => {
      if (standing.length === 0) standing.push(...structuredClone(blocks));
      change(blocks);
    });
    expect(linesOf((await cycleOfNextDay(long)).result)).toEqual([]);
    editJiraComment(long, (blocks) => void blocks.splice(0, blocks.length, ...standing));
    await cycleOfNextDay(long);
  }
});

test.each([false, true])(
  'an origin that became as short as its cut copy takes the notice off that (state lost: %s)',
  async (isLost) => {
    const long = await longComment(450);
    const { world, number, id } = long;
    world.github.editIssue({ repository: world.repository, number, as: 'dana', body: paragraphs(450).join('\n\n') });
    world.clock.advance(minuteMs);
    await world.cycle();
    const beginningOf = (copy: string) => paragraphs(copy.split('Paragraph ').length - 1).join('\n\n');
    const body = beginningOf(copyOf(long));
    const comment = beginningOf(copyOfComment(long));
    expect(copyOfComment(long)).toContain(cutNotice);
    world.clock.advance(minuteMs);
    world.github.editIssue({ repository: world.repository, number, as: 'dana', body });
    world.github.editComment({ repository: world.repository, id, as: 'dana', body: comment });
    if (isLost) world.states.clear();
    await cycleOfNextDay(long);
    expect(copyOf(long)).not.toContain('by Sallyport');
    expect(copyOfComment(long)).not.toContain('by Sallyport');
    await expectQuiet(long);
    expect(bodyOf(long)).toBe(body);
    expect(commentOf(long).startsWith(comment)).toBe(true);
  },
);

test.each(['description', 'comment'])('a %s that a run cut in its copy, and died, is read without the notice', async (what) => {
  const long = await longIssue('Short.');
  const { world, number } = long;
  const { id } = world.github.addComment({ repository: world.repository, number, as: 'dana', body: 'Short.' });
  await world.cycle();
  world.clock.advance(minuteMs);
  const body = paragraphs(450).join('\n\n');
  if (what === 'comment') world.github.editComment({ repository: world.repository, id, as: 'dana', body });
  else world.github.editIssue({ repository: world.repository, number, as: 'dana', body });
  world.onRequest = (index, request) => {
    const isIssue = request.method === 'PUT' && /\/issue\/\d+$/.test(new URL(request.url).pathname);
    if (what === 'comment' ? isCommentEdit(request) : isIssue) world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.onRequest = undefined;
  world.killAt = undefined;
  expect(what === 'comment' ? copyOfComment(long) : copyOf(long)).toContain(cutNotice);
  const { result } = await cycleOfNextDay(long);
  expect(result.conflicts).toEqual([]);
  await expectQuiet(long);
  expect(what === 'comment' ? commentOf(long) : bodyOf(long)).toBe(body);
});
