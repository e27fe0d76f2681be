import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { createJiraCloudSimulator } from '../../src/simulators/jira-cloud/jira-cloud.ts';
import { reserve, serve, serveLazily } from '../../src/simulators/serve.ts';
import type { ServeOptions, Served } from '../../src/simulators/serve.ts';
import { ConnectionLost, createVirtualClock } from '../../src/simulators/simulator.ts';
import type { Simulator } from '../../src/simulators/simulator.ts';
import { withFaults } from '../../src/simulators/faults.ts';

const opened: Served[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((served) => served.close()));
});

async function served(fetchAnswer: Simulator['fetch'], options?: ServeOptions): Promise<Served> {
  const result = await serve({ hosts: [], fetch: fetchAnswer }, options);
  opened.push(result);
  return result;
}

describe('serve', () => {
  it('passes method, URL, headers and body on, and the answer back', async () => {
    const { origin, host } = await served(async (request) => {
      const seen = [request.method, request.url, request.headers.get('x-one'), await request.text()];
      return new Response(JSON.stringify(seen), {
        status: 201,
        headers: { 'X-Two': '2', Date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
      });
    });
    const response = await fetch(`${origin}/a%2Fb?c=d`, { method: 'POST', body: 'text', headers: { 'x-one': '1' } });
    expect([response.status, response.headers.get('x-two')]).toEqual([201, '2']);
    expect(response.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    expect(await response.json()).toEqual(['POST', `http://${host}/a%2Fb?c=d`, '1', 'text']);
  });

  it('streams both ways', async () => {
    const { origin } = await served(async (request) => new Response(request.body));
    const megabytes = new Uint8Array(5_000_000).map((_, position) => position % 251);
    const response = await fetch(origin, { method: 'PUT', body: megabytes });
    const echoed = new Uint8Array(await response.arrayBuffer());
    expect(Buffer.compare(echoed, megabytes)).toBe(0);
  });

  it('answers without a body where there is none', async () => {
    const { origin } = await served(async (request) => new Response(null, { status: request.method === 'HEAD' ? 200 : 204 }));
    expect((await fetch(origin, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(origin, { method: 'HEAD' })).status).toBe(200);
  });

  it('cuts the connection where a fault says so, before the answer and within it', async () => {
    const { origin } = await served(async (request) => {
      if (request.url.endsWith('/lost')) throw new ConnectionLost();
      return withFaults(
        async () => new Response('0123456789'),
        () => ({ kind: 'cut' }),
      )(request);
    });
    await expect(fetch(`${origin}/lost`)).rejects.toThrow('fetch failed');
    const response = await fetch(`${origin}/cut`);
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '10']);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('tells what a failing simulator failed of', async () => {
    const { origin } = await served(async () => {
      throw new Error('no such thing');
    });
    const response = await fetch(origin);
    expect([response.status, await response.text()]).toEqual([500, 'The simulator failed: no such thing']);
  });

  it('listens on the loopback interface only', async () => {
    const { port } = await served(async () => new Response('x'));
    const foreign = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === 'IPv4' && !address.internal);
    for (const address of foreign) {
      const outcome = await new Promise<string>((resolve) => {
        const socket = connect({ host: address!.address, port });
        socket.once('connect', () => resolve('connected'));
        socket.once('error', () => resolve('refused'));
      });
      expect(outcome).toBe('refused');
    }
  });

  it('frees the port when closed', async () => {
    const first = await serve({ hosts: [], fetch: async () => new Response('first') });
    await first.close();
    await expect(fetch(first.origin)).rejects.toThrow('fetch failed');
    const { origin } = await served(async () => new Response('second'), { port: first.port });
    expect(await (await fetch(origin)).text()).toBe('second');
  });

  it('serves a simulator that names its own origin and another one in its URLs', async () => {
    const media = await reserve();
    opened.push(media);
    expect((await fetch(media.origin)).status).toBe(503);
    const clock = createVirtualClock(Date.UTC(2026, 0, 1));
    const authorization = `Basic ${btoa('a@example.org:token')}`;
    let attachmentId = '';
    const site = await serveLazily((origin) => {
      const { host } = new URL(origin);
      const simulator = createJiraCloudSimulator({ clock, host, mediaHost: media.host, protocol: 'http:' });
      const { people } = simulator;
      const ana = people.addAccount({ displayName: 'Ana', email: 'a@example.org', apiToken: 'token' });
      people.addProject({ key: 'ABC', name: 'Alphabet' });
      people.createIssue({ project: 'ABC', as: ana, summary: 'One' });
      attachmentId = people.addAttachment('ABC-1', { name: 'a', bytes: new Uint8Array([1, 2, 3]), as: ana }).id;
      media.start(simulator);
      return simulator;
    });
    opened.push(site);
    const info: unknown = await (await fetch(`${site.origin}/rest/api/3/serverInfo`, { headers: { authorization } })).json();
    expect(info).toMatchObject({ baseUrl: site.origin });
    const content = await fetch(`${site.origin}/rest/api/3/attachment/content/${attachmentId}`, { headers: { authorization } });
    expect([new URL(content.url).host, content.headers.get('date')]).toEqual([media.host, 'Thu, 01 Jan 2026 00:00:00 GMT']);
    expect([...new Uint8Array(await content.arrayBuffer())]).toEqual([1, 2, 3]);
  });
});
