import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { joinLedger, ledgerMarks } from '../../src/core/ledger.ts';
import type { IssueStamp, StampKey } from '../../src/core/stamp.ts';
import { commentStamp, issueStamp, signStamp, verifyStamp } from '../../src/core/stamp.ts';
import { emptyBase } from '../../src/core/twin.ts';

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
    self: undefined,
    counter: 1,
    restricted: undefined,
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
  const payload = deflateRawSync(
    Buffer.from(JSON.stringify({ format: 99, key: 'k1', connection: 'aaaaaaaaaa', stamp: { new: true } })),
  ).toString('base64url');
  const mac = createHmac('sha256', key.secret)
    .update('sallyport stamp\n')
    .update(payload)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
  expect(verifyStamp(`${payload}.${mac}`, [key], 'aaaaaaaaaa')).toEqual({ kind: 'newer', format: 99 });
});

test('a ledger with thousands of pairs is spread over parts that each fit a property, and joins to what it was', () => {
  const comments = Array.from({ length: 1_500 }, (_, index) => ({
    ids: { public: String(100_000 + index), private: String(4_100_000_000 + index * 7) },
    origin: 'public' as const,
    text: { public: `p${index}${'x'.repeat(12)}`, private: `q${index}${'y'.repeat(12)}` },
    withheld: false,
    restricted: false,
  }));
  const marks = ledgerMarks({ ...base, comments }, { self: '10', key, connectionId: 'aaaaaaaaaa' });
  expect(marks.every((mark) => mark.length <= 32_000)).toBe(true);
  const parts = marks.flatMap((mark): IssueStamp[] => {
    const result = verifyStamp(mark, [key], 'aaaaaaaaaa');
    return result.kind === 'valid' && result.stamp.kind === 'issue' ? [result.stamp] : [];
  });
  expect(joinLedger(parts)).toEqual({ ...base, comments });
});

test('parts of an older ledger are left out', () => {
  const older: IssueStamp = { kind: 'issue', base: { ...base, counter: 3, files: 'old' }, part: 1, parts: 2 };
  const newer: IssueStamp = { kind: 'issue', base, part: 0, parts: 1 };
  expect(joinLedger([older, newer])).toEqual(base);
  expect(joinLedger([])).toBeUndefined();
});
