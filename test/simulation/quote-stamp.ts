import type { Act } from './scenario.ts';
import { stampsIn } from './stamp-payload.ts';
import type { Trackers } from './trackers.ts';

/**
 * Somebody says something on a private issue, and pastes the hidden comment of the nth copy of a comment there along, as who
 * copies a whole text does. It says what it says, and is a copy of nothing (I10). Returns the act; undefined where no comment
 * has such a stamp.
 */
export function quoteStamp({ there }: Trackers, nth: number): Act | undefined {
  const quoted = there.issues().flatMap(({ id, comments }) =>
    comments.flatMap(({ native, isByConnection }): Act[] => {
      const [pasted] = stampsIn(native);
      const isCopy = isByConnection && pasted !== undefined;
      return isCopy ? [{ side: 'private', what: 'comment.add', issue: 0, item: 0, id, pasted }] : [];
    }),
  );
  return quoted[nth % Math.max(1, quoted.length)];
}
