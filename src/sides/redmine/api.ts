import type { z } from 'zod';
import type { Gateway, GatewayRequest, HttpMethod, Purpose } from '../../gateway/gateway.ts';
import { jsonOf, parsed } from './answers.ts';
import type { RedmineSite } from './hosts.ts';

/** A request with a JSON answer. `what`: for messages. `adds`: sent again only if the server said that nothing was done (I2). */
export interface RedmineRequest {
  readonly method?: HttpMethod;
  /** Below the site's address, with `.json`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly purpose: Purpose;
  readonly what: string;
  readonly adds?: true;
}

/** The REST interface of Redmine 5 over the gateway (reference/redmine.md). */
export interface RedmineApi {
  readonly site: RedmineSite;
  readonly host: string;
  /** The answer as JSON; undefined for one without a body. @throws SallyportError as the status says */
  json(request: RedmineRequest): Promise<unknown>;
  read<T>(schema: z.ZodType<T>, request: RedmineRequest): Promise<T>;
  /** Any path below the site's address, any status returned. */
  send(request: Omit<GatewayRequest, 'url'> & { readonly path: string }): Promise<Response>;
  serverTime(): number | undefined;
}

export function createRedmineApi(options: { readonly gateway: Gateway; readonly site: RedmineSite }): RedmineApi {
  const { gateway, site } = options;
  const { host } = new URL(site.url);
  const send: RedmineApi['send'] = ({ path, headers, ...request }) =>
    gateway.send({
      ...request,
      url: `${site.url}${path}`,
      headers: { accept: 'application/json', 'x-redmine-api-key': site.apiKey, ...headers },
    });
  const json: RedmineApi['json'] = async ({ method = 'GET', path, query, body, purpose, adds }) => {
    const response = await send({
      method,
      path: `${path}${queryOf(query)}`,
      purpose,
      retry: adds === true ? 'never' : 'idempotent',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return jsonOf(response, { method, path, host });
  };
  return {
    site,
    host,
    send,
    json,
    read: async (schema, request) => parsed(schema, await json(request), request.what),
    serverTime: () => gateway.serverTime(host),
  };
}

function queryOf(query: RedmineRequest['query']): string {
  const text = new URLSearchParams(Object.entries(query ?? {}).map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
