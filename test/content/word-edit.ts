import type { Nodes, Text } from 'mdast';
import { decodeAdf } from '../../src/content/adf.ts';
import { contentOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { parseMarkdown } from '../../src/content/parse-markdown.ts';
import { adfContext } from './contexts.ts';

/** The tree with one word more at the end of one of its texts; undefined where there is no text that stays one block. */
export function withWord(root: Neutral, random: () => number): Neutral | undefined {
  const edited = structuredClone(root);
  const texts: Text[] = [];
  const waiting: Nodes[] = [edited];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'text') texts.push(node);
    if ('children' in node) waiting.push(...node.children);
  }
  const text = texts[Math.floor(random() * texts.length)];
  if (text === undefined) return undefined;
  text.value += 'edited';
  return canonicalText(edited) === canonicalText(root) ? undefined : edited;
}

const leafTypes = new Set([
  'paragraph',
  'heading',
  'codeBlock',
  'taskItem',
  'decisionItem',
  'rule',
  'mediaSingle',
  'mediaGroup',
  'blockCard',
  'embedCard',
  'extension',
]);

/** The blocks that hold no blocks, and the frames of those that do, in document order. */
export function adfBlocks(node: AdfNode): string[] {
  if (leafTypes.has(node.type)) return [JSON.stringify(node)];
  return [JSON.stringify({ ...node, content: [] }), ...contentOf(node).flatMap(adfBlocks)];
}

/** The same of Markdown, as they stand in the source; a cell of a table counts as a block. */
export function markdownBlocks(source: string): string[] {
  const blocks: string[] = [];
  const visit = (node: Nodes): void => {
    const { start, end } = node.position ?? {};
    const holds = ['root', 'blockquote', 'list', 'listItem', 'table', 'tableRow', 'footnoteDefinition'].includes(node.type);
    if (holds && 'children' in node) for (const child of node.children) visit(child);
    else blocks.push(source.slice(start?.offset, end?.offset));
  };
  visit(parseMarkdown(source));
  return blocks;
}

export type Change = readonly [gone: string[], come: string[]];

/** What changed: the blocks that are gone, and those that came. */
export function changed(before: readonly string[], after: readonly string[]): Change {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)];
}

/** Files in a group, and a picture and its caption, are one block of Jira, but several elsewhere (docs/content.md). */
export function isPictures(block: string): boolean {
  return /^{"type":"media(?:Group|Single)"/.test(block);
}

/** Whether one block alone is written anew. A paragraph or task of Jira with empty lines in its text is several elsewhere, too. */
export function isOne([gone, come]: Change): boolean {
  const [block = ''] = gone;
  const isSeveral = isPictures(block) || (/^{"type":"(?:paragraph|taskItem)"/.test(block) && block.includes('\\n\\n'));
  return gone.length === 1 && (come.length === 1 || isSeveral);
}

export function isTask(node: AdfNode | undefined): boolean {
  return node?.type === 'taskItem' || node?.type === 'blockTaskItem';
}

/** Whether a task has no line of its own. */
export function isEmptyTask(task: AdfNode | undefined): boolean {
  const content = task?.type === 'blockTaskItem' ? contentOf(task) : [{ type: 'paragraph', content: contentOf(task) }];
  return canonicalText(decodeAdf({ version: 1, type: 'doc', content }, adfContext)) === '';
}
