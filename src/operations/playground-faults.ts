import { isWrite } from '../gateway/is-write.ts';
import type { Transport } from '../gateway/gateway.ts';
import type { FaultPlan } from '../simulators/simulator.ts';

/** What can be switched on for a run of the playground. */
export const faultNames = ['lost-answers', 'too-many-requests', 'killed-runner', 'lost-cache'] as const;
export type FaultName = (typeof faultNames)[number];

/** Of the requests that write, each of this number is carried out and its answer lost. */
const lostEvery = 3;
/** Each of this number is answered 429 instead. */
const refusedEvery = 4;
/** The runner is killed right after this write was carried out, or, where a run has fewer, before it notes what it did. */
const killedAfter = 3;

/** A plan for both trackers that follows what is switched on. */
export function switchedFaults(isOn: (name: FaultName) => boolean): FaultPlan {
  let [writes, requests] = [0, 0];
  return ({ method, url }) => {
    requests += 1;
    const counts = writesTracker(method, url);
    if (counts) writes += 1;
    if (isOn('too-many-requests') && requests % refusedEvery === 0) return { kind: 'status', status: 429, retryAfterSeconds: 1 };
    return counts && isOn('lost-answers') && writes % lostEvery === 0 ? { kind: 'lost-after' } : undefined;
  };
}

export interface KilledRunner {
  readonly transport: Transport;
  /**
   * Resolves with the request after which the runner was gone, or without one where it was gone before it could note what
   * it did; never where a run does not get as far as either.
   */
  readonly killed: Promise<string | undefined>;
}

/**
 * A transport that ends like the machine below it: the write is carried out, its answer never arrives, and nothing that
 * the run does afterwards leaves it, its lease's return neither. A run with few writes ends when it commits, so that every
 * run that would get to its end is killed.
 */
export function killedTransport(transport: Transport): KilledRunner {
  let writes = 0;
  let isGone = false;
  let tell: ((request: string | undefined) => void) | undefined;
  const killed = new Promise<string | undefined>((done) => {
    tell = done;
  });
  const never = (): Promise<Response> => new Promise(() => undefined);
  return {
    killed,
    transport: async (request, options) => {
      if (isGone) return never();
      if (isCommit(request)) {
        isGone = true;
        tell?.(undefined);
        return never();
      }
      const answer = await transport(request, options);
      if (isGone) return never();
      if (!writesTracker(request.method, request.url)) return answer;
      writes += 1;
      if (writes < killedAfter) return answer;
      isGone = true;
      await answer.body?.cancel();
      tell?.(`${request.method} ${new URL(request.url).pathname}`);
      return never();
    },
  };
}

/** The one write of the record by which a cycle commits. */
function isCommit({ method, url }: Request): boolean {
  return method === 'PUT' && /\/user\/properties\/sallyport\.[a-z0-9]+\.run$/.test(new URL(url).pathname);
}

/** Record and lease, the account's own properties, do not count; nor does GraphQL, which only reads here. */
function writesTracker(method: string, url: string): boolean {
  const path = new URL(url).pathname;
  if (path.endsWith('/graphql') || path.includes('/user/properties/')) return false;
  const known = (['POST', 'PUT', 'PATCH', 'DELETE'] as const).find((name) => name === method);
  return known !== undefined && isWrite({ method: known, url });
}
