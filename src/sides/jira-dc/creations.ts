import type { IssueSnapshot } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { OwnIssues } from '../side.ts';
import { minuteOf } from '../jira/jql-minute.ts';
import { fetchIssue, snapshotOf } from './load.ts';
import type { JiraDcParts } from './parts.ts';
import { requireProjectShown } from './project-shown.ts';
import { search } from './search.ts';
import { isOwn } from './snapshots.ts';

/** So many keys in a row without an issue end a look-up: keys of issues that were deleted or moved away leave gaps. */
const gapMax = 50;
const keysMax = 2_000;

/** The highest issue key that the search shows, with `untouchedFor` of an issue that nothing has changed for so long. */
export async function creationMark(parts: JiraDcParts, untouchedFor?: number): Promise<string> {
  const now = parts.api.serverTime();
  const until =
    untouchedFor === undefined || now === undefined ? '' : ` AND updated <= "${minuteOf(now - untouchedFor, parts.timeZone)}"`;
  const [newest] = await search(parts, {
    jql: `project = ${parts.project.id}${until} ORDER BY key DESC`,
    purpose: 'work',
    limit: 1,
  });
  return newest?.key ?? `${parts.project.key}-0`;
}

/**
 * The connection's marked issues with keys above a mark, read by their keys: unlike the search, which reads a node's index,
 * that never lags (I2). There is no bulk fetch, so it costs a request a key; it is done after a dead run alone.
 */
export async function markedSince(parts: JiraDcParts, mark: string): Promise<readonly IssueSnapshot[]> {
  const first = Number(/-(\d+)$/.exec(mark)?.[1] ?? 0) + 1;
  const project = await requireProjectShown(parts, 'work');
  const found: IssueSnapshot[] = [];
  let gap = 0;
  for (let number = first; number < first + keysMax; number += 1) {
    const issue = await fetchIssue(parts, `${project.key}-${number}`, 'work');
    gap = issue === undefined ? gap + 1 : 0;
    if (gap >= gapMax) return found;
    // An issue that was moved, and back, has two keys here.
    if (issue === undefined || !isOwn(parts, issue.fields.creator) || found.some(({ id }) => id === issue.id)) continue;
    const snapshot = await snapshotOf(parts, issue, 'work');
    if (snapshot.marked) found.push(snapshot);
  }
  // I2: an incomplete look-up must not pass for "there is no copy".
  throw new SallyportError(
    `${parts.api.host}: more than ${keysMax} issues were created in ${project.key} since ${mark}; copies of an interrupted run cannot be looked up. Run sync with audit: full.`,
    { kind: 'limit' },
  );
}

/** Every issue that the connection's account created, across projects: the marked ones are the copies (sync-model.md, "State"). */
export async function listOwn(parts: JiraDcParts, purpose: Purpose): Promise<OwnIssues> {
  const entries = await search(parts, { jql: 'creator = currentUser() ORDER BY key ASC', purpose });
  const own: IssueSnapshot[] = [];
  for (const { id } of entries) {
    const issue = await fetchIssue(parts, id, purpose);
    if (issue !== undefined) own.push(await snapshotOf(parts, issue, purpose));
  }
  const marked = own.filter((snapshot) => snapshot.marked);
  return { marked, unmarked: own.length - marked.length };
}
