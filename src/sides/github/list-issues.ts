import type { Author } from '../../core/model.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { SallyportError } from '../../errors.ts';
import type { OwnIssues, Touched } from '../side.ts';
import { splitBody } from '../marked-body.ts';
import type { IssueReading, ReadIssue } from './issue-reading.ts';
import { snapshotsOf } from './load.ts';
import { isPullRequest, touchedFrom } from './observe.ts';
import { pagesOf } from './pages.ts';
import { pathOf } from './repository.ts';
import { issuesSchema } from './schemas.ts';
import type { SnapshotContext } from './snapshots.ts';
import type { PrivateTrigger } from './trigger.ts';

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
 * Every issue that the connection's account created here. The author is asked for by login, which can be renamed, so the
 * id decides.
 *
 * @throws SallyportError `passing` if the comments of one cannot be read: an incomplete answer would make duplicates (I2).
 */
export async function listOwn(reading: IssueReading, context: SnapshotContext, purpose: Purpose): Promise<OwnIssues> {
  const listed = await listIssues(reading, creator(context.account), purpose);
  const own = listed.filter(({ issue }) => String(issue.user?.id) === context.account.id);
  const issues = own.filter(({ issue }) => splitBody(issue.body ?? '').marked);
  const snapshots = await snapshotsOf(reading, context, { issues, purpose });
  const marked = [...snapshots].map(([id, snapshot]) => {
    if (!('reason' in snapshot)) return snapshot;
    throw new SallyportError(`The connection's issue #${id} cannot be read whole: ${snapshot.reason}`, { kind: 'passing' });
  });
  return { marked, unmarked: own.length - issues.length };
}

/** GitHub Apps' accounts end in `[bot]`; the filter is not documented for them, so all issues are listed then. */
function creator(account: Author): { readonly creator?: string } {
  return account.displayName.endsWith('[bot]') || account.displayName === '' ? {} : { creator: account.displayName };
}

async function listIssues(
  reading: IssueReading,
  query: { readonly labels?: string; readonly creator?: string },
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
