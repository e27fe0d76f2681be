import { isSameText } from '../../core/as-written.ts';
import type { CommentSnapshot } from '../../core/model.ts';
import { SallyportError, kindOf } from '../../errors.ts';
import type { CommentDraft } from '../side.ts';
import { markKey } from '../jira/mark-properties.ts';
import { encoded, patched } from './bodies.ts';
import type { JiraDcParts } from './parts.ts';
import { commentSchema } from './schemas.ts';
import type { JiraDcComment } from './schemas.ts';
import { commentSnapshot } from './snapshots.ts';

/** The stamp goes along in the same request (sync-model.md, "Stamps"). */
function propertiesOf(parts: JiraDcParts, marks: readonly string[]): { key: string; value: unknown }[] {
  return marks.slice(0, 1).map((mark) => ({ key: markKey(parts.connectionId), value: { mark } }));
}

/** Answers leave out properties unless expanded; what was sent is what stands there. */
function stored(
  parts: JiraDcParts,
  comment: JiraDcComment,
  written: { readonly issueId: string; readonly marks: readonly string[] },
): CommentSnapshot {
  return { ...commentSnapshot(parts, written.issueId, comment), marks: written.marks };
}

export async function createComment(parts: JiraDcParts, issueId: string, draft: CommentDraft): Promise<CommentSnapshot> {
  const comment = await parts.api.write(commentSchema, {
    method: 'POST',
    path: `/issue/${issueId}/comment`,
    body: { body: encoded(parts, draft.body, issueId), properties: propertiesOf(parts, draft.marks) },
    purpose: 'work',
    what: 'a written comment',
    creates: true,
  });
  return stored(parts, comment, { issueId, marks: draft.marks });
}

/**
 * An edit that names no visibility makes a restricted comment public, so the one that stands there is asked first and sent
 * along: what its author kept among a role is never shown to everyone by an edit of its copy.
 *
 * @throws SallyportError `passing` where that answer holds another text than the edit was made for: a person was faster (I3)
 */
export async function editComment(
  parts: JiraDcParts,
  issueId: string,
  edit: { readonly comment: CommentSnapshot; readonly draft: CommentDraft },
): Promise<CommentSnapshot> {
  const path = `/issue/${issueId}/comment/${edit.comment.id}`;
  const { body, visibility } = await parts.api.read(commentSchema, { path, purpose: 'work', what: 'a comment to edit' });
  if (!isSameText(body ?? '', edit.comment.text.native))
    throw new SallyportError(
      `Comment ${edit.comment.id} was edited in Jira while an edit of it was on its way; nothing was written, the next cycle takes both up.`,
      { kind: 'passing' },
    );
  const comment = await parts.api.write(commentSchema, {
    method: 'PUT',
    path,
    body: {
      body: patched(parts, edit.comment.text.native, { root: edit.draft.body, issueId }),
      properties: propertiesOf(parts, edit.draft.marks),
      ...(visibility === undefined || visibility === null ? {} : { visibility }),
    },
    purpose: 'work',
    what: 'a written comment',
  });
  return stored(parts, comment, { issueId, marks: edit.draft.marks });
}

export async function removeComment(parts: JiraDcParts, issueId: string, commentId: string): Promise<void> {
  try {
    const path = `/issue/${issueId}/comment/${commentId}`;
    await parts.api.json({ method: 'DELETE', path, purpose: 'work', what: 'the removal of a comment' });
  } catch (error) {
    if (kindOf(error) !== 'gone') throw error;
  }
}
