import { z } from 'zod';
import type { Author } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import { isGitHubCom } from './addresses.ts';
import { answerError, isPage, messageIn } from './api-errors.ts';
import type { GitHubApi } from './github-api.ts';
import { parseAnswer } from './github-api.ts';
import { accountSchema } from './schemas.ts';

/** `github-actions[bot]` on github.com has had this id from the beginning; on a GHES it differs from server to server. */
const githubActionsBot: Author = { id: '41898282', displayName: 'github-actions[bot]', isConnection: true };

const viewerSchema = z.object({ data: z.object({ viewer: z.object({ login: z.string(), databaseId: z.number().nullish() }) }) });

/** Who a token is, as GraphQL tells it of tokens that `GET /user` refuses. */
export const viewerQuery = `query {
  viewer {
    login
    databaseId
  }
}`;

/**
 * The account that a token writes with. Tokens of apps and jobs may not ask `GET /user` ("Resource not accessible by
 * integration"); GraphQL's viewer tells it for them, and on github.com a job's account is known.
 *
 * @param appSlug of the app whose installation the token belongs to, if one does
 * @throws SallyportError `permission` if the token is not taken or its account cannot be found out.
 */
export async function readAccount(api: GitHubApi, appSlug?: string): Promise<Author> {
  const what = "the token's account";
  const host = new URL(api.addresses.apiUrl).host;
  const answer = await api.send('GET /user', {}, { purpose: 'control', what });
  if (answer.status === 200) {
    const user = parseAnswer(answer, accountSchema, { what, host, isRead: true });
    return { id: String(user.id), displayName: user.login, isConnection: true };
  }
  if (answer.status === 401 && !isPage(answer)) {
    throw new SallyportError(`${host} does not take tracker-token: it is wrong, expired or revoked. Make a new one.`, {
      kind: 'permission',
      status: 401,
    });
  }
  const isIntegration = answer.status === 403 && /not accessible by integration/i.test(messageIn(answer));
  if (!isIntegration || isPage(answer)) throw answerError(answer, { what, host, isRead: true });
  return integrationAccount(api, appSlug);
}

async function integrationAccount(api: GitHubApi, appSlug: string | undefined): Promise<Author> {
  const viewer = await readViewer(api);
  if (viewer !== undefined) return viewer;
  if (appSlug === undefined && isGitHubCom(api.addresses)) return githubActionsBot;
  const login = `${appSlug ?? 'github-actions'}[bot]`;
  const what = `the account ${login}`;
  const answer = await api.send('GET /users/{username}', { username: login }, { purpose: 'control', what });
  const user = answer.status === 200 ? accountSchema.safeParse(answer.data) : undefined;
  if (user?.success === true) return { id: String(user.data.id), displayName: user.data.login, isConnection: true };
  throw new SallyportError(
    `The account behind tracker-token could not be found out (${what} answered ${answer.status}). Give a token of a user or of an app installed in the repository.`,
    { kind: 'permission', status: answer.status },
  );
}

async function readViewer(api: GitHubApi): Promise<Author | undefined> {
  try {
    const { data } = await api.query(viewerQuery, {}, { purpose: 'control', what: "the token's account", schema: viewerSchema });
    if (data.viewer.databaseId == null) return undefined;
    return { id: String(data.viewer.databaseId), displayName: data.viewer.login, isConnection: true };
  } catch (error) {
    if (error instanceof SallyportError && ['answer', 'gone', 'refused', 'permission'].includes(error.kind)) return undefined;
    throw error;
  }
}
