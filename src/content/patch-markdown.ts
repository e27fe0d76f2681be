import type { BlockContent, Definition, RootContent } from 'mdast';
import { patchSteps, type Keys } from './align-blocks.ts';
import { canonicalTextOf, withoutTrailingAttachments } from './canonical.ts';
import { readMarkdown, unparsedBlocks, type MarkdownSegment, type ParsedMarkdown } from './decode-markdown.ts';
import { labelKey } from './escape-text.ts';
import type { Neutral } from './neutral.ts';
import { elementEdits, leafEdits, withEdits, type Source } from './patch-markdown-leaf.ts';
import { orderEdits } from './patch-markdown-order.ts';
import { patchListSource, patchTableSource } from './patch-markdown-within.ts';
import { attachmentReferences } from './references.ts';
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
export function patchSource(
  { source: native, segments, definitions }: ParsedMarkdown,
  root: Neutral,
  { attachmentId, options }: SourcePatchOptions,
): string {
  const targets = settledBlocks(root);
  const pieces = piecesOf(segments, native);
  const wanted = canonicalTextOf(targets);
  const isWanted = wantedFiles(targets);
  const settled = pieces.flatMap((piece) => piece.settled);
  if (canonicalTextOf(settled) === wanted && isWanted(settled)) return native;
  const labels = new Set(definitions.map(({ label, identifier }) => labelKey(label ?? identifier)));
  const document: Source = { text: native, eol: native.includes('\r\n') ? '\r\n' : '\n', options: { ...options, labels } };
  const results = new Map<string, readonly BlockContent[]>();
  const blocksIn = (text: string): readonly BlockContent[] => {
    const result = results.get(text) ?? blocksOf(readMarkdown(text, attachmentId));
    results.set(text, result);
    return result;
  };
  const read = (text: string): string => canonicalTextOf(blocksIn(text));
  const withoutLast = pieces.map((piece, index) =>
    index === pieces.length - 1 && piece.keys.length > 0 ? { ...piece, keys: [''] } : piece,
  );
  const candidates: readonly (() => string | undefined)[] = [
    () => inOrder(segments, pieces, { targets, document }),
    () => assemble(pieces, targets, { document, within: true }),
    () => assemble(pieces, targets, { document, within: false }),
    // What was left open at the end (a fence, an element) would swallow what comes after it, so it is written anew.
    () => assemble(withoutLast, targets, { document, within: false }),
  ];
  let written: string | undefined;
  const anew = (): string => (written ??= withEol(renderBlocks(targets, document.options), document));
  let reachable: string | undefined;
  for (const candidate of candidates) {
    const text = candidate();
    if (text === undefined || !endsAs(text, targets)) continue;
    const result = read(text);
    if (result === wanted && isWanted(blocksIn(text))) return text;
    // Where an attachment's link cannot be read back, nothing written reads as wanted; then the rest still has to be right.
    reachable ??= read(anew());
    if (result === reachable) return text;
  }
  const withDefinitions = [anew(), ...sourcesOf(definitions, native)].join(document.eol + document.eol);
  return read(withDefinitions) === read(anew()) ? withDefinitions : anew();
}

/**
 * Whether what is not parsed of a text is the last of the targets. What comes before decides where that begins: where an
 * edit moved the border, the text cannot read as the targets, which is known without parsing it.
 */
function endsAs(text: string, targets: readonly BlockContent[]): boolean {
  const rest = settledBlocks({ type: 'root', children: [...unparsedBlocks(text)] }).at(-1);
  const last = withoutTrailingAttachments(targets).at(-1);
  return rest === undefined || (last !== undefined && canonicalKey(rest) === canonicalKey(last));
}

/** Whether blocks show the same files as the targets: at the very end the canonical form passes over them. */
function wantedFiles(targets: readonly BlockContent[]): (blocks: readonly BlockContent[]) => boolean {
  const idsOf = (blocks: readonly BlockContent[]): ReadonlySet<string> =>
    new Set(attachmentReferences({ type: 'root', children: [...blocks] }).map(({ id }) => id));
  const wanted = idsOf(targets);
  return (blocks) => {
    const shown = idsOf(blocks);
    return shown.size === wanted.size && [...shown].every((id) => wanted.has(id));
  };
}

function blocksOf({ segments }: ParsedMarkdown): readonly BlockContent[] {
  return settledBlocks({ type: 'root', children: segments.flatMap((segment) => segment.blocks) });
}

/** Definitions as they stand in the source: nobody sees them, so no edit on the other side can mean that they go. */
function sourcesOf(definitions: readonly Definition[], source: string): readonly string[] {
  return definitions.map(({ position }) => source.slice(position?.start.offset, position?.end.offset));
}

/** The text with nothing but words of blocks changed, where that is all that an edit did. */
function inOrder(
  segments: readonly MarkdownSegment[],
  pieces: readonly Piece[],
  { targets, document }: { readonly targets: readonly BlockContent[]; readonly document: Source },
): string | undefined {
  const nodes = segments.flatMap((segment) => segment.nodes);
  const edits = orderEdits(document, nodes, { was: pieces.flatMap(({ settled }) => settled), targets });
  return edits === undefined ? undefined : withEdits(document.text, { start: 0, end: document.text.length }, edits);
}

function withEol(text: string, { eol }: Source): string {
  return eol === '\n' ? text : text.replaceAll('\n', eol);
}

function piecesOf(segments: readonly MarkdownSegment[], source: string): Piece[] {
  let end = 0;
  return segments.map((segment) => {
    const piece = pieceOf(segment, { source, after: end });
    end = piece.end;
    return piece;
  });
}

function pieceOf(segment: MarkdownSegment, { source, after }: { readonly source: string; readonly after: number }): Piece {
  const settled = settledBlocks({ type: 'root', children: [...segment.blocks] });
  let start = segment.nodes[0]?.position?.start.offset ?? 0;
  // An underlined heading right below definitions begins with them, if one believes the parser.
  if (start < after) start = after + (/^[\r\n]*/.exec(source.slice(after))?.[0].length ?? 0);
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
  readonly list: ListKind | undefined;
}

type ListKind = 'ordered' | 'bulleted';

function listKind(block: RootContent | undefined): ListKind | undefined {
  if (block?.type !== 'list') return undefined;
  return block.ordered === true ? 'ordered' : 'bulleted';
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
    next: { readonly piece: number | undefined; readonly blocks: readonly RootContent[] },
  ): void => {
    text += gap(pieces, document, { last, next: next.piece, list: listKind(next.blocks[0]) }) + content;
    last = { piece: next.piece, list: listKind(next.blocks.at(-1)) };
  };
  for (const step of steps) {
    if (step.kind === 'keep') {
      const piece = pieces[step.piece];
      if (piece === undefined) continue;
      write(document.text.slice(piece.start, piece.end), { piece: step.piece, blocks: piece.nodes });
      continue;
    }
    const blocks = step.targets.flatMap((index) => targets.slice(index, index + 1));
    if (blocks.length === 0) continue;
    const sources = within ? patchedSources(pieces, { going: step.pieces, blocks }, document) : blocks.map(() => undefined);
    for (const { source, blocks: part } of groups(blocks, sources)) {
      const content = source?.text ?? withEol(renderBlocks(part, document.options), document);
      write(content, { piece: source?.piece, blocks: part });
    }
  }
  const tail =
    last?.piece === pieces.length - 1
      ? document.text.slice(pieces.at(-1)?.end)
      : (/(?:\r\n|\n|\r)*$/.exec(document.text)?.[0] ?? '');
  return text === '' && steps.length === 0 ? document.text : text + tail;
}

interface Group {
  readonly blocks: BlockContent[];
  readonly source: PatchedPiece | undefined;
}

/** Blocks to be written together, so that neighbouring lists get different markers, and those patched on their source. */
function groups(blocks: readonly BlockContent[], sources: readonly PatchedSource[]): Group[] {
  const grouped: Group[] = [];
  for (const [index, block] of blocks.entries()) {
    const source = sources[index];
    const last = grouped.at(-1);
    if (source === 'with the one before') last?.blocks.push(block);
    else if (source === undefined && last !== undefined && last.source === undefined) last.blocks.push(block);
    else grouped.push({ blocks: [block], source });
  }
  return grouped;
}

interface Border {
  readonly last: Written | undefined;
  readonly next: number | undefined;
  readonly list: ListKind | undefined;
}

/** What stands between two pieces: what did before if they were neighbours, else a blank line. */
function gap(pieces: readonly Piece[], { text, eol }: Source, { last, next, list }: Border): string {
  const start = next === undefined ? undefined : pieces[next]?.start;
  if (last === undefined) return next === 0 ? text.slice(0, start) : '';
  if (next !== undefined && last.piece === next - 1) return text.slice(pieces[next - 1]?.end, start);
  // Two lists of a kind that were not neighbours would become one.
  return list !== undefined && last.list === list ? `${eol}${eol}<!-- -->${eol}${eol}` : `${eol}${eol}`;
}

/** The source for a block, undefined where it is to be written anew; a piece of several blocks has it at the first one. */
type PatchedSource = PatchedPiece | 'with the one before' | undefined;

/** A native piece with an edit in it; around it stays what stood there. */
interface PatchedPiece {
  readonly piece: number;
  readonly text: string;
}

interface Replaced {
  readonly going: readonly number[];
  readonly blocks: readonly BlockContent[];
}

/** Where as many blocks come as go, each piece is patched into as many as it had. */
function patchedSources(pieces: readonly Piece[], { going, blocks }: Replaced, document: Source): readonly PatchedSource[] {
  const count = going.reduce((sum, index) => sum + (pieces[index]?.settled.length ?? 0), 0);
  if (count !== blocks.length) return blocks.map(() => undefined);
  let done = 0;
  return going.flatMap((index): readonly PatchedSource[] => {
    const piece = pieces[index];
    if (piece === undefined) return [];
    const targets = blocks.slice(done, done + piece.settled.length);
    done += piece.settled.length;
    const text = patchPiece(piece, targets, document);
    const source = text === undefined ? undefined : { piece: index, text };
    return targets.map((_, position) => (source === undefined || position === 0 ? source : 'with the one before'));
  });
}

/** The source of a native piece changed into the target blocks, or undefined where they have to be written anew. */
function patchPiece(piece: Piece, targets: readonly BlockContent[], document: Source): string | undefined {
  const { nodes, settled } = piece;
  const range = { start: piece.start, end: piece.end };
  const [node] = nodes;
  const [was] = settled;
  const [target] = targets;
  if (node === undefined || was === undefined || target === undefined) return undefined;
  const edits =
    leafEdits(document, nodes, { was: settled, targets }) ??
    (settled.length === 1 ? elementEdits(document, nodes, { was, target }) : undefined) ??
    orderEdits(document, nodes, { was: settled, targets });
  if (edits !== undefined) return withEdits(document.text, range, edits);
  if (nodes.length !== 1 || settled.length !== 1) return undefined;
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
