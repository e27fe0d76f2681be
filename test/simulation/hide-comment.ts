import { itemKey, originOf } from './ledger.ts';
import type { Ledger, LedgerComment } from './ledger.ts';
import { ownRole, roleElsewhere } from './names.ts';
import type { Trackers } from './trackers.ts';

/** The guard takes for removed what was seen absent twice so far apart; what is hidden here comes back before. */
const hiddenMsMax = 9 * 60_000;

interface Found {
  readonly issue: string;
  readonly comment: string;
  readonly entry: LedgerComment;
}

/** The people's comments on Jira that the ledger knows and that are so, in the order of their issues. */
function commentsThat(
  { jira }: Trackers,
  ledger: Ledger,
  areSo: (entry: LedgerComment, key: string) => boolean,
): readonly Found[] {
  return jira.people.issues().flatMap((issue) =>
    issue.comments.flatMap((comment): Found[] => {
      const key = itemKey('public', comment.id);
      const entry = ledger.comments.get(key);
      return entry !== undefined && areSo(entry, key) ? [{ issue: issue.id, comment: comment.id, entry }] : [];
    }),
  );
}

/** Restricts comments to a role that the connection's account does not have; returns what gives them back to `role`, or to all. */
function outOfSight(trackers: Trackers, found: readonly Found[], role?: string): () => void {
  return keepFor(trackers, found, { meanwhile: roleElsewhere, afterwards: role });
}

/** Restricts comments to a role, and returns what gives them back to another one, or to all. */
function keepFor(
  { jira, people, clock }: Trackers,
  found: readonly Found[],
  roles: { readonly meanwhile: string; readonly afterwards: string | undefined },
): () => void {
  const show = ({ issue, comment }: Found, value: string | undefined): void => {
    const visibility = value === undefined ? null : ({ type: 'role', value } as const);
    jira.people.editComment(issue, comment, { as: people.ben, visibility });
  };
  for (const one of found) {
    one.entry.hiddenAt ??= clock.now();
    show(one, roles.meanwhile);
  }
  return () => {
    for (const one of found)
      if (jira.people.issue(one.issue)?.comments.some(({ id }) => id === one.comment) === true) show(one, roles.afterwards);
  };
}

/**
 * Takes one of the people's comments on Jira out of the connection's sight for a cycle, as a role that it lacks does, and
 * returns what shows it again. The comment was not removed, so its copy has to stay (I6).
 */
export function hideComment(trackers: Trackers, ledger: Ledger): () => void {
  const now = trackers.clock.now();
  const found = commentsThat(
    trackers,
    ledger,
    ({ restricted, hiddenAt }) => !restricted && now - (hiddenAt ?? now) < hiddenMsMax,
  );
  const hidden = found.find(({ entry }) => entry.hiddenAt !== undefined) ?? found[0];
  return outOfSight(trackers, hidden === undefined ? [] : [hidden]);
}

/**
 * Restricts what the connection could read as one of its role alone to another role, and returns what restores it. Its
 * permissions and roles stay what they were, so that nothing but the pair itself tells that the comment may be there (I6). Of
 * what became restricted later no pair tells before a run has read it so.
 */
export function narrowComments(trackers: Trackers, ledger: Ledger): () => void {
  const found = commentsThat(
    trackers,
    ledger,
    ({ restricted, wasRestricted, removed }) => restricted && wasRestricted !== true && !removed,
  );
  return outOfSight(trackers, found, ownRole);
}

/** Fewer than the guard would stop for their number. */
const keptMax = 5;

/**
 * Takes the connection's account out of its role while comments that all could read, and that have copies, are kept for that
 * role: no pair tells that they may be there, but the account has lost what it had. Returns what undoes both. Nobody removed
 * them, so the copies have to stay (I6).
 */
export function keepForLostRole(trackers: Trackers, ledger: Ledger): () => void {
  const show = keepFor(trackers, manyOf(trackers, ledger, 1).slice(0, keptMax), { meanwhile: ownRole, afterwards: undefined });
  const letIn = loseRole(trackers, ledger);
  return () => {
    letIn();
    show();
  };
}

/** The guard stops more removals than these, where there are fewer than 200 twins. */
export const removalsMax = 20;

/**
 * Takes all comments of an issue on Jira that has more of them, with copies, than may be removed at once out of sight, as a
 * server does that shows empty lists; returns what shows them again. Nobody removed them, so the copies have to stay (I6).
 */
export function hideMany(trackers: Trackers, ledger: Ledger): () => void {
  return outOfSight(trackers, manyOf(trackers, ledger, removalsMax + 1));
}

/** All comments on Jira that have copies, of the first issue with so many of them. */
function manyOf(trackers: Trackers, ledger: Ledger, count: number): readonly Found[] {
  const copied = new Set(ledger.commentCopies.values());
  const seen = commentsThat(trackers, ledger, ({ restricted, buried }, key) => copied.has(key) && !restricted && !buried);
  const isOver = (issue: string): boolean => ledger.issues.get(originOf(ledger, itemKey('public', issue)))?.left === true;
  const byIssue = trackers.jira.people.issues().map(({ id }) => seen.filter(({ issue }) => issue === id && !isOver(id)));
  return byIssue.find(({ length }) => length >= count) ?? [];
}

/** All comments that stand on either side. */
function commentKeys({ there, jira }: Trackers): readonly string[] {
  return [
    ...there.issues().flatMap(({ comments }) => comments.map(({ id }) => itemKey('private', id))),
    ...jira.people.issues().flatMap(({ comments }) => comments.map(({ id }) => itemKey('public', id))),
  ];
}

/**
 * Whether copies of so many comments stand of which the originals are gone that the guard waits for an operator: of an issue
 * that was deleted and, as the state was lost before a run saw that, has a new copy, which takes its comments for removed.
 */
export function isGuarded(trackers: Trackers, ledger: Ledger): boolean {
  const standing = new Set(commentKeys(trackers));
  const gone = [...ledger.commentCopies].filter(([copy, origin]) => standing.has(copy) && !standing.has(origin));
  return gone.length > removalsMax;
}

/** More than half of what may be removed in a day, so that as much again is too much. */
const turn = Math.floor(removalsMax / 2) + 2;

/** Whether a copy of a comment is there that a person removed: more removals, and the guard would wait for an operator. */
function hasPending(trackers: Trackers, ledger: Ledger): boolean {
  return commentKeys(trackers).some((key) => ledger.comments.get(ledger.commentCopies.get(key) ?? '')?.removed === true);
}

/**
 * Somebody removes many comments of one issue, but not too many. Returns undefined where none has so many, else what is to be
 * called once their copies are gone: it takes as many again out of sight, which now are more than may be removed in a day, and
 * returns what shows them again, or undefined while a copy is there. Nobody removed those, so their copies have to stay (I6).
 */
export function removeInTurns(trackers: Trackers, ledger: Ledger): (() => (() => void) | undefined) | undefined {
  const many = manyOf(trackers, ledger, 2 * turn);
  if (many.length === 0 || hasPending(trackers, ledger)) return undefined;
  const copies = new Map([...ledger.commentCopies].map(([copy, origin]) => [origin, copy]));
  const gone = new Set<string>();
  for (const { issue, comment, entry } of many.slice(0, turn)) {
    entry.removed = true;
    trackers.jira.people.deleteComment(issue, comment);
    gone.add(copies.get(itemKey('public', comment)) ?? '');
  }
  return () => {
    const isLeft = trackers.there.issues().some(({ comments }) => comments.some(({ id }) => gone.has(itemKey('private', id))));
    return isLeft ? undefined : outOfSight(trackers, many.slice(turn, 2 * turn));
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
