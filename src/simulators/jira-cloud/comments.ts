import type { Hono } from 'hono';
import { z } from 'zod';
import { mediaIdsOf } from './adf.ts';
import type { AdfDocument } from './adf.ts';
import { canSeeComment, canSeeIssue, hasPermission, mayChangeItem, requireIssue } from './auth.ts';
import { checkBody, checkProperty } from './content-check.ts';
import { projectOf } from './data.ts';
import type { VisibilityRecord } from './data.ts';
import { checkedProperties, propertiesSchema } from './issue-input.ts';
import { addComment, deleteComment, editComment, setCommentProperty } from './item-changes.ts';
import type { CommentPlace } from './item-changes.ts';
import { JiraProblem, invalidField } from './problem.ts';
import { viewerOf } from './projects.ts';
import { pageBean, pageOf, pathParameter, queryList, readJson } from './site.ts';
import type { JiraContext, JiraEnvironment, Page, Site } from './site.ts';
import { commentView } from './views.ts';

const listedAtOnceMax = 1_000;

const commentSchema = z.object({
  body: z.unknown(),
  visibility: z
    .object({ type: z.enum(['group', 'role']), value: z.string().optional(), identifier: z.string().nullish() })
    .nullish(),
  properties: propertiesSchema.default([]),
});

export function registerComments(app: Hono<JiraEnvironment>, site: Site): void {
  app.get('/rest/api/3/issue/:issue/comment', (context) => listComments(site, context));
  app.post('/rest/api/3/issue/:issue/comment', (context) => createComment(site, context));
  app.get('/rest/api/3/issue/:issue/comment/:comment', (context) => {
    const place = requireComment(site, context);
    return context.json(view(site, context, place));
  });
  app.put('/rest/api/3/issue/:issue/comment/:comment', (context) => changeComment(site, context));
  app.delete('/rest/api/3/issue/:issue/comment/:comment', (context) => removeComment(site, context));
  app.post('/rest/api/3/comment/list', (context) => listByIds(site, context));
  app.get('/rest/api/3/comment/:comment/properties/:key', (context) => readProperty(site, context));
  app.put('/rest/api/3/comment/:comment/properties/:key', (context) => writeProperty(site, context));
  app.delete('/rest/api/3/comment/:comment/properties/:key', (context) => removeProperty(site, context));
}

/** Comments are shown without their properties, unless `expand=properties` asks for them where that is understood. */
function view(site: Site, context: JiraContext, place: CommentPlace): object {
  const properties = queryList(context, 'expand').includes('properties');
  return commentView(site, { ...place, viewer: viewerOf(context) }, { properties });
}

function listComments(site: Site, context: JiraContext): Response {
  const { account } = context.var;
  const issue = requireIssue(site.world, account, pathParameter(context, 'issue'));
  const visible = issue.comments.filter((comment) => canSeeComment(account, comment));
  const sorted = context.req.query('orderBy') === '-created' ? visible.toReversed() : visible;
  const page = pageOf(context, sorted, { usual: 100, maximum: 100 });
  const comments = page.items.map((comment) =>
    commentView(site, { issue, comment, viewer: viewerOf(context) }, { properties: false }),
  );
  return context.json({ startAt: page.startAt, maxResults: page.maxResults, total: page.total, comments });
}

async function createComment(site: Site, context: JiraContext): Promise<Response> {
  const { account } = context.var;
  const issue = requireIssue(site.world, account, pathParameter(context, 'issue'));
  const input = await readJson(context, commentSchema);
  if (!hasPermission(account, 'ADD_COMMENTS', projectOf(site.world, issue))) {
    throw new JiraProblem(400, `${account.displayName}, you do not have the permission to comment on this issue.`);
  }
  const body = readBody(site, input.body, undefined);
  const content = {
    by: account.accountId,
    body,
    visibility: readVisibility(input.visibility),
    properties: checkedProperties(input.properties),
  };
  if (issue.comments.length >= site.limits.commentsPerIssue) {
    throw new JiraProblem(413, `The issue has reached the limit of ${site.limits.commentsPerIssue} comments.`);
  }
  return context.json(view(site, context, addComment(site.world, issue, content)), 201);
}

function readBody(site: Site, value: unknown, before: AdfDocument | undefined): AdfDocument {
  const body = checkBody(site.world, value, { field: 'comment', knownMedia: mediaIdsOf(before ?? null) });
  if ((body.content ?? []).length === 0) throw invalidField('comment', 'Comment body can not be empty!');
  return body;
}

function readVisibility(given: z.output<typeof commentSchema>['visibility']): VisibilityRecord | undefined {
  const value = given?.value ?? given?.identifier ?? undefined;
  return given === undefined || given === null || value === undefined ? undefined : { type: given.type, value };
}

function requireComment(site: Site, context: JiraContext): CommentPlace {
  const { account } = context.var;
  const issue = requireIssue(site.world, account, pathParameter(context, 'issue'));
  const id = pathParameter(context, 'comment');
  const comment = issue.comments.find((candidate) => candidate.id === id && canSeeComment(account, candidate));
  if (comment === undefined) throw new JiraProblem(404, `Can not find a comment for the id: ${id}.`);
  return { issue, comment };
}

/** Properties that the request does not name stay as they are; a visibility that it leaves out stays too. */
async function changeComment(site: Site, context: JiraContext): Promise<Response> {
  const { account } = context.var;
  const { issue, comment } = requireComment(site, context);
  const input = await readJson(context, commentSchema);
  const permission = { authorId: comment.authorId, own: 'EDIT_OWN_COMMENTS', all: 'EDIT_ALL_COMMENTS' } as const;
  if (!mayChangeItem(account, projectOf(site.world, issue), permission)) {
    throw new JiraProblem(400, 'You do not have the permission to edit this comment.');
  }
  const body = readBody(site, input.body, comment.body);
  const visibility = input.visibility === undefined ? comment.visibility : readVisibility(input.visibility);
  const properties = new Map([...comment.properties, ...checkedProperties(input.properties)]);
  const content = { body, visibility, properties };
  const edit = { by: account.accountId, content, touchesIssue: site.commentEditsTouchIssue };
  return context.json(view(site, context, { issue, comment: editComment(site.world, { issue, comment }, edit) }));
}

function removeComment(site: Site, context: JiraContext): Response {
  const { account } = context.var;
  const { issue, comment } = requireComment(site, context);
  const permission = { authorId: comment.authorId, own: 'DELETE_OWN_COMMENTS', all: 'DELETE_ALL_COMMENTS' } as const;
  if (!mayChangeItem(account, projectOf(site.world, issue), permission)) {
    throw new JiraProblem(400, 'You do not have the permission to delete this comment.');
  }
  deleteComment(site.world, { issue, comment }, account.accountId);
  return context.body(null, 204);
}

function findComment(site: Site, context: JiraContext, id: string): CommentPlace | undefined {
  const { account } = context.var;
  for (const issue of site.world.issues.values()) {
    const comment = issue.comments.find((candidate) => candidate.id === id);
    if (comment !== undefined) {
      return canSeeIssue(site.world, account, issue) && canSeeComment(account, comment) ? { issue, comment } : undefined;
    }
  }
  return undefined;
}

/** Those of the ids that exist and can be seen; about the others it says nothing. */
async function listByIds(site: Site, context: JiraContext): Promise<Response> {
  const { ids } = await readJson(context, z.strictObject({ ids: z.array(z.int()) }));
  if (ids.length === 0 || ids.length > listedAtOnceMax) {
    throw new JiraProblem(400, `Between 1 and ${listedAtOnceMax} comments can be listed at once.`);
  }
  const items = [...new Set(ids)].map((id) => findComment(site, context, String(id))).filter((place) => place !== undefined);
  const page: Page<CommentPlace> = { startAt: 0, maxResults: listedAtOnceMax, total: items.length, items };
  return context.json(pageBean(page, `${context.var.base}/rest/api/3/comment/list`, (place) => view(site, context, place)));
}

function requireCommentById(site: Site, context: JiraContext): CommentPlace {
  const id = pathParameter(context, 'comment');
  const place = findComment(site, context, id);
  if (place === undefined) throw new JiraProblem(404, `Can not find a comment for the id: ${id}.`);
  return place;
}

function readProperty(site: Site, context: JiraContext): Response {
  const { comment } = requireCommentById(site, context);
  const key = pathParameter(context, 'key');
  if (!comment.properties.has(key)) throw new JiraProblem(404, `The property with key '${key}' does not exist.`);
  return context.json({ key, value: comment.properties.get(key) });
}

/** @throws JiraProblem 403 */
function requireEditable(site: Site, context: JiraContext, place: CommentPlace): void {
  const permission = { authorId: place.comment.authorId, own: 'EDIT_OWN_COMMENTS', all: 'EDIT_ALL_COMMENTS' } as const;
  if (mayChangeItem(context.var.account, projectOf(site.world, place.issue), permission)) return;
  throw new JiraProblem(403, 'You do not have the permission to edit this comment.');
}

function removeProperty(site: Site, context: JiraContext): Response {
  const place = requireCommentById(site, context);
  const key = pathParameter(context, 'key');
  requireEditable(site, context, place);
  if (!place.comment.properties.has(key)) throw new JiraProblem(404, `The property with key '${key}' does not exist.`);
  setCommentProperty(site.world, place.issue, { comment: place.comment, key, value: undefined });
  return context.body(null, 204);
}

async function writeProperty(site: Site, context: JiraContext): Promise<Response> {
  const place = requireCommentById(site, context);
  const key = pathParameter(context, 'key');
  const value = await readJson(context, z.unknown());
  checkProperty(key, value);
  requireEditable(site, context, place);
  const isNew = !place.comment.properties.has(key);
  setCommentProperty(site.world, place.issue, { comment: place.comment, key, value });
  return context.json({}, isNew ? 201 : 200);
}
