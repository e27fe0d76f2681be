import { describe, expect, it } from 'vitest';
import { openSite } from './open-site.ts';
import type { OpenSite } from './open-site.ts';

async function times<Result>(count: number, act: () => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let number = 0; number < count; number += 1) results.push(await act());
  return results;
}

function setProperty(site: OpenSite, issue = 'ABC-1'): ReturnType<OpenSite['call']> {
  return site.call('PUT', `/rest/api/3/issue/${issue}/properties/k`, { body: 1 });
}

describe('rate limits', () => {
  it('allow 100 GETs of one endpoint a second, whatever the ids, and tell what is left', async () => {
    const site = openSite();
    const statuses = (await times(101, () => site.call('GET', '/rest/api/3/myself'))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    const refused = await site.call('GET', '/rest/api/3/myself');
    const names = [
      'retry-after',
      'ratelimit-reason',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'x-ratelimit-nearlimit',
    ];
    expect([refused.status, ...names.map((name) => refused.headers.get(name))]).toEqual([
      429,
      '1',
      'jira-burst-based',
      '100',
      '0',
      '2026-11-23T12:34Z',
      'true',
    ]);
    const other = await site.call('GET', '/rest/api/3/serverInfo');
    expect([other.status, other.headers.get('x-ratelimit-remaining'), other.headers.get('x-ratelimit-nearlimit')]).toEqual([
      200,
      '99',
      null,
    ]);
    site.clock.advance(1_000);
    expect((await site.call('GET', '/rest/api/3/myself')).status).toBe(200);
  });

  it('allow 20 writes to one issue in 2 seconds and 100 in 30, under any of its names', async () => {
    const site = openSite();
    for (const summary of ['One', 'Two']) site.people.createIssue({ project: 'ABC', as: site.ana, summary });
    await times(20, () => setProperty(site, '10000'));
    const refused = await setProperty(site, 'ABC-1');
    expect([refused.status, refused.headers.get('ratelimit-reason'), refused.headers.get('retry-after')]).toEqual([
      429,
      'jira-per-issue-on-write',
      '2',
    ]);
    expect((await setProperty(site, 'ABC-2')).status).toBe(201);
    for (let round = 0; round < 4; round += 1) {
      site.clock.advance(2_000);
      expect((await times(20, () => setProperty(site))).every(({ status }) => status === 200)).toBe(true);
    }
    site.clock.advance(2_000);
    expect((await setProperty(site)).headers.get('retry-after')).toBe('20');
    site.clock.advance(20_000);
    expect((await setProperty(site)).status).toBe(200);
  });

  it('can be switched off', async () => {
    const site = openSite({ limits: { rates: false } });
    const statuses = (await times(150, () => site.call('GET', '/rest/api/3/myself'))).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
