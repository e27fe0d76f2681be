import type { BlockContent, Nodes, PhrasingContent } from 'mdast';
import { plainText } from '../runs.ts';
import { canonicalKey } from '../settle.ts';

/** A line of a block: of a paragraph, a heading, a cell, an item, of code, or the title of an expand. */
export interface Line {
  readonly text: string;
  readonly children: () => readonly PhrasingContent[];
  /** Puts other content in its place, in the block that the line was taken from. */
  readonly set: (children: readonly PhrasingContent[]) => void;
}

/** The lines of blocks in the order in which they are read. */
export function linesOf(blocks: readonly BlockContent[]): readonly Line[] {
  const lines: Line[] = [];
  const waiting: Nodes[] = blocks.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'details') lines.push(titleOf(node));
    if (node.type === 'code') lines.push(...codeLines(node));
    else if (isHolder(node)) lines.push(...phrasingLines(node));
    else if ('children' in node) waiting.push(...node.children.toReversed());
  }
  return lines;
}

/** What blocks are beside the content of their lines: equal for those that differ in words alone. */
export function shapeOf(blocks: readonly BlockContent[]): readonly string[] {
  const blank = structuredClone([...blocks]);
  for (const line of linesOf(blank)) line.set([{ type: 'text', value: 'x' }]);
  return blank.map(canonicalKey);
}

type Holder = Nodes & { type: 'paragraph' | 'heading' | 'tableCell' };

function isHolder(node: Nodes): node is Holder {
  return node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell';
}

function phrasingLines(holder: Holder): readonly Line[] {
  const lines = splitAtBreaks(holder.children);
  return lines.map((children, index) => ({
    text: plainText(children),
    children: () => children,
    set: (wanted) => {
      lines[index] = [...wanted];
      holder.children = lines.flatMap((line, row): PhrasingContent[] => (row === 0 ? line : [{ type: 'break' }, ...line]));
    },
  }));
}

function codeLines(code: Nodes & { type: 'code' }): readonly Line[] {
  const lines = code.value.split('\n');
  return lines.map((text, index) => ({
    text,
    children: () => [{ type: 'text', value: text }],
    set: (wanted) => {
      lines[index] = plainText(wanted);
      code.value = lines.join('\n');
    },
  }));
}

function titleOf(details: Nodes & { type: 'details' }): Line {
  const { summary } = details;
  return {
    text: summary,
    children: () => [{ type: 'text', value: summary }],
    set: (wanted) => {
      details.summary = plainText(wanted);
    },
  };
}

/** Phrasing content in normal form, where nothing holds a break. */
export function splitAtBreaks(children: readonly PhrasingContent[]): PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]];
  for (const child of children) {
    if (child.type === 'break') lines.push([]);
    else lines.at(-1)?.push(child);
  }
  return lines;
}
