import type { BlockContent, List } from 'mdast';
import { sameKeys } from '../align-blocks.ts';
import { isBlock } from '../block-flow.ts';
import { movingSteps } from '../patch-steps.ts';
import { canonicalKey, settledBlocks } from '../settle.ts';
import { asAuthoredMarkup } from './authored-markup.ts';
import type { MarkupDialect, MarkupPart, MarkupPiece } from './dialect.ts';
import { itemsOf, writePart, type Part } from './item-parts.ts';
import { withOwnMarker } from './own-marker.ts';
import { innermost, linesOfItem, patchLines, withItem } from './patch-lines.ts';

interface ItemsPiece extends MarkupPiece {
  readonly settled: readonly BlockContent[];
}

interface Native {
  readonly native: string;
  readonly dialect: MarkupDialect;
  /** A macro of which only what it holds or its title changes; undefined for any other block. */
  readonly patchMacro: (
    macro: Segment,
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
 * A list in whose items macros stand, right below their lines, with all that does not change as it is; undefined for any
 * other, and where items and blocks do not correspond. In normal form some of these are blocks of their own, between lists.
 */
export function patchItems(piece: ItemsPiece, targets: readonly BlockContent[], at: Native): string | undefined {
  if (!piece.parts.some(({ segments = [] }) => segments.length > 1)) return undefined;
  const items = nativeItems(piece);
  const units = unitsOf(targets);
  if (items === undefined || units === undefined) return undefined;
  const steps = movingSteps(
    items.map((item) => keysOf(item.units)),
    keysOf(units),
  );
  const lines: string[] = [];
  let last = -1;
  for (const step of steps) {
    last = step.piece ?? last;
    const item = step.piece === undefined ? undefined : items[step.piece];
    if (step.kind !== 'replace') {
      lines.push(item === undefined ? '' : at.native.slice(item.part.start, item.part.end));
      continue;
    }
    const wanted = step.targets.flatMap((index) => units.slice(index, index + 1));
    const write = (unit: Part): string => withOwnMarker(writePart(unit, at.dialect), piece.parts, last);
    const patched = item === undefined ? undefined : patchItem(item, wanted, { ...at, write });
    lines.push(...(patched === undefined ? wanted.map((unit) => asAuthoredMarkup(write(unit), at, item?.part)) : [patched]));
  }
  return lines.join('\n');
}

function nativeItems({ blocks, parts, settled }: ItemsPiece): readonly NativeItem[] | undefined {
  const [list, ...others] = blocks;
  if (list?.type !== 'list' || others.length > 0) return undefined;
  const own = itemsOf(list, (inner) => inner, 0);
  if (own === undefined || own.length !== parts.length) return undefined;
  const items: NativeItem[] = [];
  for (const [index, { block, leading }] of own.entries()) {
    const part = parts[index];
    const units = unitsOf(settledBlocks({ type: 'root', children: [block] }))?.slice(leading);
    if (part === undefined || units === undefined) return undefined;
    items.push({ part, units });
  }
  const all = unitsOf(settled);
  const found = items.flatMap((item) => keysOf(item.units));
  return all !== undefined && sameKeys(keysOf(all), found) ? items : undefined;
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
  { native, dialect, patchMacro, write }: Native & { readonly write: (unit: Part) => string },
): string | undefined {
  const segments = part.segments ?? [];
  const [was, wanted] = [pieceOf(units), pieceOf(targets)];
  if (was === undefined || wanted === undefined || was.below.length !== segments.length - 1) return undefined;
  if (was.below.length !== wanted.below.length) return undefined;
  const lines = segments.map(({ start, end }) => native.slice(start, end));
  if (canonicalKey(was.head.block) !== canonicalKey(wanted.head.block)) {
    const [before, after] = [linesOfItem(was.head), linesOfItem(wanted.head)];
    const patched = before && after && patchLines(lines[0] ?? '', { before, after }, { dialect, write });
    lines[0] = patched ?? asAuthoredMarkup(write(wanted.head), { native, dialect }, segments[0]);
  }
  for (const [index, block] of wanted.below.entries()) {
    const before = was.below[index];
    if (before === undefined || before.type !== block.type) return undefined;
    if (canonicalKey(before) === canonicalKey(block)) continue;
    const segment = segments[index + 1];
    const patched = segment === undefined ? undefined : patchMacro(segment, { was: before, target: block });
    lines[index + 1] = patched ?? asAuthoredMarkup(dialect.write(block) ?? '', { native, dialect }, segment);
  }
  return lines.join('\n');
}

interface ItemPiece {
  /** The item with nothing but its first paragraph. */
  readonly head: Part;
  readonly below: readonly BlockContent[];
}

function pieceOf([first, ...others]: readonly Part[]): ItemPiece | undefined {
  if (first === undefined || first.block.type !== 'list' || others.some(({ block }) => block.type === 'list')) return undefined;
  const item = innermost(first.block, first.leading);
  const [line, ...inside] = item?.children.filter(isBlock) ?? [];
  if (item === undefined || line?.type !== 'paragraph') return undefined;
  const head = { ...first, block: withItem(first.block, { ...item, children: [line] }, first.leading) };
  return { head, below: [...inside, ...others.map(({ block }) => block)] };
}
