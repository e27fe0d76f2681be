import { describe, expect, test } from 'vitest';
import { createRedactor, harmless } from '../../src/main/redactor.ts';

describe('the redactor', () => {
  test('hides every occurrence of every secret', () => {
    const redactor = createRedactor();
    redactor.add('ghp_first');
    redactor.add('second+secret.*');
    expect(redactor.apply('ghp_first, second+secret.* and ghp_first')).toBe('***, *** and ***');
  });

  test('hides a secret that holds another one whole, whatever order they came in', () => {
    const redactor = createRedactor();
    redactor.add('secret');
    redactor.add('secret-and-more');
    expect(redactor.apply('secret-and-more, secret')).toBe('***, ***');
  });

  test('hides each line of a secret of several lines, without its white space', () => {
    const redactor = createRedactor();
    redactor.add('first line\r\n  second line\n\nend');
    expect(redactor.apply('(first line)(second line)')).toBe('(***)(***)');
  });

  test('leaves words alone that are too short for a secret', () => {
    const redactor = createRedactor();
    redactor.add('');
    redactor.add('the\n a ');
    expect(redactor.apply('the cat has a hat')).toBe('the cat has a hat');
  });

  test('takes a secret as text and not as a pattern, and shows no part of it in the replacement', () => {
    const redactor = createRedactor();
    redactor.add('$&$1(.*)');
    expect(redactor.apply('a $&$1(.*) b')).toBe('a *** b');
  });
});

describe('a line of the log', () => {
  test.each(['::error::a', '  ::set-output name=x::y', 'text\n::add-mask::z', '##[error]a', 'text\r\n  ##[group]b'])(
    'cannot begin a workflow command: %j',
    (line) => {
      for (const part of harmless(line).split(/\r?\n/)) expect(part).not.toMatch(/^\s*(?:::|##\[)/);
    },
  );

  test.each(['GET acme.atlassian.net/rest/api/3/myself 200', 'a::b', 'see [::1]:80', 'a ##[b]'])(
    'is kept as it is otherwise: %j',
    (line) => {
      expect(harmless(line)).toBe(line);
    },
  );
});
