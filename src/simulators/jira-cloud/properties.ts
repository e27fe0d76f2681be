import type { Hono } from 'hono';
import { z } from 'zod';
import { hasPermission, requireIssue, visibleIssue } from './auth.ts';
import { setProperties } from './changes.ts';
import { checkProperty } from './content-check.ts';
import { projectOf } from './data.ts';
import type { AccountRecord, IssueRecord } from './data.ts';
import { JiraProblem } from './problem.ts';
import { requireProject } from './projects.ts';
import { pathParameter, readJson } from './site.ts';
import type { JiraContext, JiraEnvironment, Site } from './site.ts';

const issuesAtOnceMax = 100;
const propertiesAtOnceMax = 10;
const anyJson = z.unknown();
/** How long a bulk change of properties takes: a task that is looked at at once is still running. */
const taskDurationMs = 1_000;

interface Task {
  readonly id: string;
  readonly ownerId: string;
  readonly submittedAt: number;
  readonly apply: () => void;
  applied: boolean;
}

export function registerProperties(app: Hono<JiraEnvironment>, site: Site): void {
  registerIssueProperties(app, site);
  registerTasks(app, site);
  registerUserProperties(app, site);
  registerProjectProperties(app, site);
}

function notFound(key: string): JiraProblem {
  return new JiraProblem(404, `The property with key '${key}' does not exist.`);
}

function keysView(keys: Iterable<string>, self: string): object {
  return { keys: [...keys].toSorted().map((key) => ({ self: `${self}/${encodeURIComponent(key)}`, key })) };
}

function registerIssueProperties(app: Hono<JiraEnvironment>, site: Site): void {
  const path = '/rest/api/3/issue/:issue/properties';
  const issueOf = (context: JiraContext): IssueRecord => {
    return requireIssue(site.world, context.var.account, pathParameter(context, 'issue'));
  };
  const editableIssueOf = (context: JiraContext): IssueRecord => {
    const issue = issueOf(context);
    if (!hasPermission(context.var.account, 'EDIT_ISSUES', projectOf(site.world, issue))) {
      throw new JiraProblem(403, 'You do not have permission to edit issues in this project.');
    }
    return issue;
  };
  app.get(path, (context) => {
    const issue = issueOf(context);
    return context.json(keysView(issue.properties.keys(), `${context.var.base}/rest/api/3/issue/${issue.id}/properties`));
  });
  app.get(`${path}/:key`, (context) => {
    const { properties } = issueOf(context);
    const key = pathParameter(context, 'key');
    if (!properties.has(key)) throw notFound(key);
    return context.json({ key, value: properties.get(key) });
  });
  app.put(`${path}/:key`, async (context) => {
    const key = pathParameter(context, 'key');
    const value = await readJson(context, anyJson);
    checkProperty(key, value);
    const issue = editableIssueOf(context);
    const isNew = !issue.properties.has(key);
    setProperties(site.world, issue, new Map([[key, value]]));
    return context.json({}, isNew ? 201 : 200);
  });
  app.delete(`${path}/:key`, (context) => {
    const issue = editableIssueOf(context);
    const key = pathParameter(context, 'key');
    if (!issue.properties.has(key)) throw notFound(key);
    setProperties(site.world, issue, new Map([[key, undefined]]));
    return context.body(null, 204);
  });
}

const multiSchema = z.strictObject({
  issues: z.array(z.strictObject({ issueID: z.int(), properties: z.record(z.string(), z.unknown()) })).min(1),
});

function registerTasks(app: Hono<JiraEnvironment>, site: Site): void {
  const tasks = new Map<string, Task>();
  // Time only passes between requests, so that the first request after a task's time finds its work done.
  app.use('*', async (_context, next) => {
    for (const task of tasks.values()) {
      if (task.applied || site.world.clock.now() < task.submittedAt + taskDurationMs) continue;
      task.apply();
      task.applied = true;
    }
    await next();
  });
  app.post('/rest/api/3/issue/properties/multi', async (context) => {
    const { issues } = await readJson(context, multiSchema);
    if (issues.length > issuesAtOnceMax) throw new JiraProblem(400, `At most ${issuesAtOnceMax} issues can be changed at once.`);
    for (const { properties } of issues) {
      const entries = Object.entries(properties);
      if (entries.length > propertiesAtOnceMax)
        throw new JiraProblem(400, `At most ${propertiesAtOnceMax} properties can be set at once.`);
      for (const [key, value] of entries) checkProperty(key, value);
    }
    const { account, base } = context.var;
    const apply = (): void => applyAll(site, account, issues);
    const id = site.world.nextId('task');
    tasks.set(id, { id, ownerId: account.accountId, submittedAt: site.world.clock.now(), apply, applied: false });
    return new Response(null, { status: 303, headers: { Location: `${base}/rest/api/3/task/${id}` } });
  });
  app.get('/rest/api/3/task/:task', (context) => {
    const task = tasks.get(pathParameter(context, 'task'));
    if (task === undefined || task.ownerId !== context.var.account.accountId)
      throw new JiraProblem(404, 'The task was not found.');
    return context.json(taskView(site, task, context.var.base));
  });
}

function applyAll(site: Site, account: AccountRecord, issues: z.output<typeof multiSchema>['issues']): void {
  for (const { issueID, properties } of issues) {
    const issue = visibleIssue(site.world, account, String(issueID));
    if (issue === undefined || !hasPermission(account, 'EDIT_ISSUES', projectOf(site.world, issue))) continue;
    setProperties(site.world, issue, new Map(Object.entries(properties)));
  }
}

function taskView(site: Site, task: Task, base: string): object {
  const now = site.world.clock.now();
  const elapsedRuntime = Math.min(now - task.submittedAt, taskDurationMs);
  const isDone = task.applied;
  return {
    self: `${base}/rest/api/3/task/${task.id}`,
    id: task.id,
    description: 'Bulk set of issue properties',
    status: isDone ? 'COMPLETE' : 'RUNNING',
    progress: isDone ? 100 : 0,
    submitted: task.submittedAt,
    submittedBy: 10_000,
    started: task.submittedAt,
    lastUpdate: now,
    elapsedRuntime,
    ...(isDone ? { finished: task.submittedAt + taskDurationMs } : undefined),
  };
}

function registerUserProperties(app: Hono<JiraEnvironment>, site: Site): void {
  const path = '/rest/api/3/user/properties';
  app.get(path, (context) => {
    const owner = propertyOwner(site, context);
    return context.json(keysView(owner.properties.keys(), `${context.var.base}${path}`));
  });
  app.get(`${path}/:key`, (context) => {
    const key = pathParameter(context, 'key');
    const { properties } = propertyOwner(site, context);
    if (!properties.has(key)) throw notFound(key);
    return context.json({ key, value: properties.get(key) });
  });
  app.put(`${path}/:key`, async (context) => {
    const key = pathParameter(context, 'key');
    const value = await readJson(context, anyJson);
    checkProperty(key, value);
    const { properties } = propertyOwner(site, context);
    const isNew = !properties.has(key);
    properties.set(key, value);
    return context.json({}, isNew ? 201 : 200);
  });
  app.delete(`${path}/:key`, (context) => {
    const key = pathParameter(context, 'key');
    if (!propertyOwner(site, context).properties.delete(key)) throw notFound(key);
    return context.body(null, 204);
  });
}

/** One's own properties take no administration, anyone else's do. */
function propertyOwner(site: Site, context: JiraContext): AccountRecord {
  const { account } = context.var;
  const accountId = context.req.query('accountId') ?? account.accountId;
  if (accountId === account.accountId) return account;
  if (!hasPermission(account, 'ADMINISTER'))
    throw new JiraProblem(403, 'You do not have permission to access the properties of this user.');
  const owner = site.world.accounts.get(accountId);
  if (owner === undefined) throw new JiraProblem(404, 'The user does not exist.');
  return owner;
}

function registerProjectProperties(app: Hono<JiraEnvironment>, site: Site): void {
  const path = '/rest/api/3/project/:project/properties/:key';
  app.get(path, (context) => {
    const key = pathParameter(context, 'key');
    const { properties } = requireProject(site, context);
    if (!properties.has(key)) throw notFound(key);
    return context.json({ key, value: properties.get(key) });
  });
  app.put(path, async (context) => {
    const key = pathParameter(context, 'key');
    const value = await readJson(context, anyJson);
    checkProperty(key, value);
    const project = requireProject(site, context);
    if (!hasPermission(context.var.account, 'ADMINISTER_PROJECTS', project)) {
      throw new JiraProblem(403, 'You do not have permission to administer this project.');
    }
    const isNew = !project.properties.has(key);
    project.properties.set(key, value);
    return context.json({}, isNew ? 201 : 200);
  });
}
