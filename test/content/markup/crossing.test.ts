import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../../src/content/adf.ts';
import { canonicalText } from '../../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown } from '../../../src/content/markdown.ts';
import { linesOf } from '../../../src/content/markup/block-lines.ts';
import { restoreLowered } from '../../../src/content/markup/restore-lowered.ts';
import { attachmentUrl, type Neutral } from '../../../src/content/neutral.ts';
import { mapAttachments } from '../../../src/content/references.ts';
import { settledBlocks } from '../../../src/content/settle.ts';
import { decodeTextile, encodeTextile, lowerTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki, lowerWiki } from '../../../src/content/wiki/wiki.ts';
import { adfDocument } from '../adf-generator.ts';
import { schemaProblem } from '../adf-schema.ts';
import { adfContext, markdownContext } from '../contexts.ts';
import { markdown, neutral } from '../generators.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 100) };
const toPrivate = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('private', id));
const toPublic = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('public', id));

const throughWiki = (document: unknown): unknown => {
  const wiki = encodeWiki(toPrivate(decodeAdf(document, adfContext)), wikiContext);
  return encodeAdf(toPublic(decodeWiki(wiki, wikiContext)), adfContext);
};
const throughTextile = (source: string): string =>
  encodeMarkdown(
    decodeTextile(encodeTextile(decodeMarkdown(source, markdownContext), textileContext), textileContext),
    markdownContext,
  );

describe('a mark of signs alone at the start of a line', () => {
  it.each(['**#** a', '**\\*** a', '~~-~~ a', '**#** [a](https://example.org/z)'])('is no item: %s', (source) => {
    const root = decodeMarkdown(source, markdownContext);
    const text = canonicalText(root);
    expect(canonicalText(decodeWiki(encodeWiki(structuredClone(root), wikiContext), wikiContext))).toBe(text);
    expect(canonicalText(decodeTextile(encodeTextile(structuredClone(root), textileContext), textileContext))).toBe(text);
  });
});

describe('crossing between the formats', () => {
  it('is stable from the first time on: Jira Cloud, wiki markup, Jira Cloud', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        const once = throughWiki(document);
        expect(schemaProblem(once)).toBeUndefined();
        expect(canonicalText(decodeAdf(throughWiki(once), adfContext))).toBe(canonicalText(decodeAdf(once, adfContext)));
      }),
      runs,
    );
  });

  it('is stable from the first time on: Markdown, Textile, Markdown', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(markdown, (source) => {
        const once = throughTextile(source);
        expect(canonicalText(decodeMarkdown(throughTextile(once), markdownContext))).toBe(
          canonicalText(decodeMarkdown(once, markdownContext)),
        );
      }),
      runs,
    );
  });
});

describe('an image whose address the format cannot say between its signs', () => {
  it.each([
    ['![](https://e.org/a.png?w=1&h=2)', '[https://e.org/a.png?w=1&h=2]'],
    ['**a** ![chart](https://e.org/a.png?w=1&h=2) b', '*a* [chart|https://e.org/a.png?w=1&h=2] b'],
    ['![](https://e.org/a,b.png)', '!https://e.org/a%2Cb.png!'],
  ])('is a link in wiki markup, or encoded: %s', (source, wiki) => {
    expect(encodeWiki(decodeMarkdown(source, markdownContext), wikiContext)).toBe(wiki);
  });

  it('is encoded in Textile', () => {
    const textile = encodeTextile(decodeMarkdown('![](<https://e.org/a(b).png>)', markdownContext), textileContext);
    expect(textile).toContain('!https://e.org/a%28b).png!');
  });
});

describe('an alert or details around what the format cannot say', () => {
  const list = '2. open **the** [site](https://e.org/t)\n3. run `make`';

  it('stays, with all that can be said of what is in it', () => {
    const expand = decodeMarkdown(`<details><summary>Steps</summary>\n\n${list}\n\n</details>`, markdownContext);
    const inWiki = '# open *the* [site|https://e.org/t]\n# run {{make}}';
    expect(encodeWiki(expand, wikiContext)).toBe(`{panel:title=Steps|borderStyle=dashed}\n${inWiki}\n{panel}`);
    const inTextile = '# open *the* "site":https://e.org/t\n# run <code>make</code>';
    expect(encodeTextile(expand, textileContext)).toBe(`{{collapse(Steps)\n${inTextile}\n}}`);
    const alert = decodeMarkdown(`> [!WARNING]\n>\n> ${list.replace('\n', '\n> ')}`, markdownContext);
    expect(encodeWiki(alert, wikiContext)).toBe(`{panel:bgColor=#fffae6}\n${inWiki}\n{panel}`);
  });

  it('stands below its title where it cannot stand in its like, and neither title is lost', () => {
    const inner = '<details><summary>Inner</summary>\n\n> [!TIP]\n> **mind**\n\n```js\nx()\n```\n\n</details>';
    const root = decodeMarkdown(`<details><summary>Outer</summary>\n\n${list}\n\n${inner}\n\n</details>`, markdownContext);
    expect(encodeWiki(root, wikiContext)).toBe(
      [
        '*Outer*',
        '# open *the* [site|https://e.org/t]\n# run {{make}}',
        '*Inner*',
        '{panel:bgColor=#e3fcef}\n*mind*\n{panel}',
        '{code:js}\nx()\n{code}',
      ].join('\n\n'),
    );
  });
});

describe('an edit of a lowered text', () => {
  it('changes nothing of the original where it changed nothing of the lowered one', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(neutral, (any) => {
        const root = toPrivate(any);
        for (const lower of [
          (tree: Neutral) => lowerWiki(tree, wikiContext),
          (tree: Neutral) => lowerTextile(tree, textileContext),
        ])
          expect(canonicalText(restoreLowered(root, lower(root), lower))).toBe(canonicalText(root));
      }),
      runs,
    );
  });

  it('leaves merged cells and numbers alone when the paragraph above them is edited', () => {
    const original = decodeMarkdown(
      'old\n\n<table><tr><td colspan="2">wide</td></tr><tr><td>a</td><td>b</td></tr></table>\n\n5. five\n6. six',
      markdownContext,
    );
    const lower = (tree: Neutral): Neutral => lowerWiki(tree, wikiContext);
    const edited = decodeWiki(encodeWiki(original, wikiContext).replace('old', 'new'), wikiContext);
    expect(canonicalText(edited)).toContain('1. five');
    expect(canonicalText(restoreLowered(original, edited, lower))).toBe(canonicalText(original).replace('old', 'new'));
  });

  const dialects = [
    {
      name: 'wiki',
      encode: (tree: Neutral) => encodeWiki(tree, wikiContext),
      decode: (text: string) => decodeWiki(text, wikiContext),
    },
    {
      name: 'Textile',
      encode: (tree: Neutral) => encodeTextile(tree, textileContext),
      decode: (text: string) => decodeTextile(text, textileContext),
    },
  ];

  describe.each(dialects)('in $name', ({ name, encode, decode }) => {
    const lower = (tree: Neutral): Neutral => decode(encode(tree));

    it('changes the line alone in which it changed a word, where the dialect could say that line', { timeout: 120_000 }, () => {
      let lowered = 0;
      fc.assert(
        fc.property(neutral, fc.nat(), (any, pick) => {
          const root = toPrivate(any);
          const native = encode(root);
          const [before, there] = [canonicalText(root), canonicalText(lower(root))];
          const words = wordsOnce(native).filter((word) => timesIn(before, word) === 1 && isKept(word, root, lower(root)));
          const word = words[pick % Math.max(1, words.length)];
          if (word === undefined) return;
          const edited = decode(native.replace(word, 'Quux'));
          // Signs beside the word may have made something else of it.
          if (canonicalText(edited) !== there.replace(word, 'Quux')) return;
          if (there !== before) lowered += 1;
          const others = (text: string): readonly string[] =>
            text.split('\n').filter((line) => !/Quux/.test(line) && !line.includes(word));
          const after = canonicalText(restoreLowered(root, edited, lower));
          expect(others(after)).toEqual(others(before));
          expect(timesIn(after, 'Quux')).toBe(1);
        }),
        runs,
      );
      expect(lowered).toBeGreaterThan(runs.numRuns / 20);
    });

    it.each(loweredExamples)('leaves %s as it is where a word beside it is edited', (_, source, dialectNames) => {
      const root = decodeMarkdown(source, markdownContext);
      expect(canonicalText(lower(root)) !== canonicalText(root)).toBe(dialectNames.includes(name));
      for (const word of ['one', 'two', 'three']) {
        const edited = decode(encode(root).replace(word, 'Quux'));
        expect(canonicalText(restoreLowered(root, edited, lower))).toBe(canonicalText(root).replace(word, 'Quux'));
      }
    });
  });
});

/** What it is, its Markdown, and the dialects that cannot say it. */
const loweredExamples: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a list in a cell',
    '<table><tr><td>\n\none\n\n- two\n- item\n\n</td><td>cell</td></tr><tr><td>three</td><td>\n\n1. four\n\n</td></tr></table>',
    ['Textile'],
  ],
  ['an alert in an expand', '<details><summary>one</summary>\n\nfirst\n\n> [!WARNING]\n> two\n\nthree\n\n</details>', ['wiki']],
  ['what stands after a list in an item', '- one\n\n  - nested\n\n  two\n- three', ['wiki', 'Textile']],
  ['the number of a list', '3. one\n   1. two\n4. three', ['wiki', 'Textile']],
  [
    'a list with another number in an expand',
    '<details><summary>one</summary>\n\n2. **two** [site](https://e.org/t)\n3. run `three`\n\n</details>',
    ['wiki', 'Textile'],
  ],
  ['a list with another number in an alert', '> [!WARNING]\n> one **b**\n>\n> 2. two\n> 3. `three`', ['wiki', 'Textile']],
  ['what stands after a list in an item of an alert', '> [!NOTE]\n> - **one**\n>   - two\n>\n>   `three`', ['wiki', 'Textile']],
  [
    'a merged cell in an expand',
    '<details><summary>one</summary>\n\n<table><tr><td colspan="2">\n\n**two**\n\n</td></tr><tr><td>three</td><td>b</td></tr></table>\n\n</details>',
    ['wiki'],
  ],
  [
    'an expand in an expand',
    '<details><summary>one</summary>\n\nfirst\n\n<details><summary>two</summary>\n\n> [!TIP]\n> **three**\n\n```js\nx()\n```\n\n</details>\n\n</details>',
    ['wiki', 'Textile'],
  ],
  [
    'a heading in a cell',
    '<table><tr><td>\n\n## one\n\ntwo\n\n</td><td colspan="2">three</td></tr></table>',
    ['wiki', 'Textile'],
  ],
];

/** Whether the line of a text that this word is in is there in a lowered one, once in either. */
function isKept(word: string, root: Neutral, lowered: Neutral): boolean {
  const textsOf = (tree: Neutral): readonly string[] => linesOf(settledBlocks(tree)).map(({ text }) => text);
  const [line, ...others] = textsOf(root).filter((text) => text.includes(word));
  const there = textsOf(lowered).filter((text) => text.replace(/^(?:[•☑☐] |\d+\) )/, '') === line || text === line);
  return line !== undefined && !line.includes('\n') && others.length === 0 && there.length === 1;
}

function timesIn(text: string, word: string): number {
  return text.split(word).length - 1;
}

function wordsOnce(text: string): readonly string[] {
  return [...new Set(text.match(/[A-Za-z]{3,}/g))].filter((word) => timesIn(text, word) === 1);
}
