import type { BlockContent, Blockquote, Nodes } from 'mdast';
import { sameKeys } from '../align-blocks.ts';
import { isBlock } from '../block-flow.ts';
import { lineEndsAtEnd } from '../markdown-borders.ts';
import type { Alert, GridCell, Neutral } from '../neutral.ts';
import { onlyPicture, withOwnPictures } from '../own-pictures.ts';
import type { ShownPicture } from '../pair-pictures.ts';
import { movingSteps } from '../patch-steps.ts';
import { part, standsIn } from '../normalize.ts';
import { canonicalKey, normalChildren, settledBlocks } from '../settle.ts';
import type { MarkupDialect, MarkupPart, MarkupPiece, Stretch } from './dialect.ts';
import { asAuthoredMarkup } from './authored-markup.ts';
import { lowerBlocks } from './lower.ts';
import { itemsOf, writePart, type Part } from './item-parts.ts';
import { joinedLines, sliceOf, withEol, withMargin, type PartLine } from './native-lines.ts';
import { withOwnMarker } from './own-marker.ts';
import { patchCode } from './patch-code.ts';
import { patchOpening, shellOf, withTitle } from './patch-opening.ts';
import { patchItems } from './patch-items.ts';
import { patchPictures, picturesApart } from './patch-pictures.ts';
import { linesOfItem, linesOfParagraph, patchLines } from './patch-lines.ts';

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
  /** Whether pictures of one paragraph are told apart. */
  readonly pictures: boolean;
  /** Where the pieces stand; undefined for the whole text. */
  readonly body?: Stretch;
  /** What each line begins with there. */
  readonly margin: string;
}

/**
 * The native text changed so that it reads as the tree. A native block that reads as one of the tree's blocks is kept byte
 * for byte, also where this codec would write it otherwise or not at all; what is new is lowered (content.md, property 4).
 */
export function patchMarkup(native: string, root: Neutral, dialect: MarkupDialect): string {
  const pieces = dialect.read(native).map(settledPiece);
  const known = new Set(pieces.flatMap((piece) => piece.keys));
  const starts = new Set(pieces.flatMap(({ settled }) => settled.map(startOf)));
  const settled = settledBlocks(root);
  const lowered = settled.flatMap((block) => {
    if (known.has(canonicalKey(block))) return [block];
    const parted = lowerBlocks({ type: 'root', children: [block] }, dialect);
    // No list can be told to begin elsewhere than at 1, but one that a block of an item parts goes on.
    return starts.has(startOf(block)) ? parted.map((one) => withStart(one, startOf(block))) : parted;
  });
  const [whole, wanted] = [settled.map(canonicalKey), lowered.map(canonicalKey)];
  if (
    sameKeys(
      pieces.flatMap((piece) => piece.keys),
      wanted,
    )
  )
    return native;
  // A native block may hold what would be written beside it, as code in a quote of Textile: then nothing is lowered.
  const unlowered = sameKeys(whole, wanted) ? [] : ways.filter(({ within }) => within);
  const attempts = [
    ...unlowered.map((way) => ({ targets: settled, keys: whole, ...way })),
    ...ways.map((way) => ({ targets: lowered, keys: wanted, ...way })),
  ];
  let failed: { readonly text: string; readonly keys: readonly string[] } | undefined;
  for (const { targets, keys, ...way } of attempts) {
    const text = assemble({ native, pieces, targets, dialect, margin: '', ...way });
    // Where no pictures are told apart, two ways give the same.
    if (failed?.text === text && failed.keys === keys) continue;
    // A patch that does not read as what it should would be taken for a person's edit in the next cycle (I5).
    if (readsAs(dialect.read(text), keys)) return withSizes(text, keys, { native, dialect });
    failed = { text, keys };
  }
  return withEol(writeMarkup(root, dialect), native);
}

/** The text with the pictures as their author wrote them, where it reads so with them. */
function withSizes(text: string, keys: readonly string[], { native, dialect }: Pick<Patch, 'native' | 'dialect'>): string {
  const read = (picture: string): ShownPicture | undefined =>
    onlyPicture(dialect.read(picture).flatMap(({ blocks }) => [...blocks]));
  const own = withOwnPictures(native, text, { pattern: dialect.picture, read, describe: dialect.describe });
  return own === text || readsAs(dialect.read(own), keys) ? own : text;
}

/** How a text is patched, the way that keeps the most first. */
const ways: readonly Pick<Patch, 'within' | 'pictures'>[] = [
  { within: true, pictures: true },
  { within: true, pictures: false },
  { within: false, pictures: false },
];

function readsAs(pieces: readonly MarkupPiece[], keys: readonly string[]): boolean {
  const root: Neutral = { type: 'root', children: pieces.flatMap(({ blocks }) => [...blocks]) };
  // Settling costs a parse of Markdown; what reads as the settled blocks in normal form already is them.
  return sameKeys(normalChildren(root).map(canonicalKey), keys) || sameKeys(settledBlocks(root).map(canonicalKey), keys);
}

/** Where a list begins that does not begin at 1. */
function startOf(block: BlockContent): number | undefined {
  return block.type === 'list' && block.ordered === true && (block.start ?? 1) !== 1 ? (block.start ?? 1) : undefined;
}

function withStart(block: BlockContent, start: number | undefined): BlockContent {
  return block.type === 'list' && block.ordered === true && start !== undefined ? { ...block, start } : block;
}

function settledPiece(piece: MarkupPiece): Piece {
  return { ...piece, ...settledOf(piece.blocks) };
}

function settledOf(blocks: readonly BlockContent[]): Pick<Piece, 'settled' | 'keys'> {
  const settled = settledBlocks({ type: 'root', children: [...blocks] });
  return { settled, keys: settled.map(canonicalKey) };
}

function assemble(patch: Patch): string {
  const { native, targets, dialect, body } = patch;
  const pieces = patch.pictures ? picturesApart(patch.pieces, targets, patch) : patch.pieces;
  const blankLine = withEol(`\n${patch.margin.trimEnd()}\n${patch.margin}`, native);
  const steps = movingSteps(
    pieces.map((piece) => piece.keys),
    targets.map(canonicalKey),
  );
  let text = '';
  let last: number | undefined;
  let first = true;
  const write = (content: string, piece: number | undefined): void => {
    if (first) text += piece === 0 || body !== undefined ? native.slice(body?.start ?? 0, pieces[0]?.start ?? body?.end) : '';
    else if (piece !== undefined && last === piece - 1) text += native.slice(pieces[piece - 1]?.end, pieces[piece]?.start);
    else text += blankLine;
    text += content;
    last = piece;
    first = false;
  };
  for (const step of steps) {
    if (step.kind !== 'replace') {
      write(native.slice(pieces[step.piece]?.start, pieces[step.piece]?.end), step.piece);
      continue;
    }
    const old = patch.within && step.piece !== undefined ? pieces[step.piece] : undefined;
    const together = old === undefined ? undefined : patchTogether(old, blocksAt(targets, step.targets), patch);
    if (together !== undefined) {
      write(together, step.piece);
      continue;
    }
    const number = patch.within && step.targets.length === 1 ? step.piece : undefined;
    const piece = pieces[number ?? -1];
    for (const index of step.targets) {
      const target = targets[index];
      if (target === undefined) continue;
      const patched = piece === undefined ? undefined : (patchBody(piece, target, patch) ?? patchParts(piece, target, patch));
      const written = (): string =>
        asAuthoredMarkup({ before: writtenOnce(piece, dialect), after: dialect.write(target) ?? '' }, patch, piece);
      write(patched ?? withMargin(written(), patch), number);
    }
  }
  if (body !== undefined) return text + native.slice(pieces.at(-1)?.end ?? body.end, body.end);
  if (steps.length === 0) return native;
  return text + (last === pieces.length - 1 ? native.slice(pieces.at(-1)?.end) : lineEndsAtEnd(native));
}

/** A piece that is one block, as it would be written. */
function writtenOnce(piece: Piece | undefined, dialect: MarkupDialect): string | undefined {
  const [only, ...others] = piece?.settled ?? [];
  return only === undefined || others.length > 0 ? undefined : dialect.write(only);
}

/** A piece of several blocks, or a frame that normal form takes away, changed as a whole; undefined where its parts do not correspond. */
function patchTogether(piece: Piece, targets: readonly BlockContent[], patch: Patch): string | undefined {
  const { native, dialect } = patch;
  const items = patchItems(piece, targets, {
    native,
    dialect,
    margin: patch.margin,
    patchSegment: (segment, { was, target }) => {
      const own = { ...segment, blocks: [was], ...settledOf([was]) };
      return patchBody(own, target, patch) ?? patchParts(own, target, patch);
    },
  });
  if (items !== undefined) return items;
  const held = patchHolder(piece, targets, patch);
  if (held !== undefined) return held;
  if (piece.settled.length < 2 || piece.settled.length !== targets.length) return undefined;
  const counts = piece.settled.map((block) => partsOf(block)?.length ?? 0);
  if (counts.some((count) => count === 0) || counts.reduce((sum, count) => sum + count) !== piece.parts.length) return undefined;
  let text = '';
  let done = 0;
  for (const [index, block] of piece.settled.entries()) {
    const parts = piece.parts.slice(done, done + (counts[index] ?? 0));
    const target = targets[index];
    const patched = target === undefined ? undefined : patchParts({ ...piece, settled: [block], parts }, target, patch);
    if (patched === undefined) return undefined;
    // What stands between two lists, as two signs in a row, is neither's.
    text += native.slice(done === 0 ? piece.start : piece.parts[done - 1]?.end, parts[0]?.start) + patched;
    done += parts.length;
  }
  return text + native.slice(piece.parts.at(-1)?.end, piece.end);
}

/** A quote or an alert, also one with nothing in it but what normal form puts beside it; undefined for anything else. */
function patchHolder({ blocks, body, start, end }: Piece, targets: readonly BlockContent[], patch: Patch): string | undefined {
  const [holder, ...others] = blocks;
  if (body === undefined || holder === undefined || !isHolder(holder) || others.length > 0) return undefined;
  const pieces = body.pieces.map(settledPiece);
  const parted = part(
    pieces.flatMap(({ settled }) => settled),
    standsIn[holder.type],
    () => holder,
  );
  if (parted.length !== targets.length) return undefined;
  const inside: BlockContent[] = [];
  for (const [index, target] of targets.entries()) {
    if (parted[index] !== holder) inside.push(target);
    else if (!isHolder(target) || shellOf(target) !== shellOf(holder)) return undefined;
    else inside.push(...blocksIn(target));
  }
  const opening = withTitle(patch.native.slice(start, body.start), { body, first: inside[0] }, patch.dialect);
  if (opening === undefined) return undefined;
  const own = { pieces: opening.pieces.map(settledPiece), targets: inside, body };
  const text = assemble({ ...patch, ...own, margin: patch.margin + (body.margin ?? '') });
  return opening.text + text + patch.native.slice(body.end, end);
}

function isHolder(block: BlockContent): block is Blockquote | Alert {
  return block.type === 'blockquote' || block.type === 'alert';
}

function blocksIn({ children }: { readonly children: readonly Nodes[] }): readonly BlockContent[] {
  return children.filter(isBlock);
}

function blocksAt(targets: readonly BlockContent[], indices: readonly number[]): readonly BlockContent[] {
  return indices.flatMap((index) => targets.slice(index, index + 1));
}

/** What holds blocks or code, with its opening, its end and the unchanged blocks in it as they are; undefined where more changed. */
function patchBody(piece: Piece, target: BlockContent, patch: Patch): string | undefined {
  const [was] = piece.settled;
  const { body } = piece;
  if (body === undefined || was === undefined || piece.settled.length !== 1) return undefined;
  const children = 'children' in target ? target.children.filter(isBlock) : [];
  const targets = settledBlocks({ type: 'root', children });
  const [first] = targets;
  const shown = patchOpening(patch.native.slice(piece.start, body.start), { was, target }, patch.dialect);
  const opening = shown === undefined ? undefined : withTitle(shown, { body, first }, patch.dialect);
  if (opening === undefined) return undefined;
  const inside =
    was.type === 'code' && target.type === 'code'
      ? patchCode(sliceOf(patch.native, body), [was, target], patch)
      : assemble({
          ...patch,
          pieces: opening.pieces.map(settledPiece),
          targets,
          body,
          margin: patch.margin + (body.margin ?? ''),
        });
  return opening.text + inside + patch.native.slice(body.end, piece.end);
}

/**
 * A paragraph, list or table whose unchanged lines, items or rows stay as they are; undefined where they do not correspond
 * one to one.
 */
function patchParts(piece: Piece, target: BlockContent, patch: Patch): string | undefined {
  const { native, dialect } = patch;
  const [was] = piece.settled;
  if (piece.settled.length !== 1 || was === undefined || piece.parts.length === 0) return undefined;
  const before = partsOf(was);
  const after = partsOf(target);
  if (before === undefined || after === undefined || was.type !== target.type) return undefined;
  if (before.length !== piece.parts.length)
    return was.type === 'paragraph'
      ? patchLines(
          sliceOf(native, piece),
          { before, after },
          { dialect, write: (part) => withMargin(writePart(part, dialect), patch) },
        )
      : undefined;
  const steps = movingSteps(
    before.map((part) => [canonicalKey(part.block)]),
    after.map((part) => canonicalKey(part.block)),
  );
  const lines: PartLine[] = [];
  let last = -1;
  for (const step of steps) {
    last = step.piece ?? last;
    if (step.kind !== 'replace') lines.push({ text: sliceOf(native, piece.parts[step.piece]), part: step.piece });
    else {
      const number = step.targets.length === 1 ? (step.piece ?? -1) : -1;
      for (const index of step.targets) {
        const part = after[index];
        if (part === undefined) continue;
        const written = (one = part): string => withOwnMarker(writePart(one, dialect), piece.parts, last);
        const row = { native: piece.parts[number], before: before[number], after: part };
        const patched =
          patchCells(row, patch) ??
          patchPictures(row.native, { before: row.before?.block, after: part.block }, patch) ??
          patchItemLines(row, { native, dialect, write: written });
        const change = { before: row.before && written(row.before), after: written() };
        const text = patched ?? withMargin(asAuthoredMarkup(change, patch, piece.parts[number]), patch);
        lines.push({ text, part: number < 0 ? undefined : number });
      }
    }
  }
  return joinedLines(lines, piece.parts, patch);
}

/** An item of which only some lines change; undefined where it has but one, or they do not correspond. */
function patchItemLines(
  item: { readonly native: MarkupPart | undefined; readonly before: Part | undefined; readonly after: Part },
  at: { readonly native: string; readonly dialect: MarkupDialect; readonly write: (part: Part) => string },
): string | undefined {
  const before = item.before === undefined ? undefined : linesOfItem(item.before);
  const after = linesOfItem(item.after);
  return before && after && patchLines(sliceOf(at.native, item.native), { before, after }, at);
}

/** A row whose unchanged cells stay as they are; undefined where they do not correspond one to one. */
function patchCells(
  row: { readonly native: MarkupPart | undefined; readonly before: Part | undefined; readonly after: Part },
  patch: Patch,
): string | undefined {
  const { native, dialect } = patch;
  const [was = [], cells = [], places = []] = [row.before?.cells, row.after.cells, row.native?.cells];
  if (row.native === undefined || places.length === 0 || was.length !== places.length || cells.length !== places.length)
    return undefined;
  let text = '';
  let done = row.native.start;
  for (const [index, { start, end }] of places.entries()) {
    const [before, after] = [was[index], cells[index]];
    if (before === undefined || after === undefined || canonicalKey(before.block) === canonicalKey(after.block)) continue;
    const [old, wanted = ''] = [before, after].map((cell) => writePart(cell, dialect).replace(/^\| (.*) \|$/s, '$1'));
    text +=
      native.slice(done, start) +
      (patchPictures({ start, end }, { before: before.block, after: after.block }, patch) ??
        withMargin(asAuthoredMarkup({ before: old, after: wanted }, patch, { start, end }), patch));
    done = end;
  }
  return text + native.slice(done, row.native.end);
}

/** Each line of a paragraph, each item of a list and of the lists in it, or each row of a table. */
function partsOf(block: BlockContent): readonly Part[] | undefined {
  switch (block.type) {
    case 'paragraph':
      return linesOfParagraph(block);
    case 'list':
      return itemsOf(block, (list) => list, 0);
    case 'table':
      // Only the first row of a table is its header, so another one is written below an empty one.
      return block.children.map((row, index) => ({
        block: { ...block, children: index === 0 ? [row] : [emptyRow, row] },
        leading: index === 0 ? 0 : 1,
        cells: row.children.map((cell) => ({
          block: { ...block, children: [emptyRow, { type: 'tableRow', children: [cell] }] },
          leading: 1,
        })),
      }));
    case 'grid':
      return block.children.map((row) => ({
        block: { ...block, children: [row] },
        leading: 0,
        cells: row.children.map((cell) => ({ block: plainCell(cell), leading: 0 })),
      }));
    default:
      return undefined;
  }
}

/** A cell's signs stand in the native text, and stay. */
function plainCell(cell: GridCell): BlockContent {
  const plain: GridCell = { ...cell, header: false, columnSpan: 1, rowSpan: 1 };
  return { type: 'grid', children: [{ type: 'gridRow', children: [plain] }] };
}

const emptyRow = { type: 'tableRow' as const, children: [] };
