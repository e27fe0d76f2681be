import type { Observation, ObserveRequest, Touched } from '../side.ts';
import { splitBody } from '../marked-body.ts';
import type { Cursor, FeedCursor } from './cursor.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import type { IssueReading } from './issue-reading.ts';
import type { Page } from './pages.ts';
import { pagesOf } from './pages.ts';
import { pathOf } from './repository.ts';
import { commentsSchema, issuesSchema } from './schemas.ts';
import type { GitHubComment, GitHubIssue } from './schemas.ts';
import type { PrivateTrigger } from './trigger.ts';
import { matches } from './trigger.ts';
import { covers, earlier, seconds, versionOf } from './versions.ts';

/** How far before the cursor a listing begins (sync-model.md, "A cycle"), milliseconds. */
const overlapMs = 2 * 60_000;
/** A listing of nothing new that is longer than this moves its cursor all the same: pull requests fill it. */
const quietLengthMax = 50;

/** What the listings told of one issue. */
interface Sighting {
  readonly updatedAt: number;
  /** Server's time of the reading, the earliest where there are two. */
  readonly readAt: number | undefined;
}

interface Read<T> {
  readonly item: T;
  /** Server's time of the page's answer. */
  readonly readAt: number | undefined;
}

interface FeedResult<T> {
  readonly items: readonly Read<T>[];
  readonly next: FeedCursor;
}

/**
 * What changed since the cursor: two requests when nothing did, each answered 304 after the first quiet time. Both listings
 * come newest first, because an update between two pages then shows an item twice; oldest first, it would hide one.
 * Comments are listed on their own, since editing one may not touch its issue.
 */
export async function observe(reading: IssueReading, trigger: PrivateTrigger, request: ObserveRequest): Promise<Observation> {
  reading.forget();
  const cursor = parseCursor(request.cursor, request.since);
  const isKnown = (id: string, updatedAt: number): boolean => covers(request.knownVersion(id), updatedAt);
  const issues = await readIssues(reading, cursor, isKnown);
  const comments = await readComments(reading, cursor, isKnown);
  const sightings = sightingsOf({ issues: issues.items, comments: comments.items, isKnown });
  const touched = await Promise.all(
    [...sightings].map(([id, sighting]) => touchedOf(reading, trigger, { id, sighting, isTwinned: request.isTwinned(id) })),
  );
  const found = touched.filter((one) => one !== undefined);
  return {
    touched: found.toSorted((one, other) => one.updatedAt - other.updatedAt || Number(one.id) - Number(other.id)),
    cursor: formatCursor({ issues: issues.next, comments: comments.next }),
  };
}

type IsKnown = (id: string, updatedAt: number) => boolean;

async function readIssues(reading: IssueReading, cursor: Cursor, isKnown: IsKnown): Promise<FeedResult<GitHubIssue>> {
  const pages = pagesOf(
    reading.api,
    {
      route: 'GET /repos/{owner}/{repo}/issues',
      parameters: { ...pathOf(reading.repository), state: 'all', ...newestFirst(cursor.issues) },
    },
    { purpose: 'work', what: 'the changed issues', schema: issuesSchema, etag: cursor.issues.etag },
  );
  return readFeed(pages, {
    cursor: cursor.issues,
    isKnown: (issue) => isPullRequest(issue) || isKnown(String(issue.number), issue.updated_at),
    keep: (issue, readAt) => {
      if (!isPullRequest(issue)) reading.remember(issue, readAt);
    },
  });
}

async function readComments(reading: IssueReading, cursor: Cursor, isKnown: IsKnown): Promise<FeedResult<GitHubComment>> {
  const pages = pagesOf(
    reading.api,
    {
      route: 'GET /repos/{owner}/{repo}/issues/comments',
      parameters: { ...pathOf(reading.repository), ...newestFirst(cursor.comments) },
    },
    { purpose: 'work', what: 'the changed comments', schema: commentsSchema, etag: cursor.comments.etag },
  );
  return readFeed(pages, {
    cursor: cursor.comments,
    isKnown: (comment) => {
      const id = issueOf(comment);
      return id === undefined || isKnown(id, comment.updated_at);
    },
    keep: () => undefined,
  });
}

function newestFirst(cursor: FeedCursor) {
  return {
    sort: 'updated' as const,
    direction: 'desc' as const,
    since: seconds(Math.max(0, cursor.since - overlapMs)),
    per_page: 100,
  };
}

interface FeedOptions<T> {
  readonly cursor: FeedCursor;
  readonly isKnown: (item: T) => boolean;
  readonly keep: (item: T, readAt: number | undefined) => void;
}

/**
 * Reads one listing until a page lies wholly before the cursor's time and holds nothing unknown. `since` moves, to the time of
 * the first answer, only when there was something new (or much that is none of ours): an unmoved one keeps the URL, and
 * with it the ETag, as it is.
 */
async function readFeed<T extends { readonly updated_at: number }>(
  pages: AsyncIterable<Page<T>>,
  options: FeedOptions<T>,
): Promise<FeedResult<T>> {
  const items: Read<T>[] = [];
  let first: Page<T> | undefined;
  for await (const page of pages) {
    first ??= page;
    for (const item of page.items) {
      items.push({ item, readAt: page.answer.servedAt });
      options.keep(item, page.answer.servedAt);
    }
    const isOld = page.items.every((item) => item.updated_at < options.cursor.since && options.isKnown(item));
    if (isOld) break;
  }
  if (first === undefined || first.answer.status === 304) return { items: [], next: options.cursor };
  const isQuiet = items.length <= quietLengthMax && items.every(({ item }) => options.isKnown(item));
  if (isQuiet) return { items, next: { since: options.cursor.since, etag: first.answer.headers['etag'] } };
  return { items, next: { since: Math.max(options.cursor.since, first.answer.servedAt ?? 0), etag: undefined } };
}

function sightingsOf(seen: {
  readonly issues: readonly Read<GitHubIssue>[];
  readonly comments: readonly Read<GitHubComment>[];
  readonly isKnown: IsKnown;
}): ReadonlyMap<string, Sighting> {
  const sightings = new Map<string, Sighting>();
  const note = (id: string, { item, readAt }: Read<{ readonly updated_at: number }>): void => {
    if (seen.isKnown(id, item.updated_at)) return;
    const before = sightings.get(id);
    sightings.set(id, {
      updatedAt: Math.max(item.updated_at, before?.updatedAt ?? 0),
      readAt: before === undefined ? readAt : earlier(readAt, before.readAt),
    });
  };
  for (const read of seen.issues) {
    if (!isPullRequest(read.item)) note(String(read.item.number), read);
  }
  for (const read of seen.comments) {
    const id = issueOf(read.item);
    if (id !== undefined) note(id, read);
  }
  return sightings;
}

/** Undefined for what turns out to be no issue of this repository (any more). */
async function touchedOf(
  reading: IssueReading,
  trigger: PrivateTrigger,
  one: { readonly id: string; readonly sighting: Sighting; readonly isTwinned: boolean },
): Promise<Touched | undefined> {
  const { id, sighting } = one;
  const known = reading.recall(id)?.issue;
  // Known only through a comment: labels and marks are on the issue alone, and matter only for what is not twinned.
  const issue = known ?? (one.isTwinned ? undefined : await reading.readOne(id, 'work'));
  if (issue === undefined && !one.isTwinned) return undefined;
  const updatedAt = Math.max(sighting.updatedAt, issue?.updated_at ?? 0);
  return touchedFrom(trigger, { id, updatedAt, readAt: sighting.readAt, issue });
}

/** How an issue shows in a list of touched ones. `issue` is undefined where nothing but its time is known. */
export function touchedFrom(
  trigger: PrivateTrigger,
  seen: {
    readonly id: string;
    readonly updatedAt: number;
    readonly readAt: number | undefined;
    readonly issue: GitHubIssue | undefined;
  },
): Touched {
  return {
    id: seen.id,
    version: versionOf(seen.updatedAt, seen.readAt),
    updatedAt: seen.updatedAt,
    inScope: matches(trigger, seen.issue?.labels ?? []),
    marked: splitBody(seen.issue?.body ?? '').marked,
  };
}

/** GitHub lists pull requests as issues. */
export function isPullRequest(issue: Pick<GitHubIssue, 'pull_request'>): boolean {
  return issue.pull_request !== undefined && issue.pull_request !== null;
}

/** The issue's number that a comment belongs to; undefined for comments of pull requests, which are listed alike. */
function issueOf(comment: GitHubComment): string | undefined {
  if (/\/pull\/\d+(?:#|$)/.test(comment.html_url)) return undefined;
  return /\/issues\/(\d+)$/.exec(comment.issue_url)?.[1];
}
