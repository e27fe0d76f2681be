import type { Hono } from 'hono';
import { z } from 'zod';
import { hasPermission, requireIssue, visibleIssue } from './auth.ts';
import { changeFields, createIssue, deleteIssue, setProperties } from './changes.ts';
import { projectOf } from './data.ts';
import type { IssueRecord } from './data.ts';
import { checkedProperties, issueUpdateSchema, readFieldChanges, readNewIssue } from './issue-input.ts';
import type { IssueUpdate } from './issue-input.ts';
import { JiraProblem } from './problem.ts';
import { viewerOf } from './projects.ts';
import { pageBean, pageOf, pathParameter, queryList, readJson } from './site.ts';
import type { JiraContext, JiraEnvironment, Site } from './site.ts';
import { changeView, issueView } from './views.ts';

const bulkCreateMax = 50;
const bulkFetchMax = 100;
const propertiesMax = 5;

export function registerIssues(app: Hono<JiraEnvironment>, site: Site): void {
  app.post('/rest/api/3/issue', async (context) => {
    const update = await readJson(context, issueUpdateSchema);
    return context.json(createOne(site, context, update), 201);
  });
  app.post('/rest/api/3/issue/bulk', (context) => createMany(site, context));
  app.post('/rest/api/3/issue/bulkfetch', (context) => fetchMany(site, context));
  app.get('/rest/api/3/issue/:issue', (context) => {
    const issue = requireIssue(site.world, context.var.account, pathParameter(context, 'issue'));
    return context.json(viewAsAsked(site, context, issue));
  });
  app.put('/rest/api/3/issue/:issue', (context) => editOne(site, context));
  app.delete('/rest/api/3/issue/:issue', (context) => deleteOne(site, context));
  app.get('/rest/api/3/issue/:issue/changelog', (context) => {
    const issue = requireIssue(site.world, context.var.account, pathParameter(context, 'issue'));
    const page = pageOf(context, issue.changes, { usual: 100, maximum: 100 });
    const self = `${context.var.base}/rest/api/3/issue/${issue.id}/changelog`;
    return context.json(pageBean(page, self, (change) => changeView(site, change, viewerOf(context))));
  });
  app.post('/rest/api/3/changelog/bulkfetch', (context) => fetchChanges(site, context));
}

function createOne(site: Site, context: JiraContext, update: IssueUpdate): object {
  const issue = createIssue(site.world, readNewIssue(site, context.var.account, update));
  return { id: issue.id, key: issue.key, self: `${context.var.base}/rest/api/3/issue/${issue.id}` };
}

/** 201 as long as one issue could be created; the others are in `errors` by their position. */
async function createMany(site: Site, context: JiraContext): Promise<Response> {
  const { issueUpdates } = await readJson(context, z.object({ issueUpdates: z.array(issueUpdateSchema) }));
  if (issueUpdates.length > bulkCreateMax) {
    const elementErrors = new JiraProblem(400, `The maximum number of issues to create at once is ${bulkCreateMax}.`).body();
    return context.json({ issues: [], errors: [{ status: 400, elementErrors, failedElementNumber: bulkCreateMax }] }, 400);
  }
  const issues: object[] = [];
  const errors: object[] = [];
  for (const [failedElementNumber, update] of issueUpdates.entries()) {
    try {
      issues.push(createOne(site, context, update));
    } catch (error) {
      if (!(error instanceof JiraProblem)) throw error;
      errors.push({ status: error.status, elementErrors: error.body(), failedElementNumber });
    }
  }
  return context.json({ issues, errors }, issues.length > 0 ? 201 : 400);
}

const bulkFetchSchema = z.strictObject({
  issueIdsOrKeys: z.array(z.string()),
  fields: z.array(z.string()).default(['*navigable']),
  fieldsByKeys: z.boolean().optional(),
  properties: z.array(z.string()).default([]),
  expand: z.array(z.string()).optional(),
});

/** In ascending order of ids, whatever the order asked for, each issue once. */
async function fetchMany(site: Site, context: JiraContext): Promise<Response> {
  const request = await readJson(context, bulkFetchSchema);
  const { issueIdsOrKeys } = request;
  if (issueIdsOrKeys.length === 0 || issueIdsOrKeys.length > bulkFetchMax) {
    throw new JiraProblem(400, `Between 1 and ${bulkFetchMax} issues can be fetched at once.`);
  }
  if (request.properties.length > propertiesMax) throw new JiraProblem(400, 'A maximum of 5 issue properties can be requested.');
  const found = new Map<string, IssueRecord>();
  const issueErrors: object[] = [];
  for (const idOrKey of issueIdsOrKeys) {
    const issue = visibleIssue(site.world, context.var.account, idOrKey);
    if (issue !== undefined) found.set(issue.id, issue);
    else issueErrors.push({ id: idOrKey, errorMessage: 'Issue does not exist or you do not have permission to see it.' });
  }
  const fields = { names: request.fields, comments: site.limits.commentsPerIssue };
  const sorted = [...found.values()].toSorted((first, second) => Number(first.id) - Number(second.id));
  const issues = sorted.map((issue) =>
    issueView(site, issue, { viewer: viewerOf(context), fields, properties: request.properties }),
  );
  return context.json({ issues, issueErrors });
}

function viewAsAsked(site: Site, context: JiraContext, issue: IssueRecord): object {
  const names = queryList(context, 'fields');
  const properties = queryList(context, 'properties');
  const wanted = properties.includes('*all') ? [...issue.properties.keys()] : properties;
  const fields = { names: names.length === 0 ? ['*all'] : names, comments: site.limits.commentsPerIssue };
  return issueView(site, issue, { viewer: viewerOf(context), fields, properties: wanted });
}

/** 204, or 200 with the issue as stored if `returnIssue` asks for it. Either all of the edit is applied, or none. */
async function editOne(site: Site, context: JiraContext): Promise<Response> {
  const { account } = context.var;
  const issue = requireIssue(site.world, account, pathParameter(context, 'issue'));
  const update = await readJson(context, issueUpdateSchema);
  if (!hasPermission(account, 'EDIT_ISSUES', projectOf(site.world, issue))) {
    throw new JiraProblem(403, 'You do not have permission to edit issues in this project.');
  }
  const fields = readFieldChanges(site, issue, update);
  const properties = checkedProperties(update.properties);
  const edited = setProperties(site.world, changeFields(site.world, issue, { by: account.accountId, fields }), properties);
  if (context.req.query('returnIssue') !== 'true') return context.body(null, 204);
  const choice = { names: ['*all'], comments: site.limits.commentsPerIssue };
  return context.json(issueView(site, edited, { viewer: viewerOf(context), fields: choice, properties: [] }));
}

function deleteOne(site: Site, context: JiraContext): Response {
  const { account } = context.var;
  const issue = requireIssue(site.world, account, pathParameter(context, 'issue'));
  if (!hasPermission(account, 'DELETE_ISSUES', projectOf(site.world, issue))) {
    throw new JiraProblem(403, 'You do not have permission to delete issues in this project.');
  }
  const hasSubtasks = [...site.world.issues.values()].some((child) => child.parentId === issue.id);
  if (hasSubtasks && context.req.query('deleteSubtasks') !== 'true') {
    throw new JiraProblem(
      400,
      `The issue '${issue.key}' has subtasks. You must specify the 'deleteSubtasks' parameter to delete it.`,
    );
  }
  deleteIssue(site.world, issue);
  return context.body(null, 204);
}

const changelogSchema = z.strictObject({
  issueIdsOrKeys: z.array(z.string()).min(1).max(1_000),
  fieldIds: z.array(z.string()).max(10).default([]),
  maxResults: z.int().min(1).max(10_000).default(1_000),
  nextPageToken: z.string().nullish(),
});

/**
 * Histories of many issues, sorted by date and then by issue (Atlassian's reference, "Bulk fetch changelogs"); issues that can
 * not be seen are left out. The token is the position to go on from.
 */
async function fetchChanges(site: Site, context: JiraContext): Promise<Response> {
  const request = await readJson(context, changelogSchema);
  const issues = request.issueIdsOrKeys
    .map((idOrKey) => visibleIssue(site.world, context.var.account, idOrKey))
    .filter((issue) => issue !== undefined);
  const wanted = (fieldId: string): boolean => request.fieldIds.length === 0 || request.fieldIds.includes(fieldId);
  const all = [...new Map(issues.map((issue) => [issue.id, issue])).values()].flatMap((issue) =>
    issue.changes
      .map((change) => ({ ...change, items: change.items.filter((item) => wanted(item.fieldId)) }))
      .filter((change) => change.items.length > 0)
      .map((change) => ({ issueId: issue.id, change })),
  );
  const sorted = all.toSorted(
    (one, other) => one.change.createdAt - other.change.createdAt || Number(one.issueId) - Number(other.issueId),
  );
  const start = startOf(request.nextPageToken ?? '');
  const shown = sorted.slice(start, start + request.maxResults);
  const issueChangeLogs = [...new Set(shown.map(({ issueId }) => issueId))].map((issueId) => {
    const entries = shown.filter((entry) => entry.issueId === issueId);
    return { issueId, changeHistories: entries.map(({ change }) => changeView(site, change, viewerOf(context))) };
  });
  const end = start + shown.length;
  return context.json({ issueChangeLogs, ...(end < all.length ? { nextPageToken: `changes-${end}` } : undefined) });
}

function startOf(token: string): number {
  if (token === '') return 0;
  const match = /^changes-(\d+)$/.exec(token);
  if (match === null) throw new JiraProblem(400, 'The provided next page token is invalid.');
  return Number(match[1]);
}
