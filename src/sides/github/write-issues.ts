import { encodeMarkdown, patchMarkdown } from '../../content/markdown.ts';
import type { IssueSnapshot } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { CreateOutcome, FileLine, IssueDraft, IssueEdit, StoredFields } from '../side.ts';
import type { AttachmentLinks } from './attachment-links.ts';
import { joinBody, splitBody } from '../marked-body.ts';
import { bodyLengthMax, fittingMarks } from './fitting-marks.ts';
import { fileLinesOf } from './files-footer.ts';
import { parseAnswer } from './github-api.ts';
import type { IssueReading } from './issue-reading.ts';
import { pathOf } from './repository.ts';
import { issueSchema } from './schemas.ts';
import type { GitHubIssue } from './schemas.ts';
import type { SnapshotContext } from './snapshots.ts';
import { issueSnapshot, textOf, typeLabelPrefix, typeOf } from './snapshots.ts';
import { versionOf } from './versions.ts';
import { writeTypeLabel } from './write-type-label.ts';

/** What after one failure would fail for every further issue alike. */
const failsForAll: readonly string[] = ['permission', 'host', 'configuration', 'limit'];

/**
 * Creates issues one after the other, each with its marks in its body. A lost answer is never repeated (I2); what comes back
 * without its type (GitHub drops it silently without push access) is created all the same and shows no type.
 */
export async function createIssues(
  reading: IssueReading,
  context: SnapshotContext,
  drafts: readonly IssueDraft[],
): Promise<readonly CreateOutcome[]> {
  const outcomes: CreateOutcome[] = [];
  let failure: SallyportError | undefined;
  for (const draft of drafts) {
    if (failure !== undefined) {
      outcomes.push({ kind: 'failed', error: failure });
      continue;
    }
    try {
      outcomes.push(await createIssue(reading, context, draft));
    } catch (error) {
      outcomes.push({ kind: 'failed', error });
      if (error instanceof SallyportError && failsForAll.includes(error.kind) && !error.outcomeUnknown) failure = error;
    }
  }
  return outcomes;
}

async function createIssue(reading: IssueReading, context: SnapshotContext, draft: IssueDraft): Promise<CreateOutcome> {
  const content = encodeMarkdown(draft.description, { attachmentLink: (id) => linkTo(context.links, id) });
  const body = bodyOf({ content, files: draft.files, marks: draft.marks, links: context.links });
  const type = draft.type === undefined ? {} : typeOfNew(context, draft.type);
  const what = 'a new issue';
  const answer = await reading.api.send(
    'POST /repos/{owner}/{repo}/issues',
    { ...pathOf(reading.repository), title: draft.summary, body, ...type },
    { purpose: 'work', what },
  );
  const issue = parseAnswer(answer, issueSchema, { what, host: hostOf(reading), isRead: false, isContainer: true });
  reading.remember(issue, answer.servedAt);
  const parts = { issue, readAt: answer.servedAt, comments: [], commentsReadAt: answer.servedAt };
  return { kind: 'created', id: String(issue.number), key: `#${issue.number}`, issue: issueSnapshot(parts, context) };
}

/**
 * Edits title, body and type in one request; a label that stands for the type goes before (write-type-label.ts). The content
 * is patched onto the issue's native one; a body that comes out as it stands is left out of the request, so that no other edit
 * of it can be lost (I3).
 *
 * @throws SallyportError `refused` if GitHub kept another type than asked for; the other fields are stored then, but not where
 * labels stand for types.
 */
export async function editIssue(
  reading: IssueReading,
  context: SnapshotContext,
  request: { readonly issue: IssueSnapshot; readonly edit: IssueEdit },
): Promise<StoredFields> {
  const { issue, edit } = request;
  const { links } = context;
  const current = await currentIssue(reading, issue.id);
  const native = splitBody(current.body ?? '').content;
  const content =
    edit.description === undefined
      ? native
      : patchMarkdown(issue.description.native, edit.description, {
          attachmentId: (url) => links.idOf(url),
          attachmentLink: (id) => linkTo(links, id),
          hasToStay: (id) => edit.isPersons !== true && links.copyPathOf(id) === undefined,
        });
  const marks = fittingMarks(content, { ...edit, what: `issue ${issue.key}` });
  const body = bodyOf({ content, files: edit.files, marks, links });
  const label = context.types === 'labels' ? await labelWritten(reading, context, request) : undefined;
  const stored = await patchIssue(reading, issue.id, {
    ...(edit.summary === undefined ? {} : { title: edit.summary }),
    ...(saysTheSame(body, current.body ?? '') ? {} : { body }),
    ...(edit.type === undefined || context.types === 'labels' ? {} : { type: edit.type }),
  });
  const shown = typeOf(stored.issue, context.types);
  const type = label ?? shown;
  if (edit.type !== undefined && type?.toLowerCase() !== edit.type.toLowerCase())
    throw droppedType(issue.key, edit.type, context);
  const commentsUpdatedAt = issue.comments.map((comment) => comment.updatedAt);
  return {
    summary: stored.issue.title,
    description: textOf(splitBody(stored.issue.body ?? '').content, context),
    type,
    // Another label by now is a person's choice, which is still to be read.
    version: type === shown ? versionOf(Math.max(stored.issue.updated_at, ...commentsUpdatedAt), stored.readAt) : issue.version,
  };
}

/** The type that an edit asks for, put on as a label. @throws SallyportError `refused` where the account may not */
async function labelWritten(
  reading: IssueReading,
  context: SnapshotContext,
  { issue, edit }: { readonly issue: IssueSnapshot; readonly edit: IssueEdit },
): Promise<string | undefined> {
  if (edit.type === undefined) return undefined;
  const written = await writeTypeLabel(reading, issue.id, edit.type);
  if (written === undefined) throw droppedType(issue.key, edit.type, context);
  return written;
}

/** Replaces the marks at the end of the body, if they are others; content and file list stay as they are now. */
export async function writeMarks(reading: IssueReading, issueId: string, marks: readonly string[]): Promise<void> {
  const body = splitBody((await currentIssue(reading, issueId)).body ?? '');
  if (body.marks.length === marks.length && body.marks.every((mark, index) => mark === marks[index])) return;
  await patchIssue(reading, issueId, { body: joinBody({ ...body, marks }) });
}

interface IssuePatch {
  readonly title?: string;
  readonly body?: string;
  readonly type?: string;
}

export async function patchIssue(reading: IssueReading, id: string, patch: IssuePatch) {
  const what = `issue #${id}`;
  if (Object.keys(patch).length === 0) {
    const known = reading.recall(id);
    if (known !== undefined) return known;
  }
  const answer = await reading.api.send(
    'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    { ...pathOf(reading.repository), issue_number: Number(id), ...patch },
    { purpose: 'work', what },
  );
  if (answer.status < 200 || answer.status > 299) reading.forgetOne(id);
  const issue = parseAnswer(answer, issueSchema, { what, host: hostOf(reading), isRead: false });
  reading.remember(issue, answer.servedAt);
  return { issue, readAt: answer.servedAt };
}

/** The issue as it was last read: right before an edit the cycle reads it again. */
async function currentIssue(reading: IssueReading, id: string): Promise<GitHubIssue> {
  const known = reading.recall(id)?.issue ?? (await reading.readOne(id, 'work'));
  if (known !== undefined) return known;
  throw new SallyportError(`Issue #${id} is not in the repository any more, so it cannot be edited.`, { kind: 'gone' });
}

/** Whether two bodies differ in nothing but the empty lines that stand between their parts. */
function saysTheSame(body: string, other: string): boolean {
  return joinBody(splitBody(body)) === joinBody(splitBody(other));
}

function bodyOf(parts: {
  readonly content: string;
  readonly files: readonly FileLine[];
  readonly marks: readonly string[];
  readonly links: AttachmentLinks;
}): string {
  const { content, marks, files, links } = parts;
  const bare = joinBody({ content, fileLines: [], marks });
  // The frame of the list takes about a hundred characters.
  const lengthMax = Math.max(0, bodyLengthMax - 1000 - bare.length);
  return joinBody({ content, marks, fileLines: fileLinesOf(files, { links, content, lengthMax }) });
}

function typeOfNew(context: SnapshotContext, type: string) {
  return context.types === 'issue-types' ? { type } : { labels: [`${typeLabelPrefix}${type}`] };
}

function droppedType(key: string, type: string, context: SnapshotContext): SallyportError {
  const kind = context.types === 'issue-types' ? 'issue type' : 'label of the type';
  return new SallyportError(
    `GitHub did not take the ${kind} ${type} for ${key}: the token lacks push access to the repository, or the type is disabled. Grant the account write access, or let labels stand for types.`,
    { kind: 'refused' },
  );
}

/** A text never refers to what is no attachment of this side; a link without a target is the harmless way to show one. */
export function linkTo(links: AttachmentLinks, id: string): string {
  return links.urlOf(id) ?? '#';
}

function hostOf(reading: IssueReading): string {
  return new URL(reading.api.addresses.apiUrl).host;
}
