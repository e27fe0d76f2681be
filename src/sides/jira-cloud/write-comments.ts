import { addComment, deleteComment, updateComment } from 'jira.js/cloud';
import type { CommentSnapshot } from '../../core/model.ts';
import { kindOf } from '../../errors.ts';
import type { CommentDraft } from '../side.ts';
import type { JiraParts } from './parts.ts';
import type { JiraComment } from './schemas.ts';
import { commentSchema } from './schemas.ts';
import { commentSnapshot } from './snapshots.ts';
import { parsedWrite } from '../jira/answers.ts';
import { markKey } from '../jira/mark-properties.ts';
import { encoded, patched } from './write-issues.ts';

/** The stamp goes along in the same request (sync-model.md, "Stamps"); a string body would drop it, so always ADF. */
function propertiesOf(parts: JiraParts, marks: readonly string[]): { key: string; value: unknown }[] {
  return marks.slice(0, 1).map((mark) => ({ key: markKey(parts.connectionId), value: { mark } }));
}

/** Answers leave out properties unless expanded; what was sent is what stands there. */
function stored(parts: JiraParts, answer: unknown, written: { issueId: string; marks: readonly string[] }): CommentSnapshot {
  const comment: JiraComment = parsedWrite(commentSchema, answer, 'a written comment');
  return { ...commentSnapshot(parts, parts.issueKeys.get(written.issueId) ?? written.issueId, comment), marks: written.marks };
}

export async function createComment(parts: JiraParts, issueId: string, draft: CommentDraft): Promise<CommentSnapshot> {
  const body = await encoded(parts, draft.body);
  const answer = await addComment(parts.api.clientFor('work'), {
    issueIdOrKey: issueId,
    body: { ...body, content: [...body.content] },
    properties: propertiesOf(parts, draft.marks),
  });
  return stored(parts, answer, { issueId, marks: draft.marks });
}

export async function editComment(
  parts: JiraParts,
  issueId: string,
  edit: { readonly comment: CommentSnapshot; readonly draft: CommentDraft },
): Promise<CommentSnapshot> {
  const { comment, draft } = edit;
  const body = await patched(parts, comment.text.native, { root: draft.body });
  const answer = await updateComment(parts.api.clientFor('work'), {
    issueIdOrKey: issueId,
    id: comment.id,
    body: { body: { ...body, content: [...body.content] }, properties: propertiesOf(parts, draft.marks) },
  });
  return stored(parts, answer, { issueId, marks: draft.marks });
}

export async function removeComment(parts: JiraParts, issueId: string, commentId: string): Promise<void> {
  try {
    await deleteComment(parts.api.clientFor('work'), { issueIdOrKey: issueId, id: commentId });
  } catch (error) {
    if (kindOf(error) !== 'gone') throw error;
  }
}
