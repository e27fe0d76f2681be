import type { BlockContent, List, ListItem, PhrasingContent } from 'mdast';
import { adfText, attributeOf, contentOf, numberAttribute, textAttribute, type AdfNode } from './adf-document.ts';
import { adfRuns, type AdfDecodeContext } from './adf-inline.ts';
import type { Alert, AlertKind, Grid, GridCell } from './neutral.ts';
import { buildInline, depthMax } from './runs.ts';

/** Panels by their kind. `custom` has no kind of its own anywhere else. */
const alertKinds: Readonly<Record<string, AlertKind>> = {
  info: 'note',
  note: 'important',
  success: 'tip',
  tip: 'tip',
  warning: 'warning',
  error: 'caution',
  custom: 'note',
};

const inlineTypes = new Set(
  'text hardBreak mention emoji date status inlineCard mediaInline inlineExtension placeholder'.split(' '),
);

/** Reads ADF nodes as neutral blocks, not normal yet; inline nodes among them make paragraphs. Total: unknown nodes are read for what is in them. */
export function readAdf(nodes: readonly AdfNode[], context: AdfDecodeContext, depth = 0): BlockContent[] {
  const blocks: BlockContent[] = [];
  let loose: AdfNode[] = [];
  const flush = (): void => {
    if (loose.length > 0) blocks.push({ type: 'paragraph', children: inline(loose, context) });
    loose = [];
  };
  for (const node of nodes) {
    if (inlineTypes.has(node.type)) {
      loose.push(node);
      continue;
    }
    flush();
    blocks.push(...readBlock(node, context, depth + 1));
  }
  flush();
  return blocks;
}

function inline(nodes: readonly AdfNode[], context: AdfDecodeContext): PhrasingContent[] {
  return buildInline(adfRuns(nodes, context));
}

function readBlock(node: AdfNode, context: AdfDecodeContext, depth: number): BlockContent[] {
  if (depth > depthMax) return [{ type: 'paragraph', children: [{ type: 'text', value: adfText(node) }] }];
  const content = contentOf(node);
  const inside = (): BlockContent[] => readAdf(content, context, depth);
  switch (node.type) {
    case 'paragraph':
    case 'caption':
      return [{ type: 'paragraph', children: inline(content, context) }];
    case 'heading': {
      const level = Math.min(6, Math.max(1, Math.trunc(numberAttribute(node, 'level') ?? 1)));
      const known = ([1, 2, 3, 4, 5, 6] as const).find((candidate) => candidate === level) ?? 6;
      return [{ type: 'heading', depth: known, children: inline(content, context) }];
    }
    case 'rule':
      return [{ type: 'thematicBreak' }];
    case 'codeBlock':
      return [{ type: 'code', lang: textAttribute(node, 'language') ?? null, value: adfText(node) }];
    case 'blockquote':
      return [{ type: 'blockquote', children: inside() }];
    case 'panel':
      return [panel(node, inside())];
    case 'expand':
    case 'nestedExpand':
      return [{ type: 'details', summary: textAttribute(node, 'title') ?? '', children: inside() }];
    case 'bulletList':
    case 'orderedList':
    case 'decisionList':
      return [list(node, content, { context, depth })];
    case 'taskList':
      return [taskList(content, { context, depth })];
    case 'table':
      return [table(content, { context, depth })];
    case 'mediaSingle':
    case 'mediaGroup':
      return media(node, content, context);
    case 'media':
    case 'blockCard':
    case 'embedCard':
      return [{ type: 'paragraph', children: inline([node], context) }];
    default: {
      if (content.length > 0) return inside();
      const text = textAttribute(node, 'text') ?? (typeof node['text'] === 'string' ? node['text'] : '');
      return text === '' ? [] : [{ type: 'paragraph', children: [{ type: 'text', value: text }] }];
    }
  }
}

interface Reading {
  readonly context: AdfDecodeContext;
  readonly depth: number;
}

function panel(node: AdfNode, children: BlockContent[]): Alert {
  const kind = textAttribute(node, 'panelType') ?? '';
  return { type: 'alert', kind: Object.hasOwn(alertKinds, kind) ? (alertKinds[kind] ?? 'note') : 'note', children };
}

function list(node: AdfNode, content: readonly AdfNode[], { context, depth }: Reading): List {
  const ordered = node.type === 'orderedList';
  const children = content.map((item): ListItem => {
    const blocks = isItem(item) ? readAdf(contentOf(item), context, depth + 1) : readAdf([item], context, depth + 1);
    return { type: 'listItem', spread: false, children: blocks };
  });
  return { type: 'list', ordered, start: ordered ? (numberAttribute(node, 'order') ?? 1) : null, spread: false, children };
}

function isItem(node: AdfNode): boolean {
  return node.type === 'listItem' || node.type === 'decisionItem' || node.type === 'taskItem';
}

/** ADF puts the tasks below a task after it, as a list beside it; mdast puts them in it. */
function taskList(content: readonly AdfNode[], { context, depth }: Reading): List {
  const children: ListItem[] = [];
  for (const item of content) {
    if (item.type === 'taskItem' || item.type === 'blockTaskItem') {
      const blocks = item.type === 'taskItem' ? [paragraph(item, context)] : readAdf(contentOf(item), context, depth + 1);
      children.push({ type: 'listItem', checked: textAttribute(item, 'state') === 'DONE', spread: false, children: blocks });
      continue;
    }
    const below =
      depth > depthMax
        ? [{ type: 'paragraph' as const, children: [{ type: 'text' as const, value: adfText(item) }] }]
        : readBlock(item, context, depth + 1);
    const last = children.at(-1);
    if (last === undefined) children.push({ type: 'listItem', checked: false, spread: false, children: below });
    else last.children.push(...below);
  }
  return { type: 'list', ordered: false, spread: false, children };
}

function paragraph(item: AdfNode, context: AdfDecodeContext): BlockContent {
  return { type: 'paragraph', children: inline(contentOf(item), context) };
}

function table(content: readonly AdfNode[], { context, depth }: Reading): Grid {
  const rows = content.map((row) => ({
    type: 'gridRow' as const,
    children: contentOf(row).map(
      (cell): GridCell => ({
        type: 'gridCell',
        header: cell.type === 'tableHeader',
        columnSpan: spanOf(cell, 'colspan'),
        rowSpan: spanOf(cell, 'rowspan'),
        children:
          cell.type === 'tableCell' || cell.type === 'tableHeader'
            ? readAdf(contentOf(cell), context, depth + 2)
            : readAdf([cell], context, depth + 2),
      }),
    ),
  }));
  return { type: 'grid', children: rows };
}

function spanOf(cell: AdfNode, name: string): number {
  const span = attributeOf(cell, name);
  return typeof span === 'number' ? span : 1;
}

/** Every medium a paragraph of its own; a caption comes after its image. */
function media(node: AdfNode, content: readonly AdfNode[], context: AdfDecodeContext): BlockContent[] {
  const link = Array.isArray(node['marks']) ? node['marks'] : [];
  return content.flatMap((inside): BlockContent[] => {
    if (inside.type === 'caption') return [paragraph(inside, context)];
    const own = Array.isArray(inside['marks']) ? inside['marks'] : [];
    return [{ type: 'paragraph', children: inline([{ ...inside, marks: [...own, ...link] }], context) }];
  });
}
