import type { Author } from '../../core/model.ts';
import { kindOf, SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { HistoryRequest, PastEdit } from '../side.ts';
import { answerError } from './api-errors.ts';
import { parseAnswer } from './github-api.ts';
import { bodiesPerRequest, fieldOf, historyQuery, historySchema } from './history-query.ts';
import type { HistoryData } from './history-query.ts';
import type { IssueReading } from './issue-reading.ts';
import { bodyEdits, labelTypeEdits, titleEdits } from './past-edits.ts';
import { pathOf } from './repository.ts';
import { commentSchema } from './schemas.ts';

/** Issue types have no events in GitHub's published GraphQL schema; labels that stand for them do. */
export function historyOf(types: 'issue-types' | 'labels'): readonly PastEdit['kind'][] {
  return types === 'labels' ? ['summary', 'description', 'comment', 'type'] : ['summary', 'description', 'comment'];
}

interface HistoryContext {
  readonly account: Author;
  readonly types: 'issue-types' | 'labels';
}

/** One text with a history: an issue's (with its events), or a comment's by its node id. */
type Body =
  | { readonly issueId: string; readonly comment: undefined }
  | { readonly issueId: string; readonly comment: { readonly id: string; readonly nodeId: string } };

/**
 * What replaced what, for issues and those of their comments that are named: one GraphQL request for fifty texts. A comment
 * that this run has neither read nor written costs one request more, which tells its node id. GitHub's times have whole
 * seconds, so edits of the whole second of `since` are told.
 *
 * @throws SallyportError as other readers do; `permission` if the repository itself is not shown.
 */
export async function history(
  reading: IssueReading,
  context: HistoryContext,
  request: HistoryRequest,
): Promise<ReadonlyMap<string, readonly PastEdit[]>> {
  const found = new Map<string, PastEdit[]>(request.issues.map(({ id }) => [id, []]));
  const bodies = await bodiesOf(reading, request);
  const sinceSecond = Math.floor(request.since / 1000) * 1000;
  for (let start = 0; start < bodies.length; start += bodiesPerRequest) {
    const batch = bodies.slice(start, start + bodiesPerRequest);
    for (const [issueId, edits] of await editsOf(reading, context, { bodies: batch, purpose: request.purpose })) {
      found.get(issueId)?.push(...edits.filter(({ at }) => at >= sinceSecond));
    }
  }
  return new Map([...found].map(([id, edits]) => [id, edits.toSorted((one, other) => one.at - other.at)]));
}

async function bodiesOf(reading: IssueReading, request: HistoryRequest): Promise<readonly Body[]> {
  const bodies: Body[] = [];
  for (const { id, commentIds } of request.issues) {
    if (!/^[1-9]\d*$/.test(id)) continue;
    bodies.push({ issueId: id, comment: undefined });
    for (const commentId of new Set(commentIds)) {
      const nodeId = reading.commentNode(commentId) ?? (await readNodeId(reading, commentId, request.purpose));
      if (nodeId !== undefined) bodies.push({ issueId: id, comment: { id: commentId, nodeId } });
    }
  }
  return bodies;
}

/** Undefined for a comment that is gone: its history went with it. */
async function readNodeId(reading: IssueReading, commentId: string, purpose: Purpose): Promise<string | undefined> {
  const asked = { what: `comment ${commentId}`, host: new URL(reading.api.addresses.apiUrl).host, isRead: true };
  const answer = await reading.api.send(
    'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
    { ...pathOf(reading.repository), comment_id: Number(commentId) },
    { purpose, what: asked.what },
  );
  if (answer.status === 404 || answer.status === 410) return undefined;
  if (answer.status !== 200) throw answerError(answer, asked);
  const comment = parseAnswer(answer, commentSchema, asked);
  reading.rememberComments([comment]);
  return comment.node_id;
}

interface Batch {
  readonly bodies: readonly Body[];
  readonly purpose: Purpose;
}

/** Long texts with many revisions may be more than GitHub gives at once (`RESOURCE_LIMITS_EXCEEDED`): then the halves are asked for. */
async function editsOf(
  reading: IssueReading,
  context: HistoryContext,
  batch: Batch,
): Promise<readonly (readonly [string, readonly PastEdit[]])[]> {
  try {
    return editsIn(await ask(reading, context, batch), context, batch.bodies);
  } catch (error) {
    if (kindOf(error) !== 'limit' || batch.bodies.length < 2) throw error;
    const middle = Math.ceil(batch.bodies.length / 2);
    return [
      ...(await editsOf(reading, context, { ...batch, bodies: batch.bodies.slice(0, middle) })),
      ...(await editsOf(reading, context, { ...batch, bodies: batch.bodies.slice(middle) })),
    ];
  }
}

async function ask(reading: IssueReading, context: HistoryContext, batch: Batch): Promise<HistoryData> {
  const issueIds = [...new Set(batch.bodies.flatMap(({ issueId, comment }) => (comment === undefined ? [issueId] : [])))];
  const ids = batch.bodies.flatMap(({ comment }) => (comment === undefined ? [] : [comment.nodeId]));
  const query = historyQuery({ issueIds, withComments: ids.length > 0, withLabels: context.types === 'labels' });
  const { owner, name } = reading.repository;
  const variables = { ...(issueIds.length === 0 ? {} : { owner, name }), ...(ids.length === 0 ? {} : { ids }) };
  const options = { purpose: batch.purpose, what: 'the history of edits', schema: historySchema };
  const { data } = await reading.api.query(query, variables, options);
  if (issueIds.length === 0 || (data.repository !== null && data.repository !== undefined)) return data;
  throw new SallyportError(
    `The history of edits cannot be read: ${owner}/${name} is not shown to the token by GraphQL. Check the token's access, then run accept again.`,
    { kind: 'permission' },
  );
}

function editsIn(
  data: HistoryData,
  context: HistoryContext,
  bodies: readonly Body[],
): readonly (readonly [string, readonly PastEdit[]])[] {
  const { account } = context;
  const comments = new Map((data.nodes ?? []).flatMap((node) => (node == null ? [] : [[node.id, node] as const])));
  return bodies.map(({ issueId, comment }) => {
    if (comment !== undefined) {
      const read = comments.get(comment.nodeId);
      return [issueId, read === undefined ? [] : bodyEdits(read, { account, commentId: comment.id })];
    }
    const issue = data.repository?.[fieldOf(issueId)];
    if (issue === null || issue === undefined) return [issueId, []];
    const events = (issue.timelineItems.nodes ?? []).flatMap((event) => event ?? []);
    const types = context.types === 'labels' ? labelTypeEdits(events, account) : [];
    return [issueId, [...titleEdits(events, account), ...bodyEdits(issue, { account, commentId: undefined }), ...types]];
  });
}
