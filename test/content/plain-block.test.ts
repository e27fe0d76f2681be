import type { BlockContent, Paragraph } from 'mdast';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abridged } from '../../src/content/plain-block.ts';
import { renderBlock } from '../../src/content/render-blocks.ts';
import { blocksFromMarkdown, canonicalOptions, normalChildren } from '../../src/content/settle.ts';

const textOf = (block: BlockContent): string => renderBlock(block, canonicalOptions);

function readsAsItself(block: BlockContent): boolean {
  const read = normalChildren(blocksFromMarkdown(textOf(block)));
  return read.map(textOf).join('\n\n') === textOf(block);
}

describe('a paragraph with the plain lines left out that say nothing new', () => {
  it('keeps two lines of each stretch of them, and all others', () => {
    const [paragraph] = normalChildren(
      blocksFromMarkdown(`${'a\n'.repeat(9)}*b* c\n\\- d\n${'e\n'.repeat(9)}\\- f\n${'g\n'.repeat(2)}h *i*`),
    );
    expect(paragraph === undefined ? '' : textOf(abridged(paragraph))).toBe('a\na\n_b_ c\n\\- d\ne\ne\n\\- f\ng\ng\nh _i_');
  });

  const odd = fc.constantFrom(
    '- a',
    '> a',
    '# a',
    '---',
    '===',
    '|a|',
    '|-|',
    'a|b',
    '`a',
    'b`',
    '*a',
    'b*',
    '<b',
    'c>',
    '[a',
    'b](c)',
    '~~~',
    '1. a',
    'a\\',
    '<!-- a',
    '-->',
    '[a]: b',
    '$$',
    '<pre>',
  );
  const lines = fc.array(
    fc.oneof(
      odd.map((line) => [line]),
      fc.nat({ max: 6 }).map((count) => Array<string>(count).fill('plain')),
    ),
    { maxLength: 8 },
  );

  it('reads as itself where the whole does, and nowhere else', () => {
    fc.assert(
      fc.property(lines, (stretches) => {
        const all = stretches.flat();
        fc.pre(all.length > 0);
        const paragraph: Paragraph = {
          type: 'paragraph',
          children: all.flatMap((line, index) => [
            ...(index > 0 ? [{ type: 'break' } as const] : []),
            { type: 'text', value: line } as const,
          ]),
        };
        expect(readsAsItself(abridged(paragraph))).toBe(readsAsItself(paragraph));
      }),
      { numRuns: 500 },
    );
  });

  it('is read in the same way, whatever the parser takes the other lines for', () => {
    const shapeOf = (text: string): string =>
      normalChildren(blocksFromMarkdown(text))
        .map(textOf)
        .join('\n\n')
        .replaceAll(/plain[\s>|\\]+(?=plain)/g, '');
    fc.assert(
      fc.property(lines, (stretches) => {
        const whole = stretches.flat().join('\n');
        const brief = stretches.flatMap((stretch) => (stretch[0] === 'plain' ? stretch.slice(0, 2) : stretch)).join('\n');
        expect(shapeOf(brief)).toBe(shapeOf(whole));
      }),
      { numRuns: 500 },
    );
  });
});
