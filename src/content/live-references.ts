import type { BlockContent, Nodes } from 'mdast';
import { besideOf, isBeside, type Beside } from './beside.ts';
import { defuse } from './defuse.ts';
import { codeTags } from './inline-flow.ts';
import { plainText } from './runs.ts';

/** A mention or reference that GitHub acts upon, and where its text begins in the source. */
export interface LiveReference {
  readonly start: number;
  readonly end: number;
  /** As it is compared: GitHub tells no case apart. */
  readonly key: string;
  /** Of a reference to a footnote the words before and after it: brackets alone may be anything else. */
  readonly beside?: Beside;
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

/** A label in brackets that are words: no image, and neither a link nor a definition where nothing escapes its end. */
const writtenLabel = /(?<!(?<!\\)!)\\?\[((?:\\[^\]\s]|[^[\]\\\s])+)(?:\\\]|\](?![([:]))/g;

/** Within these tags nothing is live, or code is read of what is. */
const deadTag = new RegExp(`^<(${[...codeTags, 'pre', 'a', 'script', 'style'].join('|')})\\b`, 'i');

/**
 * The mentions and references that are live in a text's nodes: none in links, code and HTML, in doubt none. `source`, where
 * they are looked for in that, as Redmine does: what stands there as a character reference calls nobody.
 */
export function liveReferences(nodes: readonly Nodes[], source?: string): readonly LiveReference[] {
  const found: LiveReference[] = [];
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'text') {
      const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
      const written = source?.slice(start, end);
      for (const [whole] of node.value.matchAll(live))
        if (written?.includes(whole) !== false) found.push({ start, end, key: whole.toLowerCase() });
    } else if ('children' in node && node.type !== 'link' && node.type !== 'linkReference')
      waiting.push(...outsideTags(node.children));
  }
  return found;
}

/** The nodes that stand within none of those tags; where one is not closed, nothing after it. */
function outsideTags(nodes: readonly Nodes[]): readonly Nodes[] {
  const outside: Nodes[] = [];
  let open: string | undefined;
  for (const node of nodes) {
    const tag = node.type === 'html' ? node.value.toLowerCase() : '';
    const dead = deadTag.exec(tag)?.[1];
    if (open !== undefined) open = tag.startsWith(`</${open}`) ? undefined : open;
    else if (dead === undefined) outside.push(node);
    else if (!tag.includes('</')) open = dead;
  }
  return outside;
}

/**
 * The references to footnotes that stay one: of notes that the targets still have, and that no text shows as words, too,
 * for on the other side both read the same.
 */
export function noteReferences(
  source: string,
  nodes: readonly Nodes[],
  targets: readonly BlockContent[],
): readonly LiveReference[] {
  const found: LiveReference[] = [];
  const words = new Set<string>();
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    if (node.type === 'footnoteReference')
      found.push({ start, end, key: noteKey(node.label ?? node.identifier), beside: besideOf(source, start, end) });
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
  // Nothing is defused there, nor is there a label.
  if (!/[\u200b[]/.test(written)) return written;
  const left = references.filter(({ start, end }) => replaced.some((range) => start < range.end && end > range.start));
  if (left.length === 0) return written;
  const byKey = new Map<string, LiveReference[]>();
  for (const one of left) {
    const same = byKey.get(one.key);
    if (same === undefined) byKey.set(one.key, [one]);
    else same.push(one);
  }
  const take = (key: string, beside?: Beside): boolean => {
    const same = byKey.get(key) ?? [];
    const index = same.findIndex((one) => one.beside === undefined || beside === undefined || isBeside(one.beside, beside));
    if (index >= 0) same.splice(index, 1);
    return index >= 0;
  };
  const mentioned = written.replaceAll(defused, (whole: string) => {
    const plain = whole.replaceAll('\u200b', '');
    return defuse(plain) === whole && take(plain.toLowerCase()) ? plain : whole;
  });
  let text = '';
  let done = 0;
  for (const { 0: whole, 1: label = '', index } of mentioned.matchAll(writtenLabel)) {
    const plain = label.replaceAll(/\\(?=[!-/:-@[-`{-~])|\u200b/g, '');
    if (!take(noteKey(plain), besideOf(mentioned, index, index + whole.length))) continue;
    text += `${mentioned.slice(done, index)}[^${plain}]`;
    done = index + whole.length;
  }
  return text + mentioned.slice(done);
}
