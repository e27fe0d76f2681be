import type { BlockContent, PhrasingContent } from 'mdast';
import { decodeReferences } from '../html-tokens.ts';
import { readBounded } from '../markup/bounded-markup.ts';
import type { MarkupPiece } from '../markup/dialect.ts';
import { codeStretch, LineGatherer, safeSource, Taken } from '../markup/line-scan.ts';
import type { MarkupContext } from '../markup/markup-context.ts';
import { readTextileLines } from './read-textile-blocks.ts';

const syntax =
  /<!--|<(pre|code|kbd|notextile)\b[^>\r\n]*>|^\{\{collapse(?:\(([^\r\n]*?)\))?[ \t]*(?=\r\n|\n|\r)|^\}\}|\r\n|\n|\r/gm;

/**
 * Reads Redmine's Textile as pieces of neutral blocks, not normal yet. As Redmine does, it takes out first what is not
 * Textile (`<pre>`, `<code>`, `<kbd>`, `<notextile>`, comments, the macro `collapse`); all other HTML is text there, and so
 * are macros, wiki links and references here. Linear, total.
 */
export function readTextile(original: string, context: MarkupContext): MarkupPiece[] {
  return readBounded(original, codeEnd, (text) => new Scanner(safeSource(text), context).read());
}

function codeEnd(line: string): string | undefined {
  return /^<pre\b[^>]*>(?!.*<\/pre>)/.test(line) ? '</pre>' : undefined;
}

interface Collapse {
  readonly title: string;
  readonly opening: string;
  readonly start: number;
  readonly lines: LineGatherer;
}

class Scanner {
  private readonly source: string;
  private readonly context: MarkupContext;
  private readonly taken = new Taken();
  private readonly inline: (PhrasingContent | undefined)[] = [];
  private readonly whole = new LineGatherer(0);
  private readonly unending = new Set<string>();
  private collapse: Collapse | undefined;
  private done = 0;

  constructor(source: string, context: MarkupContext) {
    this.source = source;
    this.context = context;
  }

  read(): MarkupPiece[] {
    const { source } = this;
    syntax.lastIndex = 0;
    for (let match = syntax.exec(source); match !== null; match = syntax.exec(source)) {
      this.lines().add(source.slice(this.done, match.index));
      this.done = match.index + match[0].length;
      this.take(match);
      syntax.lastIndex = this.done;
    }
    this.lines().add(source.slice(this.done));
    if (this.collapse !== undefined) {
      const { opening, lines } = this.collapse;
      lines.endLine(source.length, source.length);
      this.whole.adopt(opening, lines.lines);
    }
    this.whole.endLine(source.length, source.length);
    return this.blocks(this.whole);
  }

  private lines(): LineGatherer {
    return this.collapse?.lines ?? this.whole;
  }

  private blocks(gathered: LineGatherer): MarkupPiece[] {
    return readTextileLines(
      gathered.lines,
      { context: this.context, taken: this.taken, inline: (number) => this.inline[number] },
      0,
    );
  }

  private take(match: RegExpExecArray): void {
    const [written, tag] = match;
    if (tag !== undefined) this.element(tag.toLowerCase(), written);
    else if (written === '<!--') this.comment();
    else if (written.startsWith('{{')) {
      if (this.collapse === undefined)
        this.collapse = { title: match[2] ?? '', opening: written, start: match.index, lines: new LineGatherer(this.done) };
      else this.lines().add(written);
    } else if (written === '}}') this.endCollapse(match.index);
    else this.lines().endLine(match.index, this.done);
  }

  private endCollapse(start: number): void {
    const { collapse } = this;
    if (collapse === undefined) return this.whole.add('}}');
    collapse.lines.endLine(start, start);
    const pieces = this.blocks(collapse.lines);
    const children = pieces.flatMap((piece) => piece.blocks);
    const place = { start: collapse.start, end: this.done };
    const body = { pieces, start: collapse.lines.lines[0]?.start ?? start, end: start };
    this.collapse = undefined;
    const [title = ''] = collapse.title.split(',');
    this.whole.add(this.taken.put([{ type: 'details', summary: title.trim(), children }], place, body));
  }

  private comment(): void {
    const end = this.endOf('-->');
    if (end < 0) this.lines().add('<!--');
    else this.done = end + 3;
  }

  private endOf(text: string): number {
    const end = this.unending.has(text) ? -1 : this.source.indexOf(text, this.done);
    if (end < 0) this.unending.add(text);
    return end;
  }

  private element(tag: string, written: string): void {
    const end = this.endOf(`</${tag}>`);
    if (end < 0) return this.lines().add(written);
    const body = this.source.slice(this.done, end);
    const start = this.done - written.length;
    this.done = end + tag.length + 3;
    if (tag === 'pre') {
      const { lang, value, place } = codeIn(body);
      const stretch = codeStretch(value, start + written.length + place);
      const block = codeBlock(lang, value);
      return this.lines().add(this.taken.put([block], { start, end: this.done }, { pieces: [], ...stretch }));
    }
    this.inline.push(inlineOf(tag, body));
    // As long as what it stands for, so that places in the line are places in the source.
    const number = String(this.inline.length - 1).padStart(written.length + body.length + tag.length + 1, '0');
    this.lines().add(`\ufdd2${number}\ufdd3`);
  }
}

function inlineOf(tag: string, body: string): PhrasingContent | undefined {
  if (body === '') return undefined;
  return tag === 'notextile' ? { type: 'text', value: decodeReferences(body) } : { type: 'inlineCode', value: whole(body) };
}

/** The code in `pre`, and where it begins there: within `code`, which tells its language. */
function codeIn(body: string): { readonly lang: string; readonly value: string; readonly place: number } {
  const match = /^(\s*<code(?:\s+class="([^"]*)")?\s*>)(.*?)(?:<\/code>\s*)?$/s.exec(body);
  return { lang: match?.[2] ?? '', value: match?.[3] ?? body, place: match?.[1]?.length ?? 0 };
}

function codeBlock(lang: string, written: string): BlockContent {
  const value = whole(written).replaceAll(/\r\n?/g, '\n').replace(/^\n/, '').replace(/\n$/, '');
  return { type: 'code', lang: lang === '' ? null : lang, value };
}

/** Takes back `broken`. */
function whole(code: string): string {
  return code.replaceAll(/<\u200b(?=\/?(?:pre|code|kbd|notextile)\b|!--)/gi, '<').replaceAll(/@\u200b(?=[\w.@-])/g, '@');
}

/**
 * Code in which no tag ends it and no name is a mention: Redmine looks for mentions in a body's source, and passes over
 * `<pre>` alone (acts_as_mentionable).
 */
export function broken(code: string): string {
  return code.replaceAll(/<(?=\/?(?:pre|code|kbd|notextile)\b|!--)/gi, '<\u200b').replaceAll(/@(?=[\w.@-])/g, '@\u200b');
}
