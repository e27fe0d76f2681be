import type { BlockContent, List, ListItem } from 'mdast';

/** An item with its marker, in which every character is a level: `*#` is numbered within bullets. */
export interface MarkedItem {
  readonly marker: string;
  readonly children: BlockContent[];
  readonly checked?: boolean;
}

/** Deeper levels than this are read as this one. */
const levelsMax = 20;

/** The lists that items with markers make. A sign of another kind at a level begins a new list there. */
export function nestItems(items: readonly MarkedItem[]): List[] {
  const lists: List[] = [];
  let open: { readonly sign: string; readonly list: List }[] = [];
  for (const item of items) {
    const marker = item.marker.slice(0, levelsMax);
    let common = 0;
    while (common < open.length && common < marker.length && open[common]?.sign === marker.charAt(common)) common += 1;
    open = open.slice(0, common);
    for (let level = common; level < marker.length; level += 1) {
      const sign = marker.charAt(level);
      const list: List = { type: 'list', ordered: sign === '#', spread: false, children: [] };
      const holder = open.at(-1)?.list;
      if (holder === undefined) lists.push(list);
      else {
        if (holder.children.length === 0) holder.children.push(newItem([]));
        holder.children.at(-1)?.children.push(list);
      }
      open.push({ sign, list });
    }
    const made = newItem(item.children);
    open.at(-1)?.list.children.push(item.checked === undefined ? made : { ...made, checked: item.checked });
  }
  return lists;
}

function newItem(children: BlockContent[]): ListItem {
  return { type: 'listItem', spread: false, children };
}
