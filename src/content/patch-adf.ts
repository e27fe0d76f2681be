import type { BlockContent, List, PhrasingContent } from 'mdast';
import { attributesOf, contentOf, textAttribute, type AdfNode } from './adf-document.ts';
import type { AdfDecodeContext } from './adf-inline.ts';
import { sameKeys, type Keys } from './align-blocks.ts';
import { isBlock } from './block-flow.ts';
import { readAdf } from './decode-adf.ts';
import {
  filled,
  panelTypes,
  writeBlock,
  writeInline,
  writeInnerBlock,
  writeItem,
  writeLine,
  writeTask,
  type AdfEncodeContext,
} from './encode-adf.ts';
import { loneImage, lonePicture } from './normal-paragraph.ts';
import { isTaskList } from './normalize.ts';
import { itemKey } from './part-keys.ts';
import { richLine, withMarks } from './patch-adf-inline.ts';
import { gridOf, patchGrid, patchTable } from './patch-adf-table.ts';
import { movingSteps, patchSteps, type PatchStep } from './patch-steps.ts';
import { flattenInline } from './runs.ts';
import { canonicalKey, settledBlocks } from './settle.ts';

export type PatchContext = AdfDecodeContext & AdfEncodeContext;

interface Patch {
  readonly context: PatchContext;
  /** Whether lists, tables, panels and expands are patched within, or only kept or replaced whole. */
  readonly within: boolean;
}

/** Native nodes changed into those that read as the blocks; what reads as before is the very same object. */
export function patchNodes(native: readonly AdfNode[], targets: readonly BlockContent[], patch: Patch): AdfNode[] {
  return patchSequence(native, targets, { patch, write: writeBlock });
}

interface Sequence {
  readonly patch: Patch;
  readonly write: (block: BlockContent, context: AdfEncodeContext) => AdfNode;
  /** How a node reads where it stands. Default: as at the top. */
  readonly keys?: (node: AdfNode) => Keys;
}

function patchSequence(
  native: readonly AdfNode[],
  targets: readonly BlockContent[],
  { patch, write, keys = (node) => keysOf(node, patch.context) }: Sequence,
): AdfNode[] {
  return movingSteps(native.map(keys), targets.map(canonicalKey)).flatMap((step): readonly AdfNode[] => {
    if (step.kind !== 'replace') return native.slice(step.piece, step.piece + 1);
    const blocks = step.targets.flatMap((index) => targets.slice(index, index + 1));
    const old = step.piece === undefined || !patch.within ? undefined : native[step.piece];
    const [block] = blocks;
    if (old === undefined || block === undefined) return blocks.map((each) => write(each, patch.context));
    const frame = patchFrame(old, blocks, patch);
    if (frame !== undefined) return [frame];
    if (blocks.length > 1) return blocks.map((each) => write(each, patch.context));
    return [patchNode(old, block, { written: write(block, patch.context), patch })];
  });
}

function read(node: AdfNode, context: AdfDecodeContext): readonly BlockContent[] {
  return settledBlocks({ type: 'root', children: readAdf([node], context) });
}

function keysOf(node: AdfNode, context: AdfDecodeContext): Keys {
  return read(node, context).map(canonicalKey);
}

/** A node that normal form sees through, parts or takes apart, with its blocks changed; undefined for any other. */
function patchFrame(native: AdfNode, targets: readonly BlockContent[], patch: Patch): AdfNode | undefined {
  return (
    patchTransparent(native, targets, patch) ??
    patchParted(native, targets, patch) ??
    patchGroup(native, targets, patch) ??
    patchCaption(native, targets, patch)
  );
}

const transparentTypes = new Set(['bodiedExtension', 'layoutColumn', 'bodiedSyncBlock']);

/** A node that shows nothing of its own around the blocks in it stays, with its blocks changed; undefined for any other. */
function patchTransparent(native: AdfNode, targets: readonly BlockContent[], patch: Patch): AdfNode | undefined {
  if (native.type === 'layoutSection') return patchLayout(native, targets, patch);
  if (!transparentTypes.has(native.type)) return undefined;
  // The schema has expands in layouts and synced blocks, but not in macros.
  if (native.type === 'bodiedExtension' && targets.some((target) => target.type === 'details')) return undefined;
  return { ...native, content: filled(patchSequence(heldBy(native), targets, { patch, write: writeBlock })) };
}

/** Columns stay; what comes between two of them is in the one before, and one that has nothing left is empty. */
function patchLayout(native: AdfNode, targets: readonly BlockContent[], patch: Patch): AdfNode | undefined {
  const columns = contentOf(native);
  if (!columns.every(({ type }) => type === 'layoutColumn')) return undefined;
  const keys = columns.map((column) => keysOf(column, patch.context));
  const held: BlockContent[][] = columns.map(() => []);
  let [current, done] = [0, 0];
  for (const step of patchSteps(keys, targets.map(canonicalKey))) {
    current = step.piece ?? current;
    const count = step.kind === 'keep' ? (keys[step.piece]?.length ?? 0) : step.targets.length;
    held[current]?.push(...targets.slice(done, done + count));
    done += count;
  }
  const content = columns.map((column, index) => {
    const blocks = held[index] ?? [];
    return sameKeys(blocks.map(canonicalKey), keys[index] ?? []) ? column : (patchTransparent(column, blocks, patch) ?? column);
  });
  return { ...native, content };
}

const quoted = ['paragraph', 'bulletList', 'orderedList', 'codeBlock', 'mediaSingle'];

/** Panels and quotes, by what normal form has in them. */
const partedFrames: Readonly<Record<string, readonly string[]>> = {
  panel: [...quoted, 'heading', 'rule', 'taskList'],
  blockquote: quoted,
};

/**
 * A panel or quote with its blocks changed, also where it holds what normal form puts beside it; undefined for any other,
 * and where it would not read as the targets.
 */
function patchParted(native: AdfNode, targets: readonly BlockContent[], patch: Patch): AdfNode | undefined {
  const holds = Object.hasOwn(partedFrames, native.type) ? partedFrames[native.type] : undefined;
  if (holds === undefined) return undefined;
  const content = patchSequence(heldBy(native), insideOf(targets), {
    patch,
    write: writeBlock,
    keys: (node) => insideOf(read({ ...native, content: [node] }, patch.context)).map(canonicalKey),
  });
  const types = new Set([...holds, ...contentOf(native).map(({ type }) => type)]);
  const same = { ...native, content: filled(content) };
  const alert = targets.find((target) => target.type === 'alert');
  const [was] = read(same, patch.context).filter((block) => block.type === 'alert');
  const isOther = alert !== undefined && was !== undefined && alert.kind !== was.kind;
  const patched = isOther ? { ...same, attrs: { ...attributesOf(native), panelType: panelTypes[alert.kind] } } : same;
  const wanted = targets.map(canonicalKey);
  return content.every(({ type }) => types.has(type)) && sameKeys(keysOf(patched, patch.context), wanted) ? patched : undefined;
}

/** The blocks in panels and quotes, and those that normal form puts beside them, in order. */
function insideOf(blocks: readonly BlockContent[]): BlockContent[] {
  return blocks.flatMap((block): BlockContent[] =>
    block.type === 'alert' || block.type === 'blockquote'
      ? block.children.flatMap((child) => (isBlock(child) ? [child] : []))
      : [block],
  );
}

/** A group of files of which some go; undefined for all else. */
function patchGroup(native: AdfNode, targets: readonly BlockContent[], { context }: Patch): AdfNode | undefined {
  if (native.type !== 'mediaGroup') return undefined;
  const files = contentOf(native);
  const steps = patchSteps(
    files.map((file) => keysOf({ ...native, content: [file] }, context)),
    targets.map(canonicalKey),
  );
  if (steps.some((step) => step.kind === 'replace' && step.targets.length > 0)) return undefined;
  return { ...native, content: steps.flatMap((step) => (step.kind === 'keep' ? files.slice(step.piece, step.piece + 1) : [])) };
}

/** What the schema has in a caption. */
const captionTypes = new Set(['text', 'hardBreak', 'mention', 'emoji', 'date', 'placeholder', 'inlineCard', 'status']);

/** A picture of one file with its caption, which elsewhere is the paragraph after it; undefined for all else. */
function patchCaption(native: AdfNode, targets: readonly BlockContent[], { context }: Patch): AdfNode | undefined {
  const [media, caption, ...others] = contentOf(native);
  const [image, line, ...more] = targets;
  if (native.type !== 'mediaSingle' || media === undefined || caption?.type !== 'caption' || others.length > 0) return undefined;
  if (image === undefined || line?.type !== 'paragraph' || more.length > 0) return undefined;
  const [was, ...beside] = read({ ...native, content: [media] }, context);
  const content = writeInline(line.children, context);
  if (was === undefined || beside.length > 0 || !content.every(({ type }) => captionTypes.has(type))) return undefined;
  const isSame = canonicalKey(was) === canonicalKey(image);
  const picture = isSame ? media : contentOf(writeBlock(image, context))[0];
  const isOther = !isSame && lonePicture(was)?.url !== lonePicture(image)?.url;
  if (isOther || picture?.type !== 'media') return undefined;
  const withCaption = (one: AdfNode): AdfNode => ({ ...native, content: [picture, one] });
  return withCaption(richLineWithin({ ...caption, content }, caption, { context, within: withCaption }));
}

/** A line of a block, with what only Jira shows of it, where the block reads the same with that. */
function richLineWithin(
  written: AdfNode,
  native: AdfNode,
  { context, within }: { readonly context: PatchContext; readonly within: (line: AdfNode) => AdfNode },
): AdfNode {
  const keys = keysOf(within(written), context);
  return richLine(written, native, { context, reads: (line) => sameKeys(keysOf(within(line), context), keys) });
}

interface Replacement {
  readonly written: AdfNode;
  readonly patch: Patch;
}

/** The native node with the target's content, keeping as much of it as has not changed; else what was written anew. */
function patchNode(native: AdfNode, target: BlockContent, { written, patch }: Replacement): AdfNode {
  const sameType = native.type === written.type || (native.type === 'nestedExpand' && written.type === 'expand');
  if (!sameType && !(native.type === 'decisionList' && isDecisions(target))) return written;
  const blocks = read(native, patch.context);
  const [only] = blocks;
  if (blocks.length !== 1 || only === undefined) return withMarks(written, native);
  if (target.type === 'list' && only.type === 'list' && isTaskList(target) === isTaskList(only))
    return patchList(native, only, { target, written, patch });
  const cells = { native, context: patch.context, patchCell: cellPatch(patch) };
  if (target.type === 'table' && only.type === 'table') return patchTable({ ...cells, was: only, target }) ?? written;
  const [was, wanted] = [gridOf(only), gridOf(target)];
  if (was !== undefined && wanted !== undefined) return patchGrid({ ...cells, was, target: wanted }) ?? written;
  if (target.type === 'details' && only.type === 'details') {
    const content = patchSequence(heldBy(native), target.children.filter(isBlock), { patch, write: writeInnerBlock });
    const attrs = target.summary === only.summary ? native['attrs'] : { ...attributesOf(native), title: target.summary };
    return { ...native, attrs, content: filled(content) };
  }
  const reads = (line: AdfNode): boolean => sameKeys(keysOf(line, patch.context), [canonicalKey(target)]);
  return richLine(withMarks(written, native), native, { context: patch.context, reads });
}

interface Inner<T> extends Replacement {
  readonly target: T;
}

function patchList(native: AdfNode, was: List, { target, written, patch }: Inner<List>): AdfNode {
  const task = isTaskList(was);
  const units = task ? taskUnits(native) : contentOf(native).map((item) => [item]);
  // A list below none, or below a task without a line, reads as all its tasks.
  const all = units.length === was.children.length && !(task && units.some((unit) => unit.some((node) => !isTask(node))));
  const pieces = all ? was.children.map((item) => [itemKey(item)]) : units.map((unit) => unitKeys(native, unit, patch));
  if (pieces.flat().length !== was.children.length) return written;
  const wanted = target.children.map(itemKey);
  const isHeaded = !task || units[0]?.[0] === undefined || isTask(units[0][0]);
  const steps = isHeaded ? movingSteps(pieces, wanted) : withBefore(patchSteps(pieces, wanted), pieces[0] ?? []);
  const content = steps.flatMap((step): readonly AdfNode[] => {
    if (step.kind !== 'replace') return units[step.piece] ?? [];
    const items = step.targets.flatMap((index) => target.children.slice(index, index + 1));
    const headless = task && step.piece !== undefined ? patchHeadless(units[step.piece] ?? [], items, patch) : undefined;
    if (headless !== undefined) return headless;
    return step.targets.flatMap((index): readonly AdfNode[] => {
      const item = target.children[index];
      if (item === undefined) return [];
      const only = step.piece !== undefined && step.targets.length === 1;
      const [old, ...below] = only ? (units[step.piece] ?? []) : [];
      if (task) return old === undefined ? writeTask(item, patch.context) : patchTask(old, below, { item, patch });
      if (native.type === 'decisionList') return [writeDecision(old, item, patch)];
      if (old === undefined) return [writeItem(item.children, patch.context)];
      const inside = patchSequence(heldBy(old), item.children.filter(isBlock), { patch, write: writeBlock });
      return [{ ...old, content: filled(inside) }];
    });
  });
  const sameStart = (was.start ?? 1) === (target.start ?? 1);
  return sameStart
    ? { ...native, content }
    : { ...native, attrs: { ...attributesOf(native), order: target.start ?? 1 }, content };
}

type Item = List['children'][number];

/** The items that some children of a list read as; none for an empty one, which stays where it is. */
function unitKeys(native: AdfNode, unit: readonly AdfNode[], { context }: Patch): Keys {
  return read({ ...native, content: unit }, context).flatMap((block) =>
    block.type === 'list' ? block.children.map(itemKey) : [],
  );
}

/** A task keeps its id, and its line if only the tasks below it change. */
function patchTask(old: AdfNode, below: readonly AdfNode[], { item, patch }: { item: Item; patch: Patch }): readonly AdfNode[] {
  const [task, ...lists] = writeTask(item, patch.context);
  if (task === undefined || !isTask(old)) return task === undefined ? [] : [task, ...lists];
  const blocks = item.children.filter(isBlock);
  const lines = blocks.filter(({ type }) => type === 'paragraph');
  const under = blocks.filter(({ type }) => type !== 'paragraph');
  const reads = (node: AdfNode): boolean => sameKeys(taskKeys(old, contentOf(node), patch), lines.map(canonicalKey));
  const attrs = { ...attributesOf(old), state: item.checked === true ? 'DONE' : 'TODO' };
  const line = sameKeys(taskKeys(old, contentOf(old), patch), lines.map(canonicalKey)) ? old : patchedLines(old, lines, patch);
  const patched =
    line === old && textAttribute(old, 'state') === attrs.state
      ? old
      : { ...(line ?? richLine(task, old, { context: patch.context, reads })), attrs };
  return [patched, ...(patchedLists(below, under, patch) ?? patchSequence(below, under, { patch, write: writeBlock }))];
}

/** A task with its paragraphs changed, of blocks where it gets several; undefined for one that is and stays a line. */
function patchedLines(old: AdfNode, lines: readonly BlockContent[], patch: Patch): AdfNode | undefined {
  const isLine = old.type === 'taskItem';
  if (isLine && lines.length < 2) return undefined;
  const held = isLine ? [{ type: 'paragraph', content: contentOf(old) }] : heldBy(old);
  const task = { ...old, type: 'blockTaskItem' };
  const keys = (node: AdfNode): Keys => taskKeys(task, [node], patch);
  return { ...task, content: filled(patchSequence(held, lines, { patch, write: writeLine, keys })) };
}

function isTask({ type }: AdfNode): boolean {
  return type === 'taskItem' || type === 'blockTaskItem';
}

/** How the paragraphs of a task read. */
function taskKeys(task: AdfNode, content: readonly AdfNode[], { context }: Patch): Keys {
  return read({ type: 'taskList', content: [{ ...task, content }] }, context).flatMap((list) =>
    list.type === 'list' ? list.children.flatMap(({ children }) => children.filter(isBlock).map(canonicalKey)) : [],
  );
}

/** Tasks below none, or below one without a line, take its place and are changed where they are; undefined for all else. */
function patchHeadless(unit: readonly AdfNode[], items: Item[], patch: Patch): readonly AdfNode[] | undefined {
  const heads = unit.filter(isTask);
  const lists = unit.filter((node) => !isTask(node));
  const isHeaded = heads.some((head) => taskKeys(head, contentOf(head), patch).length > 0);
  if (isHeaded || lists.length === 0 || items.length === 0) return undefined;
  const target: List = { type: 'list', ordered: false, spread: false, children: items };
  return [...heads, ...(patchedLists(lists, [target], patch) ?? patchSequence(lists, [target], { patch, write: writeBlock }))];
}

/**
 * The steps of a list that begins with tasks below none, which a task that came before them would take for its own: it
 * is one of them.
 */
function withBefore(steps: readonly PatchStep[], first: Keys): readonly PatchStep[] {
  const index = steps.findIndex(({ piece }) => piece === 0);
  const step = steps[index];
  if (index < 1 || step === undefined) return steps;
  const before = steps.slice(0, index).flatMap((each) => (each.kind === 'replace' ? each.targets : []));
  const own = step.kind === 'replace' ? step.targets : first.map((_, item) => before.length + item);
  return own.length === 0 ? steps : [{ kind: 'replace', piece: 0, targets: [...before, ...own] }, ...steps.slice(index + 1)];
}

/** Several lists below one task read as one: each keeps its tasks, and what comes is in the list of the task before it. */
function patchedLists(lists: readonly AdfNode[], [target]: readonly BlockContent[], patch: Patch): AdfNode[] | undefined {
  if (lists.length < 2 || target?.type !== 'list' || lists.some(({ type }) => type !== 'taskList')) return undefined;
  const keys = lists.map((list) => unitKeys(list, contentOf(list), patch));
  const held: Item[][] = lists.map(() => []);
  let [current, done] = [0, 0];
  for (const step of patchSteps(keys, target.children.map(itemKey))) {
    current = step.piece ?? current;
    const count = step.kind === 'keep' ? (keys[step.piece]?.length ?? 0) : step.targets.length;
    held[current]?.push(...target.children.slice(done, done + count));
    done += count;
  }
  return lists.flatMap((list, index) => {
    const children = held[index] ?? [];
    if (sameKeys(children.map(itemKey), keys[index] ?? [])) return [list];
    const part: List = { ...target, children };
    return children.length === 0 ? [] : [patchNode(list, part, { written: writeBlock(part, patch.context), patch })];
  });
}

function isDecisions(target: BlockContent): boolean {
  return (
    target.type === 'list' &&
    target.ordered !== true &&
    !isTaskList(target) &&
    target.children.every((item) => decisionLine(item) !== undefined)
  );
}

/** Decisions hold inline content alone: media that share a line are read as paragraphs of their own, others two breaks part. */
function decisionLine({ children }: Item): readonly PhrasingContent[] | undefined {
  const lines = children.flatMap((child) => (child.type === 'paragraph' ? [child.children] : []));
  if (lines.length < children.length) return undefined;
  const alone = lines.every((line) => loneImage(flattenInline(line)) !== undefined);
  return alone ? lines.flat() : lines.flatMap((line, index) => (index === 0 ? line : [lineBreak, lineBreak, ...line]));
}

const lineBreak: PhrasingContent = { type: 'break' };

function writeDecision(old: AdfNode | undefined, item: Item, { context }: Patch): AdfNode {
  const kept = old ?? { type: 'decisionItem', attrs: { localId: '', state: 'DECIDED' } };
  const written: AdfNode = { ...kept, content: writeInline(decisionLine(item) ?? [], context) };
  const within = (line: AdfNode): AdfNode => ({ type: 'decisionList', content: [line] });
  return old === undefined ? written : richLineWithin(written, old, { context, within });
}

/** Tasks, each with the lists of tasks below it. */
function taskUnits(native: AdfNode): AdfNode[][] {
  const units: AdfNode[][] = [];
  for (const node of contentOf(native)) {
    if (isTask(node) || units.length === 0) units.push([node]);
    else units.at(-1)?.push(node);
  }
  return units;
}

function cellPatch(patch: Patch): (old: AdfNode, blocks: readonly BlockContent[]) => AdfNode {
  return (old, blocks) => ({
    ...old,
    content: filled(patchSequence(heldBy(old), blocks, { patch, write: writeInnerBlock })),
  });
}

/** What is in a container, without the empty paragraph that only fills it. */
function heldBy(container: AdfNode): readonly AdfNode[] {
  const content = contentOf(container);
  const [only, ...others] = content;
  const fills = only?.type === 'paragraph' && others.length === 0 && contentOf(only).length === 0 && only['marks'] === undefined;
  return fills ? [] : content;
}
