import type { BlockContent, List, ListItem, PhrasingContent, Table } from 'mdast';
import { isBlock } from '../block-flow.ts';
import type { Grid } from '../neutral.ts';
import { panelColours } from './read-wiki.ts';
import { referenced } from './escape-wiki.ts';
import { writeWikiInline } from './write-wiki-inline.ts';
import type { WikiContext } from './wiki-context.ts';

/** A block where blank lines may part it from others, or in an item or cell, where they may not. */
type Flow = 'open' | 'item' | 'cell';

/** One normal block as Jira wiki markup, without a line end at its end. */
export function writeWikiBlock(block: BlockContent, context: WikiContext): string {
  return write(block, 'open', context);
}

function write(block: BlockContent, flow: Flow, context: WikiContext): string {
  switch (block.type) {
    case 'paragraph':
      return inline(block.children, flow, context);
    case 'heading':
      return `h${block.depth}. ${inline(block.children, flow, context)}`;
    case 'thematicBreak':
      return '----';
    case 'code':
      return writeCode(block.lang ?? '', block.value);
    case 'blockquote':
      return `{quote}\n${writeBlocks(block.children.filter(isBlock), context)}\n{quote}`;
    case 'alert':
      return `{panel:bgColor=${panelColours[block.kind]}}\n${writeBlocks(block.children.filter(isBlock), context)}\n{panel}`;
    case 'details': {
      const body = writeBlocks(block.children.filter(isBlock), context);
      return `{panel:title=${referenced(block.summary)}|borderStyle=dashed}\n${body}\n{panel}`;
    }
    case 'list':
      return writeList(block, '', { flow, context, other: false }).join('\n');
    case 'table':
      return writeTable(block, context);
    case 'grid':
      return writeGrid(block, context);
    default:
      return '';
  }
}

/** Blocks with a blank line between two. */
function writeBlocks(blocks: readonly BlockContent[], context: WikiContext): string {
  return blocks.map((block) => write(block, 'open', context)).join('\n\n');
}

function inline(children: readonly PhrasingContent[], flow: Flow, context: WikiContext): string {
  return writeWikiInline(children, { context, inCell: flow === 'cell', breakAs: flow === 'open' ? '\n' : '\\\\ ' });
}

/** Within a macro nothing ends it but its own name, so the text decides which of the two it is. */
function writeCode(language: string, value: string): string {
  const name = value.includes('{noformat}') || (language !== '' && !value.includes('{code}')) ? 'code' : 'noformat';
  return `{${name}${name === 'code' && language !== '' ? `:${language}` : ''}}\n${value}\n{${name}}`;
}

interface ListPlace {
  readonly flow: Flow;
  readonly context: WikiContext;
  /** Beside a list of bullets, which would take this one in if its sign were the same. */
  readonly other: boolean;
}

function writeList(list: List, marker: string, place: ListPlace): string[] {
  const own = marker + (list.ordered === true ? '#' : place.other ? '-' : '*');
  return list.children.flatMap((item) => writeItem(item, own, place));
}

/** The lines of an item and of the lists in it. */
function writeItem(item: ListItem, marker: string, { flow, context }: ListPlace): string[] {
  const box = typeof item.checked === 'boolean' ? `\\[${item.checked ? 'x' : ' '}\\] ` : '';
  const inside: Flow = flow === 'cell' ? 'cell' : 'item';
  const blocks = item.children.filter(isBlock);
  const border = blocks.findIndex((block) => block.type === 'list');
  const own = blocks.slice(0, border < 0 ? blocks.length : border);
  const lines = [`${marker} ${box}${own.length === 0 ? '&nbsp;' : joined(own, inside, context)}`];
  let before: BlockContent | undefined;
  let other = false;
  for (const block of blocks.slice(own.length)) {
    other = block.type === 'list' && before?.type === 'list' && (block.ordered ?? false) === (before.ordered ?? false) && !other;
    lines.push(...(block.type === 'list' ? writeList(block, marker, { flow, context, other }) : [write(block, inside, context)]));
    before = block;
  }
  return lines;
}

/** Blocks of an item or cell: a line each, paragraphs parted by two breaks. */
function joined(blocks: readonly BlockContent[], flow: Flow, context: WikiContext): string {
  let text = '';
  let before: BlockContent | undefined;
  let other = false;
  for (const block of blocks) {
    const paragraphs = block.type === 'paragraph' && before?.type === 'paragraph';
    if (before !== undefined) text += paragraphs ? '\\\\ \\\\ ' : '\n';
    other = block.type === 'list' && before?.type === 'list' && (block.ordered ?? false) === (before.ordered ?? false) && !other;
    text += block.type === 'list' ? writeList(block, '', { flow, context, other }).join('\n') : write(block, flow, context);
    before = block;
  }
  return text;
}

/** One row; `||` begins the cells of the first. */
function writeWikiRow(cells: readonly string[], header: boolean): string {
  const bar = header ? '||' : '|';
  const written = cells.map((cell) => `${bar} ${cell === '' ? '&nbsp;' : cell} `);
  return `${written.length === 0 ? `${bar} &nbsp; ` : written.join('')}${bar}`;
}

function writeTable(table: Table, context: WikiContext): string {
  return table.children
    .map((row, index) =>
      writeWikiRow(
        row.children.map((cell) => inline(cell.children, 'cell', context)),
        index === 0,
      ),
    )
    .join('\n');
}

function writeGrid(grid: Grid, context: WikiContext): string {
  return grid.children
    .map((row) => {
      const cells = row.children.map((cell) => joined(cell.children.filter(isBlock), 'cell', context));
      return writeWikiRow(
        cells,
        row.children.every((cell) => cell.header),
      );
    })
    .join('\n');
}
