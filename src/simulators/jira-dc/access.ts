import type { IssueRecord, UserRecord, World } from './data.ts';
import { issueOf } from './data.ts';
import { JiraProblem } from '../jira-cloud/problem.ts';

/** The user of a request by personal access token or by name and password; undefined for anyone else. */
export function authenticate(world: World, authorization: string | null): UserRecord | undefined {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ');
  const users = [...world.users.values()];
  if (scheme.toLowerCase() === 'bearer') return users.find((user) => user.token !== undefined && user.token === credentials);
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return users.find((user) => text === `${user.name}:${user.password}`);
}

/** @throws JiraProblem 403 */
export function requirePermission(user: UserRecord, permission: string): void {
  if (!user.permissions.has(permission))
    throw new JiraProblem(403, 'You do not have the permission to see the specified issue or to do this to it.');
}

export function canSee(user: UserRecord, issue: IssueRecord): boolean {
  return user.permissions.has('BROWSE_PROJECTS') && (issue.security === undefined || issue.security.has(user.key));
}

/** @throws JiraProblem 404 if there is none, 403 if a security level hides it */
export function requireIssue(world: World, user: UserRecord, idOrKey: string): IssueRecord {
  const issue = issueOf(world, idOrKey);
  if (issue === undefined || !user.permissions.has('BROWSE_PROJECTS')) throw new JiraProblem(404, 'Issue Does Not Exist');
  if (!canSee(user, issue)) throw new JiraProblem(403, 'You do not have the permission to see the specified issue.');
  return issue;
}

/** Whether the user may do this to an item of its own or, with the wider permission, to anyone's. */
export function requireItem(
  user: UserRecord,
  item: { readonly authorKey: string; readonly own: string; readonly all: string },
): void {
  if (user.permissions.has(item.all)) return;
  if (item.authorKey === user.key && user.permissions.has(item.own)) return;
  throw new JiraProblem(403, `You do not have the permission ${item.all}.`);
}
