import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { canonicalBlocks, canonicalText } from '../../src/content/canonical.ts';
import { cutNotice, withoutNotice } from '../../src/content/cut-notice.ts';
import { cutToLength } from '../../src/content/limits.ts';
import { decodeMarkdown, encodeMarkdown } from '../../src/content/markdown.ts';
import { attachmentUrl, type Neutral } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { adfDocument } from './adf-generator.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { markdown, neutral } from './generators.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 400) };
const measure = (root: Neutral): number => canonicalText(root).length;
const image = '![a](attachment:public/1)';

/** Texts of every kind, some of which end in images, where the border of a cut is delicate. */
const tree: fc.Arbitrary<Neutral> = fc.oneof(
  neutral,
  adfDocument.map((document) => decodeAdf(document, adfContext)),
  markdown.map((source) => decodeMarkdown(source, markdownContext)),
  fc
    .array(fc.constantFrom(image, `${image} ${image}`, 'words', 'more words\nand lines', `see ${image}`, '- item', '> quote'), {
      maxLength: 8,
    })
    .map((blocks) => decodeMarkdown(blocks.join('\n\n'), markdownContext)),
);

function toPrivate(root: Neutral): Neutral {
  return mapAttachments(root, ({ id }) => attachmentUrl('private', id));
}

describe('cut text', () => {
  it('keeps within the limit, and reads the same after a crossing to either side and back, with and without its notice', () => {
    fc.assert(
      fc.property(tree, fc.double({ min: 0, max: 1, noNaN: true }), (root, share) => {
        const whole = measure(root);
        const lengthMax = Math.max(cutNotice.length, Math.floor(whole * share));
        const cut = cutToLength(root, { lengthMax, measure });
        if (cut === undefined) return;
        expect(measure(cut.root)).toBeLessThanOrEqual(lengthMax);
        const onJira = decodeAdf(encodeAdf(cut.root, adfContext), adfContext);
        const own = toPrivate(cut.root);
        const onGitHub = decodeMarkdown(encodeMarkdown(own, markdownContext), markdownContext);
        expect(canonicalText(onJira)).toBe(canonicalText(cut.root));
        expect(canonicalText(onGitHub)).toBe(canonicalText(own));
        expect(canonicalText(withoutNotice(onJira))).toBe(canonicalText(withoutNotice(cut.root)));
        expect(canonicalText(withoutNotice(onGitHub))).toBe(canonicalText(withoutNotice(own)));
        const kept = canonicalBlocks(withoutNotice(cut.root));
        // After the whole blocks there may be the text of a part of the next one.
        expect(kept.slice(0, cut.blocksKept)).toEqual(canonicalBlocks(root).slice(0, cut.blocksKept));
      }),
      runs,
    );
  });

  const items = (count: number, item: (index: number) => string): string =>
    Array.from({ length: count }, (_, i) => item(i)).join('\n');

  it.each<readonly [string, string, RegExp]>([
    ['a list', items(60, (i) => `- item ${i} of **many**`), /^(- item \d+ of \*\*many\*\*\n)+$/],
    ['a list of tasks', items(60, (i) => `- [x] task ${i}`), /^(- \[x\] task \d+\n)+$/],
    [
      'a table',
      `| a | b |\n| - | - |\n${items(60, (i) => `| c${i} | d |`)}`,
      /^\| a \| b \|\n\| -+ \| -+ \|\n(\| c\d+ \| d \|\n)+$/,
    ],
    ['a quote', items(60, (i) => `> line ${i}\n>`), /^(> line \d+\n(>\n)?)+$/],
    [
      'details',
      `<details>\n<summary>s</summary>\n\n${items(60, (i) => `line ${i}\n`)}\n</details>`,
      /^<details>\n<summary>s<\/summary>\n\n(line \d+\n\n)+<\/details>\n$/,
    ],
    ['a list in an alert', `> [!NOTE]\n${items(60, (i) => `> - item ${i}`)}`, /^> \[!NOTE\]\n(> - item \d+\n)+$/],
    ['an item of many paragraphs', `- first\n${items(60, (i) => `\n  line ${i}`)}`, /^- first\n(\n {2}line \d+\n)+$/],
    ['an item of one long paragraph', `- ${items(60, (i) => `word${i}`).replaceAll('\n', ' ')}`, /^- (word\d* )+/],
  ])('of one block keeps what it is: %s', (_, source, expected) => {
    const root = decodeMarkdown(source, markdownContext);
    const cut = cutToLength(root, { lengthMax: 250, measure });
    const kept = cut === undefined ? '' : encodeMarkdown(withoutNotice(cut.root), markdownContext);
    expect(kept.endsWith('\n') ? kept : `${kept}\n`).toMatch(expected);
    expect(cut === undefined ? 0 : measure(cut.root)).toBeGreaterThan(200);
    expect(cut?.blocksKept).toBe(0);
  });
});
