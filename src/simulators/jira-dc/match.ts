import { parseJqlTime } from '../jira-cloud/jql-time.ts';
import type { JqlClause, JqlOperand, JqlOrder, JqlQuery } from '../jira-cloud/jql.ts';
import { canSee } from './access.ts';
import type { IssueRecord, UserRecord, World } from './data.ts';
import { issueOf, projectOf, typeOf } from './data.ts';
import { JiraProblem } from '../jira-cloud/problem.ts';

interface Searcher {
  readonly world: World;
  readonly user: UserRecord;
}

type Term = Extract<JqlClause, { kind: 'term' }>;
type Test = (issue: IssueRecord) => boolean;

/** The issues that a query finds for a user, in its order. @throws JiraProblem 400 for what Jira would refuse */
export function matching(world: World, user: UserRecord, query: JqlQuery): readonly IssueRecord[] {
  const test = query.where === undefined ? (): boolean => true : compile(query.where, { world, user });
  const now = world.clock.now();
  return [...world.issues.values()]
    .filter((issue) => (world.unindexed.get(issue.id) ?? 0) <= now && canSee(user, issue) && test(issue))
    .toSorted(comparison(query.orderBy));
}

function compile(clause: JqlClause, searcher: Searcher): Test {
  switch (clause.kind) {
    case 'and': {
      const tests = clause.clauses.map((part) => compile(part, searcher));
      return (issue) => tests.every((test) => test(issue));
    }
    case 'or': {
      const tests = clause.clauses.map((part) => compile(part, searcher));
      return (issue) => tests.some((test) => test(issue));
    }
    case 'not': {
      const test = compile(clause.clause, searcher);
      return (issue) => !test(issue);
    }
    case 'term':
      return term(clause, searcher);
  }
}

function term(clause: Term, searcher: Searcher): Test {
  const { world, user } = searcher;
  switch (clause.field) {
    case 'project':
      return among(
        clause,
        (operand) => requireProject(world, user, operand),
        (issue) => [issue.projectId],
      );
    case 'labels':
      return among(clause, wordOf, (issue) => issue.labels);
    case 'issuetype':
      return among(clause, wordOf, (issue) => [typeOf(world, issue).name]);
    case 'creator':
      return among(
        clause,
        (operand) => (operand.kind === 'function' ? user.key : wordOf(operand)),
        (issue) => [issue.creatorKey],
      );
    case 'id':
    case 'key':
      return among(
        clause,
        (operand) => requireKnown(world, operand),
        (issue) => [issue.id],
      );
    case 'updated':
      return timed(clause, searcher, (issue) => issue.updatedAt);
    case 'created':
      return timed(clause, searcher, (issue) => issue.createdAt);
    default:
      throw new JiraProblem(400, `Field '${clause.field}' does not exist or you do not have permission to view it.`);
  }
}

function wordOf(operand: JqlOperand): string {
  return operand.kind === 'value' ? operand.value : '';
}

function requireProject(world: World, user: UserRecord, operand: JqlOperand): string {
  const project = projectOf(world, wordOf(operand));
  if (project !== undefined && user.permissions.has('BROWSE_PROJECTS')) return project.id;
  throw new JiraProblem(400, `The value '${wordOf(operand)}' does not exist for the field 'project'.`);
}

/** A deleted issue makes the whole query wrong. */
function requireKnown(world: World, operand: JqlOperand): string {
  const issue = issueOf(world, wordOf(operand));
  if (issue !== undefined) return issue.id;
  throw new JiraProblem(400, `A value with ID '${wordOf(operand)}' does not exist for the field 'id'.`);
}

function among(clause: Term, read: (operand: JqlOperand) => string, values: (issue: IssueRecord) => readonly string[]): Test {
  const wanted = new Set((clause.operand.kind === 'list' ? clause.operand.items : [clause.operand]).map(read));
  const positive = clause.operator === '=' || clause.operator === 'in';
  return (issue) => values(issue).length > 0 && values(issue).some((value) => wanted.has(value)) === positive;
}

function timed(clause: Term, { world, user }: Searcher, value: (issue: IssueRecord) => number): Test {
  const bound = parseJqlTime(clause.operand, { nowMs: world.clock.now(), timeZone: user.timeZone, field: clause.field });
  switch (clause.operator) {
    case '>':
      return (issue) => value(issue) > bound;
    case '>=':
      return (issue) => value(issue) >= bound;
    case '<':
      return (issue) => value(issue) < bound;
    case '<=':
      return (issue) => value(issue) <= bound;
    default:
      throw new JiraProblem(400, `The operator '${clause.operator}' is not supported by the '${clause.field}' field.`);
  }
}

const numberOf = (issue: IssueRecord): number => Number(issue.key.slice(issue.key.lastIndexOf('-') + 1));

/** A total order: what the query asks for, then the newest id first. */
function comparison(orders: readonly JqlOrder[]): (one: IssueRecord, other: IssueRecord) => number {
  return (one, other) => {
    for (const { field, direction } of orders) {
      const value = (issue: IssueRecord): number =>
        field === 'updated' ? issue.updatedAt : field === 'created' ? issue.createdAt : numberOf(issue);
      const difference = value(one) - value(other);
      if (difference !== 0) return direction === 'asc' ? difference : -difference;
    }
    return Number(other.id) - Number(one.id);
  };
}
