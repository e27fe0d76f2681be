import { itemKey } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { ownRole, roleElsewhere } from './names.ts';
import type { Trackers } from './trackers.ts';

/** The guard takes for removed what was seen absent twice so far apart; what is hidden here comes back before. */
const hiddenMsMax = 9 * 60_000;

/**
 * Takes one of the people's comments on Jira out of the connection's sight for a cycle, as a role that it lacks does, and
 * returns what shows it again. The comment was not removed, so its copy has to stay (I6).
 */
export function hideComment({ jira, people, clock }: Trackers, ledger: Ledger): () => void {
  const found = jira.people.issues().flatMap((issue) =>
    issue.comments.flatMap((comment) => {
      const entry = ledger.comments.get(itemKey('public', comment.id));
      const isOpen = entry !== undefined && !entry.restricted && clock.now() - (entry.hiddenAt ?? clock.now()) < hiddenMsMax;
      return isOpen ? [{ issue, comment, entry }] : [];
    }),
  );
  const { issue, comment, entry } = found.find((one) => one.entry.hiddenAt !== undefined) ?? found[0] ?? {};
  if (issue === undefined || comment === undefined || entry === undefined) return () => undefined;
  entry.hiddenAt ??= clock.now();
  jira.people.editComment(issue.id, comment.id, { as: people.ben, visibility: { type: 'role', value: roleElsewhere } });
  return () => {
    const isThere = jira.people.issue(issue.id)?.comments.some((one) => one.id === comment.id);
    if (isThere === true) jira.people.editComment(issue.id, comment.id, { as: people.ben, visibility: null });
  };
}

/**
 * Restricts what the connection could read as one of its role alone to another role, and returns what restores it. Its
 * permissions and roles stay what they were, so that nothing but the pair itself tells that the comment may be there (I6).
 */
export function narrowComments({ jira, people, clock }: Trackers, ledger: Ledger): () => void {
  const narrowed = jira.people.issues().flatMap((issue) =>
    issue.comments.flatMap((comment) => {
      const entry = ledger.comments.get(itemKey('public', comment.id));
      if (entry?.restricted !== true || entry.removed) return [];
      entry.hiddenAt ??= clock.now();
      jira.people.editComment(issue.id, comment.id, { as: people.ben, visibility: { type: 'role', value: roleElsewhere } });
      return [{ issue, comment }];
    }),
  );
  return () => {
    for (const { issue, comment } of narrowed) {
      const isThere = jira.people.issue(issue.id)?.comments.some((one) => one.id === comment.id);
      if (isThere === true)
        jira.people.editComment(issue.id, comment.id, { as: people.ben, visibility: { type: 'role', value: ownRole } });
    }
  };
}

/** The guard stops more removals than these, where there are fewer than 200 twins. */
export const removalsMax = 20;

/**
 * Takes all comments of an issue on Jira that has more of them, with copies, than may be removed at once out of sight, as a
 * server does that shows empty lists; returns what shows them again. Nobody removed them, so the copies have to stay (I6).
 */
export function hideMany({ jira, people, clock }: Trackers, ledger: Ledger): () => void {
  const copied = new Set(ledger.commentCopies.values());
  const [many] = jira.people.issues().flatMap(({ id, comments }) => {
    const left = ledger.issues.get(ledger.copies.get(itemKey('public', id)) ?? itemKey('public', id))?.left;
    const shown = comments.flatMap((comment) => {
      const key = itemKey('public', comment.id);
      const entry = ledger.comments.get(key);
      const isSeen = entry !== undefined && copied.has(key) && !entry.restricted && !entry.buried && !entry.tampered;
      return isSeen ? [{ id: comment.id, entry }] : [];
    });
    return left === true || shown.length <= removalsMax ? [] : [{ id, shown }];
  });
  if (many === undefined) return () => undefined;
  for (const { id, entry } of many.shown) {
    entry.hiddenAt ??= clock.now();
    jira.people.editComment(many.id, id, { as: people.ben, visibility: { type: 'role', value: roleElsewhere } });
  }
  return () => {
    const there = new Set(jira.people.issue(many.id)?.comments.map(({ id }) => id));
    for (const { id } of many.shown)
      if (there.has(id)) jira.people.editComment(many.id, id, { as: people.ben, visibility: null });
  };
}

/**
 * Takes the connection's account out of its role, and returns what lets it in again. What is restricted to that role comes
 * into sight afterwards, behind what was said meanwhile.
 */
export function loseRole({ jira, people, clock }: Trackers, ledger: Ledger): () => void {
  const noteHidden = (): void => {
    for (const entry of ledger.comments.values()) if (entry.restricted) entry.hiddenAt ??= clock.now();
  };
  noteHidden();
  jira.people.setRoles(people.sync, []);
  return () => {
    noteHidden();
    jira.people.setRoles(people.sync, [ownRole]);
  };
}
