import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { withFaults } from '../faults.ts';
import type { Handler } from '../faults.ts';
import type { FaultPlan, Simulator, VirtualClock } from '../simulator.ts';
import { apiError, errorAnswer, isoTime, notFound } from './answers.ts';
import { addAppRoutes } from './app-routes.ts';
import { identify } from './auth.ts';
import type { Caller } from './auth.ts';
import { addCommentRoutes } from './comment-routes.ts';
import { addContentsRoutes } from './contents-routes.ts';
import { createWorld, fullName, repositoryById } from './data.ts';
import type { World } from './data.ts';
import { addGitRoutes } from './git-routes.ts';
import { addGraphQlRoutes } from './graphql-routes.ts';
import { addIssueRoutes } from './issue-routes.ts';
import { createRateLimiter, publishedLimits, resourceOf } from './limits.ts';
import type { Limits, RateLimiter, RateResource } from './limits.ts';
import { createPeople } from './people.ts';
import type { People } from './people.ts';
import { addRepositoryRoutes, ghesVersion } from './repository-routes.ts';
import type { Api, RouteEnvironment } from './routing.ts';
import { repositoryUrlById } from './schema-shapes.ts';
import { answerWeb, isWebPath } from './web.ts';

export interface GitHubSimulatorOptions {
  readonly clock: VirtualClock;
  /** Host, with port if any, of the API: `api.github.com`, `127.0.0.1:1234`. */
  readonly apiHost: string;
  /** Of web pages, raw files and attachments; may be the API's. */
  readonly webHost: string;
  /** Default `https`. */
  readonly protocol?: 'https' | 'http';
  /** `ghes`: base path `/api/v3`, no issue types, no rate limits, without the newest fields. Default `github.com`. */
  readonly shape?: 'github.com' | 'ghes';
  readonly faults?: FaultPlan | undefined;
  /** Of ids in addresses and of request ids; the same seed gives the same answers. Default 1. */
  readonly seed?: number;
  /** Default false: an edited comment leaves its issue's `updated_at` alone. */
  readonly commentEditBumpsIssue?: boolean;
  /** Default false. */
  readonly commentDeletionBumpsIssue?: boolean;
  /** Overrides GitHub's published ones. */
  readonly limits?: Partial<Limits>;
}

/** GitHub as far as Sallyport needs it: its REST API, its attachments and raw files, and the people who use it. */
export type GitHubSimulator = Simulator & People;

/**
 * Creates an empty GitHub. Everything in it comes from the people API or from requests; time is the clock's.
 * Source of shapes and statuses: GitHub's OpenAPI document and REST guides.
 */
export function createGitHubSimulator(options: GitHubSimulatorOptions): GitHubSimulator {
  const world = createWorld(
    {
      apiHost: options.apiHost,
      webHost: options.webHost,
      protocol: options.protocol ?? 'https',
      shape: options.shape ?? 'github.com',
      commentEditBumpsIssue: options.commentEditBumpsIssue ?? false,
      commentDeletionBumpsIssue: options.commentDeletionBumpsIssue ?? false,
      limits: { ...publishedLimits, ...options.limits },
    },
    options.clock,
    options.seed ?? 1,
  );
  const handle = createHandler(world);
  const fetch: Handler = withFaults(handle, options.faults, { now: () => options.clock.now() });
  return { hosts: [...new Set([options.apiHost, options.webHost])], fetch, ...createPeople(world) };
}

function createHandler(world: World): Handler {
  const limiter = world.settings.shape === 'ghes' ? undefined : createRateLimiter(world);
  const api: Api = new Hono<RouteEnvironment>();
  const parts = { world, limiter };
  addRepositoryRoutes(api, parts);
  addIssueRoutes(api, parts);
  addCommentRoutes(api, parts);
  addGitRoutes(api, parts);
  addContentsRoutes(api, parts);
  addAppRoutes(api, parts);
  addGraphQlRoutes(api, parts);
  api.notFound(() => errorAnswer(notFound()));
  api.onError((error) => errorAnswer(error));
  return async (request) => {
    const url = new URL(request.url);
    const web = isWeb(world, url);
    const answer = web ? await answerWeb(world, request) : await answerApi({ world, limiter, api }, request);
    answer.headers.set('date', new Date(world.clock.now()).toUTCString());
    answer.headers.set('x-github-request-id', requestId(world));
    return answer;
  };
}

function isWeb(world: World, url: URL): boolean {
  const { apiHost, webHost, shape } = world.settings;
  if (shape === 'ghes' && url.pathname.startsWith('/api/')) return false;
  return url.host === webHost && (url.host !== apiHost || shape === 'ghes' || isWebPath(url.pathname));
}

interface ApiParts {
  readonly world: World;
  readonly limiter: RateLimiter | undefined;
  readonly api: Api;
}

async function answerApi({ world, limiter, api }: ApiParts, request: Request): Promise<Response> {
  const path = apiPath(world, new URL(request.url));
  let caller: Caller | undefined;
  let answer: Response;
  let counted = false;
  const resource = resourceOf(request);
  try {
    caller = identify(world, request);
    if (path !== '/rate_limit') limiter?.admit(request, caller);
    redirectRenamed(world, request, path);
    const routed = rewritten(request, path);
    answer = await conditional(request, await api.fetch(routed, { caller }));
    counted = limiter !== undefined && answer.status !== 304 && path !== '/rate_limit';
    if (counted) limiter?.count(caller, resource);
  } catch (error) {
    answer = errorAnswer(error);
  }
  addHeaders(answer.headers, { world, limiter, caller, resource });
  const expiresAt = caller?.token?.expiresAt;
  if (expiresAt !== undefined)
    answer.headers.set('github-authentication-token-expiration', `${isoTime(expiresAt).replace('T', ' ').slice(0, 19)} UTC`);
  world.requests.push({
    index: world.requests.length,
    method: request.method,
    url: request.url,
    status: answer.status,
    login: caller?.user?.login ?? caller?.app?.slug,
    at: world.clock.now(),
    counted,
  });
  return answer;
}

/**
 * What goes to a name that a repository had once is sent on.
 *
 * @throws ApiError 301 for reads, 307 for writes, with `location`
 */
function redirectRenamed(world: World, request: Request, path: string): void {
  const [, owner = '', name = '', rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const id = world.formerNames.get(`${owner}/${name}`.toLowerCase());
  if (id === undefined) return;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const location = `${repositoryUrlById(world, id)}${rest}${new URL(request.url).search}`;
  throw apiError(isRead ? 301 : 307, isRead ? 'Moved Permanently' : 'Temporary Redirect', { location });
}

/** Without GHES's base path (`/api/v3`, of GraphQL `/api`), and with `/repositories/{id}` (links, redirects) resolved to the names of now. */
function apiPath(world: World, url: URL): string {
  const path = world.settings.shape === 'ghes' ? url.pathname.replace(/^\/api(?:\/v3(?=\/|$)|(?=\/graphql$))/, '') : url.pathname;
  return path.replace(/^\/repositories\/(\d+)(?=\/|$)/, (whole, id: string) => {
    const repository = repositoryById(world, Number(id));
    return repository === undefined ? whole : `/repos/${fullName(repository)}`;
  });
}

function rewritten(request: Request, path: string): Request {
  const url = new URL(request.url);
  if (url.pathname === path) return request;
  url.pathname = path;
  return new Request(url, request);
}

/** ETags of successful reads, and 304 for what the client has already. */
async function conditional(request: Request, answer: Response): Promise<Response> {
  if ((request.method !== 'GET' && request.method !== 'HEAD') || answer.status !== 200) return answer;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  const variant = `${request.headers.get('accept') ?? ''}\n${headers.get('link') ?? ''}\n`;
  const etag = `W/"${createHash('sha256').update(variant).update(bytes).digest('hex')}"`;
  headers.set('etag', etag);
  const known = (request.headers.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(etag.replace(/^W\//, ''))) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  return new Response(request.method === 'HEAD' ? null : bytes, { status: 200, headers });
}

function addHeaders(
  headers: Headers,
  parts: {
    readonly world: World;
    readonly limiter: RateLimiter | undefined;
    readonly caller: Caller | undefined;
    readonly resource: RateResource;
  },
): void {
  const { world, limiter, caller, resource } = parts;
  headers.set('x-github-media-type', 'github.v3; format=json');
  if (world.settings.shape === 'ghes') headers.set('x-github-enterprise-version', ghesVersion);
  if (caller?.token?.kind === 'classic') headers.set('x-oauth-scopes', 'repo');
  const expiresAt = caller?.token?.expiresAt;
  if (expiresAt !== undefined) {
    headers.set('github-authentication-token-expiration', `${isoTime(expiresAt).replace('T', ' ').replace('Z', '')} UTC`);
  }
  if (limiter === undefined || caller === undefined) return;
  const state = limiter.state(caller, resource);
  headers.set('x-ratelimit-limit', String(state.limit));
  headers.set('x-ratelimit-remaining', String(state.remaining));
  headers.set('x-ratelimit-used', String(state.used));
  headers.set('x-ratelimit-reset', String(state.reset));
  headers.set('x-ratelimit-resource', resource);
}

function requestId(world: World): string {
  const part = (): string =>
    Math.floor(world.random() * 65_536)
      .toString(16)
      .toUpperCase()
      .padStart(4, '0');
  return [part(), part(), part(), part()].join(':');
}
