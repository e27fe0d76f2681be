import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { maskPathological } from '../../src/content/bounded-markdown.ts';
import { canonicalText, canonicalTree } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { parseMarkdown, parseWhole } from '../../src/content/parse-markdown.ts';
import { decodeTextile, encodeTextile } from '../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki } from '../../src/content/wiki/wiki.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { textileContext } from './textile/textile-context.ts';
import { wikiContext } from './wiki/wiki-context.ts';

/** How often each kind of node that is more than text stands in a tree: masking is seen in nothing else. */
function countsOf(root: Neutral): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!['root', 'text', 'break'].includes(node.type)) counts[node.type] = (counts[node.type] ?? 0) + 1;
    if ('children' in node) waiting.push(...node.children);
  }
  return counts;
}

/** Lines of a text that many copies of one line are as good as: what stands before them once, and what each is. */
interface Long {
  readonly head?: string;
  readonly line: string;
}

const copiesMax = 700;

/** Each further copy has to bring what the second one brought. */
function expectProportional(read: (text: string) => Neutral, { head = '', line }: Long): void {
  const counts = (copies: number): Readonly<Record<string, number>> => countsOf(read(head + line.repeat(copies)));
  const [one, two, many] = [counts(1), counts(2), counts(copiesMax)];
  const expected = Object.entries(two).map(([type, count]) => {
    const first = one[type] ?? 0;
    return [type, first + (count - first) * (copiesMax - 1)];
  });
  expect(Object.entries(two)).not.toEqual(Object.entries(one));
  expect(many).toEqual(Object.fromEntries(expected));
}

const markdown: Readonly<Record<string, Long>> = {
  'items with bold words': { line: '- **b** w\n' },
  'numbered items with marks': { line: '1. *a* ~~b~~\n' },
  'tasks with bold words': { line: '- [ ] **b** w\n' },
  'items with names of underscores': { line: '- MY_APP_SETTING_5_OF_MANY **must** be set\n' },
  'rows with names and bold words': { head: '| a | b |\n| --- | --- |\n', line: '| MY_APP_SETTING_5 | **must** be set |\n' },
  'rows without bars around them': { head: 'a | b\n--- | ---\n', line: '_a_ | **b** c\n' },
  'headings with marks': { line: '## A **bold** one\n' },
  'quotes of marked lines with an empty one between': { line: '> a **bold** line\n>\n' },
  'quoted items': { line: '> - **b** w\n' },
  'paragraphs with marks': { line: 'a **b** _c_ d\n\n' },
  rules: { line: 'a\n\n---\n\n' },
  'rules alone': { line: '***\n\n---\n\n' },
  'rules without a blank line': { line: '---\n' },
  'rules right below headings': { line: '# a\n---\n' },
  'quotes apart': { line: '> a **bold** line\n\n' },
  'alerts apart': { line: '> [!TIP]\n> a\n\n' },
};

describe('Markdown', () => {
  it.each(Object.entries(markdown))('has all its marks however long it is: %s', (_name, long) => {
    expectProportional((text) => decodeMarkdown(text, markdownContext), long);
    expectProportional((text) => canonicalTree(decodeMarkdown(text, markdownContext)), long);
  });

  it.each(Object.entries(markdown))('arrives with all its marks on every other side: %s', (_name, { head = '', line }) => {
    const root = decodeMarkdown(head + line.repeat(copiesMax), markdownContext);
    const text = canonicalText(root);
    expect(canonicalText(decodeAdf(encodeAdf(root, adfContext), adfContext))).toBe(text);
    expect(canonicalText(decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext))).toBe(text);
  });

  it.each(['> a\n# b\n', '- > a\n', '- a\n  > b\n', '> > a\n> # b\n', '> a\n---\n', '> a\n- b\n', 'a\n-\n', '> # a\n'])(
    'is read back as it was written, where it has more than are read: %j',
    (line) => {
      const root = decodeMarkdown(line.repeat(copiesMax), markdownContext);
      const text = canonicalText(root);
      expect(canonicalText(decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext))).toBe(text);
      expect(canonicalText(decodeAdf(encodeAdf(root, adfContext), adfContext))).toBe(text);
    },
  );

  it('is parsed in parts as it is whole, places included', () => {
    const block = fc.constantFrom(
      'words',
      '# head',
      '> quote\nlazy',
      '- item\n\n  more\n- b',
      '  indented',
      '    code',
      '3. c',
      '```\na\n\nb\n```',
      '~~~~\n~~~\n\nb',
      '````\n\n```',
      '<!-- a\n\nb -->',
      '<!--',
      '-->',
      '<details>\n\na\n\n</details>',
      '<pre>\n\n',
      '</pre>',
      '|a|\n|-|\n|b|',
      '\ufeffmark',
      'a\r\n\r\nb\r\r',
      '---',
      '* * *',
      '[a] and [^b]',
      '[A] and [^B], ![x\n y][c\n> d]',
      '> [x][c\n> d]',
      '[a]: /a',
      '[^b]: b',
      '[^b2]: b\n[^b3]: [a]\n\n    more [^b]',
      '> [C  D]: /c',
      '- [^e]: e',
      '- item\n  ```\n  code',
      '[^g]: note\n\n    ~~~\n    code',
      '> - ```\n>   code',
      '<b>\n[^f]: [^f]',
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 5, maxLength: 30 }), fc.constantFrom('\n\n', '\n'), (blocks, gap) => {
        const times = Math.ceil(400 / blocks.length);
        // Of more footnotes in something else no whole text reads all, and a part of it does.
        fc.pre(blocks.filter((one) => one === '- [^e]: e').length * times <= 100);
        const text = `a\n\n`.concat(...Array.from({ length: times }, () => `${blocks.join(gap)}${gap}\n`));
        expect(parseMarkdown(text).children).toEqual(parseWhole(text).children);
      }),
      { numRuns: 15 },
    );
  });

  it('is parsed in parts as it is whole where code or HTML has many lines, places included', () => {
    const lines = (line: string): string => line.repeat(310);
    const block = fc.constantFrom(
      'words',
      '- item',
      '> quote',
      '<div>\na',
      '<!--',
      '```',
      '~~~~ x',
      '[a] and [^b]',
      '[a]: /a',
      '|a|\n|-|',
      `\`\`\`js "a" \\* &amp;\n${lines('[a]\n\n')}\`\`\``,
      `\`\`\`\`\r\n${lines('```\r\n')}   \`\`\`\`\`  `,
      `~~~ a\`b\n${lines('\n')}~~~ no\n    ~~~\n~~~\t`,
      `\`\`\` \`a\`\n${lines('\n')}`,
      `  ~~~\n${lines('  a\n\n')}~~~`,
      `- ~~~\n${lines('  a\n\n')}  ~~~`,
      `~~~\n${lines(' \n\0\ufdd0')}~~~`,
      `~~~\r${lines('\r')}~~~`,
      `~~~\n${lines('a\n\n')}`,
      `<pre>\n${lines('b\n\n')}</pre> c`,
      `<PRE a>${lines('\n')}</Style>`,
      `<prefix>\n${lines('b\n\n')}</pre>`,
      `<!--\n${lines('[a]\n\n')}--> c`,
      `<!-->\n${lines('a\n\n')}-->`,
      `<?a\n${lines('a\n\n')}?>`,
      `<!a\n${lines('a\n\n')}>`,
      `<![CDATA[\n${lines('a\n\n')}]]>`,
      `<script\n${lines('a\n\n')}`,
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n\n', '\n', ''), (blocks, gap) => {
        const text = blocks.join(`${gap}\n`);
        expect(parseMarkdown(text).children).toEqual(parseWhole(text).children);
      }),
      { numRuns: 60 },
    );
  });

  it('is parsed in parts as it is whole where one list is longer than a part, places included', () => {
    const item = fc.constantFrom(
      '- item',
      '- [x] task',
      '- [link][a]',
      '* other',
      '1. one',
      '12. twelve',
      '3) three',
      '-',
      '- - a',
      '- > a\n',
      '- ```\n  code',
      '- ```\ncode',
      '- <pre>\n',
      '- <!-- a',
      '  - below',
      '    - deep',
      '      more',
      '  [a]: /a',
      '  # head',
      'lazy',
      ' - b',
      '\n  apart',
      '',
      '\n',
      '- |a|\n  |-|\n  |b|',
      '-\tb',
      '+ c\r\n',
      '- `a',
      '- [^e]',
    );
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 14 }), fc.constantFrom('- ', '2. ', ''), (items, marker) => {
        const times = Math.ceil(700 / items.length);
        const text = Array.from({ length: times }, (_, time) => `${marker}${time}\n${items.join('\n')}\n`).join('');
        // What there is too much of in a whole text counts anew in each of its parts.
        fc.pre(!maskPathological(text).changed);
        expect(parseMarkdown(text).children).toEqual(parseWhole(text).children);
      }),
      { numRuns: 15 },
    );
  });

  it.each(['a ![^b] c', '![^b][^b]', '[^b]', '[t][^b]', '[^x y]', '![^x y]', '[t][^x y]', '[b]'])(
    'takes no label of a footnote that is in another part for one of a link: %s',
    (use) => {
      const text = `${use}\n\n${'words\n\n'.repeat(400)}[^b]: note\n\n[^x y]: /u\n`;
      expect(parseMarkdown(text).children).toEqual(parseWhole(text).children);
    },
  );

  it('counts delimiters in each paragraph alone, also in a line that only looks like an item', () => {
    const read = (text: string): number => countsOf(decodeMarkdown(text, markdownContext))['strong'] ?? 0;
    // No list that begins with another number than 1 interrupts a paragraph.
    const looksLikeItems = (lines: number): string => `a\n${'2) **b** w\n'.repeat(lines)}`;
    expect(read(looksLikeItems(200))).toBe(200);
    expect(read(looksLikeItems(251))).toBe(250);
    expect(read(`${looksLikeItems(250)}\n${looksLikeItems(250)}`)).toBe(500);
  });

  it('counts no underscores within words, nor what is escaped', () => {
    const words = 'A_B c \\* '.repeat(700);
    expect(countsOf(decodeMarkdown(`${words}**b**`, markdownContext))).toMatchObject({ strong: 1 });
  });
});

const marked: Readonly<Record<string, Long>> = {
  items: { line: '* *b* w\n' },
  'numbered items': { line: '# _b_ w\n' },
  rows: { line: '| MY_APP_SETTING_5 | *must* be set |\n' },
};

describe.each([
  ['wiki markup', (text: string) => decodeWiki(text, wikiContext), (root: Neutral) => encodeWiki(root, wikiContext)],
  ['Textile', (text: string) => decodeTextile(text, textileContext), (root: Neutral) => encodeTextile(root, textileContext)],
])('%s', (_name, read, write) => {
  it.each(Object.entries(marked))('has all its marks on GitHub however long it is: %s', (_kind, long) => {
    expectProportional((text) => canonicalTree(read(text)), long);
    const toGitHub = (text: string): string => encodeMarkdown(read(text), markdownContext);
    expectProportional((text) => decodeMarkdown(toGitHub(text), markdownContext), long);
    expectProportional((text) => read(write(decodeMarkdown(toGitHub(text), markdownContext))), long);
  });
});
