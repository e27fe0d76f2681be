import type { BlockContent, List, RootContent, Table } from 'mdast';
import { alignBlocks, sameKeys } from './align-blocks.ts';
import { alignParts, timesOf, type Places } from './align-parts.ts';
import { isBlock } from './block-flow.ts';
import type { Grid, Neutral } from './neutral.ts';
import { isTaskList } from './normalize.ts';
import { gridCellKey, gridRowKey, itemKey } from './part-keys.ts';
import { pairBlocks } from './pair-blocks.ts';
import { renderBlock } from './render-blocks.ts';
import { canonicalKey, canonicalOptions, settledBlocks } from './settle.ts';
import { areColumnsOf, columnsBetween, columnTexts, padded, tableInto, trimmed, widthOf, type Columns } from './table-columns.ts';

/** Something as it was, and as it is on each side. */
type Versions<T> = readonly [base: T, left: T, right: T];

/** What a merge is made of: blocks, items, rows, cells. */
interface Kind<T extends object> {
  readonly keyOf: (part: T) => string;
  /** Of a part that both sides changed. */
  readonly merge: (versions: Versions<T>) => T | 'collision';
}

interface Side<T> {
  readonly parts: readonly T[];
  readonly keys: readonly string[];
}

/**
 * Merges two versions of a text that was `base`, by canonical blocks (diff3): what only one side changed is taken from it,
 * what both changed alike is taken once. Where both changed one list, table, quote, alert or details, the same holds for
 * what is in it. `collision` where both changed the same words, or the same place, differently.
 *
 * A merged text that has reached one side alone is merged with the other side's text again, by the same base, and nothing
 * may come of that but itself: a merge of which that does not hold has guessed, and is a collision.
 */
export function mergeBlocks(base: Neutral, left: Neutral, right: Neutral): { readonly merged: Neutral } | 'collision' {
  const [was, ours, theirs] = [settledBlocks(base), settledBlocks(left), settledBlocks(right)];
  const merged = mergeParts([was, ours, theirs], blockKind);
  if (merged === 'collision') return merged;
  const text: Neutral = { type: 'root', children: merged };
  const settled = settledBlocks(text);
  const holds = [mergeParts([was, settled, theirs], blockKind), mergeParts([was, ours, settled], blockKind)].every(
    (again) => again !== 'collision' && sameKeys(again.map(canonicalKey), settled.map(canonicalKey)),
  );
  return holds ? { merged: text } : 'collision';
}

function mergeParts<T extends object>([base, left, right]: Versions<readonly T[]>, kind: Kind<T>): T[] | 'collision' {
  const sideOf = (parts: readonly T[]): Side<T> => ({ parts, keys: parts.map(kind.keyOf) });
  const sides: Versions<Side<T>> = [sideOf(base), sideOf(left), sideOf(right)];
  const [was, ours, theirs] = sides;
  const [[ourEarly, ourLate], [theirEarly, theirLate]] = [alignParts(was.keys, ours.keys), alignParts(was.keys, theirs.keys)];
  const [early, late] = [chunksOf(sides, [ourEarly, theirEarly]), chunksOf(sides, [ourLate, theirLate])];
  const merged = mergeChunks(costOf(late) < costOf(early) ? late : early, kind);
  return merged === 'collision' || bringsBack(sides, merged.map(kind.keyOf)) ? 'collision' : merged;
}

/** What stands between parts that both sides still have, and those parts themselves. */
function chunksOf<T>(
  [was, ours, theirs]: Versions<Side<T>>,
  places: readonly [left: Places, right: Places],
): Versions<Side<T>>[] {
  const chunks: Versions<Side<T>>[] = [];
  let start = { base: 0, left: 0, right: 0 };
  for (let index = 0; index <= was.parts.length; index += 1) {
    const atEnd = index === was.parts.length;
    const [left, right] = atEnd ? [ours.parts.length, theirs.parts.length] : [places[0][index], places[1][index]];
    if (left === undefined || right === undefined) continue;
    chunks.push(
      [cut(was, start.base, index), cut(ours, start.left, left), cut(theirs, start.right, right)],
      [cut(was, index, index + 1), cut(ours, left, left + 1), cut(theirs, right, right + 1)],
    );
    start = { base: index + 1, left: left + 1, right: right + 1 };
  }
  return chunks;
}

/**
 * Of two ways to find equal parts again the one is right by which less is merged, as what came alike on both sides comes
 * once; or else by which the edits touch in fewer places.
 */
function costOf<T>(chunks: readonly Versions<Side<T>>[]): number {
  const contested = chunks.filter(isContested).length;
  return chunks.reduce((sum, chunk) => sum + sizeOf(chunk), contested / (chunks.length + 1));
}

/** How many parts both sides leave, as far as their keys tell. */
function sizeOf<T>([base, left, right]: Versions<Side<T>>): number {
  const [was, ours, theirs] = [timesOf(base.keys), timesOf(left.keys), timesOf(right.keys)];
  return [...new Set([...left.keys, ...right.keys])].reduce((sum, key) => {
    const times = [ours.get(key) ?? 0, theirs.get(key) ?? 0];
    const fewer = Math.min(...times);
    return sum + (fewer < (was.get(key) ?? 0) ? fewer : Math.max(...times));
  }, 0);
}

/** Whether each side changed it, and not as the other did. */
function isContested<T>([base, left, right]: Versions<Side<T>>): boolean {
  return !same(left, base) && !same(right, base) && !same(left, right);
}

function mergeChunks<T extends object>(chunks: readonly Versions<Side<T>>[], kind: Kind<T>): T[] | 'collision' {
  const merged: T[] = [];
  for (const chunk of chunks) {
    const parts = mergeChunk(chunk, kind);
    if (parts === 'collision') return 'collision';
    merged.push(...parts);
  }
  return merged;
}

function cut<T>(side: Side<T>, start: number, end: number): Side<T> {
  return { parts: side.parts.slice(start, end), keys: side.keys.slice(start, end) };
}

function same<T>(left: Side<T>, right: Side<T>): boolean {
  return sameKeys(left.keys, right.keys);
}

/** Neighbouring parts of which each side changed others do not collide. */
function mergeChunk<T extends object>(sides: Versions<Side<T>>, kind: Kind<T>): readonly T[] | 'collision' {
  const [base, left, right] = sides;
  if (!isContested(sides)) return same(right, base) ? left.parts : right.parts;
  const [[was], [ours], [theirs]] = [base.parts, left.parts, right.parts];
  const { length } = base.parts;
  const inPlace = left.parts.length === length && right.parts.length === length;
  if (inPlace && length === 1 && was !== undefined && ours !== undefined && theirs !== undefined) {
    const part = kind.merge([was, ours, theirs]);
    return part === 'collision' ? 'collision' : [part];
  }
  if (length === 0) return mergeAdded(left, right);
  const all = base.parts.map((_, index) => index);
  const guesses = inPlace ? [[all, all] as const] : pairsOf(sides);
  const found = guesses.find(([ours, theirs]) => all.some((index) => ours[index] !== undefined && theirs[index] !== undefined));
  return found === undefined ? 'collision' : mergeChunks(chunksOf(sides, found), kind);
}

/**
 * Whether a part that one side took out is there again, for the other moved it or a guess took what remains of it for new,
 * or one that both moved is there twice. Of equal parts, as rules, headings or rows often are, a side took out what it has
 * none of any more: where it still has some, those that the other added elsewhere are no less wanted.
 */
function bringsBack<T>(sides: Versions<Side<T>>, merged: readonly string[]): boolean {
  const [base, left, right] = [timesOf(sides[0].keys), timesOf(sides[1].keys), timesOf(sides[2].keys)];
  const now = timesOf(merged);
  return [...base].some(([key, was]) => {
    const [ours, theirs] = [left.get(key) ?? 0, right.get(key) ?? 0];
    const isTaken = ours === 0 || theirs === 0;
    return (now.get(key) ?? 0) > (isTaken ? 0 : Math.max(ours, theirs, ours + theirs - was));
  });
}

/** What came on both sides in one place: what came alike comes once, and nothing else says what is before what. */
function mergeAdded<T>(left: Side<T>, right: Side<T>): readonly T[] | 'collision' {
  const merged: T[] = [];
  let [from, to] = [0, 0];
  for (const [index, place] of [...pairsOfSame(left, right), right.parts.length].entries()) {
    if (place === undefined) continue;
    const [ours, theirs] = [left.parts.slice(from, index), right.parts.slice(to, place)];
    if (ours.length > 0 && theirs.length > 0) return 'collision';
    merged.push(...ours, ...theirs, ...left.parts.slice(index, index + 1));
    [from, to] = [index + 1, place + 1];
  }
  return merged;
}

function pairsOfSame<T>(left: Side<T>, right: Side<T>): Places {
  return alignBlocks(
    left.keys.map((key) => [key]),
    right.keys,
  );
}

/**
 * For each part of the base the one that it became on each side, by its words: among those that one side alone has, as
 * what came on both alike is most often new; or else among what came alike.
 */
function pairsOf<T>([base, left, right]: Versions<Side<T>>): readonly (readonly [Places, Places])[] {
  const alike = pairsOfSame(left, right);
  const both = new Set(alike);
  const ours = pairsAmong(base, left, (index) => alike[index] !== undefined);
  return [
    [pairsAmong(base, left, (index) => alike[index] === undefined), pairsAmong(base, right, (index) => !both.has(index))],
    [ours, ours.map((place) => (place === undefined ? undefined : alike[place]))],
  ];
}

function pairsAmong<T>(base: Side<T>, side: Side<T>, mayBe: (index: number) => boolean): Places {
  const places = [...side.keys.keys()].filter(mayBe);
  const owners = pairBlocks(
    base.keys.map((key) => [key]),
    places.map((place) => side.keys[place] ?? ''),
  );
  return base.keys.map((_, index) => places[owners.indexOf(index)]);
}

function mergeValue<T>([base, left, right]: Versions<T>): { readonly value: T } | 'collision' {
  if (left === base || left === right) return { value: right };
  return right === base ? { value: left } : 'collision';
}

const blockKind: Kind<BlockContent> = { keyOf: canonicalKey, merge: mergeBlock };

/** A container that is one on both sides, too. */
function mergeBlock([base, left, right]: Versions<BlockContent>): BlockContent | 'collision' {
  if (base.type === 'blockquote' && left.type === 'blockquote' && right.type === 'blockquote')
    return withChildren(left, mergeInside([base, left, right]));
  if (base.type === 'alert' && left.type === 'alert' && right.type === 'alert') {
    const kind = mergeValue([base.kind, left.kind, right.kind]);
    return kind === 'collision' ? kind : withChildren({ ...left, kind: kind.value }, mergeInside([base, left, right]));
  }
  if (base.type === 'details' && left.type === 'details' && right.type === 'details') {
    const summary = mergeValue([base.summary, left.summary, right.summary]);
    return summary === 'collision'
      ? summary
      : withChildren({ ...left, summary: summary.value }, mergeInside([base, left, right]));
  }
  if (base.type === 'list' && left.type === 'list' && right.type === 'list') return mergeList([base, left, right]);
  if (base.type === 'table' && left.type === 'table' && right.type === 'table') return mergeTable([base, left, right]);
  if (base.type === 'grid' && left.type === 'grid' && right.type === 'grid')
    return withChildren(left, mergeParts([base.children, left.children, right.children], gridRowKind));
  return 'collision';
}

function withChildren<T extends { readonly children: readonly unknown[] }>(
  part: T,
  children: T['children'] | 'collision',
): T | 'collision' {
  return children === 'collision' ? children : { ...part, children };
}

function mergeInside([base, left, right]: Versions<{ readonly children: readonly RootContent[] }>): BlockContent[] | 'collision' {
  return mergeParts([base.children.filter(isBlock), left.children.filter(isBlock), right.children.filter(isBlock)], blockKind);
}

function mergeList([base, left, right]: Versions<List>): List | 'collision' {
  const sameKind = [left, right].every(
    (list) => (list.ordered ?? false) === (base.ordered ?? false) && isTaskList(list) === isTaskList(base),
  );
  const start = mergeValue([base.start, left.start, right.start]);
  if (!sameKind || start === 'collision') return 'collision';
  const children = mergeParts([base.children, left.children, right.children], itemKind);
  return withChildren({ ...left, start: start.value ?? null }, children);
}

const itemKind: Kind<List['children'][number]> = {
  keyOf: itemKey,
  merge: (items) => {
    const [base, left, right] = items;
    const checked = mergeValue([base.checked, left.checked, right.checked]);
    return checked === 'collision' ? checked : withChildren({ ...left, checked: checked.value ?? null }, mergeInside(items));
  },
};

/** Cells of rows that are equally wide, one by one. */
function mergeCells<T extends object>([base, left, right]: Versions<readonly T[]>, kind: Kind<T>): T[] | 'collision' {
  const merged: T[] = [];
  for (const [column, was] of base.entries()) {
    const [ours, theirs] = [left[column], right[column]];
    if (ours === undefined || theirs === undefined) return 'collision';
    const side = (cell: T): Side<T> => ({ parts: [cell], keys: [kind.keyOf(cell)] });
    const cell = mergeChunk([side(was), side(ours), side(theirs)], kind);
    if (cell === 'collision') return cell;
    merged.push(...cell);
  }
  return left.length === base.length && right.length === base.length ? merged : 'collision';
}

/** Tables, also where one side alone changed the columns, or both alike: the other cells are put into these first. */
function mergeTable([base, left, right]: Versions<Table>): Table | 'collision' {
  const [ours, theirs] = [columnsBetween(base, left), columnsBetween(base, right)];
  const width = widthOf(base);
  if (sameColumns(ours, theirs)) return mergeRows([tableInto(ours, base), left, right], left);
  const [columns, kept, changed, other] = areColumnsOf(theirs, width) ? [ours, theirs, left, right] : [theirs, ours, right, left];
  const [before, after] = [columnTexts(base), columnTexts(other)];
  const isTouched = before.some((text, column) => !columns.includes(column) && text !== after[column]);
  // Both changed the columns, or one changed what the other took away.
  if (!areColumnsOf(kept, width) || isTouched) return 'collision';
  return mergeRows([tableInto(columns, base), changed, tableInto(columns, other)], changed);
}

/** Tables of the same columns; all about them but their rows is that of `frame`. */
function mergeRows(versions: Versions<Table>, frame: Table): Table | 'collision' {
  const [base, left, right] = versions.map((table) => padded(table).children);
  if (base === undefined || left === undefined || right === undefined) return 'collision';
  const children = mergeParts([base, left, right], rowKind);
  return children === 'collision' ? children : trimmed({ ...frame, children });
}

function sameColumns(left: Columns, right: Columns): boolean {
  return left.length === right.length && left.every((column, index) => column === right[index]);
}

type Row = Table['children'][number];

const rowKind: Kind<Row> = {
  keyOf: (row) => renderBlock({ type: 'table', children: [row] }, canonicalOptions),
  merge: ([base, left, right]) => withChildren(left, mergeCells([base.children, left.children, right.children], cellKind)),
};

const cellKind: Kind<Row['children'][number]> = {
  keyOf: (cell) => rowKind.keyOf({ type: 'tableRow', children: [cell] }),
  merge: () => 'collision',
};

type GridRow = Grid['children'][number];
type GridCell = GridRow['children'][number];

const gridRowKind: Kind<GridRow> = {
  keyOf: gridRowKey,
  merge: ([base, left, right]) => withChildren(left, mergeCells([base.children, left.children, right.children], gridCellKind)),
};

const gridCellKind: Kind<GridCell> = {
  keyOf: gridCellKey,
  merge: (cells) => {
    const [base, left, right] = cells;
    const spans = [left, right].every((cell) => cell.columnSpan === base.columnSpan && cell.rowSpan === base.rowSpan);
    return spans ? withChildren(left, mergeInside(cells)) : 'collision';
  },
};
