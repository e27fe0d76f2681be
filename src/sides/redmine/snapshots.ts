import type { AttachmentSnapshot, Author, CommentSnapshot, IssueSnapshot } from '../../core/model.ts';
import { splitText } from '../marked-body.ts';
import { attachmentLink, textOf } from './bodies.ts';
import { entryId, timeOf } from './ids.ts';
import type { RedmineParts } from './parts.ts';
import type { RedmineAttachment, RedmineIssue, RedmineJournal, RedminePerson } from './schemas.ts';
import { markFieldName } from './marks.ts';
import { fieldNamed } from './trigger.ts';

/** What carries a second's time may still be followed by another edit in it; a margin for the whole seconds of `Date`. */
const settlingMs = 2_000;

/**
 * The version of an issue read now. Redmine tells times in whole seconds, so two edits within one second look alike: until
 * that second is over the version is one that no later reading has. It does not show edits and removals of notes and removals
 * of files, which leave `updated_on` as it is (reference/redmine.md): those are the audit's to find.
 */
export function versionOf(parts: Pick<RedmineParts, 'api'>, updated: string): string {
  const now = parts.api.serverTime();
  return now !== undefined && now - timeOf(updated) > settlingMs ? updated : `${updated}~${now ?? ''}`;
}

export function authorOf(parts: Pick<RedmineParts, 'account'>, person: RedminePerson | null | undefined): Author {
  if (person === null || person === undefined) return { id: '', displayName: 'Anonymous', isConnection: false };
  return { id: String(person.id), displayName: person.name, isConnection: String(person.id) === parts.account.id };
}

/** Entries of the history that say something. */
export function isComment(journal: RedmineJournal): boolean {
  return (journal.notes ?? '').trim() !== '';
}

export function commentSnapshot(parts: RedmineParts, issueId: string, journal: RedmineJournal): CommentSnapshot {
  const body = splitText(journal.notes ?? '');
  return {
    id: entryId(journal),
    author: authorOf(parts, journal.user),
    createdAt: timeOf(journal.created_on),
    updatedAt: timeOf(journal.updated_on ?? journal.created_on),
    text: textOf(parts, body.content, issueId),
    restricted: journal.private_notes,
    marks: body.marks,
    url: `${parts.api.site.url}/issues/${issueId}#change-${journal.id}`,
  };
}

function attachmentSnapshot(parts: RedmineParts, attachment: RedmineAttachment): AttachmentSnapshot {
  const id = entryId(attachment);
  return {
    id,
    name: attachment.filename,
    size: attachment.filesize,
    mediaType: attachment.content_type ?? undefined,
    author: attachment.author === null || attachment.author === undefined ? undefined : authorOf(parts, attachment.author),
    createdAt: timeOf(attachment.created_on),
    url: attachmentLink(parts, id, attachment.filename),
  };
}

/** Marks of an issue: those in the field for stamps, and those in its text. */
export function marksOf(issue: RedmineIssue): readonly string[] {
  const field = fieldNamed(issue, markFieldName)?.value;
  const inField = typeof field === 'string' ? field.split(/\s+/) : [];
  return [...new Set([...inField.filter((mark) => mark !== ''), ...splitText(issue.description ?? '').marks])];
}

/** Whether it bears the shape of a mark, whosever. */
export function isMarked(issue: RedmineIssue): boolean {
  return marksOf(issue).length > 0 || splitText(issue.description ?? '').marked;
}

/** An issue with its journals and attachments. Remembers the names of its files and whether it has the field for stamps. */
export function issueSnapshot(parts: RedmineParts, issue: RedmineIssue): IssueSnapshot {
  const id = String(issue.id);
  const attachments = (issue.attachments ?? []).toSorted((one, other) => one.id - other.id);
  parts.files.set(
    id,
    attachments.map((attachment) => ({ id: entryId(attachment), name: attachment.filename })),
  );
  const markField = fieldNamed(issue, markFieldName);
  if (markField !== undefined) parts.markFields.set(issue.tracker.id, markField.id);
  const journals = (issue.journals ?? []).filter(isComment).toSorted((one, other) => one.id - other.id);
  return {
    id,
    key: `#${issue.id}`,
    url: `${parts.api.site.url}/issues/${issue.id}`,
    version: versionOf(parts, issue.updated_on),
    author: authorOf(parts, issue.author),
    createdAt: timeOf(issue.created_on),
    updatedAt: timeOf(issue.updated_on),
    summary: issue.subject,
    description: textOf(parts, splitText(issue.description ?? '').content, id),
    type: issue.tracker.name,
    comments: journals.map((journal) => commentSnapshot(parts, id, journal)),
    attachments: attachments.map((attachment) => attachmentSnapshot(parts, attachment)),
    marks: marksOf(issue),
    marked: isMarked(issue),
    readableByAll: !issue.is_private,
  };
}
