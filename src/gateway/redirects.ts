import { SallyportError } from '../errors.ts';
import { objectionTo, type AllowedHost } from './allow-list.ts';
import type { GatewayRequest } from './gateway.ts';

/**
 * Headers that go along to another origin. A list of what may pass, not of what may not: a credential's header can have
 * any name (I7).
 */
const harmlessHeaders: readonly string[] = [
  'accept',
  'accept-language',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'range',
];

/** Whether an answer sends the caller elsewhere. 304 and 300 do not. */
export function isRedirect(response: Response): boolean {
  return [301, 302, 303, 307, 308].includes(response.status) && response.headers.has('location');
}

/**
 * The request that follows a redirect. 303 becomes a GET, as does a POST on 301 and 302; the others are repeated as they
 * are. Where host, port or protocol change, only harmless headers go along.
 *
 * @throws SallyportError `answer` if the target is no URL, not on the allow-list, plain http after https, or if the body
 * was a stream and is spent.
 */
export function redirectedRequest(
  request: GatewayRequest,
  response: Response,
  allowedHosts: readonly AllowedHost[],
): GatewayRequest {
  const from = new URL(request.url);
  const to = targetOf(from, response, allowedHosts);
  const becomesGet = response.status === 303 ? request.method !== 'HEAD' : response.status < 303 && request.method === 'POST';
  if (!becomesGet && request.body instanceof ReadableStream) {
    throw refusal(from, response, 'asks for the body once more, but it was a stream and is spent');
  }
  const { body, headers, pattern: _pattern, ...rest } = request;
  const kept = Object.entries(headers ?? {}).filter(([name]) => keeps(name.toLowerCase(), from.origin === to.origin, becomesGet));
  return {
    ...rest,
    method: becomesGet ? 'GET' : request.method,
    url: to.href,
    headers: Object.fromEntries(kept),
    ...(becomesGet || body === undefined ? {} : { body }),
  };
}

function keeps(name: string, sameOrigin: boolean, becomesGet: boolean): boolean {
  if (becomesGet && name.startsWith('content-')) return false;
  return sameOrigin || harmlessHeaders.includes(name);
}

function targetOf(from: URL, response: Response, allowedHosts: readonly AllowedHost[]): URL {
  const location = response.headers.get('location') ?? '';
  if (!URL.canParse(location, from)) throw refusal(from, response, 'names no valid URL');
  const to = new URL(location, from);
  if (from.protocol === 'https:' && to.protocol !== 'https:') {
    throw refusal(from, response, `leads from https to ${to.protocol}//${to.host}; something on the way may strip TLS`);
  }
  if (to.username !== '' || to.password !== '') throw refusal(from, response, 'names a user and password in its URL');
  const objection = objectionTo(to, allowedHosts);
  if (objection !== undefined) throw refusal(from, response, `was not followed: ${objection}`);
  return to;
}

function refusal(from: URL, response: Response, problem: string): SallyportError {
  return new SallyportError(
    `The redirect (${response.status}) that ${from.host} answered ${problem}. If that is expected, name the host in the configuration.`,
    { kind: 'answer', status: response.status },
  );
}
