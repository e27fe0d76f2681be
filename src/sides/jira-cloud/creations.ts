import type { IssueSnapshot } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { OwnIssues } from '../side.ts';
import { fetchIssues, snapshotsOf } from './load.ts';
import type { JiraParts } from './parts.ts';
import { requireProjectShown } from './project-shown.ts';
import { minuteOf } from '../jira/jql-minute.ts';
import { search } from './search.ts';

/** Keys looked at in one request, and requests at most. */
const keysPerRequest = 100;
const requestsMax = 20;

/**
 * The highest issue key that the search shows: one that lags is lower, which only makes the look-up longer. With `untouchedFor`
 * (milliseconds) it is the highest key of an issue that nothing has changed for so long: an issue moved here lately has a key
 * above those of copies that the search does not show yet.
 */
export async function creationMark(parts: JiraParts, untouchedFor?: number): Promise<string> {
  const now = parts.api.serverTime();
  const until =
    untouchedFor === undefined || now === undefined ? '' : ` AND updated <= "${minuteOf(now - untouchedFor, parts.timeZone)}"`;
  const [newest] = await search(parts, {
    jql: `project = ${parts.project.id}${until} ORDER BY key DESC`,
    purpose: 'work',
    pageSize: 1,
    until: (page) => page.length > 0,
  });
  return newest?.key ?? `${parts.project.key}-0`;
}

/**
 * The connection's marked issues with keys above a mark, by a bulk fetch of those keys: unlike the search it never lags.
 * Ends at the first hundred keys of which none exists.
 */
export async function markedSince(parts: JiraParts, mark: string): Promise<readonly IssueSnapshot[]> {
  const first = Number(/-(\d+)$/.exec(mark)?.[1] ?? 0) + 1;
  // The project's key may have changed since the mark, or since initiate: numbers go on under the new one.
  const project = await requireProjectShown(parts, 'work');
  const found: IssueSnapshot[] = [];
  for (let request = 0; request < requestsMax; request += 1) {
    const start = first + request * keysPerRequest;
    const keys = Array.from({ length: keysPerRequest }, (_, index) => `${project.key}-${start + index}`);
    const issues = await fetchIssues(parts, keys, 'work');
    if (issues.length === 0) return found;
    const own = issues.filter((issue) => issue.fields.creator?.accountId === parts.account.id);
    found.push(...(await snapshotsOf(parts, own, 'work')).filter((issue) => issue.marked));
  }
  // I2: an incomplete look-up must not pass for "there is no copy".
  throw new SallyportError(
    `Jira: more than ${keysPerRequest * requestsMax} issues were created in ${project.key} since ${mark}; copies of an interrupted run cannot be looked up. Run sync with audit: full.`,
    { kind: 'limit' },
  );
}

/** Every issue that the connection's account created, across projects: the marked ones are the copies (sync-model.md, "State"). */
export async function listOwn(parts: JiraParts, purpose: Purpose): Promise<OwnIssues> {
  const found = await search(parts, { jql: 'creator = currentUser() ORDER BY id ASC', purpose });
  const ids = new Set(found.map((entry) => entry.id));
  const marked = new Set(found.filter((entry) => entry.marked).map((entry) => entry.id));
  const issues = await fetchIssues(parts, [...marked], purpose);
  return { marked: await snapshotsOf(parts, issues, purpose), unmarked: ids.size - marked.size };
}

/** Jira finds an issue by a property only where an app says so: all issues of the project are listed, a hundred a request. */
export async function listLedgers(parts: JiraParts, purpose: Purpose): Promise<readonly string[]> {
  const found = await search(parts, { jql: `project = ${parts.project.id} ORDER BY id ASC`, purpose });
  return [...new Set(found.filter((entry) => entry.marked).map((entry) => entry.id))];
}
