import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { discard, readJson, readText } from '../../src/gateway/read-json.ts';
import { errorOf, get, openGateway } from './open-gateway.ts';
import { answer, brokenBody } from './scripted-transport.ts';

const schema = z.object({ id: z.string(), fields: z.object({ tags: z.array(z.number()) }) });
const issue = 'https://acme.atlassian.net/rest/api/3/issue/10001';

async function answered(response: Response): Promise<Response> {
  return openGateway([() => response], { limits: { attemptsMax: 1 } }).gateway.send(get(issue));
}

describe('readJson', () => {
  it('gives what the schema makes of the body', async () => {
    const response = await answered(answer(200, { id: '1', fields: { tags: [1] }, more: true }));
    expect(await readJson(response, schema, 'the issue')).toEqual({ id: '1', fields: { tags: [1] } });
  });

  it('names the first place that does not fit, and not what stands there', async () => {
    const response = await answered(answer(200, { id: '1', fields: { tags: [1, 'private words'] } }));
    const error = await errorOf(readJson(response, schema, 'the issue'));
    expect(error).toMatchObject({ kind: 'answer', status: 200 });
    expect(error.message).toBe(
      'acme.atlassian.net answered something unforeseen for the issue: fields.tags.1 does not fit (invalid_type). Its version may not be supported.',
    );
  });

  it.each([
    ['a login page', '<!DOCTYPE html><title>Log in</title>', 'text/html', 'a proxy or a login page seems to answer'],
    ['HTML that calls itself JSON', ' <html></html>', 'application/json', 'a proxy or a login page seems to answer'],
    ['text', 'private words', 'application/json', 'something that is not JSON'],
    ['nothing', '', 'application/json', 'an empty body'],
  ])('explains %s', async (_name, body, type, explanation) => {
    const response = await answered(new Response(body, { headers: { 'content-type': type } }));
    const error = await errorOf(readJson(response, schema, 'the issue'));
    expect(error.kind).toBe('answer');
    expect(error.message).toContain('acme.atlassian.net');
    expect(error.message).toContain(explanation);
    expect(error.message).not.toContain('private');
  });

  it('says that a body broke off', async () => {
    const error = await errorOf(readJson(new Response(brokenBody('{', 'cut')), schema, 'the issue'));
    expect(error).toMatchObject({ kind: 'passing' });
  });
});

describe('readText', () => {
  it('decodes characters that two parts share', async () => {
    const bytes = new TextEncoder().encode('größe');
    const stream = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    expect(await readText(new Response(stream))).toBe('größe');
  });

  it('stops at the limit', async () => {
    const error = await errorOf(readText(new Response('x'.repeat(101)), { bytesMax: 100, what: 'a page' }));
    expect(error.kind).toBe('limit');
    expect(error.message).toContain('larger than 100 bytes');
    expect(await readText(new Response('x'.repeat(100)), { bytesMax: 100 })).toHaveLength(100);
  });
});

describe('discard', () => {
  it('lets go of a body, and does not mind one that is gone or broken', async () => {
    let cancelled = false;
    await discard(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })));
    expect(cancelled).toBe(true);
    await discard(undefined);
    await discard(new Response(null));
    const read = new Response('x');
    await read.text();
    await discard(read);
    await discard(new Response(new ReadableStream({ cancel: () => Promise.reject(new Error('broken')) })));
  });
});
