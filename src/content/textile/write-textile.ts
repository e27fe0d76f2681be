import type { BlockContent, List, ListItem, Table } from 'mdast';
import { isBlock } from '../block-flow.ts';
import { defuseForRedmine } from '../defuse.ts';
import type { MarkupContext } from '../markup/markup-context.ts';
import type { Grid, GridCell } from '../neutral.ts';
import { alertTitles } from '../markup/lower.ts';
import { broken } from './read-textile.ts';
import { writeTextileInline } from './write-textile-inline.ts';

/** Between two paragraphs where no blank line may stand. */
const blankLine = '\n&nbsp;\n';

/** One normal block as Textile, without a line end at its end; undefined for what Textile has no syntax for. */
export function writeTextileBlock(block: BlockContent, context: MarkupContext): string | undefined {
  switch (block.type) {
    case 'paragraph':
      return writeTextileInline(block.children, context, false);
    case 'heading':
      return `h${block.depth}. ${writeTextileInline(block.children, context, false)}`;
    case 'thematicBreak':
      return '---';
    case 'code':
      return writeCode(block.lang ?? '', block.value);
    case 'blockquote':
      return quoted('', block.children.filter(isBlock), context);
    case 'alert':
      return quoted(`p(alert-${block.kind}). *${alertTitles[block.kind]}*\n\n`, block.children.filter(isBlock), context);
    case 'details': {
      const body = writeBlocks(block.children.filter(isBlock), context);
      // The first line that begins with two braces ends the macro, whatever stands around it.
      if (body === undefined || /^\}\}|\{\{/m.test(body)) return undefined;
      // A macro's title is taken as it stands: a reference in it would be shown, so its signs are broken instead.
      return `{{collapse(${defuseForRedmine(block.summary)})\n${body}\n}}`;
    }
    case 'list':
      return writeList(block, '', context)?.join('\n');
    case 'table':
      return writeTable(block, context);
    case 'grid':
      return writeGrid(block, context);
    default:
      return '';
  }
}

function writeBlocks(blocks: readonly BlockContent[], context: MarkupContext): string | undefined {
  const written = blocks.map((block) => writeTextileBlock(block, context));
  return written.includes(undefined) ? undefined : written.join('\n\n');
}

function quoted(start: string, blocks: readonly BlockContent[], context: MarkupContext): string | undefined {
  const body = writeBlocks(blocks, context);
  return body === undefined
    ? undefined
    : (start + body)
        .split('\n')
        .map((line) => (line === '' ? '>' : `> ${line}`))
        .join('\n');
}

/** Redmine highlights by the class of `code` within `pre` (its formatting help). */
function writeCode(language: string, value: string): string | undefined {
  if (/["<>&]/.test(language)) return undefined;
  const body = broken(value);
  return language === '' ? `<pre>\n${body}\n</pre>` : `<pre><code class="${language}">\n${body}\n</code></pre>`;
}

function writeList(list: List, marker: string, context: MarkupContext): string[] | undefined {
  const own = marker + (list.ordered === true ? '#' : '*');
  const items = list.children.map((item) => writeItem(item, own, context));
  return items.some((item) => item === undefined) ? undefined : items.flatMap((item) => item ?? []);
}

/** The lines of an item and of the lists in it. */
function writeItem(item: ListItem, marker: string, context: MarkupContext): string[] | undefined {
  const box = typeof item.checked === 'boolean' ? `[${item.checked ? 'x' : ' '}] ` : '';
  const blocks = item.children.filter(isBlock);
  const border = blocks.findIndex((block) => block.type === 'list');
  const own = blocks.slice(0, border < 0 ? blocks.length : border);
  const first = joined(own, context, false);
  if (first === undefined) return undefined;
  const lines = [`${marker} ${box}${first === '' ? '&nbsp;' : first}`];
  for (const block of blocks.slice(own.length)) {
    const inner = block.type === 'list' ? writeList(block, marker, context) : undefined;
    if (inner === undefined) return undefined;
    lines.push(...inner);
  }
  return lines;
}

/** Paragraphs and code where no blank line may stand. */
function joined(blocks: readonly BlockContent[], context: MarkupContext, inCell: boolean): string | undefined {
  let text = '';
  let before: BlockContent | undefined;
  for (const block of blocks) {
    if (block.type !== 'paragraph' && block.type !== 'code') return undefined;
    const content =
      block.type === 'code' ? writeCode(block.lang ?? '', block.value) : writeTextileInline(block.children, context, inCell);
    if (content === undefined) return undefined;
    if (before !== undefined) text += block.type === 'paragraph' && before.type === 'paragraph' ? blankLine : '\n';
    text += content;
    before = block;
  }
  return text;
}

function writeTable(table: Table, context: MarkupContext): string {
  const rows = table.children.map((row, index) =>
    row.children.map((cell) => `|${index === 0 ? '_.' : ''} ${writeTextileInline(cell.children, context, true)} `),
  );
  return rows.map((cells) => `${cells.length === 0 ? '| &nbsp; ' : cells.join('')}|`).join('\n');
}

/** Textile's cells span columns (`\2`) and rows (`/2`), but hold no lists, headings or tables. */
function writeGrid(grid: Grid, context: MarkupContext): string | undefined {
  const rows: string[] = [];
  for (const row of grid.children) {
    const cells = row.children.map((cell) => writeCell(cell, context));
    if (cells.includes(undefined)) return undefined;
    rows.push(`${cells.length === 0 ? '| &nbsp; ' : cells.join('')}|`);
  }
  return rows.join('\n');
}

function writeCell(cell: GridCell, context: MarkupContext): string | undefined {
  const text = joined(cell.children.filter(isBlock), context, true);
  const columns = cell.columnSpan > 1 ? `\\${cell.columnSpan}` : '';
  const rows = cell.rowSpan > 1 ? `/${cell.rowSpan}` : '';
  const modifiers = `${cell.header ? '_' : ''}${columns}${rows}`;
  return text === undefined ? undefined : `|${modifiers === '' ? '' : `${modifiers}.`} ${text === '' ? '&nbsp;' : text} `;
}
