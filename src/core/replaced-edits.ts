import { fingerprint } from '../content/canonical.ts';
import { mergeBlocks } from '../content/merge-blocks.ts';
import type { Neutral } from '../content/neutral.ts';
import { plainText } from '../content/runs.ts';
import { attachmentReferences } from '../content/references.ts';
import type { PastEdit, Text } from './model.ts';

/**
 * What people made of an item, in one edit or several in a row, before a write of the connection replaced it. `isLast`: nobody
 * has edited since that write.
 */
export interface ReplacedEdit {
  readonly edit: PastEdit;
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
      if (edit.byConnection || next?.byConnection !== true || edit.after === next.after || isSeen(edit)) return [];
      const known = (one: PastEdit): boolean => isSeen(one) || (one !== edit && standingIn(next.after, one) !== 'none');
      const row = { ...edit, before: beforeRow(edits.slice(0, index + 1), known) };
      // Of the whole row: the last of its edits may have taken away what the write took away as well.
      if (standingIn(next.after, row) === 'all') return [];
      return [{ edit: row, isLast: !edits.slice(index + 1).some((later) => !later.byConnection) }];
    }),
  );
}

/**
 * How much of an edit of a text stands in what was written after it, by its lines: all of it, so that nothing was replaced;
 * a line that it added, so that whoever wrote had seen it; or none. What a dead run had seen tells nothing but this.
 */
function standingIn(written: string | undefined, { kind, before, after }: PastEdit): 'all' | 'some' | 'none' {
  const isText = kind === 'description' || kind === 'comment';
  if (!isText || written === undefined || before === undefined || after === undefined) return 'none';
  const [was, is, there] = [looseLines(before), looseLines(after), looseLines(written)];
  const added = [...is].filter((line) => !was.has(line));
  const removed = [...was].filter((line) => !is.has(line));
  if (added.length + removed.length === 0) return 'none';
  if (added.every((line) => there.has(line)) && !removed.some((line) => there.has(line))) return 'all';
  return added.some((line) => there.has(line)) ? 'some' : 'none';
}

function looseLines(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => looseText(line) || []));
}

/** What stood before the first of the unseen edits that people made in a row up to the last one given. */
function beforeRow(edits: readonly PastEdit[], isSeen: (edit: PastEdit) => boolean): string | undefined {
  const start = edits.findLastIndex((edit) => edit.byConnection || isSeen(edit)) + 1;
  return edits[start]?.before;
}

/** Letters and digits alone: what two renderings of the same text have in common, whatever markup one of them shows. */
export function looseText(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** The loose text of a tree, block by block and line by line, without blank lines. */
export function looseTextOf(root: Neutral): string {
  return looseText(plainText(root.children));
}

export type Repaired =
  /** All of the person's edit is there already. */
  | { readonly kind: 'kept'; readonly root?: undefined }
  | { readonly kind: 'merged'; readonly root: Neutral }
  /** Something of the edit cannot be put back, as its history does not tell it; `root` holds the rest, if that is anything. */
  | { readonly kind: 'partly'; readonly root: Neutral | undefined }
  /** The edit and what stands there now touch the same blocks: one of them has to give way. */
  | { readonly kind: 'collision'; readonly root: Neutral };

/** A person's edit of a text put back into what stands there now. `before` and `after` are trees of the tracker's own form. */
export function repairText(edit: { readonly before: Neutral; readonly after: Neutral }, now: Neutral): Repaired {
  const result = mergeBlocks(edit.before, edit.after, now);
  if (result === 'collision') return { kind: 'collision', root: edit.after };
  return saysTheSame(result.merged, now) ? { kind: 'kept' } : { kind: 'merged', root: result.merged };
}

/** Files at the very end count here, though the canonical form passes over them: a person's link to a file is the file. */
function saysTheSame(one: Neutral, other: Neutral): boolean {
  const files = (root: Neutral): string => JSON.stringify(attachmentReferences(root));
  return fingerprint(one) === fingerprint(other) && files(one) === files(other);
}

/** Whether a text says what a past one said, in whichever form that is told. */
export function saysThat(text: Text, past: Pick<PastEdit, 'after' | 'form'>): boolean {
  if (past.after === undefined) return false;
  return past.form === 'native' ? text.native.trim() === past.after.trim() : looseTextOf(text.root) === looseText(past.after);
}
