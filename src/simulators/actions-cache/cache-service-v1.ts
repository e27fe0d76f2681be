import { z } from 'zod';
import { readDeniedMessage, writeDeniedMessage } from './condition.ts';
import type { CacheBackend } from './cache-service-v2.ts';
import type { CacheEntry } from './entries.ts';

export const servicePathV1 = '/_apis/artifactcache/';

const reserveSchema = z.object({ key: z.string(), version: z.string(), cacheSize: z.number().optional() });
const commitSchema = z.object({ size: z.number() });

export interface CacheServiceV1 {
  /** Answers a request to `resource`, the path below `/_apis/artifactcache/`. */
  answer(request: Request, resource: string, url: URL): Promise<Response>;
}

/**
 * The cache service as GitHub Enterprise Server has it: JSON over plain HTTP, the archive sent in chunks with
 * `Content-Range` (`@actions/cache`, lib/internal/cacheHttpClient). A miss is a 204.
 */
export function createCacheServiceV1(backend: CacheBackend, origin: string): CacheServiceV1 {
  const uploads = new Map<number, Buffer>();

  const reserve = async (request: Request): Promise<Response> => {
    const body = reserveSchema.safeParse(await request.json().catch(() => undefined)).data;
    if (body === undefined) return problem(400, 'The request is malformed.');
    if (backend.condition() === 'write-denied') return problem(403, writeDeniedMessage);
    const entry = backend.condition() === 'reserved' ? undefined : backend.entries.reserve(body.key, body.version);
    if (entry === undefined) return problem(409, 'Cache already exists.');
    uploads.set(entry.number, Buffer.alloc(0));
    return Response.json({ cacheId: entry.number }, { status: 201 });
  };

  const upload = async (request: Request, number: number): Promise<Response> => {
    const start = /^bytes (\d+)-\d+\/\*$/.exec(request.headers.get('Content-Range') ?? '')?.[1];
    const sent = uploads.get(number);
    if (start === undefined || sent === undefined) return problem(400, 'There is no such upload, or no Content-Range.');
    const chunk = new Uint8Array(await request.arrayBuffer());
    const whole = Buffer.alloc(Math.max(sent.length, Number(start) + chunk.length));
    whole.set(sent);
    whole.set(chunk, Number(start));
    uploads.set(number, whole);
    return new Response(null, { status: 204 });
  };

  const commit = async (request: Request, entry: CacheEntry): Promise<Response> => {
    const body = commitSchema.safeParse(await request.json().catch(() => undefined)).data;
    const bytes = uploads.get(entry.number);
    if (body === undefined || bytes?.length !== body.size) return problem(400, 'The size differs from what was uploaded.');
    uploads.delete(entry.number);
    if (backend.condition() === 'lost') backend.entries.evict(entry.key);
    else entry.bytes = bytes;
    return new Response(null, { status: 204 });
  };

  const find = (url: URL): Response => {
    if (backend.condition() === 'read-denied') return problem(403, readDeniedMessage);
    const keys = (url.searchParams.get('keys') ?? '').split(',');
    const entry = backend.entries.find(keys, url.searchParams.get('version') ?? '');
    if (entry === undefined) return new Response(null, { status: 204 });
    const archiveLocation = `${origin}${servicePathV1}archives/${entry.number}`;
    return Response.json({
      archiveLocation,
      cacheKey: entry.key,
      scope: entry.scope,
      creationTime: new Date(entry.createdAt).toISOString(),
    });
  };

  return {
    answer: async (request, resource, url) => {
      const [folder, id] = resource.split('/');
      const entry = id === undefined ? undefined : backend.entries.numbered(Number(id));
      switch (`${request.method} ${folder}${id === undefined ? '' : '/id'}`) {
        case 'GET cache':
          return find(url);
        case 'POST caches':
          return reserve(request);
        case 'PATCH caches/id':
          return upload(request, Number(id));
        case 'POST caches/id':
          return entry === undefined ? problem(404, 'Cache not found.') : commit(request, entry);
        case 'GET archives/id':
          return entry?.bytes === undefined ? problem(404, 'Archive not found.') : new Response(Uint8Array.from(entry.bytes));
        default:
          return problem(404, 'There is nothing here.');
      }
    },
  };
}

/** `getJson` of the Actions HTTP client takes `message` out of an error's body. */
function problem(status: number, message: string): Response {
  return Response.json({ message, typeKey: 'ArtifactCacheException' }, { status });
}
