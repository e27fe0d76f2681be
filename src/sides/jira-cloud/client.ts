import type { Client } from 'jira.js/core';
import { z } from 'zod';
import type { Gateway, GatewayRequest, HttpMethod, Purpose } from '../../gateway/gateway.ts';
import { jsonOf } from '../jira/answers.ts';
import type { JiraSite } from './hosts.ts';

/** jira.js' functions over the gateway, and the gateway itself for what they cannot do (docs/decisions/001). */
export interface JiraApi {
  readonly site: JiraSite;
  /** A client for jira.js' flat functions whose requests count for this purpose. */
  clientFor(purpose: Purpose): Client;
  /** A request of our own: any path below the site's API, any status returned. */
  send(request: Omit<GatewayRequest, 'url'> & { readonly path: string }): Promise<Response>;
  serverTime(): number | undefined;
}

/** Requests that create something: sent again only when the server said that nothing was done (I2). */
const creating = /^\/rest\/api\/3\/issue(?:\/bulk|\/[^/]+\/comment|\/[^/]+\/attachments)?$/;

export function createJiraApi(options: { readonly gateway: Gateway; readonly site: JiraSite }): JiraApi {
  const { gateway, site } = options;
  const authorization = `Basic ${Buffer.from(`${site.email}:${site.token}`, 'utf8').toString('base64')}`;
  const host = new URL(site.apiUrl).host;
  const send: JiraApi['send'] = ({ path, headers, ...request }) =>
    gateway.send({
      ...request,
      url: `${site.apiUrl}${path}`,
      headers: { accept: 'application/json', authorization, ...headers },
    });
  return {
    site,
    send,
    serverTime: () => gateway.serverTime(host),
    clientFor: (purpose) => ({
      async sendRequest<T>(config: Parameters<Client['sendRequest']>[0]): Promise<T> {
        const method = methodOf(config.method);
        const response = await send({
          method,
          path: `${config.url}${queryOf(config.searchParams)}`,
          purpose,
          retry: method === 'POST' && creating.test(config.url) ? 'never' : 'idempotent',
          headers: { ...config.headers, ...(config.body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(config.body === undefined ? {} : { body: JSON.stringify(config.body) }),
        });
        return unchecked.parse(await jsonOf(response, { method, path: config.url, host }));
      },
    }),
  };
}

/** The caller parses with a schema of ours: jira.js' own ones are stricter than what sites answer. */
const unchecked = z.custom<never>();

const httpMethod = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

function methodOf(method: string | undefined): HttpMethod {
  return httpMethod.parse(method ?? 'GET');
}

/** A list is one parameter an item, as jira.js' own client sends it. */
function queryOf(parameters: Readonly<Record<string, unknown>> | undefined): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters ?? {})) {
    if (value === undefined || value === null) continue;
    for (const item of Array.isArray(value) ? value : [value]) query.append(key, String(item));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
