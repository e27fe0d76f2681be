import type { BlockContent, List, ListItem, Paragraph, PhrasingContent } from 'mdast';
import { normalLine } from './normal-paragraph.ts';
import { isTaskList, normalBlocks, type Place } from './normalize.ts';
import { flattenInline } from './runs.ts';

/** Markdown counts to nine digits. */
const numberMax = 999_999_999;

/**
 * A list in normal form. Tasks (paragraphs, tasks below them) and ordinary items make lists of their own, as in ADF.
 * What may not stand in an item ends the list there; a following ordered list goes on counting.
 */
export function normalList(list: List, place: Place): BlockContent[] {
  const made: BlockContent[] = [];
  const ordered = list.ordered === true;
  let number = normalStart(list.start ?? 1);
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
    made.push(...blocks);
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

/** Both Markdown and ADF count from 0 on. */
function normalStart(start: number): number {
  return Number.isNaN(start) ? 1 : Math.min(Math.max(0, Math.trunc(start)), numberMax);
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
  const blocks = normalBlocks(item.children, { ...place, headings: false });
  const children = [...firstOf(blocks, standsInItem)];
  if (children.length === 0 && blocks.length > 0) return { items: [], outside: blocks };
  return { items: [{ type: 'listItem', spread: false, children }], outside: blocks.slice(children.length) };
}

function standsInItem({ type }: BlockContent): boolean {
  return type === 'paragraph' || type === 'code' || type === 'list';
}

function taskParts(item: ListItem, checked: boolean, place: Place): Parts {
  const blocks = normalBlocks(item.children, { ...place, headings: false });
  const paragraphs = firstOf(blocks, ({ type }) => type === 'paragraph');
  const lists = firstOf(blocks.slice(paragraphs.length), isTaskList);
  const below = lists.flatMap((block) => (block.type === 'list' ? block.children : []));
  const outside = blocks.slice(paragraphs.length + lists.length);
  const texts = paragraphs
    .map(taskLine)
    .flatMap((children): Paragraph[] => (children.length === 0 ? [] : [{ type: 'paragraph', children }]));
  // GFM knows no task without text; the tasks below it take its place.
  if (texts.length === 0) return { items: below, outside };
  const children: BlockContent[] = below.length === 0 ? texts : [...texts, { ...newList(false, 1), children: below }];
  return { items: [{ type: 'listItem', checked, spread: false, children }], outside };
}

/** The blocks up to the first that is none of a kind. */
function firstOf(blocks: readonly BlockContent[], isOfKind: (block: BlockContent) => boolean): readonly BlockContent[] {
  const border = blocks.findIndex((block) => !isOfKind(block));
  return border < 0 ? blocks : blocks.slice(0, border);
}

/** A paragraph of a task, where ADF has no block images. */
function taskLine(block: BlockContent): PhrasingContent[] {
  return block.type === 'paragraph' ? normalLine(flattenInline(block.children), 'single') : [];
}
