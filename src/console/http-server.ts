import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { SallyportError } from '../errors.ts';

/** Larger than any form; files of the playground are the largest thing that is sent. */
const bodyBytesMax = 12_000_000;

export interface LoopbackServer {
  readonly host: string;
  readonly port: number;
  readonly origin: string;
  /** Begins to answer. */
  start(answer: (request: Request) => Promise<Response>): void;
  /** Resolves when the server is closed: by `close`, or because nothing was asked for so long. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface LoopbackOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Without a request for so long, and with nothing at work, it closes. */
  readonly idleMsMax: number;
  /** Something is still at work that nobody has to ask for. */
  readonly isBusy: () => boolean;
}

/**
 * A server on 127.0.0.1 and on no other interface.
 *
 * @throws SallyportError `configuration` where the port is taken or may not be used.
 */
export async function openLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  let answer: ((request: Request) => Promise<Response>) | undefined;
  const server = createServer((incoming, outgoing) => {
    idle.refresh();
    void respond({ incoming, outgoing, origin }, answer);
  });
  const port = await listen(server, options.port);
  const close = (): void => {
    clearTimeout(idle);
    server.close();
    server.closeAllConnections();
  };
  const idle = setTimeout(() => (options.isBusy() ? idle.refresh() : close()), options.idleMsMax);
  const host = `127.0.0.1:${port}`;
  const origin = `http://${host}`;
  return {
    host,
    port,
    origin,
    start: (given) => {
      answer = given;
      idle.refresh();
    },
    closed: new Promise((done) => server.once('close', done)),
    close,
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(listenError(error, port)));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') fail(new Error('The server has no TCP port.'));
      else done(address.port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): SallyportError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of 127.0.0.1 is in use by another program; choose another one, or leave --port out for any free one.`,
    EACCES: `port ${port} may not be used by this account; choose one above 1023, or leave --port out for any free one.`,
  };
  const reason = reasons[error.code ?? ''] ?? `127.0.0.1:${port} cannot be opened (${error.code ?? error.message}).`;
  return new SallyportError(`console: ${reason}`, { kind: 'configuration', cause: error });
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Of this server. */
  readonly origin: string;
}

async function respond(
  { incoming, outgoing, origin }: Exchange,
  answer: ((request: Request) => Promise<Response>) | undefined,
): Promise<void> {
  outgoing.on('error', () => incoming.destroy());
  const refuse = (status: number, text: string): void => {
    outgoing.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end(text);
  };
  try {
    if (answer === undefined) return refuse(503, 'Starting.');
    const request = await toRequest(incoming, origin);
    if (typeof request === 'number') return refuse(request, request === 413 ? 'Too large.' : 'This is no request.');
    const response = await answer(request);
    const body = Buffer.from(await response.arrayBuffer());
    outgoing.writeHead(response.status, [...response.headers].flat()).end(incoming.method === 'HEAD' ? undefined : body);
  } catch {
    // The application answers its own errors; what comes here is a connection that went away.
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(500, 'The console failed to answer.');
  }
}

/** The request, or the status of its refusal. Its address is this server's; the host that was asked for stays a header. */
async function toRequest(incoming: IncomingMessage, origin: string): Promise<Request | number> {
  const target = incoming.url ?? '/';
  // `//name/path` would be resolved to another host.
  if (!target.startsWith('/') || target.startsWith('//')) return 400;
  const url = new URL(target, origin);
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2)
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '');
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (bytes > bodyBytesMax) return 413;
    chunks.push(chunk);
  }
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
}
