import type { BlockContent, List } from 'mdast';
import type { MarkupDialect } from './dialect.ts';

export interface Part {
  /** A block of its own that says what the part says where it stands. */
  readonly block: BlockContent;
  /** Lines of that block, as it is written, that only lead to the part. */
  readonly leading: number;
  /** The cells of a row, each as the only one of a row. */
  readonly cells?: readonly Part[];
}

/** Each item without the items in it, in as many lists as it stands in; undefined where something follows an item's lists. */
export function itemsOf(list: List, within: (list: List) => List, depth: number): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (const item of list.children) {
    const inner = item.children.filter((child) => child.type === 'list');
    const own = item.children.slice(0, item.children.length - inner.length);
    if (own.some((child) => child.type === 'list')) return undefined;
    parts.push({ block: within({ ...list, children: [{ ...item, children: own }] }), leading: depth });
    const holder = (child: List): List => within({ ...list, children: [{ type: 'listItem', children: [child] }] });
    for (const child of inner) {
      const deeper = itemsOf(child, holder, depth + 1);
      if (deeper === undefined) return undefined;
      parts.push(...deeper);
    }
  }
  return parts;
}

export function writePart({ block, leading }: Part, dialect: MarkupDialect): string {
  return (dialect.write(block) ?? '').split('\n').slice(leading).join('\n');
}
