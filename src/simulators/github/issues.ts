import { validationFailed } from './answers.ts';
import { issueTypesOf, nowSeconds } from './data.ts';
import type { Comment, Edit, Gone, Issue, IssueType, Label, Repository, User, World } from './data.ts';
import { recordPings } from './pings.ts';

/** What happens to issues, whoever does it: people through their own API, and clients through REST. */

export const titleLengthMax = 256;
export const bodyLengthMax = 65_536;

/** GitHub counts code points, not UTF-16 units. */
function lengthOf(text: string): number {
  return text.length <= titleLengthMax
    ? [...text].length
    : text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}

/** @throws ApiError 422 as GitHub words it */
function checkedTitle(title: string): string {
  const trimmed = title.trim();
  if (trimmed === '') throw validationFailed({ resource: 'Issue', code: 'missing_field', field: 'title' });
  if (lengthOf(trimmed) > titleLengthMax) throw tooLong('Issue', 'title', titleLengthMax);
  return trimmed;
}

export function checkedBody<T extends string | null>(body: T, resource: 'Issue' | 'IssueComment'): T {
  if (body !== null && lengthOf(body) > bodyLengthMax) throw tooLong(resource, 'body', bodyLengthMax);
  return body;
}

function tooLong(resource: string, field: string, maximum: number): Error {
  return validationFailed({
    resource,
    code: 'custom',
    field,
    message: `${field} is too long (maximum is ${maximum} characters)`,
  });
}

export interface NewIssue {
  readonly user: User;
  readonly title: string;
  readonly body: string | null;
  readonly type?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly isPullRequest?: boolean;
}

/** @throws ApiError 422 for a title or body that is too long, or a type that the organisation does not have */
export function createIssue(world: World, repository: Repository, draft: NewIssue): Issue {
  const at = nowSeconds(world);
  const issue: Issue = {
    id: world.nextId(),
    number: repository.nextNumber,
    user: draft.user,
    isPullRequest: draft.isPullRequest ?? false,
    createdAt: at,
    updatedAt: at,
    closedAt: undefined,
    closedBy: undefined,
    state: 'open',
    stateReason: null,
    title: checkedTitle(draft.title),
    body: checkedBody(draft.body, 'Issue'),
    type: draft.type === undefined || draft.type === null ? undefined : findType(world, repository, draft.type),
    labels: uniqueLabels((draft.labels ?? []).map((name) => ensureLabel(world, repository, name))),
    commentIds: [],
    edits: [],
    deletedRevisions: new Map(),
    events: [],
  };
  repository.nextNumber += 1;
  repository.issues.set(issue.number, issue);
  for (const label of issue.labels) addEvent(world, issue, { actor: draft.user, event: 'labeled', detail: { label } });
  if (issue.type) addEvent(world, issue, { actor: draft.user, event: 'issue_type_added', detail: { issueType: issue.type } });
  recordPings(world, { repository, issueNumber: issue.number, by: draft.user.login, before: null, after: issue.body });
  return issue;
}

export interface IssuePatch {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly stateReason?: string | null | undefined;
}

/** Applies all or nothing. A patch that changes nothing still moves `updated_at`, as on GitHub. */
export function updateIssue(world: World, repository: Repository, change: { issue: Issue; user: User; patch: IssuePatch }): void {
  const { issue, user, patch } = change;
  const title = patch.title === undefined ? issue.title : checkedTitle(patch.title);
  const body = patch.body === undefined ? issue.body : checkedBody(patch.body, 'Issue');
  const type = patch.type === undefined ? issue.type : patch.type === null ? undefined : findType(world, repository, patch.type);
  const edit = (field: Edit['field'], from: string | null, to: string | null): boolean => {
    if (from === to) return false;
    issue.edits.push({ at: nowSeconds(world), by: user.login, field, from, to });
    return true;
  };
  if (edit('title', issue.title, title)) {
    addEvent(world, issue, { actor: user, event: 'renamed', detail: { rename: { from: issue.title, to: title } } });
    issue.title = title;
  }
  if (edit('body', issue.body, body)) {
    recordPings(world, { repository, issueNumber: issue.number, by: user.login, before: issue.body, after: body });
    issue.body = body;
  }
  if (edit('type', issue.type?.name ?? null, type?.name ?? null)) {
    addEvent(world, issue, typeEvent(user, issue.type, type));
    issue.type = type;
  }
  if (patch.labels !== undefined) setLabels(world, repository, { issue, user, names: patch.labels });
  if (patch.state !== undefined && edit('state', issue.state, patch.state)) {
    const closes = patch.state === 'closed';
    issue.state = patch.state;
    issue.stateReason = closes ? (patch.stateReason ?? 'completed') : 'reopened';
    issue.closedAt = closes ? nowSeconds(world) : undefined;
    issue.closedBy = closes ? user : undefined;
    addEvent(world, issue, { actor: user, event: closes ? 'closed' : 'reopened', detail: { stateReason: issue.stateReason } });
  }
  issue.updatedAt = nowSeconds(world);
}

function typeEvent(actor: User, from: IssueType | undefined, to: IssueType | undefined): NewEvent {
  if (from === undefined) return { actor, event: 'issue_type_added', detail: { issueType: to } };
  if (to === undefined) return { actor, event: 'issue_type_removed', detail: { previousType: from } };
  return { actor, event: 'issue_type_changed', detail: { issueType: to, previousType: from } };
}

/** Replaces the labels, making those that the repository lacks. */
export function setLabels(
  world: World,
  repository: Repository,
  change: { readonly issue: Issue; readonly user: User; readonly names: readonly string[] },
): void {
  const { issue, user } = change;
  const labels = uniqueLabels(change.names.map((name) => ensureLabel(world, repository, name)));
  const added = labels.filter((label) => !issue.labels.includes(label));
  const removed = issue.labels.filter((label) => !labels.includes(label));
  for (const label of added) addEvent(world, issue, { actor: user, event: 'labeled', detail: { label } });
  for (const label of removed) addEvent(world, issue, { actor: user, event: 'unlabeled', detail: { label } });
  if (added.length + removed.length > 0) {
    issue.edits.push({
      at: nowSeconds(world),
      by: user.login,
      field: 'labels',
      from: namesOf(issue.labels),
      to: namesOf(labels),
    });
  }
  issue.labels = labels;
  issue.updatedAt = nowSeconds(world);
}

function namesOf(labels: readonly Label[]): string {
  return labels.map(({ name }) => name).join(', ');
}

function uniqueLabels(labels: readonly Label[]): Label[] {
  return [...new Set(labels)];
}

/** @throws ApiError 422 for a name that GitHub takes for no label */
export function ensureLabel(world: World, repository: Repository, name: string): Label {
  const trimmed = name.trim();
  const known = repository.labels.get(trimmed.toLowerCase());
  if (known) return known;
  if (trimmed === '') throw validationFailed({ resource: 'Label', code: 'missing_field', field: 'name' });
  if (lengthOf(trimmed) > 50) throw tooLong('Label', 'name', 50);
  const label: Label = { id: world.nextId(), name: trimmed, color: 'ededed', description: null };
  repository.labels.set(trimmed.toLowerCase(), label);
  return label;
}

/** Without issue types (a person's repository, GHES) the field is ignored; an unknown name is refused. */
function findType(world: World, repository: Repository, name: string): IssueType | undefined {
  const types = issueTypesOf(world, repository);
  if (types === undefined) return undefined;
  const found = types.find((type) => type.name.toLowerCase() === name.toLowerCase());
  if (found === undefined)
    throw validationFailed({ resource: 'Issue', code: 'invalid', field: 'type', message: `Issue type ${name} not found` });
  return found;
}

interface NewEvent {
  readonly actor: User;
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

function addEvent(world: World, issue: Issue, event: NewEvent): void {
  issue.events.push({ id: world.nextId(), at: nowSeconds(world), ...event });
}

/** Adds a comment; the issue's `updated_at` moves. @throws ApiError 422 */
export function addComment(world: World, repository: Repository, draft: { issue: Issue; user: User; body: string }): Comment {
  const at = nowSeconds(world);
  const comment: Comment = {
    id: world.nextId(),
    issueNumber: draft.issue.number,
    user: draft.user,
    createdAt: at,
    updatedAt: at,
    body: checkedComment(draft.body),
    edits: [],
    deletedRevisions: new Map(),
  };
  repository.comments.set(comment.id, comment);
  draft.issue.commentIds.push(comment.id);
  draft.issue.updatedAt = at;
  recordPings(world, { ...placeOf(repository, comment), by: draft.user.login, before: null, after: comment.body });
  return comment;
}

function checkedComment(body: string): string {
  if (body.trim() === '') {
    throw validationFailed({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message: 'Body cannot be blank' });
  }
  return checkedBody(body, 'IssueComment');
}

function placeOf(repository: Repository, comment: Comment): { repository: Repository; issueNumber: number; commentId: number } {
  return { repository, issueNumber: comment.issueNumber, commentId: comment.id };
}

/** Changes a comment's text and its own `updated_at`, not the issue's (a setting). */
export function editComment(world: World, repository: Repository, change: { comment: Comment; user: User; body: string }): void {
  const { comment, user } = change;
  const body = checkedComment(change.body);
  if (comment.body !== body) {
    comment.edits.push({ at: nowSeconds(world), by: user.login, field: 'body', from: comment.body, to: body });
    recordPings(world, { ...placeOf(repository, comment), by: user.login, before: comment.body, after: body });
  }
  comment.body = body;
  comment.updatedAt = nowSeconds(world);
  const issue = repository.issues.get(comment.issueNumber);
  if (issue && world.settings.commentEditBumpsIssue) issue.updatedAt = nowSeconds(world);
}

export function deleteComment(world: World, repository: Repository, comment: Comment): void {
  repository.comments.delete(comment.id);
  const issue = repository.issues.get(comment.issueNumber);
  if (issue === undefined) return;
  issue.commentIds.splice(issue.commentIds.indexOf(comment.id), 1);
  if (world.settings.commentDeletionBumpsIssue) issue.updatedAt = nowSeconds(world);
}

/** Takes an issue out of its repository with its comments, leaving word of what became of it. */
function takeOut(repository: Repository, issue: Issue, gone: Gone): void {
  repository.issues.delete(issue.number);
  repository.gone.set(issue.number, gone);
  for (const id of issue.commentIds) repository.comments.delete(id);
}

/** GitHub answers 410 for deleted issues, and 404 where it does not want to tell. */
export function deleteIssue(repository: Repository, issue: Issue, status: 404 | 410): void {
  takeOut(repository, issue, { kind: 'deleted', status });
}

/** Moves an issue into another repository: a new number there, the comments along, a redirect here. */
export function transferIssue(world: World, from: Repository, move: { issue: Issue; to: Repository; user: User }): Issue {
  const { issue, to, user } = move;
  const number = to.nextNumber;
  to.nextNumber += 1;
  const comments = issue.commentIds.flatMap((id) => from.comments.get(id) ?? []);
  const moved: Issue = {
    ...issue,
    id: world.nextId(),
    number,
    updatedAt: nowSeconds(world),
    type: issue.type && issueTypesOf(world, to)?.find(({ name }) => name === issue.type?.name),
    labels: issue.labels.flatMap(({ name }) => to.labels.get(name.toLowerCase()) ?? []),
    commentIds: comments.map(({ id }) => id),
    edits: [...issue.edits],
    events: [...issue.events],
  };
  takeOut(from, issue, { kind: 'transferred', repositoryId: to.id, number });
  to.issues.set(number, moved);
  for (const comment of comments) to.comments.set(comment.id, { ...comment, issueNumber: number });
  addEvent(world, moved, { actor: user, event: 'transferred', detail: {} });
  return moved;
}
