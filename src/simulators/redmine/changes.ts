import { RedmineProblem } from './access.ts';
import type { AttachmentRecord, DetailRecord, IssueRecord, JournalRecord, ProjectRecord, TrackerRecord, World } from './data.ts';

const subjectLengthMax = 255;

/** What a request or a person writes. A member that is left out stays. */
export interface IssueChanges {
  readonly subject?: string;
  readonly description?: string | null;
  readonly tracker?: TrackerRecord;
  readonly project?: ProjectRecord;
  /** By the id of the custom field. */
  readonly fields?: ReadonlyMap<number, string | null>;
  readonly notes?: string;
  readonly isPrivate?: boolean;
  readonly files?: readonly AttachmentRecord[];
}

/** @throws RedmineProblem 422 as Redmine words it */
function checkSubject(subject: string): void {
  if (subject.trim() === '') throw new RedmineProblem(422, ['Subject cannot be blank']);
  if (subject.length > subjectLengthMax)
    throw new RedmineProblem(422, [`Subject is too long (maximum is ${subjectLengthMax} characters)`]);
}

/** Descriptions are stored with CRLF, whatever came (issue.rb, `description=`); notes are stored as they come. */
function storedText(text: string | null | undefined): string | null {
  return text?.replaceAll(/\r\n|\n|\r/g, '\r\n') ?? null;
}

export function createIssue(
  world: World,
  draft: {
    readonly project: ProjectRecord;
    readonly tracker: TrackerRecord;
    readonly authorId: number;
    readonly subject: string;
    readonly description: string | null;
    readonly fields: ReadonlyMap<number, string | null>;
  },
): IssueRecord {
  checkSubject(draft.subject);
  const now = world.clock.now();
  const issue: IssueRecord = {
    id: world.nextId('issues'),
    projectId: draft.project.id,
    trackerId: draft.tracker.id,
    authorId: draft.authorId,
    subject: draft.subject,
    description: storedText(draft.description),
    isPrivate: false,
    fields: new Map(world.fields.map(({ id }) => [id, draft.fields.get(id) ?? null])),
    createdAt: now,
    updatedAt: now,
    journals: [],
    attachments: [],
  };
  world.issues.set(issue.id, issue);
  return issue;
}

/** Writes, and notes in the journal what was there. Every write moves `updated_on`, also one that changes nothing. */
export function changeIssue(
  world: World,
  issue: IssueRecord,
  change: { readonly by: number; readonly what: IssueChanges },
): void {
  const { what } = change;
  if (what.subject !== undefined) checkSubject(what.subject);
  const details = [...attributeDetails(issue, what), ...fieldDetails(issue, what), ...fileDetails(what)];
  if (what.subject !== undefined) issue.subject = what.subject;
  if (what.description !== undefined) issue.description = storedText(what.description);
  issue.trackerId = what.tracker?.id ?? issue.trackerId;
  // Every save empties what is switched off, and no journal tells of it (issue.rb, `clear_disabled_fields`).
  if (world.withoutDescription.has(issue.trackerId)) issue.description = null;
  issue.projectId = what.project?.id ?? issue.projectId;
  // Once its fields are stored again, an empty one is an empty text.
  const storesFields = what.tracker !== undefined || (what.fields?.size ?? 0) > 0;
  if (storesFields) for (const [id, value] of issue.fields) issue.fields.set(id, value ?? '');
  for (const [id, value] of what.fields ?? []) if (issue.fields.has(id)) issue.fields.set(id, value);
  for (const file of what.files ?? []) {
    world.uploads.delete(file.id);
    issue.attachments.push(file);
  }
  issue.updatedAt = world.clock.now();
  const notes = what.notes ?? '';
  addJournal(world, issue, { by: change.by, notes, details, isPrivate: what.isPrivate === true });
}

function attributeDetails(issue: IssueRecord, what: IssueChanges): readonly DetailRecord[] {
  const wanted: readonly (readonly [string, string | null, string | null | undefined])[] = [
    ['project_id', String(issue.projectId), what.project === undefined ? undefined : String(what.project.id)],
    ['tracker_id', String(issue.trackerId), what.tracker === undefined ? undefined : String(what.tracker.id)],
    ['subject', issue.subject, what.subject],
    ['description', issue.description, what.description === undefined ? undefined : storedText(what.description)],
  ];
  return wanted.flatMap(([name, before, after]): readonly DetailRecord[] =>
    after === undefined || after === before ? [] : [{ property: 'attr', name, old_value: before, new_value: after }],
  );
}

function fieldDetails(issue: IssueRecord, what: IssueChanges): readonly DetailRecord[] {
  return [...(what.fields ?? [])].flatMap(([id, value]): readonly DetailRecord[] => {
    const before = issue.fields.get(id);
    if (before === undefined || before === value) return [];
    return [{ property: 'cf', name: String(id), old_value: before, new_value: value }];
  });
}

function fileDetails(what: IssueChanges): readonly DetailRecord[] {
  return (what.files ?? []).map(({ id, filename }) => ({
    property: 'attachment',
    name: String(id),
    old_value: null,
    new_value: filename,
  }));
}

/** An entry that says nothing is not stored. A private note is parted from what else was changed with it. */
function addJournal(
  world: World,
  issue: IssueRecord,
  entry: {
    readonly by: number;
    readonly notes: string;
    readonly details: readonly DetailRecord[];
    readonly isPrivate: boolean;
  },
): void {
  const { by, notes, details, isPrivate } = entry;
  const hasNotes = notes.trim() !== '';
  const store = (more: Pick<JournalRecord, 'notes' | 'details' | 'isPrivate'>): void => {
    const id = world.nextId('journals');
    issue.journals.push({ id, serial: world.nextSerial(), userId: by, createdAt: world.clock.now(), ...more });
  };
  if (hasNotes && isPrivate && details.length > 0) {
    store({ notes: null, details, isPrivate: false });
    store({ notes, details: [], isPrivate: true });
  } else if (hasNotes || details.length > 0) store({ notes, details, isPrivate: isPrivate && hasNotes });
}

/** Neither moves `updated_on`. A note that becomes empty goes, unless its entry tells of something else, too. */
export function editNote(issue: IssueRecord, journalId: number, notes: string): void {
  const journal = issue.journals.find(({ id }) => id === journalId);
  if (journal === undefined) throw new RedmineProblem(404);
  journal.notes = notes;
  if (notes.trim() === '' && journal.details.length === 0)
    issue.journals = issue.journals.filter((candidate) => candidate !== journal);
}

/** Leaves an entry in the journal and `updated_on` as it is. */
export function removeAttachment(world: World, at: { issue: IssueRecord; attachment: AttachmentRecord; by: number }): void {
  const { issue, attachment, by } = at;
  issue.attachments = issue.attachments.filter((candidate) => candidate !== attachment);
  const detail: DetailRecord = {
    property: 'attachment',
    name: String(attachment.id),
    old_value: attachment.filename,
    new_value: null,
  };
  addJournal(world, issue, { by, notes: '', details: [detail], isPrivate: false });
}
