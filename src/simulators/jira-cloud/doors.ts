import { Hono } from 'hono';
import { answerMedia, registerAttachments } from './attachments.ts';
import { authenticate, unauthorized } from './auth.ts';
import type { Door } from './auth.ts';
import { registerComments } from './comments.ts';
import { findIssue } from './data.ts';
import { registerIssues } from './issues.ts';
import { JiraProblem } from './problem.ts';
import { registerProjects } from './projects.ts';
import { registerProperties } from './properties.ts';
import { createRateLimits } from './rate-limits.ts';
import type { RateLimits, RateVerdict } from './rate-limits.ts';
import { registerSearch } from './search.ts';
import type { JiraContext, JiraEnvironment, Site } from './site.ts';

/** The hosts by which the site is reached. */
export interface DoorHosts {
  readonly host: string;
  readonly mediaHost: string;
  readonly gatewayHost: string | undefined;
  readonly protocol: 'https:' | 'http:';
}

const gatewayPrefix = /^\/ex\/jira\/([^/]+)(?=\/)/;

/** The path as the site itself would see it. */
export function withoutGatewayPrefix(path: string): string {
  return path.replace(gatewayPrefix, '');
}

/** Routes a request to the site, to its media host, or through the gateway host. */
export function createDoors(site: Site, hosts: DoorHosts): (request: Request) => Promise<Response> {
  const limits = createRateLimits(site.world.clock);
  const app = new Hono<JiraEnvironment>({ getPath: (request) => withoutGatewayPrefix(new URL(request.url).pathname) });
  app.use('/rest/*', async (context, next) => admit(site, context, { next, hosts, limits }));
  registerProperties(app, site);
  registerProjects(app, site);
  registerSearch(app, site);
  registerIssues(app, site);
  registerComments(app, site);
  registerAttachments(app, site);
  // Without credentials, as on any site: how a client learns the cloud id.
  app.get('/_edge/tenant_info', (context) => context.json({ cloudId: site.cloudId }));
  app.notFound(() => Response.json({ message: 'null for uri', 'status-code': 404 }, { status: 404 }));
  app.onError((error) => {
    if (!(error instanceof JiraProblem)) throw error;
    return Response.json(error.body(), { status: error.status, headers: error.headers });
  });
  return async (request) => {
    const url = new URL(request.url);
    if (url.host === hosts.mediaHost && url.pathname.startsWith('/file/')) return answerMedia(site, request);
    const isGateway = url.host === hosts.gatewayHost;
    if (isGateway && gatewayPrefix.exec(url.pathname)?.[1] !== site.cloudId) {
      if (url.host !== hosts.host) return Response.json({ code: 404, message: 'Not Found' }, { status: 404 });
    }
    if (!isGateway && url.host !== hosts.host) return new Response('unknown host', { status: 404 });
    return app.fetch(request);
  };
}

function doorOf(context: JiraContext, hosts: DoorHosts): Door {
  const url = new URL(context.req.url);
  return url.host === hosts.gatewayHost && gatewayPrefix.test(url.pathname) ? 'gateway' : 'site';
}

/** Who asks, and whether they ask too often: before any handler looks at the request. */
async function admit(
  site: Site,
  context: JiraContext,
  given: { readonly next: () => Promise<void>; readonly hosts: DoorHosts; readonly limits: RateLimits },
): Promise<Response | undefined> {
  const door = doorOf(context, given.hosts);
  const account = authenticate(site.world, context.req.header('authorization'), door);
  if (account === undefined) return unauthorized(door);
  context.set('account', account);
  context.set(
    'base',
    door === 'site' ? site.origin : `${given.hosts.protocol}//${given.hosts.gatewayHost}/ex/jira/${site.cloudId}`,
  );
  const verdict = countRequest(site, context, given.limits);
  if (verdict?.refusal !== undefined) return verdict.refusal;
  await given.next();
  for (const [name, value] of Object.entries(verdict?.headers ?? {})) context.res.headers.set(name, value);
  return undefined;
}

function countRequest(site: Site, context: JiraContext, limits: RateLimits): RateVerdict | undefined {
  if (!site.limits.rates) return undefined;
  const { method, path } = context.req;
  const issue = /^\/rest\/api\/3\/issue\/([^/]+)/.exec(path)?.[1];
  const isWrite = method !== 'GET' && method !== 'HEAD';
  const writtenIssue = isWrite && issue !== undefined ? findIssue(site.world, decodeURIComponent(issue))?.id : undefined;
  return limits.count({ method, endpoint: endpointOf(path), writtenIssue });
}

/** The path with ids, keys and property names replaced: what a burst is counted by. */
function endpointOf(path: string): string {
  return path
    .replace(/\/properties\/(?!multi$)[^/]+$/, '/properties/{key}')
    .replace(/\/project\/(?!search$)[^/]+/, '/project/{project}')
    .replaceAll(/\/(?:[A-Za-z][A-Za-z0-9_]*-)?\d+(?=\/|$)/g, '/{id}');
}
