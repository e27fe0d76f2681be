import { nowSeconds } from './data.ts';
import type { Comment, Issue, User, World } from './data.ts';

/** One text that a body had, with who wrote it. */
export interface Revision {
  /** 0 is the text that the body was created with. */
  readonly index: number;
  readonly at: number;
  /** Undefined for an account that is gone. */
  readonly editor: User | undefined;
  readonly text: string;
  /** When a person deleted it from the history, epoch milliseconds. */
  readonly deletedAt: number | undefined;
}

/**
 * The revisions of an issue's or a comment's body, newest first; none at all where it was never edited. Known of GitHub:
 * - every revision holds the whole text although its field is called `diff`, and the first edit makes an entry for the text
 *   of the creation as well (git-bug, bridge/github/import.go, which builds the creation from the oldest entry's `diff`);
 *   `includesCreatedEdit` says whether that entry is there (GitHub's GraphQL schema);
 * - they come newest first (git-bug, bridge/github/iterator.go, reverses them);
 * - people may delete any revision but the newest, on the web only; the entry stays, with `deletedAt` and without a text
 *   (docs.github.com, "Tracking changes in a comment"; that `diff` is null then is an assumption).
 */
export function revisionsOf(
  world: World,
  item: Pick<Issue, 'user' | 'createdAt' | 'body' | 'edits' | 'deletedRevisions'> | Comment,
): readonly Revision[] {
  const edits = item.edits.filter(({ field }) => field === 'body');
  const first = edits[0];
  if (first === undefined) return [];
  const written = [
    { at: item.createdAt, editor: item.user, text: first.from ?? '' },
    ...edits.map((edit) => ({ at: edit.at, editor: world.users.get(edit.by.toLowerCase()), text: edit.to ?? '' })),
  ];
  return written.map((revision, index) => ({ index, ...revision, deletedAt: item.deletedRevisions.get(index) })).toReversed();
}

/** What a person deletes from a history. The newest revision is the text itself and stays: a mistake in the test. */
export function deleteRevision(world: World, item: Issue | Comment, index: number): void {
  const newest = revisionsOf(world, item)[0];
  if (newest === undefined || index < 0 || index >= newest.index) throw new Error(`There is no past revision ${index}.`);
  item.deletedRevisions.set(index, nowSeconds(world));
}
