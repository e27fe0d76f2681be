import type { AdfDocument } from './adf.ts';
import { mediaIdsOf, textOf } from './adf.ts';
import { comparableAdf } from './adf-normalise.ts';
import { wikiOf } from './adf-wiki.ts';
import { projectOf, typeOf } from './data.ts';
import type { ChangeItem, IssueRecord, ProjectRecord, SecurityRecord, World } from './data.ts';

/**
 * What happens to issues, whoever asks: a person of the simulation or a request. Checks of permission and form come
 * before; here is what Jira does with a change: histories, `updated`, media, keys.
 */
export interface IssueFields {
  readonly project: ProjectRecord;
  readonly typeId: string;
  readonly summary: string;
  readonly description: AdfDocument | null;
  readonly labels: readonly string[];
  readonly creatorId: string;
  readonly parentId: string | undefined;
  readonly security: SecurityRecord | undefined;
  readonly properties: ReadonlyMap<string, unknown>;
  readonly customFields: ReadonlyMap<string, unknown>;
}

export interface FieldChanges {
  readonly summary?: string;
  readonly description?: AdfDocument | null;
  readonly typeId?: string;
  readonly labels?: readonly string[];
  readonly parentId?: string;
  readonly customFields?: ReadonlyMap<string, unknown>;
}

export function createIssue(world: World, fields: IssueFields): IssueRecord {
  const { project, ...rest } = fields;
  project.lastNumber += 1;
  const now = world.clock.now();
  return store(world, {
    ...rest,
    id: world.nextId('issue'),
    key: `${project.key}-${project.lastNumber}`,
    previousKeys: [],
    projectId: project.id,
    reporterId: fields.creatorId,
    createdAt: now,
    updatedAt: now,
    comments: [],
    attachments: [],
    changes: [],
  });
}

/** Puts a version of the issue in place and lets the index know. */
export function store(world: World, issue: IssueRecord): IssueRecord {
  world.issues.set(issue.id, issue);
  world.index.record(issue.id, world.clock.now(), issue);
  return issue;
}

/** Now, or one millisecond after the last update: no two updates of one issue share their time, as on a real server. */
export function nextTime(world: World, lastMs: number): number {
  return Math.max(world.clock.now(), lastMs + 1);
}

/**
 * Applies changes of fields. Without any difference nothing happens at all: no history, no `updated`. Media nodes that a
 * new description leaves out take their attachments with them, unless a comment still shows them.
 */
export function changeFields(
  world: World,
  issue: IssueRecord,
  change: { readonly by: string; readonly fields: FieldChanges },
): IssueRecord {
  const { fields } = change;
  const items = [
    summaryItem(issue, fields.summary),
    descriptionItem(world, issue, fields.description),
    typeItem(world, issue, fields.typeId),
    labelsItem(issue, fields.labels),
    parentItem(issue, fields.parentId),
    ...customItems(issue, fields.customFields),
  ].filter((item) => item !== undefined);
  if (items.length === 0) return issue;
  const changed = new Set(items.map((item) => item.fieldId));
  const description = changed.has('description') ? (fields.description ?? null) : issue.description;
  const next: IssueRecord = {
    ...issue,
    summary: fields.summary ?? issue.summary,
    description,
    typeId: fields.typeId ?? issue.typeId,
    labels: fields.labels ?? issue.labels,
    parentId: fields.parentId ?? issue.parentId,
    customFields: new Map([...issue.customFields, ...(fields.customFields ?? [])]),
  };
  const dropped = droppedAttachments(issue, next);
  const kept = issue.attachments.filter((attachment) => !dropped.includes(attachment));
  const removals = dropped.map((attachment) => attachmentItem(attachment, undefined));
  return touch(world, { ...next, attachments: kept }, { by: change.by, items: [...items, ...removals] });
}

function droppedAttachments(before: IssueRecord, after: IssueRecord): IssueRecord['attachments'] {
  const shown = new Set([...mediaIdsOf(after.description), ...after.comments.flatMap((comment) => mediaIdsOf(comment.body))]);
  const gone = new Set(mediaIdsOf(before.description).filter((mediaId) => !shown.has(mediaId)));
  return before.attachments.filter((attachment) => gone.has(attachment.mediaId));
}

/** A new `updated`, and an entry in the history if there is something to tell. */
export function touch(
  world: World,
  issue: IssueRecord,
  change: { readonly by: string; readonly items: readonly ChangeItem[] },
): IssueRecord {
  const updatedAt = nextTime(world, issue.updatedAt);
  const entry = { id: world.nextId('change'), authorId: change.by, createdAt: updatedAt, items: change.items };
  return store(world, { ...issue, updatedAt, changes: change.items.length === 0 ? issue.changes : [...issue.changes, entry] });
}

function item(fieldId: string, texts: { readonly from: string | undefined; readonly to: string | undefined }): ChangeItem {
  return { field: fieldId, fieldId, from: undefined, fromString: texts.from, to: undefined, toString: texts.to };
}

function summaryItem(issue: IssueRecord, summary: string | undefined): ChangeItem | undefined {
  if (summary === undefined || summary === issue.summary) return undefined;
  return item('summary', { from: issue.summary, to: summary });
}

/**
 * The texts are no ADF. Atlassian's reference calls them strings and says no more; payloads of Cloud sites that were made
 * public show text with line ends, and null where there was none (the published schema has no null, so here it is the empty
 * text). How formatting shows in them is not documented, wiki markup by what users report. This simulator gives either, as
 * its options say: words alone, or markup; a client has to make do with both.
 */
function descriptionItem(world: World, issue: IssueRecord, description: AdfDocument | null | undefined): ChangeItem | undefined {
  if (description === undefined || comparableAdf(description) === comparableAdf(issue.description)) return undefined;
  const nameOf = (mediaId: string): string | undefined => issue.attachments.find((file) => file.mediaId === mediaId)?.name;
  const text = (document: AdfDocument | null): string | undefined => {
    if (document === null) return undefined;
    return world.changelogForm === 'wiki' ? wikiOf(document, nameOf) : textOf(document);
  };
  return item('description', { from: text(issue.description), to: text(description) });
}

function typeItem(world: World, issue: IssueRecord, typeId: string | undefined): ChangeItem | undefined {
  if (typeId === undefined || typeId === issue.typeId) return undefined;
  const project = projectOf(world, issue);
  return {
    ...item('issuetype', { from: typeOf(project, issue.typeId).name, to: typeOf(project, typeId).name }),
    from: issue.typeId,
    to: typeId,
  };
}

function labelsItem(issue: IssueRecord, labels: readonly string[] | undefined): ChangeItem | undefined {
  if (labels === undefined || labels.toSorted().join(' ') === issue.labels.toSorted().join(' ')) return undefined;
  return item('labels', { from: issue.labels.join(' '), to: labels.join(' ') });
}

function parentItem(issue: IssueRecord, parentId: string | undefined): ChangeItem | undefined {
  if (parentId === undefined || parentId === issue.parentId) return undefined;
  return { ...item('parent', { from: undefined, to: undefined }), from: issue.parentId, to: parentId };
}

function customItems(issue: IssueRecord, values: ReadonlyMap<string, unknown> | undefined): readonly (ChangeItem | undefined)[] {
  return [...(values ?? [])].map(([fieldId, value]) => {
    const before = JSON.stringify(issue.customFields.get(fieldId));
    const after = JSON.stringify(value);
    return before === after ? undefined : item(fieldId, { from: before, to: after });
  });
}

/** The history entry of an attachment that came (`to`) or went (`from`). */
export function attachmentItem(
  from: { readonly id: string; readonly name: string } | undefined,
  to: { readonly id: string; readonly name: string } | undefined,
): ChangeItem {
  return { field: 'Attachment', fieldId: 'attachment', from: from?.id, fromString: from?.name, to: to?.id, toString: to?.name };
}

export function deleteIssue(world: World, issue: IssueRecord): void {
  for (const child of world.issues.values()) {
    if (child.parentId === issue.id) deleteIssue(world, child);
  }
  world.issues.delete(issue.id);
  world.index.record(issue.id, world.clock.now(), undefined);
}

/** A type of the same name there, else that project's default. Properties, comments and attachments go along. */
export function moveIssue(
  world: World,
  issue: IssueRecord,
  move: { readonly by: string; readonly to: ProjectRecord; readonly typeId: string },
): IssueRecord {
  const from = projectOf(world, issue);
  move.to.lastNumber += 1;
  const key = `${move.to.key}-${move.to.lastNumber}`;
  const items: readonly ChangeItem[] = [
    { ...item('project', { from: from.name, to: move.to.name }), from: from.id, to: move.to.id },
    { ...item('Key', { from: issue.key, to: key }), fieldId: 'issuekey' },
  ];
  const moved = { ...issue, key, previousKeys: [...issue.previousKeys, issue.key], projectId: move.to.id, typeId: move.typeId };
  return touch(world, moved, { by: move.by, items });
}

/** Entity properties are no fields: they do not touch `updated` and are in no history. Undefined removes one. */
export function setProperties(world: World, issue: IssueRecord, values: ReadonlyMap<string, unknown>): IssueRecord {
  if (values.size === 0) return issue;
  const entries = [...issue.properties, ...values].filter(([key]) => !values.has(key) || values.get(key) !== undefined);
  return store(world, { ...issue, properties: new Map(entries) });
}
