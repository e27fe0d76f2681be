import { canonicalTree } from '../content/canonical.ts';
import type { Neutral } from '../content/neutral.ts';
import { attachmentReferences, withoutAttachments } from '../content/references.ts';
import type { Effect } from './effect.ts';
import type { Pair, SideName } from './model.ts';
import { otherSide } from './model.ts';
import type { TwinInput } from './plan.ts';

/** A file and its copy. */
interface CopiedFile {
  readonly ids: Pair<string>;
  readonly origin: SideName;
}

/** What the texts of a twin are planned from. */
export interface TextsInput extends TwinInput {
  /** Files whose copies this very plan takes away. */
  readonly leaving: readonly CopiedFile[];
}

/**
 * The files that crossed and are at home no more, whether that counts as their removal yet or not. Their pictures are out of
 * both texts then, and who edited the words around one did not edit what somebody else took out.
 */
export function goneFiles({ base, replicas }: Pick<TwinInput, 'base' | 'replicas'>): readonly CopiedFile[] {
  return base.attachments.filter(({ ids, origin }) => replicas[origin].attachments.every(({ id }) => id !== ids[origin]));
}

/** The files whose copies these effects take away. */
export function leavingFiles(effects: readonly Effect[]): readonly CopiedFile[] {
  return effects.flatMap((effect): CopiedFile[] => {
    if (effect.kind !== 'attachment.remove') return [];
    const { side, attachmentId: copy, originId } = effect;
    const ids = side === 'public' ? { public: copy, private: originId } : { public: originId, private: copy };
    return [{ ids, origin: otherSide[side] }];
  });
}

/** A text in crossing form without what shows these files. */
export function withoutFiles(root: Neutral, files: readonly CopiedFile[]): Neutral {
  return withoutAttachments(root, ({ side, id }) => files.some(({ ids }) => ids[side] === id));
}

/**
 * Whether a text, as it stands on `side`, shows a copy of one of these files. At its very end Jira's description keeps the
 * media of copies, where no text is read (`keepsAtEnd`).
 */
export function showsCopyOf(
  files: readonly CopiedFile[],
  text: { readonly side: SideName; readonly root: Neutral; readonly keepsAtEnd: boolean },
): boolean {
  const copies = new Set(files.flatMap(({ ids, origin }) => (origin === text.side ? [] : ids[text.side])));
  if (copies.size === 0) return false;
  const read = text.keepsAtEnd ? canonicalTree(text.root) : text.root;
  return attachmentReferences(read).some(({ side, id }) => side === text.side && copies.has(id));
}
