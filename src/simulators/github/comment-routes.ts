import { z } from 'zod';
import { json, listAnswer, notFound, readBody, sinceOf } from './answers.ts';
import { requireEditOf, requireIssueRead, requireIssueWrite } from './auth.ts';
import type { Comment, Repository } from './data.ts';
import { findIssue } from './issue-routes.ts';
import { addComment, deleteComment, editComment } from './issues.ts';
import { withMedia } from './media.ts';
import { enter } from './routing.ts';
import type { Api, RouteContext, RouteParts } from './routing.ts';
import { commentShape, repositoryUrlById } from './schema-shapes.ts';

const commentBody = z.object({ body: z.string() });

export function addCommentRoutes(api: Api, { world }: RouteParts): void {
  const show = (context: RouteContext, repository: Repository, comment: Comment): Record<string, unknown> =>
    withMedia(world, context.req.header('accept'), commentShape(world, repository, comment));

  api.get('/repos/:owner/:repo/issues/comments', (context) => {
    const { caller, repository, url } = enter(world, context);
    requireIssueRead(repository, caller);
    return listAnswer(listComments(repository, url.searchParams), url, {
      base: `${repositoryUrlById(world, repository.id)}/issues/comments`,
      show: (comment) => show(context, repository, comment),
    });
  });
  api.get('/repos/:owner/:repo/issues/comments/:id{[0-9]+}', (context) => {
    const { caller, repository } = enter(world, context);
    requireIssueRead(repository, caller);
    return json(show(context, repository, commentOf(context, repository)));
  });
  api.patch('/repos/:owner/:repo/issues/comments/:id{[0-9]+}', async (context) => {
    const { caller, repository } = enter(world, context);
    const comment = commentOf(context, repository);
    const user = requireIssueWrite(repository, caller);
    requireEditOf(comment.user, caller, { repository, role: 'write' });
    const { body } = await readBody(context.req.raw, commentBody);
    editComment(world, repository, { comment, user, body });
    return json(show(context, repository, comment));
  });
  api.delete('/repos/:owner/:repo/issues/comments/:id{[0-9]+}', (context) => {
    const { caller, repository } = enter(world, context);
    const comment = commentOf(context, repository);
    requireIssueWrite(repository, caller);
    requireEditOf(comment.user, caller, { repository, role: 'write' });
    deleteComment(world, repository, comment);
    return new Response(null, { status: 204 });
  });
  api.get('/repos/:owner/:repo/issues/:number{[0-9]+}/comments', (context) => {
    const { caller, repository, url } = enter(world, context);
    requireIssueRead(repository, caller);
    const issue = findIssue(world, repository, Number(context.req.param('number')));
    const since = sinceOf(url.searchParams);
    const comments = issue.commentIds.flatMap((id) => repository.comments.get(id) ?? []);
    return listAnswer(
      comments.filter(({ updatedAt }) => since === undefined || updatedAt >= since),
      url,
      {
        base: `${repositoryUrlById(world, repository.id)}/issues/${issue.number}/comments`,
        show: (comment) => show(context, repository, comment),
      },
    );
  });
  api.post('/repos/:owner/:repo/issues/:number{[0-9]+}/comments', async (context) => {
    const { caller, repository } = enter(world, context);
    const issue = findIssue(world, repository, Number(context.req.param('number')));
    const user = requireIssueWrite(repository, caller);
    const { body } = await readBody(context.req.raw, commentBody);
    const comment = addComment(world, repository, { issue, user, body });
    const shape = show(context, repository, comment);
    return json(shape, 201, { location: String(shape['url']) });
  });
}

function commentOf(context: RouteContext, repository: Repository): Comment {
  const comment = repository.comments.get(Number(context.req.param('id')));
  if (comment === undefined) throw notFound();
  return comment;
}

/** All comments of the repository by their own times. Without `sort` the direction is ignored, as documented. */
function listComments(repository: Repository, query: URLSearchParams): readonly Comment[] {
  const since = sinceOf(query);
  const sort = query.get('sort');
  const key = (comment: Comment): number => (sort === 'updated' ? comment.updatedAt : comment.createdAt);
  const sign = sort !== null && query.get('direction') !== 'asc' ? -1 : 1;
  const found = [...repository.comments.values()].filter(
    ({ updatedAt }) => since === undefined || updatedAt >= Math.floor(since / 1000) * 1000,
  );
  return found.toSorted((a, b) => sign * (key(a) - key(b) || a.id - b.id));
}
