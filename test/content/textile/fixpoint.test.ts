import fc from 'fast-check';
import type { BlockContent } from 'mdast';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { attachmentUrl, type Neutral } from '../../../src/content/neutral.ts';
import { mapAddresses, mapAttachments } from '../../../src/content/references.ts';
import { decodeTextile, encodeTextile, lowerTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { settledBlocks } from '../../../src/content/settle.ts';
import { neutral } from '../generators.ts';
import { textileContext } from './textile-context.ts';
import { textileSoup } from './textile-generator.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 150) };
const own = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('private', id));
const read = (text: string): Neutral => decodeTextile(text, textileContext);

const holds = (url: string): boolean => /^(?:https?:\/\/[\w./]+\w|attachment:.*)$/.test(url);

/** Not quotes with other than paragraphs, nor what has an address that ends in punctuation, a file within a link, or a language that is none. */
function isSayable(block: BlockContent): boolean {
  const json = JSON.stringify(block);
  return (
    /^(?:paragraph|heading|code|blockquote)$/.test(block.type) &&
    (block.type !== 'blockquote' || block.children.every(({ type }) => type === 'paragraph')) &&
    !/"type":"link".*"type":"image"/.test(json) &&
    !/"lang":"&amp;"/.test(json) &&
    !/"url":"[^"]*[^\w/]"/.test(json)
  );
}

describe('Textile', { timeout: 120_000 }, () => {
  it('reads back as what it could say of any tree', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const lowered = lowerTextile(own(root), textileContext);
        expect(canonicalText(read(encodeTextile(own(root), textileContext)))).toBe(canonicalText(lowered));
      }),
      runs,
    );
  });

  it('says every paragraph, heading, code and quote of paragraphs as it is, if it can hold the addresses', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const plain = mapAddresses(own(root), (url) => (holds(url) ? undefined : 'https://example.org/z'));
        const blocks = settledBlocks(plain).filter(isSayable);
        expect(canonicalText(lowerTextile({ type: 'root', children: blocks }, textileContext))).toBe(
          canonicalText({ type: 'root', children: blocks }),
        );
      }),
      runs,
    );
  });

  it('is stable from its first crossing on', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const once = read(encodeTextile(own(root), textileContext));
        expect(canonicalText(read(encodeTextile(once, textileContext)))).toBe(canonicalText(once));
      }),
      runs,
    );
  });

  it('is stable after one crossing whatever a person wrote', () => {
    fc.assert(
      fc.property(textileSoup, (source) => {
        const once = read(encodeTextile(read(source), textileContext));
        expect(canonicalText(read(encodeTextile(once, textileContext)))).toBe(canonicalText(once));
      }),
      runs,
    );
  });

  it('stays byte for byte when it says the same', () => {
    fc.assert(
      fc.property(textileSoup, (source) => {
        expect(patchTextile(source, read(source), textileContext)).toBe(source);
      }),
      runs,
    );
  });

  it('says what it is to say after a patch, from any text to any tree', () => {
    fc.assert(
      fc.property(textileSoup, neutral, (source, root) => {
        const patched = read(patchTextile(source, own(root), textileContext));
        expect(canonicalText(lowerTextile(patched, textileContext))).toBe(canonicalText(lowerTextile(own(root), textileContext)));
      }),
      runs,
    );
  });
});
