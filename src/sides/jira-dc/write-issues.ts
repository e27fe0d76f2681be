import { replacedSince } from '../../core/as-written.ts';
import type { IssueSnapshot } from '../../core/model.ts';
import type { CreateOutcome, IssueDraft, IssueEdit, StoredFields } from '../side.ts';
import { bulkMax, sendBodies } from '../jira/bulk-create.ts';
import type { CreateRequests, IssueBody } from '../jira/bulk-create.ts';
import { typeOf } from '../jira/issue-type.ts';
import { issueProperties } from '../jira/mark-properties.ts';
import { encoded, patched, textOf } from './bodies.ts';
import { editsOf } from './history.ts';
import type { JiraDcParts } from './parts.ts';
import { storedSchema } from './schemas.ts';
import { versionOf } from './version.ts';

/** One outcome a draft, in order: a draft that cannot be sent, or that Jira refuses, keeps no other from being created. */
export async function createIssues(parts: JiraDcParts, drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]> {
  const outcomes: CreateOutcome[] = [];
  for (let start = 0; start < drafts.length; start += bulkMax) {
    outcomes.push(...(await createBatch(parts, drafts.slice(start, start + bulkMax))));
  }
  for (const outcome of outcomes) {
    // Links to the comments that follow need the key.
    if (outcome.kind === 'created') parts.issueKeys.set(outcome.id, outcome.key);
  }
  return outcomes;
}

async function createBatch(parts: JiraDcParts, drafts: readonly IssueDraft[]): Promise<readonly CreateOutcome[]> {
  const outcomes: (CreateOutcome | undefined)[] = [];
  const bodies: IssueBody[] = [];
  for (const draft of drafts) {
    try {
      bodies.push(await bodyOf(parts, draft));
      outcomes.push(undefined);
    } catch (error) {
      outcomes.push({ kind: 'failed', error });
    }
  }
  const sent = (await sendBodies(requestsOf(parts), bodies)).values();
  return outcomes.flatMap((outcome) => outcome ?? sent.next().value ?? []);
}

function requestsOf(parts: JiraDcParts): CreateRequests {
  const post = (path: string, body: unknown): Promise<unknown> =>
    parts.api.json({ method: 'POST', path, body, purpose: 'work', what: 'created issues', creates: true });
  return { one: (body) => post('/issue', body), many: (bodies) => post('/issue/bulk', { issueUpdates: bodies }) };
}

async function bodyOf(parts: JiraDcParts, draft: IssueDraft): Promise<IssueBody> {
  const fields = {
    project: { id: parts.project.id },
    summary: draft.summary,
    issuetype: await typeOf(parts, draft.type),
    description: encoded(parts, draft.description),
  };
  return { fields, properties: issueProperties(parts.connectionId, draft.marks) };
}

/** An edit answers nothing, so what was stored takes a reading (reference/jira-data-center.md). */
export async function editIssue(parts: JiraDcParts, issue: IssueSnapshot, edit: IssueEdit): Promise<StoredFields> {
  const fields = {
    ...(edit.summary === undefined ? {} : { summary: edit.summary }),
    ...(edit.type === undefined ? {} : { issuetype: await typeOf(parts, edit.type) }),
    ...(edit.description === undefined
      ? {}
      : { description: patched(parts, issue.description.native, { root: edit.description, issueId: issue.id }) }),
  };
  await put(parts, issue, { fields, properties: issueProperties(parts.connectionId, edit.marks) });
  const stored = await parts.api.read(storedSchema, {
    path: `/issue/${issue.id}`,
    query: { fields: 'summary,description,issuetype,updated', expand: 'changelog' },
    purpose: 'work',
    what: `the edit of ${issue.key}`,
  });
  const { issuetype: _type, ...texts } = fields;
  const sent = { ...texts, ...(edit.type === undefined ? {} : { type: edit.type }) };
  const replaced = replacedSince(sent, editsOf(parts, stored.changelog.histories), issue.updatedAt);
  return {
    summary: replaced.summary ?? stored.fields.summary ?? '',
    description: textOf(parts, issue.id, replaced.description ?? stored.fields.description),
    type: replaced.type ?? stored.fields.issuetype.name,
    version: versionOf(parts, stored.fields.updated),
  };
}

/** The properties alone, in one request: the marks, and the one that other connections know. */
export async function writeMarks(parts: JiraDcParts, issue: IssueSnapshot, marks: readonly string[]): Promise<void> {
  await put(parts, issue, { properties: issueProperties(parts.connectionId, marks) });
}

async function put(parts: JiraDcParts, issue: IssueSnapshot, body: unknown): Promise<void> {
  await parts.api.json({
    method: 'PUT',
    path: `/issue/${issue.id}`,
    body,
    purpose: 'work',
    what: `the edit of ${issue.key}`,
  });
}
