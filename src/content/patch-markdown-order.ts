import type { BlockContent, Nodes, PhrasingContent, RootContent } from 'mdast';
import { alignBlocks } from './align-blocks.ts';
import { isBlock } from './block-flow.ts';
import { alertOf, convertBlock } from './decode-markdown.ts';
import { titlesIn } from './details-titles.ts';
import { betweenFences } from './markdown-fence.ts';
import { loneImage } from './normal-paragraph.ts';
import { withMargin, type Source } from './patch-markdown-leaf.ts';
import type { SourceEdit } from './sequence-edits.ts';
import { htmlText, renderBlocks } from './render-blocks.ts';
import { linePlace, renderInline } from './render-inline.ts';
import { flattenInline, plainText } from './runs.ts';
import { canonicalKey, normalChildren } from './settle.ts';
import { boxOf, tickAt } from './task-box.ts';

/** A block that holds no blocks: a cell, or any of the blocks that are no containers. */
interface Leaf {
  readonly block: BlockContent;
  readonly cell: boolean;
  /** Of a task's first block, whether the task is done. */
  readonly checked?: boolean | undefined;
}

/** The same in the source, with the leaves that it reads as. */
interface NativeLeaf {
  readonly cell: boolean;
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
  /** What stands before its words in what it reads as, but not in the source: the label of a footnote. */
  readonly prefix: string;
  /** Its level, if it is a heading. */
  readonly heading: 1 | 2 | 3 | 4 | 5 | 6 | undefined;
  /** Of a task's first block, where the sign in its box stands. */
  readonly box: number | undefined;
}

/** Each is looked for in all of the HTML. */
const htmlEditsMax = 50;

/**
 * The edits that make the native blocks read as the targets where these differ from what was only in the words of some
 * blocks and in which tasks are done. Normal form moves blocks out of items and quotes that cannot hold them on Jira, but never
 * past each other: so each block of the source is found again by its words, in order, whatever containers stand around it on
 * either side, and the block alone is replaced, or the sign in its box. Undefined where the shape differs or a changed block is not found. The caller has to
 * read the result again: words alone do not tell everything.
 */
export function orderEdits(
  source: Source,
  nodes: readonly RootContent[],
  { was, targets }: { readonly was: readonly BlockContent[]; readonly targets: readonly BlockContent[] },
): readonly SourceEdit[] | undefined {
  if (shapeOf(was) !== shapeOf(targets)) return undefined;
  const [before, after] = [leavesOf(was), leavesOf(targets)];
  const changed = new Set(
    before.flatMap((leaf, index) => {
      const target = after[index];
      return target !== undefined && canonicalKey(leaf.block) !== canonicalKey(target.block) ? [index] : [];
    }),
  );
  const native = nativeLeaves(source, nodes);
  const aligned = alignBlocks(
    native.map(({ words }) => words),
    before.map(({ block }) => wordsOf(block)),
  );
  const edits: SourceEdit[] = [];
  const ticks = boxEdits({ native, aligned }, { before, after });
  if (ticks === undefined) return undefined;
  edits.push(...ticks);
  const found = new Set<number>();
  for (const [index, leaf] of native.entries()) {
    const start = aligned[index];
    if (start === undefined) continue;
    const inside = leaf.words.flatMap((_, offset) => (changed.has(start + offset) ? [start + offset] : []));
    if (inside.length === 0) continue;
    for (const position of inside) found.add(position);
    const written = leafEdit(source, leaf, {
      was: before.slice(start, start + leaf.words.length),
      targets: after.slice(start, start + leaf.words.length),
    });
    if (written === undefined) return undefined;
    edits.push(...written);
  }
  const lost = [...changed].filter((position) => !found.has(position));
  if (lost.length > htmlEditsMax) return undefined;
  for (const position of lost) {
    const edit = htmlEdit(source, nodes, { was: before[position], target: after[position] });
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}

/** The signs in the boxes of tasks that became done, or are so no more; undefined where one of them is not found. */
function boxEdits(
  { native, aligned }: { readonly native: readonly NativeLeaf[]; readonly aligned: readonly (number | undefined)[] },
  { before, after }: { readonly before: readonly Leaf[]; readonly after: readonly Leaf[] },
): readonly SourceEdit[] | undefined {
  const boxes = new Map(native.map(({ box }, index) => [aligned[index], box]));
  const edits: SourceEdit[] = [];
  for (const [index, { checked }] of before.entries()) {
    const wanted = after[index]?.checked;
    if (checked === wanted) continue;
    const start = boxes.get(index);
    if (start === undefined) return undefined;
    edits.push(tickAt(start, wanted === true));
  }
  return edits;
}

/** Whether blocks that hold none changed places: then they are not blocks whose words changed. */
export function movesLeaves(was: readonly BlockContent[], targets: readonly BlockContent[]): boolean {
  const keys = (blocks: readonly BlockContent[]): string[] => leavesOf(blocks).map(({ block }) => canonicalKey(block));
  const [before, after] = [keys(was), keys(targets)];
  const arrived = new Set(after.filter((key, index) => key !== before[index]));
  return before.length === after.length && before.some((key, index) => key !== after[index] && arrived.has(key));
}

/** Words between tags, where they stand there as they read and nowhere else in the text's HTML, or else a title of that text. */
function htmlEdit(
  { text, options }: Source,
  nodes: readonly RootContent[],
  { was, target }: { readonly was: Leaf | undefined; readonly target: Leaf | undefined },
): SourceEdit | undefined {
  if (was === undefined || target === undefined) return undefined;
  const words = htmlText(plainText([was.block]), { ...options, defused: false });
  const places: number[] = [];
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('children' in node) waiting.push(...node.children);
    const start = node.position?.start.offset ?? 0;
    const html = node.type === 'html' ? text.slice(start, node.position?.end.offset) : '';
    if (words === '') continue;
    for (let index = html.indexOf(words); index >= 0; index = html.indexOf(words, index + words.length)) {
      const inTag = html.lastIndexOf('<', index) > html.lastIndexOf('>', index);
      if (!inTag) places.push(start + index);
    }
  }
  const titles = places.length > 0 ? [] : titlesIn(text, nodes).filter((title) => titleWords(text, title) === wordsOf(was.block));
  const [place, ...others] = [...places.map((start) => ({ start, end: start + words.length })), ...titles];
  if (place === undefined || others.length > 0) return undefined;
  return { ...place, text: htmlText(plainText([target.block]), options) };
}

/** The words of a title as they are compared, whatever tags stand among them: Jira's has no marks. */
function titleWords(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const block = titleOf(text.slice(start, end).replaceAll(/<[^<>]*>/g, ''));
  return wordsOf(block.block).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function shapeOf(blocks: readonly Nodes[]): string {
  return blocks
    .map((block) => {
      if (block.type === 'paragraph' || block.type === 'tableCell') return block.type;
      if (block.type === 'heading') return `heading${block.depth}`;
      const own = [
        block.type,
        'ordered' in block ? `${block.ordered === true}${block.start ?? 1}` : '',
        'checked' in block ? typeof block.checked : '',
        'kind' in block ? block.kind : '',
        'columnSpan' in block ? `${block.columnSpan},${block.rowSpan}` : '',
      ].join(' ');
      return 'children' in block ? `${own}(${shapeOf(block.children)})` : own;
    })
    .join('|');
}

function leavesOf(blocks: readonly BlockContent[]): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (node: Nodes, checked?: boolean | null): void => {
    if (node.type === 'tableCell') {
      const block: BlockContent = { type: 'paragraph', children: node.children };
      if (wordsOf(block) !== '') leaves.push({ block, cell: true });
    } else if (isBlock(node) && !holdsBlocks(node)) leaves.push({ block: node, cell: false, checked: checked ?? undefined });
    else if ('children' in node) {
      if (node.type === 'details' && node.summary !== '') leaves.push(titleOf(node.summary));
      const own = node.type === 'listItem' ? node.checked : undefined;
      for (const [index, child] of node.children.entries()) visit(child, index === 0 ? own : undefined);
    }
  };
  for (const block of blocks) visit(block);
  return leaves;
}

function titleOf(summary: string): Leaf {
  return { block: { type: 'paragraph', children: [{ type: 'text', value: summary }] }, cell: false };
}

function holdsBlocks({ type }: Nodes): boolean {
  return type !== 'paragraph' && type !== 'heading' && type !== 'code' && type !== 'thematicBreak' && type !== 'html';
}

/** All that is compared of a block: white space, marks and links are written in many ways. */
function wordsOf(block: BlockContent): string {
  return block.type === 'thematicBreak' ? '---' : plainText([block]).replaceAll(/\s+/g, '');
}

interface Beginning {
  readonly start: number;
  readonly prefix: string;
  readonly box?: number | undefined;
}

function nativeLeaves(source: Source, nodes: readonly RootContent[]): NativeLeaf[] {
  const leaves: NativeLeaf[] = [];
  const add = (node: Nodes, { start, prefix, box }: Beginning): void => {
    const end = node.position?.end.offset ?? start;
    const marker = start - (node.position?.start.offset ?? start);
    const read = leavesOf(normalChildren({ type: 'root', children: convertBlock(source.text, node) }));
    const words = read.map(({ block }) => wordsOf(block));
    // The line that names an alert's kind is no words of its first paragraph.
    const kind = marker > 0 ? /^\[![a-z]+\]/i.exec(words[0] ?? '') : null;
    if (kind !== null) words.splice(0, 1, ...[(words[0] ?? '').slice(kind[0].length)].filter((rest) => rest !== ''));
    if (prefix !== '') words.splice(0, 1, prefix.trim() + (words[0] ?? ''));
    leaves.push({ cell: false, start, end, words, prefix, heading: node.type === 'heading' ? node.depth : undefined, box });
  };
  const visit = (node: Nodes, beginning?: Beginning): void => {
    const begins = beginning ?? { start: node.position?.start.offset ?? 0, prefix: '' };
    switch (node.type) {
      case 'paragraph':
        // A task's paragraph begins with its box, if one believes the parser, where something else than text comes after it.
        return add(
          node,
          begins.start > (node.position?.start.offset ?? 0)
            ? begins
            : { ...begins, start: contentStart(node.children, begins.start) },
        );
      case 'heading':
      case 'code':
      case 'thematicBreak':
        return add(node, begins);
      case 'tableCell':
        leaves.push(...cellLeaf(source, node));
        return;
      case 'blockquote': {
        const alert = alertOf(source.text, node);
        for (const [index, child] of node.children.entries())
          visit(child, index === 0 && alert !== undefined ? { start: alert.contentStart, prefix: '' } : undefined);
        return;
      }
      case 'footnoteDefinition':
        for (const [index, child] of node.children.entries()) {
          const start = child.position?.start.offset ?? 0;
          visit(child, index === 0 ? { start, prefix: `[${node.label ?? node.identifier}] ` } : undefined);
        }
        return;
      case 'listItem':
        for (const [index, child] of node.children.entries()) {
          const start = child.position?.start.offset ?? 0;
          visit(child, index === 0 ? { start, prefix: '', box: boxOf(source.text, node) } : undefined);
        }
        return;
      default:
        if ('children' in node) for (const child of node.children) visit(child);
    }
  };
  for (const node of nodes) visit(node);
  return leaves;
}

function contentStart(children: readonly Nodes[], otherwise: number): number {
  return children[0]?.position?.start.offset ?? otherwise;
}

function cellLeaf(source: Source, cell: { readonly children: readonly PhrasingContent[] }): NativeLeaf[] {
  const [first, last] = [cell.children[0], cell.children.at(-1)];
  if (first === undefined || last === undefined) return [];
  const read = leavesOf(
    normalChildren({ type: 'root', children: convertBlock(source.text, { type: 'paragraph', children: [...cell.children] }) }),
  );
  // A cell is one line, however many breaks it has.
  const words = read.map(({ block }) => wordsOf(block)).join('');
  const start = first.position?.start.offset ?? 0;
  return [
    {
      cell: true,
      start,
      end: last.position?.end.offset ?? start,
      words: words === '' ? [] : [words],
      prefix: '',
      heading: undefined,
      box: undefined,
    },
  ];
}

interface LeafChange {
  readonly was: readonly Leaf[];
  readonly targets: readonly Leaf[];
}

function leafEdit(source: Source, leaf: NativeLeaf, { was, targets }: LeafChange): readonly SourceEdit[] | undefined {
  const range = { start: leaf.start, end: leaf.end };
  const [target] = targets;
  if (target === undefined) return undefined;
  if (leaf.cell) {
    if (target.block.type !== 'paragraph' || targets.length > 1) return undefined;
    return [{ ...range, text: renderInline(target.block.children, { ...linePlace, cell: true }, source.options) }];
  }
  if (targets.length > 1 && [...was, ...targets].some(({ block }) => block.type !== 'paragraph')) return undefined;
  // Breaks part one paragraph into several, and images that share one stand alone: they stay together as they were.
  const images = targets.every(({ block }) => loneImageOf(block));
  const border = images ? '\n' : '<br>\n';
  const written =
    betweenFences(source.text.slice(leaf.start, leaf.end), { was: was[0]?.block, target: target.block }, source.options) ??
    targets.map(({ block }) => renderBlocks([headed(leaf, block)], source.options)).join(border);
  if (!written.startsWith(leaf.prefix)) return undefined;
  return [{ ...range, text: withMargin(source, leaf.start, written.slice(leaf.prefix.length)) }];
}

function loneImageOf(block: BlockContent): boolean {
  return block.type === 'paragraph' && loneImage(flattenInline(block.children)) !== undefined;
}

/** A heading within a list is a bold paragraph on Jira, and stays a heading here as long as all of it is bold. */
function headed({ heading }: NativeLeaf, block: BlockContent): BlockContent {
  const [only, ...others] = block.type === 'paragraph' ? block.children : [];
  if (heading === undefined || only?.type !== 'strong' || others.length > 0) return block;
  return { type: 'heading', depth: heading, children: only.children };
}
