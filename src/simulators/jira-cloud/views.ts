import { canSeeComment } from './auth.ts';
import { accountOf, projectOf, typeOf } from './data.ts';
import type {
  AccountRecord,
  AttachmentRecord,
  ChangeItem,
  ChangeRecord,
  CommentRecord,
  IssueRecord,
  IssueTypeRecord,
  ProjectRecord,
} from './data.ts';
import type { Site } from './site.ts';
import { formatJiraTime } from './time-zone.ts';

/** Who looks, and by which door: `self` links begin with `base`, times are in the viewer's zone. */
export interface Viewer {
  readonly account: AccountRecord;
  readonly base: string;
}

export function userView(account: AccountRecord, viewer: Viewer): object {
  return {
    self: `${viewer.base}/rest/api/3/user?accountId=${encodeURIComponent(account.accountId)}`,
    accountId: account.accountId,
    // An e-mail address is shown to its owner alone, as under Atlassian's usual profile visibility.
    ...(account.accountId === viewer.account.accountId ? { emailAddress: account.email } : undefined),
    displayName: account.displayName,
    active: true,
    timeZone: account.timeZone,
    accountType: 'atlassian',
  };
}

export function issueTypeView(type: IssueTypeRecord, viewer: Viewer): object {
  return {
    self: `${viewer.base}/rest/api/3/issuetype/${type.id}`,
    id: type.id,
    description: '',
    name: type.name,
    subtask: type.subtask,
    hierarchyLevel: type.hierarchyLevel,
  };
}

export function projectSummaryView(project: ProjectRecord, viewer: Viewer): object {
  return {
    self: `${viewer.base}/rest/api/3/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: 'software',
    simplified: project.style === 'next-gen',
  };
}

export function commentView(site: Site, place: CommentPlace, options: { readonly properties: boolean }): object {
  const { comment, issue, viewer } = place;
  const time = (atMs: number): string => formatJiraTime(atMs, viewer.account.timeZone);
  return {
    self: `${viewer.base}/rest/api/3/issue/${issue.id}/comment/${comment.id}`,
    id: comment.id,
    author: userView(accountOf(site.world, comment.authorId), viewer),
    body: comment.body,
    updateAuthor: userView(accountOf(site.world, comment.updateAuthorId), viewer),
    created: time(comment.createdAt),
    updated: time(comment.updatedAt),
    ...(comment.visibility === undefined
      ? undefined
      : { visibility: { ...comment.visibility, identifier: comment.visibility.value } }),
    jsdPublic: !isInternal(comment),
    ...(options.properties ? { properties: [...comment.properties].map(([key, value]) => ({ key, value })) } : undefined),
  };
}

export interface CommentPlace {
  readonly comment: CommentRecord;
  readonly issue: IssueRecord;
  readonly viewer: Viewer;
}

/** Jira Service Management keeps the visibility of a comment in a property of it. */
export function isInternal(comment: CommentRecord): boolean {
  const value = comment.properties.get('sd.public.comment');
  return typeof value === 'object' && value !== null && 'internal' in value && value.internal === true;
}

export function attachmentView(site: Site, attachment: AttachmentRecord, viewer: Viewer): object {
  return {
    self: `${viewer.base}/rest/api/3/attachment/${attachment.id}`,
    id: attachment.id,
    filename: attachment.name,
    author: userView(accountOf(site.world, attachment.authorId), viewer),
    created: formatJiraTime(attachment.createdAt, viewer.account.timeZone),
    size: attachment.bytes.byteLength,
    mimeType: attachment.mediaType,
    // Whichever door was asked by, this leads to the site: through the gateway a client builds the address itself.
    content: `${site.origin}/rest/api/3/attachment/content/${attachment.id}`,
  };
}

export function changeView(site: Site, change: ChangeRecord, viewer: Viewer): object {
  return {
    id: change.id,
    author: userView(accountOf(site.world, change.authorId), viewer),
    created: formatJiraTime(change.createdAt, viewer.account.timeZone),
    items: change.items.map(changeItemView),
  };
}

/** Ids are left out where the field has none; texts are empty where there was or is nothing. */
function changeItemView(item: ChangeItem): object {
  return {
    field: item.field,
    fieldtype: 'jira',
    fieldId: item.fieldId,
    ...(item.from === undefined ? undefined : { from: item.from }),
    fromString: item.fromString ?? '',
    ...(item.to === undefined ? undefined : { to: item.to }),
    toString: item.toString ?? '',
  };
}

/** Which fields to show: names, `*all`, `*navigable`, and `-name` for all but this. */
export interface FieldChoice {
  readonly names: readonly string[];
  /** How many comments the `comment` field shows at most. */
  readonly comments: number;
}

export interface IssueViewOptions {
  readonly viewer: Viewer;
  readonly fields: FieldChoice;
  /** Keys of the issue properties to add. */
  readonly properties: readonly string[];
}

/** Fields that `*navigable` leaves out. */
const unnavigable: ReadonlySet<string> = new Set(['comment', 'attachment']);

export function issueView(site: Site, issue: IssueRecord, options: IssueViewOptions): object {
  const names = options.fields.names;
  const excluded = new Set(names.filter((name) => name.startsWith('-')).map((name) => name.slice(1)));
  const all = names.includes('*all') || names.every((name) => name.startsWith('-'));
  const wants = (name: string): boolean => {
    if (excluded.has(name)) return false;
    return all || names.includes(name) || (names.includes('*navigable') && !unnavigable.has(name));
  };
  const fields = Object.entries(fieldViews(site, issue, options)).filter(([name]) => wants(name));
  const properties = options.properties.filter((key) => issue.properties.has(key));
  // A search that asks for `id` alone gets neither key nor fields, as on Jira Cloud.
  const idOnly = names.length === 1 && names[0] === 'id';
  return {
    ...(idOnly
      ? { id: issue.id }
      : { expand: '', id: issue.id, self: `${options.viewer.base}/rest/api/3/issue/${issue.id}`, key: issue.key }),
    ...(options.properties.length === 0
      ? undefined
      : { properties: Object.fromEntries(properties.map((key) => [key, issue.properties.get(key)])) }),
    ...(fields.length === 0 ? undefined : { fields: Object.fromEntries(fields.map(([name, view]) => [name, view()])) }),
  };
}

/** By field, what makes its view: a caller that wants one field does not pay for all. */
function fieldViews(site: Site, issue: IssueRecord, options: IssueViewOptions): Readonly<Record<string, () => unknown>> {
  const { viewer } = options;
  const project = projectOf(site.world, issue);
  const time = (atMs: number): string => formatJiraTime(atMs, viewer.account.timeZone);
  const custom = project.fields.map((field): [string, () => unknown] => [
    field.id,
    () => issue.customFields.get(field.id) ?? null,
  ]);
  return {
    summary: () => issue.summary,
    description: () => issue.description,
    issuetype: () => issueTypeView(typeOf(project, issue.typeId), viewer),
    project: () => projectSummaryView(project, viewer),
    labels: () => issue.labels,
    creator: () => userView(accountOf(site.world, issue.creatorId), viewer),
    reporter: () => userView(accountOf(site.world, issue.reporterId), viewer),
    created: () => time(issue.createdAt),
    updated: () => time(issue.updatedAt),
    security: () => securityView(issue, viewer),
    parent: () => parentView(site, issue, viewer),
    subtasks: () =>
      [...site.world.issues.values()].filter((child) => child.parentId === issue.id).map((child) => linkView(child, viewer)),
    attachment: () => issue.attachments.map((attachment) => attachmentView(site, attachment, viewer)),
    comment: () => commentFieldView(site, issue, options),
    ...Object.fromEntries(custom),
  };
}

function securityView(issue: IssueRecord, viewer: Viewer): object | null {
  if (issue.security === undefined) return null;
  const { id, name } = issue.security;
  return { self: `${viewer.base}/rest/api/3/securitylevel/${id}`, id, name, description: '' };
}

function parentView(site: Site, issue: IssueRecord, viewer: Viewer): object | undefined {
  const parent = issue.parentId === undefined ? undefined : site.world.issues.get(issue.parentId);
  return parent === undefined ? undefined : linkView(parent, viewer);
}

function linkView(issue: IssueRecord, viewer: Viewer): object {
  return {
    id: issue.id,
    key: issue.key,
    self: `${viewer.base}/rest/api/3/issue/${issue.id}`,
    fields: { summary: issue.summary },
  };
}

function commentFieldView(site: Site, issue: IssueRecord, { viewer, fields }: IssueViewOptions): object {
  const visible = issue.comments.filter((comment) => canSeeComment(viewer.account, comment));
  const shown = visible.slice(0, fields.comments);
  return {
    comments: shown.map((comment) => commentView(site, { comment, issue, viewer }, { properties: false })),
    self: `${viewer.base}/rest/api/3/issue/${issue.id}/comment`,
    maxResults: shown.length,
    total: visible.length,
    startAt: 0,
  };
}
