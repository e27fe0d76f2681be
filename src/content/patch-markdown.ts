import type { BlockContent, RootContent } from 'mdast';
import { patchSteps, type Keys } from './align-blocks.ts';
import { canonicalText } from './canonical.ts';
import { readMarkdown, type MarkdownSegment } from './decode-markdown.ts';
import type { Neutral } from './neutral.ts';
import { patchListSource, patchTableSource, type Source } from './patch-markdown-within.ts';
import { renderBlock, renderBlocks } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';
import { canonicalKey, settledBlocks } from './settle.ts';

export interface SourcePatchOptions {
  readonly attachmentId: (url: string) => string | undefined;
  readonly options: RenderOptions;
}

interface Piece {
  readonly nodes: readonly RootContent[];
  readonly settled: readonly BlockContent[];
  readonly keys: Keys;
  /** Offsets in the source; the indentation of the first line belongs to the piece. */
  readonly start: number;
  readonly end: number;
}

/** See `patchMarkdown`. */
export function patchSource(native: string, root: Neutral, { attachmentId, options }: SourcePatchOptions): string {
  const targets = settledBlocks(root);
  const pieces = readMarkdown(native, attachmentId).segments.map((segment) => pieceOf(segment, native));
  const document: Source = { text: native, eol: native.includes('\r\n') ? '\r\n' : '\n', options };
  const read = (text: string): string => {
    const { segments } = readMarkdown(text, attachmentId);
    return canonicalText({ type: 'root', children: segments.flatMap((segment) => segment.blocks) });
  };
  const withoutLast = pieces.map((piece, index) =>
    index === pieces.length - 1 && piece.keys.length > 0 ? { ...piece, keys: [''] } : piece,
  );
  const candidates: readonly (() => string)[] = [
    () => assemble(pieces, targets, { document, within: true }),
    () => assemble(pieces, targets, { document, within: false }),
    // What was left open at the end (a fence, an element) would swallow what comes after it, so it is written anew.
    () => assemble(withoutLast, targets, { document, within: false }),
  ];
  const wanted = canonicalText(root);
  const written = withEol(renderBlocks(targets, options), document);
  let reachable: string | undefined;
  for (const candidate of candidates) {
    const text = candidate();
    const result = read(text);
    if (result === wanted) return text;
    // Where an attachment's link cannot be read back, nothing written reads as wanted; then the rest still has to be right.
    reachable ??= read(written);
    if (result === reachable) return text;
  }
  return written;
}

function withEol(text: string, { eol }: Source): string {
  return eol === '\n' ? text : text.replaceAll('\n', eol);
}

function pieceOf(segment: MarkdownSegment, source: string): Piece {
  const settled = settledBlocks({ type: 'root', children: [...segment.blocks] });
  let start = segment.nodes[0]?.position?.start.offset ?? 0;
  while (start > 0 && /^[ \t]$/.test(source.charAt(start - 1))) start -= 1;
  const end = segment.nodes.at(-1)?.position?.end.offset ?? start;
  return { nodes: segment.nodes, settled, keys: settled.map(canonicalKey), start, end };
}

interface Assembly {
  readonly document: Source;
  readonly within: boolean;
}

/** What was written last: a native piece, or blocks that were written anew. */
interface Written {
  readonly piece: number | undefined;
  readonly endsInList: boolean;
}

function assemble(pieces: readonly Piece[], targets: readonly BlockContent[], { document, within }: Assembly): string {
  const keys = targets.map(canonicalKey);
  const steps = patchSteps(
    pieces.map((piece) => piece.keys),
    keys,
  );
  let text = '';
  let last: Written | undefined;
  const write = (
    content: string,
    next: { readonly piece: number | undefined; readonly lists: readonly [boolean, boolean] },
  ): void => {
    text += gap(pieces, document, { last, next: next.piece, beforeList: next.lists[0] }) + content;
    last = { piece: next.piece, endsInList: next.lists[1] };
  };
  for (const step of steps) {
    if (step.kind === 'keep') {
      const piece = pieces[step.piece];
      if (piece === undefined) continue;
      const lists = [piece.nodes[0]?.type === 'list', piece.nodes.at(-1)?.type === 'list'] as const;
      write(document.text.slice(piece.start, piece.end), { piece: step.piece, lists });
      continue;
    }
    const blocks = step.targets.flatMap((index) => targets.slice(index, index + 1));
    if (blocks.length === 0) continue;
    const paired = within && step.pieces.length === step.targets.length;
    const sources = blocks.map((block, index) => {
      const piece = paired ? pieces[step.pieces[index] ?? -1] : undefined;
      return piece === undefined ? undefined : patchPiece(piece, block, document);
    });
    for (const part of groups(blocks, sources)) {
      const content = part.source ?? withEol(renderBlocks(part.blocks, document.options), document);
      write(content, { piece: undefined, lists: [part.blocks[0]?.type === 'list', part.blocks.at(-1)?.type === 'list'] });
    }
  }
  const tail =
    last?.piece === pieces.length - 1
      ? document.text.slice(pieces.at(-1)?.end)
      : (/(?:\r\n|\n|\r)*$/.exec(document.text)?.[0] ?? '');
  return text === '' && steps.length === 0 ? document.text : text + tail;
}

/** Blocks to be written together, so that neighbouring lists get different markers, and those patched on their source. */
function groups(
  blocks: readonly BlockContent[],
  sources: readonly (string | undefined)[],
): { blocks: BlockContent[]; source: string | undefined }[] {
  const grouped: { blocks: BlockContent[]; source: string | undefined }[] = [];
  for (const [index, block] of blocks.entries()) {
    const source = sources[index];
    const last = grouped.at(-1);
    if (source === undefined && last !== undefined && last.source === undefined) last.blocks.push(block);
    else grouped.push({ blocks: [block], source });
  }
  return grouped;
}

interface Border {
  readonly last: Written | undefined;
  readonly next: number | undefined;
  readonly beforeList: boolean;
}

/** What stands between two pieces: what did before if they were neighbours, else a blank line. */
function gap(pieces: readonly Piece[], { text, eol }: Source, { last, next, beforeList }: Border): string {
  const start = next === undefined ? undefined : pieces[next]?.start;
  if (last === undefined) return next === 0 ? text.slice(0, start) : '';
  if (next !== undefined && last.piece === next - 1) return text.slice(pieces[next - 1]?.end, start);
  // Two lists that were not neighbours would become one.
  return last.endsInList && beforeList ? `${eol}${eol}<!-- -->${eol}${eol}` : `${eol}${eol}`;
}

/** The source of a native piece changed into the target block, or undefined where it has to be written anew. */
function patchPiece(piece: Piece, target: BlockContent, document: Source): string | undefined {
  const [node] = piece.nodes;
  const [was] = piece.settled;
  if (piece.nodes.length !== 1 || piece.settled.length !== 1 || node === undefined || was === undefined) return undefined;
  const range = { start: piece.start, end: piece.end };
  if (node.type === 'list' && was.type === 'list' && target.type === 'list')
    return patchListSource(document, { node, range, was, target });
  if (node.type === 'table' && was.type === 'table' && target.type === 'table')
    return patchTableSource(document, { node, range, was, target });
  if (node.type === 'footnoteDefinition' && target.type === 'paragraph') {
    const label = node.label ?? node.identifier;
    const text = renderBlock(target, document.options);
    // A note stays a note, or the references to it in other blocks would lose their meaning.
    return text.startsWith(`[${label}] `)
      ? withEol(`[^${label}]: ${text.slice(label.length + 3).replaceAll('\n', '\n    ')}`, document)
      : undefined;
  }
  return undefined;
}
