import type { BlockContent, List, ListItem } from 'mdast';
import { sameKeys } from './align-blocks.ts';
import { isBlock } from './block-flow.ts';
import { convertBlock } from './decode-markdown.ts';
import { isTaskList } from './normalize.ts';
import { itemKey } from './part-keys.ts';
import { boxedEdits, leafEdits, marginBefore, withMargin, type Source } from './patch-markdown-leaf.ts';
import { itemNumber, renderItem } from './render-blocks.ts';
import { sequenceEdits, type SourceEdit } from './sequence-edits.ts';
import { canonicalKey, normalChildren } from './settle.ts';

/** An item of the lists that normal form makes of one, or a block that it puts between them. */
interface Unit {
  readonly key: string;
  /** The block, or a list with nothing but the item. */
  readonly block: BlockContent;
  readonly item: ListItem | undefined;
  /** What a list that counts gives the item. */
  readonly number: number;
}

interface Change {
  readonly was: readonly BlockContent[];
  readonly targets: readonly BlockContent[];
}

/**
 * The edits of a list that normal form parts, for its items hold what Jira's cannot, such as code below a task: items that
 * come, go or change, each with all that stands in it, while the others stay byte for byte. Undefined where they do not
 * correspond. The caller has to read the result again.
 */
export function partedListEdits(source: Source, node: List, { was, targets }: Change): readonly SourceEdit[] | undefined {
  const [first, second] = node.children;
  const start = first?.position?.start.offset;
  if (start === undefined) return undefined;
  const sign = /^(?:[-+*]|\d{1,9}([.)]))/.exec(source.text.slice(start, start + 11));
  if (sign === null) return undefined;
  const own = node.children.map((item) =>
    unitsOf(normalChildren({ type: 'root', children: convertBlock(source.text, { ...node, children: [item] }) })),
  );
  const after = unitsOf(targets);
  if (!sameKeys(own.flatMap(keysOf), keysOf(unitsOf(was)))) return undefined;
  const write = ({ item, number }: Unit): string | undefined => {
    if (item === undefined) return undefined;
    const marker = sign[1] === undefined ? sign[0] : `${itemNumber(number)}${sign[1]}`;
    const box = typeof item.checked === 'boolean' ? ` [${item.checked ? 'x' : ' '}]` : '';
    return withMargin(source, start, renderItem(item, marker + box, { indent: marker.length + 1, options: source.options }).text);
  };
  const between =
    second === undefined
      ? source.eol + marginBefore(source.text, start)
      : source.text.slice(first?.position?.end.offset, second.position?.start.offset);
  const parts = node.children.map(({ position }, index) => ({
    start: position?.start.offset ?? 0,
    end: position?.end.offset ?? 0,
    keys: keysOf(own[index] ?? []),
  }));
  const unitsAt = (indices: readonly number[]): readonly Unit[] => indices.flatMap((index) => after.slice(index, index + 1));
  return sequenceEdits(parts, {
    keys: keysOf(after),
    between,
    write: (indices) => {
      const written = unitsAt(indices).map(write);
      return written.includes(undefined) ? undefined : written.join(between);
    },
    edit: (part, indices) => itemEdits(source, node.children[part], [own[part] ?? [], unitsAt(indices)]),
  });
}

function keysOf(units: readonly Unit[]): readonly string[] {
  return units.map(({ key }) => key);
}

function unitsOf(blocks: readonly BlockContent[]): readonly Unit[] {
  return blocks.flatMap((block): readonly Unit[] => {
    if (block.type !== 'list') return [{ key: canonicalKey(block), block, item: undefined, number: 0 }];
    return block.children.map((item, index) => ({
      key: `${block.ordered === true} ${itemKey(item)}`,
      block: { ...block, children: [item] },
      item,
      number: (block.start ?? 1) + index,
    }));
  });
}

/** An item of which only the box, or blocks in it, change; undefined where it becomes none, or another kind of item. */
function itemEdits(
  source: Source,
  item: ListItem | undefined,
  [was, targets]: readonly [readonly Unit[], readonly Unit[]],
): readonly SourceEdit[] | undefined {
  const [before, after] = [was[0]?.item, targets[0]?.item];
  if (item === undefined || before === undefined || after === undefined) return undefined;
  if (typeof before.checked !== typeof after.checked) return undefined;
  return boxedEdits(source, item, {
    checked: [before.checked, after.checked],
    inside: leafEdits(source, item.children, { was: blocksIn(before, was), targets: blocksIn(after, targets) }),
  });
}

/** What an item holds in the source: its own blocks, and those that normal form puts behind it. */
function blocksIn(first: ListItem, [, ...others]: readonly Unit[]): readonly BlockContent[] {
  const blocks = first.children.filter(isBlock);
  for (const { block } of others) {
    const last = blocks.at(-1);
    if (block.type === 'list' && last?.type === 'list' && isOneKind(last, block))
      blocks.splice(-1, 1, { ...last, children: [...last.children, ...block.children] });
    else blocks.push(block);
  }
  return blocks;
}

function isOneKind(left: List, right: List): boolean {
  return left.ordered === right.ordered && isTaskList(left) === isTaskList(right);
}
