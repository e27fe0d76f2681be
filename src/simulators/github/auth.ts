import { z } from 'zod';
import { apiError, notFound } from './answers.ts';
import { atLeast, findRepository, permissionOf } from './data.ts';
import type { App, Permission, Repository, Token, TokenAccess, User, World } from './data.ts';

/** Who sends a request: nobody, a token's user, or an app by its JWT. */
export interface Caller {
  readonly token: Token | undefined;
  readonly user: User | undefined;
  readonly app: App | undefined;
}

const anonymous: Caller = { token: undefined, user: undefined, app: undefined };

/** @throws ApiError 401 for a token that is unknown, revoked or expired */
export function identify(world: World, request: Request): Caller {
  const header = request.headers.get('authorization');
  if (header === null) return anonymous;
  const value = /^(?:token|bearer)\s+(\S+)$/i.exec(header.trim())?.[1];
  if (value === undefined) throw apiError(401, 'Bad credentials');
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)) return { ...anonymous, app: appOfJwt(world, value) };
  const token = world.tokens.get(value);
  const expired = token?.expiresAt !== undefined && token.expiresAt <= world.clock.now();
  if (token === undefined || token.revoked || expired) throw apiError(401, 'Bad credentials');
  return { token, user: token.user, app: undefined };
}

const claims = z.object({ iss: z.union([z.string(), z.number()]) });

/** The signature is not looked at: what counts here is which app speaks. */
function appOfJwt(world: World, jwt: string): App {
  const app = world.apps.find(({ id }) => String(id) === issuerOf(jwt));
  if (app === undefined) throw apiError(401, 'A JSON web token could not be decoded');
  return app;
}

function issuerOf(jwt: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return String(claims.parse(payload).iss);
  } catch {
    return undefined;
  }
}

/** The repository of a path, if the caller may know of it. @throws ApiError 404 otherwise, as GitHub hides private ones */
export function readableRepository(world: World, caller: Caller, name: string): Repository {
  const repository = findRepository(world, name);
  if (repository === undefined || !atLeast(effectivePermission(repository, caller), 'read')) throw notFound();
  return repository;
}

export function isOutside(token: Token, repository: Repository): boolean {
  return token.repositories !== undefined && !token.repositories.includes(repository.id);
}

/** The user's permission, cut by what the token is for. */
export function effectivePermission(repository: Repository, caller: Caller): Permission {
  const { token } = caller;
  if (token === undefined) return permissionOf(repository, undefined);
  if (isOutside(token, repository)) return permissionOf(repository, undefined);
  return permissionOf(repository, token.user);
}

/**
 * Refuses what the caller may not do in a repository that it may read.
 *
 * @throws ApiError 401 without credentials, 403 with GitHub's message for the kind of token, 404 where a classic token's
 * user lacks push access (GitHub hides it so for git data and secrets)
 */
export function requireAccess(
  repository: Repository,
  caller: Caller,
  need: { readonly area: keyof TokenAccess; readonly level: 'read' | 'write'; readonly permission: Permission },
): void {
  const { token } = caller;
  if (token === undefined) throw need.level === 'read' ? notFound() : apiError(401, 'Requires authentication');
  if (token.kind !== 'classic') {
    const granted = isOutside(token, repository) ? 'none' : token.access[need.area];
    const publicRead = need.level === 'read' && !repository.isPrivate && need.area !== 'secrets';
    if (!publicRead && granted !== 'write' && granted !== need.level) throw refusal(token);
  }
  if (!atLeast(effectivePermission(repository, caller), need.permission)) throw notFound();
  if (need.level === 'write' && repository.isArchived) throw apiError(403, 'Repository was archived so is read-only.');
}

export function refusal(token: Token): Error {
  const whose = token.kind === 'fine-grained' ? 'personal access token' : 'integration';
  return apiError(403, `Resource not accessible by ${whose}`);
}

/** Issues may be read by whoever reads the repository, except by tokens without access to issues. */
export function requireIssueRead(repository: Repository, caller: Caller): void {
  const { token } = caller;
  if (token === undefined || token.kind === 'classic' || !repository.isPrivate) return;
  if (token.access.issues === 'none') throw refusal(token);
}

/** Creating issues and comments takes a signed-in reader. */
export function requireIssueWrite(repository: Repository, caller: Caller): User {
  requireAccess(repository, caller, { area: 'issues', level: 'write', permission: 'read' });
  if (caller.user === undefined) throw apiError(401, 'Requires authentication');
  return caller.user;
}

/** Labels: triage role, or an app's or a job's token that may write issues. */
export function mayLabel(repository: Repository, caller: Caller): boolean {
  return isMachine(caller) || atLeast(effectivePermission(repository, caller), 'triage');
}

/** The type: push access. Without it GitHub drops the field and says nothing. */
export function maySetType(repository: Repository, caller: Caller): boolean {
  return isMachine(caller) || atLeast(effectivePermission(repository, caller), 'write');
}

function isMachine(caller: Caller): boolean {
  return caller.token?.kind === 'app' || caller.token?.kind === 'job';
}

/** Texts of others: triage role for issues, push access for comments. @throws ApiError 403 */
export function requireEditOf(
  author: User,
  caller: Caller,
  need: { readonly repository: Repository; readonly role: Permission },
): void {
  if (caller.user === author || isMachine(caller)) return;
  if (!atLeast(effectivePermission(need.repository, caller), need.role))
    throw apiError(403, 'Must have admin rights to Repository.');
}
