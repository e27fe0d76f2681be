import { findProject, projectOf } from './data.ts';
import type { AccountRecord, AttachmentRecord, CommentRecord, IssueRecord, ProjectRecord, World } from './data.ts';
import { findIssue } from './data.ts';
import { globalPermissions } from './permissions.ts';
import type { Permission } from './permissions.ts';
import { issueNotFound } from './problem.ts';
import { findAttachment } from './item-changes.ts';

/** Which door a request came by: the site's own host, or the gateway host `api.atlassian.com`. */
export type Door = 'site' | 'gateway';

/**
 * The account whose credentials the header holds, or undefined. Basic with e-mail and token works at both doors, unless
 * the token is scoped: then at the gateway only. Bearer is the form of service accounts, at the gateway only.
 */
export function authenticate(world: World, authorization: string | undefined, door: Door): AccountRecord | undefined {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(/\s+/, 2);
  const account = findByCredentials(world, scheme.toLowerCase(), credentials);
  if (account === undefined || account.tokenRevoked) return undefined;
  if (door === 'site' && (account.scoped || scheme.toLowerCase() === 'bearer')) return undefined;
  return account;
}

function findByCredentials(world: World, scheme: string, credentials: string): AccountRecord | undefined {
  const accounts = [...world.accounts.values()];
  if (scheme === 'bearer') return accounts.find((account) => account.apiToken === credentials);
  if (scheme !== 'basic') return undefined;
  const text = new TextDecoder().decode(Uint8Array.from(decodeBase64(credentials), (character) => character.charCodeAt(0)));
  const separator = text.indexOf(':');
  if (separator < 0) return undefined;
  const email = text.slice(0, separator).toLowerCase();
  const token = text.slice(separator + 1);
  return accounts.find((account) => account.email.toLowerCase() === email && account.apiToken === token);
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

/** The answer to a request without valid credentials, as each door words it. */
export function unauthorized(door: Door): Response {
  const body =
    door === 'gateway'
      ? { code: 401, message: 'Unauthorized' }
      : { message: 'Client must be authenticated to access this resource.', 'status-code': 401 };
  const headers = new Headers({ 'Content-Type': 'application/json;charset=UTF-8' });
  if (door === 'site') {
    headers.set('WWW-Authenticate', 'OAuth realm="https%3A%2F%2Fatlassian.net"');
    headers.set('X-Seraph-LoginReason', 'AUTHENTICATED_FAILED');
  }
  return new Response(JSON.stringify(body), { status: 401, headers });
}

/** Whether the account has the permission: globally, or in the project that is meant. */
export function hasPermission(account: AccountRecord, permission: Permission, project?: ProjectRecord): boolean {
  if (globalPermissions.has(permission) || project === undefined) return account.permissions.has(permission);
  return (account.projectPermissions.get(project.id) ?? account.permissions).has(permission);
}

export function canSeeIssue(world: World, account: AccountRecord, issue: IssueRecord): boolean {
  if (!hasPermission(account, 'BROWSE_PROJECTS', projectOf(world, issue))) return false;
  return issue.security === undefined || issue.security.members.has(account.accountId);
}

export function canSeeComment(account: AccountRecord, comment: CommentRecord): boolean {
  return comment.visibility === undefined || account.roles === 'all' || account.roles.has(comment.visibility.value);
}

/** The issue, if there is one that the account can see. */
export function visibleIssue(world: World, account: AccountRecord, idOrKey: string): IssueRecord | undefined {
  const issue = findIssue(world, idOrKey);
  return issue !== undefined && canSeeIssue(world, account, issue) ? issue : undefined;
}

/** @throws JiraProblem 404, whether there is no such issue or the account may not see it */
export function requireIssue(world: World, account: AccountRecord, idOrKey: string): IssueRecord {
  const issue = visibleIssue(world, account, idOrKey);
  if (issue === undefined) throw issueNotFound();
  return issue;
}

export function visibleProject(world: World, account: AccountRecord, idOrKey: string): ProjectRecord | undefined {
  const project = findProject(world, idOrKey);
  return project !== undefined && hasPermission(account, 'BROWSE_PROJECTS', project) ? project : undefined;
}

export function visibleAttachment(
  world: World,
  account: AccountRecord,
  id: string,
): { readonly issue: IssueRecord; readonly attachment: AttachmentRecord } | undefined {
  const found = findAttachment(world, (attachment) => attachment.id === id);
  return found !== undefined && canSeeIssue(world, account, found.issue) ? found : undefined;
}

/** Whether the account may do this to its own item or, with the wider permission, to anyone's. */
export function mayChangeItem(
  account: AccountRecord,
  project: ProjectRecord,
  item: { readonly authorId: string; readonly own: Permission; readonly all: Permission },
): boolean {
  if (hasPermission(account, item.all, project)) return true;
  return item.authorId === account.accountId && hasPermission(account, item.own, project);
}
