import { bulkFetchIssues, getIssue } from 'jira.js/cloud';
import { z } from 'zod';
import type { IssueSnapshot, Loaded } from '../../core/model.ts';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { resolveMedia, showsMedia } from './media.ts';
import type { JiraParts } from './parts.ts';
import { requireProjectShown } from './project-shown.ts';
import { readComments } from './read-comments.ts';
import { bulkIssuesSchema, bulkPropertiesSchema } from './schemas.ts';
import type { JiraIssue } from './schemas.ts';
import { parsed } from '../jira/answers.ts';
import { anyMarkKey, markKey, partsAtFirst, partsMax, propertiesPerRequest } from '../jira/mark-properties.ts';
import { issueSnapshot } from './snapshots.ts';

/** Jira's own limit of a bulk fetch. */
const issuesPerRequest = 100;

const fields = [
  'summary',
  'description',
  'issuetype',
  'comment',
  'attachment',
  'creator',
  'created',
  'updated',
  'project',
  'security',
];

/** Issues by id or key, a hundred a request; those that Jira does not show are not in the answer. */
export async function fetchIssues(
  parts: JiraParts,
  idsOrKeys: readonly string[],
  purpose: Purpose,
): Promise<readonly JiraIssue[]> {
  const properties = [...partKeys(parts, 1, partsAtFirst), anyMarkKey];
  const found: JiraIssue[] = [];
  for (let start = 0; start < idsOrKeys.length; start += issuesPerRequest) {
    const answer = await bulkFetchIssues(parts.api.clientFor(purpose), {
      issueIdsOrKeys: idsOrKeys.slice(start, start + issuesPerRequest),
      fields,
      properties,
    });
    found.push(...(await withLaterParts(parts, parsed(bulkIssuesSchema, answer, 'issues in bulk').issues, purpose)));
  }
  return found;
}

function partKeys(parts: JiraParts, first: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => markKey(parts.connectionId, first + index));
}

/** Issues with all properties of a ledger: where the last part asked for is there, more may follow. */
async function withLaterParts(parts: JiraParts, issues: readonly JiraIssue[], purpose: Purpose): Promise<readonly JiraIssue[]> {
  const whole = new Map(issues.map((issue) => [issue.id, issue]));
  let last = partsAtFirst;
  while (last < partsMax) {
    const key = markKey(parts.connectionId, last);
    const open = [...whole.values()].filter((issue) => issue.properties?.[key] !== undefined);
    if (open.length === 0) break;
    const answer = await bulkFetchIssues(parts.api.clientFor(purpose), {
      issueIdsOrKeys: open.map((issue) => issue.id),
      fields: ['id'],
      properties: [...partKeys(parts, last + 1, propertiesPerRequest)],
    });
    for (const { id, properties } of parsed(bulkPropertiesSchema, answer, 'ledgers in bulk').issues) {
      const issue = whole.get(id);
      if (issue !== undefined) whole.set(id, { ...issue, properties: { ...issue.properties, ...properties } });
    }
    last += propertiesPerRequest;
  }
  return [...whole.values()];
}

export async function load(parts: JiraParts, ids: readonly string[], purpose: Purpose): Promise<ReadonlyMap<string, Loaded>> {
  const unique = [...new Set(ids)];
  const issues = await fetchIssues(parts, unique, purpose);
  const here = issues.filter((issue) => issue.fields.project.id === parts.project.id);
  const result = new Map<string, Loaded>();
  for (const issue of issues) {
    if (issue.fields.project.id !== parts.project.id) result.set(issue.id, { kind: 'moved', to: issue.key });
  }
  for (const [id, loaded] of await readWhole(parts, here, purpose)) result.set(id, loaded);
  const missing = unique.filter((id) => !result.has(id));
  for (const [id, loaded] of await explainMissing(parts, missing, purpose)) result.set(id, loaded);
  return result;
}

/** The id of the issue with this key, or a former one. */
export async function idOf(parts: JiraParts, key: string, purpose: Purpose): Promise<string | undefined> {
  try {
    const answer = await getIssue(parts.api.clientFor(purpose), { issueIdOrKey: key, fields: ['project'] });
    return parsed(idSchema, answer, `issue ${key}`).id;
  } catch (error) {
    if (kindOf(error) === 'gone') return undefined;
    throw error;
  }
}

const idSchema = z.object({ id: z.string() });

/**
 * Issues with their comments whole, the connection's own ones with their stamps, and media resolved.
 *
 * @throws SallyportError where one of them cannot be read whole: what is asked for has to be complete.
 */
export async function snapshotsOf(
  parts: JiraParts,
  issues: readonly JiraIssue[],
  purpose: Purpose,
): Promise<readonly IssueSnapshot[]> {
  const comments = await readComments(parts, issues, purpose);
  const snapshots: IssueSnapshot[] = [];
  for (const issue of issues) snapshots.push(await snapshotOf(parts, { issue, comments: comments.get(issue.id) ?? [] }, purpose));
  return snapshots;
}

/** As `snapshotsOf`, but an issue of which a file's media cannot be found out is left out by itself, with the reason. */
async function readWhole(parts: JiraParts, issues: readonly JiraIssue[], purpose: Purpose): Promise<ReadonlyMap<string, Loaded>> {
  const comments = await readComments(parts, issues, purpose);
  const result = new Map<string, Loaded>();
  let failed = 0;
  for (const issue of issues) {
    try {
      const snapshot = await snapshotOf(parts, { issue, comments: comments.get(issue.id) ?? [] }, purpose);
      result.set(issue.id, { kind: 'present', issue: snapshot });
    } catch (error) {
      if (!isOfOneFile(error)) throw error;
      // Of a second file that waits for its server it is no news about the file any more.
      failed += kindOf(error) === 'passing' ? 1 : 0;
      if (failed > 1) throw error;
      result.set(issue.id, { kind: 'unreadable', reason: messageOf(error), isPassing: true });
    }
  }
  return result;
}

async function snapshotOf(
  parts: JiraParts,
  { issue, comments }: { readonly issue: JiraIssue; readonly comments: Parameters<typeof issueSnapshot>[2] },
  purpose: Purpose,
): Promise<IssueSnapshot> {
  const ids = (issue.fields.attachment ?? []).map((file) => file.id);
  const bodies = [issue.fields.description, ...comments.map((comment) => comment.body)];
  if (ids.length > 0 && bodies.some(showsMedia)) await resolveMedia(parts, ids, purpose);
  return issueSnapshot(parts, issue, comments);
}

function isOfOneFile(error: unknown): boolean {
  // With a token that is not good any more nothing can be read.
  if (error instanceof SallyportError && error.status === 401) return false;
  return ['permission', 'refused', 'passing'].includes(kindOf(error));
}

/**
 * Jira does not tell a deleted issue from one that the account may not see. It counts as gone only if the project is still
 * shown to the account and a request for this very issue says 404; everything else is no word about it (the guard).
 */
async function explainMissing(parts: JiraParts, ids: readonly string[], purpose: Purpose): Promise<readonly [string, Loaded][]> {
  if (ids.length === 0) return [];
  await requireProjectShown(parts, purpose);
  const result: [string, Loaded][] = [];
  for (const id of ids) result.push([id, await explainOne(parts, id, purpose)]);
  return result;
}

async function explainOne(parts: JiraParts, id: string, purpose: Purpose): Promise<Loaded> {
  try {
    await getIssue(parts.api.clientFor(purpose), { issueIdOrKey: id, fields: ['project'] });
    return {
      kind: 'unreadable',
      reason: 'Jira left it out of a bulk answer; it is read again in the next cycle',
      isPassing: true,
    };
  } catch (error) {
    if (kindOf(error) === 'gone') return { kind: 'gone' };
    if (kindOf(error) === 'passing' || kindOf(error) === 'host') throw error;
    return { kind: 'unreadable', reason: messageOf(error) };
  }
}
