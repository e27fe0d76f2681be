import type { z } from 'zod';
import type { Gateway, GatewayRequest, HttpMethod, Purpose } from '../../gateway/gateway.ts';
import { jsonOf, parsed, parsedWrite } from '../jira/answers.ts';
import type { JiraDcSite } from './hosts.ts';

/** A request with a JSON answer. `what`: for messages. `creates`: sent again only if the server said that nothing was done (I2). */
export interface JiraDcRequest {
  readonly method?: HttpMethod;
  /** Below `/rest/api/2`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly purpose: Purpose;
  readonly what: string;
  readonly creates?: true;
}

/** Version 2 of the REST interface of Jira Data Center over the gateway (reference/jira-data-center.md). */
export interface JiraDcApi {
  readonly site: JiraDcSite;
  readonly host: string;
  /** The answer as JSON; undefined for one without a body. @throws SallyportError as the status says */
  json(request: JiraDcRequest): Promise<unknown>;
  read<T>(schema: z.ZodType<T>, request: JiraDcRequest): Promise<T>;
  /** As `read`, for a write: an answer that does not fit leaves open what was done. */
  write<T>(schema: z.ZodType<T>, request: JiraDcRequest): Promise<T>;
  /** Any path below the site's address, any status returned. */
  send(request: Omit<GatewayRequest, 'url'> & { readonly path: string }): Promise<Response>;
  serverTime(): number | undefined;
}

export const restPath = '/rest/api/2';

export function createJiraDcApi(options: { readonly gateway: Gateway; readonly site: JiraDcSite }): JiraDcApi {
  const { gateway, site } = options;
  const { host } = new URL(site.url);
  const authorization =
    site.user === undefined
      ? `Bearer ${site.token}`
      : `Basic ${Buffer.from(`${site.user}:${site.token}`, 'utf8').toString('base64')}`;
  const send: JiraDcApi['send'] = ({ path, headers, ...request }) =>
    gateway.send({
      ...request,
      url: `${site.url}${path}`,
      headers: { accept: 'application/json', authorization, ...headers },
    });
  const json: JiraDcApi['json'] = async ({ method = 'GET', path, query, body, purpose, creates }) => {
    const response = await send({
      method,
      path: `${restPath}${path}${queryOf(query)}`,
      purpose,
      retry: creates === true ? 'never' : 'idempotent',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return jsonOf(response, { method, path: `${restPath}${path}`, host });
  };
  return {
    site,
    host,
    send,
    json,
    read: async (schema, request) => parsed(schema, await json(request), request.what),
    write: async (schema, request) => parsedWrite(schema, await json(request), request.what),
    serverTime: () => gateway.serverTime(host),
  };
}

function queryOf(query: JiraDcRequest['query']): string {
  const text = new URLSearchParams(Object.entries(query ?? {}).map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
