import { itemKey, newestWord, originOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import type { Trackers } from './trackers.ts';

/** No search shows where a copy went that left its project so lately: with the state lost, too, it is made again. */
const searchLagMsMax = 15 * 60_000;

/**
 * Notes every issue and comment that the connection's account has made since the last look, and of what it is a copy, by
 * the words that it holds as it is made. Returns what breaks I2: an origin that has had two copies.
 */
export function observeCopies(trackers: Trackers, ledger: Ledger): readonly string[] {
  const broken: string[] = [];
  const note = (copies: Map<string, string>, key: string, origin: string | undefined): void => {
    if (copies.has(key)) return;
    if (origin === undefined) {
      broken.push(`I2: ${key} was made by the connection and is a copy of nothing that a person wrote`);
      copies.set(key, 'nothing');
      return;
    }
    const other = [...copies].find(([, known]) => known === origin);
    // Comments and issues are numbered each for themselves.
    const issue = copies === ledger.commentCopies ? (ledger.comments.get(origin)?.issue ?? '') : origin;
    if (other !== undefined && !hasLeftUnseen(issue)) broken.push(`I2: ${origin} has two copies: ${other[0]} and ${key}`);
    copies.set(key, origin);
  };
  /** The copy is not there any more, and the state that knew of it was lost since, or no search tells yet where it went. */
  const hasLeftUnseen = (issue: string): boolean => {
    const entry = ledger.issues.get(originOf(ledger, issue));
    // Made by a run that died; gone, its stamp altered or taken out before another run could see it: nothing else tells of it.
    if (entry?.lostUnseen === true) {
      // The first copy is a stranger from now on.
      entry.left = true;
      return true;
    }
    const leftAt = entry?.leftAt;
    if (leftAt === undefined) return false;
    return ledger.stateLostAt >= leftAt || trackers.clock.now() - leftAt < searchLagMsMax;
  };
  const issueOf = (text: string): string | undefined => {
    const issue = ledger.words.get(newestWord(text) ?? '')?.issue;
    return issue === undefined ? undefined : originOf(ledger, issue);
  };
  const commentOf = (text: string): string | undefined => ledger.words.get(newestWord(text) ?? '')?.comment;
  for (const issue of trackers.jira.people.issues()) {
    if (issue.creator === trackers.people.sync) note(ledger.copies, itemKey('public', issue.id), issueOf(issue.summary));
    for (const comment of issue.comments)
      if (comment.author === trackers.people.sync)
        note(ledger.commentCopies, itemKey('public', comment.id), commentOf(comment.text));
  }
  for (const issue of trackers.there.issues()) {
    if (issue.isByConnection) note(ledger.copies, itemKey('private', issue.id), issueOf(issue.summary));
    for (const comment of issue.comments)
      if (comment.isByConnection) {
        const key = itemKey('private', comment.id);
        if (!ledger.commentCopies.has(key)) ledger.unread.get(itemKey('private', issue.id))?.add(key);
        note(ledger.commentCopies, key, commentOf(comment.text));
      }
  }
  return broken;
}
