import { createIssue, createIssues as createInBulk, editIssue as editJiraIssue } from 'jira.js/cloud';
import { encodeAdf, patchAdf } from '../../content/adf.ts';
import type { AdfDocument } from '../../content/adf-document.ts';
import type { Neutral } from '../../content/neutral.ts';
import type { IssueSnapshot } from '../../core/model.ts';
import type { ErrorKind } from '../../errors.ts';
import { SallyportError, kindOf } from '../../errors.ts';
import type { CreateOutcome, IssueDraft, IssueEdit, StoredFields } from '../side.ts';
import { kindOfStatus } from './api-errors.ts';
import { parsed, parsedWrite } from './client.ts';
import { attachmentIdOfLink, attachmentLink, attachmentOfMedia, resolveShown } from './media.ts';
import type { JiraParts } from './parts.ts';
import { issueProperties } from './parts.ts';
import { bulkCreatedSchema, createdSchema, storedSchema } from './schemas.ts';
import { textOf } from './snapshots.ts';

/** Jira creates this many issues a request at most. */
const bulkMax = 50;

/** What the ADF codec asks of this side. `copies`: attachments whose media may be dropped, since they came from elsewhere. */
export function adfContext(parts: JiraParts, copies: ReadonlySet<string> = new Set()) {
  return {
    attachmentId: (mediaId: string) => attachmentOfMedia(parts, mediaId),
    attachmentIdOfLink,
    mediaId: (attachmentId: string) => {
      const id = parts.mediaIds.get(attachmentId);
      return id === undefined ? undefined : { id };
    },
    attachmentLink: (attachmentId: string) => attachmentLink(parts, attachmentId),
    isOrigin: (attachmentId: string) => !copies.has(attachmentId),
  };
}

/** ADF of a new body. */
export async function encoded(parts: JiraParts, root: Neutral): Promise<AdfDocument> {
  await resolveShown(parts, root);
  return encodeAdf(root, adfContext(parts));
}

/** The native body with an edit applied: untouched blocks stay as they are, media of Jira's own attachments are never dropped (I6). */
export async function patched(
  parts: JiraParts,
  native: string,
  options: { root: Neutral; copies: ReadonlySet<string> },
): Promise<AdfDocument> {
  await resolveShown(parts, options.root);
  const document: unknown = JSON.parse(native);
  return patchAdf(document, options.root, adfContext(parts, options.copies));
}

type Body = { fields: Record<string, unknown>; properties: { key: string; value: unknown }[] };

/** One outcome a draft, in order: a draft that cannot be sent, or that Jira refuses, keeps no other from being created. */
export async function createIssues(parts: JiraParts, drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]> {
  const outcomes: CreateOutcome[] = [];
  for (let start = 0; start < drafts.length; start += bulkMax) {
    outcomes.push(...(await createBatch(parts, drafts.slice(start, start + bulkMax))));
  }
  return outcomes;
}

async function createBatch(parts: JiraParts, drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]> {
  const prepared: (Body | { readonly error: unknown })[] = [];
  for (const draft of drafts) {
    prepared.push(await bodyOf(parts, draft).catch((error: unknown) => ({ error })));
  }
  const outcomes = (
    await sendBodies(
      parts,
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

async function bodyOf(parts: JiraParts, draft: IssueDraft): Promise<Body> {
  return { fields: await fieldsOf(parts, draft), properties: issueProperties(parts.connectionId, draft.marks) };
}

async function sendBodies(parts: JiraParts, bodies: readonly Body[]): Promise<readonly CreateOutcome[]> {
  const [single] = bodies;
  if (single === undefined) return [];
  if (bodies.length === 1) return [await sendOne(parts, single)];
  try {
    const answer: unknown = await createInBulk(parts.api.clientFor('work'), { issueUpdates: [...bodies] });
    return outcomesOf(bodies.length, parsedWrite(bulkCreatedSchema, answer, 'created issues'));
  } catch (error) {
    // A bulk create is refused as a whole only if none was created: each alone is told what is wrong with it.
    if (kindOf(error) !== 'refused') return bodies.map(() => ({ kind: 'failed', error }));
    const outcomes: CreateOutcome[] = [];
    for (const body of bodies) outcomes.push(await sendOne(parts, body));
    return outcomes;
  }
}

async function sendOne(parts: JiraParts, body: Body): Promise<CreateOutcome> {
  try {
    const answer: unknown = await createIssue(parts.api.clientFor('work'), body);
    return { kind: 'created', ...parsedWrite(createdSchema, answer, 'a created issue'), issue: undefined };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

function unsaid(): SallyportError {
  return new SallyportError('Jira did not say what became of an issue of a bulk create.', {
    kind: 'passing',
    outcomeUnknown: true,
  });
}

/** Answers list the created ones in order and the failed ones by their number. */
function outcomesOf(
  count: number,
  answer: {
    issues: { id: string; key: string }[];
    errors: {
      failedElementNumber: number;
      status?: number | undefined;
      elementErrors?: { errorMessages: string[]; errors: Record<string, string> } | undefined;
    }[];
  },
): readonly CreateOutcome[] {
  const failed = new Map(answer.errors.map((entry) => [entry.failedElementNumber, entry]));
  const created = answer.issues.values();
  return Array.from({ length: count }, (_, index): CreateOutcome => {
    const error = failed.get(index);
    if (error !== undefined) {
      const said = [
        ...(error.elementErrors?.errorMessages ?? []),
        ...Object.entries(error.elementErrors?.errors ?? {}).map(([field, text]) => `${field}: ${text}`),
      ];
      const status = error.status ?? 400;
      return {
        kind: 'failed',
        error: new SallyportError(`Jira refused to create an issue (${status}): ${said.join('; ')}`, {
          kind: kindOfElement(status),
          status,
          // A server's own failure says nothing about what it had done before (I2).
          outcomeUnknown: status >= 500,
        }),
      };
    }
    const next = created.next();
    if (next.done !== true) return { kind: 'created', ...next.value, issue: undefined };
    return { kind: 'failed', error: unsaid() };
  });
}

/** Nothing can be gone that was not there before: a 404 of a create means something that it names. */
function kindOfElement(status: number): ErrorKind {
  const kind = kindOfStatus(status);
  return kind === 'passing' || kind === 'permission' ? kind : 'refused';
}

async function fieldsOf(parts: JiraParts, draft: IssueDraft): Promise<Record<string, unknown>> {
  return {
    project: { id: parts.project.id },
    summary: draft.summary,
    issuetype: await typeOf(parts, draft.type),
    description: await encoded(parts, draft.description),
  };
}

/** Sub-task types are never given: they would need a parent. */
async function typeOf(parts: JiraParts, name: string | undefined): Promise<{ id: string }> {
  const types = (await parts.types()).filter((type) => !type.subtask);
  const wanted = name?.toLowerCase();
  const type = types.find((candidate) => candidate.name.toLowerCase() === wanted) ?? (name === undefined ? types[0] : undefined);
  if (type !== undefined) return { id: type.id };
  throw new SallyportError(
    `Project ${parts.project.key} has no issue type ${name ?? 'at all'}; add it to the project's scheme, or run initiate again.`,
    { kind: 'refused' },
  );
}

export async function editIssue(
  parts: JiraParts,
  issue: IssueSnapshot,
  edit: IssueEdit & { readonly copies?: ReadonlySet<string> },
): Promise<StoredFields> {
  const fields = {
    ...(edit.summary === undefined ? {} : { summary: edit.summary }),
    ...(edit.type === undefined ? {} : { issuetype: await typeOf(parts, edit.type) }),
    ...(edit.description === undefined
      ? {}
      : {
          description: await patched(parts, issue.description.native, {
            root: edit.description,
            copies: edit.copies ?? copiesIn(issue),
          }),
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

/** Attachments that the connection's account uploaded: their media may leave a text, their origin is on the other side. */
export function copiesIn(issue: IssueSnapshot): ReadonlySet<string> {
  return new Set(
    issue.attachments.filter((attachment) => attachment.author?.isConnection === true).map((attachment) => attachment.id),
  );
}

/** The properties alone, in one request: the ledger, and the mark that other connections know. */
export async function writeMarks(parts: JiraParts, issue: IssueSnapshot, marks: readonly string[]): Promise<void> {
  await editJiraIssue(parts.api.clientFor('work'), {
    issueIdOrKey: issue.id,
    properties: issueProperties(parts.connectionId, marks),
  });
}
