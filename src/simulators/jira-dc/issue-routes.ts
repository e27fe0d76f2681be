import type { Hono } from 'hono';
import { z } from 'zod';
import { parseJql } from '../jira-cloud/jql.ts';
import { JiraProblem, invalidField } from '../jira-cloud/problem.ts';
import { requireIssue, requirePermission } from './access.ts';
import { changeIssue, createIssue } from './changes.ts';
import type { IssueRecord, ProjectRecord, TypeRecord } from './data.ts';
import { projectOf } from './data.ts';
import { matching } from './match.ts';
import type { JiraDcContext, JiraDcEnvironment, Server } from './server.ts';
import { bodyOf, checkProperties, listOf, propertiesSchema } from './server.ts';
import { issueView } from './views.ts';

const idSchema = z.object({ id: z.string() });
const fieldsSchema = z.strictObject({
  project: idSchema.optional(),
  summary: z.string().optional(),
  description: z.string().nullish(),
  issuetype: idSchema.optional(),
  labels: z.array(z.string()).optional(),
});
const updateSchema = z.object({ fields: fieldsSchema.default({}), properties: propertiesSchema.default([]) });
type Update = z.infer<typeof updateSchema>;

const searchSchema = z.object({
  jql: z.string(),
  startAt: z.number().default(0),
  maxResults: z.number().default(50),
  fields: z.array(z.string()).default([]),
  validateQuery: z.boolean().optional(),
});

const bulkMax = 50;

export function registerIssues(app: Hono<JiraDcEnvironment>, server: Server): void {
  app.post('/search', (context) => search(server, context));
  app.post('/issue', async (context) => {
    const issue = create(server, context, await bodyOf(context, updateSchema));
    return context.json(createdView(server, issue), 201);
  });
  app.post('/issue/bulk', (context) => createMany(server, context));
  app.get('/issue/:id', (context) => {
    const issue = requireIssue(server.world, context.var.user, context.req.param('id'));
    const properties = context.req.query('properties');
    const view = issueView(server.world, issue, {
      fields: listOf(context.req.query('fields')),
      ...(properties === undefined ? {} : { properties: listOf(properties) }),
      withChangelog: listOf(context.req.query('expand')).includes('changelog'),
    });
    return context.json(view);
  });
  app.put('/issue/:id', (context) => edit(server, context));
  registerProperties(app, server);
}

function registerProperties(app: Hono<JiraDcEnvironment>, server: Server): void {
  const path = '/issue/:id/properties';
  const issueOf = (context: JiraDcContext): IssueRecord =>
    requireIssue(server.world, context.var.user, context.req.param('id') ?? '');
  const keyOn = (context: JiraDcContext, issue: IssueRecord): string => {
    const key = context.req.param('key') ?? '';
    if (issue.properties.has(key)) return key;
    throw new JiraProblem(404, `The property with key '${key}' does not exist.`);
  };
  app.get(path, (context) => {
    const issue = issueOf(context);
    const self = `${server.world.baseUrl}/rest/api/2/issue/${issue.id}/properties`;
    return context.json({ keys: [...issue.properties.keys()].map((key) => ({ self: `${self}/${key}`, key })) });
  });
  app.get(`${path}/:key`, (context) => {
    const issue = issueOf(context);
    const key = keyOn(context, issue);
    return context.json({ key, value: issue.properties.get(key) });
  });
  app.delete(`${path}/:key`, (context) => {
    const issue = issueOf(context);
    requirePermission(context.var.user, 'EDIT_ISSUES');
    issue.properties.delete(keyOn(context, issue));
    return context.body(null, 204);
  });
}

async function search(server: Server, context: JiraDcContext): Promise<Response> {
  const asked = await bodyOf(context, searchSchema);
  const found = matching(server.world, context.var.user, parseJql(asked.jql));
  const size = Math.min(asked.maxResults, server.limits.issuesPerPage);
  const page = found.slice(asked.startAt, asked.startAt + size);
  return context.json({
    startAt: asked.startAt,
    maxResults: size,
    total: found.length,
    issues: page.map((issue) => issueView(server.world, issue, { fields: asked.fields })),
  });
}

function typeIn(project: ProjectRecord, id: string | undefined): TypeRecord {
  const type = project.types.find((candidate) => candidate.id === id);
  if (type === undefined) throw invalidField('issuetype', 'The issue type selected is invalid.');
  return type;
}

function create(server: Server, context: JiraDcContext, update: Update): IssueRecord {
  const { user } = context.var;
  const { fields } = update;
  const project = projectOf(server.world, fields.project?.id ?? '');
  if (project === undefined) throw invalidField('project', 'project is required');
  requirePermission(user, 'CREATE_ISSUES');
  const type = typeIn(project, fields.issuetype?.id);
  if (type.subtask) throw invalidField('parent', 'Issue type is a sub-task but parent issue key or id not specified.');
  return createIssue(server.world, {
    project,
    type,
    creatorKey: user.key,
    summary: fields.summary ?? '',
    description: fields.description ?? null,
    labels: fields.labels ?? [],
    properties: checkProperties(update.properties),
  });
}

function createdView(server: Server, issue: IssueRecord): Record<string, string> {
  return { id: issue.id, key: issue.key, self: `${server.world.baseUrl}/rest/api/2/issue/${issue.id}` };
}

/** Those that can be created are; where none can, the whole answer is a 400. */
async function createMany(server: Server, context: JiraDcContext): Promise<Response> {
  const { issueUpdates } = await bodyOf(context, z.object({ issueUpdates: z.array(updateSchema).max(bulkMax) }));
  const issues: unknown[] = [];
  const errors: unknown[] = [];
  for (const [index, update] of issueUpdates.entries()) {
    try {
      issues.push(createdView(server, create(server, context, update)));
    } catch (error) {
      if (!(error instanceof JiraProblem)) throw error;
      errors.push({ status: error.status, elementErrors: error.body(), failedElementNumber: index });
    }
  }
  return context.json({ issues, errors }, issues.length === 0 ? 400 : 201);
}

/** Nothing is answered: what was stored takes a reading. */
async function edit(server: Server, context: JiraDcContext): Promise<Response> {
  const { world } = server;
  const { user } = context.var;
  const issue = requireIssue(world, user, context.req.param('id') ?? '');
  const { fields, properties } = await bodyOf(context, updateSchema);
  requirePermission(user, 'EDIT_ISSUES');
  const written = checkProperties(properties);
  const project = world.projects.get(issue.projectId);
  if (project === undefined) throw new JiraProblem(404, 'Issue Does Not Exist');
  if (Object.keys(fields).length > 0) {
    changeIssue(world, issue, {
      by: user.key,
      fields: {
        ...(fields.summary === undefined ? {} : { summary: fields.summary }),
        ...(fields.description === undefined ? {} : { description: fields.description }),
        ...(fields.labels === undefined ? {} : { labels: fields.labels }),
        ...(fields.issuetype === undefined ? {} : { type: typeIn(project, fields.issuetype.id) }),
      },
    });
  }
  for (const [key, value] of written) issue.properties.set(key, value);
  return context.body(null, 204);
}
