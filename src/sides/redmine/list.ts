import { z } from 'zod';
import type { IssueSnapshot } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { Observation, ObserveRequest, OwnIssues, Touched } from '../side.ts';
import { timeOf } from './ids.ts';
import { fetchUnlessGone } from './load.ts';
import type { RedmineParts } from './parts.ts';
import { issueListSchema } from './schemas.ts';
import type { RedmineIssue } from './schemas.ts';
import { isMarked, issueSnapshot, versionOf } from './snapshots.ts';

/** A transaction that was long in coming may commit with an older time; listings reach back this far before the cursor. */
const overlapMs = 2 * 60_000;
const pageSize = 100;
/** I9: pages of one listing. */
const pagesMax = 2_000;

const cursorSchema = z.object({ at: z.number() });

interface Query {
  readonly filters: Readonly<Record<string, string>>;
  readonly sort: string;
  readonly purpose: Purpose;
  readonly until?: (page: readonly RedmineIssue[]) => boolean;
}

/**
 * Issues, open and closed, of all pages. Where issues are deleted meanwhile the ones behind them move forward: the next page
 * then begins that much earlier, so that none is passed over.
 */
async function listIssues(parts: RedmineParts, query: Query): Promise<readonly RedmineIssue[]> {
  const found = new Map<number, RedmineIssue>();
  let offset = 0;
  let total: number | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await parts.api.read(issueListSchema, {
      path: '/issues.json',
      query: { status_id: '*', ...query.filters, sort: query.sort, limit: pageSize, offset },
      purpose: query.purpose,
      what: 'a list of issues',
    });
    for (const issue of answer.issues) found.set(issue.id, issue);
    const removed = Math.max(0, (total ?? answer.total_count) - answer.total_count);
    total = answer.total_count;
    if (removed > 0) {
      offset = Math.max(0, offset - removed);
      continue;
    }
    offset += answer.issues.length;
    if (answer.issues.length === 0 || offset >= answer.total_count || query.until?.(answer.issues) === true)
      return [...found.values()];
  }
  throw new SallyportError(
    `${parts.api.host}: a list of issues of project ${parts.project.name} has more than ${pagesMax} pages; narrow the trigger.`,
    { kind: 'limit' },
  );
}

/** Of the project itself: those of its subprojects are other projects' issues. */
function ofProject(parts: RedmineParts): Record<string, string> {
  return { project_id: parts.project.id, subproject_id: '!*' };
}

/**
 * What changed in the project since the cursor, newest first: a change during the paging then repeats an entry instead of
 * hiding one. Everything back to the cursor is read; in the overlap before it, until a page holds nothing unknown.
 */
export async function observe(parts: RedmineParts, request: ObserveRequest): Promise<Observation> {
  const at = request.cursor === undefined ? undefined : cursorSchema.parse(JSON.parse(request.cursor)).at;
  const from = at ?? request.since;
  const floor = new Date(at === undefined ? from : from - overlapMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const before = parts.api.serverTime();
  const isKnown = (issue: RedmineIssue): boolean => request.knownVersion(String(issue.id)) === issue.updated_on;
  const found = await listIssues(parts, {
    filters: { ...ofProject(parts), updated_on: `>=${floor}` },
    sort: 'updated_on:desc',
    purpose: 'work',
    until: (page) => page.every((issue) => timeOf(issue.updated_on) < from && isKnown(issue)),
  });
  const touched = found.filter((issue) => !isKnown(issue)).map((issue) => touchedOf(parts, issue));
  return {
    touched: touched.toSorted((one, other) => one.updatedAt - other.updatedAt),
    cursor: JSON.stringify({ at: before ?? parts.api.serverTime() ?? from }),
  };
}

function touchedOf(parts: RedmineParts, issue: RedmineIssue): Touched {
  return {
    id: String(issue.id),
    version: versionOf(parts, issue.updated_on),
    updatedAt: timeOf(issue.updated_on),
    inScope: parts.trigger.holds(issue),
    marked: isMarked(issue),
  };
}

export async function listTriggered(parts: RedmineParts, purpose: Purpose): Promise<readonly Touched[]> {
  const found = await listIssues(parts, {
    filters: { ...ofProject(parts), ...parts.trigger.query },
    sort: 'id:asc',
    purpose,
  });
  return found.filter((issue) => parts.trigger.holds(issue)).map((issue) => touchedOf(parts, issue));
}

/** Every issue of the connection's account, whichever project it lies in. */
export async function listOwn(parts: RedmineParts, purpose: Purpose): Promise<OwnIssues> {
  const found = await listIssues(parts, { filters: { author_id: parts.account.id }, sort: 'id:asc', purpose });
  const marked = found.filter((issue) => isMarked(issue));
  const read: IssueSnapshot[] = [];
  for (const issue of marked) {
    const whole = await fetchUnlessGone(parts, String(issue.id), purpose);
    if (whole !== undefined) read.push(issueSnapshot(parts, whole));
  }
  return { marked: read, unmarked: found.length - marked.length };
}
