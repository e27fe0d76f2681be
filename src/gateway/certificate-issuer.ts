import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { ChosenProxy } from './proxy-choice.ts';

const timeoutMs = 5000;

/**
 * Who issued the certificate that a host shows, for the message of a certificate error: the error itself does not say, and
 * it is what an admin needs in order to find the CA of a proxy that opens TLS. Undefined if that cannot be found out.
 *
 * It is one more handshake with the host that was just refused, and sends nothing over it.
 */
export async function issuerAt(url: URL, proxy: ChosenProxy | undefined): Promise<string | undefined> {
  try {
    const tunnel = proxy === undefined ? undefined : await openTunnel(url, proxy);
    return await readIssuer(url, tunnel);
  } catch {
    return undefined;
  }
}

function readIssuer(url: URL, tunnel: Socket | undefined): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const isAddress = /^[\d.]+$/.test(hostname) || hostname.includes(':');
    const socket = tlsConnect({
      // An unknown issuer is what is to be read; nothing is ever sent over this connection.
      rejectUnauthorized: false,
      ...(tunnel === undefined ? { host: hostname, port: portOf(url) } : { socket: tunnel }),
      ...(isAddress ? {} : { servername: hostname }),
    });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('timeout')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { issuer } = socket.getPeerCertificate();
      socket.destroy();
      resolve(issuerName(issuer));
    });
  });
}

/** `CN=…, O=…`, as browsers show it. Node leaves out what the certificate does not have. */
export function issuerName(issuer: unknown): string | undefined {
  if (typeof issuer !== 'object' || issuer === null) return undefined;
  const names = Object.entries(issuer)
    .filter(([key]) => key === 'CN' || key === 'O')
    .map(([key, value]) => `${key}=${String(value)}`);
  return names.length === 0 ? undefined : names.join(', ');
}

function openTunnel(url: URL, proxy: ChosenProxy): Promise<Socket> {
  if (proxy.url.protocol !== 'http:') return Promise.reject(new Error('only through a plain proxy'));
  return new Promise((resolve, reject) => {
    const target = `${url.hostname}:${portOf(url)}`;
    const connecting = httpRequest({
      host: proxy.url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(proxy.url.port || 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }) },
      timeout: timeoutMs,
    });
    connecting.once('error', reject);
    connecting.once('timeout', () => connecting.destroy(new Error('timeout')));
    connecting.once('response', (response) => {
      response.resume();
      reject(new Error('refused'));
    });
    connecting.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error('refused'));
      }
    });
    connecting.end();
  });
}

function portOf(url: URL): number {
  return url.port === '' ? 443 : Number(url.port);
}
