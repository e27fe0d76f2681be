import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stamp, StampKey } from '../../src/core/stamp.ts';
import { commentStamp, issueStamp, signStamp, stampFormat, verifyStamp } from '../../src/core/stamp.ts';
import { emptyBase } from '../../src/core/twin.ts';
import { expectNothingPolluted, mutatedJson, mutatedText, strangeJson } from '../fuzz/mutations.ts';
import { signedToken, tokenAround } from './signed-token.ts';

const connectionId = 'ab12cd34ef';
const key: StampKey = { id: 'k1', secret: Buffer.alloc(32, 7) };
const former: StampKey = { id: 'k0', secret: Buffer.alloc(32, 6) };
const keys = [key, former];

const id = fc.oneof(fc.nat().map(String), fc.string({ maxLength: 12 }));
const pair = fc.record({ public: id, private: id });
const side = fc.constantFrom('public' as const, 'private' as const);
const anyStamp: fc.Arbitrary<Stamp> = fc.oneof(
  fc
    .tuple(side, pair, fc.nat(), fc.option(id, { nil: undefined }))
    .map(([origin, ids, counter, self]) => issueStamp({ ...emptyBase(origin, ids), counter, summary: ids }, self)),
  fc
    .record({
      origin: side,
      other: id,
      issue: id,
      otherIssue: id,
      self: fc.option(id, { nil: undefined }),
      counter: fc.nat(),
      text: pair,
    })
    .map(commentStamp),
);
const anyKey = fc.record({ id: fc.string({ maxLength: 8 }), secret: fc.uint8Array({ minLength: 32, maxLength: 32 }) });

const sample = signStamp(
  issueStamp({ ...emptyBase('public', { public: '10', private: '3' }), counter: 4 }, '3'),
  key,
  connectionId,
);

describe('a stamp', () => {
  it('is what was signed, by the key of now or the one before', () => {
    fc.assert(
      fc.property(anyStamp, fc.constantFrom(key, former), (stamp, by) => {
        expect(verifyStamp(signStamp(stamp, by, connectionId), keys, connectionId)).toEqual({ kind: 'valid', stamp });
      }),
    );
  });

  it('is not taken when signed with another key, whatever id that key claims', () => {
    fc.assert(
      fc.property(anyStamp, anyKey, fc.boolean(), (stamp, stranger, claims) => {
        const by = claims ? { ...stranger, id: key.id } : stranger;
        expect(verifyStamp(signStamp(stamp, by, connectionId), keys, connectionId)).toEqual({ kind: 'foreign' });
      }),
    );
  });

  it('is not taken when it is of another connection', () => {
    fc.assert(
      fc.property(anyStamp, fc.string(), (stamp, other) => {
        fc.pre(other !== connectionId);
        expect(verifyStamp(signStamp(stamp, key, other), keys, connectionId)).toEqual({ kind: 'foreign' });
      }),
    );
  });

  it('is not taken with the signature of another stamp, so that kind, ids and counter cannot be exchanged', () => {
    fc.assert(
      fc.property(anyStamp, anyStamp, (one, other) => {
        const [payload = ''] = signStamp(one, key, connectionId).split('.');
        const [otherPayload = '', mac = ''] = signStamp(other, key, connectionId).split('.');
        fc.pre(payload !== otherPayload);
        expect(verifyStamp(`${payload}.${mac}`, keys, connectionId)).toEqual({ kind: 'foreign' });
      }),
    );
  });

  it('is not taken after any change of its text', () => {
    const changed = fc.oneof(
      mutatedText(sample),
      anyStamp.chain((stamp) => mutatedText(signStamp(stamp, key, connectionId))),
    );
    fc.assert(
      fc.property(changed, (token) => {
        expect(verifyStamp(token, keys, connectionId)).toEqual({ kind: 'foreign' });
      }),
      { numRuns: 3_000 },
    );
  });

  it('is not any text that nobody signed', () => {
    const token = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.stringMatching(/^[\w-]{0,300}\.[\w-]{22}$/),
      strangeJson.map((content) => signedToken(content, key).replace(/\..*$/, '.AAAAAAAAAAAAAAAAAAAAAA')),
    );
    fc.assert(
      fc.property(token, (text) => {
        expect(verifyStamp(text, keys, connectionId)).toEqual({ kind: 'foreign' });
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a newer format is told from a forged one, whatever it holds', () => {
    const newer = fc.integer({ min: stampFormat + 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(newer, strangeJson, (format, stamp) => {
        const token = signedToken({ format, key: key.id, connection: connectionId, stamp }, key);
        expect(verifyStamp(token, keys, connectionId)).toEqual({ kind: 'newer', format });
        expect(verifyStamp(token, [former], connectionId)).toEqual({ kind: 'foreign' });
        expect(verifyStamp(token, keys, 'another000')).toEqual({ kind: 'foreign' });
      }),
    );
  });

  it('of a format that never was is not taken', () => {
    const stamp = issueStamp(emptyBase('public', { public: '1', private: '2' }), undefined);
    const format = fc.constantFrom<unknown>(0, -1, 0.5, null, '1', '2', [1], 2 ** 60, true, undefined);
    fc.assert(
      fc.property(format, (wrong) => {
        const token = signedToken({ format: wrong, key: key.id, connection: connectionId, stamp }, key);
        expect(verifyStamp(token, keys, connectionId)).toEqual({ kind: 'foreign' });
      }),
    );
  });

  it('that is signed but holds anything is a stamp of the right form or none, and never an exception', () => {
    const right = {
      format: stampFormat,
      key: key.id,
      connection: connectionId,
      stamp: issueStamp(emptyBase('public', { public: '1', private: '2' }), '2'),
    };
    fc.assert(
      fc.property(fc.oneof(strangeJson, mutatedJson(right)), (content) => {
        const verified = verifyStamp(signedToken(content, key), keys, connectionId);
        if (verified.kind === 'valid') {
          expect(['issue', 'comment']).toContain(verified.stamp.kind);
          expect(signStamp(verified.stamp, key, connectionId)).toMatch(/^[\w-]+\.[\w-]{22}$/);
        }
        expectNothingPolluted();
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(verifyStamp(tokenAround(bytes, key), keys, connectionId)).toEqual({ kind: 'foreign' });
      }),
    );
  });

  it('that would inflate without end is not taken', () => {
    const right = {
      format: stampFormat,
      key: key.id,
      connection: connectionId,
      stamp: issueStamp(emptyBase('public', { public: '1', private: '2' }), '2'),
    };
    expect(verifyStamp(signedToken(right, key), keys, connectionId).kind).toBe('valid');
    expect(
      verifyStamp(tokenAround(Buffer.from(JSON.stringify(right) + ' '.repeat(20_000_000)), key), keys, connectionId).kind,
    ).toBe('foreign');
  });
});
