import type { BlockContent } from 'mdast';
import type { MarkupBody, MarkupPiece, Stretch } from '../markup/dialect.ts';
import { cellsMax, type Line, type Taken } from '../markup/line-scan.ts';
import { itemPart, sectionPieces } from '../markup/section-pieces.ts';
import { placed, withCells, type PlacedCell } from '../markup/placed-cell.ts';
import { nestItems, type MarkedItem } from '../markup/nested-list.ts';
import type { AlertKind, GridCell, GridRow } from '../neutral.ts';
import { readTextileInline, type TextilePlace } from './read-textile-inline.ts';

export interface TextileBlockPlace extends TextilePlace {
  readonly taken: Taken;
}

/** What is in brackets holds another sign than those that stand alone: what can be read in two ways would be tried in all of them. */
const attribute = String.raw`(?:\((?=[^()"]*[^<>=~^()"-])[^()"]{1,200}\)|\{[^{}"]{1,200}\}|\[[a-z_-]{1,20}\]|[<>=~^()-])*`;
const itemPattern = new RegExp(String.raw`^[ \t]*([#*]+)${attribute}[ \t]+(.*)$`, 's');
const prefixPattern = new RegExp(String.raw`^(p|bq|h[1-6]|fn\d{1,9})${attribute}\.(?::\S+)? (.*)$`, 's');
const rowPattern = new RegExp(String.raw`^[ \t]*(?:${attribute}\. ?)?\|`);
/**
 * What a cell begins with, without a blank after it as with one: header, spans, alignment, class, style, language
 * (redcloth3.rb). Redmine also takes a point alone, but that is where a word such as `.env` begins.
 */
const cellPattern =
  /^(?!\.[^ \n]|\.$)(_?)((?:[\\/]\d{1,4}){0,2})(?:[<>=()]+[~^-]?|[~^-][<>=()]*)?(?:\([^()"]+\)|\{[^{}"]+\}|\[[a-z_-]+\])*\.[ \n]?/;
const rulePattern = /^ ?(?:(?:\* ?){3,}|(?:- ?){3,}|(?:_ ?){3,})$/;
const blankPattern = /^[ \t]*$/;
const alertPattern = /^p\(alert-(note|important|tip|warning|caution)\)\. /;

/** Quotes in quotes beyond this are read as text. */
const quotesMax = 8;

/** Lines, in which what is not Textile is placeholders, as pieces of blocks (redcloth3.rb and Redmine's formatting help). */
export function readTextileLines(lines: readonly Line[], place: TextileBlockPlace, depth: number): MarkupPiece[] {
  return new BlockReader(lines, place, depth).read();
}

class BlockReader {
  private readonly lines: readonly Line[];
  private readonly place: TextileBlockPlace;
  private readonly depth: number;
  private readonly pieces: MarkupPiece[] = [];
  private paragraph: Line[] = [];

  constructor(lines: readonly Line[], place: TextileBlockPlace, depth: number) {
    this.lines = lines;
    this.place = place;
    this.depth = depth;
  }

  read(): MarkupPiece[] {
    for (let index = 0; index < this.lines.length; ) index = this.readAt(index);
    this.endParagraph();
    return this.pieces;
  }

  private readAt(index: number): number {
    const line = this.lines[index];
    if (line === undefined) return index + 1;
    const { text } = line;
    if (blankPattern.test(text)) this.blank(line);
    else if (itemPattern.test(text)) return this.list(index);
    else if (text.startsWith('>') && this.depth < quotesMax) return this.quote(index);
    else if (rowPattern.test(text)) return this.table(index);
    else if (rulePattern.test(text)) this.put(line, [{ type: 'thematicBreak' }]);
    else if (/^[ \t]*\ufdd0\d+\ufdd1[ \t]*$/.test(text))
      this.put(line, this.content(text), { body: this.place.taken.bodyOf(text) });
    else if (!/^table[^|\n]{0,200}\.[ \t]*$/.test(text) || !rowPattern.test(this.lines[index + 1]?.text ?? ''))
      this.paragraph.push(line);
    return index + 1;
  }

  /** A line with nothing but a comment, of which nothing was gathered, reads as nothing and stays where it is. */
  private blank(line: Line): void {
    if (line.end - line.start > line.text.length) this.put(line, []);
    else this.endParagraph();
  }

  private put(stretch: Stretch, blocks: BlockContent[], inside: Partial<Pick<MarkupPiece, 'parts' | 'body'>> = {}): void {
    this.endParagraph();
    this.pieces.push({ blocks, start: stretch.start, end: stretch.end, parts: [], ...inside });
  }

  private endParagraph(): void {
    const lines = this.paragraph;
    this.paragraph = [];
    const [first] = lines;
    const last = lines.at(-1);
    if (first === undefined || last === undefined) return;
    const text = lines.map((line) => line.text).join('\n');
    if (!prefixPattern.test(text)) {
      this.pieces.push(...sectionPieces(this.place.taken.sections(lines), (part) => this.content(part)));
      return;
    }
    const stretch = { start: first.start, end: last.end };
    const blocks = this.prefixed(text);
    const [quote] = blocks;
    if (quote?.type === 'blockquote' && blocks.length === 1) this.put(stretch, blocks, { body: this.quoteBody(lines) });
    else this.put(stretch, blocks, { parts: lines });
  }

  /** A block with what its first word makes of it. */
  private prefixed(text: string): BlockContent[] {
    const match = prefixPattern.exec(text);
    const prefix = match?.[1] ?? '';
    const rest = match?.[2] ?? '';
    if (prefix === 'p') return this.content(rest);
    if (prefix === 'bq') return [{ type: 'blockquote', children: this.content(rest) }];
    if (prefix.startsWith('fn')) return this.content(`[${prefix.slice(2)}] ${rest}`);
    const depth = ([1, 2, 3, 4, 5, 6] as const).find((known) => known === Number(prefix.slice(1))) ?? 6;
    return this.place.taken.split(rest, (part) => [{ type: 'heading', depth, children: readTextileInline(part, this.place) }]);
  }

  /** Paragraphs with the blocks between; a line with nothing but a reference to a blank parts paragraphs where no blank line may. */
  private content(text: string): BlockContent[] {
    return this.place.taken.split(text, (part) =>
      part
        .split(/(?:^|\n)[ \t]*&nbsp;[ \t]*(?=\n|$)/)
        .flatMap((inside) =>
          inside.trim() === '' ? [] : [{ type: 'paragraph' as const, children: readTextileInline(trimmed(inside), this.place) }],
        ),
    );
  }

  /** The paragraph of a quote whose first line begins with a sign for all of it. */
  private quoteBody([first, ...others]: readonly Line[]): MarkupBody | undefined {
    const text = prefixPattern.exec(first?.text ?? '')?.[2];
    if (first === undefined || text === undefined) return undefined;
    const own = { ...first, text, start: first.start + first.text.length - text.length };
    const pieces = sectionPieces(this.place.taken.sections([own, ...others]), (part) => this.content(part));
    return { start: own.start, end: others.at(-1)?.end ?? own.end, pieces };
  }

  private quote(start: number): number {
    let index = start;
    const inside: Line[] = [];
    for (let line = this.lines[index]; line !== undefined && line.text.startsWith('>'); line = this.lines[index]) {
      const text = line.text.replace(/^> ?/, '');
      inside.push({ ...line, text, start: line.start + line.text.length - text.length });
      index += 1;
    }
    const [first] = inside;
    const kind = alertKind(first?.text ?? '');
    const rest = kind === undefined ? inside : inside.slice(1);
    const pieces = readTextileLines(rest, this.place, this.depth + 1);
    const children = pieces.flatMap((piece) => piece.blocks);
    const stretch = { start: this.lines[start]?.start ?? 0, end: inside.at(-1)?.end ?? 0 };
    const sign = this.lines[start]?.text.startsWith('> ') === false ? '>' : '> ';
    const body = { start: rest[0]?.start ?? stretch.end, end: stretch.end, pieces, margin: sign };
    this.put(stretch, [kind === undefined ? { type: 'blockquote', children } : { type: 'alert', kind, children }], { body });
    return index;
  }

  private list(start: number): number {
    const items: { readonly marker: string; text: string; readonly lines: Line[] }[] = [];
    let index = start;
    for (let line = this.lines[index]; line !== undefined && !blankPattern.test(line.text); line = this.lines[index]) {
      const match = itemPattern.exec(line.text);
      const last = items.at(-1);
      if (match !== null) items.push({ marker: match[1] ?? '*', text: match[2] ?? '', lines: [line] });
      else if (last !== undefined) {
        last.text += `\n${line.text}`;
        last.lines.push(line);
      }
      index += 1;
    }
    const shown = levelsOf(items.map(({ marker }) => marker));
    const lists = nestItems(items.map(({ marker, text }, number) => this.item(shown[number] ?? marker, text)));
    const parts = items.map(({ marker, lines }, number) => {
      const levels = shown[number] === marker ? undefined : shown[number];
      return itemPart({ marker, levels }, lines, this.place.taken);
    });
    this.put({ start: parts[0]?.start ?? 0, end: parts.at(-1)?.end ?? 0 }, lists, { parts });
    return index;
  }

  private item(marker: string, text: string): MarkedItem {
    const task = /^\[([ xX])\][ \t]+(?=\S)/.exec(text);
    const children = this.content(task === null ? text : text.slice(task[0].length));
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
      } else if (rowPattern.test(line.text)) rows.push({ text: line.text, start: line.start, end: line.end });
      else break;
      index += 1;
    }
    const stretch = { start: rows[0]?.start ?? 0, end: rows.at(-1)?.end ?? 0 };
    // What does not end with a bar is no table to Redmine.
    if (!endsRow(this.lines[index - 1])) this.put(stretch, this.content(rows.map((row) => row.text).join('\n')));
    else {
      const cells = rows.map((row) => this.cells(row.text));
      const children = cells.map((row): GridRow => ({ type: 'gridRow', children: row.map(({ cell }) => cell) }));
      if (children.reduce((sum, row) => sum + row.children.length, 0) > cellsMax)
        this.put(stretch, [{ type: 'code', value: rows.map((row) => row.text).join('\n') }]);
      else
        this.put(stretch, [{ type: 'grid', children }], {
          parts: rows.map((row, number) => withCells(row, cells[number] ?? [], this.place.taken)),
        });
    }
    return index;
  }

  private cells(row: string): PlacedCell[] {
    // The bar within a wiki link parts no cells.
    const [before = '', ...texts] = row.replaceAll(/\[\[([^|[\]\n]*)\|([^|[\]\n]*)\]\]/g, '[[$1\ufdd4$2]]').split('|');
    let start = before.length + 1;
    return texts.slice(0, -1).map((written): PlacedCell => {
      const text = written.replaceAll('\ufdd4', '|');
      const modifiers = cellPattern.exec(text);
      const spans = modifiers?.[2] ?? '';
      const content = text.slice(modifiers?.[0].length ?? 0);
      const place = placed(content, start + text.length - content.length);
      start += text.length + 1;
      const cell: GridCell = {
        type: 'gridCell',
        header: modifiers?.[1] === '_',
        columnSpan: Number(/\\(\d+)/.exec(spans)?.[1] ?? 1),
        rowSpan: Number(/\/(\d+)/.exec(spans)?.[1] ?? 1),
        children: this.content(trimmed(content)),
      };
      return { cell, ...place };
    });
  }
}

function endsRow(line: Line | undefined): boolean {
  return line?.text.trimEnd().endsWith('|') === true;
}

/** Without the white space that means nothing; a no-break space does. */
function trimmed(text: string): string {
  return text.replace(/^[ \t\n]+/, '').replace(/(?<![ \t\n])[ \t\n]+$/, '');
}

function alertKind(line: string): AlertKind | undefined {
  const written = alertPattern.exec(line)?.[1];
  const kinds: readonly AlertKind[] = ['note', 'important', 'tip', 'warning', 'caution'];
  return kinds.find((kind) => kind === written);
}

/**
 * The signs by which items stand where Redmine shows them: it opens a list for signs that are more than those before, however
 * many more, goes back to the list with as many, and takes the kind of a list from the last sign alone (redcloth3.rb).
 */
function levelsOf(markers: readonly string[]): readonly string[] {
  const open: { readonly count: number; readonly sign: string }[] = [];
  return markers.map((marker) => {
    const count = marker.length;
    if ((open.at(-1)?.count ?? 0) > count) while (open.length > 0 && open.at(-1)?.count !== count) open.pop();
    if (open.at(-1)?.count === count) open.pop();
    open.push({ count, sign: marker.slice(-1) });
    return open.map(({ sign }) => sign).join('');
  });
}
