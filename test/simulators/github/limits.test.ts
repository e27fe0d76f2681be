import { describe, expect, it } from 'vitest';
import type { GitHubSimulator } from '../../../src/simulators/github/github.ts';
import { call, setUp } from './setup.ts';

const issues = '/repos/acme/app/issues';

async function create(github: GitHubSimulator, times: number, token = 'ada-token'): Promise<Response> {
  let answer = await call(github, `POST ${issues}`, { token, body: { title: 'x' } });
  for (let count = 1; count < times; count += 1) answer = await call(github, `POST ${issues}`, { token, body: { title: 'x' } });
  return answer;
}

describe('rate limits', () => {
  it('allow 80 new contents a minute, then answer 403 with retry-after', async () => {
    const { github, clock } = setUp();
    expect((await create(github, 80)).status).toBe(201);
    clock.advance(15_000);
    const refused = await create(github, 1);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('retry-after')).toBe('45');
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('secondary rate limit') });
    expect(github.issues('acme/app')).toHaveLength(80);
    expect((await call(github, `GET ${issues}`, { token: 'ada-token' })).status).toBe(200);
    expect((await create(github, 1, 'rae-token')).status).toBe(201);
    clock.advance(45_000);
    expect((await create(github, 1)).status).toBe(201);
  });

  it('allow 500 new contents an hour', async () => {
    const { github, clock } = setUp();
    for (let minute = 0; minute < 10; minute += 1) {
      expect((await create(github, 50)).status).toBe(201);
      clock.advance(60_000);
    }
    const refused = await create(github, 1);
    expect(refused.headers.get('retry-after')).toBe(String(50 * 60));
  });

  it('allow 900 points a minute: one a read, five a write', async () => {
    const { github } = setUp({ limits: { pointsPerMinute: 7 } });
    const statuses: number[] = [];
    statuses.push((await create(github, 1)).status);
    for (let count = 0; count < 3; count += 1)
      statuses.push((await call(github, `GET ${issues}`, { token: 'ada-token' })).status);
    expect(statuses).toEqual([201, 200, 200, 403]);
  });

  it('count requests an hour, a repository’s job token apart from people’s', async () => {
    const { github, clock } = setUp({ limits: { jobPerHour: 3 } });
    const get = (token: string): Promise<Response> => call(github, 'GET /repos/acme/app', { token });
    const first = await get('job-token');
    expect(first.headers.get('x-ratelimit-limit')).toBe('3');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
    await get('job-token');
    await get('job-token');
    const refused = await get('job-token');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('retry-after')).toBeNull();
    expect((await get('ada-token')).headers.get('x-ratelimit-limit')).toBe('5000');
    clock.advance(Number(refused.headers.get('x-ratelimit-reset')) * 1000 - clock.now());
    expect((await get('job-token')).status).toBe(200);
  });

  it('tell their state for free', async () => {
    const { github } = setUp();
    await call(github, 'GET /repos/acme/app', { token: 'ada-token' });
    for (let count = 0; count < 2; count += 1) {
      const state = await call(github, 'GET /rate_limit', { token: 'ada-token' });
      expect(await state.json()).toMatchObject({ resources: { core: { limit: 5000, remaining: 4999, used: 1 } } });
    }
  });
});
