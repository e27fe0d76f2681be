import type { Author } from '../../core/model.ts';
import { kindOf, SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { HistoryRequest, PastEdit } from '../side.ts';
import { answerError } from './api-errors.ts';
import { parseAnswer } from './github-api.ts';
import { bodiesPerRequest, fieldOf, historyQuery, historySchema } from './history-query.ts';
import type { HistoryData } from './history-query.ts';
import type { IssueReading } from './issue-reading.ts';
import type { HistorySource } from './older-history.ts';
import { withOlderEvents, withOlderRevisions } from './older-history.ts';
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
 * What replaced what, for issues and those of their comments that are named: one GraphQL request for fifty texts, and more for
 * one that was edited more often since then than the first tells (older-history.ts). A comment
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
    for (const [issueId, edits] of await editsOf(reading, context, {
      bodies: batch,
      purpose: request.purpose,
      since: sinceSecond,
    })) {
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
  /** A whole second, epoch milliseconds. */
  readonly since: number;
}

async function editsOf(
  reading: IssueReading,
  context: HistoryContext,
  batch: Batch,
): Promise<readonly (readonly [string, readonly PastEdit[]])[]> {
  const source = { reading, purpose: batch.purpose, since: batch.since };
  const found: (readonly [string, readonly PastEdit[]])[] = [];
  for (const part of await askInParts(reading, context, batch)) found.push(...(await editsIn(source, context, part)));
  return found;
}

/** Some texts with the answer that tells their newest revisions. */
interface Part {
  readonly bodies: readonly Body[];
  readonly data: HistoryData;
}

/** Long texts with many revisions may be more than GitHub gives at once (`RESOURCE_LIMITS_EXCEEDED`): then the halves are asked for. */
async function askInParts(reading: IssueReading, context: HistoryContext, batch: Batch): Promise<readonly Part[]> {
  const { bodies } = batch;
  try {
    return [{ bodies, data: await ask(reading, context, batch) }];
  } catch (error) {
    if (kindOf(error) !== 'limit' || bodies.length < 2) throw error;
    const middle = Math.ceil(bodies.length / 2);
    return [
      ...(await askInParts(reading, context, { ...batch, bodies: bodies.slice(0, middle) })),
      ...(await askInParts(reading, context, { ...batch, bodies: bodies.slice(middle) })),
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

async function editsIn(
  source: HistorySource,
  context: HistoryContext,
  { bodies, data }: Part,
): Promise<readonly (readonly [string, readonly PastEdit[]])[]> {
  const { account, types } = context;
  const comments = new Map((data.nodes ?? []).flatMap((node) => (node == null ? [] : [[node.id, node] as const])));
  const found: (readonly [string, readonly PastEdit[]])[] = [];
  for (const { issueId, comment } of bodies) {
    const issue = comment === undefined ? (data.repository?.[fieldOf(issueId)] ?? undefined) : undefined;
    const read = comment === undefined ? issue : comments.get(comment.nodeId);
    if (read === undefined) continue;
    const what = `${comment === undefined ? 'the description' : `comment ${comment.id}`} of #${issueId}`;
    const body = await withOlderRevisions(source, read, what);
    found.push([issueId, bodyEdits(body, { account, commentId: comment?.id })]);
    if (issue === undefined) continue;
    const asked = { withLabels: types === 'labels', what: `#${issueId}` };
    const events = (await withOlderEvents(source, issue, asked)).toReversed();
    found.push([issueId, [...titleEdits(events, account), ...(types === 'labels' ? labelTypeEdits(events, account) : [])]]);
  }
  return found;
}
