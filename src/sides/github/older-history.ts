import { kindOf, SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { BodyRevisions, Page, Revision, TimelineEvent } from './history-query.ts';
import {
  olderEventsQuery,
  olderEventsSchema,
  olderRevisionsQuery,
  olderRevisionsSchema,
  revisionsPerBody,
} from './history-query.ts';
import type { IssueReading } from './issue-reading.ts';

/** Revisions of one text that a further request asks for. */
const revisionsPerPage = 50;

/** Further pages of one list (I9): 2,000 revisions, 4,000 events. One account makes at most 500 edits an hour. */
const pagesMax = 40;

/** Where the first pages came from. */
export interface HistorySource {
  readonly reading: IssueReading;
  readonly purpose: Purpose;
  /** Epoch milliseconds: lists are read on until an entry is older. */
  readonly since: number;
}

/**
 * A text's revisions back to the newest one that is older than `since`, whose text is what the next one replaced. No request
 * where the first page reaches so far.
 *
 * @throws SallyportError `limit` for a text that has too many
 */
export async function withOlderRevisions<T extends BodyRevisions>(source: HistorySource, body: T, what: string): Promise<T> {
  const userContentEdits = await readOlder(body.userContentEdits, {
    what,
    reaches: ({ editedAt }: Revision) => Date.parse(editedAt) < source.since,
    read: (cursor) => olderRevisions(source, { id: body.id, after: cursor, first: revisionsPerPage }),
  });
  // What was written between two pages shows an entry of the first one again.
  const unique = new Map(userContentEdits.nodes.map((revision) => [revision.id, revision]));
  return { ...body, userContentEdits: { ...userContentEdits, nodes: [...unique.values()] } };
}

/** An issue's events back to the newest one that is older than `since`. @throws SallyportError `limit` as above */
export async function withOlderEvents(
  source: HistorySource,
  issue: { readonly id: string; readonly timelineItems: Page<TimelineEvent> },
  asked: { readonly withLabels: boolean; readonly what: string },
): Promise<readonly TimelineEvent[]> {
  const { nodes } = await readOlder(issue.timelineItems, {
    what: asked.what,
    reaches: ({ createdAt }: TimelineEvent) => Date.parse(createdAt ?? '') < source.since,
    read: async (before) => {
      const { data } = await source.reading.api.query(
        olderEventsQuery(asked.withLabels),
        { ids: [issue.id], before },
        { purpose: source.purpose, what: 'the history of edits', schema: olderEventsSchema },
      );
      return data.nodes[0]?.timelineItems;
    },
  });
  return nodes;
}

async function readOlder<T>(
  newest: Page<T>,
  list: {
    readonly what: string;
    /** Whether this entry is older than all that is wanted. */
    readonly reaches: (node: T) => boolean;
    /** Undefined where the issue or comment is gone: its history went with it. */
    readonly read: (cursor: string) => Promise<Page<T> | undefined>;
  },
): Promise<Page<T>> {
  let known = newest;
  for (let page = 0; page <= pagesMax; page += 1) {
    const { nodes, older } = known;
    if (older === undefined || nodes.slice(-1).some(list.reaches)) return known;
    if (page === pagesMax) break;
    const read = await list.read(older);
    if (read === undefined) return known;
    known = { nodes: [...nodes, ...read.nodes], older: read.older };
  }
  throw new SallyportError(
    `GitHub: ${list.what} was edited more than ${newest.nodes.length + pagesMax * revisionsPerPage} times since its history was last read; unlink an issue that a program edits all the time.`,
    { kind: 'limit' },
  );
}

/** Long texts may be more than GitHub gives at once: then as few are asked for as the first request does. */
async function olderRevisions(
  source: HistorySource,
  asked: { readonly id: string; readonly first: number; readonly after: string },
): Promise<Page<Revision> | undefined> {
  const { id, first, after } = asked;
  const options = { purpose: source.purpose, what: 'the history of edits', schema: olderRevisionsSchema };
  try {
    const { data } = await source.reading.api.query(olderRevisionsQuery, { ids: [id], first, after }, options);
    return data.nodes[0]?.userContentEdits;
  } catch (error) {
    if (kindOf(error) !== 'limit' || first <= revisionsPerBody) throw error;
    return olderRevisions(source, { ...asked, first: revisionsPerBody });
  }
}
