import { z } from 'zod';
import { apiError, json, listAnswer, notFound, readBody, validationFailed } from './answers.ts';
import { mayLabel, refusal, requireAccess, requireIssueRead } from './auth.ts';
import { issueTypesOf } from './data.ts';
import type { Repository, World } from './data.ts';
import { ensureLabel } from './issues.ts';
import { enter } from './routing.ts';
import type { Api, RouteParts } from './routing.ts';
import {
  issueTypeShape,
  labelShape,
  publicUserShape,
  repositoryShape,
  repositoryUrl,
  repositoryUrlById,
} from './schema-shapes.ts';
import { secretKeyOf } from './secrets.ts';

const labelBody = z.object({ name: z.string(), color: z.string().optional(), description: z.string().nullable().optional() });
const secretBody = z.object({ encrypted_value: z.string(), key_id: z.string() });

export function addRepositoryRoutes(api: Api, parts: RouteParts): void {
  const { world, limiter } = parts;
  api.get('/user', (context) => {
    const { token, user } = context.env.caller;
    if (token === undefined || user === undefined) throw apiError(401, 'Requires authentication');
    // Installations and jobs are no users: their author shows only on what they write.
    if (token.kind === 'app' || token.kind === 'job') throw refusal(token);
    return json(publicUserShape(world, user));
  });
  api.get('/users/:username', (context) => {
    const user = world.users.get(context.req.param('username').toLowerCase());
    if (user === undefined) throw notFound();
    return json(publicUserShape(world, user));
  });
  api.get('/rate_limit', (context) => {
    if (limiter === undefined) throw apiError(404, 'Rate limiting is not enabled.');
    const core = limiter.state(context.env.caller, 'core');
    const graphql = limiter.state(context.env.caller, 'graphql');
    const search = { limit: 30, remaining: 30, used: 0, reset: core.reset };
    return json({ resources: { core, search, graphql }, rate: core });
  });
  api.get('/meta', () =>
    json({
      verifiable_password_authentication: false,
      ...(world.settings.shape === 'ghes' ? { installed_version: ghesVersion } : {}),
    }),
  );
  api.get('/repos/:owner/:repo', (context) => {
    const { caller, repository } = enter(world, context);
    return json(repositoryShape(world, repository, caller));
  });
  addLabelRoutes(api, world);
  addIssueTypeRoutes(api, world);
  addSecretRoutes(api, world);
}

/** Issue types exist here from no version on that this shape stands for (reference: github.md). */
export const ghesVersion = '3.19.0';

function addLabelRoutes(api: Api, world: World): void {
  api.get('/repos/:owner/:repo/labels', (context) => {
    const { caller, repository, url } = enter(world, context);
    requireIssueRead(repository, caller);
    const labels = [...repository.labels.values()].toSorted((a, b) => a.name.localeCompare(b.name));
    const base = `${repositoryUrlById(world, repository.id)}/labels`;
    return listAnswer(labels, url, { base, show: (label) => labelShape(world, repository, label) });
  });
  api.post('/repos/:owner/:repo/labels', async (context) => {
    const { caller, repository } = enter(world, context);
    requireAccess(repository, caller, { area: 'issues', level: 'write', permission: 'read' });
    if (!mayLabel(repository, caller)) throw notFound();
    const body = await readBody(context.req.raw, labelBody);
    const key = body.name.trim().toLowerCase();
    if (repository.labels.has(key)) throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
    if (body.color !== undefined && !/^[\da-f]{6}$/i.test(body.color)) {
      throw validationFailed({ resource: 'Label', code: 'invalid', field: 'color' });
    }
    const made = ensureLabel(world, repository, body.name);
    const label = { ...made, color: body.color ?? made.color, description: body.description ?? null };
    repository.labels.set(key, label);
    const shape = labelShape(world, repository, label);
    return json(shape, 201, { location: String(shape['url']) });
  });
}

function addIssueTypeRoutes(api: Api, world: World): void {
  const answer = (repository: Repository): Response => {
    const types = issueTypesOf(world, repository);
    if (types === undefined || world.settings.shape === 'ghes') throw notFound();
    return json(types.map(issueTypeShape));
  };
  api.get('/repos/:owner/:repo/issue-types', (context) => answer(enter(world, context).repository));
  api.get('/orgs/:org/issue-types', (context) => {
    const organization = context.req.param('org').toLowerCase();
    const types = world.issueTypes.get(organization);
    const { token } = context.env.caller;
    if (types === undefined || world.settings.shape === 'ghes' || token === undefined) throw notFound();
    // A job's token belongs to one repository and reads nothing of the organisation.
    if (token.kind === 'job') throw refusal(token);
    return json(types.map(issueTypeShape));
  });
}

function addSecretRoutes(api: Api, world: World): void {
  api.get('/repos/:owner/:repo/actions/secrets/public-key', (context) => {
    const { caller, repository } = enter(world, context);
    requireAccess(repository, caller, { area: 'secrets', level: 'read', permission: 'write' });
    const { keyId, publicKey } = secretKeyOf(repository);
    return json({ key_id: keyId, key: publicKey });
  });
  api.put('/repos/:owner/:repo/actions/secrets/:name', async (context) => {
    const { caller, repository } = enter(world, context);
    requireAccess(repository, caller, { area: 'secrets', level: 'write', permission: 'write' });
    const name = context.req.param('name').toUpperCase();
    const body = await readBody(context.req.raw, secretBody);
    if (body.key_id !== secretKeyOf(repository).keyId)
      throw validationFailed({ resource: 'Secret', code: 'invalid', field: 'key_id' });
    if (!/^(?!GITHUB_)[A-Z_][A-Z\d_]*$/.test(name))
      throw validationFailed({ resource: 'Secret', code: 'invalid', field: 'name' });
    const existed = repository.secrets.has(name);
    repository.secrets.set(name, { encryptedValue: body.encrypted_value, keyId: body.key_id });
    if (existed) return new Response(null, { status: 204 });
    return json({}, 201, { location: `${repositoryUrl(world, repository)}/actions/secrets/${name}` });
  });
}
