import type { Hono } from 'hono';
import { JiraProblem } from '../jira-cloud/problem.ts';
import type { ProjectRecord, UserRecord } from './data.ts';
import { projectOf } from './data.ts';
import { memberPermissions } from './people.ts';
import type { JiraDcEnvironment, Server } from './server.ts';
import { userView } from './views.ts';

/** What `mypermissions` lists. */
const listed = [...memberPermissions, 'EDIT_ALL_COMMENTS', 'DELETE_ALL_COMMENTS', 'DELETE_ALL_ATTACHMENTS'];

function requireProject(server: Server, user: UserRecord, idOrKey: string): ProjectRecord {
  const project = projectOf(server.world, idOrKey);
  if (project !== undefined && user.permissions.has('BROWSE_PROJECTS')) return project;
  throw new JiraProblem(404, `No project could be found with key '${idOrKey}'.`);
}

export function registerProjects(app: Hono<JiraDcEnvironment>, server: Server): void {
  app.get('/myself', (context) => context.json(userView(server.world, context.var.user.key)));
  app.get('/user', (context) => {
    const name = context.req.query('username') ?? '';
    const user = [...server.world.users.values()].find((candidate) => candidate.name === name);
    if (user === undefined) throw new JiraProblem(404, `The user named '${name}' does not exist`);
    return context.json(userView(server.world, user.key));
  });
  app.get('/mypermissions', (context) => {
    requireProject(server, context.var.user, context.req.query('projectId') ?? context.req.query('projectKey') ?? '');
    const permissions = listed.map((key, index) => [
      key,
      {
        id: String(index),
        key,
        name: key,
        type: 'PROJECT',
        description: '',
        havePermission: context.var.user.permissions.has(key),
      },
    ]);
    return context.json({ permissions: Object.fromEntries(permissions) });
  });
  app.get('/project/:id', (context) => {
    const { id, key, name } = requireProject(server, context.var.user, context.req.param('id'));
    return context.json({ self: `${server.world.baseUrl}/rest/api/2/project/${id}`, id, key, name, archived: false });
  });
  app.get('/issue/createmeta/:id/issuetypes', (context) => {
    const { types } = requireProject(server, context.var.user, context.req.param('id'));
    const startAt = Number(context.req.query('startAt') ?? 0);
    const maxResults = Number(context.req.query('maxResults') ?? 50);
    const values = types.slice(startAt, startAt + maxResults);
    return context.json({ startAt, maxResults, total: types.length, isLast: startAt + values.length >= types.length, values });
  });
}
