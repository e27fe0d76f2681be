import type { BlockContent, RootContent } from 'mdast';
import { readMarkdown } from './decode-markdown.ts';
import type { Neutral } from './neutral.ts';
import { isBlock } from './block-flow.ts';
import { normalize } from './normalize.ts';
import { parsedLength } from './opaque-rest.ts';
import { abridged, readsAsItself } from './plain-block.ts';
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
  const found = settledRoots.get(root);
  if (found !== undefined) return found;
  const blocks: BlockContent[] = [];
  let fresh: RootContent[] = [];
  const flush = (): void => {
    if (fresh.length === 0) return;
    const normal = normalChildren({ type: 'root', children: fresh });
    // No call takes as many arguments as a long text has blocks.
    for (const block of normal) blocks.push(...settle(block, 0));
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
 * Whether a block is settled depends on its canonical text alone, and a cycle reads the same texts again and again: of
 * both sides, of the base, of what a patch made. So texts that were found settled are remembered, up to a bound.
 */
const settledMemory = new Set<string>();
const memoryCharactersMax = 2_000_000;
let memoryCharacters = 0;

function settle(block: BlockContent, turn: number): BlockContent[] {
  const text = renderBlock(block, canonicalOptions);
  if (settledMemory.has(text)) return [remembered(block, text)];
  const isParsed = parsedLength(text) === text.length;
  if (isParsed && readsAsItself(block)) return [remembered(block, text)];
  const brief = isParsed ? renderBlock(abridged(block), canonicalOptions) : text;
  const readBrief = normalChildren(blocksFromMarkdown(brief));
  const [only] = readBrief;
  if (readBrief.length === 1 && only !== undefined && renderBlock(only, canonicalOptions) === brief) {
    keepInMemory(text);
    return [remembered(block, text)];
  }
  const read = brief === text ? readBrief : normalChildren(blocksFromMarkdown(text));
  return turn >= turnsMax ? read : read.flatMap((inner) => settle(inner, turn + 1));
}

function keepInMemory(text: string): void {
  settledMemory.add(text);
  memoryCharacters += text.length;
  for (const oldest of settledMemory) {
    if (memoryCharacters <= memoryCharactersMax) return;
    settledMemory.delete(oldest);
    memoryCharacters -= oldest.length;
  }
}

function remembered(block: BlockContent, text: string): BlockContent {
  settledTexts.set(block, text);
  return block;
}

/** Markdown as a neutral tree, not normal yet; attachment URLs stay as they are. */
export function blocksFromMarkdown(text: string): Neutral {
  return { type: 'root', children: readMarkdown(text, () => undefined).segments.flatMap((segment) => segment.blocks) };
}
