import { handOf } from './people.ts';
import type { Stage } from './people.ts';
import { itemKey, sideOf, wordsOf } from './ledger.ts';
import { ownRole } from './names.ts';
import type { Act } from './scenario.ts';

/**
 * The author of the nth comment on Jira keeps it from most people from now on, or lets everybody read it again. Returns what
 * its author writes next into what few can read, if it is that.
 */
export function toggleRestriction(stage: Stage, nth: number): Act | undefined {
  const { ledger, trackers } = stage;
  const { jira, people, clock } = trackers;
  const all = handOf(stage, 'public')
    .issues()
    .flatMap(({ id, comments }) =>
      comments.flatMap((comment, item) => {
        const entry = ledger.comments.get(itemKey('public', comment.id));
        const isOther = entry === undefined || entry.buried || (entry.hiddenAt !== undefined && !entry.wasRestricted);
        return isOther ? [] : [{ issue: id, comment: comment.id, item, entry }];
      }),
    );
  const chosen = all[nth % Math.max(1, all.length)];
  if (chosen === undefined) return undefined;
  const { issue, comment, item, entry } = chosen;
  entry.restricted = !entry.restricted;
  entry.wasRestricted = true;
  entry.restrictedAt = entry.restricted ? clock.now() : undefined;
  // What comes into sight again may have its copy behind what was said meanwhile.
  entry.hiddenAt ??= clock.now();
  const visibility = entry.restricted ? ({ type: 'role', value: ownRole } as const) : null;
  jira.people.editComment(issue, comment, { as: people.ben, visibility });
  return entry.restricted ? { side: 'public', what: 'comment.edit', issue: 0, item, id: issue } : undefined;
}

/** I8: with `hold`, nothing that was written into a comment since few can read it stands on the other side. */
export function leaks({ trackers, ledger }: Stage): readonly string[] {
  const said = trackers.there.issues().flatMap(({ comments }) => comments.flatMap(({ text }) => wordsOf(text)));
  const crossed = new Set(said);
  return [...ledger.words.values()].flatMap(({ word, comment }) => {
    const entry = ledger.comments.get(comment ?? '');
    const since = entry?.restrictedAt;
    const at = ledger.writtenAt.get(word);
    const isOwn = sideOf(comment ?? '') === 'public' && ledger.words.get(word)?.issue === entry?.issue;
    if (since === undefined || at === undefined || at < since || !isOwn || !crossed.has(word)) return [];
    return [`I8: ${word} was written into the held comment ${comment}, and crossed`];
  });
}
