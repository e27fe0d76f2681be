import type { Author } from '../../core/model.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { kindOf, messageOf, SallyportError } from '../../errors.ts';
import type { Check } from '../side.ts';
import { readAccount } from './account.ts';
import type { GitHubAddresses } from './addresses.ts';
import { answerError, isPage, messageIn } from './api-errors.ts';
import type { GitHubAnswer, GitHubApi } from './github-api.ts';
import { createGitHubApi, parseAnswer } from './github-api.ts';
import { readIssueTypes } from './issue-types.ts';
import type { RepositoryName } from './repository.ts';
import { pathOf } from './repository.ts';
import { issuesSchema, repositorySchema } from './schemas.ts';
import type { GitHubRepository } from './schemas.ts';

/** What accept and sync find out about a repository, beside the checks shown to the admin. */
export interface RepositoryFacts {
  /** Immutable; the connection's fingerprint of its destination. */
  readonly repositoryId: number;
  readonly fullName: string;
  readonly url: string;
  readonly isPrivate: boolean;
  /** `private`, `internal` or `public`. */
  readonly visibility: string;
  readonly account: Author;
  /** Issue types where there are any, else labels stand for types. */
  readonly types: 'issue-types' | 'labels';
  readonly typeNames: readonly string[];
}

export interface Inspection {
  readonly checks: readonly Check[];
  readonly facts: RepositoryFacts;
}

export interface InspectOptions {
  readonly gateway: Gateway;
  readonly addresses: GitHubAddresses;
  readonly repository: RepositoryName;
  readonly token: () => Promise<string>;
  readonly attachments: 'repository' | 'list-only';
  readonly attachmentsRepository?: RepositoryName;
  /** Of the app whose installation the token belongs to. */
  readonly appSlug?: string;
  /** Where checks are noted one by one, for a caller who wants them also where something throws. */
  readonly checks?: Check[];
}

/**
 * Checks the private tracker: it answers, the credentials work, the repository is there and takes issues, the account may
 * write, where types and files go. Reads only.
 *
 * @throws SallyportError for what leaves nothing else to be told: `host`, `passing` and `answer` where the tracker does not
 * answer as it should, `permission` where the token is not taken, `configuration` where a repository is not there.
 */
export async function inspectRepository(options: InspectOptions): Promise<Inspection> {
  const api = createGitHubApi(options);
  const checks = options.checks ?? [];
  const passed = (name: string, detail: string): void => void checks.push({ name, outcome: 'passed', detail, next: undefined });
  const account = await readAccount(api, options.appSlug);
  passed('credentials', `works as ${account.displayName}`);
  const repository = await readRepository(api, options.repository, 'project');
  passed('repository', `${repository.full_name} (${visibilityOf(repository)})`);
  checks.push(issuesEnabled(repository), notArchived(repository));
  if (repository.has_issues)
    await attempt(checks, 'read issues', {
      read: () => readIssues(api, options.repository),
      detailOf: () => 'issues can be read',
    });
  const writable = issuesWritable(repository, account);
  checks.push(
    writable,
    ...(await checkFiles(api, { options, repository, account, mayWriteIssues: writable.outcome !== 'failed' })),
  );
  const typeNames = await attempt(checks, 'issue types', {
    read: async () => (await readIssueTypes(api, options.repository, 'control')) ?? [],
    detailOf: (names) => (names.length > 0 ? names.join(', ') : 'none here: labels such as "type: Bug" stand for them'),
  });
  return { checks, facts: factsOf(repository, account, typeNames ?? []) };
}

function factsOf(repository: GitHubRepository, account: Author, typeNames: readonly string[]): RepositoryFacts {
  return {
    repositoryId: repository.id,
    fullName: repository.full_name,
    url: repository.html_url,
    isPrivate: repository.private,
    visibility: visibilityOf(repository),
    account,
    types: typeNames.length > 0 ? 'issue-types' : 'labels',
    typeNames,
  };
}

/** Runs one reading and notes its check; a refusal of this very thing is the check's detail, anything else is thrown. */
async function attempt<T>(
  checks: Check[],
  name: string,
  { read, detailOf }: { readonly read: () => Promise<T>; readonly detailOf: (value: T) => string },
): Promise<T | undefined> {
  try {
    const value = await read();
    checks.push({ name, outcome: 'passed', detail: detailOf(value), next: undefined });
    return value;
  } catch (error) {
    // A token or host that fails here fails everywhere: the checks that follow would say the same again.
    if (!['permission', 'gone', 'refused'].includes(kindOf(error)) || statusOf(error) === 401) throw error;
    checks.push({ name, outcome: 'failed', detail: messageOf(error), next: undefined });
    return undefined;
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof SallyportError ? error.status : undefined;
}

/** @throws SallyportError with a message of its own for each way in which the repository that an input names cannot be reached. */
async function readRepository(
  api: GitHubApi,
  repository: RepositoryName,
  input: 'project' | 'attachments-repository',
): Promise<GitHubRepository> {
  const name = `${repository.owner}/${repository.name}`;
  const what = `the repository ${name}`;
  const host = new URL(api.addresses.apiUrl).host;
  const answer = await api.send('GET /repos/{owner}/{repo}', pathOf(repository), { purpose: 'control', what });
  throwUnreachable(answer, { name, host, input });
  return parseAnswer(answer, repositorySchema, { what, host, isRead: true });
}

function throwUnreachable(
  answer: GitHubAnswer,
  wanted: { readonly name: string; readonly host: string; readonly input: string },
): void {
  const { status } = answer;
  const { name, host, input } = wanted;
  const context = { what: `the repository ${name}`, host, isRead: true };
  if (isPage(answer)) throw answerError(answer, context);
  if (status === 404) {
    throw new SallyportError(
      `${input}: ${host} shows no repository ${name} to this token: it is not there, or the token cannot see it. Check the name and the token's access; a job's own token serves only its own repository.`,
      { kind: 'configuration', status },
    );
  }
  if (status === 403) {
    throw new SallyportError(
      `${host} refuses ${name} to this token (${messageIn(answer)}): single sign-on may have to be authorised for it, or an IP allow list stands in the way.`,
      { kind: 'permission', status },
    );
  }
  if (status >= 300) throw answerError(answer, context);
}

/** The roles that the account has in the repository (`pull`, `push`, …), sorted; none where GitHub does not tell. */
export async function readPermissions(api: GitHubApi, repository: RepositoryName): Promise<readonly string[]> {
  const { permissions } = await readRepository(api, repository, 'project');
  return Object.entries(permissions ?? {})
    .filter(([, has]) => has === true)
    .map(([role]) => role)
    .toSorted();
}

async function readIssues(api: GitHubApi, repository: RepositoryName): Promise<void> {
  await api.read(
    'GET /repos/{owner}/{repo}/issues',
    { ...pathOf(repository), state: 'all', per_page: 1 },
    { purpose: 'control', what: 'the issues', schema: issuesSchema },
  );
}

function issuesEnabled(repository: GitHubRepository): Check {
  const name = 'issues enabled';
  if (repository.has_issues) return { name, outcome: 'passed', detail: 'issues are enabled', next: undefined };
  return {
    name,
    outcome: 'failed',
    detail: `issues are disabled in ${repository.full_name}`,
    next: "Enable them in the repository's settings.",
  };
}

function notArchived(repository: GitHubRepository): Check {
  const name = 'not archived';
  if (!repository.archived) return { name, outcome: 'passed', detail: 'the repository can be written', next: undefined };
  return {
    name,
    outcome: 'failed',
    detail: `${repository.full_name} is archived and cannot be written`,
    next: "Unarchive it in the repository's settings.",
  };
}

/**
 * `permissions` is the role of a user in the repository; of an app's or job's token it tells nothing about issues, and
 * nothing short of writing would. Creating an issue needs reading alone, editing other people's needs triage.
 */
function issuesWritable(repository: GitHubRepository, account: Author): Check {
  const name = 'issues: write';
  const role = repository.permissions;
  if (role?.admin === true || role?.maintain === true || role?.push === true) {
    return { name, outcome: 'passed', detail: `${account.displayName} has push access`, next: undefined };
  }
  if (account.displayName.endsWith('[bot]') || role === undefined) {
    return {
      name,
      outcome: 'warning',
      detail: `cannot be told for ${account.displayName} without writing`,
      next: 'Make sure that the job or app has the permission issues: write.',
    };
  }
  if (role.triage === true) {
    return {
      name,
      outcome: 'warning',
      detail: `${account.displayName} has triage access: it can neither edit people's texts nor set issue types`,
      next: 'Grant it write access.',
    };
  }
  return {
    name,
    outcome: 'failed',
    detail: `${account.displayName} may not write issues of ${repository.full_name}`,
    next: 'Grant it write access, or give a token of an account that has it.',
  };
}

async function checkFiles(
  api: GitHubApi,
  parts: {
    readonly options: InspectOptions;
    readonly repository: GitHubRepository;
    readonly account: Author;
    readonly mayWriteIssues: boolean;
  },
): Promise<readonly Check[]> {
  const { options, account } = parts;
  const name = 'attachments';
  if (options.attachments === 'list-only') {
    return [{ name, outcome: 'passed', detail: 'files are listed with links only', next: undefined }];
  }
  const other = options.attachmentsRepository;
  // The same lack of the same account was just told of the issues.
  if (other === undefined) return parts.mayWriteIssues ? [filesWritable(name, parts.repository, account)] : [];
  const target = await readRepository(api, other, 'attachments-repository');
  return [
    {
      name: 'attachments repository',
      outcome: 'passed',
      detail: `${target.full_name} (${visibilityOf(target)})`,
      next: undefined,
    },
    filesWritable(name, target, account),
  ];
}

function filesWritable(name: string, target: GitHubRepository, account: Author): Check {
  if (target.permissions?.push === true || target.permissions?.admin === true) {
    return { name, outcome: 'passed', detail: `files go to a branch of ${target.full_name}`, next: undefined };
  }
  if (account.displayName.endsWith('[bot]') || target.permissions === undefined) {
    return {
      name,
      outcome: 'warning',
      detail: `cannot be told for ${account.displayName} without writing`,
      next: 'Make sure that the job or app has the permission contents: write, or set attachments: list-only.',
    };
  }
  return {
    name,
    outcome: 'failed',
    detail: `${account.displayName} may not write files to ${target.full_name}`,
    next: 'Grant it write access, name another attachments-repository, or set attachments: list-only.',
  };
}

function visibilityOf(repository: GitHubRepository): string {
  return repository.visibility ?? (repository.private ? 'private' : 'public');
}
