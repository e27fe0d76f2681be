import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import { maskPathological, unmask } from '../../src/content/bounded-markdown.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { cutToLength } from '../../src/content/limits.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { AdfNode } from '../../src/content/adf-document.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { within, within2s, withWord } from './cpu-time.ts';

const lengthMax = 65_536;

/** Each took the parser longer than linear time, or overflowed a stack, or could have. */
const units: Readonly<Record<string, string>> = {
  'emphasis that never ends': '*a_ ',
  'opened strong emphasis': '**a ',
  'comments that nothing ends': '<b><!--]a',
  'declarations that nothing ends': '<b><!a ',
  'instructions that nothing ends': 'a<?b ',
  tildes: '~a ~~b ',
  'opening brackets': '[',
  'closing brackets': 'a]',
  'opening images': '![',
  'opening links': '[a](b',
  'closing links': 'a](b) ',
  'reference links': '[a][b]',
  'every delimiter': '*_~[`<',
  'quotes in quotes': '>',
  'lists in lists': '- ',
  'numbered lists in lists': '1. ',
  'lists and quotes in each other': '> - ',
  'quotes beside quotes': '> a\n\n',
  'underlined headings': 'a\n-\n',
  'doubly underlined headings': 'a\n=\n',
  headings: '# a\n',
  'lines of a paragraph': 'a\n',
  'items of a list': '- a\n',
  'numbered items': '1. a\n\n',
  tasks: '- [ ] a\n',
  'rows of a table': '|a|b\n',
  'links that end at once': '[a](',
  'words in brackets': '[a|http://b.c]',
  tables: '|a|\n|-|\n|b|\n\n',
  'cells of a row': '|a',
  'code spans': '`a`',
  entities: '&amp;',
  escapes: '\\*',
  'opening tags': '<a ',
  'opening elements': '<b>',
  'open quotes in tags': '<a b="',
  comments: '<!--',
  'nested elements': '<details>\n\n',
  'nested tables': '<table><tr><td>\n\n',
  'nested lists of HTML': '<ul><li>',
  'web addresses': 'http://a.b ',
  'addresses without borders': 'http://a.b',
  'e-mail addresses': 'a@b.c ',
  'e-mail addresses behind their scheme': 'mailto:a@b.c ',
  'addresses of XMPP': 'xmpp:a@b.c/d. ',
  footnotes: '[^a]: b\n\n',
  'footnotes in a footnote': '[^a]:\n    ',
  'footnotes in footnotes': '[^a]: ',
  'footnotes in quotes': '> [^a]: ',
  'quotes in footnotes': '[^a]: > ',
  'footnotes in items': '- [^a]: a\n',
  definitions: '[a]: b\n',
  mentions: '@a #1 ',
  colons: ':a',
  parentheses: '(((',
  'emphasis of two kinds in one run': '*_',
  'bare addresses without a scheme': 'www.a.b ',
  'images in a line': '![a](http://b/c) ',
  'alerts beside alerts': '> [!NOTE]\n> a\n\n',
  'paragraphs of one quote': '> a\n>\n',
  'quotes that lines go on with': '> a\nb\nb\nb\nb\n',
  'items that lines go on with': '- a\nb\nb\nb\nb\n',
  'lists of two markers': '- a\n* b\n',
  'empty items': '-\n',
  'pipes on lines': 'a|\n',
  'brackets on lines': '[a\n',
  'tags on lines': '<a\n',
  'hard breaks': 'a  \n',
  'paragraphs with emphasis': 'a *b* c_d\n\n',
  'items with emphasis': '- *a* **b** _c_\n',
  'lines that look like items': '2) *a* **b** _c_\n',
  'lines that look like rows': '| *a* | **b**\n',
  'headings with emphasis': '# *a* **b** ~~c~~\n',
  'quoted lines with emphasis': '> *a* **b** _c_\n',
  'quoted paragraphs with emphasis': '> *a* **b** _c_\n>\n',
  'paragraphs of as many delimiters as are read': `${'*a_ '.repeat(300)}\n\n`,
  'items of as many delimiters as are read': `- ${'**a _'.repeat(250)}\n`,
  'underscores within words': 'a_b_c__d ',
  'underscores between signs': '!_!',
  'rules that end items': '- a\n\n---\n',
  'lines that look like blank ones of quotes': '    >\n> a\n\n',
  'underlines after what looks like a quote': 'a\n    >\n---\n',
  'quotes in a quote': '> > a\n>\n',
  'quotes that end in a quote': '> > a\n> # b\n',
  'quotes in items of one line': '- > a\n',
  'quotes in items': '- a\n  > b\n',
  'quotes that headings end': '> a\n# b\n',
};

/** What grows from line to line, and so is no unit repeated. */
const shapes: Readonly<Record<string, string>> = {
  'lines that go on with one quote': `> a\n${'b\n'.repeat(32_000)}`,
  'lines that go on with one item': `- a\n${'b\n'.repeat(32_000)}`,
  'ever longer code fences': Array.from({ length: 350 }, (_, length) => `${'`'.repeat(length + 1)} `).join(''),
  'ever deeper lists': Array.from({ length: 250 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join(''),
  'items up and down eight levels': Array.from({ length: 2_700 }, (_, line) => {
    const depth = Math.min(line % 16, 15 - (line % 16));
    return `${'  '.repeat(depth)}* item ${line} with **words**\n`;
  }).join(''),
  'items eight levels deep, apart': Array.from(
    { length: 3_000 },
    (_, line) => `${'  '.repeat(line % 8)}- item ${line} with words\n\n`,
  ).join(''),
  'code with a run of blanks in an item': `- a\n\n  ~~~\n  a${' '.repeat(65_000)}b\n  ~~~`,
  'a code span that begins with a blank': `\` ${'a'.repeat(65_000)}\``,
  'code with empty lines': `\`\`\`\na${'\n'.repeat(65_000)}b\n\`\`\``,
  'code with empty lines in an item': `- \`\`\`\n  a${'\n'.repeat(65_000)}  b\n  \`\`\``,
  'code of short lines apart that nothing ends': `~~~\n${'a\n\n'.repeat(21_800)}`,
  'code below words': `words\n~~~\n${'\n'.repeat(65_000)}~~~\n`,
  'an element with empty lines': `<pre>${'\n'.repeat(65_000)}x</pre>`,
  'a comment with empty lines': `words\n\n<!--${'\n'.repeat(65_000)}-->\n\nwords`,
  'signs of tags that never end, in an element': `<div>\n${'<'.repeat(65_000)}`,
  'ever deeper quotes': Array.from({ length: 350 }, (_, depth) => `${'>'.repeat(depth + 1)} a\n`).join(''),
  'emphasis in emphasis': '*a '.repeat(10_000) + ' a*'.repeat(10_000),
  'links in links': '[a '.repeat(6_000) + '](u)'.repeat(6_000),
  'elements in elements': '<b>'.repeat(9_000) + '</b>'.repeat(9_000),
  'footnotes in a circle': Array.from({ length: 2_000 }, (_, note) => `[^${note}]: see [^${(note + 1) % 2_000}]\n\n`).join(''),
  'footnotes line by line': Array.from({ length: 6_000 }, (_, note) => `[^${note}]: x\n`).join(''),
  'footnotes right below what refers to them': Array.from(
    { length: 4_000 },
    (_, note) => `a[^${note}]\n\n[^${note}]: x\n\n`,
  ).join(''),
  'footnotes below all that refers to them': `${Array.from({ length: 3_500 }, (_, note) => `a[^${note}] `).join('')}\n\n${Array.from({ length: 3_500 }, (_, note) => `[^${note}]: x\n`).join('')}`,
  'footnotes that hold lists': Array.from({ length: 4_500 }, (_, note) => `[^${note}]: - x\n`).join(''),
  'definitions in use': Array.from({ length: 1_500 }, (_, name) => `[a${name}]: http://b/${name}\n\n[a${name}]\n\n`).join(''),
  'a table of 10,000 cells': `${'|a'.repeat(100)}|\n${'|-'.repeat(100)}|\n${`${'|b'.repeat(100)}|\n`.repeat(100)}`,
  'a table of one wide row': `${'|a'.repeat(10_000)}|\n${'|-'.repeat(10_000)}|\n${'|b'.repeat(10_000)}|\n`,
  'a table as wide as is parsed': `${'|a'.repeat(4000)}|\n${'|-'.repeat(4000)}|\n${'|b'.repeat(4000)}|\n`,
  // More quotes that no blank line parts become text where they are written with such lines.
  'rules that end quotes': '> a\n>\n---\n'.repeat(500),
  'rows with emphasis': `|a|b|\n|-|-|\n${'| _A_B_ | **c** *d* |\n'.repeat(3_000)}`,
  'lines below too short a delimiter row': `|a|b|\n|-|\n${'| _A_B_ | **c** *d* |\n'.repeat(3_000)}`,
  'cells of as many delimiters as are read': `|a|b|\n|-|-|\n${`| ${'*a_ '.repeat(250)} | ${'_a *'.repeat(250)} |\n`.repeat(30)}`,
  'a table of many rows': `a|b\n-|-\n${'a|b\n'.repeat(16_000)}`,
  'lines deep within lists': `${Array.from({ length: 8 }, (_, line) => `${' '.repeat(60 * line)}${'- '.repeat(30)}a\n`).join('')}${`${' '.repeat(480)}x\n`.repeat(120)}`,
};

const bodies = [
  ...Object.entries(units).map(([name, unit]) => [name, unit.repeat(Math.floor(lengthMax / unit.length))] as const),
  ...Object.entries(shapes).map(([name, body]) => [name, body.slice(0, lengthMax)] as const),
];

/** What cost the most by measurement is put through everything; of the others the reading and the patch are the most costly. */
const costly = new Set([
  'reference links',
  'every delimiter',
  'lines of a paragraph',
  'items of a list',
  'tasks',
  'rows of a table',
  'links that end at once',
  'quotes that lines go on with',
  'pipes on lines',
  'paragraphs with emphasis',
  'nested lists of HTML',
  'a table of 10,000 cells',
  'code with a run of blanks in an item',
  'code with empty lines',
  'code with empty lines in an item',
  'a code span that begins with a blank',
]);

describe('64 KB of anything', () => {
  it.each(bodies)('is read and patched in 2 s each: %s', { timeout: 120_000 }, (_name, body) => {
    const root = within2s('read', () => decodeMarkdown(body, markdownContext));
    within2s('patched with a word', () => patchMarkdown(body, withWord(root), markdownContext));
    expect(schemaProblem(encodeAdf(root, adfContext))).toBeUndefined();
  });

  it.each(bodies.filter(([name]) => costly.has(name)))(
    'is compared, written and patched on Jira in 2 s each: %s',
    { timeout: 120_000 },
    (_name, body) => {
      const root = decodeMarkdown(body, markdownContext);
      within2s('compared', () => canonicalText(decodeMarkdown(body, markdownContext)));
      const document = within2s('written as ADF', () => encodeAdf(root, adfContext));
      within2s('written as Markdown', () => encodeMarkdown(decodeMarkdown(body, markdownContext), markdownContext));
      expect(within2s('patched with nothing', () => patchMarkdown(body, root, markdownContext))).toBe(body);
      const edited = withWord(root);
      within2s('patched on Jira', () => patchAdf(document, structuredClone(edited), adfContext));
    },
  );

  it.each(bodies)('survives both codecs: %s', { timeout: 60_000 }, (_name, body) => {
    const root = decodeMarkdown(body.slice(0, 12_000), markdownContext);
    const text = canonicalText(root);
    expect(canonicalText(decodeAdf(encodeAdf(root, adfContext), adfContext))).toBe(text);
    expect(canonicalText(decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext))).toBe(text);
  });
});

describe('a megabyte of anything', () => {
  it.each(['*a_ ', 'a\n\n', 'a\n', 'words of a text. ', '> ', '`', '- a\n'])(
    'is read in bounded time, and nothing of it is lost: %j',
    { timeout: 60_000 },
    (unit) => {
      const body = `${unit.repeat(Math.floor(1_000_000 / unit.length))}\n\nThe end.`;
      const root = within2s('read', () => decodeMarkdown(body, markdownContext));
      expect(canonicalText(root)).toContain('The end.');
      const measure = (part: Neutral): number => canonicalText(part).length;
      const cut = cutToLength(root, { lengthMax: 30_000, measure });
      expect(measure(cut?.root ?? root)).toBeLessThanOrEqual(30_000);
    },
  );
});

describe('a megabyte that becomes many parts of one block', () => {
  it.each([
    [
      'line ends under one link',
      { type: 'text', text: `a${'\n'.repeat(450_000)}b`, marks: [{ type: 'link', attrs: { href: 'https://e.org/' } }] },
    ],
    ['empty lines in one paragraph', { type: 'text', text: 'a\n\n'.repeat(190_000) }],
  ])('is read: %s', { timeout: 60_000 }, (_name, text) => {
    const root = decodeAdf({ version: 1, type: 'doc', content: [{ type: 'paragraph', content: [text] }] }, adfContext);
    expect(root.children.length).toBeGreaterThan(0);
  });
});

/** No tracker takes such a body; what is asked here is that the time grows with the length alone (it took minutes). */
const megabyteMaxMs = 6000;

describe('a megabyte of native text', () => {
  it.each(['a\n', '> ', '`', '|a|b\n'])('is patched with a word, and with another text, in bounded time: %j', (unit) => {
    const body = `${unit.repeat(Math.floor(1_000_000 / unit.length))}\n\nThe end.`;
    const root = decodeMarkdown(body, markdownContext);
    within(megabyteMaxMs, 'patched with a word', () => patchMarkdown(body, withWord(root), markdownContext));
    const other = decodeMarkdown(`x${body.replaceAll('a', 'b')}`, markdownContext);
    within(megabyteMaxMs, 'patched with another text', () => patchMarkdown(body, other, markdownContext));
  });

  it('is patched on Jira in bounded time where it has 20,000 short paragraphs', () => {
    const content = times(20_000, (index) => paragraph(words(`line ${index % 7}`)));
    const native = { type: 'doc', version: 1, content };
    const root = decodeAdf(native, adfContext);
    within(megabyteMaxMs, 'patched with a word', () => patchAdf(native, withWord(root), adfContext));
    const edited = decodeAdf(
      { ...native, content: content.map((node, index) => (index % 3 === 1 ? paragraph(words('new')) : node)) },
      adfContext,
    );
    within(megabyteMaxMs, 'patched in a third of them', () => patchAdf(native, edited, adfContext));
  });
});

describe('totality', () => {
  it('reads any JSON as a document, and patches it into a valid one where it is none', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const root = decodeAdf(value, adfContext);
        expect(schemaProblem(encodeAdf(root, adfContext))).toBeUndefined();
        patchAdf(value, root, adfContext);
      }),
    );
  });

  it('reads documents whose members are anything', () => {
    const odd = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.record(
        {
          type: fc.oneof(
            fc.constantFrom(
              'doc',
              'paragraph',
              'table',
              'tableRow',
              'taskList',
              'bulletList',
              'mediaSingle',
              'media',
              'panel',
              'text',
              'constructor',
              '__proto__',
            ),
            fc.string(),
          ),
          content: fc.oneof({ maxDepth: 4 }, fc.constantFrom<unknown>(null, 'x', 3, []), fc.array(tie('node'), { maxLength: 3 })),
          attrs: fc.oneof(
            fc.dictionary(
              fc.constantFrom('level', 'order', 'text', 'url', 'colspan', 'id', 'panelType', 'data', 'title'),
              fc.jsonValue(),
            ),
            fc.jsonValue(),
          ),
          marks: fc.oneof(
            fc.jsonValue(),
            fc.array(fc.record({ type: fc.constantFrom('link', 'strong', 'code', 'subsup'), attrs: fc.jsonValue() })),
          ),
          text: fc.oneof(fc.string(), fc.jsonValue()),
        },
        { requiredKeys: ['type'] },
      ),
    })).node;
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), (content) => {
        const root = decodeAdf({ type: 'doc', version: 1, content }, adfContext);
        const document = encodeAdf(root, adfContext);
        expect(schemaProblem(document)).toBeUndefined();
        expect(canonicalText(decodeAdf(document, adfContext))).toBe(canonicalText(root));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['media', 'mediaInline'])('reads and patches %s whose id is half a character', (type) => {
    const shown = { type, attrs: { type: 'file', id: 'a\ud800', collection: '' } };
    const holder = type === 'media' ? 'mediaSingle' : 'paragraph';
    const native = { type: 'doc', version: 1, content: [{ type: holder, content: [shown] }, paragraph(words('End.'))] };
    const anyMedia = { ...adfContext, attachmentId: (id: string) => id };
    const root = decodeAdf(native, anyMedia);
    expect(canonicalText(root)).toContain('End.');
    expect(patchAdf(native, root, anyMedia).content[0]).toBe(native.content[0]);
    expect(decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext).children).toHaveLength(2);
  });

  it('reads and patches any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const root = decodeMarkdown(text, markdownContext);
        expect(patchMarkdown(text, root, markdownContext)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a document nested 20,000 deep', () => {
    let node: unknown = { type: 'paragraph', content: [{ type: 'text', text: 'deep' }] };
    for (let depth = 0; depth < 20_000; depth += 1) node = { type: depth % 2 === 0 ? 'bulletList' : 'listItem', content: [node] };
    const root = decodeAdf({ type: 'doc', version: 1, content: [node] }, adfContext);
    const document = encodeAdf(root, adfContext);
    expect(schemaProblem(document)).toBeUndefined();
    expect(canonicalText(decodeAdf(document, adfContext))).toBe(canonicalText(root));
    expect(canonicalText(root)).toContain('deep');
  });
});

/** Documents of Jira that took long, or overflowed a stack, or could have. */
const words = (text: string, ...marks: AdfNode[]): AdfNode => ({ type: 'text', text, marks });
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const times = (count: number, make: (index: number) => AdfNode): AdfNode[] =>
  Array.from({ length: count }, (_, index) => make(index));
const nested = (depth: number, wrap: (inner: AdfNode) => AdfNode): AdfNode => {
  let node = paragraph(words('deep'));
  for (let level = 0; level < depth; level += 1) node = wrap(node);
  return node;
};
const cellOf = (...content: AdfNode[]): AdfNode => ({ type: 'tableCell', content });
const rowOf = (...content: AdfNode[]): AdfNode => ({ type: 'tableRow', content });
const markTypes = ['strong', 'em', 'strike', 'underline'];

const documents: Readonly<Record<string, () => AdfNode>> = {
  '2,000 nested quotes': () => nested(2000, (inner) => ({ type: 'blockquote', content: [inner] })),
  '2,000 nested panels': () => nested(2000, (inner) => ({ type: 'panel', attrs: { panelType: 'info' }, content: [inner] })),
  '2,000 nested expands': () => nested(2000, (inner) => ({ type: 'expand', attrs: { title: 't' }, content: [inner] })),
  '2,000 nested lists': () =>
    nested(2000, (inner) => ({ type: 'bulletList', content: [{ type: 'listItem', content: [inner] }] })),
  '2,000 nested task lists': () =>
    nested(2000, (inner) => ({
      type: 'taskList',
      content: [{ type: 'taskItem', attrs: { state: 'TODO' }, content: [words('a')] }, inner],
    })),
  '2,000 nested tables': () => nested(2000, (inner) => ({ type: 'table', content: [rowOf(cellOf(inner))] })),
  '20,000 nested unknown nodes': () => nested(20_000, (inner) => ({ type: 'someday', content: [inner] })),
  '50,000 marks of one text': () => paragraph(words('a', ...times(50_000, (index) => ({ type: markTypes[index % 4] ?? '' })))),
  '20,000 texts of changing marks': () =>
    paragraph(
      ...times(20_000, (index) => words('a ', { type: markTypes[index % 4] ?? '' }, { type: markTypes[index % 3] ?? '' })),
    ),
  '20,000 breaks': () => paragraph(...times(20_000, (index) => (index % 2 === 0 ? words('a') : { type: 'hardBreak' }))),
  '20,000 mentions': () => paragraph(...times(20_000, () => ({ type: 'mention', attrs: { id: 'i', text: '@a' } }))),
  '5,000 paragraphs': () => ({ type: 'layoutColumn', content: times(5000, () => paragraph(words('a *b*'))) }),
  '10,000 cells': () => ({
    type: 'table',
    content: times(100, () => rowOf(...times(100, () => cellOf(paragraph(words('a *b')))))),
  }),
  'rows of very different length': () => ({
    type: 'table',
    content: [
      rowOf(...times(3000, () => cellOf(paragraph(words('a'))))),
      ...times(3000, () => rowOf(cellOf(paragraph(words('b'))))),
    ],
  }),
  'cells that span without end': () => ({
    type: 'table',
    content: times(30, () =>
      rowOf(...times(30, () => ({ ...cellOf(paragraph(words('a'))), attrs: { colspan: 1e9, rowspan: 1e9 } }))),
    ),
  }),
  'a megabyte of runs of backticks in code': () => ({ type: 'codeBlock', content: [words('```` '.repeat(200_000))] }),
  'a megabyte of signs': () => paragraph(words('*a_ '.repeat(250_000))),
};

describe('a document of Jira', () => {
  it.each(Object.entries(documents))('is read, shown and patched in bounded time: %s', { timeout: 60_000 }, (_name, make) => {
    const native = { type: 'doc', version: 1, content: [make(), paragraph(words('The end.'))] };
    const root = decodeAdf(native, adfContext);
    expect(canonicalText(root)).toContain('The end.');
    expect(schemaProblem(encodeAdf(root, adfContext))).toBeUndefined();
    expect(encodeMarkdown(root, markdownContext)).toContain('The end.');
    expect(patchAdf(native, root, adfContext).content.at(-1)).toBe(native.content[1]);
  });
});

describe('masking', () => {
  it('keeps the length, and the text once it is undone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies.map(([, body]) => body.slice(0, 9000))), (body) => {
        const masked = maskPathological(body);
        expect(masked.text).toHaveLength(body.length);
        expect(unmask(masked.text)).toBe(body);
      }),
    );
  });

  it('leaves what people write alone', () => {
    const text = '> *a* _b_ [c](d)\n\n- **e**\n  1. f\n\nTitle\n-----\n';
    expect(maskPathological(text)).toEqual({ text, changed: false });
  });

  const nestedItems = (levels: number, item: (level: number) => string): string =>
    Array.from({ length: levels }, (_, level) => `${item(level)}\n`).join('');

  it.each<[string, (level: number) => string]>([
    ['two spaces', (level) => `${'  '.repeat(level)}- a`],
    ['spaces below numbers', (level) => `${'    '.repeat(level)}10. a`],
    ['tabs', (level) => `${'\t'.repeat(level)}-   a`],
    ['a quote around them', (level) => `> ${'  '.repeat(level)}- a`],
  ])('takes lists in lists as such to the thirtieth, and what is deeper as text: %s', (_name, item) => {
    expect(maskPathological(nestedItems(30, item)).changed).toBe(false);
    const deep = `${nestedItems(32, item)}- b\n  - c\n`;
    const masked = maskPathological(deep).text.split('\n');
    const changed = deep.split('\n').flatMap((line, index) => (masked[index] === line ? [] : [index]));
    expect(changed).toEqual([30, 31]);
  });
});
