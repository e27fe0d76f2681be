import type { BlockContent } from 'mdast';
import type { MarkupBody, Stretch } from './dialect.ts';

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

/** Where the lines of code stand in the source, without the line ends beside the tags; its body begins at `start`. */
export function codeStretch(body: string, start: number): Stretch {
  const opening = /^(?:\r\n|\r|\n)/.exec(body)?.[0].length ?? 0;
  const lines = body.slice(opening);
  const closing = /(?:\r\n|\r|\n)$/.exec(lines)?.[0].length ?? 0;
  return { start: start + opening, end: start + body.length - closing };
}

/** What was taken out, and where it stood in the source. */
interface Macro extends Stretch {
  readonly blocks: readonly BlockContent[];
  readonly body: MarkupBody | undefined;
}

/** Lines of text, or what was taken out of a line. */
export type Section = { readonly lines: readonly Line[] } | { readonly macro: Macro };

/** The blocks that were taken out of a text, by the number in their placeholder. */
export class Taken {
  private readonly macros: Macro[] = [];

  put(blocks: readonly BlockContent[], { start, end }: Stretch, body?: MarkupBody): string {
    this.macros.push({ blocks, start, end, body });
    return `\ufdd0${this.macros.length - 1}\ufdd1`;
  }

  get(number: number): readonly BlockContent[] {
    return this.macros[number]?.blocks ?? [];
  }

  /** The body of what was taken out of a line that holds nothing else. */
  bodyOf(line: string): MarkupBody | undefined {
    const number = /^[ \t]*\ufdd0(\d+)\ufdd1[ \t]*$/.exec(line)?.[1];
    return number === undefined ? undefined : this.macros[Number(number)]?.body;
  }

  /** Where each offset of a text stands in the source; undefined where the text is not the source as it stands. */
  places({ text, start, end }: Line): ((offset: number) => number) | undefined {
    const shifts: { readonly from: number; readonly shift: number }[] = [];
    let shift = start;
    for (const { 0: sign, 1: number, index } of text.matchAll(placeholder)) {
      const macro = this.macros[Number(number)];
      if (macro === undefined || index + shift !== macro.start) return undefined;
      const from = index + sign.length;
      shift = macro.end - from;
      shifts.push({ from, shift });
    }
    if (text.length + shift !== end) return undefined;
    return (offset) => offset + (shifts.findLast(({ from }) => from <= offset)?.shift ?? start);
  }

  /** The lines, parted where something was taken out; as one where their text is not the source as it stands. */
  sections(lines: readonly Line[]): readonly Section[] {
    const sections: Section[] = [];
    let text: Line[] = [];
    const endText = (): void => {
      if (text.length > 0) sections.push({ lines: text });
      text = [];
    };
    for (const line of lines) {
      const placeAt = this.places(line);
      if (placeAt === undefined) return [{ lines }];
      let done = 0;
      for (const { 0: sign, 1: number, index } of line.text.matchAll(placeholder)) {
        const macro = this.macros[Number(number)];
        text.push(...lineOf(line.text.slice(done, index), placeAt(done)));
        endText();
        if (macro !== undefined) sections.push({ macro });
        done = index + sign.length;
      }
      text.push(...(done === 0 ? [line] : lineOf(line.text.slice(done), placeAt(done))));
    }
    endText();
    return sections;
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

/** What stands beside a block in its line, without the blanks around it. */
function lineOf(text: string, start: number): readonly Line[] {
  const words = text.trim();
  const from = start + text.length - text.trimStart().length;
  return words === '' ? [] : [{ text: words, start: from, end: from + words.length }];
}
