import type { BlockContent, List, Nodes, PhrasingContent, Table, TableCell } from 'mdast';
import { contentOf, type AdfNode } from './adf-document.ts';
import { isBlock } from './block-flow.ts';
import { parseAttachmentUrl, type AlertKind, type Grid, type GridRow } from './neutral.ts';
import { isTaskList } from './normalize.ts';
import { loneImage } from './normal-paragraph.ts';
import { flattenInline, type MarkName, type Run } from './runs.ts';

export interface AdfEncodeContext {
  /** The media that shows an attachment; undefined where it could not be found out (a link is written instead). */
  readonly mediaId: (
    attachmentId: string,
  ) => { readonly id: string; readonly width?: number; readonly height?: number } | undefined;
  /** Where a person opens an attachment. */
  readonly attachmentLink: (attachmentId: string) => string;
}

export const panelTypes: Readonly<Record<AlertKind, string>> = {
  note: 'info',
  important: 'note',
  tip: 'success',
  warning: 'warning',
  caution: 'error',
};

/** Cells that are added so that a table's rows are equally wide; ragged rows are valid, so beyond this they stay ragged. */
const padMax = 10_000;

/** Normal blocks as ADF that fulfils Atlassian's schema, in any place where such blocks may stand. */
export function writeAdf(nodes: readonly Nodes[], context: AdfEncodeContext): AdfNode[] {
  return nodes.filter(isBlock).map((block) => writeBlock(block, context));
}

export function writeBlock(block: BlockContent, context: AdfEncodeContext): AdfNode {
  switch (block.type) {
    case 'heading':
      return { type: 'heading', attrs: { level: block.depth }, content: writeInline(block.children, context) };
    case 'thematicBreak':
      return { type: 'rule' };
    case 'code':
      return {
        type: 'codeBlock',
        ...(typeof block.lang === 'string' && block.lang !== '' ? { attrs: { language: block.lang } } : {}),
        ...(block.value === '' ? {} : { content: [{ type: 'text', text: block.value }] }),
      };
    case 'blockquote':
      return { type: 'blockquote', content: filled(writeAdf(block.children, context)) };
    case 'alert':
      return { type: 'panel', attrs: { panelType: panelTypes[block.kind] }, content: filled(writeAdf(block.children, context)) };
    case 'details':
      return { type: 'expand', attrs: { title: block.summary }, content: filled(writeInnerBlocks(block.children, context)) };
    case 'list':
      return writeList(block, context);
    case 'table':
      return writeTable(block, context);
    case 'grid':
      return writeGrid(block, context);
    case 'paragraph':
      return writeParagraph(block.children, context);
    default:
      return { type: 'paragraph', content: [] };
  }
}

/** The schema wants something in every container. */
export function filled(nodes: AdfNode[]): AdfNode[] {
  return nodes.length === 0 ? [{ type: 'paragraph', content: [] }] : nodes;
}

function writeParagraph(children: readonly PhrasingContent[], context: AdfEncodeContext): AdfNode {
  const image = loneImage(flattenInline(children));
  const media = image === undefined ? undefined : mediaOf(image, context);
  if (media === undefined) return { type: 'paragraph', content: writeInline(children, context) };
  return { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
}

function mediaOf(image: Extract<Run, { kind: 'image' }>, context: AdfEncodeContext): AdfNode | undefined {
  const marks = image.link === undefined ? {} : { marks: [linkMark(image.link, context)] };
  const alt = image.alt === '' ? {} : { alt: image.alt };
  const reference = parseAttachmentUrl(image.url);
  if (reference === undefined) return { type: 'media', attrs: { type: 'external', url: image.url, ...alt }, ...marks };
  const attrs = fileAttributes(image.url, context);
  return attrs === undefined ? undefined : { type: 'media', attrs: { ...attrs, ...alt }, ...marks };
}

function fileAttributes(url: string, context: AdfEncodeContext): Record<string, unknown> | undefined {
  const reference = parseAttachmentUrl(url);
  const media = reference?.side === 'public' ? context.mediaId(reference.id) : undefined;
  if (media === undefined || media.id === '') return undefined;
  const size = {
    ...(media.width === undefined ? {} : { width: media.width }),
    ...(media.height === undefined ? {} : { height: media.height }),
  };
  return { type: 'file', id: media.id, collection: '', ...size };
}

/** Inline content of a paragraph, heading or task. */
export function writeInline(children: readonly PhrasingContent[], context: AdfEncodeContext): AdfNode[] {
  return flattenInline(children).map((run) => writeRun(run, context));
}

function writeRun(run: Run, context: AdfEncodeContext): AdfNode {
  switch (run.kind) {
    case 'break':
      return { type: 'hardBreak' };
    case 'code':
      return textNode(run.text, [{ type: 'code' }, ...(run.link === undefined ? [] : [linkMark(run.link, context)])]);
    case 'text':
      return textNode(run.text, [
        ...(run.link === undefined ? [] : [linkMark(run.link, context)]),
        ...[...run.marks].map(markNode),
      ]);
    case 'image': {
      const attrs = fileAttributes(run.url, context);
      const alt = run.alt === '' ? {} : { alt: run.alt };
      if (attrs !== undefined) {
        return {
          type: 'mediaInline',
          attrs: { ...attrs, ...alt },
          ...(run.link === undefined ? {} : { marks: [linkMark(run.link, context)] }),
        };
      }
      return attachmentText(run, context);
    }
  }
}

/** An attachment that cannot be shown is linked; one of the other side, which nobody here can open, is only named. */
function attachmentText(run: Extract<Run, { kind: 'image' }>, context: AdfEncodeContext): AdfNode {
  const reference = parseAttachmentUrl(run.url);
  const named = reference !== undefined && reference.side !== 'public';
  if (named && run.link === undefined) return textNode(run.alt === '' ? 'attachment' : run.alt, []);
  const link = linkMark(run.link ?? run.url, context);
  return textNode(run.alt === '' ? (named ? 'attachment' : linkTarget(run.url, context)) : run.alt, [link]);
}

function textNode(text: string, marks: readonly AdfNode[]): AdfNode {
  return marks.length === 0 ? { type: 'text', text } : { type: 'text', text, marks };
}

function linkMark(url: string, context: AdfEncodeContext): AdfNode {
  return { type: 'link', attrs: { href: linkTarget(url, context) } };
}

function linkTarget(url: string, context: AdfEncodeContext): string {
  const reference = parseAttachmentUrl(url);
  return reference?.side === 'public' ? context.attachmentLink(reference.id) : url;
}

function markNode(mark: MarkName): AdfNode {
  switch (mark) {
    case 'emphasis':
      return { type: 'em' };
    case 'delete':
      return { type: 'strike' };
    case 'subscript':
      return { type: 'subsup', attrs: { type: 'sub' } };
    case 'superscript':
      return { type: 'subsup', attrs: { type: 'sup' } };
    default:
      return { type: mark };
  }
}

function writeList(list: List, context: AdfEncodeContext): AdfNode {
  if (isTaskList(list))
    return { type: 'taskList', attrs: { localId: '' }, content: list.children.flatMap((item) => writeTask(item, context)) };
  const content = list.children.map((item) => writeItem(item.children, context));
  if (list.ordered !== true) return { type: 'bulletList', content };
  const start = list.start ?? 1;
  return start === 1 ? { type: 'orderedList', content } : { type: 'orderedList', attrs: { order: start }, content };
}

/** One item. */
export function writeItem(children: readonly Nodes[], context: AdfEncodeContext): AdfNode {
  return { type: 'listItem', content: filled(writeAdf(children, context)) };
}

/** A task, of blocks where it has several paragraphs, and after it the list of the tasks below it. Local ids are the server's to give. */
export function writeTask(item: List['children'][number], context: AdfEncodeContext): AdfNode[] {
  const paragraphs = item.children.filter((child) => child.type === 'paragraph');
  const below = item.children.filter((child) => child.type !== 'paragraph');
  const attrs = { localId: '', state: item.checked === true ? 'DONE' : 'TODO' };
  const task: AdfNode =
    paragraphs.length > 1
      ? { type: 'blockTaskItem', attrs, content: paragraphs.map((paragraph) => writeLine(paragraph, context)) }
      : { type: 'taskItem', attrs, content: paragraphs.flatMap(({ children }) => writeInline(children, context)) };
  return [task, ...writeAdf(below, context)];
}

/** A block where nothing but paragraphs may stand, not even `mediaSingle`. */
export function writeLine(block: BlockContent, context: AdfEncodeContext): AdfNode {
  return { type: 'paragraph', content: block.type === 'paragraph' ? writeInline(block.children, context) : [] };
}

/** The blocks of a simple table's cell: paragraphs, parted by two breaks. */
export function cellBlocks(children: readonly PhrasingContent[]): BlockContent[] {
  const blocks: PhrasingContent[][] = [[]];
  for (const [index, child] of children.entries()) {
    if (child.type === 'break' && children[index + 1]?.type === 'break') blocks.push([]);
    else if (child.type !== 'break' || children[index - 1]?.type !== 'break') blocks.at(-1)?.push(child);
  }
  return blocks.flatMap((inside): BlockContent[] => (inside.length === 0 ? [] : [{ type: 'paragraph', children: inside }]));
}

interface CellShape {
  readonly header: boolean;
  readonly columnSpan?: number;
  readonly rowSpan?: number;
}

/** Blocks in an expand or a cell. */
function writeInnerBlocks(nodes: readonly Nodes[], context: AdfEncodeContext): AdfNode[] {
  return nodes.filter(isBlock).map((block) => writeInnerBlock(block, context));
}

/** A block in an expand or a cell, where an expand is a nested one. */
export function writeInnerBlock(block: BlockContent, context: AdfEncodeContext): AdfNode {
  const node = writeBlock(block, context);
  return node.type === 'expand' ? { ...node, type: 'nestedExpand' } : node;
}

function writeCell(blocks: readonly Nodes[], shape: CellShape, context: AdfEncodeContext): AdfNode {
  const spans = {
    ...(shape.columnSpan === undefined || shape.columnSpan === 1 ? {} : { colspan: shape.columnSpan }),
    ...(shape.rowSpan === undefined || shape.rowSpan === 1 ? {} : { rowspan: shape.rowSpan }),
  };
  const attrs = Object.keys(spans).length === 0 ? {} : { attrs: spans };
  const content = filled(writeInnerBlocks(blocks, context));
  return { type: shape.header ? 'tableHeader' : 'tableCell', ...attrs, content };
}

function writeTable(table: Table, context: AdfEncodeContext): AdfNode {
  const rows = table.children.map((row, index) =>
    row.children.map((cell, column) => aligned(writeTableCell(cell, index === 0, context), table.align?.[column])),
  );
  return writeRows(rows);
}

/** A GFM column's alignment is a mark of every paragraph in ADF. Canonical form knows neither. */
function aligned(cell: AdfNode, align: 'left' | 'right' | 'center' | null | undefined): AdfNode {
  if (align !== 'center' && align !== 'right') return cell;
  const marks = [{ type: 'alignment', attrs: { align: align === 'center' ? 'center' : 'end' } }];
  return { ...cell, content: contentOf(cell).map((node) => (node.type === 'paragraph' ? { ...node, marks } : node)) };
}

/** The cells of one row of a grid. */
export function writeGridRow(row: GridRow, context: AdfEncodeContext): AdfNode[] {
  return row.children.map((cell) =>
    writeCell(cell.children, { header: cell.header, columnSpan: cell.columnSpan, rowSpan: cell.rowSpan }, context),
  );
}

/** One cell of a simple table. */
export function writeTableCell(cell: TableCell, header: boolean, context: AdfEncodeContext): AdfNode {
  return writeCell(cellBlocks(cell.children), { header }, context);
}

function writeGrid(grid: Grid, context: AdfEncodeContext): AdfNode {
  const rows = grid.children.map((row) => writeGridRow(row, context));
  const spanning = grid.children.some((row) => row.children.some((cell) => cell.columnSpan > 1 || cell.rowSpan > 1));
  return spanning ? { type: 'table', content: rows.map((content) => ({ type: 'tableRow', content })) } : writeRows(rows);
}

function writeRows(rows: readonly (readonly AdfNode[])[]): AdfNode {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const pads = width * rows.length <= padMax;
  const content = rows.map((row, index) => {
    const missing = pads ? width - row.length : 0;
    const type = index === 0 && row[0]?.type === 'tableHeader' ? 'tableHeader' : 'tableCell';
    const padding = Array.from({ length: missing }, (): AdfNode => ({ type, content: [{ type: 'paragraph', content: [] }] }));
    return { type: 'tableRow', content: [...row, ...padding] };
  });
  return { type: 'table', content };
}
