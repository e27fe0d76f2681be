import { createHash } from 'node:crypto';
import type { BlockContent } from 'mdast';
import { parseAttachmentUrl, type Neutral } from './neutral.ts';
import { loneImage } from './normal-paragraph.ts';
import { renderBlocks } from './render-blocks.ts';
import { flattenInline } from './runs.ts';
import { blocksFromMarkdown, canonicalKey, canonicalOptions, settledBlocks } from './settle.ts';

/**
 * The canonical form of a tree as Markdown-like text: equal meaning gives equal text, on whichever side it was read. It
 * passes over what servers and codecs change (line ends, blanks, markers, list tightness, defusing, cell alignment) and
 * over attachment images at the very end, where a rewrite puts what it may not drop (content.md, property 5).
 */
export function canonicalText(root: Neutral): string {
  return canonicalTextOf(settledBlocks(root));
}

/** The same of settled blocks. */
export function canonicalTextOf(settled: readonly BlockContent[]): string {
  return renderBlocks(withoutTrailingAttachments(settled), canonicalOptions);
}

/** The canonical text of each top-level block; the same blocks as in `canonicalText`. */
export function canonicalBlocks(root: Neutral): readonly string[] {
  return withoutTrailingAttachments(settledBlocks(root)).map(canonicalKey);
}

/** The tree that `canonicalText` writes: settled blocks, without attachment images at the very end. */
export function canonicalTree(root: Neutral): Neutral {
  return { type: 'root', children: withoutTrailingAttachments(settledBlocks(root)) };
}

/** A cycle compares the same trees again and again, and nobody changes one in place. */
const fingerprints = new WeakMap<Neutral, string>();

/** 16 base64url characters (96 bits) of the SHA-256 of the canonical text. */
export function fingerprint(root: Neutral): string {
  const known = fingerprints.get(root);
  if (known !== undefined) return known;
  const print = createHash('sha256').update(canonicalText(root)).digest('base64url').slice(0, 16);
  fingerprints.set(root, print);
  return print;
}

/** The tree that a canonical text stands for: its canonical text is that text again. */
export function parseCanonical(text: string): Neutral {
  return { type: 'root', children: [...settledBlocks(blocksFromMarkdown(text))] };
}

/** Whether a block shows an attachment and nothing else. */
export function isAttachmentBlock(block: BlockContent): boolean {
  if (block.type !== 'paragraph') return false;
  const image = loneImage(flattenInline(block.children));
  return image !== undefined && parseAttachmentUrl(image.url) !== undefined;
}

/** The blocks without the attachment images at their very end. */
export function withoutTrailingAttachments(blocks: readonly BlockContent[]): BlockContent[] {
  return blocks.slice(0, blocks.findLastIndex((block) => !isAttachmentBlock(block)) + 1);
}
