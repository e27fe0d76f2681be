import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Readable } from 'node:stream';
import { Agent, fetch as undiciFetch, ProxyAgent, request as undiciRequest, type Dispatcher } from 'undici';
import { SallyportError } from '../errors.ts';
import type { Transport } from './gateway.ts';
import { chooseProxy, type ChosenProxy, type Environment } from './proxy-choice.ts';
import { explainFailure } from './transport-errors.ts';

/** Behind the gateway's own time limits, for what slips through them. */
const silenceMsMax = 15 * 60_000;

/**
 * Until a connection stands, TLS included. Short, so that an address from which nothing comes back is told soon; two such
 * waits must fit into the patience of somebody who has mistyped an address.
 */
const connectMsMax = 4000;

export interface TransportOptions {
  /** CA certificates to trust beside Node's own and those of `NODE_EXTRA_CA_CERTS`. */
  readonly caPem?: string;
  /** Read: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` in either case, `NODE_EXTRA_CA_CERTS`. */
  readonly environment: Environment;
}

/**
 * A transport over the network: through the proxy that the environment names, trusting an extra CA, redirects off.
 *
 * It rejects with a SallyportError that names the host and what to do: `host` (name unknown, refused, certificate with its
 * issuer, proxy's refusal), `passing` (connection cut or never made in time).
 *
 * @throws SallyportError `configuration` if `caPem` holds no certificate.
 */
export function createTransport(options: TransportOptions): Transport {
  const secureContext = options.caPem === undefined ? undefined : trusting(options.caPem, options.environment);
  const dispatcherFor = createDispatchers(secureContext);
  return async (request, { signal }) => {
    const url = new URL(request.url);
    const proxy = chooseProxy(url, options.environment);
    try {
      const { body } = request;
      if (body !== null && isLarge(request)) return await sendLarge(request, body, { signal, dispatcher: dispatcherFor(proxy) });
      const response = await undiciFetch(request.url, {
        method: request.method,
        headers: [...request.headers],
        body: request.body,
        duplex: 'half',
        redirect: 'manual',
        signal,
        dispatcher: dispatcherFor(proxy),
      });
      return standardResponse(response);
    } catch (error) {
      if (signal.aborted) throw error;
      throw await explainFailure(error, url, proxy);
    }
  };
}

/** Bytes of a body from which on it must not pile up in memory. */
const largeBytesMin = 1024 * 1024;

/** A body of unknown length counts as large. */
function isLarge(request: Request): boolean {
  const length = request.headers.get('content-length');
  return length === null || Number(length) >= largeBytesMin;
}

/**
 * I9: undici's `fetch` keeps a second branch of every body for a log-in that it never asks for, so that a file of 1 GiB was
 * in memory whole once it was sent. Its `request` reads on only as fast as the connection takes it.
 */
async function sendLarge(
  request: Request,
  body: ReadableStream<Uint8Array>,
  options: { readonly signal: AbortSignal; readonly dispatcher: Dispatcher },
): Promise<Response> {
  const answer = await undiciRequest(request.url, {
    ...options,
    method: methodOf(request),
    // Unlike `fetch` it unpacks nothing.
    headers: { ...Object.fromEntries(request.headers), 'accept-encoding': 'identity' },
    body: Readable.from(body, { objectMode: false }),
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) for (const one of [value ?? []].flat()) headers.append(name, one);
  const hasBody = ![204, 205, 304].includes(answer.statusCode);
  if (!hasBody) await answer.body.dump();
  return new Response(hasBody ? webStream(answer.body) : null, { status: answer.statusCode, headers });
}

function methodOf(request: Request): 'PATCH' | 'POST' | 'PUT' {
  return request.method === 'PUT' || request.method === 'PATCH' ? request.method : 'POST';
}

function webStream(body: AsyncIterable<unknown>): ReadableStream<Uint8Array> {
  const parts = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await parts.next();
        if (next.done === true) controller.close();
        else if (next.value instanceof Uint8Array) controller.enqueue(next.value);
      },
      cancel: async () => {
        await parts.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

function createDispatchers(secureContext: SecureContext | undefined): (proxy: ChosenProxy | undefined) => Dispatcher {
  const connect = { timeout: connectMsMax, ...(secureContext === undefined ? {} : { secureContext }) };
  // HTTP/2 is left out so that a connection's failure never concerns more than one request.
  const shared = { allowH2: false, bodyTimeout: silenceMsMax, headersTimeout: silenceMsMax };
  const direct = new Agent({ ...shared, connect });
  const proxied = new Map<string, Dispatcher>();
  return (proxy) => {
    if (proxy === undefined) return direct;
    const key = `${proxy.url.origin} ${proxy.authorization ?? ''}`;
    const dispatcher =
      proxied.get(key) ??
      new ProxyAgent({
        ...shared,
        uri: proxy.url.origin,
        ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
        // Plain http is forwarded: many proxies allow CONNECT to port 443 only.
        proxyTunnel: false,
        // The way to the proxy, and the way through it.
        proxyTls: connect,
        requestTls: connect,
      });
    proxied.set(key, dispatcher);
    return dispatcher;
  };
}

/** One context for all connections: reading some 150 certificates takes longer than a handshake. */
function trusting(caPem: string, environment: Environment): SecureContext {
  const extra = certificatesIn(caPem, 'ca-file');
  return createSecureContext({ ca: [...rootCertificates, ...environmentCertificates(environment), ...extra] });
}

/** Giving a context its own CAs switches off NODE_EXTRA_CA_CERTS, which Node otherwise reads by itself. */
function environmentCertificates(environment: Environment): readonly string[] {
  const path = environment['NODE_EXTRA_CA_CERTS'];
  if (path === undefined || path === '') return [];
  try {
    return certificatesIn(readFileSync(path, 'utf8'), 'NODE_EXTRA_CA_CERTS');
  } catch {
    // Node too only warns of a file that it cannot read, and goes on without it.
    return [];
  }
}

function certificatesIn(pem: string, source: string): readonly string[] {
  const found = pem.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? [];
  if (found.length === 0 || !found.every(isCertificate)) {
    throw new SallyportError(
      `${source} holds no readable PEM certificate; it must contain "-----BEGIN CERTIFICATE-----" blocks (convert DER with openssl x509 -inform der).`,
      { kind: 'configuration' },
    );
  }
  return found;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.byteLength > 0;
  } catch {
    return false;
  }
}

/**
 * The global `Response` for undici's own, which is another class. undici has unpacked the body by now, so that the headers
 * that describe it packed would mislead.
 */
function standardResponse(response: Awaited<ReturnType<typeof undiciFetch>>): Response {
  const headers = new Headers([...response.headers]);
  if (headers.has('content-encoding')) {
    headers.delete('content-encoding');
    headers.delete('content-length');
  }
  const body = response.body instanceof ReadableStream && ![204, 205, 304].includes(response.status) ? response.body : null;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
