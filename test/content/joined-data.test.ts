import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { delimitersBounded } from '../../src/content/bounded-delimiters.ts';
import { joinedData } from '../../src/content/joined-data.ts';
import { parsedLength } from '../../src/content/opaque-rest.ts';

const parts = [
  'a',
  'b c',
  ' ',
  '\n',
  '*',
  '_',
  '[',
  ']',
  '](',
  '!',
  '`',
  '<',
  '>',
  '&amp;',
  '\\',
  '@',
  '.',
  'www.',
  '|',
  '~~',
  '~',
  '__',
  'http://',
];

describe('joined data and bounded delimiters', () => {
  it('read every text as the parser alone does, positions included', () => {
    const mdastExtensions = gfmFromMarkdown();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 40 }), (drawn) => {
        const text = drawn.join('');
        expect(fromMarkdown(text, { extensions: [gfm(), delimitersBounded, joinedData], mdastExtensions })).toEqual(
          fromMarkdown(text, { extensions: [gfm()], mdastExtensions }),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the length that is parsed', () => {
  it('is all of what people write', () => {
    const text = '- An item of a list of changes\n'.repeat(1900);
    expect(parsedLength(text)).toBe(text.length);
  });

  it('ends between lines where a text without a blank line has too many', () => {
    const text = '- a\n'.repeat(16_384);
    expect(parsedLength(text)).toBe(4 * 2000);
  });

  it('ends where the rest begins as it was written from such a text', () => {
    const head = `Some *words* of a text${' and more'.repeat(10)}.\n\n`.repeat(1000);
    const rest = `\`\`\`\n${'- [a](b)\n'.repeat(9000)}\`\`\`\n`;
    expect(parsedLength(head + rest)).toBe(head.length);
  });
});
