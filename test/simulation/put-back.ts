import { itemKey, wordsOf } from './ledger.ts';
import { siteHost } from './names.ts';
import { handOf } from './people.ts';
import type { Stage } from './people.ts';
import type { Act } from './scenario.ts';
import { rewrittenComment } from './write-requests.ts';

/** An edit of a comment, and the edit that puts back what it says now. */
export interface PutBack {
  readonly edit: Act;
  readonly back: Act;
  /** Whether a request writes the same comment on the other side. */
  readonly isOfOther: (request: Request) => boolean;
}

/**
 * The nth comment that a person wrote, that everybody can read and that has a copy, edited where it was written or on its
 * copy; undefined where there is none.
 */
export function editAndBack(stage: Stage, nth: number, on: 'origin' | 'copy'): PutBack | undefined {
  const { ledger } = stage;
  const copies = new Map([...ledger.commentCopies].map(([copy, origin]) => [origin, copy]));
  const others = on === 'origin' ? copies : ledger.commentCopies;
  const said = (['public', 'private'] as const).flatMap((side) =>
    handOf(stage, side)
      .issues()
      .flatMap(({ id, comments }) =>
        comments.flatMap((comment): PutBack[] => {
          const key = itemKey(side, comment.id);
          const other = others.get(key);
          const entry = ledger.comments.get(on === 'origin' ? key : (other ?? ''));
          const [word, ...more] = wordsOf(comment.text);
          const isPlain = entry !== undefined && !entry.restricted && entry.hiddenAt === undefined;
          if (!isPlain || other === undefined || word === undefined || more.length > 0) return [];
          const edit: Act = { side, what: 'comment.edit', issue: 0, item: 0, id, comment: comment.id };
          return [{ edit, back: { ...edit, word }, isOfOther: writesOf(stage, other) }];
        }),
      ),
  );
  return said[nth % Math.max(1, said.length)];
}

function writesOf({ trackers }: Stage, comment: string): (request: Request) => boolean {
  const [side = '', id = ''] = comment.split(' ');
  const there = trackers.there.issues().flatMap(({ comments }) => comments.filter((one) => one.id === id));
  const requestId = side === 'private' ? (there[0]?.requestId ?? id) : id;
  return (request) => rewrittenComment(request) === requestId && (new URL(request.url).host === siteHost) === (side === 'public');
}
