import { SallyportError } from '../../errors.ts';
import { withoutMarks } from '../marked-body.ts';
import type { Erasing } from '../side.ts';
import { readComments } from './comment-reading.ts';
import { parseAnswer } from './github-api.ts';
import type { IssueReading } from './issue-reading.ts';
import { pathOf } from './repository.ts';
import { commentSchema } from './schemas.ts';
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
  const bare = withoutMarks(body, erasing.isOwn);
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
  for (const comment of comments.comments) {
    const bare = withoutMarks(comment.body ?? '', work.erasing.isOwn);
    if (bare === (comment.body ?? '')) continue;
    await work.erasing.beforeWrite();
    const what = `a comment on #${issueId}`;
    reading.forgetOne(issueId);
    const answer = await reading.api.send(
      'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
      { ...pathOf(reading.repository), comment_id: comment.id, body: bare },
      { purpose: 'work', what },
    );
    writes += 1;
    if (answer.status === 404 || answer.status === 410) continue;
    parseAnswer(answer, commentSchema, { what, host: new URL(reading.api.addresses.apiUrl).host, isRead: false });
  }
  return writes;
}
