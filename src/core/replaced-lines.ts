import type { Neutral, NeutralNode } from '../content/neutral.ts';
import { attachmentReferences } from '../content/references.ts';
import { plainText } from '../content/runs.ts';
import { looseText } from './replaced-edits.ts';
import type { Repaired } from './replaced-edits.ts';

interface Line {
  readonly text: string;
  /** What is compared: its letters and digits, or its pictographs where it has none. */
  readonly key: string;
}

interface ReplacedLines {
  readonly before: string;
  readonly after: string;
  /** The write that replaced the edit; without it what stands there now is taken for that. */
  readonly written?: string | undefined;
}

/** Each line is looked for among all others. */
const linesMax = 2_000;

/**
 * A person's edit put back into what stands there now, where the tracker tells past texts without their formatting (Jira's
 * changelog). Lines that the person added come back as plain paragraphs, in the place of the first block that they removed,
 * else at the end. Blocks and items whose words are a line that the person removed go, unless they show a file (I6). All
 * else stays. What cannot be told from such a history (formatting, links, boxes, files, order, marks between words), or
 * collides with what the other side made of the same lines, is `partly`: never put back, and never passed over (I3). So is
 * an edit of a text of more than 2,000 lines.
 */
export function repairPlainText(edit: ReplacedLines, now: Neutral): Repaired {
  const [before, after, there] = [linesOf(edit.before), linesOf(edit.after), linesOf(shownIn(now))];
  const written = edit.written === undefined ? there : linesOf(edit.written);
  if ([before, after, there, written].some((lines) => lines.length > linesMax)) return { kind: 'partly', root: undefined };
  const [added, removed] = [surplus(after, before), surplus(before, after)];
  if (added.length === 0 && removed.length === 0) return { kind: 'partly', root: undefined };
  // What somebody put back or took out since that write stands.
  const missing = surplusOver(added, (key) => timesIn(after, key) - Math.max(timesIn(written, key), timesIn(there, key)));
  const excess = surplusOver(removed, (key) => Math.min(timesIn(written, key), timesIn(there, key)) - timesIn(after, key));
  const taken = excess.reduce(takeOut, { children: now.children, place: undefined, left: 0 });
  const isForeign = ({ key }: Line): boolean => timesIn(before, key) === 0 && timesIn(after, key) === 0;
  const collides = added.length === 0 && excess.length < removed.length && written.some(isForeign);
  const isWhole = taken.left === 0 && !collides;
  if (missing.length === 0 && taken.left === excess.length)
    return isWhole ? { kind: 'kept' } : { kind: 'partly', root: undefined };
  const fresh = missing.map(({ text }): Neutral['children'][number] => ({
    type: 'paragraph',
    children: [{ type: 'text', value: text }],
  }));
  const root: Neutral = { type: 'root', children: taken.children.toSpliced(taken.place ?? taken.children.length, 0, ...fresh) };
  return { kind: isWhole ? 'merged' : 'partly', root };
}

function linesOf(text: string): readonly Line[] {
  return text.split('\n').flatMap((line): Line[] => {
    const key = looseText(line) || (line.match(/\p{Extended_Pictographic}/gu) ?? []).join('');
    return key === '' ? [] : [{ text: line, key }];
  });
}

/** What a tree shows, a line for each paragraph, cell and break. */
function shownIn(node: NeutralNode): string {
  if (!isParted(node)) return plainText([node]);
  const children: readonly NeutralNode[] = node.children;
  return [...(node.type === 'details' ? [node.summary] : []), ...children.map(shownIn)].join('\n');
}

const words: ReadonlySet<string> = new Set(['paragraph', 'heading', 'tableCell']);

function isParted<T extends NeutralNode>(node: T): node is T & { children: NeutralNode[] } {
  return 'children' in node && !words.has(node.type);
}

/** The lines of one text that are not among the other's, each as often as it is there more. */
function surplus(lines: readonly Line[], others: readonly Line[]): readonly Line[] {
  const left = new Map<string, number>();
  for (const { key } of others) left.set(key, (left.get(key) ?? 0) + 1);
  return lines.filter(({ key }) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/** Of these lines, for each key, so many. */
function surplusOver(lines: readonly Line[], most: (key: string) => number): readonly Line[] {
  const seen = new Map<string, number>();
  return lines.filter(({ key }) => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count <= most(key);
  });
}

/** How often a line stands in a text as one line, or as several: what is a row here may be its cells elsewhere. */
function timesIn(lines: readonly Line[], key: string): number {
  let times = 0;
  for (let start = 0; start < lines.length; start += 1) {
    let [end, joined] = [start, ''];
    while (end < lines.length && joined.length < key.length) {
      joined += lines[end]?.key ?? '';
      end += 1;
    }
    if (joined !== key) continue;
    times += 1;
    start = end - 1;
  }
  return times;
}

interface Taken {
  readonly children: Neutral['children'];
  /** Where the first block stood that went. */
  readonly place: number | undefined;
  /** Lines that no block or item is. */
  readonly left: number;
}

function takeOut({ children, place, left }: Taken, line: Line): Taken {
  const found = withoutIn(children, line.key);
  if (found === undefined) return { children, place, left: left + 1 };
  if (place === undefined) return { ...found, left };
  // What went above the place moves it up.
  const isAbove = found.place !== undefined && found.place < place;
  return { children: found.children, place: isAbove ? place - 1 : place, left };
}

/** Nodes without the first block or item among or in them that reads so, and where it stood among them; undefined without one. */
function withoutIn<T extends NeutralNode>(
  nodes: readonly T[],
  key: string,
): { children: T[]; place: number | undefined } | undefined {
  for (const [index, node] of nodes.entries()) {
    const rest = without(node, key);
    if (rest === 'not there') continue;
    const children = nodes.toSpliced(index, 1, ...(rest === undefined ? [] : [rest]));
    return { children, place: rest === undefined ? index : undefined };
  }
  return undefined;
}

/** A node without the block or item in it that reads so; undefined where that is all of it. */
function without<T extends NeutralNode>(node: T, key: string): T | undefined | 'not there' {
  if (keyOf(node) === key) return attachmentReferences(node).length > 0 ? 'not there' : undefined;
  const found = isParted(node) ? withoutIn(node.children, key) : undefined;
  if (found === undefined) return 'not there';
  return found.children.length === 0 ? undefined : { ...node, children: found.children };
}

function keyOf(node: NeutralNode): string {
  return linesOf(shownIn(node))
    .map((line) => line.key)
    .join('');
}
