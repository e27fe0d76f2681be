import type { Check } from '../../core/result.ts';
import { SallyportError, kindOf } from '../../errors.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { createRedmineApi } from './api.ts';
import type { RedmineApi } from './api.ts';
import type { RedmineSite } from './hosts.ts';
import { markFieldName } from './marks.ts';
import { accountAnswerSchema, issueListSchema, projectAnswerSchema, roleAnswerSchema } from './schemas.ts';
import type { RedmineIssue, RedmineProject } from './schemas.ts';
import { trackersWithoutText, withoutText } from './trackers-without-text.ts';
import { fieldNamed } from './trigger.ts';
import type { Trigger } from './trigger.ts';

export interface RedmineFacts {
  readonly account: { readonly id: string; readonly displayName: string };
  readonly project: { readonly id: string; readonly identifier: string; readonly name: string; readonly isPublic: boolean };
}

/** Issues looked at for their custom fields, which administrators alone can list. */
const sampleSize = 100;

/** Without these a sync cannot run; Redmine's names of permissions, and those of its page of roles. */
const needed: readonly (readonly [string, string])[] = [
  ['view_issues', 'View issues'],
  ['add_issues', 'Add issues'],
  ['edit_issues', 'Edit issues'],
  ['add_issue_notes', 'Add notes'],
  ['edit_own_issue_notes', 'Edit own notes'],
];

/** Without these something of the Basic rules stays undone, each with what. */
const wanted: readonly (readonly [string, string, string])[] = [
  ['edit_issue_notes', 'Edit notes', "an edit of a comment's copy on the Jira Cloud side cannot be written back"],
  ['view_private_notes', 'View private notes', 'private notes do not cross'],
];

/**
 * Looks at a project of Redmine as `accept` does: reachable, whose key it is, roles, trackers, where stamps go.
 *
 * @throws SallyportError where nothing can be told: not reachable, a wrong key, no such project
 */
export async function inspectProject(options: {
  readonly gateway: Gateway;
  readonly site: RedmineSite;
  readonly projectIdentifier: string;
  readonly trigger: Trigger;
}): Promise<{ readonly checks: readonly Check[]; readonly facts: RedmineFacts }> {
  const api = createRedmineApi(options);
  const { user } = await accountOf(api);
  const project = await projectOf(api, options.projectIdentifier);
  const displayName = `${user.firstname} ${user.lastname}`.trim();
  const roleIds = user.memberships
    .filter((one) => one.project.id === project.id)
    .flatMap(({ roles }) => roles.map(({ id }) => id));
  const granted = user.admin ? undefined : await permissionsOf(api, roleIds);
  const { issues } = await api.read(issueListSchema, {
    path: '/issues.json',
    query: { project_id: project.id, subproject_id: '!*', status_id: '*', sort: 'id:desc', limit: sampleSize },
    purpose: 'control',
    what: 'the newest issues',
  });
  return {
    checks: [
      passed('token', `${api.host} knows it as ${displayName}`),
      ...projectChecks(project),
      ...permissionChecks(granted, { account: displayName, project: project.name }),
      typesCheck(project),
      ...(await textChecks(api, project)),
      ...triggerCheck(options.trigger, issues),
      markCheck(issues.some((issue) => fieldNamed(issue, markFieldName) !== undefined)),
    ],
    facts: {
      account: { id: String(user.id), displayName },
      project: { id: String(project.id), identifier: project.identifier, name: project.name, isPublic: project.is_public },
    },
  };
}

/** Names of the permissions that the account has in the project, of those that a sync needs or wants; sorted. */
export async function readPermissions(api: RedmineApi, projectId: string): Promise<readonly string[]> {
  const { user } = await accountOf(api);
  const all = [...needed, ...wanted].map(([name]) => name).toSorted();
  if (user.admin) return all;
  const roleIds = user.memberships
    .filter((one) => String(one.project.id) === projectId)
    .flatMap(({ roles }) => roles.map(({ id }) => id));
  const { permissions, seesAllIssues } = await permissionsOf(api, roleIds);
  return [...all.filter((name) => permissions.has(name)), ...(seesAllIssues ? ['see all issues'] : [])].toSorted();
}

async function accountOf(api: RedmineApi) {
  try {
    const path = '/users/current.json';
    return await api.read(accountAnswerSchema, {
      path,
      query: { include: 'memberships' },
      purpose: 'control',
      what: 'the account of the key',
    });
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    if (error.status === 404)
      throw new SallyportError(
        `There is no Redmine at ${api.site.url}: ${api.host} answered 404 for the account of the key. Check tracker-url, with the path that stands before /projects in the address of a project.`,
        { kind: 'configuration', status: 404, cause: error },
      );
    if (error.status !== 401) throw error;
    throw new SallyportError(
      `${api.host} does not take tracker-token: the API key is wrong, its account is locked, or the REST interface is off. Copy the key from "My account", and have an administrator switch on Administration > Settings > API > Enable REST web service.`,
      { kind: 'permission', status: 401, cause: error },
    );
  }
}

async function projectOf(api: RedmineApi, identifier: string): Promise<RedmineProject> {
  try {
    const { project } = await api.read(projectAnswerSchema, {
      path: `/projects/${encodeURIComponent(identifier)}.json`,
      query: { include: 'trackers,enabled_modules' },
      purpose: 'control',
      what: `project ${identifier}`,
    });
    return project;
  } catch (error) {
    if (kindOf(error) !== 'gone' && !(error instanceof SallyportError && error.status === 403)) throw error;
    throw new SallyportError(
      `${api.host} has no project ${identifier}, or does not show it to the account. Check the identifier, which stands in the project's address, and make the account a member.`,
      { kind: 'permission', cause: error },
    );
  }
}

interface Granted {
  readonly permissions: ReadonlySet<string>;
  readonly seesAllIssues: boolean;
}

/** Permissions of several roles add up. */
async function permissionsOf(api: RedmineApi, roleIds: readonly number[]): Promise<Granted> {
  const permissions = new Set<string>();
  let seesAllIssues = false;
  for (const id of new Set(roleIds)) {
    const { role } = await api.read(roleAnswerSchema, { path: `/roles/${id}.json`, purpose: 'control', what: 'a role' });
    for (const permission of role.permissions) permissions.add(permission);
    if (role.issues_visibility === 'all') seesAllIssues = true;
  }
  return { permissions, seesAllIssues };
}

function passed(name: string, detail: string): Check {
  return { name, outcome: 'passed', detail, next: undefined };
}

function projectChecks(project: RedmineProject): readonly Check[] {
  if (project.status !== 1)
    return [
      {
        name: 'project',
        outcome: 'failed',
        detail: `${project.name} is closed or archived, so nothing can be written`,
        next: 'Open it again.',
      },
    ];
  if (!project.enabled_modules.some(({ name }) => name === 'issue_tracking'))
    return [
      {
        name: 'project',
        outcome: 'failed',
        detail: `${project.name} has no issue tracking`,
        next: 'Switch on the module "Issue tracking" in its settings.',
      },
    ];
  const visibility = project.is_public
    ? 'is public: every user of this Redmine can read it, without a log-in where none is required'
    : 'is readable by its members';
  return [passed('project', `${project.name} ${visibility}`)];
}

function permissionChecks(
  granted: Granted | undefined,
  where: { readonly account: string; readonly project: string },
): readonly Check[] {
  if (granted === undefined) return [passed('permissions', `${where.account} is an administrator`)];
  const lacks = ([name]: readonly [string, ...string[]]): boolean => !granted.permissions.has(name);
  const missing = needed.filter(lacks).map(([, title]) => title);
  const main: Check =
    missing.length === 0
      ? passed('permissions', `${where.account} may do all that is needed in ${where.project}`)
      : {
          name: 'permissions',
          outcome: 'failed',
          detail: `${where.account} lacks in ${where.project}: ${missing.join(', ')}`,
          next: 'Give it a role with these permissions (Administration > Roles and permissions), then run accept again.',
        };
  const lost = wanted
    .filter(lacks)
    .map(([, title, loss]) => warning(`without "${title}" ${loss}`, `Grant "${title}", if that is to cross.`));
  const visibility = granted.seesAllIssues
    ? []
    : [
        warning(
          'its roles do not show it all issues, so private ones do not cross',
          'Set Issues visibility of a role to All issues, if they are to cross.',
        ),
      ];
  return [main, ...lost, ...visibility];
}

function warning(detail: string, next: string): Check {
  return { name: 'permissions', outcome: 'warning', detail, next };
}

function typesCheck(project: RedmineProject): Check {
  const names = project.trackers.map(({ name }) => name);
  if (names.length > 0) return passed('issue types', names.join(', '));
  return {
    name: 'issue types',
    outcome: 'failed',
    detail: `${project.name} has no tracker`,
    next: 'Switch one on in the settings of the project.',
  };
}

/** A tracker whose descriptions are switched off keeps neither texts nor hidden stamps, and Redmine answers success (I2). */
async function textChecks(api: RedmineApi, project: RedmineProject): Promise<readonly Check[]> {
  const own = new Set(project.trackers.map(({ id }) => id));
  const without = (await trackersWithoutText(api, 'control')).filter(({ id }) => own.has(id));
  if (without.length === 0) return [];
  return [{ name: 'descriptions', outcome: 'failed', ...withoutText(without) }];
}

/** A trigger by a custom field that no issue has would never hold, and nobody would learn why. */
function triggerCheck(trigger: Trigger, issues: readonly RedmineIssue[]): readonly Check[] {
  const { fieldName } = trigger;
  if (fieldName === undefined) return [];
  const next = `Have an administrator add it (Administration > Custom fields > Issues: "${fieldName}", format Boolean, for the project and its trackers), or set private-trigger to * for all issues, or to filters such as tracker_id=1&category_id=2.`;
  if (issues.some((issue) => fieldNamed(issue, fieldName) !== undefined))
    return [passed('trigger', `issues whose custom field ${fieldName} is ticked`)];
  if (issues.length > 0)
    return [{ name: 'trigger', outcome: 'failed', detail: `no issue has a custom field "${fieldName}"`, next }];
  const detail = `the project has no issue yet, so it cannot be told whether it has a custom field "${fieldName}"`;
  return [{ name: 'trigger', outcome: 'warning', detail, next }];
}

/** Stamps in texts do their work as well; in a field nobody sees them when a text is edited. */
function markCheck(hasField: boolean): Check {
  if (hasField) return passed('stamps', `in the custom field ${markFieldName}`);
  return {
    name: 'stamps',
    outcome: 'passed',
    detail: `hidden at the end of the texts. An administrator can give them a place of their own: a custom field for issues named ${markFieldName}, format Long text, for all trackers of the project`,
    next: undefined,
  };
}
