import type { Image, PhrasingContent } from 'mdast';
import { decodeReferences } from '../html-tokens.ts';
import { characterAt, characterBefore, closes, opens, PhraseTree } from '../markup/phrase-tree.ts';
import { attachmentUrl } from '../neutral.ts';
import type { WikiContext } from './wiki-context.ts';
import { pictureAddress, wikiAddress } from './wiki-address.ts';
import { emoticonAt, escapable, markOfSign, referenceAt } from './wiki-signs.ts';

/** Text of one paragraph, heading, item or cell as phrasing content. A line end is a break, as Jira shows it. */
export function readWikiInline(text: string, context: WikiContext): PhrasingContent[] {
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line, index): PhrasingContent[] => [
      ...(index === 0 ? [] : [{ type: 'break' as const }]),
      ...new LineReader(line, context, false).read(),
    ]);
}

/** Where a link's brackets end, for brackets that hold no others on their line; -1 where they do not. */
export function linkEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const sign = text.charAt(index);
    if (sign === ']') return index + 1;
    if (sign === '[' || sign === '\n' || sign === '\ufdd0') return -1;
    if (sign === '\\') index += 1;
  }
  return -1;
}

const imagePattern = /!([^\s!|\\{}[\]][^!|\n\ufdd0]*)(?:\|([^!\n\ufdd0]*))?!/y;

/** An image at an index, whose address or name is all that it can be: people also exclaim. */
export function imageAt(text: string, index: number): RegExpExecArray | undefined {
  if (/^[\p{L}\p{N}\\]$/u.test(text.charAt(index - 1))) return undefined;
  imagePattern.lastIndex = index;
  return imagePattern.exec(text) ?? undefined;
}

const macroPattern = /\{(?:color(?::[^}\n]{0,200})?|anchor:[^}\n]{0,200})\}/iy;
const bracedPattern = /\{(\*|_|-|\+|~|\^|\?\?)\}/y;
const address = /^(?:https?|ftp|mailto|tel):/i;

class LineReader {
  private readonly tree = new PhraseTree();
  private readonly text: string;
  private readonly context: WikiContext;
  private readonly inLink: boolean;
  private index = 0;
  /** Nothing further on this line ends monospaced text: looking again and again would take quadratic time. */
  private noMono = false;

  constructor(text: string, context: WikiContext, inLink: boolean) {
    this.text = text;
    this.context = context;
    this.inLink = inLink;
  }

  read(): PhrasingContent[] {
    while (this.index < this.text.length) this.step();
    return this.tree.finish();
  }

  private step(): void {
    const sign = this.text.charAt(this.index);
    switch (sign) {
      case '\\':
        return this.backslash();
      case '{':
        return this.brace();
      case '[':
        return this.link();
      case '!':
        return this.image();
      case '&': {
        const found = referenceAt(this.text, this.index);
        return this.take(found === undefined ? sign : decodeReferences(found), found?.length ?? 1);
      }
      case '?':
        return this.text.startsWith('??', this.index) ? this.delimiter('??', 'emphasis') : this.take(sign, 1);
      default: {
        const mark = Object.hasOwn(markOfSign, sign) ? markOfSign[sign] : undefined;
        if (mark !== undefined) return this.delimiter(sign, mark);
        const emoticon = emoticonAt(this.text, this.index);
        return emoticon === undefined ? this.take(sign, 1) : this.take(emoticon[1], emoticon[0].length);
      }
    }
  }

  private take(text: string, length: number): void {
    this.tree.addText(text);
    this.index += length;
  }

  private backslash(): void {
    const next = this.text.charAt(this.index + 1);
    if (next === '\\') {
      this.tree.add({ type: 'break' });
      this.index += 2;
    } else if (escapable.test(next)) this.take(next, 2);
    else this.take('\\', 1);
  }

  private delimiter(sign: string, mark: 'strong' | 'emphasis' | 'delete' | 'underline' | 'subscript' | 'superscript'): void {
    const end = this.index + sign.length;
    const beside = { before: characterBefore(this.text, this.index), after: characterAt(this.text, end) };
    const single = sign.charAt(0);
    if (closes(single, beside) && this.tree.isOpen(mark) && this.tree.close(mark)) this.index = end;
    else if (opens(single, beside)) {
      this.tree.open(mark, sign);
      this.index = end;
    } else this.take(sign, sign.length);
  }

  private brace(): void {
    if (this.text.startsWith('{{', this.index) && !this.noMono && this.mono()) return;
    bracedPattern.lastIndex = this.index;
    const braced = bracedPattern.exec(this.text);
    if (braced !== null) {
      const mark = markOfSign[braced[1] ?? ''] ?? 'emphasis';
      if (!this.tree.isOpen(mark) || !this.tree.close(mark)) this.tree.open(mark, braced[0]);
      this.index += braced[0].length;
      return;
    }
    macroPattern.lastIndex = this.index;
    const macro = macroPattern.exec(this.text);
    if (macro === null) this.take('{', 1);
    else this.index += macro[0].length;
  }

  private mono(): boolean {
    let value = '';
    for (let index = this.index + 2; index < this.text.length; ) {
      if (this.text.startsWith('}}', index)) {
        if (value === '') return false;
        this.tree.add({ type: 'inlineCode', value });
        this.index = index + 2;
        return true;
      }
      const reference = referenceAt(this.text, index);
      const escapes = this.text.charAt(index) === '\\' && escapable.test(this.text.charAt(index + 1));
      value += reference === undefined ? this.text.charAt(index + (escapes ? 1 : 0)) : decodeReferences(reference);
      index += reference?.length ?? (escapes ? 2 : 1);
    }
    this.noMono = true;
    return false;
  }

  private link(): void {
    const end = this.inLink ? -1 : linkEnd(this.text, this.index);
    const node = end < 0 ? undefined : this.linkNode(this.text.slice(this.index + 1, end - 1));
    if (node === undefined) return this.take('[', 1);
    this.tree.add(node);
    this.index = end;
  }

  private linkNode(inside: string): PhrasingContent | undefined {
    const { label, target } = linkParts(inside);
    if (target.startsWith('~')) {
      const name = decodeReferences(target.slice(1));
      return { type: 'strong', children: [{ type: 'text', value: this.context.userName(name) ?? name }] };
    }
    if (target.startsWith('^')) {
      const id = this.context.attachmentId(decodeReferences(target.slice(1)));
      return id === undefined ? undefined : { type: 'image', url: attachmentUrl('private', id), alt: plainLabel(label) };
    }
    const url = decodeReferences(target);
    if (label === undefined && !address.test(url) && !/^[#/]\S/.test(url)) return undefined;
    const id = this.context.attachmentIdOfLink(url);
    if (id !== undefined) return { type: 'image', url: attachmentUrl('private', id), alt: plainLabel(label) };
    const children: PhrasingContent[] =
      label === undefined ? [{ type: 'text', value: url }] : new LineReader(label, this.context, true).read();
    return { type: 'link', url: wikiAddress(url), children };
  }

  private image(): void {
    const match = imageAt(this.text, this.index);
    const node = match === undefined ? undefined : imageNode(match, this.context);
    if (match === undefined || node === undefined) return this.take('!', 1);
    this.tree.add(node);
    this.index += match[0].length;
  }
}

/** The last bar parts label and target; of three parts whose second is an address, the third is a tip. */
function linkParts(inside: string): { readonly label: string | undefined; readonly target: string } {
  const bars = [...inside.matchAll(/\\.|\|/g)].filter((match) => match[0] === '|').map((match) => match.index);
  const last = bars.at(-1);
  if (last === undefined) return { label: undefined, target: inside.trim() };
  const before = bars.at(-2);
  const middle = before === undefined ? '' : inside.slice(before + 1, last);
  if (before !== undefined && /^(?:https?|mailto):\S*$/i.test(middle) && !address.test(inside.slice(last + 1)))
    return { label: inside.slice(0, before), target: middle };
  return { label: inside.slice(0, last), target: inside.slice(last + 1).trim() };
}

function plainLabel(label: string | undefined): string {
  if (label === undefined) return '';
  return decodeReferences(label.replaceAll(/\\([-#*_+?^~|%{}[\]()!@])/g, '$1'));
}

function imageNode(match: RegExpExecArray, context: WikiContext): Image | undefined {
  const name = decodeReferences(match[1] ?? '');
  const id = context.attachmentId(name) ?? context.attachmentIdOfLink(name);
  if (id === undefined && !/^(?:https?:\/\/|\.?\/)\S+$/i.test(name)) return undefined;
  const alt = decodeReferences(/(?:^|,)\s*alt=([^,]*)/.exec(match[2] ?? '')?.[1] ?? '');
  return { type: 'image', url: id === undefined ? pictureAddress(name) : attachmentUrl('private', id), alt };
}
