import { describe, expect, test } from 'vitest';
import { kindOf, messageOf } from '../../../src/errors.ts';
import { jsonOf } from '../../../src/sides/redmine/answers.ts';
import { entryId, numberOf } from '../../../src/sides/redmine/ids.ts';
import { markedText } from '../../../src/sides/redmine/marks.ts';

async function told(status: number, body: string, type = 'application/json'): Promise<{ kind: string; message: string }> {
  const response = new Response(body, { status, headers: { 'content-type': type } });
  const request = { method: 'PUT', path: '/issues/1.json?key=secret', host: 'redmine.example.com' } as const;
  const error: unknown = await jsonOf(response, request).catch((thrown: unknown) => thrown);
  return { kind: kindOf(error), message: messageOf(error) };
}

describe('an answer of Redmine', () => {
  test.each([
    [401, '', 'permission', /answered 401 for PUT \/issues\/1\.json\. Check the API key/],
    [403, '', 'permission', /403/],
    [404, '', 'gone', /404/],
    [
      422,
      '{"errors":["Subject cannot be blank","Tracker is invalid"]}',
      'refused',
      /: Subject cannot be blank; Tracker is invalid\.$/,
    ],
    [503, '', 'passing', /tried again by itself/],
    [200, 'no json', 'answer', /something other than JSON/],
  ])('%s %s is %s', async (status, body, kind, message) => {
    const error = await told(status, body);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('secret');
  });

  test('that is a web page says nothing about an issue', async () => {
    const error = await told(404, '<html>Log in</html>', 'text/html');
    expect(error.kind).toBe('answer');
    expect(error.message).toMatch(/web page/);
  });
});

test('a number that Redmine gives a second time is another entry', () => {
  const first = entryId({ id: 2, created_on: '2026-11-24T12:00:00Z' });
  const second = entryId({ id: 2, created_on: '2026-11-24T12:00:05Z' });
  expect(first).not.toBe(second);
  expect([numberOf(first), numberOf(second)]).toEqual(['2', '2']);
});

test('marks stand in the text until an issue of the tracker was seen to have the field for them', () => {
  const at = { marks: ['s1.a'], typeId: 3 };
  expect(markedText({ markFields: new Map() }, 'Text', at)).toEqual({ description: 'Text\n\n<!-- sallyport:s1.a -->' });
  expect(markedText({ markFields: new Map([[3, 8]]) }, 'Text', at)).toEqual({
    description: 'Text',
    custom_fields: [{ id: 8, value: 's1.a' }],
  });
});
