import { searchAndReconsileIssuesUsingJqlPost } from 'jira.js/cloud';
import { z } from 'zod';
import { SallyportError, kindOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { Observation, ObserveRequest, Touched } from '../side.ts';
import type { JiraParts } from './parts.ts';
import { requireProjectShown } from './project-shown.ts';
import { parsed } from '../jira/answers.ts';
import { requireClosedJql } from '../jira/closed-jql.ts';
import { minuteOf } from '../jira/jql-minute.ts';
import { anyMarkKey } from '../jira/mark-properties.ts';
import { timeOf } from '../jira/time.ts';
import { searchSchema } from './schemas.ts';

/** Jira's search lags behind writes by seconds to minutes; listings reach back this far before the cursor. */
const overlapMs = 15 * 60_000;
/** I9: pages of one search. */
const pagesMax = 1_000;
/** Ids that one JQL names at most. */
const idsMax = 100;

const cursorSchema = z.object({ at: z.number() });

interface Found {
  readonly id: string;
  readonly key: string;
  readonly updated: string;
  readonly updatedAt: number;
  readonly marked: boolean;
}

interface SearchQuery {
  readonly jql: string;
  readonly purpose: Purpose;
  readonly pageSize?: number;
  readonly until?: (page: readonly Found[]) => boolean;
}

/** Pages of a search, newest first where the JQL says so; `until` stops after a page. */
export async function search(parts: JiraParts, query: SearchQuery): Promise<readonly Found[]> {
  const found: Found[] = [];
  let nextPageToken: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const request = { jql: query.jql, maxResults: query.pageSize ?? 100, fields: ['updated'], properties: [anyMarkKey] };
    const answer = await searchAndReconsileIssuesUsingJqlPost(
      parts.api.clientFor(query.purpose),
      nextPageToken === undefined ? request : { ...request, nextPageToken },
    ).catch(async (error: unknown) => {
      // To an account that lost the project, Jira calls the JQL wrong, which it is not.
      if (kindOf(error) === 'refused') await requireProjectShown(parts, query.purpose);
      throw error;
    });
    const result = parsed(searchSchema, answer, 'a search');
    const entries = result.issues.map((issue) => ({
      id: issue.id,
      key: issue.key ?? '',
      updated: issue.fields?.updated ?? '',
      updatedAt: timeOf(issue.fields?.updated),
      marked: issue.properties?.[anyMarkKey] !== undefined,
    }));
    found.push(...entries);
    nextPageToken = result.nextPageToken ?? undefined;
    // There is no total: a page may be short, even empty, and another may follow (reference/jira-cloud.md).
    if (nextPageToken === undefined || result.isLast === true || query.until?.(entries) === true) return found;
  }
  throw new SallyportError(
    `Jira: a search of project ${parts.project.key} has more than ${pagesMax} pages; narrow the trigger.`,
    { kind: 'limit' },
  );
}

/**
 * What changed in the project since the cursor, newest first: a change during the paging then repeats an entry instead of
 * hiding one. Everything back to the cursor is read; in the overlap before it, until a page holds nothing unknown.
 */
export async function observe(parts: JiraParts, request: ObserveRequest): Promise<Observation> {
  const at = request.cursor === undefined ? undefined : cursorSchema.parse(JSON.parse(request.cursor)).at;
  const from = at ?? request.since;
  const floor = minuteOf(at === undefined ? from : from - overlapMs, parts.timeZone);
  const before = parts.api.serverTime();
  const isKnown = (entry: Found): boolean => request.knownVersion(entry.id) === entry.updated;
  const found = await search(parts, {
    jql: `project = ${parts.project.id} AND updated >= "${floor}" ORDER BY updated DESC`,
    purpose: 'work',
    until: (page) => page.length > 0 && page.every((entry) => entry.updatedAt < from && isKnown(entry)),
  });
  const fresh = unique(found).filter((entry) => !isKnown(entry));
  const strangers = fresh.filter((entry) => !request.isTwinned(entry.id));
  const inScope = strangers.length === 0 ? new Set<string>() : await scopeOf(parts, { strangers, floor });
  const touched = fresh
    .map(
      (entry): Touched => ({
        id: entry.id,
        version: entry.updated,
        updatedAt: entry.updatedAt,
        inScope: inScope.has(entry.id),
        marked: entry.marked,
      }),
    )
    .toSorted((a, b) => a.updatedAt - b.updatedAt);
  return { touched, cursor: JSON.stringify({ at: before ?? parts.api.serverTime() ?? from }) };
}

function unique(found: readonly Found[]): readonly Found[] {
  return [...new Map(found.map((entry) => [entry.id, entry])).values()];
}

async function scopeOf(parts: JiraParts, asked: { strangers: readonly Found[]; floor: string }): Promise<ReadonlySet<string>> {
  const { strangers, floor } = asked;
  const bound = strangers.length <= idsMax ? `id in (${strangers.map((entry) => entry.id).join(', ')})` : `updated >= "${floor}"`;
  const found = await boundSearch(parts, { bound, floor });
  return new Set(found.map((entry) => entry.id));
}

/** Jira refuses `id in (…)` if one of the issues was deleted meanwhile, which a lagging search may still list. */
async function boundSearch(parts: JiraParts, asked: { bound: string; floor: string }): Promise<readonly Found[]> {
  try {
    return await search(parts, { jql: `${scopeJql(parts)} AND ${asked.bound}`, purpose: 'work' });
  } catch (error) {
    if (kindOf(error) !== 'refused') throw error;
    return triggered(parts, { jql: `${scopeJql(parts)} AND updated >= "${asked.floor}"`, purpose: 'work' });
  }
}

/** The trigger is always wrapped: neither it nor a runner's narrowing can reach beyond the project (connection.md, "Scope"). */
export function scopeJql(parts: Pick<JiraParts, 'project' | 'trigger' | 'narrowing'>): string {
  requireClosedJql(parts.trigger, 'the trigger of the connection');
  requireClosedJql(parts.narrowing, 'public-trigger');
  const narrowing = parts.narrowing === '' ? '' : ` AND (${parts.narrowing})`;
  return `project = ${parts.project.id} AND (${parts.trigger})${narrowing}`;
}

/** One row is asked for: Jira reads the whole JQL all the same. @throws SallyportError `configuration` with its objection */
export async function checkTrigger(parts: JiraParts, purpose: Purpose): Promise<void> {
  await triggered(parts, { jql: scopeJql(parts), purpose, pageSize: 1, until: () => true });
}

export async function listTriggered(parts: JiraParts, purpose: Purpose): Promise<readonly Touched[]> {
  const found = await triggered(parts, { jql: `${scopeJql(parts)} ORDER BY id ASC`, purpose });
  return unique(found).map((entry) => ({
    id: entry.id,
    version: entry.updated,
    updatedAt: entry.updatedAt,
    inScope: true,
    marked: entry.marked,
  }));
}

/** Jira's objections to the JQL are objections to the trigger, which is configuration. */
async function triggered(parts: JiraParts, query: SearchQuery): Promise<readonly Found[]> {
  try {
    return await search(parts, query);
  } catch (error) {
    if (!(error instanceof SallyportError) || error.kind !== 'refused') throw error;
    const which = parts.narrowing === '' ? 'the trigger of the connection' : 'the trigger of the connection, or public-trigger,';
    throw new SallyportError(`Jira does not accept ${which} (${scopeJql(parts)}): ${error.message} Mend the JQL.`, {
      kind: 'configuration',
      cause: error,
    });
  }
}
