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
  return holdersOf(blocks).flatMap((holder) => {
    if (holder.type === 'details') return [titleOf(holder)];
    return holder.type === 'code' ? codeLines(holder) : phrasingLines(holder);
  });
}

/** What blocks are beside the content of their lines: equal for those that differ in words alone. */
export function shapeOf(blocks: readonly BlockContent[]): readonly string[] {
  const blank = structuredClone([...blocks]);
  // All lines of a holder at once: one by one would take quadratic time.
  for (const holder of holdersOf(blank)) {
    if (holder.type === 'details') holder.summary = 'x';
    else if (holder.type === 'code') holder.value = 'x\n'.repeat(holder.value.split('\n').length);
    else holder.children = joinedAtBreaks(splitAtBreaks(holder.children).map(() => [{ type: 'text', value: 'x' }]));
  }
  return blank.map(canonicalKey);
}

type Phrases = Nodes & { type: 'paragraph' | 'heading' | 'tableCell' };
type Holder = Phrases | (Nodes & { type: 'code' | 'details' });

/** What holds lines, in the order in which it is read. */
function holdersOf(blocks: readonly BlockContent[]): readonly Holder[] {
  const holders: Holder[] = [];
  const waiting: Nodes[] = blocks.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isPhrases(node) || node.type === 'code') holders.push(node);
    else {
      if (node.type === 'details') holders.push(node);
      if ('children' in node) waiting.push(...node.children.toReversed());
    }
  }
  return holders;
}

function isPhrases(node: Nodes): node is Phrases {
  return node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell';
}

function joinedAtBreaks(lines: readonly (readonly PhrasingContent[])[]): PhrasingContent[] {
  return lines.flatMap((line, row): readonly PhrasingContent[] => (row === 0 ? line : [{ type: 'break' }, ...line]));
}

function phrasingLines(holder: Phrases): readonly Line[] {
  const lines = splitAtBreaks(holder.children);
  return lines.map((children, index) => ({
    text: plainText(children),
    children: () => children,
    set: (wanted) => {
      lines[index] = [...wanted];
      holder.children = joinedAtBreaks(lines);
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
