import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface Loopback {
  readonly port: number;
  close(): Promise<void>;
}

const certificates = new URL('./certificates/', import.meta.url);

export function pem(name: string): string {
  return readFileSync(new URL(`${name}.pem`, certificates), 'utf8');
}

export function pemPath(name: string): string {
  return new URL(`${name}.pem`, certificates).pathname;
}

export function serveHttp(listener: RequestListener): Promise<Loopback> {
  return listening(createServer(listener));
}

/** With the certificate of that name from certificates/. */
export function serveHttps(certificate: string, listener: RequestListener): Promise<Loopback> {
  return listening(createTlsServer({ cert: pem(certificate), key: pem(`${certificate}-key`) }, listener));
}

export interface ProxyLog {
  /** `CONNECT host:port` or `GET http://host/…`, with what came as Proxy-Authorization. */
  readonly seen: { readonly line: string; readonly authorization: string | undefined }[];
}

/** A forward proxy that asks for `user:p@ss`, and leads every CONNECT to `target`, whatever host was asked for. */
export async function serveProxy(target: () => number): Promise<Loopback & ProxyLog> {
  const seen: ProxyLog['seen'] = [];
  const wanted = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  const admit = (request: IncomingMessage): boolean => {
    const authorization = request.headers['proxy-authorization'];
    seen.push({ line: `${request.method} ${request.url}`, authorization });
    return authorization === wanted;
  };
  const server = createServer((request, response) => {
    if (!admit(request)) response.writeHead(407).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end('forwarded');
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    if (!admit(request)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const upstream = connect(target(), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  return { ...(await listening(server)), seen };
}

async function listening(server: Server): Promise<Loopback> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
