import { findRepository } from './data.ts';
import type { Comment, Issue, Repository, User, World } from './data.ts';
import type { CommentView, IssueView, Place } from './people.ts';

/** Names to things, for the people API: a name that is not there is a mistake in the test. */

export function repositoryOf(world: World, name: string): Repository {
  const repository = findRepository(world, name);
  if (repository === undefined) throw new Error(`The simulator has no repository ${name}.`);
  return repository;
}

export function userOf(world: World, login: string): User {
  const user = world.users.get(login.toLowerCase());
  if (user === undefined) throw new Error(`The simulator has no user ${login}.`);
  return user;
}

export function issueOf(world: World, place: Omit<Place, 'as'>): { repository: Repository; issue: Issue } {
  const repository = repositoryOf(world, place.repository);
  const issue = repository.issues.get(place.number);
  if (issue === undefined) throw new Error(`The simulator has no issue ${place.repository}#${place.number}.`);
  return { repository, issue };
}

export function commentOf(world: World, place: { repository: string; id: number }): { repository: Repository; comment: Comment } {
  const repository = repositoryOf(world, place.repository);
  const comment = repository.comments.get(place.id);
  if (comment === undefined) throw new Error(`The simulator has no comment ${place.id} in ${place.repository}.`);
  return { repository, comment };
}

export function viewOf(repository: Repository, issue: Issue): IssueView {
  return {
    id: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    type: issue.type?.name,
    labels: issue.labels.map(({ name }) => name),
    state: issue.state,
    author: issue.user.login,
    isPullRequest: issue.isPullRequest,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    comments: issue.commentIds.flatMap((id) => repository.comments.get(id) ?? []).map(commentView),
    edits: [...issue.edits],
  };
}

export function commentView(comment: Comment): CommentView {
  const { id, issueNumber, body, createdAt, updatedAt } = comment;
  return { id, issueNumber, body, author: comment.user.login, createdAt, updatedAt, edits: [...comment.edits] };
}
