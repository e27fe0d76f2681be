import { describe, expect, it } from 'vitest';
import { chooseProxy } from '../../src/gateway/proxy-choice.ts';

const jira = new URL('https://acme.atlassian.net/rest');
const choose = (url: string | URL, environment: Record<string, string>) => chooseProxy(new URL(url), environment)?.url.host;

describe('the proxy', () => {
  it('is chosen by the protocol of the request', () => {
    const environment = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };
    expect(choose(jira, environment)).toBe('secure:1');
    expect(choose('http://tracker.internal', environment)).toBe('plain:2');
    expect(choose(jira, { HTTP_PROXY: 'http://plain:2' })).toBeUndefined();
    expect(choose(jira, {})).toBeUndefined();
    expect(choose(jira, { HTTPS_PROXY: ' ' })).toBeUndefined();
  });

  it('is read in either case, the lower one first', () => {
    expect(choose(jira, { https_proxy: 'http://lower:1' })).toBe('lower:1');
    expect(choose(jira, { https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:2' })).toBe('lower:1');
    expect(choose(jira, { HTTPS_PROXY: 'http://upper:2', no_proxy: '*' })).toBeUndefined();
  });

  it('may lack its protocol', () => {
    expect(choose(jira, { HTTPS_PROXY: 'proxy.internal:3128' })).toBe('proxy.internal:3128');
  });

  it.each([
    ['http://user:p%40ss@proxy:1', 'user:p@ss'],
    ['http://user@proxy:1', 'user:'],
    ['http://user:100%@proxy:1', 'user:100%'],
  ])('takes credentials out of its URL: %s', (address, credentials) => {
    const proxy = chooseProxy(jira, { HTTPS_PROXY: address });
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from(credentials).toString('base64')}`);
    expect(proxy?.url.href).toBe('http://proxy:1/');
  });

  it.each(['socks5://user:secret@proxy:1', 'http://user:secret@', 'http://user:secret@:x:'])(
    'is refused without its credentials being repeated: %s',
    (address) => {
      const attempt = () => chooseProxy(jira, { HTTPS_PROXY: address });
      expect(attempt).toThrow('HTTPS_PROXY holds no http or https URL');
      expect(attempt).not.toThrow('secret');
    },
  );
});

describe('NO_PROXY', () => {
  it.each<[string, string, boolean]>([
    ['*', 'https://acme.atlassian.net/', true],
    ['acme.atlassian.net', 'https://acme.atlassian.net/', true],
    ['ACME.atlassian.net', 'https://acme.atlassian.net/', true],
    ['atlassian.net', 'https://acme.atlassian.net/', true],
    ['.atlassian.net', 'https://acme.atlassian.net/', true],
    ['*.atlassian.net', 'https://acme.atlassian.net/', true],
    ['lassian.net', 'https://acme.atlassian.net/', false],
    ['one.example, acme.atlassian.net', 'https://acme.atlassian.net/', true],
    ['one.example acme.atlassian.net', 'https://acme.atlassian.net/', true],
    ['acme.atlassian.net:443', 'https://acme.atlassian.net/', true],
    ['acme.atlassian.net:8443', 'https://acme.atlassian.net/', false],
    ['localhost,127.0.0.1', 'https://127.0.0.1:3000/', true],
    ['[::1]:3000', 'https://[::1]:3000/', true],
    ['::1', 'https://[::1]:3000/', true],
    ['10.0.0.0/8', 'https://10.20.30.40/', true],
    ['10.0.0.0/8', 'https://11.20.30.40/', false],
    ['192.168.4.0/22', 'https://192.168.7.255/', true],
    ['192.168.4.0/22', 'https://192.168.8.0/', false],
    ['', 'https://localhost/', false],
  ])('%s exempts %s: %s', (noProxy, url, exempt) => {
    expect(choose(url, { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: noProxy })).toBe(exempt ? undefined : 'proxy:1');
  });
});
