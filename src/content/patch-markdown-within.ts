import type { List, ListItem, Table, TableRow } from 'mdast';
import { isBlock } from './block-flow.ts';
import { isTaskList } from './normalize.ts';
import { numberEdits } from './number-edits.ts';
import { itemKey } from './part-keys.ts';
import { leafEdits, withEdits, type Source } from './patch-markdown-leaf.ts';
import { movingSteps, patchSteps } from './patch-steps.ts';
import { itemNumber, renderItem, renderRow } from './render-blocks.ts';
import { canonicalOptions } from './settle.ts';

interface Within<T> {
  /** The parser's node, with positions. */
  readonly node: T;
  readonly range: { readonly start: number; readonly end: number };
  /** What it reads as, and what it is to read as. */
  readonly was: T;
  readonly target: T;
}

/** A list whose unchanged items stay byte for byte, or undefined where items do not correspond one to one. */
export function patchListSource(source: Source, { node, range, was, target }: Within<List>): string | undefined {
  const sameKind = (was.ordered ?? false) === (target.ordered ?? false) && isTaskList(was) === isTaskList(target);
  if (!sameKind || was.children.length !== node.children.length) return undefined;
  const slices = node.children.map((item) => ({ start: item.position?.start.offset ?? 0, end: item.position?.end.offset ?? 0 }));
  const [first] = slices;
  if (first === undefined) return undefined;
  const indent = source.text.slice(range.start, first.start);
  const sign = /^(?:[-+*]|\d{1,9}([.)]))/.exec(source.text.slice(first.start, first.start + 11));
  if (sign === null || indent.trim() !== '') return undefined;
  const usual = slices[1] === undefined ? source.eol + indent : source.text.slice(first.end, slices[1].start);
  // A number says where its item stands, so numbered ones are not moved as they are.
  const steps = (sign[1] === undefined ? movingSteps : patchSteps)(
    was.children.map((item) => [itemKey(item)]),
    target.children.map(itemKey),
  );
  let text = '';
  let last: number | undefined;
  for (const step of steps) {
    if (step.kind !== 'replace') {
      const slice = slices[step.piece];
      if (slice === undefined) continue;
      const adjacent = last !== undefined && last === step.piece - 1;
      text += text === '' ? indent : adjacent ? source.text.slice(slices[step.piece - 1]?.end, slice.start) : usual;
      text += withEdits(source, slice, text === indent ? numberEdits(source.text, node.children[step.piece], target) : []);
      last = step.piece;
      continue;
    }
    for (const index of step.targets) {
      const item = target.children[index];
      if (item === undefined) continue;
      const kept =
        step.piece === undefined ? undefined : patchedItem(source, { node, was, target }, { piece: step.piece, index });
      text +=
        (text === '' ? indent : usual) +
        (kept ?? newItem(item, { source, indent, marker: markerFor(sign, (target.start ?? 1) + index) }));
      last = undefined;
    }
  }
  return text;
}

/** The source of an item of which only texts change, its marker and all else as it is. */
function patchedItem(
  source: Source,
  list: Pick<Within<List>, 'node' | 'was' | 'target'>,
  { piece, index }: { readonly piece: number; readonly index: number },
): string | undefined {
  const [node, was, target] = [list.node.children[piece], list.was.children[piece], list.target.children[index]];
  if (node === undefined || was === undefined || target === undefined || was.checked !== target.checked) return undefined;
  const edits = leafEdits(source, node.children, {
    was: was.children.filter(isBlock),
    targets: target.children.filter(isBlock),
  });
  const lead = index === 0 ? numberEdits(source.text, node, list.target) : [];
  const range = { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
  return edits === undefined ? undefined : withEdits(source, range, [...edits, ...lead]);
}

function markerFor(sign: RegExpExecArray, number: number): string {
  return sign[1] === undefined ? sign[0] : `${itemNumber(number)}${sign[1]}`;
}

interface NewItem {
  readonly source: Source;
  readonly indent: string;
  readonly marker: string;
}

function newItem(item: ListItem, { source, indent, marker }: NewItem): string {
  const box = typeof item.checked === 'boolean' ? ` [${item.checked ? 'x' : ' '}]` : '';
  const { text } = renderItem(item, marker + box, { indent: marker.length + 1, options: source.options });
  const lines = text.split('\n').map((line, index) => (index === 0 || line === '' ? line : indent + line));
  return lines.join(source.eol);
}

/** A GFM table whose unchanged rows and whose delimiter row stay byte for byte, or undefined where columns come or go. */
export function patchTableSource(source: Source, { node, range, was, target }: Within<Table>): string | undefined {
  const lines = source.text.slice(range.start, range.end).split(/\r\n|\n|\r/);
  const width = was.children[0]?.children.length;
  if (width !== target.children[0]?.children.length || lines.length !== node.children.length + 1) return undefined;
  const [header, delimiters, ...body] = lines;
  const [wasHeader, ...wasRows] = was.children;
  const [targetHeader, ...targetRows] = target.children;
  if (header === undefined || delimiters === undefined || wasHeader === undefined || targetHeader === undefined) return undefined;
  if (wasRows.length !== body.length) return undefined;
  const indent = /^[ \t]*/.exec(header)?.[0] ?? '';
  const write = (row: TableRow): string => indent + renderRow(row.children, source.options);
  const steps = movingSteps(
    wasRows.map((row) => [rowKey(row)]),
    targetRows.map(rowKey),
  );
  const rows = steps.flatMap((step) => {
    if (step.kind !== 'replace') return body.slice(step.piece, step.piece + 1);
    return step.targets.flatMap((index) => targetRows.slice(index, index + 1).map(write));
  });
  return [rowKey(wasHeader) === rowKey(targetHeader) ? header : write(targetHeader), delimiters, ...rows].join(source.eol);
}

function rowKey(row: TableRow): string {
  return renderRow(row.children, canonicalOptions);
}
