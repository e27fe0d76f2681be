import { describe, expect, it } from 'vitest';
import { contentCreationPacing, createPacing, jiraIssueWritePacing } from '../../src/gateway/pacing.ts';
import { createManualClock } from './manual-clock.ts';
import { answer, bare } from './scripted-transport.ts';
import { create, errorOf, get, openGateway } from './open-gateway.ts';

const issue = (key: string) => ({ method: 'PUT' as const, url: new URL(`https://acme.atlassian.net/rest/api/3/issue/${key}`) });

describe('pacing of writes to one Jira issue', () => {
  it('lets 20 pass in 2 seconds, and holds the next until the first is 2 seconds old', () => {
    const clock = createManualClock();
    const pacing = createPacing([jiraIssueWritePacing('acme.atlassian.net')], clock);
    const waits = Array.from({ length: 20 }, () => pacing.reserve(issue('ABC-1'), 60_000));
    expect(Math.max(...waits)).toBe(0);
    clock.advance(500);
    expect(pacing.reserve(issue('ABC-1'), 60_000)).toBe(1500);
    expect(pacing.reserve(issue('ABC-2'), 60_000)).toBe(0);
  });

  it('lets 100 pass in 30 seconds', () => {
    const clock = createManualClock();
    const pacing = createPacing([jiraIssueWritePacing('acme.atlassian.net')], clock);
    for (let burst = 0; burst < 5; burst += 1) {
      for (let index = 0; index < 20; index += 1) expect(pacing.reserve(issue('10001'), 60_000)).toBe(0);
      clock.advance(2000);
    }
    expect(pacing.reserve(issue('10001'), 60_000)).toBe(20_000);
  });

  it('never exceeds a window however requests arrive', () => {
    const clock = createManualClock();
    const pacing = createPacing([jiraIssueWritePacing('acme.atlassian.net')], clock);
    const sentAt: number[] = [];
    for (let index = 0; index < 400; index += 1) {
      sentAt.push(clock.monotonicMs() + pacing.reserve(issue('ABC-1'), Infinity));
      clock.advance((index * 37) % 211);
    }
    const within = (ms: number) => Math.max(...sentAt.map((from) => sentAt.filter((at) => at >= from && at < from + ms).length));
    expect(within(2000)).toBeLessThanOrEqual(20);
    expect(within(30_000)).toBeLessThanOrEqual(100);
  });

  it('leaves reads, other hosts and bulk creates alone', () => {
    const rule = jiraIssueWritePacing('acme.atlassian.net');
    expect(rule.methods).not.toContain('GET');
    expect(rule.key(new URL('https://acme.atlassian.net/rest/api/3/issue/bulk'))).toBeUndefined();
    expect(rule.key(new URL('https://acme.atlassian.net/rest/api/3/issue'))).toBeUndefined();
    expect(rule.key(new URL('https://api.atlassian.com/ex/jira/1/rest/api/3/issue/10001/comment'))).toBe('10001');
  });
});

describe('pacing in the gateway', () => {
  const content = contentCreationPacing({
    host: 'api.github.com',
    methods: ['POST'],
    pathPattern: /\/issues/g,
    perMinute: 3,
    perHour: 5,
  });
  const comments = 'https://api.github.com/repos/o/r/issues/1/comments';

  it('waits on the virtual clock until a minute is over', async () => {
    const { gateway, clock } = openGateway([answer(201)], { pacing: [content] });
    for (let index = 0; index < 4; index += 1) await gateway.send(create(comments));
    expect(clock.waits).toEqual([60_000]);
  });

  it('does not slow reads', async () => {
    const { gateway, clock } = openGateway([answer(200)], { pacing: [content] });
    for (let index = 0; index < 20; index += 1) await gateway.send(get(comments));
    expect(clock.waits).toEqual([]);
  });

  it('refuses to wait for most of an hour, sends nothing, and says when it makes sense again', async () => {
    const { gateway, seen } = openGateway([answer(201)], { pacing: [content] });
    for (let index = 0; index < 5; index += 1) await gateway.send(create(comments));
    const error = await errorOf(gateway.send(create(comments)));
    expect(error).toMatchObject({ kind: 'passing', outcomeUnknown: false, retryAfterMs: 3_540_000 });
    expect(error.message).toContain('until 2026-11-02T10:59:00.000Z');
    expect(seen).toHaveLength(5);
  });

  it('counts retries too', async () => {
    const { gateway, clock } = openGateway([bare(429), bare(429), bare(429), answer(201)], { pacing: [content] });
    await gateway.send(create(comments));
    expect(clock.waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(60_000);
  });
});
