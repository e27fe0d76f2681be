import { ConnectionLost } from './simulator.ts';
import type { Fault, FaultPlan } from './simulator.ts';

/** A request → response function: what a simulator is under its faults. */
export type Handler = (request: Request) => Promise<Response>;

export interface FaultOptions {
  /** Epoch milliseconds for the `Date` header of answers that a fault makes up; without it they have none. */
  readonly now?: () => number;
}

/**
 * Puts a fault plan in front of a handler. The plan is asked once a request, in order, with the index of the request.
 *
 * @throws ConnectionLost from the returned handler for `lost-before` and `lost-after`; the body of a `cut` answer fails with it.
 */
export function withFaults(handle: Handler, plan: FaultPlan | undefined, options: FaultOptions = {}): Handler {
  if (plan === undefined) return handle;
  let index = 0;
  return async (request) => {
    const fault = plan({ method: request.method, url: request.url, index });
    index += 1;
    if (fault === undefined) return handle(request);
    return applyFault(fault, { handle, request, now: options.now });
  };
}

interface FaultedRequest {
  readonly handle: Handler;
  readonly request: Request;
  readonly now: (() => number) | undefined;
}

async function applyFault(fault: Fault, { handle, request, now }: FaultedRequest): Promise<Response> {
  switch (fault.kind) {
    case 'lost-before':
      throw new ConnectionLost('The connection was lost before the request was handled.');
    case 'lost-after': {
      const response = await handle(request);
      await response.body?.cancel();
      throw new ConnectionLost('The connection was lost after the request was handled.');
    }
    case 'cut':
      return cutShort(await handle(request));
    case 'status':
      return statusAnswer(fault.status, fault.retryAfterSeconds, now);
    case 'html':
      return new Response(proxyPage(fault.status), {
        status: fault.status,
        headers: { ...dateHeader(now), 'Content-Type': 'text/html; charset=utf-8' },
      });
  }
}

function dateHeader(now: (() => number) | undefined): Record<string, string> {
  return now === undefined ? {} : { Date: new Date(now()).toUTCString() };
}

function statusAnswer(status: number, retryAfterSeconds: number | undefined, now: (() => number) | undefined): Response {
  const retryAfter = retryAfterSeconds === undefined ? undefined : { 'Retry-After': String(retryAfterSeconds) };
  return new Response(JSON.stringify({ message: `Injected fault: ${status}` }), {
    status,
    headers: { ...dateHeader(now), ...retryAfter, 'Content-Type': 'application/json;charset=UTF-8' },
  });
}

function proxyPage(status: number): string {
  return `<!DOCTYPE html>\n<html><head><title>Error ${status}</title></head><body><h1>Error ${status}</h1><p>The proxy could not complete this request.</p></body></html>\n`;
}

/** The same head, with the length of the whole body, but the body breaks off half way. */
async function cutShort(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  if (bytes.byteLength === 0) throw new ConnectionLost('The connection was cut before an answer without a body.');
  headers.set('Content-Length', String(bytes.byteLength));
  const half = bytes.subarray(0, Math.floor(bytes.byteLength / 2));
  let started = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (started || half.byteLength === 0) {
        controller.error(new ConnectionLost('The connection was cut in the middle of the answer.'));
        return;
      }
      started = true;
      controller.enqueue(half);
    },
  });
  return new Response(body, { status: response.status, headers });
}

/** The fault for the request with this index (counted from 0), and none for the others. */
export function nthRequest(index: number, fault: Fault): FaultPlan {
  return (request) => (request.index === index ? fault : undefined);
}

export interface MatchOptions {
  /** Upper case; any method without it. */
  readonly method?: string;
  /** Tested against the URL's path, without its query. */
  readonly path?: RegExp;
  /** How many matching requests to let through first. Default 0. */
  readonly skip?: number;
  /** How many matching requests get the fault. Default: all of them. */
  readonly times?: number;
}

/** The fault for requests that match, counted by this plan itself. */
export function matchingRequests(match: MatchOptions, fault: Fault): FaultPlan {
  const skip = match.skip ?? 0;
  const end = match.times === undefined ? Number.POSITIVE_INFINITY : skip + match.times;
  let seen = 0;
  return (request) => {
    if (match.method !== undefined && match.method !== request.method) return undefined;
    if (match.path !== undefined && !match.path.test(new URL(request.url).pathname)) return undefined;
    const position = seen;
    seen += 1;
    return position >= skip && position < end ? fault : undefined;
  };
}

/** Any of the faults, each request with this probability; the same seed gives the same faults at the same indexes. */
export function seededFaults(options: {
  readonly seed: number;
  readonly probability: number;
  readonly faults: readonly Fault[];
}): FaultPlan {
  const random = createRandom(options.seed);
  return () => {
    // Both numbers are drawn for every request, so that one request's outcome does not shift the choices after it.
    const chance = random();
    const choice = Math.floor(random() * options.faults.length);
    return chance < options.probability ? options.faults[choice] : undefined;
  };
}

/** Asks every plan for every request and takes the first fault given. */
export function firstOf(...plans: readonly FaultPlan[]): FaultPlan {
  return (request) => {
    const faults = plans.map((plan) => plan(request));
    return faults.find((fault) => fault !== undefined);
  };
}

/**
 * Numbers in [0, 1) that depend on the seed alone (the mulberry32 generator, in the public domain); never for secrets.
 */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
