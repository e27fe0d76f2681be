import type { IssueRecord, JournalRecord, ProjectRecord, RoleRecord, UserRecord, World } from './data.ts';

/** An answer that is no success: a bare status, or what is wrong with what was sent. */
export class RedmineProblem extends Error {
  readonly status: number;
  readonly errors: readonly string[];

  constructor(status: number, errors: readonly string[] = []) {
    super(`${status} ${errors.join('; ')}`);
    this.status = status;
    this.errors = errors;
  }
}

/** The user of an API key; undefined for anyone else. */
export function authenticate(world: World, key: string | undefined): UserRecord | undefined {
  if (key === undefined) return undefined;
  return [...world.users.values()].find((user) => user.apiKey === key);
}

function rolesOf(world: World, user: UserRecord, projectId: number): readonly RoleRecord[] {
  return world.members
    .filter((member) => member.userId === user.id && member.projectId === projectId)
    .flatMap((member) => world.roles.get(member.roleId) ?? []);
}

export function isAllowed(world: World, user: UserRecord, at: { readonly projectId: number; readonly to: string }): boolean {
  return user.isAdmin || rolesOf(world, user, at.projectId).some(({ permissions }) => permissions.has(at.to));
}

/** Projects of this model are private: their members see them. */
export function canSeeProject(world: World, user: UserRecord, project: ProjectRecord): boolean {
  return user.isAdmin || rolesOf(world, user, project.id).length > 0;
}

export function canSee(world: World, user: UserRecord, issue: IssueRecord): boolean {
  if (!isAllowed(world, user, { projectId: issue.projectId, to: 'view_issues' })) return false;
  if (issue.authorId === user.id || user.isAdmin) return true;
  const seen = rolesOf(world, user, issue.projectId).map(({ issuesVisibility }) => issuesVisibility);
  return seen.includes('all') || (!issue.isPrivate && seen.includes('default'));
}

export function canSeeNote(world: World, user: UserRecord, at: { issue: IssueRecord; journal: JournalRecord }): boolean {
  const { issue, journal } = at;
  if (!journal.isPrivate || journal.userId === user.id) return true;
  return isAllowed(world, user, { projectId: issue.projectId, to: 'view_private_notes' });
}

/** @throws RedmineProblem 404 if there is none, 403 if the user may not see it */
export function requireIssue(world: World, user: UserRecord, id: string): IssueRecord {
  const issue = world.issues.get(Number(id));
  if (issue === undefined) throw new RedmineProblem(404);
  if (!canSee(world, user, issue)) throw new RedmineProblem(403);
  return issue;
}
