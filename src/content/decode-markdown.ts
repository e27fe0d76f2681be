import type { BlockContent, Blockquote, Code, Definition, Nodes, PhrasingContent, Root, RootContent } from 'mdast';
import { BlockFlow } from './block-flow.ts';
import { codeTags, firstSource, InlineFlow } from './inline-flow.ts';
import { attachmentUrl, type AlertKind } from './neutral.ts';
import { opaqueText, parsedLength } from './opaque-rest.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { buildInline, depthMax, plainText } from './runs.ts';

/** A stretch of source that reads as these blocks, independent of its neighbours. */
export interface MarkdownSegment<T extends Nodes = RootContent> {
  readonly nodes: readonly T[];
  readonly blocks: readonly BlockContent[];
}

export interface ParsedMarkdown {
  readonly source: string;
  /** In order; together they hold every top-level node. Definitions and comments make segments without blocks. */
  readonly segments: readonly MarkdownSegment[];
  /** The definitions anywhere in it, in order. */
  readonly definitions: readonly Definition[];
}

type Point = NonNullable<Code['position']>['start'];
type AttachmentId = (url: string) => string | undefined;

/** Reads GitHub Markdown into neutral blocks (not yet normal), by independent stretches of its source. Never throws. */
export function readMarkdown(source: string, attachmentId: AttachmentId): ParsedMarkdown {
  const length = parsedLength(source);
  const root = parseMarkdown(source.slice(0, length));
  const definitions = resolveReferences(root, attachmentId);
  const segments = segmentsOf(source, root.children);
  if (length < source.length) segments.push(opaqueSegment(source, length));
  return { source, segments, definitions };
}

/** Blocks of the parser's tree, their references resolved, by stretches that read independently of their neighbours. */
export function segmentsOf<T extends Nodes>(source: string, blocks: readonly T[]): MarkdownSegment<T>[] {
  const converter = new Converter(source);
  const segments: MarkdownSegment<T>[] = [];
  const flow = new BlockFlow();
  let nodes: T[] = [];
  for (const node of blocks) {
    nodes.push(node);
    converter.add(flow, node, 0);
    const settled = flow.takeSettled();
    if (settled === undefined) continue;
    segments.push({ nodes, blocks: settled });
    nodes = [];
  }
  if (nodes.length > 0) segments.push({ nodes, blocks: flow.finish() });
  return segments;
}

/** What `readMarkdown` reads, without parsing, beyond the length that is parsed: one block of code or nothing. */
export function unparsedBlocks(source: string): readonly BlockContent[] {
  const length = parsedLength(source);
  return length < source.length ? opaqueSegment(source, length).blocks : [];
}

/** What is beyond the length that is parsed, as one block of code. */
function opaqueSegment(source: string, start: number): MarkdownSegment {
  const value = opaqueText(source.slice(start));
  const at = (offset: number): Point => ({ line: 1, column: 1, offset });
  const node: Code = { type: 'code', value, position: { start: at(start), end: at(source.length) } };
  return { nodes: [node], blocks: value === '' ? [] : [node] };
}

/** Puts the definitions' URLs where they are referred to, and attachment URLs where an attachment is meant. */
function resolveReferences(root: Root, attachmentId: AttachmentId): readonly Definition[] {
  const definitions = new Map<string, Definition>();
  const all: Nodes[] = [];
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    all.push(node);
    // Reversed, so that nodes come in document order: of two definitions the first one counts.
    if ('children' in node) waiting.push(...node.children.toReversed());
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
  }
  const resolved = (url: string): string => {
    const id = attachmentId(url);
    return id === undefined ? url : attachmentUrl('private', id);
  };
  for (const node of all) {
    if (node.type === 'linkReference' || node.type === 'imageReference') {
      const url = resolved(definitions.get(node.identifier)?.url ?? '');
      Object.assign(node, { type: node.type === 'linkReference' ? 'link' : 'image', url });
    } else if (node.type === 'link' || node.type === 'image') node.url = resolved(node.url);
    else if (node.type === 'html') node.value = withResolvedWords(withResolvedSources(node.value, resolved), resolved);
  }
  return all.filter((node) => node.type === 'definition');
}

/** The sources of images and targets of links in HTML; of a list of sources the first one. */
function withResolvedSources(html: string, resolved: (url: string) => string): string {
  return html.replaceAll(
    /(\b(?:src|href|srcset)\s*=\s*)(?:"([^"]*)"|'([^']*)')/gi,
    (whole: string, name: string, ...values: (string | undefined)[]) => {
      const value = values[0] ?? values[1] ?? '';
      const url = /^srcset/i.test(name) ? (firstSource(value) ?? '') : value;
      const target = resolved(url);
      return target === url ? whole : `${name}"${target}"`;
    },
  );
}

/** Within these tags addresses are words, or lead elsewhere. */
const wordsOnly = new RegExp(`<(?:${[...codeTags, 'pre', 'a'].join('|')})\\b`, 'i');

/** Addresses of attachments among the words between tags: GitHub links them there, and Jira has the file in their place. */
function withResolvedWords(html: string, resolved: (url: string) => string): string {
  if (wordsOnly.test(html)) return html;
  // Behind the last tag there is none, however many seem to begin there.
  const end = html.lastIndexOf('>') + 1;
  const shown = (whole: string): string => {
    if (whole.startsWith('<')) return whole;
    const url = whole.replace(/(?<![)\].,;:!?*_~])[)\].,;:!?*_~]+$/, '');
    const target = resolved(url);
    return target === url ? whole : `<img src="${target}">${whole.slice(url.length)}`;
  };
  const words = html.slice(0, end).replaceAll(/<!--[^]*?-->|<[^>]*>|https?:\/\/[^\s<>"']+/g, shown);
  return words + html.slice(end).replaceAll(/https?:\/\/[^\s<>"']+/g, shown);
}

class Converter {
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** Feeds one block of the parser's tree to the flow. */
  add(flow: BlockFlow, node: Nodes, depth: number): void {
    if (node.type === 'html') flow.addHtml(node.value);
    else for (const block of this.convert(node, depth)) flow.addBlock(block);
  }

  private blocks(nodes: readonly Nodes[], depth: number): BlockContent[] {
    const flow = new BlockFlow();
    for (const node of nodes) this.add(flow, node, depth + 1);
    return flow.finish();
  }

  private inline(nodes: readonly Nodes[]): PhrasingContent[] {
    const flow = new InlineFlow();
    flow.addNodes(nodes);
    return buildInline(flow.take());
  }

  private convert(node: Nodes, depth: number): BlockContent[] {
    if (depth > depthMax) return [{ type: 'paragraph', children: [{ type: 'text', value: plainText([node]) }] }];
    switch (node.type) {
      case 'paragraph':
        return [{ type: 'paragraph', children: this.inline(node.children) }];
      case 'heading':
        return [{ type: 'heading', depth: node.depth, children: this.inline(node.children) }];
      case 'thematicBreak':
      case 'code':
        return [node];
      case 'blockquote':
        return [this.quote(node, depth)];
      case 'list':
        return [{ ...node, children: node.children.map((item) => ({ ...item, children: this.blocks(item.children, depth) })) }];
      case 'table': {
        const rows = node.children.map((row) => ({
          ...row,
          children: row.children.map((cell) => ({ ...cell, children: this.inline(cell.children) })),
        }));
        return [{ ...node, children: rows }];
      }
      case 'footnoteDefinition':
        return this.footnote(node.label ?? node.identifier, node.children, depth);
      default:
        return [];
    }
  }

  private quote(node: Blockquote, depth: number): BlockContent {
    const alert = alertOf(this.source, node);
    const [first, ...others] = node.children;
    if (first?.type !== 'paragraph' || alert === undefined)
      return { type: 'blockquote', children: this.blocks(node.children, depth) };
    const [opening, ...following] = first.children;
    const rest: PhrasingContent[] =
      opening?.type === 'text'
        ? [{ ...opening, value: opening.value.replace(/^[^\r\n]*(?:\r\n|\n|\r|$)/, '') }, ...following]
        : following;
    return { type: 'alert', kind: alert.kind, children: this.blocks([{ ...first, children: rest }, ...others], depth) };
  }

  /** Jira has no footnotes: a note is a paragraph that begins with its mark. */
  private footnote(label: string, children: readonly Nodes[], depth: number): BlockContent[] {
    const mark: PhrasingContent = { type: 'text', value: `[${label}] ` };
    const [first, ...rest] = this.blocks(children, depth);
    if (first?.type === 'paragraph') return [{ ...first, children: [mark, ...first.children] }, ...rest];
    return [{ type: 'paragraph', children: [mark] }, ...(first === undefined ? [] : [first]), ...rest];
  }
}

/** GitHub's alert is a quote whose first line is `[!KIND]` in the source, unescaped; and where its content goes on after it. */
export function alertOf(
  source: string,
  { children }: Blockquote,
): { readonly kind: AlertKind; readonly contentStart: number } | undefined {
  const [first] = children;
  const start = first?.position?.start.offset;
  if (first?.type !== 'paragraph' || start === undefined) return undefined;
  const marker = /^\[!(note|tip|important|warning|caution)\][ \t]*(?=[\r\n]|$)/i.exec(source.slice(start, start + 40));
  if (marker === null) return undefined;
  const kindLine = /^[^\r\n]*(?:\r\n|\n|\r)?[ \t>]*/.exec(source.slice(start, first.position?.end.offset))?.[0] ?? '';
  return { kind: alertKind(marker[1]), contentStart: start + kindLine.length };
}

/** One block of the parser's tree, its references resolved, as neutral blocks. */
export function convertBlock(source: string, node: Nodes): BlockContent[] {
  const flow = new BlockFlow();
  new Converter(source).add(flow, node, 0);
  return flow.finish();
}

const alertKinds: readonly AlertKind[] = ['note', 'important', 'tip', 'warning', 'caution'];

function alertKind(written: string | undefined): AlertKind {
  return alertKinds.find((kind) => kind === written?.toLowerCase()) ?? 'note';
}
