import type { BlockContent, List, ListItem, Nodes, Paragraph } from 'mdast';
import { normalLine } from './normal-paragraph.ts';
import { isTaskList, normalBlocks, type Place } from './normalize.ts';
import { flattenInline } from './runs.ts';

/** Markdown counts to nine digits. */
const numberMax = 999_999_999;

/**
 * A list in normal form. Tasks (one line each, tasks below them) and ordinary items make lists of their own, as in ADF.
 * What may not stand in an item ends the list there; a following ordered list goes on counting.
 */
export function normalList(list: List, place: Place): BlockContent[] {
  const made: BlockContent[] = [];
  const ordered = list.ordered === true;
  let number = Math.min(Math.max(1, Math.trunc(list.start ?? 1)) || 1, numberMax);
  let open: List | undefined;
  const add = (item: ListItem): void => {
    const task = typeof item.checked === 'boolean';
    if (open === undefined || isTaskList(open) !== task) {
      open = task || !ordered ? newList(false, 1) : newList(true, number);
      made.push(open);
    }
    open.children.push(item);
  };
  const escape = (blocks: readonly BlockContent[]): void => {
    if (blocks.length === 0) return;
    // An item may hold block images; the place that its blocks escape to may not.
    made.push(...(place.blockImages ? blocks : normalBlocks(blocks, place)));
    open = undefined;
  };
  for (const item of list.children) {
    const parts = typeof item.checked === 'boolean' ? taskParts(item, item.checked, place) : itemParts(item, place);
    for (const kept of parts.items) add(kept);
    escape(parts.outside);
    number = Math.min(number + 1, numberMax);
  }
  return made;
}

function newList(ordered: boolean, start: number): List {
  return ordered
    ? { type: 'list', ordered, start, spread: false, children: [] }
    : { type: 'list', ordered, spread: false, children: [] };
}

interface Parts {
  readonly items: readonly ListItem[];
  readonly outside: readonly BlockContent[];
}

function itemParts(item: ListItem, place: Place): Parts {
  const blocks = normalBlocks(item.children, { ...place, headings: false, blockImages: true });
  const border = blocks.findIndex((block) => !standsInItem(block));
  const end = border < 0 ? blocks.length : border;
  if (end === 0 && blocks.length > 0) return { items: [], outside: blocks };
  return { items: [{ type: 'listItem', spread: false, children: blocks.slice(0, end) }], outside: blocks.slice(end) };
}

function standsInItem(block: BlockContent): boolean {
  return block.type === 'paragraph' || block.type === 'code' || (block.type === 'list' && !isTaskList(block));
}

function taskParts(item: ListItem, checked: boolean, place: Place): Parts {
  const [first, ...others] = item.children;
  const rest: Nodes[] = first === undefined || first.type === 'paragraph' ? others : [first, ...others];
  const line = first?.type === 'paragraph' ? normalLine(flattenInline(first.children), 'single') : [];
  const blocks = normalBlocks(rest, { ...place, headings: false, blockImages: true });
  const border = blocks.findIndex((block) => !isTaskList(block));
  const end = border < 0 ? blocks.length : border;
  const below = blocks.slice(0, end).flatMap((block) => (block.type === 'list' ? block.children : []));
  // GFM knows no task without text; the tasks below it take its place.
  if (line.length === 0) return { items: below, outside: blocks.slice(end) };
  const text: Paragraph = { type: 'paragraph', children: line };
  const children: BlockContent[] = below.length === 0 ? [text] : [text, { ...newList(false, 1), children: below }];
  return { items: [{ type: 'listItem', checked, spread: false, children }], outside: blocks.slice(end) };
}
