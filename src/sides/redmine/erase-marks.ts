import { kindOf } from '../../errors.ts';
import { splitText, withoutMarks } from '../marked-body.ts';
import type { Erasing } from '../side.ts';
import { entryId } from './ids.ts';
import { fetchIssue } from './load.ts';
import { markFieldName } from './marks.ts';
import type { RedmineParts } from './parts.ts';
import type { RedmineIssue, RedmineJournal } from './schemas.ts';
import { fieldNamed } from './trigger.ts';
import { putNote } from './write-comments.ts';
import { putIssue } from './write-issues.ts';

/**
 * Takes the marks out of an issue's text or field and out of its notes, each read right before it is written (I3): Redmine
 * tells no single note, so that the issue is read again. Its history of the text keeps what stood there.
 */
export async function eraseMarks(parts: RedmineParts, issueId: string, erasing: Erasing): Promise<number> {
  const issue = await fetchIssue(parts, issueId, 'work');
  let writes = 0;
  const change = changeOf(issue, erasing);
  if (change !== undefined) {
    await erasing.beforeWrite();
    await putIssue(parts, { id: issueId, key: `#${issueId}` }, change);
    writes += 1;
  }
  for (const known of (issue.journals ?? []).filter((journal) => bareNotes(journal, erasing) !== undefined)) {
    const { journals = [] } = writes === 0 ? issue : await fetchIssue(parts, issueId, 'work');
    // The number of a note that was deleted may be another one's by now.
    const journal = journals.find((candidate) => entryId(candidate) === entryId(known));
    const bare = journal === undefined ? undefined : bareNotes(journal, erasing);
    if (bare === undefined) continue;
    await erasing.beforeWrite();
    await putNote(parts, entryId(known), bare).catch((error: unknown) => {
      if (kindOf(error) !== 'gone') throw error;
    });
    writes += 1;
  }
  return writes;
}

/** The text of a note without its marks; undefined where it carries none. */
function bareNotes(journal: RedmineJournal, erasing: Erasing): string | undefined {
  const notes = journal.notes ?? '';
  const bare = withoutMarks(notes, splitText, erasing.isOwn);
  return bare === notes ? undefined : bare;
}

function changeOf(issue: RedmineIssue, erasing: Erasing): object | undefined {
  const text = issue.description ?? '';
  const bare = withoutMarks(text, splitText, erasing.isOwn);
  const field = fieldNamed(issue, markFieldName);
  const value = typeof field?.value === 'string' ? field.value : '';
  const kept = value.split(/\s+/).filter((mark) => mark !== '' && !erasing.isOwn(mark));
  const isFieldOurs = field !== undefined && value !== '' && kept.join('\n') !== value;
  if (bare === text && !isFieldOurs) return undefined;
  return {
    ...(bare === text ? {} : { description: bare }),
    ...(isFieldOurs ? { custom_fields: [{ id: field.id, value: kept.join('\n') }] } : {}),
  };
}
