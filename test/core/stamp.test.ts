import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StampKey } from '../../src/core/stamp.ts';
import { commentStamp, issueStamp, signStamp, verifyStamp } from '../../src/core/stamp.ts';
import { emptyBase } from '../../src/core/twin.ts';
import { signedToken } from './signed-token.ts';

const key: StampKey = { id: 'k1', secret: Buffer.alloc(32, 7) };
const other: StampKey = { id: 'k2', secret: Buffer.alloc(32, 8) };
const base = { ...emptyBase('public', { public: '10', private: '3' }), counter: 4 };

test('a stamp verifies with its key and its connection, and with no other', () => {
  const token = signStamp(issueStamp(base, '3'), key, 'aaaaaaaaaa');
  expect(verifyStamp(token, [key], 'aaaaaaaaaa').kind).toBe('valid');
  expect(verifyStamp(token, [other, key], 'aaaaaaaaaa').kind).toBe('valid');
  expect(verifyStamp(token, [other], 'aaaaaaaaaa').kind).toBe('foreign');
  expect(verifyStamp(token, [key], 'bbbbbbbbbb').kind).toBe('foreign');
  expect(verifyStamp(token, [{ ...key, id: 'k9' }], 'aaaaaaaaaa').kind).toBe('foreign');
});

test('no altered or invented token is taken, and none throws', () => {
  const stamp = commentStamp({
    origin: 'public',
    other: '7',
    issue: '3',
    otherIssue: '5',
    self: undefined,
    counter: 1,
    text: { public: 'a', private: 'b' },
  });
  const token = signStamp(stamp, key, 'aaaaaaaaaa');
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'ABCabc019-_.'), (at, character) => {
      const altered = token.slice(0, at) + character + token.slice(at + 1);
      fc.pre(altered !== token);
      const result = verifyStamp(altered, [key], 'aaaaaaaaaa');
      // The last character of a base64url text carries unused bits: the bytes may be the same, never another content.
      if (result.kind === 'valid') expect(result.stamp).toEqual(stamp);
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 500 }), (text) => verifyStamp(text, [key], 'aaaaaaaaaa').kind === 'foreign'),
    { numRuns: 2_000 },
  );
});

test('a signed stamp of a newer format is told apart from a forged one', () => {
  const token = signedToken({ format: 99, key: 'k1', connection: 'aaaaaaaaaa', stamp: { new: true } }, key);
  expect(verifyStamp(token, [key], 'aaaaaaaaaa')).toEqual({ kind: 'newer', format: 99 });
});
