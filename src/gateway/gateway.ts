/**
 * The contract of the one outbound door (I7). Everything that leaves the process, save the Actions cache client, is a
 * `GatewayRequest`; libraries are given an adapter onto it instead of a transport of their own.
 */

/** What a request is for: only `work` and `audit` count as tracker requests, `control` is record and lease. */
export type Purpose = 'work' | 'audit' | 'control';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type RequestBody = string | Uint8Array | ReadableStream<Uint8Array>;

export interface GatewayRequest {
  readonly method: HttpMethod;
  /** Absolute. Its host must be on the allow-list, or the request fails before anything leaves. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Path with ids replaced (`/rest/api/3/issue/{id}`), for the trace line and pacing; derived from the URL if absent. */
  readonly pattern?: string;
  /**
   * `idempotent`: may be sent again after a lost answer. `never`: a lost answer is the caller's to resolve, it comes as a
   * SallyportError with `outcomeUnknown` (429, a rate-limiting 403 and 503 with Retry-After, which say that nothing was
   * done, are still retried, as is a connection that was never made). A body that is a stream is never sent again.
   */
  readonly retry: 'idempotent' | 'never';
  readonly purpose: Purpose;
  /** `follow` goes by hand, to allowed hosts only, credentials dropped on another host. Default `follow` for GET and HEAD, else `manual`. */
  readonly redirect?: 'follow' | 'manual';
  /** Until the response head. Default 30 s. */
  readonly timeoutMs?: number;
}

export interface RequestCounts {
  readonly work: number;
  readonly audit: number;
  readonly control: number;
  /** Of work and audit: those with a method other than GET or HEAD that are not searches (see `isWrite`). */
  readonly writes: number;
}

/** One line a request: never a query value, never a body, never a header value. */
export interface TraceLine {
  readonly method: string;
  readonly host: string;
  readonly pattern: string;
  readonly status: number | 'failed';
  readonly attempt: number;
  readonly durationMs: number;
  readonly bytesSent: number | undefined;
  readonly bytesReceived: number | undefined;
}

export interface Gateway {
  /**
   * Sends a request, with redirects, retries and pacing as its fields say. Any HTTP status that remains after retries
   * is returned, not thrown: what a 404 means is the caller's to say. Bodies of answers are streams.
   *
   * @throws SallyportError `configuration` (host not allowed, plain http where https is required), `host` (unreachable,
   * certificate), `passing` (timeout, cut connection; `outcomeUnknown` if the request had left and may have changed
   * something; a longer wait asked for than allowed, with `retryAfterMs`), `answer` (redirect to where nothing may go),
   * `limit`. Bodies that are streams fail their reader with `passing`; each is to be read or discarded (read-json.ts).
   */
  send(request: GatewayRequest): Promise<Response>;
  /** Requests sent so far, each attempt and each hop of a redirect counted; of one host (`URL.host`) if named. */
  counts(host?: string): RequestCounts;
  /**
   * The newest `Date` header of this host (`URL.host`), as epoch milliseconds advanced by the time since; undefined before
   * the first answer. The header has whole seconds, cut off: the server's clock is up to 1 s ahead of what this returns.
   */
  serverTime(host: string): number | undefined;
  /** The newest rate budget that this host's headers told, if any. */
  rateBudget(host: string): RateBudget | undefined;
  /** When the token that this host was last asked with expires, epoch milliseconds; undefined where it does not say so. */
  tokenExpiresAt(host: string): number | undefined;
}

export interface RateBudget {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch milliseconds, server's time. */
  readonly resetAt: number | undefined;
}

/** Sends one request and nothing else: `fetch` with redirects off. Tests and the simulation give one that calls simulators in process. */
export type Transport = (request: Request, options: { readonly signal: AbortSignal }) => Promise<Response>;

/** The process clock: for waits and timeouts only, never stored or compared with server times. */
export interface ProcessClock {
  /** Monotonic milliseconds. */
  monotonicMs(): number;
  /** Resolves after so many milliseconds (virtual in simulations). */
  wait(durationMs: number): Promise<void>;
  /** Uniform in [0, 1): jitter only. */
  random(): number;
  /**
   * Calls `ring` after so many milliseconds unless the returned function was called before. Timeouts hang on it: a clock
   * whose `wait` moves virtual time by itself leaves it out, and then nothing times out but what the transport says did.
   */
  alarm?(durationMs: number, ring: () => void): () => void;
}
