import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/simulators/simulator.ts';
import { jiraCloudHosts } from '../../../src/sides/jira-cloud/hosts.ts';
import { errorOf, openSide, startMs } from './open-side.ts';

const first = { cursor: undefined, since: startMs, knownVersion: () => undefined, isTwinned: () => false };

describe('what an answer means', () => {
  it.each<[string, Fault, string]>([
    ['401', { kind: 'status', status: 401 }, 'permission'],
    ['403', { kind: 'status', status: 403 }, 'permission'],
    ['a proxy’s 401', { kind: 'html', status: 401 }, 'answer'],
    ['a proxy’s 403', { kind: 'html', status: 403 }, 'answer'],
    ['a login page', { kind: 'html', status: 200 }, 'answer'],
    ['a proxy’s 404', { kind: 'html', status: 404 }, 'answer'],
    ['a gateway’s 429 without JSON', { kind: 'html', status: 429 }, 'passing'],
    ['500', { kind: 'status', status: 500 }, 'passing'],
    ['a proxy’s 502', { kind: 'html', status: 502 }, 'passing'],
    ['a lost connection', { kind: 'lost-before' }, 'passing'],
    ['half an answer', { kind: 'cut' }, 'passing'],
  ])('%s', async (_name, fault, kind) => {
    const { reader, fail } = openSide();
    fail(/search/, fault, 50);
    const error = await errorOf(reader.observe(first));
    expect(error).toMatchObject({ kind, outcomeUnknown: false });
    expect(error.message).not.toContain('secret-token');
  });

  it.each<[string, Fault]>([
    ['429', { kind: 'status', status: 429, retryAfterSeconds: 2 }],
    ['503', { kind: 'status', status: 503 }],
    ['a lost connection', { kind: 'lost-after' }],
    ['half an answer', { kind: 'cut' }],
  ])('a search goes through after %s once', async (_name, fault) => {
    const { reader, fail, people, ana } = openSide();
    people.createIssue({ project: 'ABC', as: ana, summary: 'one' });
    fail(/search/, fault);
    expect((await reader.observe(first)).touched).toHaveLength(1);
  });

  it('says what to do about a token that is not accepted', async () => {
    const { reader, people, sync } = openSide();
    people.revokeToken(sync);
    const error = await errorOf(reader.observe(first));
    expect(error).toMatchObject({ kind: 'permission', status: 401 });
    expect(error.message).toMatch(/token/);
  });

  it('is an error where a listing does not fit, never an empty listing', async () => {
    const { reopen, gateway } = openSide();
    const answers: unknown[] = [{ issues: [{ key: 'ABC-1' }], isLast: true }, { issues: 'none' }, []];
    for (const answer of answers) {
      const { reader } = reopen({ gateway: { ...gateway, send: async () => Response.json(answer) } });
      expect((await errorOf(reader.observe(first))).kind).toBe('answer');
    }
  });
});

describe('the hosts of a site', () => {
  it('are the site, the gateway host where it is used, and the media host', () => {
    const siteUrl = 'https://acme.atlassian.net';
    const names = (apiUrl: string) => jiraCloudHosts({ siteUrl, apiUrl }).map(({ protocol, host }) => `${protocol}//${host}`);
    expect(names(siteUrl)).toEqual(['https://acme.atlassian.net', 'https://api.media.atlassian.com']);
    expect(names('https://api.atlassian.com/ex/jira/x')).toContain('https://api.atlassian.com');
  });

  it('are on the machine itself for a simulator, its media host by the name localhost', () => {
    const siteUrl = 'http://127.0.0.1:8080';
    expect(jiraCloudHosts({ siteUrl, apiUrl: `${siteUrl}/ex/jira/x` })).toEqual([
      { host: '127.0.0.1:8080', protocol: 'http:' },
      { host: 'localhost:8080', protocol: 'http:' },
    ]);
  });
});
