import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLedger, ledgerMarks } from '../../src/core/ledger.ts';
import type { IssueStamp, StampKey } from '../../src/core/stamp.ts';
import { verifyStamp } from '../../src/core/stamp.ts';
import { emptyBase } from '../../src/core/twin.ts';
import type { TwinBase } from '../../src/core/twin.ts';

const key: StampKey = { id: 'k1', secret: Buffer.alloc(32, 7) };
const connectionId = 'aaaaaaaaaa';
const base: TwinBase = { ...emptyBase('public', { public: '10', private: '3' }), counter: 4 };

function withPairs(count: number): TwinBase {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    ...base,
    comments: indexes.map((index) => ({
      ids: { public: String(100_000 + index), private: String(4_100_000_000 + index * 7) },
      origin: 'public',
      text: { public: `p${index}${'x'.repeat(12)}`, private: `q${index}${'y'.repeat(12)}` },
      withheld: false,
      restricted: false,
    })),
    attachments: indexes.slice(0, count / 2).map((index) => ({
      ids: { public: `a${index}`, private: `b${index}` },
      origin: 'private',
      name: 'n',
      size: 1,
      sha256: '',
    })),
    tombstones: indexes.slice(0, count / 3).map((index) => ({ kind: 'comment', side: 'public', id: `t${index}` })),
  };
}

/** The parts as they are read: signed, written, verified. */
function partsOf(of: TwinBase): readonly IssueStamp[] {
  return ledgerMarks(of, { self: '10', key, connectionId }).flatMap((mark) => {
    expect(mark.length).toBeLessThanOrEqual(32_000);
    const verified = verifyStamp(mark, [key], connectionId);
    return verified.kind === 'valid' && verified.stamp.kind === 'issue' ? [verified.stamp] : [];
  });
}

/** Told apart without a diff of thousands of pairs, which takes minutes. */
function expectJoined(parts: readonly IssueStamp[], whole: TwinBase): void {
  const joined = joinLedger(parts);
  expect(joined?.complete).toBe(true);
  expect(joined?.base.comments).toHaveLength(whole.comments.length);
  expect(isDeepStrictEqual(joined?.base, whole)).toBe(true);
}

describe('a ledger', () => {
  it('with thousands of pairs is spread over parts that each fit a property, and joins to what it was', () => {
    const large = withPairs(2_500);
    expect(partsOf(large).length).toBeGreaterThan(3);
    expectJoined(partsOf(large), large);
  });

  it('of one part is whole', () => {
    expect(joinLedger(partsOf(base))).toEqual({ base, complete: true });
    expect(joinLedger([])).toBeUndefined();
  });

  it('is joined without the parts of an older one, however many of them are left', () => {
    const older = partsOf({ ...withPairs(2_500), counter: 3, files: 'old' });
    expect(joinLedger([...older, ...partsOf(base)])).toEqual({ base, complete: true });
  });

  it('is the same in whatever order its parts are found, and however often', () => {
    const large = withPairs(2_500);
    const parts = partsOf(large);
    const found = fc
      .tuple(
        fc.array(fc.nat(parts.length - 1), { maxLength: 6 }),
        fc.shuffledSubarray([...parts.keys()], { minLength: parts.length }),
      )
      .map(([doubled, all]) => [...all, ...doubled].map((index) => parts[index]!));
    fc.assert(
      fc.property(found, (read) => {
        expectJoined(read, large);
      }),
      { numRuns: 30 },
    );
  });

  it('is known as incomplete wherever a part is missing, and holds what the others say', () => {
    const large = withPairs(2_500);
    const parts = partsOf(large);
    const older = partsOf({ ...withPairs(2_500), counter: 3 });
    const left = fc.tuple(fc.subarray([...parts.keys()], { minLength: 1, maxLength: parts.length - 1 }), fc.boolean());
    fc.assert(
      fc.property(left, ([indexes, overOlder]) => {
        const rest = overOlder ? older.filter((part) => !indexes.includes(part.part)) : [];
        const joined = joinLedger([...rest, ...indexes.map((index) => parts[index]!)]);
        expect(joined?.complete).toBe(false);
        expect(joined?.base).toMatchObject({ ids: large.ids, counter: 4, summary: large.summary });
        const told = indexes.flatMap((index) => parts[index]!.base.comments);
        expect(isDeepStrictEqual(joined?.base.comments, told)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, readonly { part: number; parts: number }[]]>([
    [
      'parts that tell other numbers of parts',
      [
        { part: 0, parts: 3 },
        { part: 1, parts: 2 },
      ],
    ],
    [
      'a part beyond their number',
      [
        { part: 0, parts: 2 },
        { part: 2, parts: 2 },
      ],
    ],
    [
      'a part before the first',
      [
        { part: 0, parts: 2 },
        { part: -1, parts: 2 },
      ],
    ],
    ['no number of parts that could be', [{ part: 0, parts: 0 }]],
    ['so many parts that nobody could count them', [{ part: 0, parts: Number.MAX_SAFE_INTEGER }]],
  ])('is incomplete with %s', (_, parts) => {
    expect(joinLedger(parts.map((part) => ({ kind: 'issue', base, ...part })))).toEqual({ base, complete: false });
  });

  it('of one part that another run wrote over a longer one of the same counter is whole', () => {
    const longer = partsOf(withPairs(2_500));
    expect(joinLedger([...partsOf(base), ...longer.slice(1)])).toEqual({ base, complete: true });
  });
});
