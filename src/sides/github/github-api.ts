import { Octokit } from '@octokit/core';
import type { Endpoints } from '@octokit/types';
import type { z } from 'zod';
import { gatewayErrorIn, gatewayFetch } from '../../gateway/fetch-adapter.ts';
import type { Gateway, Purpose } from '../../gateway/gateway.ts';
import { SallyportError } from '../../errors.ts';
import type { GitHubAddresses } from './addresses.ts';
import type { AskedFor } from './api-errors.ts';
import { answerError } from './api-errors.ts';
import { graphQlError } from './graphql-errors.ts';

/** An answer of any status; `data` is parsed JSON, or text where it was none. */
export interface GitHubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly data: unknown;
  /** The answer's `Date`, epoch milliseconds. */
  readonly servedAt: number | undefined;
}

export interface CallOptions {
  readonly purpose: Purpose;
  /** For messages: "the comments of #12". */
  readonly what: string;
  /** Default: `idempotent` for GET, `never` for everything else. */
  readonly retry?: 'idempotent' | 'never';
  /** Where a redirect is an answer in itself: a moved issue. */
  readonly redirect?: 'manual';
  readonly headers?: Readonly<Record<string, string>>;
  /** Query parameters beside the route's own: what a `Link` to the next page says. */
  readonly query?: Readonly<Record<string, string>>;
  /** A body sent as it is instead of parameters as JSON; with its media type in `headers`. */
  readonly stream?: ReadableStream<Uint8Array>;
}

/** The routes of GitHub's REST description; parameters are checked against it by the compiler, answers by schemas. */
export type Route = keyof Endpoints;

/** GitHub's REST interface through the gateway. Tokens are asked for at each request, so that they can be refreshed. */
export interface GitHubApi {
  readonly addresses: GitHubAddresses;
  readonly gateway: Gateway;
  /** @throws SallyportError of the gateway; any status that came is returned. */
  send<R extends Route>(route: R, parameters: Endpoints[R]['parameters'], options: CallOptions): Promise<GitHubAnswer>;
  /**
   * Sends and reads what a success answers.
   *
   * @throws SallyportError as the status says (see `answerError`), `answer` if it is not what the schema foresees.
   */
  read<R extends Route, T>(
    route: R,
    parameters: Endpoints[R]['parameters'],
    options: CallOptions & { readonly schema: z.ZodType<T> },
  ): Promise<T>;
  /** A GET of a URL that GitHub itself told (`Link`, `Location`). @throws SallyportError `answer` for another host than the API's. */
  follow(url: string, options: CallOptions): Promise<GitHubAnswer>;
  /** A GraphQL query; the schema is of the whole answer. @throws SallyportError like `read`, and for `errors` other than `NOT_FOUND`. */
  query<T>(
    query: string,
    variables: Record<string, unknown>,
    options: CallOptions & { readonly schema: z.ZodType<T> },
  ): Promise<T>;
  /** This server's time, epoch milliseconds; undefined before the first answer. */
  serverTime(): number | undefined;
  token(): Promise<string>;
}

const apiVersion = '2022-11-28';

/**
 * octokit on the gateway: its plugins for retries and throttling are left out, because the gateway does both
 * (docs/decisions/002-throttling-in-the-gateway.md).
 */
export function createGitHubApi(options: {
  readonly gateway: Gateway;
  readonly addresses: GitHubAddresses;
  readonly token: () => Promise<string>;
}): GitHubApi {
  const { gateway, addresses, token } = options;
  const octokit = new Octokit({ baseUrl: addresses.apiUrl });
  const apiHost = new URL(addresses.apiUrl).host;

  async function request(route: string, parameters: object, call: CallOptions): Promise<GitHubAnswer> {
    const isRead = route.startsWith('GET ') || route.startsWith('http');
    const retry = call.retry ?? (isRead ? 'idempotent' : 'never');
    const settings = {
      ...parameters,
      ...call.query,
      ...(call.stream === undefined ? {} : { data: call.stream }),
      headers: {
        authorization: `Bearer ${await token()}`,
        'x-github-api-version': apiVersion,
        ...call.headers,
      },
      request: {
        fetch: gatewayFetch(gateway, { purpose: call.purpose, retry: () => retry }),
        ...(call.redirect === undefined ? {} : { redirect: call.redirect }),
      },
    };
    try {
      const response = await octokit.request(route.startsWith('http') ? `GET ${route}` : route, settings);
      return answerOf(response);
    } catch (error) {
      const answer = answerWithin(error);
      if (answer !== undefined) return answer;
      // octokit's own error holds the request, a person's text included; only what caused it goes on (I8).
      throw gatewayErrorIn(error) ?? (error instanceof Error && error.cause instanceof Error ? error.cause : error);
    }
  }

  return {
    addresses,
    gateway,
    token,
    send: (route, parameters, call) => request(route, parameters ?? {}, call),
    async read(route, parameters, call) {
      const answer = await request(route, parameters ?? {}, call);
      return parseAnswer(answer, call.schema, { what: call.what, host: apiHost, isRead: route.startsWith('GET ') });
    },
    async follow(url, call) {
      if (!URL.canParse(url) || new URL(url).origin !== new URL(addresses.apiUrl).origin) {
        throw new SallyportError(`${apiHost} referred to another host for ${call.what}; check tracker-url and the proxy.`, {
          kind: 'answer',
        });
      }
      return request(url, {}, call);
    },
    async query(query, variables, call) {
      const path = addresses.apiUrl.endsWith('/api/v3')
        ? addresses.apiUrl.replace(/\/v3$/, '/graphql')
        : `${addresses.apiUrl}/graphql`;
      const answer = await request(`POST ${path}`, { query, variables }, { ...call, retry: 'idempotent' });
      const context = { what: call.what, host: apiHost, isRead: true };
      const error = answer.status === 200 ? graphQlError(answer.data, context) : undefined;
      if (error !== undefined) throw error;
      return parseAnswer(answer, call.schema, context);
    },
    serverTime: () => gateway.serverTime(apiHost),
  };
}

/**
 * The data of a successful answer.
 *
 * @throws SallyportError as the status says; `answer` for what the schema does not foresee, naming the place, not the value.
 */
export function parseAnswer<T>(answer: GitHubAnswer, schema: z.ZodType<T>, context: AskedFor): T {
  if (answer.status < 200 || answer.status > 299) throw answerError(answer, context);
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  if (typeof answer.data === 'string') {
    throw new SallyportError(
      `${context.host} answered ${answer.status} for ${context.what} with a web page instead of GitHub's API: a proxy or a login page seems to answer there. Check tracker-url and the proxy.`,
      { kind: 'answer', status: answer.status, outcomeUnknown: !context.isRead },
    );
  }
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'its top level' : issue.path.map(String).join('.');
  throw new SallyportError(
    `${context.host} answered something unforeseen for ${context.what}: ${place} does not fit (${issue?.code ?? 'unknown'}). Its version may not be supported.`,
    { kind: 'answer', status: answer.status, outcomeUnknown: !context.isRead },
  );
}

interface OctokitAnswer {
  readonly status: number;
  readonly headers: object;
  readonly data: unknown;
}

function answerOf(response: OctokitAnswer): GitHubAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
  const date = Date.parse(headers['date'] ?? '');
  return { status: response.status, headers, data: response.data, servedAt: Number.isNaN(date) ? undefined : date };
}

/** octokit throws an answer of 304 or from 400 on; that is an answer like any other here. */
function answerWithin(error: unknown): GitHubAnswer | undefined {
  if (!(error instanceof Error) || !('response' in error)) return undefined;
  const response: unknown = error.response;
  if (typeof response !== 'object' || response === null) return undefined;
  if (!('status' in response) || typeof response.status !== 'number') return undefined;
  if (!('headers' in response) || typeof response.headers !== 'object' || response.headers === null) return undefined;
  return answerOf({ status: response.status, headers: response.headers, data: 'data' in response ? response.data : undefined });
}
