import { SallyportError } from '../errors.ts';
import { receiveAnswer, type ReceivedAnswer } from './answer-body.ts';
import type { GatewayRequest, ProcessClock, TraceLine, Transport } from './gateway.ts';
import { isWrite } from './is-write.ts';
import { pathPattern } from './path-pattern.ts';
import type { AttemptOutcome } from './retry-timing.ts';
import type { Traffic } from './traffic.ts';

export interface AttemptParts {
  readonly transport: Transport;
  readonly clock: ProcessClock;
  readonly traffic: Traffic;
  readonly userAgent: string;
  readonly onTrace: ((line: TraceLine) => void) | undefined;
  readonly headTimeoutMs: number;
  readonly bodyInactivityMs: number;
  readonly prefetchBytesMax: number;
}

/** One attempt: its answer, if there was one, and what it means for a further one. */
export interface Attempt {
  readonly outcome: AttemptOutcome;
  readonly response: Response | undefined;
}

/** Sends a request once, counts and traces it. A failure is a value here; any error in it is a SallyportError. */
export async function attemptRequest(parts: AttemptParts, request: GatewayRequest, attempt: number): Promise<Attempt> {
  const url = new URL(request.url);
  const pattern = request.pattern ?? pathPattern(url);
  const startMs = parts.clock.monotonicMs();
  const trace = (status: number | 'failed', bytesReceived: number | undefined): void =>
    parts.onTrace?.({
      method: request.method,
      host: url.host,
      pattern,
      status,
      attempt,
      durationMs: Math.round(parts.clock.monotonicMs() - startMs),
      bytesSent: bodyBytes(request),
      bytesReceived,
    });
  parts.traffic.countRequest(url.host, request);
  try {
    const { response, bodyText, bytes } = await exchange(parts, request, `${request.method} ${pattern} at ${url.host}`);
    trace(response.status, bytes);
    return { outcome: { kind: 'answer', status: response.status, headers: response.headers, bodyText }, response };
  } catch (error) {
    trace('failed', undefined);
    if (!(error instanceof SallyportError)) throw error;
    return { outcome: { kind: 'failure', error: asSeenBy(request, error), sent: error.outcomeUnknown }, response: undefined };
  }
}

async function exchange(parts: AttemptParts, request: GatewayRequest, what: string): Promise<ReceivedAnswer> {
  const answer = await awaitHead(parts, request, what);
  parts.traffic.noteAnswer(new URL(request.url).host, answer);
  return receiveAnswer(answer, request.url, {
    clock: parts.clock,
    inactivityMs: parts.bodyInactivityMs,
    prefetchBytesMax: parts.prefetchBytesMax,
    what,
    changesSomething: isWrite(request),
  });
}

/**
 * The head of the answer, in time.
 *
 * @throws SallyportError `passing` on a timeout or a cut connection, or what the transport found out itself;
 * `outcomeUnknown` wherever the request may have left.
 */
async function awaitHead(parts: AttemptParts, request: GatewayRequest, what: string): Promise<Response> {
  const aborter = new AbortController();
  const sent = buildRequest(request, parts.userAgent, aborter.signal);
  const timeoutMs = request.timeoutMs ?? parts.headTimeoutMs;
  return new Promise((resolve, reject) => {
    let given = false;
    const cancelAlarm = parts.clock.alarm?.(timeoutMs, () => {
      given = true;
      reject(passing(`No answer within ${timeoutMs} ms: ${what}. It may go through later.`, undefined));
      aborter.abort();
    });
    parts.transport(sent, { signal: aborter.signal }).then(
      (response) => {
        cancelAlarm?.();
        if (given) void discardLate(response);
        resolve(response);
      },
      (error: unknown) => {
        cancelAlarm?.();
        reject(transportError(error, what));
      },
    );
  });
}

/** What a transport rejects with is a SallyportError where it knows more; anything else is a connection cut at an unknown moment. */
function transportError(error: unknown, what: string): SallyportError {
  if (error instanceof SallyportError) return error;
  return passing(`The connection was cut before an answer came: ${what}. It may go through later.`, error);
}

function passing(message: string, cause: unknown): SallyportError {
  return new SallyportError(message, { kind: 'passing', cause, outcomeUnknown: true });
}

/** Whoever cuts a connection cannot know that a lost search or read changed nothing; its caller need not look for anything. */
function asSeenBy(request: GatewayRequest, error: SallyportError): SallyportError {
  if (!error.outcomeUnknown || isWrite(request)) return error;
  return new SallyportError(error.message, { kind: error.kind, cause: error });
}

/** An answer that comes after its time is let go; whether that succeeds no longer matters. */
async function discardLate(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

function buildRequest(request: GatewayRequest, userAgent: string, signal: AbortSignal): Request {
  const headers = buildHeaders(request, userAgent);
  const bytes = bodyBytes(request);
  // A transport sees every body as a stream, whose length it cannot tell; some servers refuse chunked bodies.
  if (request.body !== undefined && bytes !== undefined) headers.set('content-length', String(bytes));
  const init = {
    method: request.method,
    headers,
    redirect: 'manual' as const,
    signal,
    ...(request.body === undefined ? {} : { body: bodyInit(request.body), duplex: 'half' }),
  };
  return new Request(request.url, init);
}

function buildHeaders(request: GatewayRequest, userAgent: string): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    try {
      headers.append(name, value);
    } catch {
      // The original error repeats the value, which may be a token (I8): it is not even kept as the cause.
      throw new SallyportError(
        `The header ${name} of a request to ${new URL(request.url).host} holds characters that no header may hold, such as a line break; check the tokens and passwords.`,
        { kind: 'configuration' },
      );
    }
  }
  headers.set('user-agent', userAgent);
  return headers;
}

/** `Request` takes only bytes that are not shared memory; those that are get copied. */
function bodyInit(body: string | Uint8Array | ReadableStream<Uint8Array>): BodyInit {
  if (typeof body === 'string' || body instanceof ReadableStream) return body;
  return body.buffer instanceof ArrayBuffer
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : new Uint8Array(body);
}

/** Bytes of a request's body; of a stream, what its `Content-Length` says, if anything. */
function bodyBytes(request: GatewayRequest): number | undefined {
  const { body } = request;
  if (body === undefined) return 0;
  if (typeof body === 'string') return new TextEncoder().encode(body).byteLength;
  if (body instanceof Uint8Array) return body.byteLength;
  const told = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return told !== undefined && /^\d+$/.test(told) ? Number(told) : undefined;
}
