import type { Purpose } from '../../gateway/gateway.ts';
import type { Unreadable } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { GitHubAnswer, GitHubApi } from './github-api.ts';
import { parseAnswer } from './github-api.ts';
import { answerError, isPage } from './api-errors.ts';
import type { AskedFor } from './api-errors.ts';
import type { RepositoryName } from './repository.ts';
import { pathOf } from './repository.ts';
import { issueSchema, issuesSchema, repositorySchema } from './schemas.ts';
import type { GitHubComment, GitHubIssue } from './schemas.ts';

/** An issue as it was last read, with the server's time of that reading. */
export interface ReadIssue {
  readonly issue: GitHubIssue;
  readonly readAt: number | undefined;
}

/** What reading one issue by its number told. */
export type IssueLookup =
  | { readonly kind: 'present'; readonly read: ReadIssue }
  | { readonly kind: 'gone' }
  | { readonly kind: 'moved'; readonly to: string }
  | Unreadable;

/** Reads issues of one repository and remembers those read since the last observation began. */
export interface IssueReading {
  readonly api: GitHubApi;
  readonly repository: RepositoryName;
  /** Forgets everything: a new observation begins. */
  forget(): void;
  forgetOne(id: string): void;
  remember(issue: GitHubIssue, readAt: number | undefined): void;
  recall(id: string): ReadIssue | undefined;
  /** Remembers what GraphQL knows comments by; it never changes, so a new observation does not forget it. */
  rememberComments(comments: readonly GitHubComment[]): void;
  commentNode(commentId: string): string | undefined;
  /** Reads one issue now. Whatever concerns all of them (credentials, host) is thrown. */
  lookUp(id: string, purpose: Purpose): Promise<IssueLookup>;
  /** The issue read now, undefined if there is none here. */
  readOne(id: string, purpose: Purpose): Promise<GitHubIssue | undefined>;
  /** Why the repository's issues cannot be read at all, undefined if they can: a 404 on one of them then means something. */
  containerProblem(purpose: Purpose): Promise<string | undefined>;
}

export function createIssueReading(options: {
  readonly api: GitHubApi;
  readonly repository: RepositoryName & { readonly id?: number };
}): IssueReading {
  const { api, repository } = options;
  const recent = new Map<string, ReadIssue>();
  const commentNodes = new Map<string, string>();
  const lookUp = async (id: string, purpose: Purpose): Promise<IssueLookup> => {
    const found = await lookUpIssue({ api, repository, purpose }, id);
    if (found.kind === 'present') recent.set(id, found.read);
    return found;
  };
  return {
    api,
    repository,
    forget: () => recent.clear(),
    forgetOne: (id) => void recent.delete(id),
    remember: (issue, readAt) => void recent.set(String(issue.number), { issue, readAt }),
    recall: (id) => recent.get(id),
    rememberComments(comments) {
      for (const { id, node_id: nodeId } of comments) commentNodes.set(String(id), nodeId);
    },
    commentNode: (commentId) => commentNodes.get(commentId),
    lookUp,
    async readOne(id, purpose) {
      const found = await lookUp(id, purpose);
      if (found.kind === 'present') return found.read.issue;
      if (found.kind !== 'unreadable') return undefined;
      throw new SallyportError(`Issue #${id} cannot be read: ${found.reason}`, { kind: 'passing' });
    },
    containerProblem: (purpose) => containerProblem({ api, repository, purpose }),
  };
}

/** A passing failure is worth another try though nobody touches the issue: its change is listed once only. */
export function unreadableFor({ kind, message, retryAfterMs }: SallyportError): Unreadable {
  if (kind !== 'passing') return { kind: 'unreadable', reason: message };
  return { kind: 'unreadable', reason: message, isPassing: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

interface Place {
  readonly api: GitHubApi;
  readonly repository: RepositoryName & { readonly id?: number };
  readonly purpose: Purpose;
}

async function lookUpIssue(place: Place, id: string): Promise<IssueLookup> {
  const { api, repository, purpose } = place;
  const context = { what: `issue #${id}`, host: new URL(api.addresses.apiUrl).host, isRead: true };
  const answer = await api.send(
    'GET /repos/{owner}/{repo}/issues/{issue_number}',
    { ...pathOf(repository), issue_number: Number(id) },
    { purpose, what: context.what, redirect: 'manual' },
  );
  if (answer.status === 301 && answer.headers['location'] !== undefined) return whereTo(place, answer);
  if ((answer.status === 404 || answer.status === 410) && !isPage(answer)) {
    const problem = await containerProblem(place);
    if (problem === undefined) return { kind: 'gone' };
    return { kind: 'unreadable', reason: `${context.what} answered ${answer.status}, but ${problem}` };
  }
  if (answer.status === 401) throw answerError(answer, context);
  if (answer.status !== 200) return unreadableFor(answerError(answer, context));
  return { kind: 'present', read: { issue: parseAnswer(answer, issueSchema, context), readAt: answer.servedAt } };
}

/** A renamed repository redirects to itself by its id; anything else is another one. */
async function whereTo(place: Place, answer: GitHubAnswer): Promise<IssueLookup> {
  const location = answer.headers['location'] ?? '';
  const target = await place.api.follow(location, { purpose: place.purpose, what: 'a moved issue' });
  const parsed = target.status === 200 ? issueSchema.safeParse(target.data) : undefined;
  if (parsed?.success !== true) return { kind: 'moved', to: location };
  const targetRepository = /\/repositories\/(\d+)\/issues\/\d+$/.exec(location)?.[1];
  if (targetRepository !== undefined && Number(targetRepository) === (await ownId(place))) {
    return { kind: 'present', read: { issue: parsed.data, readAt: target.servedAt } };
  }
  return { kind: 'moved', to: parsed.data.html_url };
}

async function ownId({ api, repository, purpose }: Place): Promise<number> {
  if (repository.id !== undefined) return repository.id;
  const options = { purpose, what: 'the repository', schema: repositorySchema };
  return (await api.read('GET /repos/{owner}/{repo}', pathOf(repository), options)).id;
}

async function containerProblem({ api, repository, purpose }: Place): Promise<string | undefined> {
  const host = new URL(api.addresses.apiUrl).host;
  const what = 'the repository';
  const answer = await api.send('GET /repos/{owner}/{repo}', pathOf(repository), { purpose, what });
  throwPassing(answer, { what, host, isRead: true });
  const known = repositorySchema.safeParse(answer.data);
  if (answer.status !== 200 || !known.success) return `the repository answered ${answer.status}`;
  // Disabled issues answer 410 like deleted ones.
  if (!known.data.has_issues) return 'issues are disabled in the repository';
  const listing = await api.send(
    'GET /repos/{owner}/{repo}/issues',
    { ...pathOf(repository), state: 'all', per_page: 1 },
    { purpose, what: 'the issues' },
  );
  throwPassing(listing, { what: 'the issues', host, isRead: true });
  if (listing.status === 200 && issuesSchema.safeParse(listing.data).success) return undefined;
  return `the listing of issues answered ${listing.status}`;
}

/** What may be answered otherwise in a moment is no word about the repository. */
function throwPassing(answer: GitHubAnswer, context: AskedFor): void {
  if (answer.status < 300) return;
  const error = answerError(answer, context);
  if (error.kind === 'passing') throw error;
}
