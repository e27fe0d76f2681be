import { createHash } from 'node:crypto';
import type { Simulator } from '../../src/simulators/simulator.ts';
import type { LargeContent } from './large-content.ts';
import { contentIn, headOf, streamOf } from './large-content.ts';

/** A file that came in: hashed as it streamed, and not held. */
export interface Arrived {
  readonly size: number;
  readonly sha256: string;
}

export interface LargeFileDoor extends Simulator {
  /** Every large file that came in, in order. */
  readonly arrived: readonly Arrived[];
  /** Files that were read as streams, by how many bytes went out. */
  readonly sent: readonly number[];
  /** So many of the next large files that come in have a byte changed on their way. */
  spoil: number;
}

/** Smaller uploads go to the simulator as they are. */
const largeBytesMin = 8 * 1024 * 1024;

/**
 * Stands before a tracker's simulator, which holds files in memory, and lets large ones through as streams. The simulator
 * holds the first bytes of each alone, which name the rest.
 */
export function largeFileDoor(simulator: Simulator): LargeFileDoor {
  const arrived: Arrived[] = [];
  const sent: number[] = [];
  /** Tokens of Redmine's uploads hold the hash of the file: that of the whole by that of the first bytes. */
  const tokens = new Map<string, string>();
  const door: LargeFileDoor = {
    hosts: simulator.hosts,
    arrived,
    sent,
    spoil: 0,
    fetch: async (request) => {
      const isLarge = Number(request.headers.get('content-length') ?? 0) >= largeBytesMin;
      const response = isLarge ? await takeIn(request) : await simulator.fetch(await withTokens(request, tokens));
      return giveOut(response, sent);
    },
  };
  const takeIn = async (request: Request): Promise<Response> => {
    const isSpoiled = door.spoil > 0;
    if (isSpoiled) door.spoil -= 1;
    const boundary = /boundary=(\S+)/.exec(request.headers.get('content-type') ?? '')?.[1];
    const { head, file, first } = await receive(request, { boundary, isSpoiled });
    arrived.push(file);
    // The simulator stores the bytes that name the content; a spoiled one names another.
    const known = contentIn(first);
    const small = Buffer.from(known === undefined || isSpoiled ? `other bytes ${file.sha256}` : headOf(known));
    const body = boundary === undefined ? small : Buffer.concat([head, small, Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const headers = new Headers(request.headers);
    headers.delete('content-length');
    const response = await simulator.fetch(new Request(request.url, { method: request.method, headers, body }));
    const smallHash = createHash('sha256').update(small).digest('hex');
    const text = (await response.text()).replace(smallHash, file.sha256);
    tokens.set(file.sha256, smallHash);
    return new Response(text, { status: response.status, headers: response.headers });
  };
  return door;
}

/** A request that names a token of a large file names it as the simulator knows it. */
async function withTokens(request: Request, tokens: ReadonlyMap<string, string>): Promise<Request> {
  if (request.method !== 'PUT' || tokens.size === 0) return request;
  let text = await request.text();
  for (const [whole, small] of tokens) text = text.replaceAll(whole, small);
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  return new Request(request.url, { method: request.method, headers, body: text });
}

/** Reads an upload to its end: the head of its multipart form, if it is one, and the hash of its one file. */
async function receive(
  request: Request,
  form: { readonly boundary: string | undefined; readonly isSpoiled: boolean },
): Promise<{ readonly head: Buffer; readonly file: Arrived; readonly first: Uint8Array }> {
  const tailBytes = form.boundary === undefined ? 0 : Buffer.byteLength(`\r\n--${form.boundary}--\r\n`);
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let isInFile = form.boundary === undefined;
  let pending = Buffer.alloc(0);
  let first = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of request.body ?? []) {
    pending = Buffer.concat([pending, chunk]);
    if (!isInFile) {
      const end = pending.indexOf('\r\n\r\n');
      if (end === -1) continue;
      head = Buffer.from(pending.subarray(0, end + 4));
      pending = pending.subarray(end + 4);
      isInFile = true;
    }
    const whole = pending.subarray(0, Math.max(0, pending.length - tailBytes));
    pending = Buffer.from(pending.subarray(whole.length));
    if (first.length < 64) first = Buffer.concat([first, whole.subarray(0, 64)]);
    if (form.isSpoiled && size === 0 && whole.length > 0) whole[whole.length - 1] = (whole[whole.length - 1] ?? 0) ^ 1;
    hash.update(whole);
    size += whole.length;
  }
  return { head, file: { size, sha256: hash.digest('hex') }, first };
}

/** The bytes that name a large content become that content; in JSON, its size stands in place of theirs. */
async function giveOut(response: Response, sent: number[]): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body === null || /json|html/.test(type)) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const content: LargeContent | undefined = contentIn(bytes);
  if (content === undefined) return new Response(bytes, { status: response.status, headers: response.headers });
  sent.push(content.size);
  const headers = new Headers(response.headers);
  headers.set('content-length', String(content.size));
  return new Response(streamOf(content), { status: response.status, headers });
}
