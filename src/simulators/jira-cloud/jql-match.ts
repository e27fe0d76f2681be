import { textOf } from './adf.ts';
import { visibleIssue, visibleProject } from './auth.ts';
import { projectOf, typeOf } from './data.ts';
import type { AccountRecord, IssueRecord, World } from './data.ts';
import { parseJqlTime } from './jql-time.ts';
import type { JqlClause, JqlOperand, JqlOperator, JqlOrder, JqlQuery } from './jql.ts';
import { JiraProblem } from './problem.ts';

export interface Searcher {
  readonly world: World;
  readonly account: AccountRecord;
}

export type IssueTest = (issue: IssueRecord) => boolean;

interface Term {
  readonly field: string;
  readonly operator: JqlOperator;
  readonly operand: JqlOperand;
}

/** Names that fields go by; what is not here does not exist. */
const fieldNames: Readonly<Record<string, string>> = {
  project: 'project',
  labels: 'labels',
  updated: 'updated',
  updateddate: 'updated',
  created: 'created',
  createddate: 'created',
  creator: 'creator',
  reporter: 'reporter',
  issuetype: 'issuetype',
  type: 'issuetype',
  key: 'key',
  issuekey: 'key',
  issue: 'key',
  id: 'key',
  text: 'text',
  summary: 'summary',
  description: 'description',
  comment: 'comment',
  parent: 'parent',
};

const orderable: ReadonlySet<string> = new Set(['updated', 'created', 'key', 'summary']);

/**
 * A test for issues, made from the query's conditions.
 *
 * @throws JiraProblem 400 for fields, operators and values that Jira would refuse, and for a query without any condition
 */
export function compileQuery(query: JqlQuery, searcher: Searcher): IssueTest {
  for (const order of query.orderBy) fieldOf(order.field, orderable);
  if (query.where === undefined) {
    throw new JiraProblem(400, 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.');
  }
  return compileClause(query.where, searcher);
}

function compileClause(clause: JqlClause, searcher: Searcher): IssueTest {
  switch (clause.kind) {
    case 'and': {
      const tests = clause.clauses.map((part) => compileClause(part, searcher));
      return (issue) => tests.every((test) => test(issue));
    }
    case 'or': {
      const tests = clause.clauses.map((part) => compileClause(part, searcher));
      return (issue) => tests.some((test) => test(issue));
    }
    case 'not': {
      const test = compileClause(clause.clause, searcher);
      return (issue) => !test(issue);
    }
    case 'term':
      return compileTerm(clause, searcher);
  }
}

function fieldOf(name: string, among?: ReadonlySet<string>): string {
  const field = fieldNames[name];
  if (field === undefined) throw new JiraProblem(400, `Field '${name}' does not exist or you do not have permission to view it.`);
  if (among !== undefined && !among.has(field)) throw new JiraProblem(400, `Field '${name}' is not sortable.`);
  return field;
}

function compileTerm(term: Term, searcher: Searcher): IssueTest {
  switch (fieldOf(term.field)) {
    case 'project':
      return equality(
        term,
        (operand) => projectIdOf(operand, searcher),
        (issue) => [issue.projectId],
      );
    case 'labels':
      return equality(
        term,
        (operand) => valueOf(term, operand),
        (issue) => issue.labels,
      );
    case 'issuetype':
      return equality(
        term,
        (operand) => typeNameOf(operand, searcher),
        (issue) => typeNamesOf(issue, searcher),
      );
    case 'creator':
      return equality(
        term,
        (operand) => accountIdOf(operand, searcher),
        (issue) => [issue.creatorId],
      );
    case 'reporter':
      return equality(
        term,
        (operand) => accountIdOf(operand, searcher),
        (issue) => [issue.reporterId],
      );
    case 'parent':
      return equality(
        term,
        (operand) => issueOf(term, operand, searcher).id,
        (issue) => [issue.parentId ?? ''],
      );
    case 'key':
      return isRelational(term.operator)
        ? keyComparison(term, searcher)
        : equality(
            term,
            (operand) => issueOf(term, operand, searcher).id,
            (issue) => [issue.id],
          );
    case 'updated':
      return timeComparison(term, searcher, (issue) => issue.updatedAt);
    case 'created':
      return timeComparison(term, searcher, (issue) => issue.createdAt);
    default:
      return textSearch(term);
  }
}

function isRelational(operator: JqlOperator): boolean {
  return operator === '>' || operator === '>=' || operator === '<' || operator === '<=';
}

function unsupported(term: Term): JiraProblem {
  return new JiraProblem(400, `The operator '${term.operator}' is not supported by the '${term.field}' field.`);
}

function equality(
  term: Term,
  read: (operand: JqlOperand) => string,
  values: (issue: IssueRecord) => readonly string[],
): IssueTest {
  const { operator, operand } = term;
  if (operator === 'is' || operator === 'is not') {
    if (operand.kind !== 'empty') throw new JiraProblem(400, `The operator '${operator}' works with EMPTY only.`);
    return (issue) => (values(issue).length === 0) === (operator === 'is');
  }
  const isList = operator === 'in' || operator === 'not in';
  if (!isList && operator !== '=' && operator !== '!=') throw unsupported(term);
  if (isList && operand.kind !== 'list') throw unsupported(term);
  if (!isList && operand.kind === 'empty') return (issue) => (values(issue).length === 0) === (operator === '=');
  const wanted = new Set((operand.kind === 'list' ? operand.items : [operand]).map(read));
  const positive = operator === '=' || operator === 'in';
  // An empty field matches neither `=` nor `!=`, as in Jira.
  return (issue) => values(issue).length > 0 && values(issue).some((value) => wanted.has(value)) === positive;
}

function valueOf(term: Term, operand: JqlOperand): string {
  if (operand.kind !== 'value') throw unsupported(term);
  return operand.value;
}

function projectIdOf(operand: JqlOperand, { world, account }: Searcher): string {
  const value = operand.kind === 'value' ? operand.value : '';
  const byName = [...world.projects.values()].find((project) => project.name.toLowerCase() === value.toLowerCase());
  const project = visibleProject(world, account, value) ?? (byName && visibleProject(world, account, byName.id));
  if (project === undefined) throw new JiraProblem(400, `The value '${value}' does not exist for the field 'project'.`);
  return project.id;
}

function typeNameOf(operand: JqlOperand, { world }: Searcher): string {
  const value = operand.kind === 'value' ? operand.value : '';
  const types = [...world.projects.values()].flatMap((project) => project.types);
  const type = types.find((candidate) => candidate.id === value || candidate.name.toLowerCase() === value.toLowerCase());
  if (type === undefined) throw new JiraProblem(400, `The value '${value}' does not exist for the field 'issuetype'.`);
  return type.name.toLowerCase();
}

function typeNamesOf(issue: IssueRecord, { world }: Searcher): readonly string[] {
  return [typeOf(projectOf(world, issue), issue.typeId).name.toLowerCase()];
}

function accountIdOf(operand: JqlOperand, { account }: Searcher): string {
  if (operand.kind === 'function' && operand.name === 'currentuser') return account.accountId;
  if (operand.kind === 'value') return operand.value;
  const name = operand.kind === 'function' ? operand.name : '';
  throw new JiraProblem(400, `Unable to find JQL function '${name}()'.`);
}

function issueOf(term: Term, operand: JqlOperand, { world, account }: Searcher): IssueRecord {
  const value = operand.kind === 'value' ? operand.value : '';
  const issue = visibleIssue(world, account, value);
  if (issue !== undefined) return issue;
  if (/^\d+$/.test(value)) throw new JiraProblem(400, `A value with ID '${value}' does not exist for the field '${term.field}'.`);
  throw new JiraProblem(400, `An issue with key '${value}' does not exist for field '${term.field}'.`);
}

/** By the number in the key, among issues of the same project. */
function keyComparison(term: Term, searcher: Searcher): IssueTest {
  const bound = issueOf(term, term.operand, searcher);
  return (issue) => issue.projectId === bound.projectId && compare(keyNumber(issue), term.operator, keyNumber(bound));
}

function keyNumber(issue: IssueRecord): number {
  return Number(issue.key.slice(issue.key.lastIndexOf('-') + 1));
}

function compare(value: number, operator: JqlOperator, bound: number): boolean {
  switch (operator) {
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '!=':
      return value !== bound;
    default:
      return value === bound;
  }
}

function timeComparison(term: Term, { world, account }: Searcher, value: (issue: IssueRecord) => number): IssueTest {
  if (term.operator === 'is' || term.operator === 'is not') return () => term.operator === 'is not';
  if (!isRelational(term.operator) && term.operator !== '=' && term.operator !== '!=') throw unsupported(term);
  const bound = parseJqlTime(term.operand, { nowMs: world.clock.now(), timeZone: account.timeZone, field: term.field });
  return (issue) => compare(value(issue), term.operator, bound);
}

function textSearch(term: Term): IssueTest {
  if (term.operator !== '~' && term.operator !== '!~') throw unsupported(term);
  const wanted = wordsOf(valueOf(term, term.operand));
  const positive = term.operator === '~';
  return (issue) => {
    const words = wordsOf(searchedText(issue, fieldOf(term.field)));
    const matches = wanted.every((word) =>
      words.some((candidate) => (word.endsWith('*') ? candidate.startsWith(word.slice(0, -1)) : candidate === word)),
    );
    return matches === positive;
  };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+\*?/gu) ?? [];
}

function searchedText(issue: IssueRecord, field: string): string {
  const comments = issue.comments.map((comment) => textOf(comment.body)).join('\n');
  if (field === 'summary') return issue.summary;
  if (field === 'description') return textOf(issue.description);
  if (field === 'comment') return comments;
  return [issue.summary, textOf(issue.description), comments].join('\n');
}

/** A total order: what the query asks for, then the newest id first, as Jira breaks ties. */
export function compareIssues(orders: readonly JqlOrder[]): (first: IssueRecord, second: IssueRecord) => number {
  return (first, second) => {
    for (const order of orders) {
      const difference = compareBy(fieldNames[order.field] ?? '', first, second);
      if (difference !== 0) return order.direction === 'asc' ? difference : -difference;
    }
    return Number(second.id) - Number(first.id);
  };
}

function compareBy(field: string, first: IssueRecord, second: IssueRecord): number {
  switch (field) {
    case 'updated':
      return first.updatedAt - second.updatedAt;
    case 'created':
      return first.createdAt - second.createdAt;
    case 'summary':
      return first.summary === second.summary ? 0 : first.summary < second.summary ? -1 : 1;
    default:
      return first.projectId === second.projectId
        ? keyNumber(first) - keyNumber(second)
        : Number(first.projectId) - Number(second.projectId);
  }
}
