import { expect, it } from 'vitest';
import { explainFailure } from '../../src/gateway/transport-errors.ts';

const url = new URL('https://jira.example/rest');

function fetchFailure(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`failure of ${code}`), { code }) });
}

it.each([
  ['ENOTFOUND', 'host', false],
  ['ECONNREFUSED', 'host', false],
  ['EHOSTUNREACH', 'host', false],
  ['EAI_AGAIN', 'passing', false],
  ['UND_ERR_CONNECT_TIMEOUT', 'passing', false],
  ['ECONNRESET', 'passing', true],
  ['UND_ERR_SOCKET', 'passing', true],
  ['EPIPE', 'passing', true],
])('%s is %s, outcome unknown: %s', async (code, kind, outcomeUnknown) => {
  const error = await explainFailure(fetchFailure(code), url, undefined);
  expect(error).toMatchObject({ kind, outcomeUnknown });
  expect(error.message).toContain('jira.example');
  expect(error.message).toContain(code);
});

it('finds the reason where several addresses were tried', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' });
  const error = await explainFailure(new TypeError('fetch failed', { cause: new AggregateError([refused]) }), url, undefined);
  expect(error.kind).toBe('host');
});

it('takes what has no code at all for a cut connection', async () => {
  expect(await explainFailure('odd', url, undefined)).toMatchObject({ kind: 'passing', outcomeUnknown: true });
});
