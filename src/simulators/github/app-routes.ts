import { z } from 'zod';
import { apiError, isoTime, isoTimeOrNull, json, notFound, readBody } from './answers.ts';
import type { Caller } from './auth.ts';
import { findRepository, repositoryById } from './data.ts';
import type { App, User, World } from './data.ts';
import type { Api, RouteParts } from './routing.ts';
import { apiUrl, appPermissions, appShape, userShape, webUrl } from './schema-shapes.ts';

/** Installation tokens live for one hour. */
const tokenMs = 3_600_000;

const tokenBody = z.object({ repositories: z.array(z.string()).optional() });

/** What an app does with its JSON web token. */
export function addAppRoutes(api: Api, { world }: RouteParts): void {
  api.get('/app', (context) => json(appShape(world, appOf(context.env.caller))));
  api.get('/repos/:owner/:repo/installation', (context) => {
    const app = appOf(context.env.caller);
    const repository = findRepository(world, `${context.req.param('owner')}/${context.req.param('repo')}`);
    if (repository === undefined || !app.repositories.includes(repository.id)) throw notFound();
    return json(installationShape(world, app, repository.owner));
  });
  api.post('/app/installations/:id{[0-9]+}/access_tokens', async (context) => {
    const app = appOf(context.env.caller);
    if (app.installationId !== Number(context.req.param('id'))) throw notFound();
    const { repositories } = await readBody(context.req.raw, tokenBody);
    const chosen = app.repositories.filter((id) => repositories?.includes(repositoryById(world, id)?.name ?? '') ?? true);
    if (repositories && chosen.length < repositories.length) {
      throw apiError(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    const expiresAt = world.clock.now() + tokenMs;
    const value = `ghs_${world.nextId().toString(36)}${Math.floor(world.random() * 2 ** 32).toString(36)}`;
    world.tokens.set(value, {
      value,
      kind: 'app',
      user: app.bot,
      repositories: chosen,
      access: app.access,
      expiresAt,
      revoked: false,
    });
    const answer = { token: value, expires_at: isoTime(expiresAt), permissions: appPermissions(app) };
    return json({ ...answer, repository_selection: repositories === undefined ? 'all' : 'selected' }, 201);
  });
}

function appOf(caller: Caller): App {
  if (caller.app === undefined) throw apiError(401, 'A JSON web token could not be decoded');
  return caller.app;
}

function installationShape(world: World, app: App, owner: User): Record<string, unknown> {
  const url = apiUrl(world, `/app/installations/${app.installationId}`);
  return {
    id: app.installationId,
    account: userShape(world, owner),
    repository_selection: 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: apiUrl(world, '/installation/repositories'),
    html_url: webUrl(world, `/settings/installations/${app.installationId}`),
    app_id: app.id,
    app_slug: app.slug,
    target_id: owner.id,
    target_type: owner.kind,
    permissions: appPermissions(app),
    events: [],
    created_at: isoTime(app.createdAt),
    updated_at: isoTime(app.createdAt),
    single_file_name: null,
    suspended_by: null,
    suspended_at: isoTimeOrNull(undefined),
  };
}
