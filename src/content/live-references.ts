import type { BlockContent, Nodes } from 'mdast';
import { defuse } from './defuse.ts';
import { plainText } from './runs.ts';

/** A mention or reference that GitHub acts upon, and where its text begins in the source. */
export interface LiveReference {
  readonly start: number;
  readonly end: number;
  /** As it is compared: GitHub tells no case apart. */
  readonly key: string;
}

/** Whole names and numbers, what stands before the `#` included: `@octo` is not `@octocat`, nor `#7` `acme/web#7`. */
const name = '[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?';
const live = new RegExp(
  `(?<![\\w/.@+-])@${name}|(?<![\\w/.@-])(?:[A-Za-z0-9][A-Za-z0-9_./-]{0,150})?#[0-9][A-Za-z0-9]*|(?<![\\w/-])GH-[0-9][A-Za-z0-9]*`,
  'gi',
);
const defused = new RegExp(
  `(?<![A-Za-z0-9/.@+-])@\u200b${name}|(?:(?<![A-Za-z0-9_./-])[A-Za-z0-9][A-Za-z0-9_./-]{0,150})?#\u200b[0-9][A-Za-z0-9]*|GH-\u200b[0-9][A-Za-z0-9]*`,
  'gi',
);

/** A label in brackets that are words: no image, and neither a link nor a definition. */
const writtenLabel = /(?<![!\\])\\?\[((?:\\[^\]\s]|[^[\]\\\s])+)\\?\](?![([:])/g;

/** Within these tags nothing is live, or code is read of what is. */
const deadTag = /^<(?:code|kbd|samp|tt|var|pre|a|script|style)\b/i;

/** The mentions and references that are live in a text's nodes: none in links, code and HTML, in doubt none. */
export function liveReferences(nodes: readonly Nodes[]): readonly LiveReference[] {
  const found: LiveReference[] = [];
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'text') {
      const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
      for (const [whole] of node.value.matchAll(live)) found.push({ start, end, key: whole.toLowerCase() });
    } else if ('children' in node && node.type !== 'link' && node.type !== 'linkReference') {
      if (!node.children.some((child) => child.type === 'html' && deadTag.test(child.value))) waiting.push(...node.children);
    }
  }
  return found;
}

/**
 * The references to footnotes that stay one: of notes that the targets still have, and that no text shows as words, too,
 * for on the other side both read the same.
 */
export function noteReferences(nodes: readonly Nodes[], targets: readonly BlockContent[]): readonly LiveReference[] {
  const found: LiveReference[] = [];
  const words = new Set<string>();
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    if (node.type === 'footnoteReference') found.push({ start, end, key: noteKey(node.label ?? node.identifier) });
    else if (node.type === 'text' || node.type === 'inlineCode') addLabels(words, node.value);
    else if ('children' in node) waiting.push(...node.children);
  }
  const notes = new Set(targets.map((target) => /^\[[^\]]*\](?= )/.exec(plainText([target]).toLowerCase())?.[0]));
  return found.filter(({ key }) => notes.has(key) && !words.has(key));
}

function addLabels(labels: Set<string>, text: string): void {
  for (const [label] of text.toLowerCase().matchAll(/\[[^[\]]*\]/g)) labels.add(label);
}

function noteKey(label: string): string {
  return `[${label.toLowerCase()}]`;
}

/**
 * Written text in which those references are live again that were live in the ranges of the source that it replaces, each
 * as often as there: they are the author's own words and call nobody anew. What the other side added stays defused.
 */
export function revived(
  written: string,
  references: readonly LiveReference[],
  replaced: readonly { readonly start: number; readonly end: number }[],
): string {
  const counts = new Map<string, number>();
  for (const { start, end, key } of references) {
    if (replaced.some((range) => start >= range.start && end <= range.end)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  if (counts.size === 0) return written;
  const isLeft = (key: string): boolean => {
    const count = counts.get(key) ?? 0;
    counts.set(key, Math.max(0, count - 1));
    return count > 0;
  };
  return written
    .replaceAll(defused, (whole: string) => {
      const plain = whole.replaceAll('\u200b', '');
      return defuse(plain) === whole && isLeft(plain.toLowerCase()) ? plain : whole;
    })
    .replaceAll(writtenLabel, (whole: string, label: string) => {
      const plain = label.replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '');
      return isLeft(noteKey(plain)) ? `[^${plain}]` : whole;
    });
}
