import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommentSnapshot, IssueSnapshot, SideName } from '../../src/core/model.ts';
import { ledgerMarks } from '../../src/core/ledger.ts';
import type { StampKey } from '../../src/core/stamp.ts';
import { commentStamp, issueStamp, signStamp } from '../../src/core/stamp.ts';
import { emptyBase } from '../../src/core/twin.ts';
import type { TwinBase } from '../../src/core/twin.ts';
import { baseOn, stampOfComment } from '../../src/cycle/identify.ts';
import { createMemory } from '../../src/cycle/memory.ts';
import type { Memory } from '../../src/cycle/memory.ts';
import type { CycleOptions, CyclePorts } from '../../src/cycle/ports.ts';
import { emptyState } from '../../src/cycle/state.ts';
import { SallyportError } from '../../src/errors.ts';
import { signedToken } from '../core/signed-token.ts';
import { mutatedText } from '../fuzz/mutations.ts';

const key: StampKey = { id: 'k1', secret: Buffer.alloc(32, 7) };
const connectionId = 'ab12cd34ef';

function newMemory(): Memory {
  const options: Partial<CycleOptions> = { connectionId, keys: [key] };
  const ports: Partial<CyclePorts> = { monotonicMs: () => 0, now: () => 0 };
  return createMemory(ports as CyclePorts, options as CycleOptions, emptyState(0));
}

const author = (isConnection: boolean) => ({ id: 'a', displayName: 'A', isConnection });

function issue(options: { id: string; marks: readonly string[]; own: boolean }): IssueSnapshot {
  const { id, marks, own } = options;
  const seen: Partial<IssueSnapshot> = { id, key: `K-${id}`, url: '', marks, marked: true, author: author(own) };
  return seen as IssueSnapshot;
}

function comment(options: { id: string; marks: readonly string[]; own: boolean }): CommentSnapshot {
  const { id, marks, own } = options;
  const seen: Partial<CommentSnapshot> = { id, url: '', marks, author: author(own) };
  return seen as CommentSnapshot;
}

const base: TwinBase = { ...emptyBase('public', { public: '10', private: '3' }), counter: 4 };
const stamp = signStamp(issueStamp(base, '3'), key, connectionId);
const created = signStamp(issueStamp({ ...base, ids: { public: '10', private: '' } }, undefined), key, connectionId);
const anyId = fc.oneof(fc.nat({ max: 30 }).map(String), fc.string({ maxLength: 5 }));
const anySide = fc.constantFrom<SideName>('public', 'private');

describe('a stamp on an issue', () => {
  it('counts on the issue that it names, on its side', () => {
    expect(baseOn(newMemory(), 'private', issue({ id: '3', marks: [stamp], own: true }))).toEqual(base);
    expect(baseOn(newMemory(), 'private', issue({ id: '3', marks: [created], own: true }))).toEqual({ ...base });
  });

  it('binds no other issue, nor the one of the same number on the other side', () => {
    fc.assert(
      fc.property(anySide, anyId, fc.boolean(), (side, id, own) => {
        fc.pre(side !== 'private' || id !== '3');
        expect(baseOn(newMemory(), side, issue({ id, marks: [stamp], own }))).toBeUndefined();
      }),
    );
  });

  it('that names none yet counts on a copy by the connection alone', () => {
    fc.assert(
      fc.property(anySide, anyId, fc.boolean(), (side, id, own) => {
        const found = baseOn(newMemory(), side, issue({ id, marks: [created], own }));
        expect(found !== undefined).toBe(side === 'private' && own);
      }),
    );
  });

  it('is ignored and counted after any change of it', () => {
    fc.assert(
      fc.property(mutatedText(stamp), fc.boolean(), (mark, own) => {
        const memory = newMemory();
        expect(baseOn(memory, 'private', issue({ id: '3', marks: [mark], own }))).toBeUndefined();
        expect(memory.ignoredStamps).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it('of another key or connection does not stand in the way of the right one', () => {
    const forged = signStamp(issueStamp({ ...base, counter: 99 }, '3'), { ...key, secret: Buffer.alloc(32, 8) }, connectionId);
    const foreign = signStamp(issueStamp({ ...base, counter: 99 }, '3'), key, 'another000');
    fc.assert(
      fc.property(fc.shuffledSubarray([forged, foreign, 'A.B', '']), fc.nat(4), (others, at) => {
        const marks = [...others.slice(0, at), stamp, ...others.slice(at)];
        expect(baseOn(newMemory(), 'private', issue({ id: '3', marks, own: true }))).toEqual(base);
      }),
    );
  });
});

describe('a stamp on a comment', () => {
  const options = {
    origin: 'public',
    other: '7',
    issue: '3',
    otherIssue: '5',
    self: '9',
    counter: 1,
    text: { public: 'a', private: 'b' },
  } as const;
  const mark = signStamp(commentStamp(options), key, connectionId);

  it("counts on its own comment, in its own issue, of the connection's account", () => {
    fc.assert(
      fc.property(fc.constantFrom('3', '4'), fc.constantFrom('9', '8'), fc.boolean(), (issueId, id, own) => {
        const found = stampOfComment(newMemory(), issueId, comment({ id, marks: [mark], own }));
        expect(found !== undefined).toBe(issueId === '3' && id === '9' && own);
      }),
    );
  });

  it('is not taken for one of an issue, nor the other way round', () => {
    expect(baseOn(newMemory(), 'private', issue({ id: '3', marks: [mark], own: true }))).toBeUndefined();
    expect(stampOfComment(newMemory(), '3', comment({ id: '9', marks: [stamp], own: true }))).toBeUndefined();
  });
});

describe('a ledger of several parts', () => {
  const pairs = Array.from({ length: 1_500 }, (_, index) => ({
    ids: { public: `p${index}`, private: `q${index}` },
    origin: 'public' as const,
    text: { public: `${index * 7919}x`, private: `${index * 104_729}y` },
    withheld: false,
    restricted: false,
  }));
  const marks = ledgerMarks({ ...base, comments: pairs }, { self: '10', key, connectionId });

  it('is written anew, with a warning, where a part is missing', () => {
    const memory = newMemory();
    expect(baseOn(memory, 'public', issue({ id: '10', marks: marks.slice(0, -1), own: false }))?.ids).toEqual(base.ids);
    expect([...memory.ledgerDue]).toEqual(['10:3']);
    expect(memory.warnings).toEqual([expect.stringContaining('K-10: a part of its ledger is missing')]);
  });

  it('is left as it is where all are there', () => {
    const memory = newMemory();
    expect(baseOn(memory, 'public', issue({ id: '10', marks, own: false }))?.comments).toHaveLength(pairs.length);
    expect([...memory.ledgerDue, ...memory.warnings]).toEqual([]);
  });
});

it('a stamp of a newer format stops the cycle before any write, wherever it stands', () => {
  const newer = signedToken({ format: 2, key: key.id, connection: connectionId, stamp: issueStamp(base, '3') }, key);
  const stopped = (read: () => unknown): void => {
    expect(read).toThrow(SallyportError);
    expect(read).toThrow(/newer Sallyport \(stamp format 2.*upgrade/);
  };
  stopped(() => baseOn(newMemory(), 'private', issue({ id: '3', marks: [stamp, newer], own: false })));
  stopped(() => stampOfComment(newMemory(), '3', comment({ id: '9', marks: [newer], own: true })));
});
