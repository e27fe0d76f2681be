import { isSameText, replacedSince } from '../../core/as-written.ts';
import type { IssueSnapshot } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { CreateOutcome, IssueDraft, IssueEdit, StoredFields } from '../side.ts';
import { splitText } from '../marked-body.ts';
import { afterWrite, parsed } from './answers.ts';
import { encoded, patched, textOf } from './bodies.ts';
import { editsOf } from './history.ts';
import { fetchIssue } from './load.ts';
import { markFieldName, markedText } from './marks.ts';
import type { RedmineParts, RedmineType } from './parts.ts';
import { issueAnswerSchema } from './schemas.ts';
import { issueSnapshot, marksOf, versionOf } from './snapshots.ts';

/** What after one failure would fail for every further issue alike. */
const failsForAll: readonly string[] = ['permission', 'host', 'configuration', 'limit'];

/** Creates issues one after the other, each with its marks in the same request. A lost answer is never repeated (I2). */
export async function createIssues(parts: RedmineParts, drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]> {
  const outcomes: CreateOutcome[] = [];
  let failure: SallyportError | undefined;
  for (const draft of drafts) {
    if (failure !== undefined) {
      outcomes.push({ kind: 'failed', error: failure });
      continue;
    }
    try {
      const { outcome, isMarked } = await createIssue(parts, draft);
      outcomes.push(outcome);
      if (!isMarked) failure = noMark(parts, outcome.key);
    } catch (error) {
      outcomes.push({ kind: 'failed', error });
      if (error instanceof SallyportError && failsForAll.includes(error.kind) && !error.outcomeUnknown) failure = error;
    }
  }
  return outcomes;
}

/** I2: what could not be marked is found by nobody, were its answer lost. The one is a twin; no more of them are made. */
function noMark(parts: RedmineParts, key: string): SallyportError {
  return new SallyportError(
    `Redmine kept no stamp with ${key}, though it answered success: ${passedOver}, or make the field ${markFieldName} (${parts.project.name}). No further issue is created by this run.`,
    { kind: 'permission' },
  );
}

/** Where an administrator finds what lets Redmine drop a field without a word. */
const passedOver =
  "let the account write the description (Administration > Workflow > Fields permissions, the tracker's standard fields, and its role)";

async function createIssue(
  parts: RedmineParts,
  draft: IssueDraft,
): Promise<{ readonly outcome: Extract<CreateOutcome, { kind: 'created' }>; readonly isMarked: boolean }> {
  const type = draft.type === undefined ? undefined : await typeOf(parts, draft.type);
  const text = markedText(parts, encoded(parts, draft.description), { marks: draft.marks, typeId: type?.id });
  const answer = await parts.api.json({
    method: 'POST',
    path: '/issues.json',
    body: {
      issue: {
        project_id: Number(parts.project.id),
        subject: draft.summary,
        ...(type === undefined ? {} : { tracker_id: type.id }),
        ...text,
      },
    },
    purpose: 'work',
    what: 'a new issue',
    adds: true,
  });
  const { issue } = await afterWrite(() => parsed(issueAnswerSchema, answer, 'a new issue'));
  // Redmine tells a created issue without journals and attachments, of which it has none yet.
  const outcome = { kind: 'created', id: String(issue.id), key: `#${issue.id}`, issue: issueSnapshot(parts, issue) } as const;
  return { outcome, isMarked: draft.marks.length === 0 || marksOf(issue).length > 0 };
}

async function typeOf(parts: RedmineParts, name: string): Promise<RedmineType> {
  const type = (await parts.types()).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (type !== undefined) return type;
  throw new SallyportError(
    `Project ${parts.project.name} has no tracker ${name} any more. It is looked for anew in the next cycle.`,
    { kind: 'refused' },
  );
}

/**
 * Edits fields and marks in one request. Redmine answers nothing, and passes over what the account's role or the workflow does
 * not let it change, so what was stored takes a reading.
 *
 * @throws SallyportError `refused` if a field stands as it was, or another type than asked for; the other fields are stored then
 */
export async function editIssue(parts: RedmineParts, issue: IssueSnapshot, edit: IssueEdit): Promise<StoredFields> {
  const type = await typeOf(parts, edit.type ?? issue.type ?? '');
  const content =
    edit.description === undefined
      ? issue.description.native
      : patched(parts, issue.description.native, { root: edit.description, issueId: issue.id });
  const body = {
    ...(edit.summary === undefined ? {} : { subject: edit.summary }),
    ...(edit.type === undefined ? {} : { tracker_id: type.id }),
    ...markedText(parts, content, { marks: edit.marks, typeId: type.id }),
  };
  await putIssue(parts, issue, body);
  const stored = await afterWrite(() => fetchIssue(parts, issue.id, 'work'));
  if (content !== '') await parts.guardText(stored);
  const sent = {
    ...(edit.summary === undefined ? {} : { summary: edit.summary }),
    ...(edit.description === undefined ? {} : { description: content }),
    ...(edit.type === undefined ? {} : { type: type.name }),
  };
  const replaced = replacedSince(sent, await editsOf(parts, stored.journals ?? []), issue.updatedAt);
  const typeName = replaced.type ?? stored.tracker.name;
  const summary = replaced.summary ?? stored.subject;
  const description = replaced.description ?? splitText(stored.description ?? '').content;
  const dropped = [
    ...(isDropped({ before: issue.summary, sent: sent.summary, stored: summary }) ? ['subject'] : []),
    ...(isDropped({ before: issue.description.native, sent: sent.description, stored: description }) ? ['description'] : []),
    ...(edit.type !== undefined && typeName !== type.name ? [`tracker ${edit.type}`] : []),
  ];
  if (dropped.length > 0)
    throw new SallyportError(
      `Redmine did not take the ${dropped.join(' and the ')} for ${issue.key}, though it answered success: the account's role or the workflow does not allow it. Allow it in the role, in Administration > Workflow (Fields permissions) and in the tracker's standard fields.`,
      { kind: 'refused' },
    );
  return {
    summary,
    description: textOf(parts, description, issue.id),
    type: typeName,
    version: versionOf(parts, stored.updated_on),
  };
}

/** Whether a value that was sent was passed over: the one before it stands there still. */
function isDropped(value: { readonly before: string; readonly sent: string | undefined; readonly stored: string }): boolean {
  const { before, sent, stored } = value;
  return sent !== undefined && !isSameText(stored, sent) && isSameText(stored, before);
}

/** Replaces the marks, if they are others; the text stays as it is now. */
export async function writeMarks(parts: RedmineParts, issue: IssueSnapshot, marks: readonly string[]): Promise<void> {
  const current = await fetchIssue(parts, issue.id, 'work');
  const stand = marksOf(current);
  if (stand.length === marks.length && stand.every((mark, index) => mark === marks[index])) return;
  const { content } = splitText(current.description ?? '');
  await putIssue(parts, issue, markedText(parts, content, { marks, typeId: current.tracker.id }));
}

export async function putIssue(parts: RedmineParts, issue: Pick<IssueSnapshot, 'id' | 'key'>, body: object): Promise<void> {
  await parts.api.json({
    method: 'PUT',
    path: `/issues/${issue.id}.json`,
    body: { issue: body },
    purpose: 'work',
    what: `the edit of ${issue.key}`,
  });
}
