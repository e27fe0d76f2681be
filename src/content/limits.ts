import type { Neutral } from './neutral.ts';

type Block = Neutral['children'][number];

/** What every cut notice begins with: by it the notice is recognised and left out of what crosses. */
const noticeMark = '✂ ';

function noticeBlock(notice: string): Block {
  return { type: 'paragraph', children: [{ type: 'emphasis', children: [{ type: 'text', value: `${noticeMark}${notice}` }] }] };
}

function isNotice(block: Block | undefined): boolean {
  if (block?.type !== 'paragraph' || block.children.length !== 1) return false;
  const [only] = block.children;
  const inner = only?.type === 'emphasis' ? only.children[0] : only;
  return inner?.type === 'text' && inner.value.startsWith(noticeMark);
}

/** The text without a cut notice at its end; the text itself where it has none. */
export function withoutNotice(root: Neutral): Neutral {
  return isNotice(root.children.at(-1)) ? { ...root, children: root.children.slice(0, -1) } : root;
}

/**
 * Cuts a text at a block border so that `measure` of it, notice included, is at most `lengthMax`. Undefined where it fits
 * as it is. Where the first block alone is too long, its plain text is cut. `blocksKept` counts the whole blocks kept.
 */
export function cutToLength(
  root: Neutral,
  lengthMax: number,
  measure: (root: Neutral) => number,
  notice: string,
): { readonly root: Neutral; readonly blocksKept: number } | undefined {
  if (measure(root) <= lengthMax) return undefined;
  const kept = (count: number): Neutral => ({ ...root, children: [...root.children.slice(0, count), noticeBlock(notice)] });
  let low = 0;
  let high = root.children.length;
  // The measure grows with the number of blocks, so bisection finds the most that fit.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(kept(middle)) <= lengthMax) low = middle;
    else high = middle - 1;
  }
  if (low > 0) return { root: kept(low), blocksKept: low };
  const text = plainText(root.children[0]).slice(0, Math.max(0, Math.floor(lengthMax / 2)));
  const first: Block = { type: 'paragraph', children: [{ type: 'text', value: text.replace(/[\uD800-\uDBFF]$/, '') }] };
  return { root: { ...root, children: [first, noticeBlock(notice)] }, blocksKept: 0 };
}

function plainText(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  if ('value' in node && typeof node.value === 'string') return node.value;
  return 'children' in node && Array.isArray(node.children) ? node.children.map(plainText).join(' ') : '';
}
