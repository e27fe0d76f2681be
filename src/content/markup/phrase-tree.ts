import type { PhrasingContent } from 'mdast';
import type { MarkName } from '../runs.ts';

interface Frame {
  readonly mark: MarkName;
  /** The delimiter as it was written: text again if nothing closes it. */
  readonly written: string;
  readonly children: PhrasingContent[];
}

const word = /^[\p{L}\p{N}]$/u;

/** The sign beside a delimiter as far as it matters, '' at the border of the text. */
export interface Neighbours {
  readonly before: string;
  readonly after: string;
}

/**
 * Whether a delimiter can begin a phrase: no letter, digit or escape before it, no white space and not its like beside it.
 * Both dialects agree on this (Atlassian's PhraseRendererComponent, Redmine's redcloth3.rb QTAGS).
 */
export function opens(delimiter: string, { before, after }: Neighbours): boolean {
  return !word.test(before) && before !== '\\' && before !== delimiter && !isSpace(after) && after !== delimiter;
}

export function closes(delimiter: string, { before, after }: Neighbours): boolean {
  return !isSpace(before) && before !== delimiter && before !== '\\' && !word.test(after) && after !== delimiter;
}

function isSpace(sign: string): boolean {
  return sign === '' || /^\s$/u.test(sign);
}

/** The whole character that begins at an index, or ends before it. */
export function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

export function characterBefore(text: string, index: number): string {
  const pair = index >= 2 && (text.codePointAt(index - 2) ?? 0) > 0xffff;
  return text.slice(Math.max(0, index - (pair ? 2 : 1)), index);
}

/**
 * Collects the inline content of one line while its delimiters open and close marks. A delimiter without a partner is
 * text. Linear: no mark is open twice, so that nothing is moved more often than there are marks.
 */
export class PhraseTree {
  private readonly root: PhrasingContent[] = [];
  private frames: Frame[] = [];

  add(node: PhrasingContent): void {
    this.place().push(node);
  }

  addText(value: string): void {
    if (value === '') return;
    const place = this.place();
    const last = place.at(-1);
    if (last?.type === 'text') last.value += value;
    else place.push({ type: 'text', value });
  }

  isOpen(mark: MarkName): boolean {
    return this.frames.some((frame) => frame.mark === mark);
  }

  /** An earlier delimiter of the same mark that nothing has closed is text then. */
  open(mark: MarkName, written: string): void {
    const index = this.frames.findIndex((frame) => frame.mark === mark);
    const earlier = this.frames[index];
    if (earlier !== undefined) {
      const holder = this.frames[index - 1]?.children ?? this.root;
      holder.push({ type: 'text', value: earlier.written }, ...earlier.children);
      this.frames.splice(index, 1);
    }
    this.frames.push({ mark, written, children: [] });
  }

  /** Ends the mark; what was opened within it and is not closed becomes text. False if there is nothing to end. */
  close(mark: MarkName): boolean {
    const index = this.frames.findIndex((frame) => frame.mark === mark);
    const frame = this.frames[index];
    if (frame === undefined || (frame.children.length === 0 && index === this.frames.length - 1)) return false;
    const children = [frame.children, ...this.frames.slice(index + 1).map(asText)].flat();
    this.frames = this.frames.slice(0, index);
    this.place().push({ type: mark, children });
    return true;
  }

  finish(): PhrasingContent[] {
    return [this.root, ...this.frames.map(asText)].flat();
  }

  private place(): PhrasingContent[] {
    return this.frames.at(-1)?.children ?? this.root;
  }
}

function asText(frame: Frame): PhrasingContent[] {
  return [{ type: 'text', value: frame.written }, ...frame.children];
}
