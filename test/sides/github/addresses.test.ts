import { describe, expect, it } from 'vitest';
import { githubAddresses, githubHosts, githubPacing } from '../../../src/sides/github/addresses.ts';

describe('addresses of a GitHub', () => {
  it.each([
    ['https://github.com', 'https://api.github.com', 'https://github.com'],
    ['https://www.github.com/', 'https://api.github.com', 'https://github.com'],
    ['https://api.github.com', 'https://api.github.com', 'https://github.com'],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://api.acme.ghe.com', 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://ghes.example', 'https://ghes.example/api/v3', 'https://ghes.example'],
    ['https://ghes.example:8443/api/v3/', 'https://ghes.example:8443/api/v3', 'https://ghes.example:8443'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000/api/v3', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000/api/v3', 'http://[::1]:3000'],
    ['http://10.1.2.3', 'http://10.1.2.3/api/v3', 'http://10.1.2.3'],
    ['http://ghes', 'http://ghes/api/v3', 'http://ghes'],
    ['http://git.acme.internal', 'http://git.acme.internal/api/v3', 'http://git.acme.internal'],
  ])('%s', (trackerUrl, apiUrl, webUrl) => {
    expect(githubAddresses(trackerUrl)).toEqual({ apiUrl, webUrl });
  });

  it.each([
    ['github.com', 'is not a URL'],
    ['http://github.com', 'plain http'],
    ['http://ghes.example.com', 'plain http'],
    ['http://172.32.0.1', 'plain http'],
    ['ftp://ghes.example', 'neither https nor http'],
    ['https://github.com/acme/app', 'has the path /acme/app'],
    ['https://ghes.example?x=1', 'query'],
    ['https://user:secret@ghes.example', 'user name or password'],
  ])('refuses %s: %s', (trackerUrl, problem) => {
    expect(() => githubAddresses(trackerUrl)).toThrow(problem);
  });

  it('never repeats credentials of a URL', () => {
    expect(() => githubAddresses('https://user:secret@ghes.example')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    );
  });

  it("names what github.com serves files from, and nothing else of a server of one's own", () => {
    const hosts = githubHosts(githubAddresses('https://github.com')).map(({ host }) => host);
    expect(hosts).toContain('api.github.com');
    expect(hosts).toContain('private-user-images.githubusercontent.com');
    expect(githubHosts(githubAddresses('http://127.0.0.1:3000'))).toEqual([{ host: '127.0.0.1:3000', protocol: 'http:' }]);
    expect(githubHosts(githubAddresses('https://ghes.example')).every(({ host }) => host.endsWith('ghes.example'))).toBe(true);
  });

  it.each(['https://github.com', 'https://ghes.example'])('paces what creates content at %s', (trackerUrl) => {
    const addresses = githubAddresses(trackerUrl);
    const rule = githubPacing(addresses);
    const key = (path: string) => rule.key(new URL(`${addresses.apiUrl}${path}`));
    expect(rule.windows).toEqual([
      { count: 80, ms: 60_000 },
      { count: 500, ms: 3_600_000 },
    ]);
    expect(key('/repos/acme/app/issues')).toBe(key('/repos/acme/app/issues/comments/3'));
    expect(key('/repos/acme/app/git/blobs')).toBeUndefined();
  });
});
