import { z } from 'zod';
import { SallyportError, kindOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { Observation, ObserveRequest, Touched } from '../side.ts';
import { minuteOf } from '../jira/jql-minute.ts';
import { timeOf } from '../jira/time.ts';
import { isMarked } from './load.ts';
import type { JiraDcParts } from './parts.ts';
import { scopeJql } from './private-jql.ts';
import { requireProjectShown } from './project-shown.ts';
import { searchSchema } from './schemas.ts';
import { isOwn } from './snapshots.ts';
import { versionOf } from './version.ts';

/** The index of a node lags behind writes to another one; listings reach back this far before the cursor. */
const overlapMs = 15 * 60_000;
/** I9: pages of one search. */
const pagesMax = 1_000;
const pageSize = 100;
/** Ids that one JQL names at most. */
const idsMax = 100;

const cursorSchema = z.object({ at: z.number() });

export interface Found {
  readonly id: string;
  readonly key: string;
  readonly updated: string;
  readonly updatedAt: number;
  /** Created by the connection's account. */
  readonly own: boolean;
}

interface Query {
  readonly jql: string;
  readonly purpose: Purpose;
  readonly limit?: number;
  readonly until?: (page: readonly Found[]) => boolean;
}

/** Pages of a search. A page starts where the server's last one ended: an administrator may have made pages shorter. */
export async function search(parts: JiraDcParts, query: Query): Promise<readonly Found[]> {
  const found = new Map<string, Found>();
  let startAt = 0;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await askedPage(parts, query, startAt);
    const entries = answer.issues.map((issue) => ({
      id: issue.id,
      key: issue.key,
      updated: issue.fields.updated,
      updatedAt: timeOf(issue.fields.updated),
      own: isOwn(parts, issue.fields.creator),
    }));
    for (const entry of entries) found.set(entry.id, entry);
    startAt += entries.length;
    if (entries.length === 0 || startAt >= answer.total || query.until?.(entries) === true) return [...found.values()];
    if (found.size >= (query.limit ?? Number.POSITIVE_INFINITY)) return [...found.values()];
  }
  throw new SallyportError(
    `${parts.api.host}: a search of project ${parts.project.key} has more than ${pagesMax} pages; narrow the trigger.`,
    { kind: 'limit' },
  );
}

async function askedPage(parts: JiraDcParts, query: Query, startAt: number): Promise<z.infer<typeof searchSchema>> {
  try {
    return await parts.api.read(searchSchema, {
      method: 'POST',
      path: '/search',
      body: { jql: query.jql, startAt, maxResults: query.limit ?? pageSize, fields: ['updated', 'creator'], validateQuery: true },
      purpose: query.purpose,
      what: 'a search',
    });
  } catch (error) {
    // To an account that lost the project, Jira calls the JQL wrong, which it is not.
    if (kindOf(error) === 'refused') await requireProjectShown(parts, query.purpose);
    throw error;
  }
}

/**
 * What changed in the project since the cursor, newest first: a change during the paging then repeats an entry instead of
 * hiding one. Everything back to the cursor is read; in the overlap before it, until a page holds nothing unknown.
 */
export async function observe(parts: JiraDcParts, request: ObserveRequest): Promise<Observation> {
  const at = request.cursor === undefined ? undefined : cursorSchema.parse(JSON.parse(request.cursor)).at;
  const from = at ?? request.since;
  const floor = minuteOf(at === undefined ? from : from - overlapMs, parts.timeZone);
  const before = parts.api.serverTime();
  const isKnown = (entry: Found): boolean => request.knownVersion(entry.id) === entry.updated;
  const found = await search(parts, {
    jql: `project = ${parts.project.id} AND updated >= "${floor}" ORDER BY updated DESC`,
    purpose: 'work',
    until: (page) => page.every((entry) => entry.updatedAt < from && isKnown(entry)),
  });
  const fresh = found.filter((entry) => !isKnown(entry));
  const strangers = fresh.filter((entry) => !request.isTwinned(entry.id));
  const inScope = strangers.length === 0 ? new Set<string>() : await scopeOf(parts, { strangers, floor });
  const touched: Touched[] = [];
  for (const entry of fresh) touched.push(await touchedOf(parts, entry, { inScope, isTwinned: request.isTwinned(entry.id) }));
  return {
    touched: touched.toSorted((one, other) => one.updatedAt - other.updatedAt),
    cursor: JSON.stringify({ at: before ?? parts.api.serverTime() ?? from }),
  };
}

/** A search tells no properties: what may be taken up, or be a copy that a dead run made, is asked one by one. */
async function touchedOf(
  parts: JiraDcParts,
  entry: Found,
  known: { readonly inScope: ReadonlySet<string>; readonly isTwinned: boolean },
): Promise<Touched> {
  const inScope = known.inScope.has(entry.id);
  const marked = !known.isTwinned && (inScope || entry.own) && (await isMarked(parts, entry.id, 'work'));
  return { id: entry.id, version: versionOf(parts, entry.updated), updatedAt: entry.updatedAt, inScope, marked };
}

async function scopeOf(
  parts: JiraDcParts,
  asked: { readonly strangers: readonly Found[]; readonly floor: string },
): Promise<ReadonlySet<string>> {
  const { strangers, floor } = asked;
  const bound = strangers.length <= idsMax ? `id in (${strangers.map((entry) => entry.id).join(', ')})` : `updated >= "${floor}"`;
  const found = await boundSearch(parts, { bound, floor });
  return new Set(found.map((entry) => entry.id));
}

/** Jira refuses `id in (…)` if one of the issues was deleted meanwhile. */
async function boundSearch(
  parts: JiraDcParts,
  asked: { readonly bound: string; readonly floor: string },
): Promise<readonly Found[]> {
  try {
    return await search(parts, { jql: `${scopeJql(parts)} AND ${asked.bound}`, purpose: 'work' });
  } catch (error) {
    if (kindOf(error) !== 'refused') throw error;
    return triggered(parts, { jql: `${scopeJql(parts)} AND updated >= "${asked.floor}"`, purpose: 'work' });
  }
}

/** One row is asked for: Jira reads the whole JQL all the same. @throws SallyportError `configuration` with its objection */
export async function checkTrigger(parts: JiraDcParts, purpose: Purpose): Promise<void> {
  await triggered(parts, { jql: scopeJql(parts), purpose, limit: 1, until: () => true });
}

export async function listTriggered(parts: JiraDcParts, purpose: Purpose): Promise<readonly Touched[]> {
  const found = await triggered(parts, { jql: `${scopeJql(parts)} ORDER BY key ASC`, purpose });
  const touched: Touched[] = [];
  for (const entry of found) {
    // People's issues with a mark are told by `load`; here it matters for copies of dead runs, which are the account's own.
    const marked = entry.own && (await isMarked(parts, entry.id, purpose));
    touched.push({ id: entry.id, version: versionOf(parts, entry.updated), updatedAt: entry.updatedAt, inScope: true, marked });
  }
  return touched;
}

/** Jira's objections to the JQL are objections to the trigger, which is configuration. */
async function triggered(parts: JiraDcParts, query: Query): Promise<readonly Found[]> {
  try {
    return await search(parts, query);
  } catch (error) {
    if (!(error instanceof SallyportError) || error.kind !== 'refused') throw error;
    throw new SallyportError(
      `Jira does not accept private-trigger (${scopeJql(parts)}): ${error.message} Mend the JQL, or name labels.`,
      { kind: 'configuration', cause: error },
    );
  }
}
