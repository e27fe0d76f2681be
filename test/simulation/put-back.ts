import { itemKey, wordsOf } from './ledger.ts';
import { handOf } from './people.ts';
import type { Stage } from './people.ts';
import type { Act } from './scenario.ts';

/** An edit of a comment, and the edit that puts back what it says now. */
export interface PutBack {
  readonly edit: Act;
  readonly back: Act;
}

/** The nth comment that a person wrote, that everybody can read and that has a copy; undefined where there is none. */
export function editAndBack(stage: Stage, nth: number): PutBack | undefined {
  const { ledger } = stage;
  const copied = new Set(ledger.commentCopies.values());
  const said = (['public', 'private'] as const).flatMap((side) =>
    handOf(stage, side)
      .issues()
      .flatMap(({ id, comments }) =>
        comments.flatMap((comment, item): PutBack[] => {
          const key = itemKey(side, comment.id);
          const entry = ledger.comments.get(key);
          const [word, ...others] = wordsOf(comment.text);
          const isPlain = entry !== undefined && !entry.restricted && !entry.tampered && entry.hiddenAt === undefined;
          if (!isPlain || !copied.has(key) || word === undefined || others.length > 0) return [];
          const edit: Act = { side, what: 'comment.edit', issue: 0, item, id };
          return [{ edit, back: { ...edit, word } }];
        }),
      ),
  );
  return said[nth % Math.max(1, said.length)];
}
