import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { VirtualClock } from '../simulator.ts';
import { parseRange } from './ranges.ts';

/** What a signed URL allows: `w` for one upload, `r` for downloads. */
export type BlobPermission = 'r' | 'w';

/**
 * Azure block blobs as the cache client uses them (Put Blob, Put Block, Put Block List, Get Blob and Get Blob Properties of
 * the Blob service's REST interface), behind URLs that are signed and expire. The signature is this simulator's own.
 */
export interface BlobService {
  signedUrl(name: string, permission: BlobPermission): string;
  /** Answers a request to a path below `/blobs/`. */
  answer(request: Request, url: URL): Promise<Response>;
  read(name: string): Uint8Array | undefined;
}

interface Blob {
  readonly bytes: Uint8Array;
  readonly modifiedAt: number;
}

const urlLifetimeMs = 10 * 60 * 1000;
const signingKey = 'signs the URLs of a simulator and protects nothing';

export function createBlobService(options: { readonly clock: VirtualClock; readonly origin: string }): BlobService {
  const { clock, origin } = options;
  const blobs = new Map<string, Blob>();
  const blocks = new Map<string, Map<string, Uint8Array>>();

  const commit = (name: string, bytes: Uint8Array): Response => {
    const blob = { bytes, modifiedAt: clock.now() };
    blobs.set(name, blob);
    blocks.delete(name);
    return new Response(null, { status: 201, headers: headersOf(blob) });
  };

  const putBlockList = (name: string, xml: string): Response => {
    const staged = blocks.get(name);
    const ids = [...xml.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)<\//g)].map((match) => match[1] ?? '');
    const parts = ids.map((id) => staged?.get(id)).filter((part) => part !== undefined);
    if (parts.length !== ids.length) return azureError(400, 'InvalidBlockList', 'The specified block list is invalid.');
    return commit(name, Buffer.concat(parts));
  };

  const putBlock = (name: string, id: string, bytes: Uint8Array): Response => {
    const staged = blocks.get(name) ?? new Map<string, Uint8Array>();
    blocks.set(name, staged.set(id, bytes));
    return new Response(null, { status: 201, headers: { 'x-ms-version': '2025-01-05' } });
  };

  const put = async (request: Request, name: string, url: URL): Promise<Response> => {
    const bytes = new Uint8Array(await request.arrayBuffer());
    const operation = url.searchParams.get('comp');
    if (operation === 'blocklist') return putBlockList(name, Buffer.from(bytes).toString('utf8'));
    if (operation === 'block') return putBlock(name, url.searchParams.get('blockid') ?? '', bytes);
    if (operation !== null)
      return azureError(400, 'InvalidQueryParameterValue', 'Value for one of the query parameters is invalid.');
    if (request.headers.get('x-ms-blob-type') !== 'BlockBlob') {
      return azureError(400, 'MissingRequiredHeader', 'The header x-ms-blob-type has to be BlockBlob.');
    }
    return commit(name, bytes);
  };

  return {
    signedUrl: (name, permission) => {
      const expiry = new Date(clock.now() + urlLifetimeMs).toISOString();
      const query = new URLSearchParams({
        se: expiry,
        sp: permission,
        sr: 'b',
        sv: '2025-01-05',
        sig: sign(name, permission, expiry),
      });
      return `${origin}/blobs/${name}?${query.toString()}`;
    },
    answer: async (request, url) => {
      const name = url.pathname.slice('/blobs/'.length);
      const wanted = request.method === 'PUT' ? 'w' : 'r';
      if (!isAllowed(url, { name, wanted, now: clock.now() })) {
        return azureError(403, 'AuthenticationFailed', 'Server failed to authenticate the request.');
      }
      if (request.method === 'PUT') return put(request, name, url);
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return azureError(405, 'UnsupportedHttpVerb', 'The verb is not supported.');
      return download(request, blobs.get(name));
    },
    read: (name) => blobs.get(name)?.bytes,
  };
}

function sign(name: string, permission: string, expiry: string): string {
  return createHmac('sha256', signingKey)
    .update(JSON.stringify([name, permission, expiry]))
    .digest('base64');
}

function isAllowed(
  url: URL,
  { name, wanted, now }: { readonly name: string; readonly wanted: BlobPermission; readonly now: number },
): boolean {
  const expiry = url.searchParams.get('se') ?? '';
  const given = Buffer.from(url.searchParams.get('sig') ?? '', 'utf8');
  const expected = Buffer.from(sign(name, wanted, expiry), 'utf8');
  return given.length === expected.length && timingSafeEqual(given, expected) && now < Date.parse(expiry);
}

function download(request: Request, blob: Blob | undefined): Response {
  if (blob === undefined) return azureError(404, 'BlobNotFound', 'The specified blob does not exist.');
  const headers = {
    ...headersOf(blob),
    'Accept-Ranges': 'bytes',
    'Content-Type': 'application/octet-stream',
    'x-ms-blob-type': 'BlockBlob',
  };
  const size = blob.bytes.length;
  // The service prefers its own header, because some clients cannot set the standard one.
  const asked = request.headers.get('x-ms-range') ?? request.headers.get('Range');
  const range = asked === null ? { first: 0, last: size - 1 } : parseRange(asked, size);
  if (range === undefined)
    return azureError(416, 'InvalidRange', 'The range specified is invalid for the current size of the resource.');
  const part = Uint8Array.from(blob.bytes.subarray(range.first, range.last + 1));
  return new Response(request.method === 'HEAD' ? null : part, {
    status: asked === null ? 200 : 206,
    headers: {
      ...headers,
      'Content-Length': String(part.length),
      ...(asked === null ? {} : { 'Content-Range': `bytes ${range.first}-${range.last}/${size}` }),
    },
  });
}

function headersOf(blob: Blob): Record<string, string> {
  return {
    ETag: `"0x${createHash('sha256').update(blob.bytes).digest('hex').slice(0, 15).toUpperCase()}"`,
    'Last-Modified': new Date(blob.modifiedAt).toUTCString(),
    'x-ms-version': '2025-01-05',
  };
}

function azureError(status: number, code: string, message: string): Response {
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(xml, { status, headers: { 'Content-Type': 'application/xml', 'x-ms-error-code': code } });
}
