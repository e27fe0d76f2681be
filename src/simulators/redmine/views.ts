import { canSeeNote } from './access.ts';
import type { AttachmentRecord, IssueRecord, JournalRecord, UserRecord, World } from './data.ts';
import { nameOf, trackerOf } from './data.ts';

/** Redmine tells times in whole seconds. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

function personView(world: World, id: number): object | undefined {
  const user = world.users.get(id);
  return user && { id, name: nameOf(user) };
}

/** An issue as lists and single readings show it; journals and attachments only where they are asked for. */
export function issueView(
  world: World,
  issue: IssueRecord,
  shown: { readonly to: UserRecord; readonly include: readonly string[] },
): object {
  const project = world.projects.get(issue.projectId);
  return {
    id: issue.id,
    project: { id: issue.projectId, name: project?.name },
    tracker: trackerOf(world, issue),
    status: { id: 1, name: 'New', is_closed: false },
    priority: { id: 2, name: 'Normal' },
    author: personView(world, issue.authorId),
    subject: issue.subject,
    description: issue.description,
    start_date: timeText(issue.createdAt).slice(0, 10),
    due_date: null,
    done_ratio: 0,
    is_private: issue.isPrivate,
    estimated_hours: null,
    total_estimated_hours: null,
    custom_fields: world.fields.map(({ id, name }) => ({ id, name, value: issue.fields.get(id) ?? null })),
    created_on: timeText(issue.createdAt),
    updated_on: timeText(issue.updatedAt),
    closed_on: null,
    ...(shown.include.includes('attachments')
      ? { attachments: issue.attachments.map((attachment) => attachmentView(world, attachment)) }
      : {}),
    ...(shown.include.includes('journals')
      ? {
          journals: issue.journals
            .filter((journal) => canSeeNote(world, shown.to, { issue, journal }))
            .map((journal) => journalView(world, journal)),
        }
      : {}),
  };
}

function journalView(world: World, journal: JournalRecord): object {
  return {
    id: journal.id,
    user: personView(world, journal.userId),
    notes: journal.notes,
    created_on: timeText(journal.createdAt),
    private_notes: journal.isPrivate,
    details: journal.details,
  };
}

function attachmentView(world: World, attachment: AttachmentRecord): object {
  return {
    id: attachment.id,
    filename: attachment.filename,
    filesize: attachment.bytes.byteLength,
    content_type: attachment.contentType,
    description: '',
    content_url: `${world.url}/attachments/download/${attachment.id}/${encodeURIComponent(attachment.filename)}`,
    author: personView(world, attachment.authorId),
    created_on: timeText(attachment.createdAt),
  };
}
