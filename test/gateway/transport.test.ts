import { gzipSync } from 'node:zlib';
import { Octokit } from 'octokit';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestListener } from 'node:http';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { Transport } from '../../src/gateway/gateway.ts';
import { gatewayErrorIn, gatewayFetch } from '../../src/gateway/fetch-adapter.ts';
import { createTransport } from '../../src/gateway/transport.ts';
import { createManualClock } from './manual-clock.ts';
import { create, errorOf, get } from './open-gateway.ts';
import { pem, pemPath, serveHttp, serveHttps, serveProxy, type Loopback } from './loopback-servers.ts';

const open: Loopback[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function opened<T extends Loopback>(server: Promise<T>): Promise<T> {
  const ready = await server;
  open.push(ready);
  return ready;
}

const direct = createTransport({ environment: {} });
const never = new AbortController().signal;
const fetchBy = (transport: Transport, url: string, init?: RequestInit) => transport(new Request(url, init), { signal: never });
const hello: RequestListener = (_request, response) => response.end('hello');

function gatewayTo(port: number, protocol: 'http:' | 'https:' = 'http:', transport = direct) {
  return createGateway({
    transport,
    clock: createManualClock(),
    allowedHosts: [{ host: `127.0.0.1:${port}`, protocol }],
    userAgent: 'sallyport/test',
    limits: { attemptsMax: 2 },
  });
}

describe('the transport', () => {
  it('sends method, headers and body, and gives status, headers and body back', async () => {
    let received = '';
    const server = await opened(
      serveHttp((request, response) => {
        received = `${request.method} ${request.url} ${request.headers['x-one']} `;
        request.on('data', (part: Buffer) => (received += part.toString()));
        request.on('end', () => response.writeHead(201, { 'x-two': '2' }).end('made'));
      }),
    );
    const url = `http://127.0.0.1:${server.port}/path?q=1`;
    const response = await fetchBy(direct, url, { method: 'PUT', headers: { 'x-one': '1' }, body: 'text' });
    expect(received).toBe('PUT /path?q=1 1 text');
    expect([response.status, response.headers.get('x-two'), await response.text()]).toEqual([201, '2', 'made']);
    expect(response).toBeInstanceOf(Response);
  });

  it('tells the length of bodies whose length is known, and streams the others', async () => {
    const seen: (string | undefined)[][] = [];
    const server = await opened(
      serveHttp((request, response) => {
        let body = '';
        request.on('data', (part: Buffer) => (body += part.toString()));
        request.on('end', () => {
          seen.push([request.headers['content-length'], request.headers['transfer-encoding'], body]);
          response.end();
        });
      }),
    );
    const gateway = gatewayTo(server.port);
    const url = `http://127.0.0.1:${server.port}/`;
    await gateway.send(create(url, { body: 'größe' }));
    await gateway.send(create(url, { body: new Blob(['file']).stream(), headers: { 'Content-Length': '4' } }));
    await gateway.send(create(url, { body: new Blob(['file']).stream() }));
    expect(seen).toEqual([
      ['7', undefined, 'größe'],
      ['4', undefined, 'file'],
      [undefined, 'chunked', 'file'],
    ]);
  });

  it('does not buffer: a large body arrives while it is still being made', async () => {
    const server = await opened(
      serveHttp((request, response) => {
        request.once('data', () => response.end('first part seen'));
        request.resume();
      }),
    );
    let parts = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        parts += 1;
        if (parts < 100_000) controller.enqueue(new Uint8Array(16_384));
        else controller.close();
      },
    });
    const response = await gatewayTo(server.port).send(create(`http://127.0.0.1:${server.port}/`, { body: endless }));
    expect(await response.text()).toBe('first part seen');
    expect(parts).toBeLessThan(100_000);
  });

  it.each([401, 403, 421])('returns %s to a request with a body', async (status) => {
    const server = await opened(
      serveHttp((request, response) => {
        request.resume();
        request.on('end', () => response.writeHead(status, { 'www-authenticate': 'Basic realm="Jira"' }).end('no'));
      }),
    );
    const response = await gatewayTo(server.port).send(create(`http://127.0.0.1:${server.port}/`));
    expect([response.status, await response.text()]).toEqual([status, 'no']);
  });

  it('returns redirects, empty answers and HEAD as they are', async () => {
    const server = await opened(
      serveHttp((request, response) => {
        if (request.url === '/redirect') response.writeHead(302, { location: 'http://other.example/' }).end('moved');
        else if (request.url === '/empty') response.writeHead(204).end();
        else if (request.url === '/same') response.writeHead(304, { etag: '"1"' }).end();
        else response.writeHead(200, { 'content-length': '5' }).end();
      }),
    );
    const base = `http://127.0.0.1:${server.port}`;
    const redirect = await fetchBy(direct, `${base}/redirect`);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'http://other.example/']);
    expect((await fetchBy(direct, `${base}/empty`)).body).toBeNull();
    expect((await fetchBy(direct, `${base}/same`)).status).toBe(304);
    const head = await fetchBy(direct, `${base}/head`, { method: 'HEAD' });
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['5', '']);
  });

  it('unpacks compressed answers and drops the headers that describe them packed', async () => {
    const packed = gzipSync('{"id":1}');
    const server = await opened(
      serveHttp((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.byteLength }).end(packed);
      }),
    );
    const response = await fetchBy(direct, `http://127.0.0.1:${server.port}/`);
    expect(await response.text()).toBe('{"id":1}');
    expect([response.headers.get('content-encoding'), response.headers.get('content-length')]).toEqual([null, null]);
  });

  it('says what to do where nobody listens', async () => {
    const server = await serveHttp(hello);
    await server.close();
    const error = await errorOf(fetchBy(direct, `http://127.0.0.1:${server.port}/`));
    expect(error.kind).toBe('host');
    expect(error.message).toContain(`Cannot reach 127.0.0.1:${server.port}: it refused the connection; check port and firewall`);
  });

  it('tells a cut connection, whose outcome is unknown, from one never made', async () => {
    const server = await opened(serveHttp((request) => request.socket.destroy()));
    const error = await errorOf(fetchBy(direct, `http://127.0.0.1:${server.port}/`));
    expect(error).toMatchObject({ kind: 'passing', outcomeUnknown: true });
  });

  it('lets the gateway repeat a read whose body was cut', async () => {
    let requests = 0;
    const server = await opened(
      serveHttp((_request, response) => {
        requests += 1;
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '8' });
        if (requests === 1) response.write('{"id"', () => response.destroy());
        else response.end('{"id":1}');
      }),
    );
    const response = await gatewayTo(server.port).send(get(`http://127.0.0.1:${server.port}/`));
    expect(await response.json()).toEqual({ id: 1 });
    expect(requests).toBe(2);
  });

  it('follows no redirect to another port with credentials', async () => {
    const other = await opened(
      serveHttp((request, response) => response.end(`authorization: ${request.headers.authorization ?? 'none'}`)),
    );
    const server = await opened(
      serveHttp((_request, response) => response.writeHead(303, { location: `http://127.0.0.1:${other.port}/` }).end()),
    );
    const gateway = createGateway({
      transport: direct,
      clock: createManualClock(),
      allowedHosts: [server, other].map(({ port }) => ({ host: `127.0.0.1:${port}`, protocol: 'http:' as const })),
      userAgent: 'sallyport/test',
    });
    const response = await gateway.send(get(`http://127.0.0.1:${server.port}/`, { headers: { authorization: 'Basic x' } }));
    expect(await response.text()).toBe('authorization: none');
  });
});

describe('certificates', () => {
  it('of an unknown issuer are refused with the name of the issuer and what to do', async () => {
    const server = await opened(serveHttps('localhost', hello));
    const error = await errorOf(fetchBy(direct, `https://127.0.0.1:${server.port}/`));
    expect(error.kind).toBe('host');
    expect(error.message).toContain('O=Sallyport tests, CN=Sallyport test CA');
    expect(error.message).toContain('ca-file');
  });

  it('are trusted by a CA given beside the known ones', async () => {
    const server = await opened(serveHttps('localhost', hello));
    const transport = createTransport({ caPem: `a comment\n${pem('ca')}\n`, environment: {} });
    expect(await (await fetchBy(transport, `https://127.0.0.1:${server.port}/`)).text()).toBe('hello');
  });

  it('are trusted by NODE_EXTRA_CA_CERTS where another CA is given too', async () => {
    const server = await opened(serveHttps('localhost', hello));
    const transport = createTransport({ caPem: pem('elsewhere'), environment: { NODE_EXTRA_CA_CERTS: pemPath('ca') } });
    expect(await (await fetchBy(transport, `https://127.0.0.1:${server.port}/`)).text()).toBe('hello');
  });

  it('for another host are refused although the issuer is trusted', async () => {
    const server = await opened(serveHttps('elsewhere', hello));
    const transport = createTransport({ caPem: pem('ca'), environment: {} });
    const error = await errorOf(fetchBy(transport, `https://127.0.0.1:${server.port}/`));
    expect(error.kind).toBe('host');
    expect(error.message).toContain('is for another host name');
    expect(error.message).toContain('Sallyport test CA');
  });

  it('are not retried', async () => {
    let handshakes = 0;
    const server = await opened(serveHttps('localhost', () => (handshakes += 1)));
    const gateway = gatewayTo(server.port, 'https:');
    expect(await errorOf(gateway.send(get(`https://127.0.0.1:${server.port}/`)))).toMatchObject({ kind: 'host' });
    expect([gateway.counts().work, handshakes]).toEqual([1, 0]);
  });

  it('are told from a server that speaks no TLS', async () => {
    const server = await opened(serveHttp(hello));
    const error = await errorOf(fetchBy(direct, `https://127.0.0.1:${server.port}/`));
    expect(error.kind).toBe('host');
    expect(error.message).toContain('TLS');
  });

  it.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'in a ca-file that is none are a configuration error: %j',
    (caPem) => {
      expect(() => createTransport({ caPem, environment: {} })).toThrow('ca-file holds no readable PEM certificate');
    },
  );
});

describe('a proxy', () => {
  it('is asked to tunnel https, with its credentials, which the server never sees', async () => {
    let headers: unknown;
    const server = await opened(
      serveHttps('elsewhere', (request, response) => {
        headers = request.headers;
        response.end('hello');
      }),
    );
    const proxy = await opened(serveProxy(() => server.port));
    const environment = { HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${proxy.port}` };
    const transport = createTransport({ caPem: pem('ca'), environment });
    const response = await fetchBy(transport, 'https://elsewhere.example/path', { method: 'POST', body: 'x' });
    expect(await response.text()).toBe('hello');
    expect(proxy.seen.map(({ line }) => line)).toEqual(['CONNECT elsewhere.example:443']);
    expect(headers).toMatchObject({ host: 'elsewhere.example' });
    expect(headers).not.toHaveProperty('proxy-authorization');
  });

  it('is asked to forward plain http', async () => {
    const proxy = await opened(serveProxy(() => 0));
    const transport = createTransport({ environment: { http_proxy: `http://user:p%40ss@127.0.0.1:${proxy.port}` } });
    const response = await fetchBy(transport, 'http://tracker.internal:3000/issues.json?x=1');
    expect(await response.text()).toBe('forwarded');
    expect(proxy.seen.map(({ line }) => line)).toEqual(['GET http://tracker.internal:3000/issues.json?x=1']);
  });

  it('is passed by for hosts in NO_PROXY', async () => {
    const server = await opened(serveHttp(hello));
    const proxy = await opened(serveProxy(() => 0));
    const environment = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '127.0.0.1' };
    const response = await fetchBy(createTransport({ environment }), `http://127.0.0.1:${server.port}/`);
    expect(await response.text()).toBe('hello');
    expect(proxy.seen).toEqual([]);
  });

  it.each(['https', 'http'])('that wants other credentials is named, they are not: %s', async (protocol) => {
    const proxy = await opened(serveProxy(() => 0));
    const address = `http://user:wr0ng@127.0.0.1:${proxy.port}`;
    const transport = createTransport({ environment: { HTTPS_PROXY: address, HTTP_PROXY: address } });
    const error = await errorOf(fetchBy(transport, `${protocol}://elsewhere.example/`));
    expect(error.kind).toBe('host');
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} did not let through to elsewhere.example (407)`);
    expect(error.message).not.toContain('wr0ng');
  });

  it('that opens TLS with its own CA is found out by the name of that CA', async () => {
    const server = await opened(serveHttps('elsewhere', hello));
    const proxy = await opened(serveProxy(() => server.port));
    const transport = createTransport({ environment: { HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${proxy.port}` } });
    const error = await errorOf(fetchBy(transport, 'https://elsewhere.example/'));
    expect(error.message).toContain(`elsewhere.example (through the proxy 127.0.0.1:${proxy.port})`);
    expect(error.message).toContain('Sallyport test CA');
  });

  it('that is not there is named beside the host', async () => {
    const proxy = await serveProxy(() => 0);
    await proxy.close();
    const transport = createTransport({ environment: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } });
    const error = await errorOf(fetchBy(transport, 'https://elsewhere.example/'));
    expect(error.kind).toBe('host');
    expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port}`);
  });
});

describe('an answer larger than memory should hold', () => {
  const megabyte = 1024 * 1024;
  const endless: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const part = Buffer.alloc(megabyte, 32);
    const more = (): void => {
      while (!response.destroyed && response.write(part));
    };
    response.on('drain', more);
    more();
  };
  const bomb: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(Buffer.alloc(200 * megabyte, 32)));
  };
  const liar: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(10_000 * megabyte) });
    const part = Buffer.alloc(megabyte, 32);
    const more = (): void => {
      while (!response.destroyed && response.write(part));
    };
    response.on('drain', more);
    more();
  };

  it.each([
    ['that does not end', endless],
    ['that is a small one swollen', bomb],
    ['that tells its size', liar],
  ])('%s is given up by octokit, with the one error, and memory stays bounded', async (_name, listener) => {
    const server = await opened(serveHttp(listener));
    const octokit = new Octokit({
      baseUrl: `http://127.0.0.1:${server.port}`,
      retry: { enabled: false },
      throttle: { enabled: false },
      request: { fetch: gatewayFetch(gatewayTo(server.port), { purpose: 'work', retry: () => 'never' }) },
    });
    const before = process.memoryUsage().rss;
    const failed: unknown = await octokit.request('GET /repos/o/r/issues').catch((error: unknown) => error);
    expect(gatewayErrorIn(failed)).toMatchObject({ kind: 'limit', outcomeUnknown: false });
    expect(gatewayErrorIn(failed)?.message).toMatch(/for GET \/repos\/o\/r\/issues is larger than 52428800 bytes/);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * megabyte);
    const written: unknown = await octokit.request('POST /repos/o/r/issues', { title: 'x' }).catch((error: unknown) => error);
    expect(gatewayErrorIn(written)).toMatchObject({ kind: 'limit', outcomeUnknown: true });
  });
});
