import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ConnectionLost } from './simulator.ts';
import type { Simulator } from './simulator.ts';

export interface Served {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** `127.0.0.1:<port>`: what a simulator that answers here must list among its hosts. */
  readonly host: string;
  readonly port: number;
  /** Cuts the connections that are open and frees the port. */
  close(): Promise<void>;
}

/** A port that is bound already, so that a simulator can be created that names it in its URLs. */
export interface ReservedPort extends Served {
  /** Begins to answer. Requests that come earlier get 503. The same simulator may serve several ports. */
  start(simulator: Simulator): void;
}

export interface ServeOptions {
  /** Default 0: any free one. */
  readonly port?: number;
}

/**
 * Serves a simulator over HTTP on 127.0.0.1, and on no other interface. The simulator sees the URL that the client's `Host`
 * header names. Its `Date` header is kept; node adds none.
 */
export async function serve(simulator: Simulator, options: ServeOptions = {}): Promise<Served> {
  const reserved = await reserve(options);
  reserved.start(simulator);
  return reserved;
}

/** Like `serve`, for a simulator that has to know its own origin before it is created. */
export async function serveLazily(create: (origin: string) => Simulator, options: ServeOptions = {}): Promise<Served> {
  const reserved = await reserve(options);
  reserved.start(create(reserved.origin));
  return reserved;
}

/** Binds a port of 127.0.0.1 without a simulator yet. */
export async function reserve(options: ServeOptions = {}): Promise<ReservedPort> {
  let simulator: Simulator | undefined;
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing, simulator);
  });
  const port = await listen(server, options.port ?? 0);
  const host = `127.0.0.1:${port}`;
  return {
    origin: `http://${host}`,
    host,
    port,
    start: (started) => {
      simulator = started;
    },
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no TCP port.'));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, simulator: Simulator | undefined): Promise<void> {
  outgoing.sendDate = false;
  outgoing.on('error', () => incoming.destroy());
  if (simulator === undefined) {
    outgoing.writeHead(503, { 'Content-Type': 'text/plain' }).end('The simulator has not been started yet.');
    return;
  }
  try {
    await writeAnswer(outgoing, await simulator.fetch(toRequest(incoming)), incoming.method === 'HEAD');
  } catch (error) {
    // A fault of the plan, and an answer that breaks off after its head, both end in a cut connection.
    if (error instanceof ConnectionLost || outgoing.headersSent) {
      incoming.socket.destroy();
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    outgoing.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`The simulator failed: ${message}`);
  }
}

function toRequest(incoming: IncomingMessage): Request {
  const method = incoming.method ?? 'GET';
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`);
  const headers = new Headers();
  for (let position = 0; position + 1 < incoming.rawHeaders.length; position += 2) {
    headers.append(incoming.rawHeaders[position] ?? '', incoming.rawHeaders[position + 1] ?? '');
  }
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  // `duplex` is required for streams by the Fetch standard, and missing from the DOM types.
  const init: RequestInit & { duplex: 'half' } = { method, headers, body: bodyOf(incoming), duplex: 'half' };
  return new Request(url, init);
}

function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<unknown> = incoming[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else if (next.value instanceof Uint8Array) controller.enqueue(next.value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

async function writeAnswer(outgoing: ServerResponse, response: Response, headOnly: boolean): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body === null || headOnly) {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  // The head goes out before the body is read, so that a body that breaks off cuts the connection after its head.
  outgoing.flushHeaders();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!outgoing.write(value)) await drained(outgoing);
  }
  outgoing.end();
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      outgoing.off('drain', finish);
      outgoing.off('close', fail);
      resolve();
    };
    const fail = (): void => {
      outgoing.off('drain', finish);
      reject(new ConnectionLost('The client closed the connection.'));
    };
    outgoing.once('drain', finish);
    outgoing.once('close', fail);
  });
}
