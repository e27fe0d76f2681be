import { describe, expect, it } from 'vitest';
import { create, errorOf, get, openGateway } from './open-gateway.ts';
import { answer, brokenBody } from './scripted-transport.ts';

const issue = 'https://acme.atlassian.net/rest/api/3/issue/10001';
const never = () => new Promise<Response>(() => undefined);
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('time limits', () => {
  it('gives up on a head that does not come, with the outcome unknown', async () => {
    const { gateway, clock } = openGateway([never]);
    const sending = errorOf(gateway.send(create(issue)));
    await settle();
    clock.advance(29_999);
    await settle();
    clock.advance(1);
    const error = await sending;
    expect(error).toMatchObject({ kind: 'passing', outcomeUnknown: true });
    expect(error.message).toBe(
      'No answer within 30000 ms: POST /rest/api/3/issue/{id} at acme.atlassian.net. It may go through later.',
    );
  });

  it('aborts the transport and takes the time of the request', async () => {
    let aborted = false;
    const { gateway, clock } = openGateway([answer(200)], {
      transport: (_request, { signal }) => {
        signal.addEventListener('abort', () => (aborted = true));
        return never();
      },
    });
    const sending = errorOf(gateway.send(create(issue, { timeoutMs: 2000 })));
    await settle();
    clock.advance(2000);
    await sending;
    expect(aborted).toBe(true);
  });

  it('asks again after a timeout where that is safe', async () => {
    const { gateway, clock, lines } = openGateway([never, answer(200, { id: 1 })]);
    const sending = gateway.send(get(issue));
    await settle();
    clock.advance(30_000);
    expect((await sending).status).toBe(200);
    expect(lines.map((line) => line.status)).toEqual(['failed', 200]);
  });

  it('gives up on a body that falls silent', async () => {
    const { gateway, clock } = openGateway([() => new Response(brokenBody('abc', 'silent'))]);
    const response = await gateway.send(get(issue));
    const reading = errorOf(response.text());
    await settle();
    clock.advance(60_000);
    expect(await reading).toMatchObject({ kind: 'passing' });
  });

  it('does not count the time that a reader takes for itself', async () => {
    const { gateway, clock } = openGateway([() => new Response(new Blob(['abc', 'def']).stream())]);
    const response = await gateway.send(get(issue));
    expect(clock.armed()).toBe(0);
    clock.advance(3_600_000);
    expect(await response.text()).toBe('abcdef');
  });

  it('leaves no alarm behind', async () => {
    const { gateway, clock } = openGateway([answer(200)]);
    await gateway.send(get(issue));
    expect(clock.armed()).toBe(0);
  });

  it('bounds the requests of a run', async () => {
    const { gateway, seen } = openGateway([answer(200)], { limits: { requestsMax: 3 } });
    for (let index = 0; index < 3; index += 1) await gateway.send(get(issue));
    expect(await errorOf(gateway.send(get(issue)))).toMatchObject({ kind: 'limit' });
    expect(seen).toHaveLength(3);
  });

  it('sends at most ten requests at once to a host', async () => {
    let open = 0;
    let most = 0;
    const { gateway } = openGateway([answer(200)], {
      transport: async () => {
        open += 1;
        most = Math.max(most, open);
        await settle();
        open -= 1;
        return answer(200);
      },
    });
    await Promise.all(Array.from({ length: 40 }, () => gateway.send(get(issue))));
    expect(most).toBe(10);
  });
});
