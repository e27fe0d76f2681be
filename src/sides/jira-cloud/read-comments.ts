import { getComment, getComments, getCommentsByIds } from 'jira.js/cloud';
import { SallyportError, kindOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { JiraParts } from './parts.ts';
import { commentsSchema, commentValuesSchema } from './schemas.ts';
import { parsed } from '../jira/answers.ts';
import { markKey } from '../jira/mark-properties.ts';
import type { JiraComment, JiraIssue } from './schemas.ts';

/** Jira's own limit of a list of comments by id. */
const commentsPerRequest = 1_000;
const commentsPerPage = 100;
/** I9: pages of one issue's comments; Jira allows 5,000 comments an issue. */
const pagesMax = 200;

/** All comments of each issue by the issue's id; with their properties where these may hold a stamp (`mayBeStamped`). */
export async function readComments(
  parts: JiraParts,
  issues: readonly JiraIssue[],
  purpose: Purpose,
): Promise<ReadonlyMap<string, readonly JiraComment[]>> {
  const listed = new Map<string, readonly JiraComment[]>();
  for (const issue of issues) listed.set(issue.id, await allComments(parts, issue, purpose));
  const own = [...listed.values()].flat().filter((comment) => mayBeStamped(parts, comment));
  const stamped = await withProperties(
    parts,
    own.map((comment) => comment.id),
    purpose,
  );
  const found = new Map<string, readonly JiraComment[]>();
  for (const [issueId, comments] of listed) {
    const read: JiraComment[] = [];
    for (const comment of comments) {
      const known = mayBeStamped(parts, comment) ? stamped.get(comment.id) : comment;
      if (known !== undefined) read.push(known);
      else await requireDeleted(parts, { issueId, commentId: comment.id }, purpose);
    }
    found.set(issueId, read);
  }
  return found;
}

/** The ids of an issue's comments that carry this connection's mark, whoever wrote them. */
export async function markedComments(parts: JiraParts, issueId: string, purpose: Purpose): Promise<readonly string[]> {
  const comments = await allComments(parts, { id: issueId, key: issueId, fields: {} }, purpose);
  const ids = comments.map((comment) => comment.id);
  const read = await withProperties(parts, ids, purpose);
  const key = markKey(parts.connectionId);
  return ids.filter((id) => read.get(id)?.properties?.some((property) => property.key === key));
}

/** A comment of the connection's account, or one that was edited: an edit by the connection leaves its stamp on it (I3). */
function mayBeStamped(parts: JiraParts, { author, created, updated }: JiraComment): boolean {
  return author?.accountId === parts.account.id || (updated ?? created) !== created;
}

/** What a bulk fetch shows of comments is a page; the others follow in the order of creation. */
async function allComments(
  parts: JiraParts,
  issue: Pick<JiraIssue, 'id' | 'key'> & { readonly fields: Pick<JiraIssue['fields'], 'comment'> },
  purpose: Purpose,
): Promise<readonly JiraComment[]> {
  const first = issue.fields.comment;
  if (first !== undefined && first.comments.length >= first.total) return first.comments;
  const all: JiraComment[] = [];
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await getComments(parts.api.clientFor(purpose), {
      issueIdOrKey: issue.id,
      startAt: all.length,
      maxResults: commentsPerPage,
      orderBy: 'created',
    });
    const shown = parsed(commentsSchema, answer, `comments of ${issue.key}`);
    all.push(...shown.comments);
    if (shown.comments.length === 0 || all.length >= shown.total) return all;
  }
  throw new SallyportError(`Jira: ${issue.key} has more than ${pagesMax} pages of comments; unlink it.`, { kind: 'limit' });
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
 * A comment that the list by ids passes over was deleted since, or its stamp is not known. I2: without its stamp a copy
 * would be taken for somebody's comment and be copied back.
 */
async function requireDeleted(
  parts: JiraParts,
  comment: { readonly issueId: string; readonly commentId: string },
  purpose: Purpose,
): Promise<void> {
  try {
    await getComment(parts.api.clientFor(purpose), { issueIdOrKey: comment.issueId, id: comment.commentId });
  } catch (error) {
    if (kindOf(error) === 'gone') return;
    throw error;
  }
  throw new SallyportError(`Jira did not tell the properties of comment ${comment.commentId}. It is read again by itself.`, {
    kind: 'passing',
  });
}
