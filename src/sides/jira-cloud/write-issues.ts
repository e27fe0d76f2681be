import { createIssue, createIssues as createInBulk, editIssue as editJiraIssue } from 'jira.js/cloud';
import { encodeAdf, patchAdf } from '../../content/adf.ts';
import type { AdfDocument } from '../../content/adf-document.ts';
import { mediaOfId, type Neutral } from '../../content/neutral.ts';
import { attachmentReferences } from '../../content/references.ts';
import type { IssueSnapshot } from '../../core/model.ts';
import type { CreateOutcome, IssueDraft, IssueEdit, StoredFields } from '../side.ts';
import { attachmentIdOfLink, attachmentLink, attachmentOfMedia, referenceOfMedia, resolveShown } from './media.ts';
import type { JiraParts } from './parts.ts';
import { parsed } from '../jira/answers.ts';
import { issueProperties } from '../jira/mark-properties.ts';
import { bulkMax, sendBodies, unsaid } from '../jira/bulk-create.ts';
import type { CreateRequests, IssueBody } from '../jira/bulk-create.ts';
import { typeOf } from '../jira/issue-type.ts';
import { storedSchema } from './schemas.ts';
import { textOf } from './snapshots.ts';

/**
 * What the ADF codec asks of this side. Media of copies may be dropped, since they came from elsewhere, but for those that
 * are to stay attached.
 */
function adfContext(parts: JiraParts, attached: ReadonlySet<string> = new Set()) {
  return {
    attachmentId: (mediaId: string) => attachmentOfMedia(parts, mediaId),
    attachmentIdOfLink,
    mediaId: (attachmentId: string) => {
      const id = mediaOfId(attachmentId) ?? parts.mediaIds.get(attachmentId);
      return id === undefined ? undefined : { id };
    },
    attachmentLink: (attachmentId: string) => attachmentLink(parts, attachmentId),
    hasToStay: (attachmentId: string) => !parts.copies.has(attachmentId) || attached.has(attachmentId),
  };
}

/** ADF of a new body. */
export async function encoded(parts: JiraParts, root: Neutral): Promise<AdfDocument> {
  await resolveShown(parts, root);
  return encodeAdf(root, adfContext(parts));
}

/**
 * The native body with an edit applied: untouched blocks stay as they are, media of Jira's own attachments, and of copies that
 * are to stay attached, are never dropped (I6).
 */
export async function patched(
  parts: JiraParts,
  native: string,
  edit: { readonly root: Neutral; readonly attached?: ReadonlySet<string> | undefined },
): Promise<AdfDocument> {
  const { root, attached } = edit;
  await resolveShown(parts, root);
  const document: unknown = JSON.parse(native);
  const shown = new Set(attachmentReferences(root).map((reference) => reference.id));
  // A file that is not attached is a file only where the text to be written knows it, and words elsewhere.
  const attachmentId = (mediaId: string): string | undefined => {
    const id = referenceOfMedia(parts, mediaId);
    return id === undefined || (mediaOfId(id) !== undefined && !shown.has(id)) ? undefined : id;
  };
  return patchAdf(document, root, { ...adfContext(parts, attached), attachmentId });
}

/** One outcome a draft, in order: a draft that cannot be sent, or that Jira refuses, keeps no other from being created. */
export async function createIssues(parts: JiraParts, drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]> {
  const outcomes: CreateOutcome[] = [];
  for (let start = 0; start < drafts.length; start += bulkMax) {
    outcomes.push(...(await createBatch(parts, drafts.slice(start, start + bulkMax))));
  }
  return outcomes;
}

async function createBatch(parts: JiraParts, drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]> {
  const prepared: (IssueBody | { readonly error: unknown })[] = [];
  for (const draft of drafts) {
    prepared.push(await bodyOf(parts, draft).catch((error: unknown) => ({ error })));
  }
  const outcomes = (
    await sendBodies(
      requestsOf(parts),
      prepared.filter((entry) => 'fields' in entry),
    )
  ).values();
  return prepared.map((entry): CreateOutcome => {
    const outcome = 'error' in entry ? undefined : outcomes.next().value;
    // Links to the comments that follow need the key.
    if (outcome?.kind === 'created') parts.issueKeys.set(outcome.id, outcome.key);
    return outcome ?? { kind: 'failed', error: 'error' in entry ? entry.error : unsaid() };
  });
}

function requestsOf(parts: JiraParts): CreateRequests {
  const client = parts.api.clientFor('work');
  return {
    one: (body) => createIssue(client, body),
    many: (bodies) => createInBulk(client, { issueUpdates: [...bodies] }),
  };
}

async function bodyOf(parts: JiraParts, draft: IssueDraft): Promise<IssueBody> {
  return { fields: await fieldsOf(parts, draft), properties: issueProperties(parts.connectionId, draft.marks) };
}

async function fieldsOf(parts: JiraParts, draft: IssueDraft): Promise<Record<string, unknown>> {
  return {
    project: { id: parts.project.id },
    summary: draft.summary,
    issuetype: await typeOf(parts, draft.type),
    description: await encoded(parts, draft.description),
  };
}

export async function editIssue(parts: JiraParts, issue: IssueSnapshot, edit: IssueEdit): Promise<StoredFields> {
  const fields = {
    ...(edit.summary === undefined ? {} : { summary: edit.summary }),
    ...(edit.type === undefined ? {} : { issuetype: await typeOf(parts, edit.type) }),
    ...(edit.description === undefined
      ? {}
      : {
          description: await patched(parts, issue.description.native, { root: edit.description, attached: edit.attached }),
        }),
  };
  const answer: unknown = await editJiraIssue(parts.api.clientFor('work'), {
    issueIdOrKey: issue.id,
    returnIssue: true,
    fields,
    properties: issueProperties(parts.connectionId, edit.marks),
  });
  const stored = parsed(storedSchema, answer, `the edit of ${issue.key}`);
  return {
    summary: stored.fields.summary ?? '',
    description: textOf(parts, stored.fields.description),
    type: stored.fields.issuetype.name,
    version: stored.fields.updated,
  };
}

/** The properties alone, in one request: the ledger, and the mark that other connections know. */
export async function writeMarks(parts: JiraParts, issue: IssueSnapshot, marks: readonly string[]): Promise<void> {
  await editJiraIssue(parts.api.clientFor('work'), {
    issueIdOrKey: issue.id,
    properties: issueProperties(parts.connectionId, marks),
  });
}
