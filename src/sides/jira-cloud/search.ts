import { searchAndReconsileIssuesUsingJqlPost } from 'jira.js/cloud';
import { z } from 'zod';
import { SallyportError, kindOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { Observation, ObserveRequest, Touched } from '../side.ts';
import { parsed } from './client.ts';
import { requireClosedJql } from './closed-jql.ts';
import type { JiraParts } from './parts.ts';
import { anyMarkKey } from './parts.ts';
import { requireProjectShown } from './project-shown.ts';
import { searchSchema, timeOf } from './schemas.ts';

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

/** Pages of a search, newest first where the JQL says so; `until` stops after a page. */
export async function search(
  parts: JiraParts,
  query: {
    readonly jql: string;
    readonly purpose: Purpose;
    readonly pageSize?: number;
    readonly until?: (page: readonly Found[]) => boolean;
  },
): Promise<readonly Found[]> {
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
    return triggered(parts, `${scopeJql(parts)} AND updated >= "${asked.floor}"`, 'work');
  }
}

/** The trigger is always wrapped: neither it nor a runner's narrowing can reach beyond the project (connection.md, "Scope"). */
export function scopeJql(parts: Pick<JiraParts, 'project' | 'trigger' | 'narrowing'>): string {
  requireClosedJql(parts.trigger, 'the trigger of the connection');
  requireClosedJql(parts.narrowing, 'public-trigger');
  const narrowing = parts.narrowing === '' ? '' : ` AND (${parts.narrowing})`;
  return `project = ${parts.project.id} AND (${parts.trigger})${narrowing}`;
}

export async function listTriggered(parts: JiraParts, purpose: Purpose): Promise<readonly Touched[]> {
  const found = await triggered(parts, `${scopeJql(parts)} ORDER BY id ASC`, purpose);
  return unique(found).map((entry) => ({
    id: entry.id,
    version: entry.updated,
    updatedAt: entry.updatedAt,
    inScope: true,
    marked: entry.marked,
  }));
}

/** Jira's objections to the JQL are objections to the trigger, which is configuration. */
async function triggered(parts: JiraParts, jql: string, purpose: Purpose): Promise<readonly Found[]> {
  try {
    return await search(parts, { jql, purpose });
  } catch (error) {
    if (!(error instanceof SallyportError) || error.kind !== 'refused') throw error;
    const which = parts.narrowing === '' ? 'the trigger of the connection' : 'the trigger of the connection, or public-trigger,';
    throw new SallyportError(`Jira does not accept ${which} (${scopeJql(parts)}): ${error.message} Mend the JQL.`, {
      kind: 'configuration',
      cause: error,
    });
  }
}

/** How far clocks are set back in autumn, in some zone of the world. */
const setBackMs = [30 * 60_000, 60 * 60_000];

/**
 * `2026-11-23 20:24` in the searching user's time zone, rounded down: how quoted JQL dates are read. Of the time that autumn's
 * clocks repeat, the first pass is moved before it: read as the second pass, the same words would hide an hour of changes.
 */
export function minuteOf(time: number, timeZone: string): string {
  const minute = localMinute(time, timeZone);
  const repeatedMs = setBackMs.find((durationMs) => localMinute(time + durationMs, timeZone) === minute);
  return repeatedMs === undefined ? minute : localMinute(time - repeatedMs, timeZone);
}

/** A format takes several times as long to make as to use (54 µs against 8); a process meets one time zone or two. */
const minuteFormats = new Map<string, Intl.DateTimeFormat>();

function minuteFormat(timeZone: string): Intl.DateTimeFormat {
  const known = minuteFormats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  minuteFormats.set(timeZone, made);
  return made;
}

function localMinute(time: number, timeZone: string): string {
  const values = new Map(
    minuteFormat(timeZone)
      .formatToParts(new Date(time))
      .map((part) => [part.type, part.value]),
  );
  const value = (type: Intl.DateTimeFormatPartTypes): string => values.get(type) ?? '00';
  return `${value('year')}-${value('month')}-${value('day')} ${value('hour')}:${value('minute')}`;
}
