import { expect, test } from 'vitest';
import { paragraph } from './jira-origin.ts';
import {
  astray,
  bodyOf,
  commentOf,
  copyOf,
  cycleOfNextDay,
  dayMs,
  editJira,
  editJiraComment,
  expectQuiet,
  longComment,
  longIssue,
  minuteMs,
  paragraphs,
  type AdfBlock,
} from './long-issue.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

test.each([600, 850, 900])(
  'edits of the cut copy of a description of %i paragraphs leave the rest of its origin',
  async (count) => {
    const long = await longIssue(paragraphs(count).join('\n\n'));
    expect(copyOf(long)).toContain('This text was cut by Sallyport.');
    editJira(long, (blocks) => {
      blocks[1] = paragraph('Paragraph 1 ends. Edited in the copy.');
      blocks.splice(5, 0, paragraph('Added in the copy.'));
    });
    const first = await long.world.cycle();
    expect(first.result.failures).toEqual([]);
    expect(first.result.conflicts).toEqual([]);
    expect(bodyOf(long)).toContain('Edited in the copy.');
    expect(astray(bodyOf(long), [...paragraphs(count), 'Added in the copy. '])).toEqual([]);
    long.world.clock.advance(minuteMs);
    editJira(long, (blocks) => void blocks.splice(2, 1));
    await long.world.cycle();
    expect(astray(bodyOf(long), [...paragraphs(count), 'Added in the copy. '])).toEqual(['Paragraph 2 ends']);
    await expectQuiet(long);
  },
);

test('an edit of a copy that its origin has no room for is left there and reported once, and the origin stays whole', async () => {
  const start = `${paragraphs(900).join('\n\n')}\n\n`;
  const body = start + 'x'.repeat(65_000 - start.length);
  const long = await longIssue(body);
  editJira(long, (blocks) => blocks.splice(0, 0, paragraph(`New. ${'more '.repeat(600)}`)));
  const cycle = await long.world.cycle();
  expect(bodyOf(long)).toBe(body);
  expect(cycle.result.failures).toMatchObject([{ what: 'description', parked: true }]);
  expect(cycle.result.failures[0]?.message).toContain('65,536');
  expect(copyOf(long)).toContain('New. more');
  await expectQuiet(long);
  editJira(long, (blocks) => void blocks.splice(0, 1, paragraph('New, and short.')));
  await long.world.cycle();
  expect(bodyOf(long)).toContain('New, and short.');
  expect(astray(bodyOf(long), paragraphs(900))).toEqual([]);
});

test('a text of nearly all that GitHub takes is edited from its copy', async () => {
  const start = `${paragraphs(900).join('\n\n')}\n\n`;
  const long = await longIssue(start + 'x'.repeat(65_500 - start.length));
  expect(bodyOf(long)).toHaveLength(65_500);
  editJira(long, (blocks) => void blocks.splice(0, 1, paragraph('Paragraph 0 ends.')));
  long.world.jira.people.editIssue(long.key, { as: long.world.people.ben, summary: 'Long and renamed' });
  const cycle = await long.world.cycle();
  expect(cycle.result.failures).toEqual([]);
  expect(astray(bodyOf(long), paragraphs(900))).toEqual([]);
  expect(bodyOf(long).startsWith('Paragraph 0 ends.\n\nParagraph 1')).toBe(true);
  expect(long.world.github.issue(long.world.repository, long.number)?.title).toBe('Long and renamed');
  await expectQuiet(long);
});

test('where both sides changed a cut description the origin stands, once, and the conflict is reported', async () => {
  const long = await longIssue(paragraphs(600).join('\n\n'));
  const body = ['New at the top.', ...paragraphs(600)].join('\n\n');
  long.world.github.editIssue({ repository: long.world.repository, number: long.number, as: 'dana', body });
  long.world.clock.advance(minuteMs);
  editJira(long, (blocks) => void blocks.splice(0, 1, paragraph('Edited in the copy.')));
  const cycle = await long.world.cycle();
  expect(cycle.result.conflicts).toMatchObject([{ field: 'description', outcome: 'private' }]);
  expect(bodyOf(long)).toBe(body);
  expect(copyOf(long)).toContain('New at the top.');
  expect(copyOf(long)).not.toContain('Edited in the copy.');
  await expectQuiet(long);
});

test('a copy that holds no whole block of its origin takes no edit: the origin stands and the conflict is reported', async () => {
  const body = Array.from({ length: 7_000 }, (_, index) => `w${index}`).join(' ');
  const long = await longIssue(body);
  editJira(long, (blocks) => blocks.splice(0, 0, paragraph('Added in the copy.')));
  const cycle = await long.world.cycle();
  expect(cycle.result.conflicts).toMatchObject([{ field: 'description', outcome: 'private' }]);
  expect(bodyOf(long)).toBe(body);
  await expectQuiet(long);
});

const words = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `w${index} ${'of this line '.repeat(2)}`.trim());

const editedWord = (blocks: AdfBlock[]): AdfBlock[] => JSON.parse(JSON.stringify(blocks).replace('w7 of', 'Edited of'));

test.each([
  [
    'items',
    words(1_500)
      .map((word) => `* ${word}`)
      .join('\n'),
  ],
  [
    'rows',
    `|a|b|\n|-|-|\n${words(1_400)
      .map((word) => `|${word}|same|`)
      .join('\n')}`,
  ],
  ['lines of code', `\`\`\`\n${words(1_500).join('\n')}\n\`\`\``],
  ['blocks of details', `<details>\n<summary>Log</summary>\n\n${words(1_200).join('\n\n')}\n\n</details>\n\nThe end.`],
])('a copy that holds no whole block takes an edit of one of its %s', async (_, body) => {
  const long = await longIssue(body);
  editJira(long, (blocks) => void blocks.splice(0, blocks.length, ...editedWord(blocks)));
  const cycle = await long.world.cycle();
  expect(cycle.result.conflicts).toEqual([]);
  expect(bodyOf(long)).toContain(body.replace(/w7 of/, 'Edited of'));
  await long.world.cycle();
  expect(copyOf(long)).toContain('Edited of');
  expect(copyOf(long)).toContain('This text was cut by Sallyport.');
  await expectQuiet(long);
});

test('a comment whose copy holds no whole block takes an edit of one of its items', async () => {
  const long = await longIssue('Short.');
  const body = words(1_500)
    .map((word) => `* ${word}`)
    .join('\n');
  long.world.github.addComment({
    repository: long.world.repository,
    number: long.number,
    as: 'dana',
    body,
  });
  await long.world.cycle();
  editJiraComment(long, (blocks) => void blocks.splice(0, blocks.length, ...editedWord(blocks)));
  const first = await cycleOfNextDay(long);
  expect(first.result.conflicts).toEqual([]);
  expect(commentOf(long)).toContain(body.replace('w7 of', 'Edited of'));
  await cycleOfNextDay(long);
  await expectQuiet(long);
});

test('edits of both sides that merge into a text too long for the copy lose nothing', async () => {
  const before = paragraphs(350);
  const long = await longIssue(before.join('\n\n'));
  expect(copyOf(long)).not.toContain('This text was cut by Sallyport.');
  const added = paragraphs(600).slice(350);
  const body = [...before, ...added].join('\n\n');
  long.world.github.editIssue({ repository: long.world.repository, number: long.number, as: 'dana', body });
  long.world.clock.advance(minuteMs);
  editJira(long, (blocks) => void blocks.splice(0, 1, paragraph('Paragraph 0 ends. Edited in the copy.')));
  const cycle = await long.world.cycle();
  expect(cycle.result.conflicts).toMatchObject([{ field: 'description', outcome: 'merged' }]);
  expect(bodyOf(long)).toContain('Edited in the copy.');
  expect(copyOf(long)).toContain('Edited in the copy.');
  expect(copyOf(long)).toContain('This text was cut by Sallyport.');
  expect(astray(bodyOf(long), paragraphs(600))).toEqual([]);
  await expectQuiet(long);
});

test('a copy that was cut becomes whole again with its origin, and is then edited as a whole', async () => {
  const long = await longIssue(paragraphs(600).join('\n\n'));
  const { world, number } = long;
  const shorter = paragraphs(100);
  world.github.editIssue({ repository: world.repository, number, as: 'dana', body: shorter.join('\n\n') });
  await world.cycle();
  expect(copyOf(long)).not.toContain('This text was cut by Sallyport.');
  world.clock.advance(minuteMs);
  editJira(long, (blocks) => void blocks.splice(99, 1));
  await world.cycle();
  expect(astray(bodyOf(long), shorter)).toEqual(['Paragraph 99 ends']);
  await expectQuiet(long);
});

test.each([
  ['with the state', 450, false],
  ['after the state was lost', 450, true],
  ['longer than GitHub copies may be', 900, false],
])('edits of the cut copy of a comment leave the rest of its origin, %s', async (_, count, isLost) => {
  const long = await longComment(count);
  if (isLost) long.world.states.clear();
  editJiraComment(long, (blocks) => {
    blocks[2] = paragraph('Paragraph 1 ends. Edited in the copy.');
    blocks.splice(5, 0, paragraph('Added in the copy.'));
  });
  const first = await cycleOfNextDay(long);
  expect(first.result.failures).toEqual([]);
  expect(first.result.conflicts).toEqual([]);
  expect(commentOf(long)).toContain('Edited in the copy.');
  expect(astray(commentOf(long), [...paragraphs(count), 'Added in the copy. '])).toEqual([]);
  if (isLost) long.world.states.clear();
  editJiraComment(long, (blocks) => void blocks.splice(3, 1));
  await cycleOfNextDay(long);
  expect(astray(commentOf(long), [...paragraphs(count), 'Added in the copy. '])).toEqual(['Paragraph 2 ends']);
  await expectQuiet(long);
});

test('where both sides changed a cut comment the origin stands and the conflict is reported', async () => {
  const long = await longComment(450);
  const body = ['New at the top.', ...paragraphs(450)].join('\n\n');
  long.world.github.editComment({ repository: long.world.repository, id: long.id, as: 'dana', body });
  long.world.clock.advance(minuteMs);
  editJiraComment(long, (blocks) => void blocks.splice(1, 1, paragraph('Edited in the copy.')));
  const cycle = await cycleOfNextDay(long);
  expect(cycle.result.conflicts).toMatchObject([{ field: 'comment', outcome: 'private' }]);
  expect(commentOf(long)).toBe(body);
  expect(long.world.jira.people.issue(long.key)?.comments[0]?.text).toContain('New at the top.');
  await expectQuiet(long);
});

test('a comment whose copy was edited on the day when it was removed is removed there too, and the lost edit is reported once', async () => {
  const long = await longIssue('Short.');
  const { world, number, key } = long;
  const comment = world.github.addComment({ repository: world.repository, number, as: 'dana', body: 'Words.' });
  await world.cycle();
  world.clock.advance(minuteMs);
  world.github.deleteComment({ repository: world.repository, id: comment.id });
  editJiraComment(long, (blocks) => void blocks.splice(1, 1, paragraph('Words that are lost.')));
  const conflicts = [];
  for (const pauseMs of [minuteMs, 11 * minuteMs, dayMs, 11 * minuteMs, minuteMs]) {
    world.clock.advance(pauseMs);
    conflicts.push(...(await world.cycle()).result.conflicts);
  }
  expect(world.jira.people.issue(key)?.comments).toEqual([]);
  expect(conflicts).toMatchObject([{ field: 'comment', outcome: 'private' }]);
  expect(conflicts[0]?.links.private).not.toBe('');
  await expectQuiet(long);
});

// GitHub takes one character more than Jira does; what no cut may part leaves room for another one.
const titleOf = (end: string): string => `Teh plan ${'x'.repeat(256 - 9 - end.length)}${end}`;

test.each<readonly [string, { end: string; edit: (copy: string) => string; whole: string; conflicts?: readonly string[] }]>([
  [
    'is joined to the rest',
    { end: '1234', edit: (copy) => copy.replace('Teh', 'The'), whole: titleOf('1234').replace('Teh', 'The') },
  ],
  [
    'has all of it shown that fits then',
    { end: '1234', edit: (copy) => copy.replace('Teh ', ''), whole: titleOf('1234').slice(4) },
  ],
  ['stands where it takes the ellipsis away', { end: '1234', edit: () => 'Another plan', whole: 'Another plan' }],
  [
    'gives way where there is no room for the rest',
    {
      end: '\u{1F600}1',
      edit: (copy) => copy.replace('Teh', 'They'),
      whole: titleOf('\u{1F600}1'),
      conflicts: ['conflict summary private'],
    },
  ],
])('an edit of a summary that was cut %s', async (_, { end, edit, whole, conflicts = [] }) => {
  const world = createWorld();
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: titleOf(end), text: 'Text' });
  await world.cycle();
  const [issue] = world.jira.people.issues();
  const { key = '', summary = '' } = issue ?? {};
  expect(summary).toMatch(/^Teh plan .*…$/);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: edit(summary) });
  const told = await rounds(world, 3);
  expect(world.there.summary(id)).toBe(whole);
  const shown = world.jira.people.issue(key)?.summary ?? '';
  if (whole.length > 255) expect(whole).toContain(shown.replace(/…$/, ''));
  else expect(shown).toBe(whole);
  expect(told.filter((line) => line.startsWith('conflict'))).toEqual(conflicts);
  const { result } = await world.cycle({ audit: 'full' });
  expect(result.differences).toEqual([]);
});
