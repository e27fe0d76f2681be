import type { Nodes } from 'mdast';
import { htmlTokens, type HtmlToken } from './html-tokens.ts';
import { InlineParts } from './inline-parts.ts';
import { parseAttachmentUrl } from './neutral.ts';
import { flattenInline, linkedRuns, noMarks, textRuns, type MarkName, type Run, type Style } from './runs.ts';

/** HTML elements that have a mark of their own in the neutral form. `code` and its like make code of the text within. */
const markOfTag: Readonly<Record<string, MarkName>> = {
  b: 'strong',
  strong: 'strong',
  i: 'emphasis',
  em: 'emphasis',
  s: 'delete',
  del: 'delete',
  strike: 'delete',
  ins: 'underline',
  u: 'underline',
  sub: 'subscript',
  sup: 'superscript',
};
/** What plays or shows another file; the other side can only link to it. */
const embeddingTags = new Set(['video', 'audio', 'iframe', 'embed', 'source']);
export const codeTags: ReadonlySet<string> = new Set(['code', 'kbd', 'samp', 'tt', 'var']);

interface OpenTag {
  readonly tag: string;
  readonly mark: MarkName | undefined;
  readonly link: string | undefined;
  /** How many runs there were when it was opened. */
  readonly from: number;
}

/** Collects the inline content of one paragraph: Markdown's phrasing content with the HTML tags among it taken as marks. */
export class InlineFlow {
  private runs: Run[] = [];
  private open: OpenTag[] = [];
  private readonly parts = new InlineParts();
  /** The first source of a picture whose image has not come yet. */
  private source: string | undefined;

  /** The runs collected since the last call; open tags are forgotten. */
  take(): Run[] {
    this.endPicture();
    const { runs } = this;
    this.runs = [];
    this.open = [];
    this.parts.end();
    return runs;
  }

  /** Phrasing content of the parser's tree, with its `html` nodes. */
  addNodes(nodes: readonly Nodes[]): void {
    for (const node of nodes) this.addNode(node, { marks: noMarks, link: undefined }, 0);
  }

  private addNode(node: Nodes, style: Style, depth: number): void {
    if (node.type === 'html') {
      for (const token of htmlTokens(node.value)) this.addToken(token, style);
    } else if ('children' in node && node.type !== 'footnoteDefinition' && depth < 100) {
      const inner = innerStyle(node, style);
      const from = this.runs.length;
      for (const child of node.children) this.addNode(child, inner, depth + 1);
      if (node.type === 'link') this.endLink(from, inner.link);
    } else this.addRuns(flattenInline([node], style));
  }

  /** One token of HTML; `style` is that of the Markdown around it. Tags that mean nothing inline are left out. */
  addToken(token: HtmlToken, style: Style = { marks: noMarks, link: undefined }): void {
    if (token.kind === 'text') {
      this.addRuns(textRuns(token.text, style));
    } else if (this.parts.addTag(token)) return;
    else if (token.kind === 'close') {
      if (token.tag === 'picture') this.endPicture();
      const index = this.open.findLastIndex((open) => open.tag === token.tag);
      const [closed] = index < 0 ? [] : this.open.splice(index, 1);
      if (closed !== undefined) this.endLink(closed.from, closed.link);
    } else if (token.tag === 'br') this.addRuns([{ kind: 'break', ...style }]);
    else if (token.tag === 'img') {
      const url = token.attributes.get('src') ?? '';
      this.source = undefined;
      this.addRuns([{ kind: 'image', url, alt: token.attributes.get('alt') ?? '', ...style }]);
    } else if (token.tag === 'source' && token.attributes.has('srcset'))
      this.source ??= firstSource(token.attributes.get('srcset') ?? '');
    else if (embeddingTags.has(token.tag)) this.addEmbedded(token.attributes);
    else if (Object.hasOwn(markOfTag, token.tag) || codeTags.has(token.tag) || token.tag === 'a') {
      const link = token.tag === 'a' ? token.attributes.get('href') : undefined;
      const mark = Object.hasOwn(markOfTag, token.tag) ? markOfTag[token.tag] : undefined;
      if (this.open.length < 100) this.open.push({ tag: token.tag, mark, link, from: this.runs.length });
    }
  }

  private addEmbedded(attributes: ReadonlyMap<string, string>): void {
    const url = attributes.get('src') ?? '';
    const title = attributes.get('title') ?? '';
    if (url === '') return;
    if (parseAttachmentUrl(url) === undefined)
      this.addRuns([{ kind: 'text', text: title === '' ? url : title, marks: noMarks, link: url }]);
    else this.addRuns([{ kind: 'image', url, alt: title, marks: noMarks, link: undefined }]);
  }

  /** A picture without an image shows nothing on GitHub, but its author meant its first source to be seen. */
  private endPicture(): void {
    const { source } = this;
    this.source = undefined;
    if (source !== undefined) this.addRuns([{ kind: 'image', url: source, alt: '', marks: noMarks, link: undefined }]);
  }

  /** Links are told apart where they end: runs under one address would be one link. */
  private endLink(from: number, link: string | undefined): void {
    if (link === undefined) return;
    for (const run of linkedRuns(this.runs.splice(from), link)) this.runs.push(run);
  }

  private addRuns(added: readonly Run[]): void {
    const runs = added.flatMap((run) => this.parts.parted(run, this.runs));
    if (this.open.length === 0) {
      for (const run of runs) this.runs.push(run);
      return;
    }
    const marks = this.open.flatMap((open) => (open.mark === undefined ? [] : [open.mark]));
    const link = this.open.findLast((open) => open.link !== undefined)?.link;
    const code = this.open.some((open) => codeTags.has(open.tag));
    for (const run of runs) {
      const style: Style = { marks: new Set([...run.marks, ...marks]), link: run.link ?? link };
      if (code && run.kind === 'text') this.runs.push({ kind: 'code', text: run.text, ...style });
      else if (code && run.kind === 'break') this.runs.push({ kind: 'code', text: ' ', ...style });
      else this.runs.push({ ...run, ...style });
    }
  }
}

/** The address of the first of the images that a `srcset` lists. */
export function firstSource(list: string): string | undefined {
  return /[^\s,]\S*?(?=,?(?:\s|$))/.exec(list)?.[0];
}

function innerStyle(node: Nodes, style: Style): Style {
  switch (node.type) {
    case 'link':
      return { marks: style.marks, link: style.link ?? node.url };
    case 'strong':
    case 'emphasis':
    case 'delete':
      return { marks: new Set([...style.marks, node.type]), link: style.link };
    default:
      return style;
  }
}
