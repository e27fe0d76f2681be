import type { Hono } from 'hono';
import { hasPermission, requireIssue, visibleProject } from './auth.ts';
import type { AccountRecord, ProjectRecord } from './data.ts';
import { projectOf } from './data.ts';
import { globalPermissions, isPermission } from './permissions.ts';
import type { Permission } from './permissions.ts';
import { JiraProblem } from './problem.ts';
import { pageBean, pageOf, pathParameter, queryList } from './site.ts';
import type { JiraContext, JiraEnvironment, Site } from './site.ts';
import { issueTypeView, projectSummaryView, userView } from './views.ts';
import type { Viewer } from './views.ts';

/** Who am I, where am I, what may I do, and which projects and issue types are there. */
export function registerProjects(app: Hono<JiraEnvironment>, site: Site): void {
  app.get('/rest/api/3/myself', (context) =>
    context.json({ ...userView(context.var.account, viewerOf(context)), locale: 'en_US' }),
  );
  app.get('/rest/api/3/serverInfo', (context) => context.json(serverInfo(site)));
  app.get('/rest/api/3/mypermissions', (context) => context.json(myPermissions(site, context)));
  app.get('/rest/api/3/project/search', (context) => context.json(searchProjects(site, context)));
  app.get('/rest/api/3/project/:project/roledetails', (context) => context.json(roleDetails(site, context)));
  app.get('/rest/api/3/project/:project', (context) =>
    context.json(projectDetails(requireProject(site, context), viewerOf(context))),
  );
  app.get('/rest/api/3/issue/createmeta/:project/issuetypes', (context) => context.json(createTypes(site, context)));
  app.get('/rest/api/3/issue/createmeta/:project/issuetypes/:type', (context) => context.json(createFields(site, context)));
  app.get('/rest/api/3/issuetypescheme/project', (context) => context.json(typeSchemes(site, context)));
}

export function viewerOf(context: JiraContext): Viewer {
  return { account: context.var.account, base: context.var.base };
}

function serverInfo(site: Site): object {
  return {
    baseUrl: site.origin,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100_000,
    serverTime: new Date(site.world.clock.now()).toISOString().replace('Z', '+0000'),
    scmInfo: '0000000000000000000000000000000000000000',
    serverTitle: 'Jira',
  };
}

/** @throws JiraProblem 404 */
export function requireProject(site: Site, context: JiraContext): ProjectRecord {
  const idOrKey = pathParameter(context, 'project');
  const project = visibleProject(site.world, context.var.account, idOrKey);
  if (project === undefined) throw new JiraProblem(404, `No project could be found with key '${idOrKey}'.`);
  return project;
}

function myPermissions(site: Site, context: JiraContext): object {
  const names = queryList(context, 'permissions');
  if (names.length === 0) throw new JiraProblem(400, "The 'permissions' query parameter is required.");
  const unknown = names.find((name) => !isPermission(name));
  if (unknown !== undefined) throw new JiraProblem(400, `Unrecognized permission key '${unknown}'.`);
  const project = projectInQuestion(site, context);
  const entries = names.filter(isPermission).map((name, position): [string, object] => {
    return [name, permissionView(name, { position, havePermission: holds(site, context.var.account, { name, project }) })];
  });
  return { permissions: Object.fromEntries(entries) };
}

function permissionView(name: Permission, details: { readonly position: number; readonly havePermission: boolean }): object {
  return {
    id: String(details.position),
    key: name,
    name,
    type: globalPermissions.has(name) ? 'GLOBAL' : 'PROJECT',
    description: '',
    havePermission: details.havePermission,
  };
}

function projectInQuestion(site: Site, context: JiraContext): ProjectRecord | undefined {
  const { account } = context.var;
  const issue = context.req.query('issueKey') ?? context.req.query('issueId');
  if (issue !== undefined) return projectOf(site.world, requireIssue(site.world, account, issue));
  const idOrKey = context.req.query('projectKey') ?? context.req.query('projectId');
  if (idOrKey === undefined) return undefined;
  const project = visibleProject(site.world, account, idOrKey);
  if (project === undefined) throw new JiraProblem(404, `No project could be found with key '${idOrKey}'.`);
  return project;
}

/** Without a project, a project permission is held if it is held in any. */
function holds(
  site: Site,
  account: AccountRecord,
  question: { readonly name: Permission; readonly project: ProjectRecord | undefined },
): boolean {
  if (question.project !== undefined || globalPermissions.has(question.name)) {
    return hasPermission(account, question.name, question.project);
  }
  return [...site.world.projects.values()].some((project) => hasPermission(account, question.name, project));
}

const projectRoles = ['Administrators', 'Developers', 'Users'];

/** Roles are shared by all projects; with `currentMember` only those that the account has. */
function roleDetails(site: Site, context: JiraContext): readonly object[] {
  requireProject(site, context);
  const { account, base } = context.var;
  const isWanted = (name: string): boolean =>
    context.req.query('currentMember') !== 'true' || account.roles === 'all' || account.roles.has(name);
  return projectRoles.flatMap((name, index) => {
    const id = 10_002 + index;
    const self = `${base}/rest/api/3/project/${pathParameter(context, 'project')}/role/${id}`;
    return isWanted(name) ? [{ self, name, id, description: `${name} of the project`, admin: index === 0, type: 'DEFAULT' }] : [];
  });
}

function searchProjects(site: Site, context: JiraContext): object {
  const { account, base } = context.var;
  const query = (context.req.query('query') ?? '').toLowerCase();
  const keys = context.req.queries('keys') ?? [];
  const ids = context.req.queries('id') ?? [];
  const action = context.req.query('action') ?? 'view';
  const needed: Permission =
    action === 'create' ? 'CREATE_ISSUES' : action === 'edit' ? 'ADMINISTER_PROJECTS' : 'BROWSE_PROJECTS';
  const found = [...site.world.projects.values()].filter((project) => {
    if (!hasPermission(account, 'BROWSE_PROJECTS', project) || !hasPermission(account, needed, project)) return false;
    if (keys.length > 0 && !keys.includes(project.key)) return false;
    if (ids.length > 0 && !ids.includes(project.id)) return false;
    return `${project.key}\n${project.name}`.toLowerCase().includes(query);
  });
  const sorted = found.toSorted((first, second) => (first.key < second.key ? -1 : 1));
  const expandsTypes = queryList(context, 'expand').includes('issueTypes');
  const view = expandsTypes ? projectDetails : projectListing;
  const page = pageOf(context, sorted, { usual: 50, maximum: 100 });
  const self = `${base}/rest/api/3/project/search${new URL(context.req.url).search}`;
  return pageBean(page, self, (project) => view(project, viewerOf(context)));
}

function projectListing(project: ProjectRecord, viewer: Viewer): object {
  return {
    ...projectSummaryView(project, viewer),
    expand: 'description,lead,issueTypes,url,projectKeys,permissions,insight',
    style: project.style,
    isPrivate: false,
    uuid: project.uuid,
    properties: {},
  };
}

function projectDetails(project: ProjectRecord, viewer: Viewer): object {
  return {
    ...projectListing(project, viewer),
    description: '',
    components: [],
    versions: [],
    roles: {},
    issueTypes: project.types.map((type) => issueTypeView(type, viewer)),
    assigneeType: 'UNASSIGNED',
  };
}

function createTypes(site: Site, context: JiraContext): object {
  const project = requireProject(site, context);
  const allowed = hasPermission(context.var.account, 'CREATE_ISSUES', project) ? project.types : [];
  const page = pageOf(context, allowed, { usual: 50, maximum: 200 });
  const issueTypes = page.items.map((type) => issueTypeView(type, viewerOf(context)));
  return { startAt: page.startAt, maxResults: page.maxResults, total: page.total, issueTypes };
}

function createFields(site: Site, context: JiraContext): object {
  const project = requireProject(site, context);
  const type = project.types.find((candidate) => candidate.id === pathParameter(context, 'type'));
  if (type === undefined) throw new JiraProblem(400, 'Issue type does not exist in this project.');
  const system = [
    { id: 'summary', name: 'Summary', required: true, type: 'string' },
    { id: 'issuetype', name: 'Issue Type', required: true, type: 'issuetype' },
    { id: 'project', name: 'Project', required: true, type: 'project' },
    { id: 'description', name: 'Description', required: false, type: 'string' },
    { id: 'labels', name: 'Labels', required: false, type: 'array' },
    ...(type.subtask ? [{ id: 'parent', name: 'Parent', required: true, type: 'issuelink' }] : []),
  ].map(({ type: kind, ...field }) => ({ ...field, schema: { type: kind, system: field.id } }));
  const custom = project.fields.map((field, position) => {
    const schema = {
      type: 'string',
      custom: 'com.atlassian.jira.plugin.system.customfieldtypes:textfield',
      customId: 10_000 + position,
    };
    return { ...field, schema };
  });
  const page = pageOf(context, [...system, ...custom], { usual: 50, maximum: 200 });
  const fields = page.items.map(({ id, name, required, schema }) => {
    return { fieldId: id, key: id, name, required, schema, hasDefaultValue: false, operations: ['set'] };
  });
  return { startAt: page.startAt, maxResults: page.maxResults, total: page.total, fields };
}

/** Needs Administer Jira, and knows no team-managed projects. */
function typeSchemes(site: Site, context: JiraContext): object {
  const { account, base } = context.var;
  const ids = context.req.queries('projectId') ?? [];
  if (ids.length === 0) throw new JiraProblem(400, "The query parameter 'projectId' is required.");
  const projects = [...site.world.projects.values()].filter((project) => ids.includes(project.id) && project.style === 'classic');
  const readable = hasPermission(account, 'ADMINISTER') || projects.every((project) => project.issueTypeSchemeReadable);
  if (!readable) throw new JiraProblem(403, 'Only Jira administrators can access issue type schemes.');
  const page = pageOf(context, projects, { usual: 50, maximum: 50 });
  return pageBean(page, `${base}/rest/api/3/issuetypescheme/project?projectId=${ids.join('&projectId=')}`, (project) => ({
    issueTypeScheme: {
      id: `1${project.id}`,
      name: `${project.key}: issue type scheme`,
      description: '',
      ...(project.defaultIssueTypeId === undefined ? undefined : { defaultIssueTypeId: project.defaultIssueTypeId }),
      isDefault: false,
    },
    projectIds: [project.id],
  }));
}
