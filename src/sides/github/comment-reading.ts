import type { Unreadable } from '../../core/model.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { SallyportError } from '../../errors.ts';
import type { IssueReading, ReadIssue } from './issue-reading.ts';
import { unreadableFor } from './issue-reading.ts';
import { allOf, pagesOf } from './pages.ts';
import { pathOf } from './repository.ts';
import { commentsSchema } from './schemas.ts';
import type { GitHubComment } from './schemas.ts';

/** From so many issues on it is worth asking how long the repository's whole listing is. */
const worthAsking = 8;

/** The comments of one issue, oldest first, or why they cannot be read. */
export type CommentsRead =
  | { readonly kind: 'read'; readonly comments: readonly GitHubComment[]; readonly readAt: number | undefined }
  | Unreadable;

/**
 * The comments of these issues: none asked for where there are none, one listing an issue, or the repository's listing of all
 * comments where that takes fewer requests.
 */
export async function readComments(
  reading: IssueReading,
  issues: readonly ReadIssue[],
  purpose: Purpose,
): Promise<ReadonlyMap<string, CommentsRead>> {
  const found = new Map<string, CommentsRead>();
  for (const { issue, readAt } of issues) {
    if (issue.comments === 0) found.set(String(issue.number), { kind: 'read', comments: [], readAt });
  }
  const commented = issues.filter(({ issue }) => issue.comments > 0);
  if (commented.length > worthAsking) {
    for (const [id, comments] of await readWhole(reading, commented, purpose)) found.set(id, comments);
  }
  const left = commented.filter(({ issue }) => !found.has(String(issue.number)));
  await Promise.all(left.map(async ({ issue }) => found.set(String(issue.number), await readOf(reading, issue.number, purpose))));
  return found;
}

async function readOf(reading: IssueReading, issueNumber: number, purpose: Purpose): Promise<CommentsRead> {
  const pages = pagesOf(
    reading.api,
    {
      route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { ...pathOf(reading.repository), issue_number: issueNumber, per_page: 100 },
    },
    { purpose, what: `the comments of #${issueNumber}`, schema: commentsSchema },
  );
  const readAt = reading.api.serverTime();
  try {
    const comments = await allOf(pages);
    reading.rememberComments(comments);
    return { kind: 'read', comments, readAt: readAt ?? reading.api.serverTime() };
  } catch (error) {
    // One issue's failure is its own, unless it concerns the host or the credentials as a whole.
    if (!(error instanceof SallyportError) || !['passing', 'gone', 'refused', 'answer'].includes(error.kind)) throw error;
    return unreadableFor(error);
  }
}

/**
 * The repository's whole listing, if its first page tells that it is short enough. Oldest first, so that new comments come
 * at the end; a removal between two pages hides one, so an issue whose number of comments differs is left to be read by itself.
 */
async function readWhole(
  reading: IssueReading,
  issues: readonly ReadIssue[],
  purpose: Purpose,
): Promise<ReadonlyMap<string, CommentsRead>> {
  const readAt = reading.api.serverTime();
  const byIssue = new Map<string, GitHubComment[]>(issues.map(({ issue }) => [String(issue.number), []]));
  const pages = pagesOf(
    reading.api,
    {
      route: 'GET /repos/{owner}/{repo}/issues/comments',
      parameters: { ...pathOf(reading.repository), sort: 'created', direction: 'asc', per_page: 100 },
    },
    { purpose, what: 'all comments', schema: commentsSchema },
  );
  for await (const page of pages) {
    if (page.pageCount === undefined || page.pageCount > issues.length) return new Map();
    reading.rememberComments(page.items);
    for (const comment of page.items) {
      const id = /\/issues\/(\d+)$/.exec(comment.issue_url)?.[1] ?? '';
      byIssue.get(id)?.push(comment);
    }
  }
  const complete = issues.filter(({ issue }) => byIssue.get(String(issue.number))?.length === issue.comments);
  return new Map(
    complete.map(({ issue }): [string, CommentsRead] => {
      const comments = byIssue.get(String(issue.number)) ?? [];
      return [String(issue.number), { kind: 'read', comments, readAt }];
    }),
  );
}
