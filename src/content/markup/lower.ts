import type { BlockContent, Blockquote, List, ListItem, Nodes, PhrasingContent, TableCell } from 'mdast';
import { isBlock } from '../block-flow.ts';
import { parseAttachmentUrl, type Alert, type Details, type Grid, type Neutral } from '../neutral.ts';
import { isTaskList, part } from '../normalize.ts';
import { parsedLength } from '../opaque-rest.ts';
import { plainText } from '../runs.ts';
import { canonicalKey, normalChildren, settledBlocks } from '../settle.ts';
import type { MarkupDialect } from './dialect.ts';

/** Structural simplification, then words alone, then code: what even that changes stays as it is. */
const turnsMax = 3;

/**
 * The tree as far as a dialect can say it, in canonical form. A block that reads back as itself stays; any other becomes
 * the nearest one that does (docs/markup.md has the table). Lowering twice changes nothing, so that a text is stable
 * from its first crossing on.
 */
export function lowerBlocks(root: Neutral, dialect: MarkupDialect): BlockContent[] {
  return settledBlocks(root).flatMap((block) => lowerBlock(block, dialect, 0));
}

function settledOf(blocks: readonly BlockContent[]): BlockContent[] {
  return [...settledBlocks({ type: 'root', children: [...blocks] })];
}

function lowerBlock(block: BlockContent, dialect: MarkupDialect, turn: number): BlockContent[] {
  return loweredTargets(block, dialect, 0).flatMap((target) => {
    if (survives(target, dialect) || isRest(target)) return [target];
    if (target.type === 'alert' || target.type === 'details') return lowerFrame(target, dialect);
    if (turn >= turnsMax) return readBack(target, dialect);
    return settledOf(simplified(target, turn)).flatMap((simple) => lowerBlock(simple, dialect, turn + 1));
  });
}

/**
 * An alert or details around what it holds, lowered; where not even that survives, as in its like, what it holds stands below
 * its title. Each block in it takes turns of its own, or one that cannot be said would cost all of it its links and lists.
 */
function lowerFrame(frame: Alert | Details, dialect: MarkupDialect): BlockContent[] {
  const children = frame.children.filter(isBlock).flatMap((block) => lowerBlock(block, dialect, 0));
  const [framed, ...beside] = settledOf([{ ...frame, children }]);
  if (framed !== undefined && beside.length === 0 && survives(framed, dialect)) return [framed];
  const title: PhrasingContent = { type: 'text', value: frame.type === 'alert' ? alertTitles[frame.kind] : frame.summary };
  const below = settledOf([paragraph([{ type: 'strong', children: [title] }]), ...children]);
  return below.flatMap((block) => lowerBlock(block, dialect, 1));
}

/** Code that is the rest of a text too long to be parsed: no construct says it better, and taking it apart takes long. */
function isRest(block: BlockContent): boolean {
  const text = block.type === 'code' ? canonicalKey(block) : '';
  return parsedLength(text) < text.length;
}

/** Where a link went, an address in its text is a link of its own, so it takes turns. */
function loweredTargets(block: BlockContent, dialect: MarkupDialect, turn: number): BlockContent[] {
  const lowered = withTargets(block, dialect);
  if (turn > turnsMax || canonicalKey(lowered) === canonicalKey(block)) return [block];
  return settledOf([lowered]).flatMap((settled) => loweredTargets(settled, dialect, turn + 1));
}

/** Whether a block that is written reads back as itself. */
export function survives(block: BlockContent, dialect: Pick<MarkupDialect, 'read' | 'write'>): boolean {
  const written = dialect.write(block);
  if (written === undefined) return false;
  const blocks = dialect.read(written).flatMap((piece) => [...piece.blocks]);
  const normal = normalChildren({ type: 'root', children: blocks });
  // Settling makes one block of one, and costs a parse of Markdown; what reads as a settled block already is that block.
  if (normal.length !== 1) return false;
  const same = ([only, ...others]: readonly BlockContent[]): boolean =>
    only !== undefined && others.length === 0 && canonicalKey(only) === canonicalKey(block);
  return same(normal) || same(settledOf(blocks));
}

function readBack(block: BlockContent, dialect: MarkupDialect): BlockContent[] {
  return settledOf(dialect.read(dialect.write(block) ?? '').flatMap((piece) => piece.blocks));
}

/** A copy in which links and images are as the dialect can say them. */
function withTargets<T extends Nodes>(node: T, dialect: MarkupDialect): T {
  const copy = structuredClone(node);
  const waiting: Nodes[] = [copy];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type === 'details') next.summary = dialect.lowerTitle(next.summary);
    if (!('children' in next)) continue;
    const children: readonly Nodes[] = next.children;
    const lowered = children.flatMap((child): Nodes[] =>
      child.type === 'link' || child.type === 'image' ? dialect.lowerTarget(child) : [child],
    );
    Object.assign(next, { children: lowered });
    waiting.push(...lowered);
  }
  return copy;
}

/** A block in fewer constructs than it has. */
function simplified(block: BlockContent, turn: number): BlockContent[] {
  if (turn === 0) {
    switch (block.type) {
      case 'list':
        return [simpleList(block)];
      case 'grid':
        return [flatGrid(block)];
      case 'code':
        return [{ type: 'code', value: block.value }];
      default:
        break;
    }
  }
  if (turn < 2 && block.type === 'blockquote' && block.children.some(({ type }) => type !== 'paragraph'))
    return simpleQuote(block, turn);
  const lines = wordLines(block);
  if (turn < 2 && block.type === 'blockquote') {
    const children = lines.flatMap((line, index): PhrasingContent[] => (index === 0 ? line : [{ type: 'break' }, ...line]));
    return [{ type: 'blockquote', children: [paragraph(children)] }];
  }
  if (turn < 2) return lines.map(paragraph);
  const files = lines.flat().filter(({ type }) => type === 'image');
  const words = plainText([block]);
  return [...(words === '' ? [] : [{ type: 'code' as const, value: words }]), ...files.map((file) => paragraph([file]))];
}

/** The words of a block by lines, and its attachments where they stand: words alone would lose the files. */
function wordLines(block: BlockContent): PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]];
  const waiting: Nodes[] = [block];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    // Words of two blocks, or of two cells, are no one word.
    const isApart = isBlock(node) || node.type === 'tableCell' || node.type === 'gridCell';
    if (isApart && (lines.at(-1) ?? []).length > 0) lines.push([]);
    if ('children' in node) {
      const children: readonly Nodes[] = node.children;
      for (const child of children.toReversed()) waiting.push(child);
    } else if (node.type === 'image' && parseAttachmentUrl(node.url) !== undefined) lines.at(-1)?.push(node);
    else {
      const [first = '', ...others] = plainText([node]).split('\n');
      lines.at(-1)?.push({ type: 'text', value: first });
      for (const value of others) lines.push([{ type: 'text', value }]);
    }
  }
  return lines;
}

export const alertTitles: Readonly<Record<Alert['kind'], string>> = {
  note: 'Note',
  important: 'Important',
  tip: 'Tip',
  warning: 'Warning',
  caution: 'Caution',
};

function paragraph(children: PhrasingContent[]): BlockContent {
  return { type: 'paragraph', children };
}

/** A quote whose lists are simple; if they were, or that is not enough, lists and code stand beside it. */
function simpleQuote(quote: Blockquote, turn: number): BlockContent[] {
  const children = quote.children.filter(isBlock).map((block) => (block.type === 'list' ? simpleList(block) : block));
  const simple: Blockquote = { type: 'blockquote', children };
  if (turn === 0 && canonicalKey(simple) !== canonicalKey(quote)) return [simple];
  return part(
    children,
    ({ type }) => type === 'paragraph',
    (paragraphs) => ({ type: 'blockquote', children: paragraphs }),
  );
}

/** Counted from 1, neighbouring lists of one kind joined, and nothing in an item after its lists. */
function simpleList(list: List): List {
  const children = list.children.map((item): ListItem => {
    const blocks = item.children.filter(isBlock).map((block) => (block.type === 'list' ? simpleList(block) : block));
    const lists: List[] = [];
    for (const block of blocks) {
      if (block.type !== 'list') continue;
      const last = lists.at(-1);
      if (last !== undefined && last.ordered === block.ordered && isTaskList(last) === isTaskList(block))
        last.children.push(...block.children);
      else lists.push(block);
    }
    return { ...item, children: [...blocks.filter((block) => block.type !== 'list'), ...lists] };
  });
  return { ...list, start: list.ordered === true ? 1 : null, children };
}

/** A table without spans whose cells hold lines: lists by their signs, code by its lines, headings in bold. */
function flatGrid(grid: Grid): BlockContent {
  return {
    type: 'table',
    children: grid.children.map((row) => ({
      type: 'tableRow' as const,
      children: row.children.flatMap((cell): TableCell[] => {
        const lines = cell.children.filter(isBlock).flatMap((block) => cellLines(block, 0));
        const children = lines.flatMap((line, index): PhrasingContent[] => (index === 0 ? line : [{ type: 'break' }, ...line]));
        const padding = Array.from({ length: Math.min(cell.columnSpan, 50) - 1 }, emptyCell);
        return [{ type: 'tableCell', children }, ...padding];
      }),
    })),
  };
}

function emptyCell(): TableCell {
  return { type: 'tableCell', children: [] };
}

function cellLines(block: BlockContent, depth: number): PhrasingContent[][] {
  const text = (value: string): PhrasingContent => ({ type: 'text', value });
  switch (block.type) {
    case 'paragraph':
      return [block.children];
    case 'heading':
      return [[{ type: 'strong', children: block.children }]];
    case 'code':
      return block.value.split('\n').map((line) => [{ type: 'inlineCode', value: line }]);
    case 'list':
      return block.children.flatMap((item, index) => {
        const sign =
          typeof item.checked === 'boolean' ? (item.checked ? '☑ ' : '☐ ') : block.ordered === true ? `${index + 1}) ` : '• ';
        const lines = item.children.filter(isBlock).flatMap((inside) => cellLines(inside, depth + 1));
        return lines.map((line, row) => [text(row === 0 ? sign : ''), ...line]);
      });
    case 'details':
      return [[{ type: 'strong', children: [text(block.summary)] }], ...inner(block.children, depth)];
    case 'alert':
      return [[{ type: 'strong', children: [text(alertTitles[block.kind])] }], ...inner(block.children, depth)];
    case 'thematicBreak':
      return [[text('—')]];
    default:
      return 'children' in block ? inner(block.children, depth) : [];
  }
}

function inner(children: readonly Nodes[], depth: number): PhrasingContent[][] {
  return children.filter(isBlock).flatMap((child) => cellLines(child, depth + 1));
}
