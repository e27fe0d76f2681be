import type { Purpose } from '../../gateway/gateway.ts';
import type { GitHubApi } from './github-api.ts';
import { parseAnswer } from './github-api.ts';
import type { RepositoryName } from './repository.ts';
import { pathOf } from './repository.ts';
import { issueTypesSchema } from './schemas.ts';

/**
 * The names of the enabled issue types: by the repository's endpoint, else by the organisation's. Undefined where there are
 * none: a person's repository, an organisation without types, a GHES that lacks both endpoints.
 */
export async function readIssueTypes(
  api: GitHubApi,
  repository: RepositoryName,
  purpose: Purpose,
): Promise<readonly string[] | undefined> {
  const what = 'the issue types';
  const host = new URL(api.addresses.apiUrl).host;
  const own = await api.send('GET /repos/{owner}/{repo}/issue-types', pathOf(repository), { purpose, what });
  const answer =
    own.status === 404 || own.status === 403
      ? await api.send('GET /orgs/{org}/issue-types', { org: repository.owner }, { purpose, what })
      : own;
  if (answer.status === 404 || answer.status === 403) return undefined;
  const types = parseAnswer(answer, issueTypesSchema, { what, host, isRead: true }) ?? [];
  const names = types.filter((type) => type.is_enabled !== false).map((type) => type.name);
  return names.length === 0 ? undefined : names;
}
