import { bulkFetchIssues, getComments, getCommentsByIds, getIssue, getProject } from 'jira.js/cloud';
import type { IssueSnapshot, Loaded } from '../../core/model.ts';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { parsed } from './client.ts';
import { resolveMedia, showsMedia } from './media.ts';
import type { JiraParts } from './parts.ts';
import { anyMarkKey, markKey, partsMax } from './parts.ts';
import { bulkIssuesSchema, commentsSchema, commentValuesSchema } from './schemas.ts';
import type { JiraComment, JiraIssue } from './schemas.ts';
import { issueSnapshot } from './snapshots.ts';

/** Jira's own limits of a bulk fetch and of a list of comments by id. */
const issuesPerRequest = 100;
const commentsPerRequest = 1_000;
const commentsPerPage = 100;

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
  const properties = [...Array.from({ length: partsMax }, (_, index) => markKey(parts.connectionId, index + 1)), anyMarkKey];
  const found: JiraIssue[] = [];
  for (let start = 0; start < idsOrKeys.length; start += issuesPerRequest) {
    const answer = await bulkFetchIssues(parts.api.clientFor(purpose), {
      issueIdsOrKeys: idsOrKeys.slice(start, start + issuesPerRequest),
      fields,
      properties,
    });
    found.push(...parsed(bulkIssuesSchema, answer, 'issues in bulk').issues);
  }
  return found;
}

export async function load(parts: JiraParts, ids: readonly string[], purpose: Purpose): Promise<ReadonlyMap<string, Loaded>> {
  const unique = [...new Set(ids)];
  const issues = await fetchIssues(parts, unique, purpose);
  const here = issues.filter((issue) => issue.fields.project.id === parts.project.id);
  const result = new Map<string, Loaded>();
  for (const issue of issues) {
    if (issue.fields.project.id !== parts.project.id) result.set(issue.id, { kind: 'moved', to: issue.key });
  }
  for (const snapshot of await snapshotsOf(parts, here, purpose)) result.set(snapshot.id, { kind: 'present', issue: snapshot });
  const missing = unique.filter((id) => !result.has(id));
  for (const [id, loaded] of await explainMissing(parts, missing, purpose)) result.set(id, loaded);
  return result;
}

/** Issues with their comments whole, the connection's own ones with their stamps, and media resolved. */
export async function snapshotsOf(
  parts: JiraParts,
  issues: readonly JiraIssue[],
  purpose: Purpose,
): Promise<readonly IssueSnapshot[]> {
  const comments = new Map<string, readonly JiraComment[]>();
  for (const issue of issues) comments.set(issue.id, await allComments(parts, issue, purpose));
  const own = [...comments.values()].flat().filter((comment) => comment.author?.accountId === parts.account.id);
  const stamped = await withProperties(
    parts,
    own.map((comment) => comment.id),
    purpose,
  );
  for (const issue of issues) {
    const bodies = [issue.fields.description, ...(comments.get(issue.id) ?? []).map((comment) => comment.body)];
    const files = issue.fields.attachment ?? [];
    if (files.length > 0 && bodies.some(showsMedia))
      await resolveMedia(
        parts,
        files.map((file) => file.id),
        purpose,
      );
  }
  return issues.map((issue) => {
    const all = comments.get(issue.id) ?? [];
    return issueSnapshot(
      parts,
      issue,
      all.map((comment) => stamped.get(comment.id) ?? comment),
    );
  });
}

/** What a bulk fetch shows of comments is a page; the others follow in the order of creation. */
async function allComments(parts: JiraParts, issue: JiraIssue, purpose: Purpose): Promise<readonly JiraComment[]> {
  const first = issue.fields.comment;
  if (first !== undefined && first.comments.length >= first.total) return first.comments;
  const all: JiraComment[] = [];
  for (;;) {
    const answer = await getComments(parts.api.clientFor(purpose), {
      issueIdOrKey: issue.id,
      startAt: all.length,
      maxResults: commentsPerPage,
      orderBy: 'created',
    });
    const page = parsed(commentsSchema, answer, `comments of ${issue.key}`);
    all.push(...page.comments);
    if (page.comments.length === 0 || all.length >= page.total) return all;
  }
}

/** The plain listing of comments leaves their properties out (reference/jira-cloud.md). */
async function withProperties(
  parts: JiraParts,
  ids: readonly string[],
  purpose: Purpose,
): Promise<ReadonlyMap<string, JiraComment>> {
  const found = new Map<string, JiraComment>();
  for (let start = 0; start < ids.length; start += commentsPerRequest) {
    const answer = await getCommentsByIds(parts.api.clientFor(purpose), {
      ids: ids.slice(start, start + commentsPerRequest).map(Number),
      expand: 'properties',
    });
    for (const comment of parsed(commentValuesSchema, answer, 'comments by id').values) found.set(comment.id, comment);
  }
  return found;
}

/**
 * Jira does not tell a deleted issue from one that the account may not see. It counts as gone only if the project is still
 * shown to the account and a request for this very issue says 404; everything else is no word about it (the guard).
 */
async function explainMissing(parts: JiraParts, ids: readonly string[], purpose: Purpose): Promise<readonly [string, Loaded][]> {
  if (ids.length === 0) return [];
  try {
    await getProject(parts.api.clientFor(purpose), { projectIdOrKey: parts.project.id });
  } catch (error) {
    if (kindOf(error) !== 'gone' && kindOf(error) !== 'permission') throw error;
    throw new SallyportError(`Jira does not show project ${parts.project.key} to the account any more: ${messageOf(error)}`, {
      kind: 'permission',
      cause: error,
    });
  }
  const result: [string, Loaded][] = [];
  for (const id of ids) result.push([id, await explainOne(parts, id, purpose)]);
  return result;
}

async function explainOne(parts: JiraParts, id: string, purpose: Purpose): Promise<Loaded> {
  try {
    await getIssue(parts.api.clientFor(purpose), { issueIdOrKey: id, fields: ['project'] });
    return { kind: 'unreadable', reason: 'Jira left it out of a bulk answer; it is read again in the next cycle' };
  } catch (error) {
    if (kindOf(error) === 'gone') return { kind: 'gone' };
    if (kindOf(error) === 'passing' || kindOf(error) === 'host') throw error;
    return { kind: 'unreadable', reason: messageOf(error) };
  }
}
