import { SallyportError } from '../errors.ts';
import { isWrite } from './is-write.ts';
import { readBytes } from './read-json.ts';
import type { Gateway, GatewayRequest, HttpMethod, Purpose, RequestBody } from './gateway.ts';

export interface FetchAdapterOptions {
  /** What the library's requests are for; a function is asked at each request. */
  readonly purpose: Purpose | (() => Purpose);
  readonly retry: (method: string, url: string) => 'idempotent' | 'never';
}

const methods: readonly HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * A `fetch` for libraries (octokit's `request.fetch`, the global one for jira.js) that sends through the gateway (I7).
 *
 * It differs from the standard in what is dangerous here: without an explicit `redirect`, only GET and HEAD follow (a
 * moved issue's 301 must not turn an edit into one of another repository's issue), and an error is the gateway's
 * SallyportError. octokit wraps that: see `gatewayErrorIn`.
 */
export function gatewayFetch(gateway: Pick<Gateway, 'send'>, options: FetchAdapterOptions): typeof fetch {
  return async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    const request = await gatewayRequest(input, init, options);
    // Reading the body took a moment; after this line the listener is in place before anything else can run.
    signal?.throwIfAborted();
    const sending = gateway.send(request).then((response) => wholly(response, request));
    return signal == null ? sending : unlessAborted(sending, signal);
  };
}

/**
 * The answer with its body read: octokit takes whatever error it meets while it reads for an empty answer, so a body that is
 * cut or larger than memory should hold has to fail before octokit sees it (I9).
 *
 * @throws SallyportError `limit`, `passing`, as `readBytes`; after a write it is not known what was done (I2)
 */
async function wholly(response: Response, request: GatewayRequest): Promise<Response> {
  if (response.body === null) return response;
  try {
    const bytes = await readBytes(response, { what: `${request.method} ${new URL(request.url).pathname}` });
    const { status, statusText, headers, url } = response;
    return Object.defineProperty(new Response(bytes, { status, statusText, headers }), 'url', { value: url });
  } catch (error) {
    if (!(error instanceof SallyportError) || !isWrite(request) || error.outcomeUnknown) throw error;
    throw new SallyportError(error.message, { kind: error.kind, cause: error, outcomeUnknown: true });
  }
}

/**
 * The SallyportError within what a library threw, if there is one: octokit turns every error of its `fetch` into a
 * `RequestError` with status 500 and the original as its `cause`.
 */
export function gatewayErrorIn(error: unknown): SallyportError | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof SallyportError) return current;
    current = current.cause;
  }
  return undefined;
}

async function gatewayRequest(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  options: FetchAdapterOptions,
): Promise<GatewayRequest> {
  const url = input instanceof Request ? input.url : String(input);
  if (!URL.canParse(url)) {
    throw new SallyportError('A library asked for a relative URL; check the configured URLs.', { kind: 'configuration' });
  }
  const streamed = init?.body instanceof ReadableStream ? init.body : undefined;
  // `Request` normalises headers and the many kinds of bodies (forms, blobs), with their content types.
  const { body: _body, ...withoutBody } = init ?? {};
  const standard = new Request(input, streamed === undefined ? init : withoutBody);
  const method = methods.find((known) => known === standard.method.toUpperCase());
  if (method === undefined) {
    throw new SallyportError(`A library asked for the method ${standard.method}, which the gateway does not send.`, {
      kind: 'configuration',
    });
  }
  const body = streamed ?? (await bodyOf(standard));
  return {
    method,
    url,
    headers: Object.fromEntries(standard.headers),
    ...(body === undefined ? {} : { body }),
    ...redirectOf(init),
    retry: options.retry(method, url),
    purpose: typeof options.purpose === 'function' ? options.purpose() : options.purpose,
  };
}

/** A body that is no stream is in memory anyway; read whole it can be sent again. Text stays text, for GraphQL's sake. */
async function bodyOf(request: Request): Promise<RequestBody | undefined> {
  if (request.body === null) return undefined;
  const type = request.headers.get('content-type') ?? '';
  return /^(?:text\/|application\/(?:[^;\s]+\+)?json)/i.test(type) ? request.text() : new Uint8Array(await request.arrayBuffer());
}

function redirectOf(init: RequestInit | undefined): Pick<GatewayRequest, 'redirect'> {
  if (init?.redirect === undefined) return {};
  return { redirect: init.redirect === 'follow' ? 'follow' : 'manual' };
}

/** The gateway has no abort: its own limits end the request, but its caller need not wait for that. */
async function unlessAborted(sending: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      sending.then((response) => response.body?.cancel()).catch(() => undefined);
    };
    signal.addEventListener('abort', abort, { once: true });
    sending.then(
      (response) => {
        signal.removeEventListener('abort', abort);
        resolve(response);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort);
        reject(error instanceof Error ? error : new Error('the request failed'));
      },
    );
  });
}
