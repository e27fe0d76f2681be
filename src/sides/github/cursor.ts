import { z } from 'zod';
import { seconds } from './versions.ts';

/** What one listing is remembered by. */
export interface FeedCursor {
  /** Server's time up to which everything was seen, epoch milliseconds. */
  readonly since: number;
  /** Of the first page, if nothing in it was new: then an unchanged listing is answered 304. */
  readonly etag: string | undefined;
}

export interface Cursor {
  readonly issues: FeedCursor;
  readonly comments: FeedCursor;
}

const feedSchema = z.object({ since: z.string(), etag: z.string().optional() });
const cursorSchema = z.object({ v: z.literal(1), issues: feedSchema, comments: feedSchema });

/** Reads a cursor; a missing or unreadable one begins at `since` (it is only a cache). */
export function parseCursor(text: string | undefined, since: number): Cursor {
  const start: FeedCursor = { since, etag: undefined };
  if (text === undefined) return { issues: start, comments: start };
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return { issues: start, comments: start };
    return { issues: feedOf(parsed.data.issues, start), comments: feedOf(parsed.data.comments, start) };
  } catch {
    return { issues: start, comments: start };
  }
}

/** The same cursor always gives the same text, so that an unchanged one is seen to be so. */
export function formatCursor(cursor: Cursor): string {
  const feed = ({ since, etag }: FeedCursor) => ({ since: seconds(since), ...(etag === undefined ? {} : { etag }) });
  return JSON.stringify({ v: 1, issues: feed(cursor.issues), comments: feed(cursor.comments) });
}

function feedOf(feed: z.infer<typeof feedSchema>, start: FeedCursor): FeedCursor {
  const since = Date.parse(feed.since);
  return Number.isNaN(since) ? start : { since, etag: feed.etag };
}
