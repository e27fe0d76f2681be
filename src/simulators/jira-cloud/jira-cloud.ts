import { createRandom, withFaults } from '../faults.ts';
import type { FaultPlan, Simulator, VirtualClock } from '../simulator.ts';
import { createWorld } from './data.ts';
import { createDoors, withoutGatewayPrefix } from './doors.ts';
import type { People } from './people.ts';
import { createPeople } from './people-acts.ts';
import type { Site } from './site.ts';

export interface JiraCloudOptions {
  /** Time moves only when its owner moves it. */
  readonly clock: VirtualClock;
  /** The site's host, with its port where it has one: `acme.atlassian.net`, `127.0.0.1:8080`. */
  readonly host: string;
  /** Where attachment content is redirected to. May equal `host`. */
  readonly mediaHost: string;
  /** Of all URLs given out. Default `https:`. */
  readonly protocol?: 'https:' | 'http:';
  readonly seed?: number;
  /** Of all ids of issues, comments and so on. Default 10000. */
  readonly firstId?: number;
  readonly faults?: FaultPlan;
  /** How far searches are behind writes. Default 0. */
  readonly searchLagMs?: number;
  /** Default: made from the seed. */
  readonly cloudId?: string;
  /** Answers `/ex/jira/{cloudId}/…`: `api.atlassian.com`. */
  readonly gatewayHost?: string;
  readonly limits?: Partial<JiraLimits>;
  /** Whether an edit of a comment counts as an update of its issue. Default false. */
  readonly commentEditsTouchIssue?: boolean;
  /** How the changelog tells descriptions: their words, or wiki markup. Default words. */
  readonly changelogForm?: 'words' | 'wiki';
}

export interface JiraLimits {
  /** Off: no request is ever answered 429 by itself. Default on. */
  readonly rates: boolean;
  /** Bytes. Default 1,000,000,000. */
  readonly uploadBytes: number;
  /** Comments an issue can have; above that 413. Default 5,000. */
  readonly commentsPerIssue: number;
  /** Comments that a search shows in the `comment` field of one issue; its `total` tells the truth. Default 20. */
  readonly commentsInSearch: number;
  /** Issues a page when more than id and key are asked for. Default 100. */
  readonly issuesPerPage: number;
}

export interface LoggedRequest {
  readonly method: string;
  readonly host: string;
  /** Without the query and without the prefix of the gateway host. */
  readonly path: string;
  /** `lost`: the fault plan let no answer through. */
  readonly status: number | 'lost';
  /** The request carried credentials; the media host must never see any. */
  readonly authorized: boolean;
}

/** Called before each request is handled, with the index that the fault plan sees: where a person may act in between. */
export type RequestHook = (request: { readonly method: string; readonly url: string; readonly index: number }) => void;

export interface JiraCloudSimulator extends Simulator {
  readonly cloudId: string;
  readonly people: People;
  /** Add and remove freely. */
  readonly onRequest: RequestHook[];
  readonly requests: readonly LoggedRequest[];
}

const usualLimits: JiraLimits = {
  rates: true,
  uploadBytes: 1_000_000_000,
  commentsPerIssue: 5_000,
  commentsInSearch: 20,
  issuesPerPage: 100,
};

/**
 * A site of Jira Cloud in memory, with its media host and, if wanted, the gateway host before it. It answers as the vendor's
 * interface description says and keeps the vendor's traps. Anything it does not know is 404.
 */
export function createJiraCloudSimulator(options: JiraCloudOptions): JiraCloudSimulator {
  const world = createWorld(options.clock, createRandom(options.seed ?? 1), options);
  const protocol = options.protocol ?? 'https:';
  const site: Site = {
    world,
    limits: { ...usualLimits, ...options.limits },
    cloudId: options.cloudId ?? world.uuid(),
    origin: `${protocol}//${options.host}`,
    mediaOrigin: `${protocol}//${options.mediaHost}`,
    searchLagMs: options.searchLagMs ?? 0,
    commentEditsTouchIssue: options.commentEditsTouchIssue ?? false,
  };
  const requests: LoggedRequest[] = [];
  const onRequest: RequestHook[] = [];
  const answer = createDoors(site, {
    host: options.host,
    mediaHost: options.mediaHost,
    gatewayHost: options.gatewayHost,
    protocol,
  });
  const dated = async (request: Request): Promise<Response> => withDate(await answer(request), options.clock);
  const handle = withFaults(dated, options.faults, { now: () => options.clock.now() });
  let index = 0;
  return {
    hosts: [...new Set([options.host, options.mediaHost, ...(options.gatewayHost === undefined ? [] : [options.gatewayHost])])],
    cloudId: site.cloudId,
    people: createPeople(world, site),
    onRequest,
    requests,
    fetch: async (request) => {
      const seen = { method: request.method, url: request.url, index };
      index += 1;
      // A hook may take itself off the list.
      for (const hook of onRequest.slice()) hook(seen);
      const response = await handle(request).catch((error: unknown) => {
        requests.push(logLine(request, 'lost'));
        throw error;
      });
      requests.push(logLine(request, response.status));
      return response;
    },
  };
}

function withDate(response: Response, clock: VirtualClock): Response {
  response.headers.set('Date', new Date(clock.now()).toUTCString());
  return response;
}

function logLine(request: Request, status: LoggedRequest['status']): LoggedRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    host: url.host,
    path: withoutGatewayPrefix(url.pathname),
    status,
    authorized: request.headers.has('authorization'),
  };
}
