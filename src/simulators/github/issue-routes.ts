import { z } from 'zod';
import { apiError, json, listAnswer, notFound, readBody, sinceOf } from './answers.ts';
import { mayLabel, maySetType, requireEditOf, requireIssueRead, requireIssueWrite } from './auth.ts';
import type { Caller } from './auth.ts';
import type { Comment, Issue, Repository, World } from './data.ts';
import { createIssue, setLabels, updateIssue } from './issues.ts';
import { withMedia } from './media.ts';
import { enter } from './routing.ts';
import type { Api, RouteContext, RouteParts } from './routing.ts';
import { commentShape, eventShape, issueShape, labelShape, repositoryUrlById, userShape } from './schema-shapes.ts';

const labelName = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const typeName = z.union([z.string(), z.object({ value: z.string().nullable() }).transform(({ value }) => value)]).nullable();
const title = z.union([z.string(), z.number().transform(String)]);
const createBody = z.object({
  title,
  body: z.string().nullable().optional(),
  labels: z.array(labelName).optional(),
  type: typeName.optional(),
});
const updateBody = z.object({
  title: title.nullable().optional(),
  body: z.string().nullable().optional(),
  labels: z.array(labelName).optional(),
  type: typeName.optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.string().nullable().optional(),
});
const labelsBody = z.object({ labels: z.array(labelName).optional() });

/**
 * The issue that a path names.
 *
 * @throws ApiError 410 or 404 for deleted ones, 301 with `location` for transferred ones, 404 for numbers never used
 */
export function findIssue(world: World, repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue) return issue;
  const gone = repository.gone.get(number);
  if (gone?.kind === 'deleted' && gone.status === 410) throw apiError(410, 'This issue was deleted');
  if (gone?.kind === 'transferred') {
    const url = `${repositoryUrlById(world, gone.repositoryId)}/issues/${gone.number}`;
    throw movedPermanently(url);
  }
  throw notFound();
}

function movedPermanently(url: string): Error {
  return apiError(301, 'Moved Permanently', { location: url });
}

export function addIssueRoutes(api: Api, { world }: RouteParts): void {
  const show = (context: RouteContext, repository: Repository, issue: Issue): Record<string, unknown> =>
    withMedia(world, context.req.header('accept'), issueShape(world, repository, issue));
  const issueOf = (context: RouteContext): { caller: Caller; repository: Repository; url: URL; issue: Issue } => {
    const entered = enter(world, context);
    requireIssueRead(entered.repository, entered.caller);
    return { ...entered, issue: findIssue(world, entered.repository, Number(context.req.param('number'))) };
  };

  api.get('/repos/:owner/:repo/issues', (context) => {
    const { caller, repository, url } = enter(world, context);
    requireIssueRead(repository, caller);
    return listAnswer(listIssues(repository, url.searchParams), url, {
      base: `${repositoryUrlById(world, repository.id)}/issues`,
      show: (issue) => show(context, repository, issue),
    });
  });
  api.post('/repos/:owner/:repo/issues', async (context) => {
    const { caller, repository } = enter(world, context);
    const user = requireIssueWrite(repository, caller);
    if (!repository.hasIssues) throw apiError(410, 'Issues has been disabled in this repository.');
    const body = await readBody(context.req.raw, createBody);
    const issue = createIssue(world, repository, {
      user,
      title: body.title,
      body: body.body ?? null,
      type: maySetType(repository, caller) ? body.type : undefined,
      labels: mayLabel(repository, caller) ? body.labels : undefined,
    });
    const shape = show(context, repository, issue);
    return json(shape, 201, { location: String(shape['url']) });
  });
  api.get('/repos/:owner/:repo/issues/:number{[0-9]+}', (context) => {
    const { repository, issue } = issueOf(context);
    return json(show(context, repository, issue));
  });
  api.patch('/repos/:owner/:repo/issues/:number{[0-9]+}', async (context) => {
    const { caller, repository, issue } = issueOf(context);
    const user = requireIssueWrite(repository, caller);
    requireEditOf(issue.user, caller, { repository, role: 'triage' });
    const body = await readBody(context.req.raw, updateBody);
    const patch = {
      title: body.title ?? undefined,
      body: body.body,
      type: maySetType(repository, caller) ? body.type : undefined,
      labels: mayLabel(repository, caller) ? body.labels : undefined,
      state: body.state,
      stateReason: body.state_reason,
    };
    updateIssue(world, repository, { issue, user, patch });
    return json(show(context, repository, issue));
  });
  addIssueLabelRoutes(api, world, issueOf);
  addEventRoutes(api, world, issueOf);
}

type IssueOf = (context: RouteContext) => { caller: Caller; repository: Repository; url: URL; issue: Issue };

function addIssueLabelRoutes(api: Api, world: World, issueOf: IssueOf): void {
  api.get('/repos/:owner/:repo/issues/:number{[0-9]+}/labels', (context) => {
    const { repository, issue, url } = issueOf(context);
    const base = `${repositoryUrlById(world, repository.id)}/issues/${issue.number}/labels`;
    return listAnswer(issue.labels, url, { base, show: (label) => labelShape(world, repository, label) });
  });
  api.post('/repos/:owner/:repo/issues/:number{[0-9]+}/labels', async (context) => {
    const { caller, repository, issue } = issueOf(context);
    const user = requireIssueWrite(repository, caller);
    if (!mayLabel(repository, caller)) throw apiError(403, 'Must have admin rights to Repository.');
    const body = await readBody(context.req.raw, labelsBody);
    const names = [...issue.labels.map(({ name }) => name), ...(body.labels ?? [])];
    setLabels(world, repository, { issue, user, names });
    return json(issue.labels.map((label) => labelShape(world, repository, label)));
  });
  api.delete('/repos/:owner/:repo/issues/:number{[0-9]+}/labels/:name', (context) => {
    const { caller, repository, issue } = issueOf(context);
    const user = requireIssueWrite(repository, caller);
    if (!mayLabel(repository, caller)) throw apiError(403, 'Must have admin rights to Repository.');
    const name = context.req.param('name').toLowerCase();
    const left = issue.labels.map((label) => label.name).filter((label) => label.toLowerCase() !== name);
    if (left.length === issue.labels.length) throw apiError(404, 'Label does not exist');
    setLabels(world, repository, { issue, user, names: left });
    return json(issue.labels.map((label) => labelShape(world, repository, label)));
  });
}

function addEventRoutes(api: Api, world: World, issueOf: IssueOf): void {
  api.get('/repos/:owner/:repo/issues/:number{[0-9]+}/events', (context) => {
    const { repository, issue, url } = issueOf(context);
    const base = `${repositoryUrlById(world, repository.id)}/issues/${issue.number}/events`;
    return listAnswer(issue.events, url, { base, show: (event) => eventShape(world, repository, event) });
  });
  api.get('/repos/:owner/:repo/issues/:number{[0-9]+}/timeline', (context) => {
    const { repository, issue, url } = issueOf(context);
    const comments = issue.commentIds.flatMap((id) => repository.comments.get(id) ?? []);
    const entries = [
      ...issue.events.map((event) => ({ at: event.at, id: event.id, shape: eventShape(world, repository, event) })),
      ...comments.map((comment) => ({
        at: comment.createdAt,
        id: comment.id,
        shape: timelineComment(world, repository, comment),
      })),
    ].toSorted((a, b) => a.at - b.at || a.id - b.id);
    const base = `${repositoryUrlById(world, repository.id)}/issues/${issue.number}/timeline`;
    return listAnswer(entries, url, { base, show: ({ shape }) => shape });
  });
  api.get('/repos/:owner/:repo/issues/events', (context) => {
    const { caller, repository, url } = enter(world, context);
    requireIssueRead(repository, caller);
    const all = [...repository.issues.values()].flatMap((issue) => issue.events.map((event) => ({ event, issue })));
    const newestFirst = all.toSorted((a, b) => b.event.id - a.event.id);
    return listAnswer(newestFirst, url, {
      base: `${repositoryUrlById(world, repository.id)}/issues/events`,
      show: ({ event, issue }) => ({ ...eventShape(world, repository, event), issue: issueShape(world, repository, issue) }),
    });
  });
}

function timelineComment(world: World, repository: Repository, comment: Comment): Record<string, unknown> {
  return { ...commentShape(world, repository, comment), event: 'commented', actor: userShape(world, comment.user) };
}

/** @throws ApiError 422 for a `since` that is no time */
function listIssues(repository: Repository, query: URLSearchParams): readonly Issue[] {
  const state = query.get('state') ?? 'open';
  const since = sinceOf(query);
  const creator = query.get('creator')?.toLowerCase();
  const labels = (query.get('labels') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const type = query.get('type')?.toLowerCase();
  const matches = (issue: Issue): boolean =>
    (state === 'all' || issue.state === state) &&
    // Whole seconds on both sides, and the bound belongs to the answer.
    (since === undefined || issue.updatedAt >= Math.floor(since / 1000) * 1000) &&
    (creator === undefined || issue.user.login.toLowerCase() === creator) &&
    labels.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name)) &&
    (type === undefined || (type === '*' ? issue.type !== undefined : (issue.type?.name.toLowerCase() ?? 'none') === type)) &&
    (repository.hasIssues || issue.isPullRequest);
  const key = sortKey(query.get('sort') ?? 'created');
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  const found = [...repository.issues.values()].filter(matches);
  return found.toSorted((a, b) => sign * (key(a) - key(b) || a.number - b.number));
}

function sortKey(sort: string): (issue: Issue) => number {
  if (sort === 'updated') return (issue) => issue.updatedAt;
  if (sort === 'comments') return (issue) => issue.commentIds.length;
  return (issue) => issue.createdAt;
}
