import type { HtmlToken } from './html-tokens.ts';
import { noMarks, type Run } from './runs.ts';

/** HTML elements that part paragraphs and hold nothing but blocks or words. Those that are blocks of their own are not here. */
export const borders: ReadonlySet<string> = new Set(
  'p div center section article header footer main aside nav figure figcaption dl dt dd thead tbody tfoot caption address form fieldset picture'.split(
    ' ',
  ),
);

const blocks: ReadonlySet<string> = new Set(
  'h1 h2 h3 h4 h5 h6 hr pre blockquote details summary ul ol li table tr td th'.split(' '),
);

/** What parts the words that come from those before them: cells stand beside each other, all else below each other. */
type Border = 'none' | 'blank' | 'line';

interface OpenList {
  readonly ordered: boolean;
  /** Of the next item. */
  number: number;
}

/** Deeper lists are read as if they were not there. */
const listsMax = 40;

/**
 * HTML blocks within a line: GitHub shows them below each other, but the neutral form's paragraphs, headings and cells hold
 * no blocks. So a break stands between their words (a heading has a blank for it), and before each item its sign.
 */
export class InlineParts {
  private border: Border = 'none';
  private sign = '';
  private lists: OpenList[] = [];

  /** Takes note of a tag, and tells whether it is one of a block. */
  addTag(token: Exclude<HtmlToken, { kind: 'text' }>): boolean {
    const { kind, tag } = token;
    // A picture is a choice of images, which stands in a line.
    if (tag === 'picture' || !(borders.has(tag) || blocks.has(tag))) return false;
    const isCell = tag === 'td' || tag === 'th';
    if (!isCell) this.border = 'line';
    else if (this.border === 'none') this.border = 'blank';
    if (kind === 'close') {
      if (tag === 'ul' || tag === 'ol') this.lists.pop();
      if (tag === 'li') this.sign = '';
    } else if (tag === 'ul' || tag === 'ol') this.openList(tag === 'ol', token.attributes.get('start'));
    else if (tag === 'li') this.sign = this.nextSign();
    return true;
  }

  /** A run with what parts it from the runs before it; nothing for space beside a border. */
  parted(run: Run, before: readonly Run[]): readonly Run[] {
    if (this.border === 'none') return [run];
    if (run.kind === 'break') this.border = 'line';
    if (isSpace(run)) return [];
    const last = before.findLast((other) => other.kind === 'break' || !isSpace(other));
    const parting = last === undefined || last.kind === 'break' ? [] : [partingRun(this.border)];
    const sign: readonly Run[] = this.sign === '' ? [] : [{ kind: 'text', text: this.sign, marks: noMarks, link: run.link }];
    this.forget();
    return [...parting, ...sign, run];
  }

  /** Forgets what is open. */
  end(): void {
    this.forget();
    this.lists = [];
  }

  private forget(): void {
    this.border = 'none';
    this.sign = '';
  }

  private openList(ordered: boolean, start: string | undefined): void {
    const number = Number.parseInt(start ?? '1', 10);
    if (this.lists.length < listsMax) this.lists.push({ ordered, number: Number.isSafeInteger(number) ? number : 1 });
  }

  private nextSign(): string {
    const list = this.lists.at(-1);
    if (list?.ordered !== true) return '• ';
    list.number += 1;
    return `${list.number - 1}. `;
  }
}

function isSpace(run: Run): boolean {
  return run.kind === 'break' || (run.kind === 'text' && run.text.trim() === '');
}

function partingRun(border: Border): Run {
  const plain = { marks: noMarks, link: undefined };
  return border === 'line' ? { kind: 'break', ...plain } : { kind: 'text', text: ' ', ...plain };
}
