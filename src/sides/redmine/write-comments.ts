import { isSameText } from '../../core/as-written.ts';
import type { CommentSnapshot } from '../../core/model.ts';
import { SallyportError, kindOf } from '../../errors.ts';
import type { CommentDraft } from '../side.ts';
import { joinBody, splitText } from '../marked-body.ts';
import { afterWrite } from './answers.ts';
import { encoded, patched } from './bodies.ts';
import { entryId, numberOf } from './ids.ts';
import { fetchIssue } from './load.ts';
import type { RedmineParts } from './parts.ts';
import type { RedmineJournal } from './schemas.ts';
import { authorOf, commentSnapshot } from './snapshots.ts';

/**
 * Adds a note with its marks. Redmine answers nothing, so the note is found by its marks among the journals.
 *
 * @throws SallyportError with `outcomeUnknown` after a lost answer, which is not repeated (I2)
 */
export async function createComment(parts: RedmineParts, issueId: string, draft: CommentDraft): Promise<CommentSnapshot> {
  const notes = joinBody({ content: encoded(parts, draft.body, issueId), fileLines: [], marks: draft.marks });
  await parts.api.json({
    method: 'PUT',
    path: `/issues/${issueId}.json`,
    body: { issue: { notes } },
    purpose: 'work',
    what: `a new note on #${issueId}`,
    adds: true,
  });
  return afterWrite(async () => {
    const made = await noteWith(parts, issueId, (journal) => hasMarks(parts, journal, draft.marks));
    if (made !== undefined) return commentSnapshot(parts, issueId, asWritten(made, notes));
    throw new SallyportError(
      `Redmine took a note for #${issueId} but does not show it: the account may lack "Add notes" or "View private notes". Check its role.`,
      { kind: 'refused' },
    );
  });
}

/** Patches a note's text and replaces its marks. */
export async function editComment(
  parts: RedmineParts,
  issueId: string,
  edit: { readonly comment: CommentSnapshot; readonly draft: CommentDraft },
): Promise<CommentSnapshot> {
  const { comment, draft } = edit;
  const content = patched(parts, comment.text.native, { root: draft.body, issueId });
  const notes = joinBody({ content, fileLines: [], marks: draft.marks });
  await putNote(parts, comment.id, notes);
  const stored = await afterWrite(() => noteWith(parts, issueId, (journal) => entryId(journal) === comment.id));
  if (stored === undefined)
    throw new SallyportError(`The note that was edited on #${issueId} is not there any more.`, { kind: 'gone' });
  return commentSnapshot(parts, issueId, asWritten(stored, notes));
}

/**
 * The note as the write left it. Redmine keeps a text as it is sent but for line ends and blanks around it, so another one
 * was written by a person before this reading; that is an edit of theirs, for the next reading to find (I3).
 */
function asWritten(journal: RedmineJournal, sent: string): RedmineJournal {
  return isSameText(journal.notes ?? '', sent) ? journal : { ...journal, notes: sent };
}

/** A note without text is removed (journals_controller, `update`). What is already gone counts as removed. */
export async function removeComment(parts: RedmineParts, commentId: string): Promise<void> {
  try {
    await putNote(parts, commentId, '');
  } catch (error) {
    if (kindOf(error) !== 'gone') throw error;
  }
}

export async function putNote(parts: RedmineParts, commentId: string, notes: string): Promise<void> {
  await parts.api.json({
    method: 'PUT',
    path: `/journals/${numberOf(commentId)}.json`,
    body: { journal: { notes } },
    purpose: 'work',
    what: 'a note',
  });
}

/** The newest note for which this holds. */
async function noteWith(
  parts: RedmineParts,
  issueId: string,
  holds: (journal: RedmineJournal) => boolean,
): Promise<RedmineJournal | undefined> {
  const { journals = [] } = await fetchIssue(parts, issueId, 'work');
  return journals.toSorted((one, other) => one.id - other.id).findLast(holds);
}

function hasMarks(parts: RedmineParts, journal: RedmineJournal, marks: readonly string[]): boolean {
  const found = splitText(journal.notes ?? '').marks;
  return (
    authorOf(parts, journal.user).isConnection &&
    found.length === marks.length &&
    found.every((mark, index) => mark === marks[index])
  );
}
