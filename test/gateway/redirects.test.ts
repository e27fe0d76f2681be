import { describe, expect, it } from 'vitest';
import { create, errorOf, get, openGateway } from './open-gateway.ts';
import { answer } from './scripted-transport.ts';

const content = 'https://acme.atlassian.net/rest/api/3/attachment/content/10010';
const to = (location: string, status = 302) => new Response(null, { status, headers: { location } });
const secrets = {
  Authorization: 'Basic c2VjcmV0',
  Cookie: 'session=secret',
  'X-Atlassian-Token': 'no-check',
  'X-Redmine-API-Key': 'secret',
  'X-Anything-At-All': 'secret',
};

describe('redirects', () => {
  it('go to an allowed host, without anything that may be a credential', async () => {
    const { gateway, seen } = openGateway([to('https://eu.media.example/file/1/binary?token=signed', 303), answer(200)]);
    await gateway.send(get(content, { headers: { ...secrets, Accept: '*/*', Range: 'bytes=0-9' } }));
    expect(seen[1]!.url).toBe('https://eu.media.example/file/1/binary?token=signed');
    expect(Object.keys(seen[1]!.headers).sort()).toEqual(['accept', 'range', 'user-agent']);
    expect(JSON.stringify(seen[1]!.headers)).not.toContain('secret');
  });

  it('keep credentials on the same host, protocol and port', async () => {
    const { gateway, seen } = openGateway([to('/rest/api/3/attachment/content/10011', 307), answer(200)]);
    await gateway.send(get(content, { headers: secrets }));
    expect(seen[1]!.url).toBe('https://acme.atlassian.net/rest/api/3/attachment/content/10011');
    expect(seen[1]!.headers).toMatchObject({ authorization: 'Basic c2VjcmV0', 'x-redmine-api-key': 'secret' });
  });

  it('drop credentials on another port', async () => {
    const { gateway, seen } = openGateway([to('https://acme.atlassian.net:8443/x'), answer(200)], {
      allowedHosts: [
        { host: 'acme.atlassian.net', protocol: 'https:' },
        { host: 'acme.atlassian.net:8443', protocol: 'https:' },
      ],
    });
    await gateway.send(get(content, { headers: secrets }));
    expect(Object.keys(seen[1]!.headers)).toEqual(['user-agent']);
  });

  it.each([
    ['a host that the connection does not name', 'https://attacker.example/', 'attacker.example'],
    ['the bare domain of a wildcard', 'https://media.example/', 'media.example'],
    ['a host that only ends alike', 'https://evilmedia.example/', 'evilmedia.example'],
    ['plain http', 'http://acme.atlassian.net/', 'https to http:'],
    ['plain http on a host that is named for it', 'http://tracker.internal:3000/', 'https to http:'],
    ['another protocol', 'file:///etc/passwd', 'https to file:'],
    ['a URL with credentials', 'https://user:pass@eu.media.example/', 'user and password'],
    ['nonsense', 'https://:::/', 'no valid URL'],
  ])('are refused to %s', async (_name, location, named) => {
    const { gateway, seen } = openGateway([to(location), answer(200)]);
    const error = await errorOf(gateway.send(get(content, { headers: secrets })));
    expect(error).toMatchObject({ kind: 'answer', status: 302 });
    expect(error.message).toContain(named);
    expect(error.message).not.toContain('pass@');
    expect(seen).toHaveLength(1);
  });

  it('end after five', async () => {
    const { gateway, seen } = openGateway([to('/again')]);
    expect(await errorOf(gateway.send(get(content)))).toMatchObject({ kind: 'limit' });
    expect(seen).toHaveLength(6);
  });

  it('are left to the caller where something is written, or where the request says so', async () => {
    const { gateway, seen } = openGateway([to('/elsewhere', 307)]);
    expect((await gateway.send(create(content))).status).toBe(307);
    expect((await gateway.send(get(content, { redirect: 'manual' }))).headers.get('location')).toBe('/elsewhere');
    expect(seen).toHaveLength(2);
  });

  it.each([
    [303, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [301, 'PUT', 'PUT', '{"a":1}'],
    [307, 'POST', 'POST', '{"a":1}'],
    [308, 'PATCH', 'PATCH', '{"a":1}'],
    [303, 'DELETE', 'GET', ''],
  ] as const)('%s turns %s into %s', async (status, method, expected, body) => {
    const { gateway, seen } = openGateway([to('/task/1', status), answer(200)]);
    const headers = { 'content-type': 'application/json' };
    await gateway.send({ ...create(content), method, body: '{"a":1}', headers, redirect: 'follow' });
    expect(seen[1]).toMatchObject({ method: expected, body });
    expect(seen[1]!.headers['content-type']).toBe(body === '' ? undefined : 'application/json');
  });

  it('are refused where a spent stream would have to be sent again', async () => {
    const { gateway } = openGateway([to('/again', 307)]);
    const upload = create(content, { body: new Blob(['x']).stream(), redirect: 'follow' });
    expect((await errorOf(gateway.send(upload))).message).toContain('stream');
  });

  it('count and are traced as requests of the hosts they go to', async () => {
    const { gateway, lines } = openGateway([to('https://eu.media.example/file/1/binary?token=signed', 303), answer(200)]);
    await gateway.send(get(content, { pattern: '/attachment/content/{id}' }));
    expect(gateway.counts('eu.media.example').work).toBe(1);
    expect(gateway.counts('acme.atlassian.net').work).toBe(1);
    expect(lines.map((line) => `${line.host}${line.pattern}`)).toEqual([
      'acme.atlassian.net/attachment/content/{id}',
      'eu.media.example/file/{id}/binary',
    ]);
  });
});
