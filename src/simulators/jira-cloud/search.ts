import type { Hono } from 'hono';
import { z } from 'zod';
import { canSeeIssue } from './auth.ts';
import type { IssueRecord } from './data.ts';
import { parseJql } from './jql.ts';
import type { JqlClause, JqlOperand, JqlQuery } from './jql.ts';
import { compareIssues, compileQuery } from './jql-match.ts';
import { JiraProblem } from './problem.ts';
import { readJson } from './site.ts';
import type { JiraContext, JiraEnvironment, Site } from './site.ts';
import { issueView } from './views.ts';

/** Issues a page when nothing but id and key is asked for. */
const idsPerPageMax = 5_000;
const propertiesMax = 5;
const reconcileMax = 50;
const tokenLifeMs = 7 * 86_400_000;

/** Where the next page begins: after this issue as it stood then. What moves meanwhile can be missed or seen twice. */
interface Cursor {
  readonly accountId: string;
  readonly jql: string;
  readonly last: IssueRecord;
  readonly expiresAt: number;
}

const searchSchema = z.strictObject({
  jql: z.string().default(''),
  fields: z.array(z.string()).default(['id']),
  fieldsByKeys: z.boolean().optional(),
  maxResults: z.int().min(0).default(50),
  nextPageToken: z.string().nullish(),
  properties: z.array(z.string()).default([]),
  reconcileIssues: z.array(z.int()).default([]),
  expand: z.string().optional(),
});

type SearchRequest = z.output<typeof searchSchema>;

export function registerSearch(app: Hono<JiraEnvironment>, site: Site): void {
  const cursors = new Map<string, Cursor>();
  app.post('/rest/api/3/search/jql', async (context) => {
    const request = await readJson(context, searchSchema);
    return context.json(search(site, context, { request, cursors }));
  });
  app.post('/rest/api/3/search/approximate-count', async (context) => {
    const { jql } = await readJson(context, z.strictObject({ jql: z.string() }));
    return context.json({ count: findIssues(site, context, { query: parseJql(jql), fresh: [] }).length });
  });
  app.post('/rest/api/3/jql/parse', (context) => parseQueries(site, context));
}

interface SearchState {
  readonly request: SearchRequest;
  readonly cursors: Map<string, Cursor>;
}

function search(site: Site, context: JiraContext, { request, cursors }: SearchState): object {
  checkRequest(request);
  const cursor = takeCursor(site, context, { request, cursors });
  const query = parseJql(request.jql);
  const found = findIssues(site, context, { query, fresh: request.reconcileIssues });
  const order = compareIssues(query.orderBy);
  const rest = found.toSorted(order).filter((issue) => cursor === undefined || order(issue, cursor.last) > 0);
  const shown = rest.slice(0, pageSize(site, request, rest.length));
  const last = shown.at(-1);
  const isLast = last === undefined || shown.length === rest.length;
  const viewer = { account: context.var.account, base: context.var.base };
  const fields = { names: request.fields, comments: site.limits.commentsInSearch };
  return {
    issues: shown.map((issue) => issueView(site, issue, { viewer, fields, properties: request.properties })),
    ...(isLast ? undefined : { nextPageToken: putCursor(site, context, { jql: request.jql, last, cursors }) }),
    isLast,
  };
}

function checkRequest(request: SearchRequest): void {
  if (request.properties.length > propertiesMax) throw new JiraProblem(400, 'A maximum of 5 issue properties can be requested.');
  if (request.reconcileIssues.length > reconcileMax) throw new JiraProblem(400, 'A maximum of 50 issues can be reconciled.');
}

/**
 * Full pages of a result that goes on may come shorter than asked for: a client that takes a short page for the last one
 * loses issues. A result that fits on one page is one page.
 */
function pageSize(site: Site, request: SearchRequest, available: number): number {
  const idsOnly = request.properties.length === 0 && request.fields.every((field) => field === 'id' || field === 'key');
  const wanted = Math.min(request.maxResults, idsOnly ? idsPerPageMax : site.limits.issuesPerPage);
  if (available <= wanted || wanted < 5) return wanted;
  return wanted - Math.floor(site.world.random() * wanted * 0.2);
}

function takeCursor(site: Site, context: JiraContext, { request, cursors }: SearchState): Cursor | undefined {
  const token = request.nextPageToken ?? '';
  if (token === '') return undefined;
  const cursor = cursors.get(token);
  const isValid =
    cursor !== undefined &&
    cursor.expiresAt > site.world.clock.now() &&
    cursor.accountId === context.var.account.accountId &&
    cursor.jql === request.jql;
  if (!isValid) throw new JiraProblem(400, 'The provided next page token is invalid or expired.');
  return cursor;
}

function putCursor(
  site: Site,
  context: JiraContext,
  next: { readonly jql: string; readonly last: IssueRecord; readonly cursors: Map<string, Cursor> },
): string {
  const token = `${site.world.uuid()}${site.world.uuid()}`.replaceAll('-', '');
  const expiresAt = site.world.clock.now() + tokenLifeMs;
  next.cursors.set(token, { accountId: context.var.account.accountId, jql: next.jql, last: next.last, expiresAt });
  return token;
}

function findIssues(
  site: Site,
  context: JiraContext,
  { query, fresh }: { readonly query: JqlQuery; readonly fresh: readonly number[] },
): readonly IssueRecord[] {
  const { world } = site;
  const { account } = context.var;
  const matches = compileQuery(query, { world, account });
  const indexed = world.index.issues(world.clock.now() - site.searchLagMs, new Set(fresh.map(String)));
  return indexed.filter((issue) => canSeeIssue(world, account, issue) && matches(issue));
}

async function parseQueries(site: Site, context: JiraContext): Promise<Response> {
  const { queries } = await readJson(context, z.strictObject({ queries: z.array(z.string().min(1)).min(1) }));
  const validation = context.req.query('validation');
  if (validation === undefined) throw new JiraProblem(400, "The query parameter 'validation' is required.");
  const results = queries.map((jql) => parseOne(site, context, { jql, semantic: validation !== 'none' }));
  return context.json({ queries: results });
}

function parseOne(site: Site, context: JiraContext, query: { readonly jql: string; readonly semantic: boolean }): object {
  try {
    const parsed = parseJql(query.jql);
    if (query.semantic && parsed.where !== undefined) {
      compileQuery(parsed, { world: site.world, account: context.var.account });
    }
    return { query: query.jql, structure: structureOf(parsed) };
  } catch (error) {
    if (!(error instanceof JiraProblem)) throw error;
    return { query: query.jql, errors: [...error.messages, ...Object.values(error.errors)] };
  }
}

function structureOf(query: JqlQuery): object {
  const fields = query.orderBy.map((order) => ({ field: { name: order.field }, direction: order.direction }));
  return {
    ...(query.where === undefined ? undefined : { where: clauseStructure(query.where) }),
    ...(fields.length === 0 ? undefined : { orderBy: { fields } }),
  };
}

function clauseStructure(clause: JqlClause): object {
  if (clause.kind === 'term')
    return { field: { name: clause.field }, operator: clause.operator, operand: operandStructure(clause.operand) };
  if (clause.kind === 'not') return { operator: 'not', clauses: [clauseStructure(clause.clause)] };
  return { operator: clause.kind, clauses: clause.clauses.map(clauseStructure) };
}

function operandStructure(operand: JqlOperand): object {
  switch (operand.kind) {
    case 'value':
      return { value: operand.value };
    case 'function':
      return { function: operand.name, arguments: operand.parameters };
    case 'empty':
      return { keyword: 'empty' };
    case 'list':
      return { values: operand.items.map(operandStructure) };
  }
}
