import type { PhrasingContent } from 'mdast';
import { decodeReferences } from '../html-tokens.ts';
import type { MarkupContext } from '../markup/markup-context.ts';
import { characterAt, characterBefore, PhraseTree } from '../markup/phrase-tree.ts';
import { attachmentUrl } from '../neutral.ts';
import { referenceAt } from '../wiki/wiki-signs.ts';
import { pictureAddress, textileAddress } from './textile-address.ts';
import { addressAt, closesPhrase, delimiterAround, linkable, neighboursOf, opensPhrase } from './textile-signs.ts';

/** What a text's inline placeholders stand for: code, plain text, or nothing (a separator). */
export interface TextilePlace {
  readonly context: MarkupContext;
  readonly inline: (number: number) => PhrasingContent | undefined;
}

/** Text of one paragraph, heading, item or cell as phrasing content. A line end is a break: Redmine has hard breaks on. */
export function readTextileInline(text: string, place: TextilePlace): PhrasingContent[] {
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line, index): PhrasingContent[] => [
      ...(index === 0 ? [] : [{ type: 'break' as const }]),
      ...new LineReader(line, place, false).read(),
    ]);
}

const attributes = /(?:\{[^}"\n]{1,200}\}|\([^()"\n]{1,200}\)|\[[a-z_-]{1,20}\])+(?=\S)/y;
/** Where all signs of its appearance might begin its address as well, many of them would take quadratic time. */
const image = /!(?:[<=>]|\{[^}\n]{1,200}\}|\([^()\n]{1,200}\)){0,5}(?:\. )?([^\s(!\ufdd0-\ufdd3]+)\s?(?:\(([^()\n]*)\))?!/y;
const code = /@(?:\|\w{1,20}\|)?([^@\n\ufdd0-\ufdd3]+)@(?![\p{L}\p{N}_])/uy;
const linkText = /"([^"\n\ufdd0\ufdd1]+)":/y;
const attachment = /attachment:(?:"([^"\n]+)"|([^\s"<>()\ufdd0-\ufdd3]*[^\s"<>().,;:!?\ufdd0-\ufdd3]))/y;

class LineReader {
  private readonly tree = new PhraseTree();
  private readonly text: string;
  private readonly place: TextilePlace;
  private readonly inLink: boolean;
  private index = 0;
  private inSpan = false;
  /** No further `==` on this line ends plain text: looking again and again would take quadratic time. */
  private noPlain = false;

  constructor(text: string, place: TextilePlace, inLink: boolean) {
    this.text = text;
    this.place = place;
    this.inLink = inLink;
  }

  read(): PhrasingContent[] {
    if (this.inLink) this.index += this.match(attributes)?.[0].length ?? 0;
    while (this.index < this.text.length) this.step();
    return this.tree.finish();
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.index;
    return pattern.exec(this.text) ?? undefined;
  }

  private take(text: string, length: number): void {
    this.tree.addText(text);
    this.index += length;
  }

  private put(node: PhrasingContent, length: number): true {
    this.tree.add(node);
    this.index += length;
    return true;
  }

  private before(): string {
    return characterBefore(this.text, this.index);
  }

  private step(): void {
    const sign = this.text.charAt(this.index);
    if (sign === '\ufdd2') return this.placeholder();
    const found = sign === '&' ? referenceAt(this.text, this.index) : undefined;
    if (found !== undefined) return this.take(decodeReferences(found), found.length);
    if (sign === '"' && !this.inLink && this.link()) return;
    if (sign === '!' && /^[\s>\ufdd3*_?+^~-]?$/.test(this.before()) && this.image()) return;
    if (sign === '@' && !/^[\p{L}\p{N}_]$/u.test(this.before()) && this.code()) return;
    if (sign === 'a' && !/^[\p{L}\p{N}_:]$/u.test(this.before()) && this.attachment()) return;
    if (sign === '=' && /^\s?$/.test(this.before()) && this.plain()) return;
    if (sign === '%' && this.span()) return;
    const delimiter = delimiterAround(this.text, this.index);
    if (delimiter === undefined || delimiter.start !== this.index) return this.take(sign, 1);
    this.delimiter(delimiter.sign, delimiter);
  }

  private placeholder(): void {
    const end = this.text.indexOf('\ufdd3', this.index);
    const node = this.place.inline(Number(this.text.slice(this.index + 1, end)));
    if (node !== undefined) this.tree.add(node);
    this.index = end < 0 ? this.text.length : end + 1;
  }

  private delimiter(sign: string, delimiter: NonNullable<ReturnType<typeof delimiterAround>>): void {
    const { mark, end, start } = delimiter;
    const beside = neighboursOf(this.text, delimiter);
    if (closesPhrase(sign, beside) && this.tree.isOpen(mark) && this.tree.close(mark)) this.index = end;
    else if (opensPhrase(sign, beside)) {
      this.index = end;
      const attribute = this.match(attributes)?.[0] ?? '';
      this.tree.open(mark, this.text.slice(start, end) + attribute);
      this.index += attribute.length;
    } else this.take(this.text.slice(start, end), end - start);
  }

  /** `%{color:red}text%`: a span is appearance alone. */
  private span(): boolean {
    const beside = { before: this.before(), after: characterAt(this.text, this.index + 1) };
    if (this.inSpan && closesPhrase('%', beside)) {
      this.inSpan = false;
      this.index += 1;
      return true;
    }
    if (!opensPhrase('%', beside)) return false;
    this.index += 1;
    const attribute = this.match(attributes)?.[0];
    if (attribute === undefined || !this.text.includes('%', this.index + attribute.length)) {
      this.index -= 1;
      return false;
    }
    this.inSpan = true;
    this.index += attribute.length;
    return true;
  }

  private link(): boolean {
    const match = this.match(linkText);
    if (match === undefined) return false;
    const start = this.index + match[0].length;
    if (!linkable.test(this.text.slice(start, start + 20))) return false;
    const written = addressAt(this.text, start);
    const url = decodeReferences(written);
    // A title in parentheses is shown on hovering alone.
    const label = (match[1] ?? '').replace(/\s?\([^()]+\)$/, '') || (match[1] ?? '');
    const length = start - this.index + written.length;
    const children = new LineReader(label, this.place, true).read();
    const id = this.place.context.attachmentIdOfLink(url);
    if (id === undefined) return this.put({ type: 'link', url: textileAddress(url), children }, length);
    const alt = children.map((child) => ('value' in child ? child.value : '')).join('');
    return this.put({ type: 'image', url: attachmentUrl('private', id), alt }, length);
  }

  private image(): boolean {
    const match = this.match(image);
    if (match === undefined) return false;
    const source = decodeReferences(match[1] ?? '');
    const { context } = this.place;
    const id = context.attachmentId(decoded(source)) ?? context.attachmentIdOfLink(source);
    if (id === undefined && !/^(?:https?:\/\/|\/)\S+$/i.test(source)) return false;
    const alt = decodeReferences(match[2] ?? '');
    const node: PhrasingContent = {
      type: 'image',
      url: id === undefined ? pictureAddress(source) : attachmentUrl('private', id),
      alt,
    };
    const after = this.index + match[0].length;
    const href = this.text.charAt(after) === ':' ? addressAt(this.text, after + 1) : '';
    if (!linkable.test(href)) return this.put(node, match[0].length);
    const url = textileAddress(decodeReferences(href));
    return this.put({ type: 'link', url, children: [node] }, match[0].length + 1 + href.length);
  }

  private code(): boolean {
    const match = this.match(code);
    return match !== undefined && this.put({ type: 'inlineCode', value: decodeReferences(match[1] ?? '') }, match[0].length);
  }

  private attachment(): boolean {
    const match = this.match(attachment);
    const name = match?.[1] ?? match?.[2] ?? '';
    const { context } = this.place;
    const id = context.attachmentId(decodeReferences(name)) ?? context.attachmentId(name);
    if (match === undefined || id === undefined) return false;
    return this.put({ type: 'image', url: attachmentUrl('private', id), alt: '' }, match[0].length);
  }

  private plain(): boolean {
    if (this.noPlain || !/^==[^=\s]/.test(this.text.slice(this.index, this.index + 3))) return false;
    const rest = this.text.slice(this.index + 2);
    const end = rest.search(/==(?=\s|$)/);
    if (end < 0) this.noPlain = true;
    else this.take(rest.slice(0, end), end + 4);
    return end >= 0;
  }
}

/** Redmine unescapes the name in an image's source like a query. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
