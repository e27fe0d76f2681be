import { z } from 'zod';
import type { BlobService } from './blobs.ts';
import { readDeniedMessage, writeDeniedMessage } from './condition.ts';
import type { CacheCondition } from './condition.ts';
import type { EntryStore } from './entries.ts';

/** What both versions of the service stand on. */
export interface CacheBackend {
  readonly entries: EntryStore;
  readonly blobs: BlobService;
  condition(): CacheCondition;
}

export const servicePathV2 = '/twirp/github.actions.results.api.v1.CacheService/';

const createSchema = z.object({ key: z.string(), version: z.string() });
const finalizeSchema = z.object({ key: z.string(), version: z.string(), size_bytes: z.coerce.number() });
const findSchema = z.object({ key: z.string(), version: z.string(), restore_keys: z.array(z.string()).default([]) });

/**
 * The cache service as github.com has it: Twirp with JSON in the names of the protocol buffers (the generated client of
 * `@actions/cache`, lib/generated/results/api/v1). A miss is a success with `ok: false`.
 */
export async function answerV2(request: Request, method: string, backend: CacheBackend): Promise<Response> {
  if (request.method !== 'POST') return twirpError(404, 'bad_route', `unsupported method ${request.method}`);
  const body: unknown = await request.json().catch(() => undefined);
  switch (method) {
    case 'CreateCacheEntry':
      return create(createSchema.safeParse(body).data, backend);
    case 'FinalizeCacheEntryUpload':
      return finalize(finalizeSchema.safeParse(body).data, backend);
    case 'GetCacheEntryDownloadURL':
      return find(findSchema.safeParse(body).data, backend);
    default:
      return twirpError(404, 'bad_route', `no handler for ${method}`);
  }
}

export function twirpError(status: number, code: string, message: string): Response {
  return Response.json({ code, msg: message }, { status });
}

function malformed(): Response {
  return twirpError(400, 'malformed', 'the json request could not be decoded');
}

function blobName(number: number): string {
  return `actions-cache/${number}`;
}

function create(body: z.infer<typeof createSchema> | undefined, { entries, blobs, condition }: CacheBackend): Response {
  if (body === undefined) return malformed();
  if (condition() === 'write-denied') return Response.json({ ok: false, message: writeDeniedMessage });
  const entry = condition() === 'reserved' ? undefined : entries.reserve(body.key, body.version);
  if (entry === undefined) {
    return twirpError(409, 'already_exists', 'cache entry with the same key, version, and scope already exists');
  }
  return Response.json({ ok: true, signed_upload_url: blobs.signedUrl(blobName(entry.number), 'w') });
}

function finalize(body: z.infer<typeof finalizeSchema> | undefined, { entries, blobs, condition }: CacheBackend): Response {
  if (body === undefined) return malformed();
  const entry = entries.reserved(body.key, body.version);
  const bytes = entry === undefined ? undefined : blobs.read(blobName(entry.number));
  if (entry === undefined || bytes === undefined)
    return twirpError(404, 'not_found', 'there is no upload to finalize for this key');
  if (bytes.length !== body.size_bytes) return Response.json({ ok: false, message: 'the uploaded size differs from size_bytes' });
  if (condition() === 'lost') entries.evict(entry.key);
  else entry.bytes = bytes;
  return Response.json({ ok: true, entry_id: String(entry.number) });
}

function find(body: z.infer<typeof findSchema> | undefined, { entries, blobs, condition }: CacheBackend): Response {
  if (body === undefined) return malformed();
  if (condition() === 'read-denied') return twirpError(403, 'permission_denied', readDeniedMessage);
  const entry = entries.find([body.key, ...body.restore_keys], body.version);
  if (entry === undefined) return Response.json({ ok: false, signed_download_url: '', matched_key: '' });
  return Response.json({ ok: true, signed_download_url: blobs.signedUrl(blobName(entry.number), 'r'), matched_key: entry.key });
}
