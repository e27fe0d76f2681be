import { expect, test } from 'vitest';
import { answerError } from '../../../src/sides/jira/api-errors.ts';

const answered = (text: string) =>
  answerError(
    { status: 400, headers: new Headers({ 'content-type': 'application/json' }) },
    {
      what: 'PUT /issue/{id}',
      host: 'acme.atlassian.net',
      body: JSON.stringify({ errorMessages: [text], errors: {} }),
      isWrite: true,
    },
  );

test('a text that shows a file which somebody removed meanwhile is tried again by itself; what else is wrong with one is not', () => {
  expect(answered('ATTACHMENT_VALIDATION_ERROR')).toMatchObject({ kind: 'passing', outcomeUnknown: false });
  expect(answered('INVALID_INPUT')).toMatchObject({ kind: 'refused', outcomeUnknown: false });
});
