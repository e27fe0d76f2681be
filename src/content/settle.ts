import type { BlockContent, RootContent } from 'mdast';
import { readMarkdown } from './decode-markdown.ts';
import type { Neutral } from './neutral.ts';
import { isBlock } from './block-flow.ts';
import { normalize } from './normalize.ts';
import { renderBlock } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';

/** Canonical text: nothing defused, attachments by their neutral URLs. */
export const canonicalOptions: RenderOptions = {
  defused: false,
  appearance: false,
  attachment: (url) => ({ url, image: true }),
};

/** Writing and reading a normal block hardly ever changes it at all; what still changes after so many turns stays as it is. */
const turnsMax = 4;

/** Normal blocks, and nothing but blocks: `normalize` makes no other children. */
export function normalChildren(root: Neutral): BlockContent[] {
  return normalize(root).children.filter(isBlock);
}

/**
 * Settling parses, which is dear, and the same tree is asked for its settled blocks many times. Neutral trees are values
 * that nobody changes in place, so what was found is remembered for as long as the tree lives.
 */
const settledRoots = new WeakMap<Neutral, readonly BlockContent[]>();
const settledTexts = new WeakMap<BlockContent, string>();

/**
 * The tree in the form that also survives being written as Markdown and read again. Normal form nearly always does; the
 * rest is taken to the fixpoint here, so that canonical form is one by construction, whatever a parser makes of odd input
 * (content.md, property 1).
 */
export function settledBlocks(root: Neutral): readonly BlockContent[] {
  const known = settledRoots.get(root);
  if (known !== undefined) return known;
  const blocks: BlockContent[] = [];
  let fresh: RootContent[] = [];
  const flush = (): void => {
    if (fresh.length > 0) blocks.push(...normalChildren({ type: 'root', children: fresh }).flatMap((block) => settle(block, 0)));
    fresh = [];
  };
  for (const child of root.children) {
    if (isBlock(child) && settledTexts.has(child)) {
      flush();
      blocks.push(child);
    } else fresh.push(child);
  }
  flush();
  settledRoots.set(root, blocks);
  return blocks;
}

/** The canonical text of one settled block: equal for blocks that say the same. */
export function canonicalKey(block: BlockContent): string {
  return settledTexts.get(block) ?? renderBlock(block, canonicalOptions);
}

/**
 * Most blocks are words or code, which read as themselves: parsing them would take most of the time of every fingerprint.
 * One text of letters, digits and harmless punctuation has nothing in it that a Markdown parser could take for syntax.
 */
function isPlain(block: BlockContent): boolean {
  if (block.type === 'code') return /^[\w.+#-]*$/.test(block.lang ?? '');
  if (block.type !== 'paragraph' && block.type !== 'heading') return false;
  const [only] = block.children;
  if (block.children.length !== 1 || only?.type !== 'text') return false;
  return /^\p{L}[\p{L}\p{N} ,;.'"()/%?!-]*$/u.test(only.value) && !/www\.|  | $/i.test(only.value);
}

function settle(block: BlockContent, turn: number): BlockContent[] {
  const text = renderBlock(block, canonicalOptions);
  if (isPlain(block)) return [remembered(block, text)];
  const read = normalChildren(blocksFromMarkdown(text));
  const [only] = read;
  if (read.length === 1 && only !== undefined && renderBlock(only, canonicalOptions) === text) return [remembered(block, text)];
  return turn >= turnsMax ? read : read.flatMap((inner) => settle(inner, turn + 1));
}

function remembered(block: BlockContent, text: string): BlockContent {
  settledTexts.set(block, text);
  return block;
}

/** Markdown as a neutral tree, not normal yet; attachment URLs stay as they are. */
export function blocksFromMarkdown(text: string): Neutral {
  return { type: 'root', children: readMarkdown(text, () => undefined).segments.flatMap((segment) => segment.blocks) };
}
