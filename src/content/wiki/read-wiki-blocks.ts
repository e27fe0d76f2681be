import type { BlockContent, PhrasingContent } from 'mdast';
import type { MarkupPiece, Stretch } from '../markup/dialect.ts';
import { cellsMax, type Line, type Taken } from '../markup/line-scan.ts';
import { itemPart, sectionPieces } from '../markup/section-pieces.ts';
import { placed, withCells, type PlacedCell } from '../markup/placed-cell.ts';
import { nestItems, type MarkedItem } from '../markup/nested-list.ts';
import type { GridCell, GridRow } from '../neutral.ts';
import { imageAt, linkEnd, readWikiInline } from './read-wiki-inline.ts';
import type { WikiContext } from './wiki-context.ts';

const itemPattern = /^[ \t]*([*#-]+)[ \t]+(.*)$/s;
/** Two dashes begin no list; within one they are an item of an item. */
const dashesPattern = /^[ \t]*--/;
const headingPattern = /^[ \t]*h([1-6])\.(?:[ \t]+(.*))?$/s;
const quotePattern = /^[ \t]*bq\.[ \t]+(.*)$/s;
const rulePattern = /^[ \t]*-{4,5}[ \t]*$/;
/** A macro that was taken out, alone on its lines. */
const macroPattern = /^[ \t]*\ufdd0\d+\ufdd1[ \t]*$/;
const blankPattern = /^[ \t]*$/;

/** Lines, in which macros with bodies are placeholders, as pieces of blocks (Atlassian's notation guide). */
export function readWikiLines(lines: readonly Line[], taken: Taken, context: WikiContext): MarkupPiece[] {
  return new BlockReader(lines, taken, context).read();
}

class BlockReader {
  private readonly lines: readonly Line[];
  private readonly taken: Taken;
  private readonly context: WikiContext;
  private readonly pieces: MarkupPiece[] = [];
  private paragraph: Line[] = [];

  constructor(lines: readonly Line[], taken: Taken, context: WikiContext) {
    this.lines = lines;
    this.taken = taken;
    this.context = context;
  }

  read(): MarkupPiece[] {
    for (let index = 0; index < this.lines.length; ) index = this.readAt(index);
    this.endParagraph();
    return this.pieces;
  }

  /** Reads what begins at a line; the index of the line after it. */
  private readAt(index: number): number {
    const line = this.lines[index];
    if (line === undefined) return index + 1;
    const { text } = line;
    if (blankPattern.test(text)) {
      this.endParagraph();
      return index + 1;
    }
    if (itemPattern.test(text) && !dashesPattern.test(text)) return this.list(index);
    if (/^[ \t]*\|/.test(text)) return this.table(index);
    const heading = headingPattern.exec(text);
    const quote = quotePattern.exec(text);
    if (heading !== null) {
      const depth = ([1, 2, 3, 4, 5, 6] as const).find((known) => known === Number(heading[1])) ?? 6;
      this.put(
        line,
        this.taken.split(heading[2] ?? '', (part) => [{ type: 'heading', depth, children: this.inline(part) }]),
      );
    } else if (quote !== null) this.quote(line, quote[1] ?? '');
    else if (rulePattern.test(text)) this.put(line, [{ type: 'thematicBreak' }]);
    else if (macroPattern.test(text)) this.put(line, this.content(text), { body: this.taken.bodyOf(text) });
    else this.paragraph.push(line);
    return index + 1;
  }

  private quote({ start, end, text }: Line, content: string): void {
    const line = { text: content, start: start + text.length - content.length, end };
    const pieces = sectionPieces(this.taken.sections([line]), (part) => this.content(part));
    const children = pieces.flatMap(({ blocks }) => blocks);
    this.put({ start, end }, [{ type: 'blockquote', children }], { body: { start: line.start, end, pieces } });
  }

  private put(line: Stretch, blocks: BlockContent[], inside: Partial<Pick<MarkupPiece, 'parts' | 'body'>> = {}): void {
    this.endParagraph();
    this.pieces.push({ blocks, start: line.start, end: line.end, parts: [], ...inside });
  }

  private endParagraph(): void {
    const lines = this.paragraph;
    this.paragraph = [];
    this.pieces.push(...sectionPieces(this.taken.sections(lines), (text) => this.content(text)));
  }

  private inline(text: string): PhrasingContent[] {
    return readWikiInline(text, this.context);
  }

  /** Paragraphs with the blocks that were taken out of them between. */
  private content(text: string): BlockContent[] {
    return this.taken.split(text, (part) => (part.trim() === '' ? [] : [{ type: 'paragraph', children: this.inline(part) }]));
  }

  private list(start: number): number {
    const items: { readonly marker: string; text: string; readonly lines: Line[] }[] = [];
    let index = start;
    for (let line = this.lines[index]; line !== undefined && !blankPattern.test(line.text); line = this.lines[index]) {
      const match = rulePattern.test(line.text) ? null : itemPattern.exec(line.text);
      const last = items.at(-1);
      if (match !== null) items.push({ marker: match[1] ?? '*', text: match[2] ?? '', lines: [line] });
      else if (last === undefined || this.interrupts(line.text)) break;
      else {
        last.text += `\n${line.text}`;
        last.lines.push(line);
      }
      index += 1;
    }
    const lists = nestItems(items.map((item) => this.item(item.marker, item.text)));
    const parts = items.map(({ marker, lines }) => itemPart({ marker }, lines, this.taken));
    this.put({ start: parts[0]?.start ?? 0, end: parts.at(-1)?.end ?? 0 }, lists, { parts });
    return index;
  }

  /** A heading, quote, rule or table ends a list without a blank line. */
  private interrupts(text: string): boolean {
    return headingPattern.test(text) || quotePattern.test(text) || rulePattern.test(text) || /^[ \t]*\|/.test(text);
  }

  private item(marker: string, text: string): MarkedItem {
    const task = /^\\?\[([ xX])\\?\][ \t]+(?=\S)/.exec(text);
    const content = task === null ? text : text.slice(task[0].length);
    // An item without text of its own is written with this reference, or it would be no item.
    const first = content.replace(/^&nbsp;[ \t]*(?=\n|$)/, '');
    const children = this.content(first);
    return task === null ? { marker, children } : { marker, children, checked: task[1] !== ' ' };
  }

  private table(start: number): number {
    const rows: { text: string; start: number; end: number }[] = [];
    let index = start;
    for (let line = this.lines[index]; line !== undefined && !blankPattern.test(line.text); line = this.lines[index]) {
      const last = rows.at(-1);
      if (last !== undefined && !endsRow(this.lines[index - 1])) {
        last.text += `\n${line.text}`;
        last.end = line.end;
      } else if (/^[ \t]*\|/.test(line.text)) rows.push({ text: line.text, start: line.start, end: line.end });
      else break;
      index += 1;
    }
    const cells = rows.map((row) => this.cells(row.text));
    const children = cells.map((row): GridRow => ({ type: 'gridRow', children: row.map(({ cell }) => cell) }));
    const stretch = { start: rows[0]?.start ?? 0, end: rows.at(-1)?.end ?? 0 };
    if (children.reduce((sum, row) => sum + row.children.length, 0) > cellsMax)
      this.put(stretch, [{ type: 'code', value: rows.map((row) => row.text).join('\n') }]);
    else
      this.put(stretch, [{ type: 'grid', children }], {
        parts: rows.map((row, number) => withCells(row, cells[number] ?? [], this.taken)),
      });
    return index;
  }

  private cells(row: string): PlacedCell[] {
    const cells: PlacedCell[] = [];
    for (let index = row.indexOf('|'); index >= 0 && index < row.length; ) {
      const header = row.startsWith('||', index);
      const start = index + (header ? 2 : 1);
      const end = cellEnd(row, start);
      const text = row.slice(start, end);
      if (end >= row.length && text.trim() === '') break;
      const cell: GridCell = { type: 'gridCell', header, columnSpan: 1, rowSpan: 1, children: this.cell(text) };
      cells.push({ cell, ...placed(text, start) });
      index = end;
    }
    return cells;
  }

  private cell(text: string): BlockContent[] {
    const content = text.trim();
    if (content === '&nbsp;') return [];
    const lines = content.split('\n').map((line) => ({ text: line, start: 0, end: 0 }));
    // A cell cannot hold a table: a bar at the start of its line is text.
    if (lines.some((line) => /^[ \t]*\|/.test(line.text))) return this.content(content);
    return readWikiLines(lines, this.taken, this.context).flatMap((piece) => piece.blocks);
  }
}

function endsRow(line: Line | undefined): boolean {
  return line?.text.trimEnd().endsWith('|') === true;
}

/** The bar that ends a cell: one that is neither escaped nor part of a link or an image. */
function cellEnd(row: string, start: number): number {
  for (let index = start; index < row.length; index += 1) {
    const sign = row.charAt(index);
    if (sign === '|') return index;
    if (sign === '\\') index += 1;
    else if (sign === '[') {
      const end = linkEnd(row, index);
      if (end > 0) index = end - 1;
    } else if (sign === '!') {
      const image = imageAt(row, index);
      if (image?.[2] !== undefined) index += image[0].length - 1;
    }
  }
  return row.length;
}
