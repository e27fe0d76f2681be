import type { BlockContent } from 'mdast';
import { patchSteps } from '../align-blocks.ts';
import type { Neutral } from '../neutral.ts';
import { canonicalKey, normalChildren, settledBlocks } from '../settle.ts';
import type { MarkupDialect, MarkupPiece, Stretch } from './dialect.ts';
import { lowerBlocks } from './lower.ts';

/** A tree as text of the dialect, lowered first, a blank line between two blocks. */
export function writeMarkup(root: Neutral, dialect: MarkupDialect): string {
  return joined(lowerBlocks(root, dialect), dialect);
}

function joined(blocks: readonly BlockContent[], dialect: MarkupDialect): string {
  return blocks.map((block) => dialect.write(block) ?? '').join('\n\n');
}

interface Piece extends MarkupPiece {
  readonly settled: readonly BlockContent[];
  readonly keys: readonly string[];
}

interface Patch {
  readonly native: string;
  readonly pieces: readonly Piece[];
  readonly targets: readonly BlockContent[];
  readonly dialect: MarkupDialect;
  readonly within: boolean;
}

/**
 * The native text changed so that it reads as the tree. A native block that reads as one of the tree's blocks is kept byte
 * for byte, also where this codec would write it otherwise or not at all; what is new is lowered (content.md, property 4).
 */
export function patchMarkup(native: string, root: Neutral, dialect: MarkupDialect): string {
  const pieces = dialect.read(native).map((piece): Piece => {
    const settled = settledBlocks({ type: 'root', children: [...piece.blocks] });
    return { ...piece, settled, keys: settled.map(canonicalKey) };
  });
  const known = new Set(pieces.flatMap((piece) => piece.keys));
  const targets = settledBlocks(root).flatMap((block) =>
    known.has(canonicalKey(block)) ? [block] : lowerBlocks({ type: 'root', children: [block] }, dialect),
  );
  const wanted = targets.map(canonicalKey);
  if (
    equal(
      pieces.flatMap((piece) => piece.keys),
      wanted,
    )
  )
    return native;
  const reads = (text: string): boolean => {
    const root: Neutral = { type: 'root', children: dialect.read(text).flatMap((piece) => [...piece.blocks]) };
    // Settling costs a parse of Markdown; what reads as the settled blocks in normal form already is them.
    return equal(normalChildren(root).map(canonicalKey), wanted) || equal(settledBlocks(root).map(canonicalKey), wanted);
  };
  for (const within of [true, false]) {
    const text = assemble({ native, pieces, targets, dialect, within });
    // A patch that does not read as what it should would be taken for a person's edit in the next cycle (I5).
    if (reads(text)) return text;
  }
  return withEol(writeMarkup(root, dialect), native);
}

function equal(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((key, index) => key === right[index]);
}

function withEol(text: string, native: string): string {
  return native.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

function assemble(patch: Patch): string {
  const { native, pieces, targets, dialect } = patch;
  const blankLine = withEol('\n\n', native);
  const steps = patchSteps(
    pieces.map((piece) => piece.keys),
    targets.map(canonicalKey),
  );
  let text = '';
  let last: number | undefined;
  let first = true;
  const write = (content: string, piece: number | undefined): void => {
    if (first) text += piece === 0 ? native.slice(0, pieces[0]?.start) : '';
    else if (piece !== undefined && last === piece - 1) text += native.slice(pieces[piece - 1]?.end, pieces[piece]?.start);
    else text += blankLine;
    text += content;
    last = piece;
    first = false;
  };
  for (const step of steps) {
    if (step.kind === 'keep') {
      write(native.slice(pieces[step.piece]?.start, pieces[step.piece]?.end), step.piece);
      continue;
    }
    const paired = patch.within && step.pieces.length === step.targets.length;
    for (const [position, index] of step.targets.entries()) {
      const target = targets[index];
      if (target === undefined) continue;
      const piece = paired ? pieces[step.pieces[position] ?? -1] : undefined;
      const patched = piece === undefined ? undefined : patchParts(piece, target, patch);
      write(patched ?? withEol(dialect.write(target) ?? '', native), undefined);
    }
  }
  if (steps.length === 0) return native;
  return text + (last === pieces.length - 1 ? native.slice(pieces.at(-1)?.end) : (/(?:\r\n|\n|\r)*$/.exec(native)?.[0] ?? ''));
}

/** A list or table whose unchanged items or rows stay as they are; undefined where they do not correspond one to one. */
function patchParts(piece: Piece, target: BlockContent, { native, dialect }: Patch): string | undefined {
  const [was] = piece.settled;
  if (piece.settled.length !== 1 || was === undefined || piece.parts.length === 0) return undefined;
  const before = partsOf(was);
  const after = partsOf(target);
  if (before === undefined || after === undefined || was.type !== target.type || before.length !== piece.parts.length)
    return undefined;
  if (was.type === 'list' && target.type === 'list' && (was.ordered ?? false) !== (target.ordered ?? false)) return undefined;
  const steps = patchSteps(
    before.map((part) => [canonicalKey(part)]),
    after.map(canonicalKey),
  );
  const lines: string[] = [];
  for (const step of steps) {
    if (step.kind === 'keep') lines.push(sliceOf(native, piece.parts[step.piece]));
    else {
      const written = step.targets.flatMap((index) =>
        after.slice(index, index + 1).map((part) => writePart(part, index, dialect)),
      );
      lines.push(...written.map((text) => withEol(text, native)));
    }
  }
  return lines.join(withEol('\n', native));
}

function sliceOf(native: string, part: Stretch | undefined): string {
  return part === undefined ? '' : native.slice(part.start, part.end);
}

/** Each item of a list, or each row of a table, as a block of its own. */
function partsOf(block: BlockContent): BlockContent[] | undefined {
  switch (block.type) {
    case 'list':
      return block.children.map((item) => ({ ...block, children: [item] }));
    case 'table':
      return block.children.map((row) => ({ ...block, children: [row] }));
    case 'grid':
      return block.children.map((row) => ({ ...block, children: [row] }));
    default:
      return undefined;
  }
}

/** A part as lines. Only the first row of a table is its header, so another one is written below an empty one. */
function writePart(part: BlockContent, index: number, dialect: MarkupDialect): string {
  if (part.type !== 'table' || index === 0) return dialect.write(part) ?? '';
  const empty = { type: 'tableRow' as const, children: [] };
  return (dialect.write({ ...part, children: [empty, ...part.children] }) ?? '').replace(/^[^\n]*\n/, '');
}
