import { fingerprint } from '../content/canonical.ts';
import { mergeBlocks } from '../content/merge-blocks.ts';
import type { Neutral, NeutralNode } from '../content/neutral.ts';
import { attachmentReferences, textWithoutFiles } from '../content/references.ts';
import { canonicalKey, settledBlocks } from '../content/settle.ts';
import type { PastEdit, Text } from './model.ts';

/**
 * What people made of an item, in one edit or several in a row, before a write of the connection replaced it. `isLast`: nobody
 * has edited since that write.
 */
export interface ReplacedEdit {
  readonly edit: PastEdit;
  /** The text of that write, as far as the tracker tells. */
  readonly written: string | undefined;
  readonly isLast: boolean;
}

/** What one history is about: a field of an issue, or one comment. */
export function itemOf(edit: Pick<PastEdit, 'kind' | 'commentId'>): string {
  return edit.kind === 'comment' ? `comment ${edit.commentId ?? ''}` : edit.kind;
}

/** People's edits that the next edit, one of the connection's, replaced without having seen them (I3); oldest first. */
export function replacedEdits(history: readonly PastEdit[], isSeen: (edit: PastEdit) => boolean): readonly ReplacedEdit[] {
  const byItem = new Map<string, PastEdit[]>();
  for (const edit of history) byItem.set(itemOf(edit), [...(byItem.get(itemOf(edit)) ?? []), edit]);
  return [...byItem.values()].flatMap((edits) =>
    edits.flatMap((edit, index): readonly ReplacedEdit[] => {
      const next = edits[index + 1];
      if (edit.byConnection || next?.byConnection !== true || toldBy(edit) === toldBy(next) || isSeen(edit)) return [];
      const isKnown = (one: PastEdit): boolean => one.byConnection || isSeen(one);
      const row = { ...edit, before: beforeRow(edits.slice(0, index + 1), isKnown, next.after) };
      if (standsIn(row, next.after)) return [];
      return [{ edit: row, written: next.after, isLast: !edits.slice(index + 1).some((later) => !later.byConnection) }];
    }),
  );
}

function toldBy({ told, after }: PastEdit): string | undefined {
  return told ?? after;
}

/** Whether all of an edit of a text stands in what was written after it, so that nothing was replaced. */
function standsIn(edit: PastEdit, written: string | undefined): boolean {
  const lines = linesBy(edit, written);
  if (lines === undefined) return false;
  const { was, added, removed, there } = lines;
  // A line that came with the write may be what the other side made of one that went.
  if (added.length === 0 && (removed.length === 0 || [...there].some((line) => !was.has(line)))) return false;
  return added.every((line) => there.has(line)) && !removed.some((line) => there.has(line));
}

/** Whether a line that an edit added stands in what was written after it: what a dead run had seen tells nothing but this. */
function showsOf(edit: PastEdit, written: string | undefined): boolean {
  const lines = linesBy(edit, written);
  return lines !== undefined && lines.added.some((line) => lines.there.has(line));
}

/** The lines that stood before an edit of a text, that it added and removed, and that were written after it; as far as they are told. */
function linesBy({ kind, before, after }: PastEdit, written: string | undefined) {
  const isText = kind === 'description' || kind === 'comment';
  if (!isText || written === undefined || before === undefined || after === undefined) return undefined;
  const [was, is, there] = [looseLines(before), looseLines(after), looseLines(written)];
  return { was, there, added: [...is].filter((line) => !was.has(line)), removed: [...was].filter((line) => !is.has(line)) };
}

function looseLines(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => looseText(line) || []));
}

/** What stood before the first of the unseen edits that people made in a row up to the last one given. */
function beforeRow(
  edits: readonly PastEdit[],
  isKnown: (edit: PastEdit) => boolean,
  written: string | undefined,
): string | undefined {
  let start = 0;
  for (const [index, edit] of edits.slice(0, -1).entries()) {
    // A line that stood before the row, and was put back in it, tells nothing.
    const row = { ...edit, before: edits[start]?.before };
    if (isKnown(edit) || showsOf(row, written) || standsIn(row, written)) start = index + 1;
  }
  return edits[start]?.before;
}

/** Letters and digits alone: what two renderings of the same text have in common, whatever markup one of them shows. */
export function looseText(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/**
 * No words of a text: what wiki markup puts in the place of an image or a file, and the names of Jira's own emoji, which are
 * told by other signs in wiki markup.
 */
const wikiFile = /!\S[^!\n]*!|\[\^[^\]\n]+\]/g;
const ownEmoji =
  /\((?:[xyi]|on|off|flag|flagoff|\*[rgby])\)|:(?:(?:check|cross|question)_mark|plus|minus|light_bulb_(?:on|off)|flag_(?:on|off)|info|(?:yellow|blue|green|red)_star):/g;

function looseWords(text: string): string {
  return looseText(text.replaceAll(wikiFile, ' ').replaceAll(ownEmoji, ' '));
}

/**
 * Whether the words of a tree are those of a text of no known markup. Jira's changelog tells images and files as wiki markup or
 * not at all, so they do not count; it may tell the titles of what unfolds.
 */
function saysTheWords(root: Neutral, text: string): boolean {
  const said = looseWords(text);
  const says = (one: Neutral): boolean => looseWords(textWithoutFiles(one)) === said;
  return says(root) || says(withTitles(root));
}

/** The titles of what unfolds, as paragraphs in it. */
function withTitles<T extends NeutralNode>(node: T): T {
  if (!('children' in node)) return node;
  const children = node.children.map((child) => withTitles(child));
  if (node.type !== 'details') return { ...node, children };
  const title: NeutralNode = { type: 'paragraph', children: [{ type: 'text', value: node.summary }] };
  return { ...node, children: [title, ...children] };
}

export type Repaired =
  /** All of the person's edit is there already. */
  | { readonly kind: 'kept'; readonly root?: undefined }
  | { readonly kind: 'merged'; readonly root: Neutral }
  /** Something of the edit cannot be put back, as its history does not tell it; `root` holds the rest, if that is anything. */
  | { readonly kind: 'partly'; readonly root: Neutral | undefined }
  /** The edit and what stands there now touch the same blocks: one of them has to give way. */
  | { readonly kind: 'collision'; readonly root: Neutral };

/** A person's edit of a text, and the write that replaced it; trees of the tracker's own form. */
interface ReplacedText {
  readonly before: Neutral;
  readonly after: Neutral;
  readonly written: Neutral;
}

/**
 * A person's edit of a text put back into what stands there now: what it makes of the write that replaced it is merged with
 * what became of that write since, so that what somebody puts back or takes out later on stands.
 */
export function repairText({ before, after, written }: ReplacedText, now: Neutral): Repaired {
  const wanted = mergeBlocks(before, after, written);
  if (wanted === 'collision') return { kind: 'collision', root: after };
  if (saysTheSame(wanted.merged, written)) return { kind: 'kept' };
  const plain = mergeBlocks(written, wanted.merged, now);
  // An earlier run put it back, and died before it could say so.
  if (plain !== 'collision' && saysTheSame(plain.merged, now)) return { kind: 'kept' };
  const parted = mergeBlocks(written, withoutReturned(wanted.merged, { written, now }), now);
  // What was edited in a block is no block that came back.
  const result = parted === 'collision' ? plain : parted;
  if (result === 'collision') return { kind: 'collision', root: after };
  return saysTheSame(result.merged, now) ? { kind: 'kept' } : { kind: 'merged', root: result.merged };
}

/** Without the blocks that the write lacked and that are there by now, in whatever place: somebody put them back already. */
function withoutReturned(wanted: Neutral, { written, now }: { readonly written: Neutral; readonly now: Neutral }): Neutral {
  const [was, is] = [written, now].map((root) => new Set(settledBlocks(root).map(canonicalKey)));
  const isReturned = (key: string): boolean => is?.has(key) === true && was?.has(key) !== true;
  return { type: 'root', children: settledBlocks(wanted).filter((block) => !isReturned(canonicalKey(block))) };
}

/** Files at the very end count here, though the canonical form passes over them: a person's link to a file is the file. */
function saysTheSame(one: Neutral, other: Neutral): boolean {
  const files = (root: Neutral): string => JSON.stringify(attachmentReferences(root));
  return fingerprint(one) === fingerprint(other) && files(one) === files(other);
}

/** Whether a text says what a past one said, in whichever form that is told: what was read of it, or as it stands. */
export function saysThat(text: Text, past: Pick<PastEdit, 'after' | 'told' | 'form'>): boolean {
  const { after, told, form } = past;
  if (after === undefined) return false;
  if (form === 'native') return text.native.trim() === after.trim();
  return saysTheWords(text.root, after) || (told !== undefined && saysTheWords(text.root, told));
}
