import { withFaults } from '../faults.ts';
import { ConnectionLost } from '../simulator.ts';
import type { FaultPlan, Simulator, VirtualClock } from '../simulator.ts';
import { createBlobService } from './blobs.ts';
import { createCacheServiceV1, servicePathV1 } from './cache-service-v1.ts';
import { answerV2, servicePathV2, twirpError } from './cache-service-v2.ts';
import type { CacheCondition } from './condition.ts';
import { createEntryStore } from './entries.ts';
import type { CacheScopes } from './entries.ts';

export interface ActionsCacheSimulatorOptions {
  readonly clock: VirtualClock;
  /** With its port, as the client will name it; signed URLs lead there too. */
  readonly host: string;
  /** Default `http`. */
  readonly protocol?: 'http' | 'https';
  readonly faults?: FaultPlan;
}

export interface ActionsCacheSimulator extends Simulator {
  /** Keys of all finished entries, oldest first. */
  keys(): readonly string[];
  /** The archive under this key as it was uploaded, or undefined. */
  archive(key: string): Uint8Array | undefined;
  /** Removes all entries of this key, or every entry, as the service does when space is short. */
  evict(key?: string): void;
  setCondition(condition: CacheCondition): void;
  /** The branches that the next requests may read and write. */
  setScopes(scopes: CacheScopes): void;
}

/**
 * GitHub's cache service over its real protocols: version 2 at `ACTIONS_RESULTS_URL` (Twirp and Azure block blobs) and
 * version 1 at `ACTIONS_CACHE_URL` (GitHub Enterprise Server), on the same entries. Both URLs are the host's root with a
 * slash at the end. Any bearer token is taken.
 */
export function createActionsCacheSimulator(options: ActionsCacheSimulatorOptions): ActionsCacheSimulator {
  const { clock, host, protocol = 'http' } = options;
  const origin = `${protocol}://${host}`;
  let condition: CacheCondition = 'healthy';
  const entries = createEntryStore(clock);
  const backend = { entries, blobs: createBlobService({ clock, origin }), condition: () => condition };
  const v1 = createCacheServiceV1(backend, origin);

  const route = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname.startsWith('/blobs/')) return backend.blobs.answer(request, url);
    // Archives of version 1 are fetched by their URL alone; everything else shows the run's token.
    if (
      !url.pathname.startsWith(`${servicePathV1}archives/`) &&
      !/^Bearer \S+$/.test(request.headers.get('Authorization') ?? '')
    ) {
      return twirpError(401, 'unauthenticated', 'the bearer token is missing');
    }
    if (url.pathname.startsWith(servicePathV2)) return answerV2(request, url.pathname.slice(servicePathV2.length), backend);
    if (url.pathname.startsWith(servicePathV1)) return v1.answer(request, url.pathname.slice(servicePathV1.length), url);
    return twirpError(404, 'bad_route', `no handler for path ${url.pathname}`);
  };

  const dated = async (request: Request): Promise<Response> => {
    if (condition === 'down') throw new ConnectionLost('The cache service is down.');
    const response = await route(request);
    response.headers.set('Date', new Date(clock.now()).toUTCString());
    return response;
  };

  return {
    hosts: [host],
    fetch: withFaults(dated, options.faults, { now: () => clock.now() }),
    keys: () =>
      entries
        .all()
        .filter((entry) => entry.bytes !== undefined)
        .map((entry) => entry.key),
    archive: (key) => entries.all().find((entry) => entry.key === key)?.bytes,
    evict: (key) => entries.evict(key),
    setCondition: (changed) => {
      condition = changed;
    },
    setScopes: (scopes) => entries.setScopes(scopes),
  };
}
