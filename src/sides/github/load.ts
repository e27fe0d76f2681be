import type { IssueSnapshot, Loaded, Unreadable } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { readComments } from './comment-reading.ts';
import type { IssueLookup, IssueReading, ReadIssue } from './issue-reading.ts';
import { unreadableFor } from './issue-reading.ts';
import { isPullRequest } from './observe.ts';
import { pagesOf } from './pages.ts';
import { pathOf } from './repository.ts';
import { issuesSchema } from './schemas.ts';
import type { SnapshotContext } from './snapshots.ts';
import { issueSnapshot } from './snapshots.ts';

/** From so many issues on it is worth asking how long the repository's whole listing is. */
const worthAsking = 8;

/**
 * Reads issues whole. What this observation's listings told serves without another request unless `fresh` is asked for;
 * many others come from the repository's listing where that takes fewer requests than one each.
 */
export async function load(
  reading: IssueReading,
  context: SnapshotContext,
  request: { readonly ids: readonly string[]; readonly purpose: Purpose; readonly fresh: boolean },
): Promise<ReadonlyMap<string, Loaded>> {
  const { purpose } = request;
  const ids = [...new Set(request.ids)];
  if (request.fresh) for (const id of ids) reading.forgetOne(id);
  const missing = ids.filter((id) => reading.recall(id) === undefined);
  if (missing.length > worthAsking) await listWhole(reading, missing.length, purpose);
  const lookups = new Map(
    await Promise.all(ids.map(async (id): Promise<[string, IssueLookup]> => [id, await lookUp(reading, id, purpose)])),
  );
  const present = [...lookups.values()].flatMap((found) => (found.kind === 'present' ? [found.read] : []));
  const snapshots = await snapshotsOf(reading, context, { issues: present, purpose });
  return new Map(ids.map((id) => [id, loadedOf(lookups.get(id), snapshots.get(id))]));
}

/** Snapshots of issues that were read, by id; those whose comments cannot be read come with the reason. */
export async function snapshotsOf(
  reading: IssueReading,
  context: SnapshotContext,
  request: { readonly issues: readonly ReadIssue[]; readonly purpose: Purpose },
): Promise<ReadonlyMap<string, IssueSnapshot | Unreadable>> {
  const comments = await readComments(reading, request.issues, request.purpose);
  return new Map(
    request.issues.map(({ issue, readAt }): [string, IssueSnapshot | Unreadable] => {
      const read = comments.get(String(issue.number));
      if (read === undefined) return [String(issue.number), { kind: 'unreadable', reason: 'its comments were not read' }];
      if (read.kind === 'unreadable') return [String(issue.number), read];
      const parts = { issue, readAt, comments: read.comments, commentsReadAt: read.readAt };
      return [String(issue.number), issueSnapshot(parts, context)];
    }),
  );
}

async function lookUp(reading: IssueReading, id: string, purpose: Purpose): Promise<IssueLookup> {
  const known = reading.recall(id);
  if (!/^[1-9]\d*$/.test(id)) return { kind: 'unreadable', reason: `${id} is no number of an issue` };
  try {
    const found: IssueLookup = known === undefined ? await reading.lookUp(id, purpose) : { kind: 'present', read: known };
    if (found.kind === 'present' && isPullRequest(found.read.issue)) {
      return { kind: 'unreadable', reason: `#${id} is a pull request` };
    }
    return found;
  } catch (error) {
    // One issue's failure never stops another's; what concerns all of them does.
    if (!(error instanceof SallyportError) || !['passing', 'answer', 'refused'].includes(error.kind)) throw error;
    return unreadableFor(error);
  }
}

/** Remembers every issue of the repository, if the first page tells that this takes fewer requests than one an issue. */
async function listWhole(reading: IssueReading, wantedCount: number, purpose: Purpose): Promise<void> {
  const pages = pagesOf(
    reading.api,
    {
      route: 'GET /repos/{owner}/{repo}/issues',
      parameters: { ...pathOf(reading.repository), state: 'all', sort: 'created', direction: 'asc', per_page: 100 },
    },
    { purpose, what: 'all issues', schema: issuesSchema },
  );
  for await (const page of pages) {
    if (page.pageCount === undefined || page.pageCount > wantedCount) return;
    for (const issue of page.items) {
      if (!isPullRequest(issue)) reading.remember(issue, page.answer.servedAt);
    }
  }
}

function loadedOf(found: IssueLookup | undefined, snapshot: IssueSnapshot | Unreadable | undefined): Loaded {
  if (found === undefined) return { kind: 'unreadable', reason: 'it was not read' };
  if (found.kind !== 'present') return found;
  if (snapshot === undefined) return { kind: 'unreadable', reason: 'it was not read' };
  return 'reason' in snapshot ? snapshot : { kind: 'present', issue: snapshot };
}
