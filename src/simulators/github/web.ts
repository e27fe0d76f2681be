import { answerAsset, answerSigned } from './assets.ts';
import { identify, isOutside } from './auth.ts';
import { atLeast, findRepository, permissionOf } from './data.ts';
import type { Repository, User, World } from './data.ts';
import { entryAt, resolveCommit } from './git.ts';

/** What of GitHub's web host a sync touches: attachments, their signed addresses, raw files of branches. */

const rawPath = /^\/([^/]+)\/([^/]+)\/raw\/(.+)$/;

/** Tells web paths from API paths where both share one host. */
export function isWebPath(path: string): boolean {
  return (
    path.startsWith('/user-attachments/') || path.startsWith('/signed/') || (rawPath.test(path) && !path.startsWith('/repos/'))
  );
}

export async function answerWeb(world: World, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const answer = route(world, request, url);
  world.requests.push({
    index: world.requests.length,
    method: request.method,
    url: request.url,
    status: answer.status,
    login: undefined,
    at: world.clock.now(),
    counted: false,
  });
  return answer;
}

function route(world: World, request: Request, url: URL): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') return page('Method Not Allowed', 405);
  if (url.pathname.startsWith('/user-attachments/')) return answerAsset(world, url, request.headers.get('authorization'));
  if (url.pathname.startsWith('/signed/')) return answerSigned(world, url);
  const [, owner = '', name = '', rest] = rawPath.exec(url.pathname) ?? [];
  const repository = findRepository(world, `${owner}/${name}`);
  if (repository === undefined || rest === undefined) return page('Not Found', 404);
  if (repository.isPrivate && !mayRead(world, request, repository)) return page('Not Found', 404);
  return answerRaw(repository, decodeURIComponent(rest));
}

function mayRead(world: World, request: Request, repository: Repository): boolean {
  try {
    const { token } = identify(world, request);
    const user: User | undefined = token && !isOutside(token, repository) ? token.user : undefined;
    return atLeast(permissionOf(repository, user), 'read');
  } catch {
    return false;
  }
}

/** Branch names may hold slashes: the longest prefix that is a ref or a commit wins. */
function answerRaw(repository: Repository, rest: string): Response {
  const parts = rest.replace(/^refs\/heads\//, '').split('/');
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const commit = resolveCommit(repository.git, parts.slice(0, length).join('/'));
    const entry = commit && entryAt(repository.git, commit, parts.slice(length).join('/'));
    const bytes = entry && repository.git.blobs.get(entry.sha);
    if (bytes)
      return new Response(bytes, {
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes.byteLength) },
      });
  }
  return page('Not Found', 404);
}

function page(text: string, status: number): Response {
  return new Response(`<!DOCTYPE html><title>${text}</title><h1>${text}</h1>`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}
