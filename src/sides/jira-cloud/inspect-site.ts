import {
  getAttachmentMeta,
  getCurrentUser,
  getIssueTypeSchemeForProjects,
  getProject,
  getServerInfo,
  searchAndReconsileIssuesUsingJqlPost,
  searchProjects,
} from 'jira.js/cloud';
import { z } from 'zod';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { discard, readJson } from '../../gateway/read-json.ts';
import type { Check } from '../side.ts';
import { lackingNames, permissionNames, readPermissions, wantedNames } from './access.ts';
import { createJiraApi } from './client.ts';
import type { JiraApi } from './client.ts';
import type { JiraSite } from './hosts.ts';
import { answerError } from '../jira/api-errors.ts';
import { parsed } from '../jira/answers.ts';
import { requireClosedJql } from '../jira/closed-jql.ts';
import type { JiraType } from '../jira/issue-type.ts';
import { projectSchema, searchSchema } from './schemas.ts';

/** What initiate finds out of a site; it goes into the record, so that the runner needs no admin rights. */
export interface SiteFacts {
  readonly apiUrl: string;
  readonly cloudId: string;
  readonly account: { readonly accountId: string; readonly displayName: string; readonly timeZone: string };
  readonly project: { readonly id: string; readonly key: string; readonly name: string };
  readonly types: readonly JiraType[];
  /** Of the project's issue type scheme; undefined where the account may not read it or none is set. */
  readonly defaultTypeName: string | undefined;
  readonly attachmentBytesMax: number;
}

export interface SiteInspection {
  readonly checks: readonly Check[];
  readonly facts: SiteFacts;
}

export interface InspectSiteOptions {
  readonly gateway: Gateway;
  readonly siteUrl: string;
  readonly email: string;
  readonly token: string;
  readonly projectKey: string;
  /** JQL to be tried, as it will be wrapped. */
  readonly trigger: string;
  readonly defaultTypeName: string | undefined;
  /** Where checks are noted one by one, for a caller who wants them also where something throws. */
  readonly checks?: Check[];
}

/** The gateway for scoped tokens and service accounts: `/ex/jira/<cloudId>`. */
export const gatewayOrigin = 'https://api.atlassian.com';

/**
 * Every check of initiate (connection.md). What makes a connection impossible is thrown with its own message; what only
 * narrows it comes as a warning.
 *
 * @throws SallyportError `configuration` for what the admin gave wrongly, `permission`, `host`, `answer` for what the site says.
 */
export async function inspectSite(options: InspectSiteOptions): Promise<SiteInspection> {
  const checks = options.checks ?? [];
  const passed = (name: string, detail: string): void => void checks.push({ name, outcome: 'passed', detail, next: undefined });
  const cloudId = await siteOf(options);
  passed('site', `${options.siteUrl} is Jira Cloud`);
  const { api, account } = await signIn(options, cloudId);
  passed('credentials', `work as ${account.displayName} through ${new URL(api.site.apiUrl).host}`);
  const project = await projectOf(api, options.projectKey);
  passed('project', `${project.key} (${project.name})`);
  checks.push(...(await checkPermissions(api, { project, account: account.displayName })));
  const types = project.issueTypes.filter((type) => !type.subtask);
  if (types.length === 0) {
    throw new SallyportError(
      `Project ${project.key} shows no issue type to the account; grant "Browse projects" and "Create issues".`,
      { kind: 'permission' },
    );
  }
  const defaultType = await defaultTypeOf(api, { project, given: options.defaultTypeName });
  checks.push(defaultType.check);
  const attachmentBytesMax = await attachmentLimit(api, checks);
  await checkTrigger(api, { project, trigger: options.trigger });
  passed('trigger', `project = ${project.id} AND (${options.trigger})`);
  const { issueTypes, ...named } = project;
  return {
    checks,
    facts: {
      apiUrl: api.site.apiUrl,
      cloudId,
      account,
      project: named,
      types: issueTypes,
      defaultTypeName: defaultType.name,
      attachmentBytesMax,
    },
  };
}

/** The site and the way on which the credentials work. @throws SallyportError as `inspectSite` does for these two. */
export async function reachSite(options: Credentials): Promise<{ api: JiraApi; account: z.infer<typeof meSchema> }> {
  return signIn(options, await siteOf(options));
}

type Credentials = Pick<InspectSiteOptions, 'gateway' | 'siteUrl' | 'email' | 'token'>;

const tenantSchema = z.object({ cloudId: z.string() });
const serverSchema = z.object({ deploymentType: z.string().optional() });

/** The public endpoint by which a site tells its cloud id; a Data Center or another server has none. */
async function siteOf(options: Credentials): Promise<string> {
  const { gateway, siteUrl } = options;
  const host = new URL(siteUrl).host;
  const response = await gateway.send({
    method: 'GET',
    url: `${siteUrl}/_edge/tenant_info`,
    retry: 'idempotent',
    purpose: 'control',
  });
  if (response.status === 200) return (await readJson(response, tenantSchema, `the site ${host}`)).cloudId;
  const failure = answerError(response, { what: 'the site itself', host, body: '', isWrite: false });
  await discard(response);
  if (failure.kind === 'passing') throw failure;
  const api = createJiraApi({ gateway, site: { siteUrl, apiUrl: siteUrl, email: options.email, token: options.token } });
  const server = serverSchema.safeParse(await getServerInfo(api.clientFor('control')).catch(() => undefined));
  const what = server.success
    ? `is Jira ${server.data.deploymentType ?? ''}, not Jira Cloud`
    : `does not answer like a Jira Cloud site (${response.status})`;
  throw new SallyportError(`jira-url: ${siteUrl} ${what}. Give the address of your site, such as https://acme.atlassian.net.`, {
    kind: 'configuration',
  });
}

const meSchema = z.object({ accountId: z.string(), displayName: z.string(), timeZone: z.string().catch('UTC') });

/** Unscoped tokens work on the site, scoped ones and service accounts only through the gateway host: the one that works is kept. */
async function signIn(options: Credentials, cloudId: string): Promise<{ api: JiraApi; account: z.infer<typeof meSchema> }> {
  const { gateway, siteUrl, email, token } = options;
  const isSimulated = new URL(siteUrl).protocol === 'http:';
  const apiUrls = [siteUrl, `${isSimulated ? siteUrl : gatewayOrigin}/ex/jira/${cloudId}`];
  let refused: unknown;
  for (const apiUrl of apiUrls) {
    const site: JiraSite = { siteUrl, apiUrl, email, token };
    const api = createJiraApi({ gateway, site });
    try {
      return { api, account: parsed(meSchema, await getCurrentUser(api.clientFor('control')), 'the account') };
    } catch (error) {
      // A page in place of the first host says nothing about the credentials.
      if (refused === undefined && kindOf(error) !== 'permission' && kindOf(error) !== 'gone') throw error;
      // Where a firewall lets nothing through to the second host, the first one's refusal is still the news.
      refused ??= error;
    }
  }
  throw new SallyportError(
    `jira-email and jira-token: ${new URL(siteUrl).host} does not accept them, and they did not work through ${new URL(gatewayOrigin).host} either. Check the e-mail, and that the token is not expired or revoked.`,
    { kind: 'permission', cause: refused, status: 401 },
  );
}

/** The account that credentials belong to. */
export async function currentAccountId(options: { readonly gateway: Gateway; readonly site: JiraSite }): Promise<string> {
  return parsed(meSchema, await getCurrentUser(createJiraApi(options).clientFor('control')), 'the account').accountId;
}

type Project = z.infer<typeof projectSchema>;

async function projectOf(api: JiraApi, key: string): Promise<Project> {
  try {
    return parsed(
      projectSchema,
      await getProject(api.clientFor('control'), { projectIdOrKey: key, expand: 'issueTypes' }),
      `project ${key}`,
    );
  } catch (error) {
    if (kindOf(error) !== 'gone') throw error;
    throw new SallyportError(
      `jira-project: there is no project ${key} on ${api.site.siteUrl} that the account may see. Check the key, or grant "Browse projects".`,
      {
        kind: 'configuration',
        cause: error,
      },
    );
  }
}

async function checkPermissions(api: JiraApi, subject: { project: Project; account: string }): Promise<readonly Check[]> {
  const { project, account } = subject;
  const held = await readPermissions(api, project.id);
  const missing = lackingNames(permissionNames, held);
  if (missing.length > 0) {
    throw new SallyportError(
      `Jira: ${account} lacks ${missing.join(', ')} in project ${project.key}. Grant it in the project's permission scheme.`,
      {
        kind: 'permission',
      },
    );
  }
  const wanted = lackingNames(wantedNames, held);
  if (wanted.length === 0) return [{ name: 'permissions', outcome: 'passed', detail: 'all there', next: undefined }];
  return [
    {
      name: 'permissions',
      outcome: 'warning',
      detail: `${account} lacks ${wanted.join(', ')}: an edit of a copied comment cannot come back to a comment of somebody else`,
      next: `Grant ${wanted.join(', ')} in project ${project.key}, or leave it so.`,
    },
  ];
}

const schemesSchema = z.object({
  values: z.array(z.object({ issueTypeScheme: z.object({ defaultIssueTypeId: z.string().optional() }) })).catch([]),
});

/** The default type needs Jira administration to be read; the input default-issue-type stands in for it. */
async function defaultTypeOf(
  api: JiraApi,
  subject: { project: Project; given: string | undefined },
): Promise<{ name: string | undefined; check: Check }> {
  const { project, given } = subject;
  const check = (outcome: Check['outcome'], detail: string, next?: string): Check => ({
    name: 'default issue type',
    outcome,
    detail,
    next,
  });
  if (given !== undefined) {
    const type = project.issueTypes.find(
      (candidate) => !candidate.subtask && candidate.name.toLowerCase() === given.toLowerCase(),
    );
    if (type !== undefined) return { name: type.name, check: check('passed', type.name) };
    const names = project.issueTypes.filter((candidate) => !candidate.subtask).map((candidate) => candidate.name);
    throw new SallyportError(`default-issue-type: project ${project.key} has no type ${given}; it has ${names.join(', ')}.`, {
      kind: 'configuration',
    });
  }
  try {
    const answer = await getIssueTypeSchemeForProjects(api.clientFor('control'), { projectId: [Number(project.id)] });
    const id = parsed(schemesSchema, answer, 'the issue type scheme').values[0]?.issueTypeScheme.defaultIssueTypeId;
    const type = project.issueTypes.find((candidate) => candidate.id === id);
    return { name: type?.name, check: check('passed', type?.name ?? 'none is set: Task, else the first type') };
  } catch (error) {
    if (kindOf(error) === 'passing' || kindOf(error) === 'host') throw error;
    return {
      name: undefined,
      check: check(
        'warning',
        'the account may not read the issue type scheme (it takes Jira administration): issues of other types become Task',
        'Give default-issue-type if they shall become another type.',
      ),
    };
  }
}

const attachmentMetaSchema = z.object({ enabled: z.boolean().catch(true), uploadLimit: z.number().optional() });

async function attachmentLimit(api: JiraApi, checks: Check[]): Promise<number> {
  try {
    const meta = parsed(attachmentMetaSchema, await getAttachmentMeta(api.clientFor('control')), 'the attachment settings');
    const bytes = meta.enabled ? meta.uploadLimit : 0;
    if (bytes === undefined) throw new SallyportError('Jira did not tell its limit of attachments.', { kind: 'answer' });
    checks.push({
      name: 'attachments',
      outcome: 'passed',
      detail: meta.enabled ? `up to ${Math.floor(bytes / 1_000_000)} MB` : 'switched off on this site',
      next: undefined,
    });
    return bytes;
  } catch (error) {
    checks.push({
      name: 'attachments',
      outcome: 'warning',
      detail: messageOf(error),
      next: 'Files are copied up to 10 MB until initiate can read the limit.',
    });
    return 10_000_000;
  }
}

async function checkTrigger(api: JiraApi, subject: { project: Project; trigger: string }): Promise<void> {
  requireClosedJql(subject.trigger, 'trigger');
  const jql = `project = ${subject.project.id} AND (${subject.trigger})`;
  try {
    parsed(
      searchSchema,
      await searchAndReconsileIssuesUsingJqlPost(api.clientFor('control'), { jql, maxResults: 1, fields: ['id'] }),
      'a search',
    );
  } catch (error) {
    if (kindOf(error) !== 'refused') throw error;
    throw new SallyportError(`trigger: Jira does not accept the JQL (${jql}): ${messageOf(error)} Mend it and try again.`, {
      kind: 'configuration',
      cause: error,
    });
  }
}

const projectsSchema = z.object({ values: z.array(z.object({ id: z.string(), key: z.string(), name: z.string() })) });

/** Projects of the site whose key or name matches, for a picker: at most 50. */
export async function listProjects(
  options: { readonly gateway: Gateway; readonly site: JiraSite },
  query: string,
): Promise<readonly { readonly id: string; readonly key: string; readonly name: string }[]> {
  const answer = await searchProjects(createJiraApi(options).clientFor('control'), { query, maxResults: 50 });
  return parsed(projectsSchema, answer, 'the projects').values;
}
