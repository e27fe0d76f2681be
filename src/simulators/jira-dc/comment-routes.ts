import type { Hono } from 'hono';
import { z } from 'zod';
import { JiraProblem } from '../jira-cloud/problem.ts';
import { requireIssue, requireItem, requirePermission } from './access.ts';
import { checkText, touch } from './changes.ts';
import type { CommentRecord, IssueRecord, UserRecord } from './data.ts';
import type { JiraDcContext, JiraDcEnvironment, Server } from './server.ts';
import { bodyOf, checkProperties, listOf, propertiesSchema } from './server.ts';
import { commentView } from './views.ts';

const commentSchema = z.object({
  body: z.string(),
  visibility: z.object({ type: z.enum(['group', 'role']), value: z.string() }).optional(),
  properties: propertiesSchema.default([]),
});

export function registerComments(app: Hono<JiraDcEnvironment>, server: Server): void {
  app.get('/issue/:id/comment', (context) => list(server, context));
  app.post('/issue/:id/comment', (context) => add(server, context));
  app.get('/issue/:id/comment/:comment', (context) => {
    const place = placeOf(server, context);
    return context.json(viewOf(server, context, place));
  });
  app.put('/issue/:id/comment/:comment', (context) => edit(server, context));
  app.delete('/issue/:id/comment/:comment', (context) => {
    const { issue, comment } = placeOf(server, context);
    requireItem(context.var.user, {
      authorKey: comment.authorKey,
      own: 'DELETE_OWN_COMMENTS',
      all: 'DELETE_ALL_COMMENTS',
    });
    issue.comments = issue.comments.filter((candidate) => candidate !== comment);
    touch(server.world, issue);
    return context.body(null, 204);
  });
  app.get('/comment/:comment/properties/:key', (context) => {
    const { comment, key } = propertyOf(server, context);
    return context.json({ key, value: comment.properties.get(key) });
  });
  app.delete('/comment/:comment/properties/:key', (context) => {
    const { comment, key } = propertyOf(server, context);
    requireItem(context.var.user, { authorKey: comment.authorKey, own: 'EDIT_OWN_COMMENTS', all: 'EDIT_ALL_COMMENTS' });
    comment.properties.delete(key);
    return context.body(null, 204);
  });
}

/** @throws JiraProblem 404 */
function propertyOf(server: Server, context: JiraDcContext): { readonly comment: CommentRecord; readonly key: string } {
  const comment = [...server.world.issues.values()]
    .flatMap((issue) => issue.comments)
    .find((candidate) => candidate.id === context.req.param('comment') && isShown(context.var.user, candidate));
  const key = context.req.param('key') ?? '';
  if (comment === undefined || !comment.properties.has(key))
    throw new JiraProblem(404, `The property with key '${key}' does not exist.`);
  return { comment, key };
}

function isShown(user: UserRecord, comment: CommentRecord): boolean {
  return comment.visibility === undefined || user.roles === 'all' || user.roles.has(comment.visibility.value);
}

interface Place {
  readonly issue: IssueRecord;
  readonly comment: CommentRecord;
}

function placeOf(server: Server, context: JiraDcContext): Place {
  const issue = requireIssue(server.world, context.var.user, context.req.param('id') ?? '');
  const comment = issue.comments.find(({ id }) => id === context.req.param('comment'));
  if (comment === undefined || !isShown(context.var.user, comment))
    throw new JiraProblem(404, `Can not find a comment for the id: ${context.req.param('comment')}.`);
  return { issue, comment };
}

function viewOf(server: Server, context: JiraDcContext, { issue, comment }: Place): Record<string, unknown> {
  const withProperties = server.expandsCommentProperties && listOf(context.req.query('expand')).includes('properties');
  return commentView(server.world, issue, { comment, withProperties });
}

function list(server: Server, context: JiraDcContext): Response {
  const issue = requireIssue(server.world, context.var.user, context.req.param('id') ?? '');
  const shown = issue.comments.filter((comment) => isShown(context.var.user, comment));
  const startAt = Number(context.req.query('startAt') ?? 0);
  const maxResults = Number(context.req.query('maxResults') ?? 1_048_576);
  const comments = shown.slice(startAt, startAt + maxResults).map((comment) => viewOf(server, context, { issue, comment }));
  return context.json({ startAt, maxResults, total: shown.length, comments });
}

async function add(server: Server, context: JiraDcContext): Promise<Response> {
  const { world } = server;
  const { user } = context.var;
  const issue = requireIssue(world, user, context.req.param('id') ?? '');
  const input = await bodyOf(context, commentSchema);
  requirePermission(user, 'ADD_COMMENTS');
  checkBody(input.body);
  const comment: CommentRecord = {
    id: world.nextId(),
    authorKey: user.key,
    body: input.body,
    createdAt: world.clock.now(),
    updatedAt: world.clock.now(),
    visibility: input.visibility,
    properties: new Map(checkProperties(input.properties)),
  };
  issue.comments.push(comment);
  touch(world, issue);
  return context.json(viewOf(server, context, { issue, comment }), 201);
}

/** A visibility that the request leaves out is no visibility: the comment is public then. */
async function edit(server: Server, context: JiraDcContext): Promise<Response> {
  const { world } = server;
  const { issue, comment } = placeOf(server, context);
  const input = await bodyOf(context, commentSchema);
  requireItem(context.var.user, { authorKey: comment.authorKey, own: 'EDIT_OWN_COMMENTS', all: 'EDIT_ALL_COMMENTS' });
  checkBody(input.body);
  comment.body = input.body;
  comment.visibility = input.visibility;
  comment.updatedAt = world.clock.now();
  for (const [key, value] of checkProperties(input.properties)) comment.properties.set(key, value);
  touch(world, issue);
  return context.json(viewOf(server, context, { issue, comment }));
}

function checkBody(body: string): void {
  if (body.trim() === '') throw new JiraProblem(400, undefined, { errors: { comment: 'Comment body can not be empty!' } });
  checkText('comment', body);
}
