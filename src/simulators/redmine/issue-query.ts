import { RedmineProblem, canSee, canSeeProject, isAllowed } from './access.ts';
import type { IssueRecord, UserRecord, World } from './data.ts';
import { projectOf } from './data.ts';

const pageMax = 100;

export interface IssuePage {
  readonly issues: readonly IssueRecord[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

/**
 * The issues that a list shows a user. Filters that it does not know are passed over, as Redmine does.
 *
 * @throws RedmineProblem 404 for a project that does not exist, 403 for one that the user may not see
 */
export function issuePage(world: World, user: UserRecord, query: URLSearchParams): IssuePage {
  const projectId = query.get('project_id');
  if (projectId !== null) requireProject(world, user, projectId);
  const found = [...world.issues.values()]
    .filter((issue) => canSee(world, user, issue) && holds(world, issue, query))
    .toSorted(order(query.get('sort') ?? 'id:desc'));
  const limit = Math.min(pageMax, Number(query.get('limit') ?? 25));
  const offset = Number(query.get('offset') ?? 0);
  return { issues: found.slice(offset, offset + limit), total: found.length, offset, limit };
}

function requireProject(world: World, user: UserRecord, id: string): void {
  const project = projectOf(world, id);
  if (project === undefined) throw new RedmineProblem(404);
  if (!canSeeProject(world, user, project) || !isAllowed(world, user, { projectId: project.id, to: 'view_issues' }))
    throw new RedmineProblem(403);
}

function holds(world: World, issue: IssueRecord, query: URLSearchParams): boolean {
  return [...query].every(([name, value]) => {
    const values = value.split('|');
    if (name === 'project_id') return projectOf(world, value)?.id === issue.projectId;
    if (name === 'author_id') return values.includes(String(issue.authorId));
    if (name === 'tracker_id') return values.includes(String(issue.trackerId));
    if (name === 'updated_on') return isSince(issue.updatedAt, value);
    if (name === 'created_on') return isSince(issue.createdAt, value);
    const field = /^cf_(\d+)$/.exec(name)?.[1];
    if (field === undefined || !issue.fields.has(Number(field))) return true;
    return values.includes(issue.fields.get(Number(field)) ?? '');
  });
}

/** `>=2026-11-25T12:00:00Z`, against a time of which no more than whole seconds are stored. */
function isSince(at: number, value: string): boolean {
  if (!value.startsWith('>=')) return true;
  return Math.floor(at / 1_000) * 1_000 >= Date.parse(value.slice(2));
}

/** What has the same time stands in whatever order; here with the newest number first. */
function order(sort: string): (one: IssueRecord, other: IssueRecord) => number {
  const [field = 'id', direction = 'asc'] = sort.split(':');
  const value = (issue: IssueRecord): number => (field === 'updated_on' ? Math.floor(issue.updatedAt / 1_000) : issue.id);
  return (one, other) => {
    const difference = value(one) - value(other);
    return difference === 0 ? other.id - one.id : direction === 'desc' ? -difference : difference;
  };
}
