import type { BlockContent, ListItem, Nodes, PhrasingContent, RootContent } from 'mdast';
import { htmlTokens, type HtmlToken } from './html-tokens.ts';
import { InlineFlow } from './inline-flow.ts';
import { borders } from './inline-parts.ts';
import type { GridCell, GridRow } from './neutral.ts';
import { buildInline, plainText, type Run } from './runs.ts';

/** HTML elements that hold blocks. Others that part paragraphs are in `borders` (inline-parts.ts); all the rest are inline or mean nothing. */
type FrameTag = 'details' | 'summary' | 'blockquote' | 'ul' | 'ol' | 'li' | 'table' | 'tr' | 'td' | 'th' | 'pre' | 'heading';

interface Frame {
  readonly tag: FrameTag;
  readonly attributes: ReadonlyMap<string, string>;
  readonly blocks: BlockContent[];
  readonly items: ListItem[];
  readonly rows: GridRow[];
  readonly cells: GridCell[];
  summary: string;
  level: 1 | 2 | 3 | 4 | 5 | 6;
}

const frameTags = new Map<string, FrameTag>(
  (['details', 'summary', 'blockquote', 'ul', 'ol', 'li', 'table', 'tr', 'td', 'th', 'pre'] as const).map((tag) => [tag, tag]),
);
const levels = new Map<string, 1 | 2 | 3 | 4 | 5 | 6>([
  ['h1', 1],
  ['h2', 2],
  ['h3', 3],
  ['h4', 4],
  ['h5', 5],
  ['h6', 6],
]);

/** What an opening tag ends although its closing tag was left out. */
const ended: Readonly<Record<string, readonly FrameTag[]>> = {
  li: ['li'],
  tr: ['td', 'th', 'tr'],
  td: ['td', 'th'],
  th: ['td', 'th'],
};

/** Nested elements beyond this are read as if their tags were not there. */
const framesMax = 40;

/**
 * Puts together Markdown blocks and the HTML between them: a parser cuts HTML at blank lines, so that `<details>`, the
 * blocks within it and `</details>` arrive one by one. Feed it blocks in order; what is complete can be taken.
 */
export class BlockFlow {
  private frames: Frame[] = [];
  private done: BlockContent[] = [];
  private readonly inline = new InlineFlow();

  /** A block of Markdown that is converted already. */
  addBlock(block: BlockContent): void {
    this.place().push(block);
  }

  /** The content of an `html` node. */
  addHtml(html: string): void {
    for (const token of htmlTokens(html)) this.addToken(token);
    this.endInline();
    // Headings and preformatted text end with their HTML block; only containers go on around Markdown.
    while (this.frames.some((frame) => frame.tag === 'heading' || frame.tag === 'pre' || frame.tag === 'summary'))
      this.closeTop();
  }

  /** The finished blocks since the last call, or undefined while an element is open. */
  takeSettled(): BlockContent[] | undefined {
    if (this.frames.length > 0) return undefined;
    const blocks = this.done;
    this.done = [];
    return blocks;
  }

  /** Ends what is open and gives all that is left. */
  finish(): BlockContent[] {
    this.endInline();
    while (this.frames.length > 0) this.closeTop();
    return this.takeSettled() ?? [];
  }

  private top(): Frame | undefined {
    return this.frames.at(-1);
  }

  /** Where blocks go now. Blocks between the parts of a table or list get a part of their own. */
  private place(): BlockContent[] {
    const top = this.top();
    if (top?.tag === 'table') this.push('tr');
    if (top?.tag === 'table' || top?.tag === 'tr') this.push('td');
    else if (top?.tag === 'ul' || top?.tag === 'ol') this.push('li');
    return this.top()?.blocks ?? this.done;
  }

  private push(tag: FrameTag, attributes: ReadonlyMap<string, string> = new Map()): void {
    if (this.frames.length >= framesMax) return;
    this.frames.push({ tag, attributes, blocks: [], items: [], rows: [], cells: [], summary: '', level: 1 });
  }

  private addToken(token: HtmlToken): void {
    if (token.kind === 'text') {
      const preformatted = this.frames.some((frame) => frame.tag === 'pre');
      this.inline.addToken(preformatted ? token : { kind: 'text', text: token.text.replaceAll(/\s+/g, ' ') });
      return;
    }
    const level = levels.get(token.tag);
    const tag = level === undefined ? frameTags.get(token.tag) : 'heading';
    if (tag !== undefined) {
      this.endInline();
      if (token.kind === 'close') this.close(tag);
      else {
        for (const implied of ended[tag] ?? []) if (this.mayEnd(tag, implied)) this.close(implied);
        this.push(tag, token.attributes);
        const top = this.top();
        if (top !== undefined && level !== undefined) top.level = level;
      }
    } else if (token.tag === 'hr' && token.kind === 'open') {
      this.endInline();
      this.place().push({ type: 'thematicBreak' });
    } else if (borders.has(token.tag)) this.endInline();
    else this.inline.addToken(token);
  }

  /** A part is ended by the next one of the same list or table, not by one of a list or table within it. */
  private mayEnd(tag: FrameTag, implied: FrameTag): boolean {
    const holders = tag === 'li' ? ['ul', 'ol'] : ['table'];
    const holder = this.frames.findLastIndex((frame) => holders.includes(frame.tag));
    return this.frames.findLastIndex((frame) => frame.tag === implied) > holder;
  }

  private close(tag: FrameTag): void {
    if (!this.frames.some((frame) => frame.tag === tag)) return;
    for (let top = this.top(); top !== undefined; top = this.top()) {
      this.closeTop();
      if (top.tag === tag) return;
    }
  }

  private endInline(): void {
    const runs = this.inline.take();
    if (runs.every((run) => run.kind === 'break' || ((run.kind === 'text' || run.kind === 'code') && run.text.trim() === '')))
      return;
    const top = this.top();
    if (top?.tag === 'pre') this.place().push({ type: 'code', value: runs.map(preformattedText).join('').replace(/^\n/, '') });
    else this.place().push({ type: 'paragraph', children: buildInline(runs) });
  }

  private closeTop(): void {
    const frame = this.frames.pop();
    if (frame === undefined) return;
    const holder = this.top();
    switch (frame.tag) {
      case 'summary':
        if (holder?.tag === 'details') holder.summary = plainText(frame.blocks);
        else this.place().push(...frame.blocks);
        return;
      case 'li':
        if (holder?.tag === 'ul' || holder?.tag === 'ol')
          holder.items.push({ type: 'listItem', spread: false, children: frame.blocks });
        else this.place().push(...frame.blocks);
        return;
      case 'td':
      case 'th':
        if (holder?.tag === 'tr') holder.cells.push(cellOf(frame));
        else this.place().push(...frame.blocks);
        return;
      case 'tr':
        if (holder?.tag === 'table') holder.rows.push({ type: 'gridRow', children: frame.cells });
        else this.place().push(...frame.cells.flatMap((cell) => blocksOf(cell.children)));
        return;
      default:
        this.place().push(...finished(frame));
    }
  }
}

function preformattedText(run: Run): string {
  if (run.kind === 'break') return '\n';
  return run.kind === 'image' ? run.alt : run.text;
}

function cellOf(frame: Frame): GridCell {
  const span = (name: string): number => Number.parseInt(frame.attributes.get(name) ?? '1', 10) || 1;
  return {
    type: 'gridCell',
    header: frame.tag === 'th',
    columnSpan: span('colspan'),
    rowSpan: span('rowspan'),
    children: frame.blocks,
  };
}

function blocksOf(children: readonly RootContent[]): BlockContent[] {
  return children.flatMap((child) => (isBlock(child) ? [child] : []));
}

const blockTypes = new Set<Nodes['type']>([
  'paragraph',
  'heading',
  'thematicBreak',
  'code',
  'blockquote',
  'alert',
  'details',
  'list',
  'table',
  'grid',
  'html',
] as const);

/** Whether a node can stand where blocks stand. */
export function isBlock(node: Nodes): node is BlockContent {
  return blockTypes.has(node.type);
}

function finished(frame: Frame): BlockContent[] {
  switch (frame.tag) {
    case 'details':
      return [{ type: 'details', summary: frame.summary, children: frame.blocks }];
    case 'blockquote':
      return [{ type: 'blockquote', children: frame.blocks }];
    case 'ul':
    case 'ol': {
      if (frame.items.length === 0) return [];
      const start = Number.parseInt(frame.attributes.get('start') ?? '1', 10);
      return [{ type: 'list', ordered: frame.tag === 'ol', start, spread: false, children: frame.items }];
    }
    case 'table':
      return frame.rows.length === 0 ? [] : [{ type: 'grid', children: frame.rows }];
    case 'heading': {
      const children = frame.blocks.flatMap((block, index): PhrasingContent[] => {
        if (block.type !== 'paragraph') return [];
        return index === 0 ? block.children : [{ type: 'text', value: ' ' }, ...block.children];
      });
      const others = frame.blocks.filter((block) => block.type !== 'paragraph');
      return [{ type: 'heading', depth: frame.level, children }, ...others];
    }
    default:
      return frame.blocks;
  }
}
