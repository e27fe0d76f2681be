import { encodeMarkdown, patchMarkdown } from '../../content/markdown.ts';
import type { CommentSnapshot } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { CommentDraft } from '../side.ts';
import { answerError } from './api-errors.ts';
import { joinBody } from '../marked-body.ts';
import { fittingMarks } from './fitting-marks.ts';
import type { IssueReading } from './issue-reading.ts';
import { pathOf } from './repository.ts';
import { commentSchema } from './schemas.ts';
import type { SnapshotContext } from './snapshots.ts';
import { commentSnapshot } from './snapshots.ts';
import { linkTo } from './write-issues.ts';

/** Creates a comment with its marks. @throws SallyportError with `outcomeUnknown` after a lost answer, which is not repeated (I2). */
export async function createComment(
  reading: IssueReading,
  context: SnapshotContext,
  request: { readonly issueId: string; readonly draft: CommentDraft },
): Promise<CommentSnapshot> {
  const content = encodeMarkdown(request.draft.body, { attachmentLink: (id) => linkTo(context.links, id) });
  const body = joinBody({ content, fileLines: [], marks: request.draft.marks });
  reading.forgetOne(request.issueId);
  const comment = await reading.api.read(
    'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    { ...pathOf(reading.repository), issue_number: Number(request.issueId), body },
    { purpose: 'work', what: `a new comment on #${request.issueId}`, schema: commentSchema },
  );
  reading.rememberComments([comment]);
  return commentSnapshot(comment, context);
}

/** Patches a comment's content and replaces its marks. */
export async function editComment(
  reading: IssueReading,
  context: SnapshotContext,
  request: { readonly issueId: string; readonly comment: CommentSnapshot; readonly draft: CommentDraft },
): Promise<CommentSnapshot> {
  const { comment, draft } = request;
  const content = patchMarkdown(comment.text.native, draft.body, {
    attachmentId: (url) => context.links.idOf(url),
    attachmentLink: (id) => linkTo(context.links, id),
    hasToStay: (id) => draft.isPersons !== true && context.links.copyPathOf(id) === undefined,
  });
  const what = `a comment on #${request.issueId}`;
  const marks = fittingMarks(content, { ...draft, what });
  reading.forgetOne(request.issueId);
  const stored = await reading.api.read(
    'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
    {
      ...pathOf(reading.repository),
      comment_id: Number(comment.id),
      body: joinBody({ content, fileLines: [], marks }),
    },
    { purpose: 'work', what, schema: commentSchema },
  );
  reading.rememberComments([stored]);
  return commentSnapshot(stored, context);
}

/** Removes a comment. What is already gone counts as removed, unless the whole repository cannot be read. */
export async function removeComment(reading: IssueReading, issueId: string, commentId: string): Promise<void> {
  reading.forgetOne(issueId);
  const what = `a comment on #${issueId}`;
  const answer = await reading.api.send(
    'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}',
    { ...pathOf(reading.repository), comment_id: Number(commentId) },
    // Removing twice removes nothing more.
    { purpose: 'work', what, retry: 'idempotent' },
  );
  if (answer.status === 204) return;
  if (answer.status === 404 || answer.status === 410) {
    const problem = await reading.containerProblem('work');
    if (problem === undefined) return;
    throw new SallyportError(`${what} cannot be removed: ${problem}. Check the token's access.`, {
      kind: 'permission',
      status: answer.status,
    });
  }
  throw answerError(answer, { what, host: new URL(reading.api.addresses.apiUrl).host, isRead: false });
}
