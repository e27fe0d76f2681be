import type { List, ListItem, RootContent, Table, TableCell } from 'mdast';
import { defuseAddresses } from './defuse.ts';
import type { Alert, Details, Grid } from './neutral.ts';
import { isTaskList } from './normalize.ts';
import { longestTicks } from './opaque-rest.ts';
import { defusedCode, defusedText, linePlace, renderInline, type RenderOptions } from './render-inline.ts';

/** Normal blocks as GitHub Markdown, a blank line between two. */
export function renderBlocks(blocks: readonly RootContent[], options: RenderOptions): string {
  const written: string[] = [];
  let other = false;
  let before: RootContent | undefined;
  for (const block of blocks) {
    // Two lists in a row would be read as one unless their markers differ.
    other =
      block.type === 'list' && before?.type === 'list' && (block.ordered ?? false) === (before.ordered ?? false) ? !other : false;
    written.push(block.type === 'list' ? renderList(block, other, options) : renderBlock(block, options));
    before = block;
  }
  return written.join('\n\n');
}

/** One normal block as GitHub Markdown, without a line end at its end. */
export function renderBlock(block: RootContent, options: RenderOptions): string {
  switch (block.type) {
    case 'paragraph':
      return renderInline(block.children, linePlace, options);
    case 'heading':
      return `${'#'.repeat(block.depth)} ${renderInline(block.children, { ...linePlace, heading: true }, options)}`;
    case 'thematicBreak':
      return '---';
    case 'code':
      return renderFence(block.lang ?? '', defusedBlockCode(block.value, options));
    case 'blockquote':
      return prefixed(renderBlocks(block.children, options), '> ');
    case 'alert':
      return renderAlert(block, options);
    case 'details':
      return renderDetails(block, options);
    case 'list':
      return renderList(block, false, options);
    case 'table':
      return renderTable(block, options);
    case 'grid':
      return renderGrid(block, options);
    default:
      return '';
  }
}

function renderAlert(alert: Alert, options: RenderOptions): string {
  const [first] = alert.children;
  // The kind's line is a paragraph to a parser: not every list may interrupt one, and a rule would make it a heading.
  const isApart = first?.type === 'thematicBreak' || (first?.type === 'list' && !mayFollowTightly(first));
  const gap = isApart ? '\n\n' : '\n';
  return prefixed(`[!${alert.kind.toUpperCase()}]${gap}${renderBlocks(alert.children, options)}`, '> ');
}

/** Every line with the prefix; of a blank one only what is not white space. */
function prefixed(text: string, prefix: string): string {
  const blank = prefix.trimEnd();
  return text
    .split('\n')
    .map((line) => (line === '' ? blank : prefix + line))
    .join('\n');
}

/** Code between fences: Redmine looks for names there only where a row of their signs elsewhere shifts their pairs. */
export function defusedBlockCode(code: string, options: RenderOptions): string {
  return defusedCode(code, options.brokenCode === 'names', options);
}

function renderFence(language: string, value: string): string {
  const fence = '`'.repeat(Math.max(2, longestTicks(value)) + 1);
  const info = language.replaceAll(/[\\&]/g, (character) => `\\${character}`);
  return value === '' ? `${fence}${info}\n${fence}` : `${fence}${info}\n${value}\n${fence}`;
}

function renderDetails(details: Details, options: RenderOptions): string {
  const body = renderBlocks(details.children, options);
  const open = `<details>\n<summary>${htmlText(details.summary, options)}</summary>\n\n`;
  return `${open}${body === '' ? '' : `${body}\n\n`}</details>`;
}

/**
 * Text within an HTML block. GitHub looks for mentions there too, so it is defused like any text; an address in it is no
 * link whose target could be written another way, so it is broken itself.
 */
export function htmlText(text: string, options: RenderOptions): string {
  const harmless = options.defused ? defuseAddresses(defusedText(text, options)) : text;
  return harmless.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Markdown counts to nine digits; what follows counts by itself, whatever stands there. */
export function itemNumber(number: number): number {
  return Math.min(number, 999_999_999);
}

function renderList(list: List, other: boolean, options: RenderOptions): string {
  const task = isTaskList(list);
  const start = list.start ?? 1;
  const items = list.children.map((item, index) => {
    const marker = list.ordered === true ? `${itemNumber(start + index)}${other ? ')' : '.'}` : other ? '*' : '-';
    return renderItem(item, task ? `${marker} [${item.checked === true ? 'x' : ' '}]` : marker, {
      indent: marker.length + 1,
      options,
    });
  });
  return items.map((item) => item.text).join(items.some((item) => item.loose) ? '\n\n' : '\n');
}

/** An item with its marker; `loose` if a blank line parts its blocks. */
export function renderItem(
  item: ListItem,
  marker: string,
  { indent, options }: { readonly indent: number; readonly options: RenderOptions },
): { readonly text: string; readonly loose: boolean } {
  const [first, ...rest] = item.children;
  const tight = first?.type === 'paragraph' && rest.length === 1 && rest.every(mayFollowTightly);
  const loose = rest.length > 0 && !tight;
  const body = tight
    ? item.children.map((block) => renderBlocks([block], options)).join('\n')
    : renderBlocks(item.children, options);
  const margin = ' '.repeat(indent);
  const lines = body.split('\n').map((line, index) => (index === 0 || line === '' ? line : margin + line));
  return { text: `${marker} ${lines.join('\n')}`.replace(/(?<! ) +$/, ''), loose };
}

/** An ordered list that does not begin with 1, or any list that begins with an empty item, cannot interrupt a paragraph. */
function mayFollowTightly(block: RootContent): boolean {
  return block.type === 'list' && (block.start ?? 1) === 1 && (block.children[0]?.children[0]?.type ?? 'list') === 'paragraph';
}

/** The cells of one row; a break within a cell is `<br>`. */
export function renderRow(cells: readonly Pick<TableCell, 'children'>[], options: RenderOptions): string {
  const written = cells.map(({ children }) => ` ${renderInline(children, { ...linePlace, cell: true }, options)} |`);
  return `|${written.length === 0 ? '  |' : written.join('')}`;
}

function renderTable(table: Table, options: RenderOptions): string {
  const [header, ...rows] = table.children.map((row) => renderRow(row.children, options));
  const width = table.children[0]?.children.length ?? 1;
  const delimiters = Array.from({ length: width }, (_, column) => delimiter(options.appearance ? table.align?.[column] : null));
  return [header ?? '|  |', `| ${delimiters.join(' | ')} |`, ...rows].join('\n');
}

function delimiter(align: 'left' | 'right' | 'center' | null | undefined): string {
  if (align === 'center') return ':-:';
  return align === 'right' ? '--:' : '---';
}

/** GFM cells hold one line, so a grid is an HTML table; a blank line lets Markdown begin again within it. */
function renderGrid(grid: Grid, options: RenderOptions): string {
  const lines = ['<table>'];
  for (const row of grid.children) {
    lines.push('<tr>');
    for (const cell of row.children) {
      const tag = cell.header && options.appearance ? 'th' : 'td';
      const spans = `${cell.columnSpan > 1 ? ` colspan="${cell.columnSpan}"` : ''}${cell.rowSpan > 1 ? ` rowspan="${cell.rowSpan}"` : ''}`;
      const body = renderBlocks(cell.children, options);
      lines.push(`<${tag}${spans}>`, '', ...(body === '' ? [] : [body, '']), `</${tag}>`);
    }
    lines.push('</tr>');
  }
  return [...lines, '</table>'].join('\n');
}
