import { z } from 'zod';
import { mediaIdsOf } from './adf.ts';
import type { AdfDocument } from './adf.ts';
import { hasPermission, visibleIssue, visibleProject } from './auth.ts';
import type { FieldChanges, IssueFields } from './changes.ts';
import { checkBody, checkProperty, checkSummary } from './content-check.ts';
import { projectOf, typeOf } from './data.ts';
import type { AccountRecord, IssueRecord, IssueTypeRecord, ProjectRecord } from './data.ts';
import { JiraProblem, invalidField } from './problem.ts';
import type { Site } from './site.ts';

/** What create and edit of issues take, checked field by field: Jira reports all wrong fields of one issue at once. */
export const propertiesSchema = z.array(z.strictObject({ key: z.string(), value: z.unknown() }));

export const issueUpdateSchema = z.object({
  fields: z.record(z.string(), z.unknown()).default({}),
  update: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).default({}),
  properties: propertiesSchema.default([]),
});

export type IssueUpdate = z.output<typeof issueUpdateSchema>;

const reference = z.object({ id: z.coerce.string().optional(), key: z.string().optional(), name: z.string().optional() });
const labelList = z.array(z.string());

/** The properties by key. @throws JiraProblem 400 */
export function checkedProperties(properties: IssueUpdate['properties']): ReadonlyMap<string, unknown> {
  for (const { key, value } of properties) checkProperty(key, value);
  return new Map(properties.map(({ key, value }) => [key, value]));
}

/** Runs the checks and throws their field errors together, as one 400. */
class FieldErrors {
  readonly #errors: Record<string, string> = {};

  collect<Value>(read: () => Value): Value | undefined {
    try {
      return read();
    } catch (error) {
      // Errors without a field, INVALID_INPUT for one, end the request by themselves.
      if (!(error instanceof JiraProblem) || error.messages.length > 0) throw error;
      Object.assign(this.#errors, error.errors);
      return undefined;
    }
  }

  throwIfAny(): void {
    if (Object.keys(this.#errors).length > 0) throw new JiraProblem(400, undefined, { errors: this.#errors });
  }
}

/** @throws JiraProblem 400 with an error for each wrong field */
export function readNewIssue(site: Site, account: AccountRecord, update: IssueUpdate): IssueFields {
  const { fields } = update;
  const project = readProject(site, account, fields['project']);
  const errors = new FieldErrors();
  const type = errors.collect(() => readType(project, fields['issuetype'], undefined));
  const summary = errors.collect(() => checkSummary(fields['summary'] ?? ''));
  const description = errors.collect(() => readDescription(site, fields['description'] ?? null, null));
  const labels = errors.collect(() => readLabels(fields['labels'] ?? []));
  const parentId = errors.collect(() => readParent(site, account, { parent: fields['parent'], project, type }));
  const customFields = errors.collect(() => readCustom(project, fields));
  errors.collect(() => requireFields(project, fields));
  errors.throwIfAny();
  return {
    project,
    typeId: type?.id ?? '',
    summary: summary ?? '',
    description: description ?? null,
    labels: labels ?? [],
    creatorId: account.accountId,
    parentId,
    security: undefined,
    properties: checkedProperties(update.properties),
    customFields: customFields ?? new Map(),
  };
}

/** @throws JiraProblem 400 */
export function readFieldChanges(site: Site, issue: IssueRecord, update: IssueUpdate): FieldChanges {
  const project = projectOf(site.world, issue);
  const { fields } = update;
  const errors = new FieldErrors();
  const has = (name: string): boolean => fields[name] !== undefined;
  const summary = has('summary') ? errors.collect(() => checkSummary(fields['summary'])) : undefined;
  const description = has('description') ? errors.collect(() => readDescription(site, fields['description'], issue)) : undefined;
  const type = has('issuetype') ? errors.collect(() => readType(project, fields['issuetype'], issue)) : undefined;
  const labels = errors.collect(() => readLabelChange(issue, update));
  const customFields = errors.collect(() => readCustom(project, fields));
  errors.throwIfAny();
  return {
    ...(summary === undefined ? undefined : { summary }),
    ...(description === undefined ? undefined : { description }),
    ...(type === undefined ? undefined : { typeId: type.id }),
    ...(labels === undefined ? undefined : { labels }),
    ...(customFields === undefined ? undefined : { customFields }),
  };
}

function readProject(site: Site, account: AccountRecord, value: unknown): ProjectRecord {
  const parsed = reference.safeParse(value);
  const idOrKey = parsed.success ? (parsed.data.id ?? parsed.data.key) : undefined;
  const project = idOrKey === undefined ? undefined : visibleProject(site.world, account, idOrKey);
  if (project === undefined) throw invalidField('project', 'Specify a valid project ID or key');
  if (!hasPermission(account, 'CREATE_ISSUES', project)) {
    throw new JiraProblem(403, 'You do not have permission to create issues in this project.');
  }
  return project;
}

function readType(project: ProjectRecord, value: unknown, issue: IssueRecord | undefined): IssueTypeRecord {
  const parsed = reference.safeParse(value);
  const wanted = parsed.success ? parsed.data : {};
  const type = project.types.find((candidate) => {
    return wanted.id === undefined ? candidate.name.toLowerCase() === wanted.name?.toLowerCase() : candidate.id === wanted.id;
  });
  if (type === undefined) throw invalidField('issuetype', 'Specify a valid issue type');
  if (issue === undefined || type.id === issue.typeId) return type;
  const before = typeOf(project, issue.typeId);
  // Another workflow, or another level of the hierarchy, takes a move in Jira's own pages.
  if (before.locked || type.locked || before.subtask !== type.subtask) {
    throw invalidField('issuetype', 'The issue type selected is invalid.');
  }
  return type;
}

function readDescription(site: Site, value: unknown, issue: IssueRecord | null): AdfDocument | null {
  if (value === null) return null;
  const knownMedia = mediaIdsOf(issue?.description ?? null);
  const document = checkBody(site.world, value, { field: 'description', knownMedia });
  return (document.content ?? []).length === 0 ? null : document;
}

function readLabels(value: unknown): readonly string[] {
  const parsed = labelList.safeParse(value);
  if (!parsed.success) throw invalidField('labels', 'Operation value must be an array of strings');
  return checkLabels(parsed.data);
}

function checkLabels(labels: readonly string[]): readonly string[] {
  const spaced = labels.find((label) => /\s/.test(label));
  if (spaced !== undefined) throw invalidField('labels', `The label '${spaced}' contains spaces which is invalid.`);
  if (labels.some((label) => label === '' || label.length > 255)) throw invalidField('labels', 'A label is empty or too long.');
  return [...new Set(labels)].toSorted();
}

function readLabelChange(issue: IssueRecord, update: IssueUpdate): readonly string[] | undefined {
  if (update.fields['labels'] !== undefined) return readLabels(update.fields['labels']);
  const operations = update.update['labels'];
  if (operations === undefined) return undefined;
  const labels = new Set(issue.labels);
  for (const operation of operations) {
    if (typeof operation['add'] === 'string') labels.add(operation['add']);
    if (typeof operation['remove'] === 'string') labels.delete(operation['remove']);
  }
  return checkLabels([...labels]);
}

function readParent(
  site: Site,
  account: AccountRecord,
  input: { readonly parent: unknown; readonly project: ProjectRecord; readonly type: IssueTypeRecord | undefined },
): string | undefined {
  const parsed = reference.safeParse(input.parent);
  const idOrKey = parsed.success ? (parsed.data.id ?? parsed.data.key) : undefined;
  if (idOrKey === undefined) {
    if (input.type?.subtask !== true) return undefined;
    throw invalidField('issuetype', 'Issue type is a sub-task but parent issue key or id not specified.');
  }
  const parent = visibleIssue(site.world, account, idOrKey);
  if (parent === undefined || parent.projectId !== input.project.id) {
    throw invalidField('parent', 'Could not find issue by id or key.');
  }
  return parent.id;
}

/** Fields that create and edit know by themselves; any other name must be a field on the project's screens. */
const systemFields: ReadonlySet<string> = new Set([
  'project',
  'issuetype',
  'summary',
  'description',
  'labels',
  'parent',
  'reporter',
]);

function readCustom(project: ProjectRecord, fields: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const custom = Object.entries(fields).filter(([name]) => !systemFields.has(name));
  const unknown = custom.filter(([name]) => !project.fields.some((field) => field.id === name)).map(([name]) => name);
  if (unknown.length > 0) {
    const message = (name: string): string => `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
    throw new JiraProblem(400, undefined, { errors: Object.fromEntries(unknown.map((name) => [name, message(name)])) });
  }
  return new Map(custom);
}

function requireFields(project: ProjectRecord, fields: Readonly<Record<string, unknown>>): void {
  const missing = project.fields.filter((field) => field.required && (fields[field.id] ?? null) === null);
  if (missing.length === 0) return;
  throw new JiraProblem(400, undefined, {
    errors: Object.fromEntries(missing.map((field) => [field.id, `${field.name} is required.`])),
  });
}
