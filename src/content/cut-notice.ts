import type { Nodes } from 'mdast';
import type { Neutral } from './neutral.ts';
import { buildInline, flattenInline, plainText, type Run } from './runs.ts';

/** What stands at the end of a copy that was cut. It is known again by these words alone, in every copy that there is. */
export const cutNotice =
  'This text was cut by Sallyport. The rest of this text did not fit here; the whole text is at its origin, and attached as a file where files are copied.';

const words = cutNotice.split(' ');
const wrapped = new RegExp(words.map((word) => word.replaceAll('.', '\\.')).join('\\s+'), 'g');

/** Whether plain text holds the notice, however its lines are broken. */
export function saysNotice(text: string): boolean {
  return text.search(wrapped) >= 0;
}

/**
 * The text of a copy that was cut, without the notice: the last one in it, also where a person moved it into a quote or to
 * words of their own, which stay. One that says something else in its midst is known at the very end alone. Elsewhere than in
 * such a copy these words are a person's.
 */
export function withoutNotice(root: Neutral): Neutral {
  const { children } = root;
  const at = children.findLastIndex((node) => saysNotice(plainText([node])));
  const holder = children[at];
  if (holder !== undefined) {
    const left = withoutLast(holder);
    return left === holder ? root : { ...root, children: children.toSpliced(at, 1, ...(left === undefined ? [] : [left])) };
  }
  const last = children.at(-1);
  return last !== undefined && isChangedNotice(last) ? { ...root, children: children.slice(0, -1) } : root;
}

/** Whether a paragraph begins and ends as the notice does, and says half of it or more. */
function isChangedNotice(node: Nodes): boolean {
  if (node.type !== 'paragraph') return false;
  const said = plainText([node]).trim().split(/\s+/);
  const begun = agreeing(said, words);
  const ended = agreeing(said.toReversed(), words.toReversed());
  return begun > 0 && ended > 0 && (begun + ended) * 2 >= words.length;
}

function agreeing(some: readonly string[], others: readonly string[]): number {
  const end = some.findIndex((word, index) => word !== others[index]);
  return end === -1 ? some.length : end;
}

/** A block without the last notice in it, undefined where nothing else is in it. One from which it cannot be taken stays. */
function withoutLast<T extends Nodes>(node: T): T | undefined {
  switch (node.type) {
    case 'paragraph':
    case 'heading':
      return withChildren(node, buildInline(runsWithoutLast(flattenInline(node.children))));
    case 'list':
    case 'listItem':
    case 'blockquote':
    case 'alert': {
      const children: readonly Nodes[] = node.children;
      const at = children.findLastIndex((child) => saysNotice(plainText([child])));
      const holder = children[at];
      if (holder === undefined) return node;
      const left = withoutLast(holder);
      return left === holder ? node : withChildren(node, children.toSpliced(at, 1, ...(left === undefined ? [] : [left])));
    }
    default:
      return node;
  }
}

function withChildren<T extends Nodes>(node: T, children: readonly Nodes[]): T | undefined {
  return children.length === 0 ? undefined : { ...node, children };
}

function runsWithoutLast(runs: readonly Run[]): Run[] {
  const said = [...runs.map(charactersOf).join('').matchAll(wrapped)].at(-1);
  if (said === undefined) return [...runs];
  const left = [...part(runs, 0, said.index), ...part(runs, said.index + said[0].length, Number.POSITIVE_INFINITY)];
  return left.some((run) => charactersOf(run).trim() !== '') ? left : [];
}

function charactersOf(run: Run): string {
  if (run.kind === 'image') return '\ufffc';
  return run.kind === 'break' ? '\n' : run.text;
}

/** The runs from one character to another. */
function part(runs: readonly Run[], from: number, to: number): Run[] {
  let at = 0;
  return runs.flatMap((run): Run[] => {
    const start = at;
    at += charactersOf(run).length;
    if (run.kind !== 'text' && run.kind !== 'code') return start >= from && start < to ? [run] : [];
    const text = run.text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return text === '' ? [] : [{ ...run, text }];
  });
}
