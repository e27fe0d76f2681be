import type { BlockContent, Definition, Nodes, RootContent } from 'mdast';
import type { Keys } from './align-blocks.ts';
import { canonicalTextOf, withoutTrailingAttachments } from './canonical.ts';
import { readMarkdown, unparsedBlocks, type MarkdownSegment, type ParsedMarkdown } from './decode-markdown.ts';
import { labelKey } from './escape-text.ts';
import { liveReferences, noteReferences } from './live-references.ts';
import { lineEndsAtEnd } from './markdown-borders.ts';
import { markdownForms } from './markdown-forms.ts';
import { markdownPictures } from './markdown-pictures.ts';
import type { Neutral } from './neutral.ts';
import { partedListEdits } from './parted-list.ts';
import { asAuthored, elementEdits, leafEdits, withEdits, type Range, type Source } from './patch-markdown-leaf.ts';
import { withOwnPictures } from './own-pictures.ts';
import { movesLeaves, orderEdits } from './patch-markdown-order.ts';
import { patchListSource, patchTableSource } from './patch-markdown-within.ts';
import { movingSteps, type MoveStep, type PatchStep } from './patch-steps.ts';
import { attachmentReferences } from './references.ts';
import { renderBlocks } from './render-blocks.ts';
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
  const parsed = segments.flatMap(({ nodes }) => nodes);
  const labels = new Set(definitions.map(({ label, identifier }) => labelKey(label ?? identifier)));
  const document: Source = {
    text: native,
    eol: native.includes('\r\n') ? '\r\n' : '\n',
    options: { ...options, labels },
    references: [
      ...liveReferences(parsed, options.redmine === true ? native : undefined),
      ...noteReferences(native, parsed, targets),
    ],
    forms: markdownForms(parsed, { native, isRedmine: options.redmine === true }),
  };
  // Where the author's own forms read otherwise amid the new words than they did, they are the first to go.
  const plain: Source = { ...document, forms: [] };
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
  const patches = (document.forms.length === 0 ? [plain] : [document, plain]).flatMap((document) => {
    const words = (): string | undefined => inOrder(segments, pieces, { targets, document });
    const blocks = (): string | undefined => assemble(pieces, targets, { document, within: true });
    return movesLeaves(settled, targets) ? [blocks, words] : [words, blocks];
  });
  const candidates: readonly (() => string | undefined)[] = [
    ...patches,
    () => assemble(pieces, targets, { document: plain, within: false }),
    // What was left open at the end (a fence, an element) would swallow what comes after it, so it is written anew.
    () => assemble(withoutLast, targets, { document: plain, within: false }),
    () => assemble(withoutReferences(pieces, targets.map(canonicalKey)), targets, { document: plain, within: false }),
  ];
  const sized = (text: string): string => {
    const own = withOwnPictures(native, text, markdownPictures({ attachmentId, options }));
    return own === text || read(own) === read(text) ? own : text;
  };
  let written: string | undefined;
  const anew = (): string => (written ??= writtenAnew(targets, document, []));
  let reachable: string | undefined;
  for (const candidate of candidates) {
    const text = candidate();
    if (text === undefined || !endsAs(text, targets)) continue;
    const result = read(text);
    if (result === wanted && isWanted(blocksIn(text))) return sized(text);
    // Where an attachment's link cannot be read back, nothing written reads as wanted; then the rest still has to be right.
    reachable ??= read(anew());
    if (result === reachable) return sized(text);
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
  return edits === undefined ? undefined : withEdits(document, { start: 0, end: document.text.length }, edits);
}

/** A reference to a note that is no note any more reads as other words, so the pieces with such references are written anew. */
function withoutReferences(pieces: readonly Piece[], keys: readonly string[]): readonly Piece[] {
  const steps = movingSteps(
    pieces.map((piece) => piece.keys),
    keys,
  );
  const kept = new Set(steps.flatMap((step) => (step.kind !== 'replace' ? [step.piece] : [])));
  const gone = new Set(pieces.flatMap(({ nodes }, index) => (kept.has(index) ? [] : labelsOf(nodes, 'footnoteDefinition'))));
  return pieces.map((piece) =>
    labelsOf(piece.nodes, 'footnoteReference').some((label) => gone.has(label))
      ? // No block reads so, but its words tell which target it becomes.
        { ...piece, keys: piece.keys.map((key) => `${key}\0`) }
      : piece,
  );
}

/** The labels of the notes, or of the references to them, in these nodes. */
function labelsOf(nodes: readonly Nodes[], type: 'footnoteDefinition' | 'footnoteReference'): readonly string[] {
  const labels: string[] = [];
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === type) labels.push(node.identifier);
    if ('children' in node) waiting.push(...node.children);
  }
  return labels;
}

/** Blocks in the place of what stood in these ranges of the source. */
function writtenAnew(blocks: readonly BlockContent[], document: Source, replaced: readonly Range[]): string {
  return withEol(asAuthored(renderBlocks(blocks, document.options), document, replaced), document);
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
  const steps = movingSteps(
    pieces.map((piece) => piece.keys),
    keys,
  );
  let text = '';
  let last: Written | undefined;
  for (const part of partsOf(pieces, steps, { targets, document, within })) {
    const content = part.source ?? writtenAnew(part.blocks, document, part.replaced);
    text += gap(pieces, document, { last, next: part.piece, list: listKind(part.nodes[0]) }) + content;
    last = { piece: part.piece, list: listKind(part.nodes.at(-1)) };
  }
  const tail = last?.piece === pieces.length - 1 ? document.text.slice(pieces.at(-1)?.end) : lineEndsAtEnd(document.text);
  return text === '' && steps.length === 0 ? document.text : text + tail;
}

/** What is written together: a native piece, as it is or with an edit in it, or blocks that are written anew. */
interface Part {
  readonly piece: number | undefined;
  readonly source: string | undefined;
  /** Its blocks: the parser's, where it stays as it is. */
  readonly nodes: readonly RootContent[];
  readonly blocks: readonly BlockContent[];
  /** The native pieces in whose place it is written. */
  readonly replaced: readonly Range[];
}

/** Blocks in a row that are written anew are one part, so that neighbouring lists get different markers. */
function partsOf(
  pieces: readonly Piece[],
  steps: readonly (PatchStep | MoveStep)[],
  { targets, document, within }: Assembly & { readonly targets: readonly BlockContent[] },
): Part[] {
  const parts: Part[] = [];
  for (const step of steps) {
    const piece = step.piece === undefined ? undefined : pieces[step.piece];
    if (step.kind !== 'replace') {
      if (piece === undefined) continue;
      const source = document.text.slice(piece.start, piece.end);
      parts.push({ piece: step.piece, source, nodes: piece.nodes, blocks: [], replaced: [] });
      continue;
    }
    const blocks = step.targets.flatMap((index) => targets.slice(index, index + 1));
    if (blocks.length === 0) continue;
    const source = piece === undefined || !within ? undefined : patchPiece(piece, blocks, document);
    const last = parts.at(-1);
    const replaced = piece === undefined ? [] : [piece];
    if (source !== undefined) parts.push({ piece: step.piece, source, nodes: blocks, blocks, replaced });
    else if (last !== undefined && last.source === undefined) {
      const joined = [...last.blocks, ...blocks];
      parts.splice(-1, 1, { ...last, nodes: joined, blocks: joined, replaced: [...last.replaced, ...replaced] });
    } else parts.push({ piece: undefined, source, nodes: blocks, blocks, replaced });
  }
  return parts;
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

/** The source of a native piece changed into the target blocks, or undefined where they have to be written anew. */
function patchPiece(piece: Piece, targets: readonly BlockContent[], document: Source): string | undefined {
  const { nodes, settled } = piece;
  const range = { start: piece.start, end: piece.end };
  const [node] = nodes;
  const [was] = settled;
  const [target] = targets;
  if (node === undefined || was === undefined || target === undefined) return undefined;
  const patched = (): string | undefined =>
    settled.length === 1 && nodes.length === 1 ? patchWithin(document, { node, range, was, target }) : undefined;
  const moved = movesLeaves(settled, targets) ? patched() : undefined;
  if (moved !== undefined) return moved;
  const edits =
    leafEdits(document, nodes, { was: settled, targets }) ??
    (settled.length === 1 ? elementEdits(document, nodes, { was, target }) : undefined) ??
    orderEdits(document, nodes, { was: settled, targets }) ??
    (node.type === 'list' && nodes.length === 1 && settled.length > 1
      ? partedListEdits(document, node, { was: settled, targets })
      : undefined);
  if (edits !== undefined) return withEdits(document, range, edits);
  const within = patched() ?? (nodes.length === 1 ? patchNote(document, node, targets) : undefined);
  if (within !== undefined) return within;
  const coarse = { ...document, coarse: true };
  const rough =
    (settled.length === 1 ? elementEdits(coarse, nodes, { was, target }) : undefined) ??
    leafEdits(coarse, nodes, { was: settled, targets });
  return rough === undefined ? undefined : withEdits(document, range, rough);
}

interface Single {
  readonly node: RootContent;
  readonly range: { readonly start: number; readonly end: number };
  readonly was: BlockContent;
  readonly target: BlockContent;
}

/** A list or table with what changes in it written anew; undefined for all else. */
function patchWithin(document: Source, { node, range, was, target }: Single): string | undefined {
  if (node.type === 'list' && was.type === 'list' && target.type === 'list')
    return patchListSource(document, { node, range, was, target });
  if (node.type === 'table' && was.type === 'table' && target.type === 'table')
    return patchTableSource(document, { node, range, was, target });
  return undefined;
}

/**
 * A note with all of its blocks written anew; undefined for all else. A note stays a note, or the references to it in other
 * blocks would lose their meaning.
 */
function patchNote(document: Source, node: RootContent, targets: readonly BlockContent[]): string | undefined {
  if (node.type !== 'footnoteDefinition' || targets[0]?.type !== 'paragraph') return undefined;
  const label = node.label ?? node.identifier;
  const text = renderBlocks(targets, document.options);
  if (!text.startsWith(`[${label}] `)) return undefined;
  // A line without words stays empty, as an editor leaves it.
  const indented = text.slice(label.length + 3).replaceAll(/\n(?=[^\n])/g, '\n    ');
  return withEol(`[^${label}]: ${indented}`, document);
}
