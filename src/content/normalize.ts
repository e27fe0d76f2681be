import type { BlockContent, Nodes, PhrasingContent } from 'mdast';
import { cleanLine, cleanText } from './clean-text.ts';
import { stripCodeDefusing } from './defuse.ts';
import type { Neutral } from './neutral.ts';
import { normalList } from './normal-list.ts';
import { normalLine, normalParagraphs } from './normal-paragraph.ts';
import { normalGrid, normalTable } from './normal-table.ts';
import { blockDepthMax, flattenInline, plainText, styleWith, plainStyle } from './runs.ts';

/** What may stand where the blocks are that are being made normal. */
export interface Place {
  /** `whole`: with any content; `nested`: without tables or details in it (in details, in a table's cell); `none`: not at all. */
  readonly details: 'whole' | 'nested' | 'none';
  readonly tables: boolean;
  /** Headings inside a list become bold paragraphs. */
  readonly headings: boolean;
  readonly depth: number;
}

const topPlace: Place = { details: 'whole', tables: true, headings: true, depth: 0 };

/**
 * The tree in normal form: the part of the neutral form that ADF's schema can hold, which every codec carries exactly.
 * A container keeps what may stand in it and parts around what may not (ADF's quotes hold no headings, list items no
 * tables…), so that nothing is lost but its place. Applying it twice changes nothing. Depth is at most `blockDepthMax`.
 */
export function normalize(root: Neutral): Neutral {
  const known = normalRoots.get(root);
  if (known !== undefined) return known;
  const normal: Neutral = { type: 'root', children: normalBlocks(root.children, topPlace) };
  normalRoots.set(root, normal);
  normalRoots.set(normal, normal);
  return normal;
}

/** Neutral trees are values that nobody changes in place: what `normalize` made of one holds for as long as it lives. */
const normalRoots = new WeakMap<Neutral, Neutral>();

/** Blocks of a place in normal form; phrasing content among them becomes paragraphs. */
export function normalBlocks(nodes: readonly Nodes[], place: Place): BlockContent[] {
  const blocks: BlockContent[] = [];
  let loose: Nodes[] = [];
  const flush = (): void => {
    for (const block of loose.length > 0 ? normalParagraphs(flattenInline(loose)) : []) blocks.push(block);
    loose = [];
  };
  for (const node of nodes) {
    if (isPhrasing(node)) {
      loose.push(node);
      continue;
    }
    flush();
    for (const block of normalBlock(node, { ...place, depth: place.depth + 1 })) blocks.push(block);
  }
  flush();
  return blocks;
}

const phrasing = new Set([
  'text',
  'inlineCode',
  'break',
  'image',
  'link',
  'strong',
  'emphasis',
  'delete',
  'underline',
  'subscript',
  'superscript',
  'footnoteReference',
  'imageReference',
  'linkReference',
  'html',
]);

export function isPhrasing(node: Nodes): boolean {
  return phrasing.has(node.type);
}

function normalBlock(node: Nodes, place: Place): BlockContent[] {
  if (place.depth > blockDepthMax) return normalParagraphs(flattenInline([{ type: 'text', value: plainText([node]) }]));
  switch (node.type) {
    case 'paragraph':
      return normalParagraphs(flattenInline(node.children));
    case 'heading':
      return normalHeading(node.depth, node.children, place);
    case 'thematicBreak':
      return [{ type: 'thematicBreak' }];
    case 'code':
      return [normalCode(node.lang, node.value)];
    case 'blockquote':
      return part(normalBlocks(node.children, place), standsIn.blockquote, (children) => ({ type: 'blockquote', children }));
    case 'alert':
      return part(normalBlocks(node.children, place), standsIn.alert, (children) => ({
        type: 'alert',
        kind: node.kind,
        children,
      }));
    case 'details':
      return normalDetails(node.summary, node.children, place);
    case 'list':
      return normalList(node, place);
    case 'table':
      return normalTable(node, place);
    case 'grid':
      return normalGrid(node, place);
    case 'definition':
      return [];
    case 'footnoteDefinition': {
      const label: Nodes = { type: 'text', value: `[${node.label ?? node.identifier}] ` };
      const [first, ...rest] = node.children;
      if (first?.type !== 'paragraph') return normalBlocks([label, ...node.children], place);
      return normalBlocks([{ type: 'paragraph', children: [label, ...first.children] }, ...rest], place);
    }
    default:
      if ('children' in node) return normalBlocks(node.children, place);
      return 'value' in node ? normalParagraphs(flattenInline([{ type: 'text', value: node.value }])) : [];
  }
}

/** Consecutive nodes that may stand in a container are wrapped in one; the others stand between, in order. */
export function part<T>(nodes: readonly T[], mayStand: (node: T) => boolean, wrap: (children: T[]) => T): T[] {
  const parted: T[] = [];
  let inside: T[] = [];
  for (const node of nodes) {
    if (mayStand(node)) {
      inside.push(node);
      continue;
    }
    if (inside.length > 0) parted.push(wrap(inside));
    inside = [];
    parted.push(node);
  }
  if (inside.length > 0) parted.push(wrap(inside));
  return parted;
}

/** What stands in a quote and in an alert; normal form puts anything else beside them. */
export const standsIn: Readonly<Record<'blockquote' | 'alert', (block: BlockContent) => boolean>> = {
  blockquote: (block) => block.type === 'paragraph' || block.type === 'code' || (block.type === 'list' && !isTaskList(block)),
  alert: ({ type }) =>
    type === 'paragraph' || type === 'heading' || type === 'code' || type === 'thematicBreak' || type === 'list',
};

export function isTaskList(block: BlockContent): boolean {
  return block.type === 'list' && typeof block.children[0]?.checked === 'boolean';
}

function normalHeading(level: number, content: readonly PhrasingContent[], place: Place): BlockContent[] {
  if (!place.headings) return normalParagraphs(flattenInline(content, styleWith(plainStyle, 'strong')));
  const children = normalLine(flattenInline(content), 'space');
  if (children.length === 0) return [];
  const depth = ([1, 2, 3, 4, 5, 6] as const).find((known) => known >= level) ?? 6;
  return [{ type: 'heading', depth, children }];
}

/** The language is one word; the rest of the info string means nothing to Jira. Line ends at the end mean nothing to anybody. */
function normalCode(language: string | null | undefined, value: string): BlockContent {
  const lang = /^[^\s`]+/.exec(cleanText(language ?? '').trim())?.[0];
  const clean = stripCodeDefusing(cleanText(value)).replace(/(?<!\n)\n+$/, '');
  return lang === undefined ? { type: 'code', value: clean } : { type: 'code', lang, value: clean };
}

function normalDetails(title: string, content: readonly Nodes[], place: Place): BlockContent[] {
  const summary = cleanLine(title);
  const children = normalBlocks(content, { ...place, details: place.details === 'whole' ? 'nested' : 'none' });
  const stands = place.details === 'whole' || (place.details === 'nested' && children.every(standsInNestedDetails));
  if (stands) return [{ type: 'details', summary, children }];
  const heading: Nodes = { type: 'strong', children: [{ type: 'text', value: summary }] };
  return [...normalParagraphs(flattenInline([heading])), ...children];
}

/** Tables do not stand in ADF's nested expands; such details become their bold title and what is in them. */
function standsInNestedDetails({ type }: BlockContent): boolean {
  return type !== 'table' && type !== 'grid';
}
