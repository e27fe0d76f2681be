import { describe, expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { createWorld, Killed } from './world.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

const text = (words: string, ...marks: readonly object[]) => ({ type: 'text', text: words, ...(marks.length > 0 && { marks }) });
const heading = (words: string) => ({ type: 'heading', attrs: { level: 2 }, content: [text(words)] });
const code = (words: string) => ({ type: 'codeBlock', attrs: { language: 'java' }, content: [text(words)] });
const item = (...content: readonly object[]) => ({ type: 'listItem', content });
const bullets = (...content: readonly object[]) => ({ type: 'bulletList', content });
const cell = (type: string, words: string) => ({ type, attrs: {}, content: [paragraph(words)] });
const row = (type: string, ...words: readonly string[]) => ({
  type: 'tableRow',
  content: words.map((one) => cell(type, one)),
});
const richParagraph = (mentioned: string) => ({
  type: 'paragraph',
  content: [
    text('Ask '),
    { type: 'mention', attrs: { id: mentioned, text: '@Ben Okafor' } },
    text(' about ', { type: 'strong' }),
    text('a_b', { type: 'code' }),
    text(' and '),
    text('the guide', { type: 'link', attrs: { href: 'https://example.org/guide?a=1&b=2' } }),
    { type: 'hardBreak' },
    { type: 'inlineCard', attrs: { url: 'https://example.org/card' } },
  ],
});

/** Each kind of block that people write most, and below it the words that GitHub edits. */
const richBlocks = (mentioned: string, ...more: readonly object[]) => [
  heading('Title of it'),
  richParagraph(mentioned),
  code('int a[] = {1}; // *not* bold\n\nh2. no heading'),
  { type: 'panel', attrs: { panelType: 'info' }, content: [paragraph('Mind the gap')] },
  { type: 'blockquote', content: [paragraph('Said so', { type: 'em' })] },
  bullets(item(paragraph('one'), bullets(item(paragraph('under one')))), item(paragraph('two'))),
  { type: 'table', attrs: {}, content: [row('tableHeader', 'Name', 'Age'), row('tableCell', 'Ann', '30')] },
  { type: 'rule' },
  { type: 'expand', attrs: { title: 'Log' }, content: [paragraph('all of it')] },
  ...more,
];

/** How often a text says a line. */
const timesIn = (said: string, words: string): number => said.split(words).length - 1;

describe.each(['words', 'wiki'] as const)('where Jira’s history tells descriptions as %s', (changelogForm) => {
  const worldOf = (): World => createWorld({ jira: { changelogForm } });

  test('what a dead run wrote over a description that was known is no conflict, and nothing is doubled', async () => {
    const world = worldOf();
    const { jira, people, clock, there } = world;
    // In words the history tells no card.
    const isTold = (block: object): boolean => changelogForm === 'wiki' || !JSON.stringify(block).includes('inlineCard');
    const blocks = (last: string) => richBlocks(people.ben, paragraph(last)).filter(isTold);
    const { key, id } = await copiedFromJira(world, ...blocks('Alpha'));
    clock.advance(20 * minuteMs);
    jira.people.editIssue(key, { as: people.ben, description: documentOf(...blocks('Alpha of Ben')) });
    await world.cycle();
    clock.advance(10_000);
    there.edit(id, { as: 'dana', text: there.text(id).replace('Alpha of Ben', 'Alpha of Dana') });
    world.onRequest = (index, { method, url }) => {
      if (method === 'PUT' && /\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) world.killAt = index;
    };
    await expect(world.cycle()).rejects.toThrow(Killed);
    world.killAt = undefined;
    world.onRequest = undefined;
    const written = jira.people.issue(key)?.descriptionText ?? '';
    expect(written).toContain('Alpha of Dana');
    for (let round = 0; round < 3; round += 1) {
      clock.advance(20 * minuteMs);
      const { result } = await world.cycle();
      expect(result.conflicts).toEqual([]);
      expect(result.failures).toEqual([]);
    }
    expect(jira.people.issue(key)?.descriptionText).toBe(written);
    expect(there.text(id)).toContain('Alpha of Dana');
    expect(timesIn(there.text(id), 'Mind the gap')).toBe(1);
    expect(world.violations()).toEqual([]);
  });

  test('what a person writes right before a write comes back as words without signs, once', async () => {
    const world = worldOf();
    const { jira, people, clock, there } = world;
    const { key, id } = await copiedFromJira(
      world,
      ...richBlocks(people.ben, paragraph('Alpha'), paragraph('Secret', { type: 'strong' })),
    );
    clock.advance(20 * minuteMs);
    there.edit(id, { as: 'dana', text: there.text(id).replace('Alpha', 'Alpha of Dana') });
    const added = [
      heading('News'),
      {
        type: 'paragraph',
        content: [
          text('See '),
          text('the log', { type: 'link', attrs: { href: 'https://example.org/log' } }),
          text(' with '),
          { type: 'mention', attrs: { id: people.ann, text: '@Ann Lee' } },
          text(', it is '),
          text('urgent', { type: 'strong' }),
        ],
      },
      code('int b;'),
      bullets(item(paragraph('three', { type: 'em' }))),
    ];
    world.onRequest = (_, { method, url }) => {
      if (method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
      world.onRequest = undefined;
      jira.people.editIssue(key, {
        as: people.ben,
        description: documentOf(...richBlocks(people.ben, paragraph('Alpha'), ...added)),
      });
    };
    const conflicts: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const { result } = await world.cycle();
      conflicts.push(...result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`));
      expect(result.failures).toEqual([]);
      clock.advance(20 * minuteMs);
    }
    expect(conflicts).toEqual(['description merged']);
    const onJira = (jira.people.issue(key)?.descriptionText ?? '').split('\n');
    for (const [line, words] of [
      ['Alpha of Dana', 'Alpha'],
      ['News', 'News'],
      ['int b;', 'int b'],
      ['three', 'three'],
    ] as const) {
      expect(onJira).toContain(line);
      for (const said of [onJira.join('\n'), there.text(id)]) expect(timesIn(said, words)).toBe(1);
    }
    expect(onJira.filter((line) => line.startsWith('See')).map((line) => line.replace('@', ''))).toEqual([
      'See the log with Ann Lee, it is urgent',
    ]);
    for (const said of [onJira.join('\n'), there.text(id)]) {
      expect(said).not.toMatch(/Secret|h2\. News|accountid|example\.org\/log|\{code/);
      expect(timesIn(said, 'Mind the gap')).toBe(1);
    }
    expect(world.violations()).toEqual([]);
  });

  test('an item and a row that a person takes out right before a write go', async () => {
    const world = worldOf();
    const { jira, people, clock, there } = world;
    const blocks = (...kept: readonly string[]) => [
      paragraph('Alpha'),
      bullets(...['keep', ...kept].map((words) => item(paragraph(words, { type: 'strong' })))),
      {
        type: 'table',
        attrs: {},
        content: [row('tableHeader', 'Name', 'Age'), ...kept.map((words) => row('tableCell', `${words} of it`, '42'))],
      },
    ];
    const { key, id } = await copiedFromJira(world, ...blocks('hunter2'));
    clock.advance(20 * minuteMs);
    there.edit(id, { as: 'dana', text: there.text(id).replace('Alpha', 'Alpha of Dana') });
    world.onRequest = (_, { method, url }) => {
      if (method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
      world.onRequest = undefined;
      jira.people.editIssue(key, { as: people.ben, description: documentOf(...blocks()) });
    };
    for (let round = 0; round < 3; round += 1) {
      expect((await world.cycle()).result.conflicts.map(({ outcome }) => outcome)).toEqual(round === 0 ? ['merged'] : []);
      clock.advance(20 * minuteMs);
    }
    for (const said of [jira.people.issue(key)?.descriptionText ?? '', there.text(id)]) {
      expect(said).toContain('Alpha of Dana');
      expect(said).toContain('keep');
      expect(said).toContain('Name');
      expect(said).not.toMatch(/hunter2|42/);
    }
  });
});
