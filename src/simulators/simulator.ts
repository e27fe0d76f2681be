/**
 * The contract of the simulators: request → response functions over a shared virtual clock and a fault plan. `demo` and the
 * end-to-end tests serve them over HTTP (serve.ts), the simulation calls them in process. They share no code with sides/.
 */
export interface Simulator {
  /** Hosts it answers for, so that a transport in process can route by host (`acme.atlassian.net`, `api.media.…`). */
  readonly hosts: readonly string[];
  fetch(request: Request): Promise<Response>;
}

/** Virtual time, shared by all simulators of one run; every `Date` header comes from it. */
export interface VirtualClock {
  /** Epoch milliseconds. */
  now(): number;
  advance(durationMs: number): void;
}

export function createVirtualClock(startMs: number): VirtualClock {
  let current = startMs;
  return {
    now: () => current,
    advance: (durationMs) => {
      current += durationMs;
    },
  };
}

/**
 * What goes wrong with one request. `lost-before`: nothing happened, no answer. `lost-after`: it happened, no answer.
 * `cut`: it happened, the answer's body breaks off. `html`: a proxy's HTML page with that status instead of the answer.
 */
export type Fault =
  | { readonly kind: 'lost-before' }
  | { readonly kind: 'lost-after' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'html'; readonly status: number };

/** Asked before each request is handled; `index` counts the requests of this simulator from 0. */
export type FaultPlan = (request: { readonly method: string; readonly url: string; readonly index: number }) => Fault | undefined;

/** What a handler throws to cut the connection without an answer; serve.ts destroys the socket, in process it rejects. */
export class ConnectionLost extends Error {}
