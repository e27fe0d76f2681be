import type { Context, Hono } from 'hono';
import { readableRepository } from './auth.ts';
import type { Caller } from './auth.ts';
import type { Repository, World } from './data.ts';
import type { RateLimiter } from './limits.ts';

/** What github.ts hands to every route with the request. */
export interface RouteEnvironment {
  readonly Bindings: { readonly caller: Caller };
}

export type Api = Hono<RouteEnvironment>;
export type RouteContext = Context<RouteEnvironment>;

export interface RouteParts {
  readonly world: World;
  /** Undefined where limits are off (GHES). */
  readonly limiter: RateLimiter | undefined;
}

/** What nearly every handler begins with. @throws ApiError 404 where the caller may not know of the repository */
export function enter(world: World, context: RouteContext): { caller: Caller; repository: Repository; url: URL } {
  const { caller } = context.env;
  const name = `${context.req.param('owner') ?? ''}/${context.req.param('repo') ?? ''}`;
  return { caller, repository: readableRepository(world, caller, name), url: new URL(context.req.url) };
}
