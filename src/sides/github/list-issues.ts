import type { Author, IssueSnapshot } from '../../core/model.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { SallyportError } from '../../errors.ts';
import type { Touched } from '../side.ts';
import { splitBody } from '../marked-body.ts';
import type { IssueReading, ReadIssue } from './issue-reading.ts';
import { snapshotsOf } from './load.ts';
import { isPullRequest, touchedFrom } from './observe.ts';
import { pagesOf } from './pages.ts';
import { pathOf } from './repository.ts';
import { issuesSchema } from './schemas.ts';
import type { SnapshotContext } from './snapshots.ts';
import type { PrivateTrigger } from './trigger.ts';
import { seconds } from './versions.ts';

/** Every issue in scope, open or closed, each once; one listing a label of the trigger. */
export async function listTriggered(
  reading: IssueReading,
  trigger: PrivateTrigger,
  purpose: Purpose,
): Promise<readonly Touched[]> {
  const touched = new Map<string, Touched>();
  const queries = trigger.kind === 'all' ? [{}] : trigger.anyOf.map((label) => ({ labels: label }));
  for (const query of queries) {
    for (const { issue, readAt } of await listIssues(reading, query, purpose)) {
      const id = String(issue.number);
      touched.set(id, touchedFrom(trigger, { id, updatedAt: issue.updated_at, readAt, issue }));
    }
  }
  return [...touched.values()].toSorted((one, other) => one.updatedAt - other.updatedAt || Number(one.id) - Number(other.id));
}

/**
 * Every issue that the connection's account created here and that carries a mark. The author is asked for by login, which
 * can be renamed, so the id decides.
 *
 * @throws SallyportError `passing` if the comments of one cannot be read: an incomplete answer would make duplicates (I2).
 */
export async function listMarked(
  reading: IssueReading,
  context: SnapshotContext,
  request: { readonly since: number | undefined; readonly purpose: Purpose },
): Promise<readonly IssueSnapshot[]> {
  const since = request.since === undefined ? {} : { since: seconds(request.since) };
  const listed = await listIssues(reading, { ...creator(context.account), ...since }, request.purpose);
  // The listing's bound is on the last change; an issue created after it was changed after it.
  const own = listed.filter(
    ({ issue }) =>
      String(issue.user?.id) === context.account.id &&
      issue.created_at >= Math.floor((request.since ?? 0) / 1000) * 1000 &&
      splitBody(issue.body ?? '').marked,
  );
  const snapshots = await snapshotsOf(reading, context, { issues: own, purpose: request.purpose });
  return [...snapshots].map(([id, snapshot]) => {
    if (!('reason' in snapshot)) return snapshot;
    throw new SallyportError(`The connection's issue #${id} cannot be read whole: ${snapshot.reason}`, { kind: 'passing' });
  });
}

/** GitHub Apps' accounts end in `[bot]`; the filter is not documented for them, so all issues are listed then. */
function creator(account: Author): { readonly creator?: string } {
  return account.displayName.endsWith('[bot]') || account.displayName === '' ? {} : { creator: account.displayName };
}

async function listIssues(
  reading: IssueReading,
  query: { readonly labels?: string; readonly creator?: string; readonly since?: string },
  purpose: Purpose,
): Promise<readonly ReadIssue[]> {
  const pages = pagesOf(
    reading.api,
    {
      route: 'GET /repos/{owner}/{repo}/issues',
      parameters: { ...pathOf(reading.repository), state: 'all', sort: 'created', direction: 'asc', per_page: 100, ...query },
    },
    { purpose, what: 'the issues', schema: issuesSchema },
  );
  const found: ReadIssue[] = [];
  for await (const page of pages) {
    for (const issue of page.items) {
      if (isPullRequest(issue)) continue;
      reading.remember(issue, page.answer.servedAt);
      found.push({ issue, readAt: page.answer.servedAt });
    }
  }
  return found;
}
