import { SallyportError } from '../../errors.ts';
import { splitBody, splitText, withoutMarks } from '../marked-body.ts';
import type { Erasing } from '../side.ts';
import { readComments } from './comment-reading.ts';
import type { GitHubAnswer } from './github-api.ts';
import { parseAnswer } from './github-api.ts';
import type { IssueReading } from './issue-reading.ts';
import { pathOf } from './repository.ts';
import { commentSchema } from './schemas.ts';
import type { GitHubComment } from './schemas.ts';
import { patchIssue } from './write-issues.ts';

/** Takes the hidden marks out of an issue's body and comments, each read right before. */
export async function eraseMarks(reading: IssueReading, issueId: string, erasing: Erasing): Promise<number> {
  const found = await reading.lookUp(issueId, 'work');
  // In another repository it is out of this connection's reach, and the token's perhaps.
  if (found.kind === 'gone') throw new SallyportError(`Issue #${issueId} is not in the repository any more.`, { kind: 'gone' });
  if (found.kind !== 'present') throw new SallyportError(notReached(issueId, found), { kind: 'refused' });
  const { issue } = found.read;
  let writes = 0;
  const body = issue.body ?? '';
  const bare = withoutMarks(body, splitBody, erasing.isOwn);
  if (bare !== body) {
    await erasing.beforeWrite();
    await patchIssue(reading, issueId, { body: bare });
    writes += 1;
  }
  return writes + (await eraseComments(reading, issueId, { erasing, read: found.read }));
}

function notReached(issueId: string, found: { readonly to: string } | { readonly reason: string }): string {
  return 'to' in found
    ? `Issue #${issueId} was moved to ${found.to}; take the hidden sallyport comments out of its texts there by hand.`
    : `Issue #${issueId} cannot be read: ${found.reason}`;
}

async function eraseComments(
  reading: IssueReading,
  issueId: string,
  work: { readonly erasing: Erasing; readonly read: Parameters<typeof readComments>[1][number] },
): Promise<number> {
  const comments = (await readComments(reading, [work.read], 'work')).get(issueId);
  if (comments?.kind !== 'read')
    throw new SallyportError(`The comments of issue #${issueId} cannot be read: ${comments?.reason ?? 'they were not told'}`, {
      kind: 'passing',
    });
  let writes = 0;
  for (const { id } of comments.comments.filter((comment) => bareBody(comment, work.erasing) !== undefined)) {
    if (await eraseComment(reading, { issueId, commentId: id }, work.erasing)) writes += 1;
  }
  return writes;
}

/** The body of a comment without its marks; undefined where it carries none. */
function bareBody(comment: GitHubComment, erasing: Erasing): string | undefined {
  const body = comment.body ?? '';
  const bare = withoutMarks(body, splitText, erasing.isOwn);
  return bare === body ? undefined : bare;
}

/**
 * Reads one comment again and writes it without its marks: the whole text is replaced, also what a person wrote into it since
 * all of them were listed (I3). False where nothing was to be written any more.
 */
async function eraseComment(
  reading: IssueReading,
  at: { readonly issueId: string; readonly commentId: number },
  erasing: Erasing,
): Promise<boolean> {
  const what = `a comment on #${at.issueId}`;
  const host = new URL(reading.api.addresses.apiUrl).host;
  const place = { ...pathOf(reading.repository), comment_id: at.commentId };
  const found = await reading.api.send('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', place, {
    purpose: 'work',
    what,
  });
  if (isGone(found)) return false;
  const bare = bareBody(parseAnswer(found, commentSchema, { what, host, isRead: true }), erasing);
  if (bare === undefined) return false;
  await erasing.beforeWrite();
  reading.forgetOne(at.issueId);
  const answer = await reading.api.send(
    'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
    { ...place, body: bare },
    { purpose: 'work', what },
  );
  if (!isGone(answer)) parseAnswer(answer, commentSchema, { what, host, isRead: false });
  return true;
}

function isGone({ status }: GitHubAnswer): boolean {
  return status === 404 || status === 410;
}
