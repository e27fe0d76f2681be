import type { IssueRecord, ProjectRecord, TypeRecord, World } from './data.ts';
import { typeOf } from './data.ts';
import { invalidField } from '../jira-cloud/problem.ts';

/** Characters of a body: `jira.text.field.character.limit`. */
const bodyLengthMax = 32_767;
const summaryLengthMax = 255;

/** What a request or a person changes. A member that is left out stays. */
export interface FieldChanges {
  readonly summary?: string;
  readonly description?: string | null;
  readonly labels?: readonly string[];
  readonly type?: TypeRecord;
}

/** @throws JiraProblem 400 as Jira words it */
export function checkText(field: string, text: string | null | undefined): void {
  if ((text ?? '').length > bodyLengthMax)
    throw invalidField(field, `The entered text is too long. It exceeds the allowed limit of ${bodyLengthMax} characters.`);
}

function checkSummary(summary: string): void {
  if (summary.trim() === '') throw invalidField('summary', 'You must specify a summary of the issue.');
  if (/[\r\n]/.test(summary)) throw invalidField('summary', 'The summary is invalid because it contains newline characters.');
  if (summary.length > summaryLengthMax) throw invalidField('summary', `Summary can't exceed ${summaryLengthMax} characters.`);
}

export function touch(world: World, issue: IssueRecord): void {
  issue.updatedAt = world.clock.now();
}

export function createIssue(
  world: World,
  draft: {
    readonly project: ProjectRecord;
    readonly type: TypeRecord;
    readonly creatorKey: string;
    readonly summary: string;
    readonly description: string | null;
    readonly labels: readonly string[];
    readonly properties: ReadonlyMap<string, unknown>;
  },
): IssueRecord {
  checkSummary(draft.summary);
  checkText('description', draft.description);
  draft.project.lastNumber += 1;
  const now = world.clock.now();
  const issue: IssueRecord = {
    id: world.nextId(),
    key: `${draft.project.key}-${draft.project.lastNumber}`,
    previousKeys: [],
    projectId: draft.project.id,
    typeId: draft.type.id,
    summary: draft.summary,
    description: draft.description,
    labels: draft.labels,
    creatorKey: draft.creatorKey,
    createdAt: now,
    updatedAt: now,
    security: undefined,
    comments: [],
    attachments: [],
    properties: new Map(draft.properties),
    changes: [],
  };
  world.issues.set(issue.id, issue);
  world.unindexed.set(issue.id, now + world.indexLagMs);
  return issue;
}

/** Writes fields and notes in the changelog what they were. */
export function changeIssue(
  world: World,
  issue: IssueRecord,
  change: { readonly by: string; readonly fields: FieldChanges },
): void {
  const { fields } = change;
  if (fields.summary !== undefined) checkSummary(fields.summary);
  checkText('description', fields.description);
  const wanted = {
    summary: fields.summary ?? issue.summary,
    description: fields.description === undefined ? issue.description : fields.description,
    type: fields.type ?? typeOf(world, issue),
    labels: fields.labels ?? issue.labels,
  };
  const items = [
    { field: 'summary', fromString: issue.summary, toString: wanted.summary },
    { field: 'description', fromString: issue.description, toString: wanted.description },
    { field: 'issuetype', fromString: typeOf(world, issue).name, toString: wanted.type.name },
    { field: 'labels', fromString: issue.labels.join(' '), toString: wanted.labels.join(' ') },
  ].filter((item) => item.fromString !== item.toString);
  Object.assign(issue, { summary: wanted.summary, description: wanted.description, labels: wanted.labels });
  issue.typeId = wanted.type.id;
  touch(world, issue);
  if (items.length > 0) issue.changes.push({ id: world.nextId(), authorKey: change.by, createdAt: world.clock.now(), items });
}
