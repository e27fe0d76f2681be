import type { BlockContent, List } from 'mdast';
import { sameKeys } from '../align-blocks.ts';
import { isBlock } from '../block-flow.ts';
import { movingSteps } from '../patch-steps.ts';
import type { Neutral } from '../neutral.ts';
import { canonicalKey, normalChildren, settledBlocks } from '../settle.ts';
import { asAuthoredMarkup } from './authored-markup.ts';
import type { MarkupDialect, MarkupPart, MarkupPiece } from './dialect.ts';
import { itemsOf, writePart, type Part } from './item-parts.ts';
import { joinedLines, sliceOf, withMargin, type PartLine } from './native-lines.ts';
import { markerOf, withOwnMarker } from './own-marker.ts';
import { innermost, linesOfItem, patchLines, withItem } from './patch-lines.ts';

interface ItemsPiece extends MarkupPiece {
  readonly settled: readonly BlockContent[];
}

interface Native {
  readonly native: string;
  readonly dialect: MarkupDialect;
  readonly margin: string;
  /** A macro of which only what it holds or its title changes, or text of which only some lines do; undefined for any other block. */
  readonly patchSegment: (
    segment: Segment,
    change: { readonly was: BlockContent; readonly target: BlockContent },
  ) => string | undefined;
}

type Segment = NonNullable<MarkupPart['segments']>[number];

/** An item of the native list, with the blocks that it reads as: itself, and those that normal form puts beside it. */
interface NativeItem {
  readonly part: MarkupPart;
  readonly units: readonly Part[];
}

/**
 * A list in whose items macros stand, in their lines or right below, or that normal form parts for what its items hold, with
 * all that does not change as it is; undefined for any other, and where items and blocks do not correspond. In normal form some
 * of these are blocks of their own, between lists.
 */
export function patchItems(piece: ItemsPiece, targets: readonly BlockContent[], at: Native): string | undefined {
  if (piece.settled.length < 2 && !piece.parts.some(({ segments = [] }) => segments.length > 1)) return undefined;
  const items = nativeItems(piece);
  const units = unitsOf(targets);
  if (items === undefined || units === undefined) return undefined;
  const steps = movingSteps(
    items.map((item) => keysOf(item.units)),
    keysOf(units),
  );
  const lines: PartLine[] = [];
  let last = -1;
  for (const step of steps) {
    last = step.piece ?? last;
    const item = step.piece === undefined ? undefined : items[step.piece];
    if (step.kind !== 'replace') {
      lines.push({ text: sliceOf(at.native, item?.part), part: step.piece });
      continue;
    }
    const wanted = step.targets.flatMap((index) => units.slice(index, index + 1));
    const write = (unit: Part): string => withOwnMarker(writePart(unit, at.dialect), piece.parts, last);
    const patched = item === undefined ? undefined : patchItem(item, wanted, { ...at, write });
    if (patched !== undefined) lines.push({ text: patched, part: step.piece });
    else
      for (const unit of wanted)
        lines.push({
          text: withMargin(asAuthoredMarkup({ before: undefined, after: write(unit) }, at, item?.part), at),
          part: undefined,
        });
  }
  return joinedLines(lines, piece.parts, at);
}

function nativeItems({ blocks, parts, settled }: ItemsPiece): readonly NativeItem[] | undefined {
  const own = blocks.flatMap((block) => (block.type === 'list' ? (itemsOf(block, (inner) => inner, 0) ?? []) : []));
  const all = unitsOf(settled);
  if (all === undefined || own.length !== parts.length) return undefined;
  const items: NativeItem[] = [];
  let done = 0;
  // Below a block that parts the list around it, an item stands at another level than by itself.
  const found = (alone: readonly BlockContent[], leading: number): readonly Part[] | undefined => {
    const wanted = unitsOf(alone)?.slice(leading).map(contentKey) ?? [];
    const units = all.slice(done, done + wanted.length);
    return wanted.length > 0 && sameKeys(units.map(contentKey), wanted) ? units : undefined;
  };
  for (const [index, { block, leading }] of own.entries()) {
    const part = parts[index];
    const root: Neutral = { type: 'root', children: [block] };
    // Settling costs a parse of Markdown; what is found among the settled blocks in normal form already is settled.
    const units = found(normalChildren(root), leading) ?? found(settledBlocks(root), leading);
    if (part === undefined || units === undefined) return undefined;
    items.push({ part, units });
    done += units.length;
  }
  return done === all.length ? items : undefined;
}

/** What a unit says, at whichever level. */
function contentKey({ block, leading }: Part): string {
  const item = block.type === 'list' ? innermost(block, leading) : undefined;
  return canonicalKey(item === undefined ? block : { type: 'list', children: [item] });
}

/** Items, whichever number they have, and the blocks between their lists. */
function unitsOf(blocks: readonly BlockContent[]): readonly Part[] | undefined {
  const units: Part[] = [];
  for (const block of blocks) {
    const own = block.type === 'list' ? itemsOf(fromOne(block), fromOne, 0) : [{ block, leading: 0 }];
    if (own === undefined) return undefined;
    units.push(...own);
  }
  return units;
}

function fromOne(list: List): List {
  return list.ordered === true ? { ...list, start: 1 } : list;
}

function keysOf(units: readonly Part[]): readonly string[] {
  return units.map(({ block }) => canonicalKey(block));
}

/** An item of which only some lines or macros change; undefined where it has other ones. */
function patchItem(
  { part, units }: NativeItem,
  targets: readonly Part[],
  at: Native & { readonly write: (unit: Part) => string },
): string | undefined {
  const { native, dialect } = at;
  const segments = part.segments ?? [];
  const [was, wanted] = [pieceOf(units), pieceOf(targets)];
  if (was.below.length !== segments.length - 1 || was.below.length !== wanted.below.length) return undefined;
  let text = '';
  let done = part.start;
  for (const [index, segment] of segments.entries()) {
    const patched = index === 0 ? patchHead(segment, { was, wanted }, { ...at, marker: part.marker }) : sliceOf(native, segment);
    const [before, after] = [was.below[index - 1], wanted.below[index - 1]];
    if (patched === undefined || before?.type !== after?.type) return undefined;
    text += native.slice(done, segment.start);
    done = segment.end;
    if (before === undefined || after === undefined || canonicalKey(before) === canonicalKey(after)) text += patched;
    else {
      const change = { before: dialect.write(before), after: dialect.write(after) ?? '' };
      const written = (): string => withMargin(asAuthoredMarkup(change, at, segment), at);
      text += at.patchSegment(segment, { was: before, target: after }) ?? written();
    }
  }
  return text + native.slice(done, part.end);
}

/** The first line of an item, up to what stands in it or below. */
function patchHead(
  segment: Segment,
  { was: { head: was }, wanted: { head: wanted } }: { readonly was: ItemPiece; readonly wanted: ItemPiece },
  at: Native & { readonly marker: string | undefined; readonly write: (unit: Part) => string },
): string | undefined {
  const own = sliceOf(at.native, segment);
  if (was === undefined || wanted === undefined) return was === wanted ? own : undefined;
  if (canonicalKey(was.block) === canonicalKey(wanted.block)) return own;
  const sign = markerOf(at.write(was));
  const write = (unit: Part): string => {
    const written = at.write(unit);
    return sign !== '' && markerOf(written) === sign ? (at.marker ?? sign) + written.slice(sign.length) : written;
  };
  const [before, after] = [linesOfItem(was), linesOfItem(wanted)];
  const patched = before && after && patchLines(own, { before, after }, { ...at, write });
  return patched ?? withMargin(asAuthoredMarkup({ before: write(was), after: write(wanted) }, at, segment), at);
}

interface ItemPiece {
  /** The item with nothing but its first paragraph; undefined where it begins with another block. */
  readonly head: Part | undefined;
  readonly below: readonly BlockContent[];
}

function pieceOf(units: readonly Part[]): ItemPiece {
  const [first] = units;
  const item = first?.block.type === 'list' ? innermost(first.block, first.leading) : undefined;
  const below = units.slice(item === undefined ? 0 : 1).map(({ block }) => block);
  const [line, ...inside] = item?.children.filter(isBlock) ?? [];
  if (first?.block.type !== 'list' || item === undefined || line === undefined) return { head: undefined, below };
  if (line.type !== 'paragraph') return { head: undefined, below: [line, ...inside, ...below] };
  const head = { ...first, block: withItem(first.block, { ...item, children: [line] }, first.leading) };
  return { head, below: [...inside, ...below] };
}
