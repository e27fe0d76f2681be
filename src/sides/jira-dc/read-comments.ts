import { z } from 'zod';
import { SallyportError, kindOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { markKey } from '../jira/mark-properties.ts';
import type { JiraDcParts } from './parts.ts';
import { commentPageSchema } from './schemas.ts';
import type { JiraDcComment } from './schemas.ts';
import { isOwn } from './snapshots.ts';

const commentsPerPage = 1_000;
/** I9: pages of one issue's comments. */
const pagesMax = 20;

/** All comments of an issue in the order of their creation, the connection's own ones with their marks. */
export async function readComments(parts: JiraDcParts, issueId: string, purpose: Purpose): Promise<readonly JiraDcComment[]> {
  const found = new Map<string, JiraDcComment>();
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await parts.api.read(commentPageSchema, {
      path: `/issue/${issueId}/comment`,
      query: { startAt: page * commentsPerPage, maxResults: commentsPerPage, orderBy: 'created', expand: 'properties' },
      purpose,
      what: `the comments of issue ${issueId}`,
    });
    for (const comment of answer.comments) found.set(comment.id, comment);
    if (answer.comments.length === 0 || (page + 1) * commentsPerPage >= answer.total) {
      return withMarks(parts, [...found.values()], purpose);
    }
  }
  throw new SallyportError(
    `Issue ${parts.issueKeys.get(issueId) ?? issueId} has more than ${commentsPerPage * pagesMax} comments, which are not all read. Unlink it.`,
    { kind: 'limit' },
  );
}

/** The ids of an issue's comments that carry this connection's mark, whoever wrote them. */
export async function markedComments(parts: JiraDcParts, issueId: string, purpose: Purpose): Promise<readonly string[]> {
  const key = markKey(parts.connectionId);
  const found: string[] = [];
  for (const comment of await readComments(parts, issueId, purpose)) {
    const properties = comment.properties ?? (await markOf(parts, comment.id, purpose));
    if (properties.some((property) => property.key === key)) found.push(comment.id);
  }
  return found;
}

const markSchema = z.object({ key: z.string(), value: z.unknown() });

/** Servers that do not expand properties leave them out: then the mark of each own comment is a request of its own. */
async function withMarks(
  parts: JiraDcParts,
  comments: readonly JiraDcComment[],
  purpose: Purpose,
): Promise<readonly JiraDcComment[]> {
  const read: JiraDcComment[] = [];
  for (const comment of comments) {
    if (comment.properties !== undefined || !isOwn(parts, comment.author)) read.push(comment);
    else read.push({ ...comment, properties: await markOf(parts, comment.id, purpose) });
  }
  return read;
}

async function markOf(parts: JiraDcParts, commentId: string, purpose: Purpose): Promise<z.infer<typeof markSchema>[]> {
  try {
    const key = encodeURIComponent(markKey(parts.connectionId));
    const request = { path: `/comment/${commentId}/properties/${key}`, purpose, what: `the mark of comment ${commentId}` };
    return [await parts.api.read(markSchema, request)];
  } catch (error) {
    if (kindOf(error) === 'gone') return [];
    throw error;
  }
}
