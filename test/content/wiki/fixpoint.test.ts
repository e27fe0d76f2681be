import fc from 'fast-check';
import type { BlockContent } from 'mdast';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { attachmentUrl, type Neutral } from '../../../src/content/neutral.ts';
import { mapAddresses, mapAttachments } from '../../../src/content/references.ts';
import { decodeWiki, encodeWiki, lowerWiki, patchWiki } from '../../../src/content/wiki/wiki.ts';
import { settledBlocks } from '../../../src/content/settle.ts';
import { neutral } from '../generators.ts';
import { wikiContext } from './wiki-context.ts';
import { wikiSoup } from './wiki-generator.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 150) };
const own = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('private', id));
const read = (text: string): Neutral => decodeWiki(text, wikiContext);

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

describe('wiki markup', { timeout: 120_000 }, () => {
  it('reads back as what it could say of any tree', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const lowered = lowerWiki(own(root), wikiContext);
        expect(canonicalText(read(encodeWiki(own(root), wikiContext)))).toBe(canonicalText(lowered));
      }),
      runs,
    );
  });

  it('says every paragraph, heading, code and quote of paragraphs as it is, if it can hold the addresses', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const plain = mapAddresses(own(root), (url) => (holds(url) ? undefined : 'https://example.org/z'));
        const blocks = settledBlocks(plain).filter(isSayable);
        expect(canonicalText(lowerWiki({ type: 'root', children: blocks }, wikiContext))).toBe(
          canonicalText({ type: 'root', children: blocks }),
        );
      }),
      runs,
    );
  });

  it('is stable from its first crossing on', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const once = read(encodeWiki(own(root), wikiContext));
        expect(canonicalText(read(encodeWiki(once, wikiContext)))).toBe(canonicalText(once));
      }),
      runs,
    );
  });

  it('is stable after one crossing whatever a person wrote', () => {
    fc.assert(
      fc.property(wikiSoup, (source) => {
        const once = read(encodeWiki(read(source), wikiContext));
        expect(canonicalText(read(encodeWiki(once, wikiContext)))).toBe(canonicalText(once));
      }),
      runs,
    );
  });

  it('stays byte for byte when it says the same', () => {
    fc.assert(
      fc.property(wikiSoup, (source) => {
        expect(patchWiki(source, read(source), wikiContext)).toBe(source);
      }),
      runs,
    );
  });

  it('says what it is to say after a patch, from any text to any tree', () => {
    fc.assert(
      fc.property(wikiSoup, neutral, (source, root) => {
        const patched = read(patchWiki(source, own(root), wikiContext));
        expect(canonicalText(lowerWiki(patched, wikiContext))).toBe(canonicalText(lowerWiki(own(root), wikiContext)));
      }),
      runs,
    );
  });
});
