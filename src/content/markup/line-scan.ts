import type { BlockContent } from 'mdast';
import type { MarkupBody } from './dialect.ts';

/** Cells of a table; a larger one is read as its source, for its canonical form would take seconds (32,000 cells took five). */
export const cellsMax = 4000;

/** A line of source in which a block that was taken out, whatever its own lines, is one placeholder. */
export interface Line {
  readonly text: string;
  /** Offsets in the source, without the line end. */
  readonly start: number;
  readonly end: number;
}

/** Non-characters stand for blocks that were read already; `safeSource` takes those of people's text away. */
const placeholder = /\ufdd0(\d+)\ufdd1/g;

/** The source of the same length without the characters that placeholders are made of. */
export function safeSource(source: string): string {
  return source.replaceAll(/[\ufdd0-\ufdef]/g, '\ufffd');
}

/** Gathers the lines of one place of a text. */
export class LineGatherer {
  readonly lines: Line[] = [];
  private text = '';
  private start: number;

  constructor(start: number) {
    this.start = start;
  }

  add(text: string): void {
    this.text += text;
  }

  /** Whether nothing but white space was gathered for the line that is being read. */
  isBlank(): boolean {
    return this.text.trim() === '';
  }

  /** Ends the line at `end`; the next one starts at `next`. */
  endLine(end: number, next: number): void {
    this.lines.push({ text: this.text, start: this.start, end });
    this.text = '';
    this.start = next;
  }

  /** Takes over the lines of a place that turned out to be none: its opening was text. */
  adopt(opening: string, lines: readonly Line[]): void {
    this.text += opening;
    for (const [index, line] of lines.entries()) {
      this.text += line.text;
      if (index < lines.length - 1) this.endLine(line.end, lines[index + 1]?.start ?? line.end);
    }
  }
}

/** The blocks that were taken out of a text, by the number in their placeholder. */
export class Taken {
  private readonly blocks: (readonly BlockContent[])[] = [];
  private readonly bodies = new Map<number, MarkupBody>();

  put(blocks: readonly BlockContent[], body?: MarkupBody): string {
    if (body !== undefined) this.bodies.set(this.blocks.length, body);
    this.blocks.push(blocks);
    return `\ufdd0${this.blocks.length - 1}\ufdd1`;
  }

  get(number: number): readonly BlockContent[] {
    return this.blocks[number] ?? [];
  }

  /** The body of what was taken out of a line that holds nothing else. */
  bodyOf(line: string): MarkupBody | undefined {
    const number = /^[ \t]*\ufdd0(\d+)\ufdd1[ \t]*$/.exec(line)?.[1];
    return number === undefined ? undefined : this.bodies.get(Number(number));
  }

  /** Text and placeholders in turn: what is between them is given to `readText`. */
  split(text: string, readText: (text: string) => BlockContent[]): BlockContent[] {
    const blocks: BlockContent[] = [];
    let done = 0;
    for (const match of text.matchAll(placeholder)) {
      blocks.push(...readText(text.slice(done, match.index)), ...this.get(Number(match[1])));
      done = match.index + match[0].length;
    }
    blocks.push(...readText(text.slice(done)));
    return blocks;
  }
}
