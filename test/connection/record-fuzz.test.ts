import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createConnectionRecord } from '../../src/connection/connection-record.ts';
import { acquireLease, heldError } from '../../src/connection/lease.ts';
import { checkRunnerVersion, parseRecord, prepareRecord } from '../../src/connection/record-checks.ts';
import { connectionIdsAmong, parseLeaseKey } from '../../src/connection/record-keys.ts';
import {
  acceptRecordSchema,
  endedRecordSchema,
  initiatorRecordSchema,
  intentRecordSchema,
  leaseRecordSchema,
  runRecordSchema,
} from '../../src/connection/record.ts';
import type { CycleEntry } from '../../src/connection/record.ts';
import { addCycle, addRemovals, countRemovals } from '../../src/connection/run-history.ts';
import { SallyportError } from '../../src/errors.ts';
import { expectNothingPolluted, mutatedJson, mutatedText, strangeJson } from '../fuzz/mutations.ts';
import { createMemoryPropertyStore } from './memory-property-store.ts';
import { accept, connectionId, initiator, intent, keys, run, startMs } from './sample-record.ts';

const lease = { format: 1, acquiredAt: startMs, expiresAt: startMs + 60_000 };
const ended = { format: 1, entries: [{ public: '10', private: '3', at: startMs, reason: 'removed' }] };

const values: readonly (readonly [string, z.ZodType, unknown])[] = [
  ['initiator', initiatorRecordSchema, initiator],
  ['accept', acceptRecordSchema, accept],
  ['run', runRecordSchema, run],
  ['intent', intentRecordSchema, intent],
  ['lease', leaseRecordSchema, lease],
  ['ended', endedRecordSchema, ended],
];

/** A person's words in a damaged value: they may be anything, so no error may show them. */
const content = 'content-of-somebody';

async function ownErrorOf(act: () => unknown): Promise<SallyportError | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    expect(error.message).not.toContain(content);
    return error;
  }
}

describe.each(values)('the value "%s" of the record', (name, schema, value) => {
  const damaged = fc.oneof(strangeJson, mutatedJson(value), fc.constant({ ...run, format: content, name: content }));

  it('is parsed, or damaged, or of a newer format, and nothing else, whatever stands there', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (read) => {
        const error = await ownErrorOf(() => {
          const parsed = parseRecord(schema, `sallyport.x.${name}`, read);
          // What was read can be written again, and is then the same.
          expect(parseRecord(schema, 'k', JSON.parse(JSON.stringify(prepareRecord(schema, 'k', parsed))))).toEqual(parsed);
        });
        if (error !== undefined) {
          expect(error.message).toMatch(/is damaged|newer Sallyport|longer than/);
          expect(['configuration', 'limit']).toContain(error.kind);
        }
        expectNothingPolluted();
      }),
      { numRuns: 400 },
    );
  });

  it('of a newer format stops with the word to upgrade, whatever else it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }), mutatedJson(value), async (format, rest) => {
        const newer = { ...(typeof rest === 'object' && !Array.isArray(rest) ? rest : {}), format };
        const error = await ownErrorOf(() => parseRecord(schema, 'k', newer));
        expect(error?.message).toMatch(/newer Sallyport \(format \d+.*upgrade/);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a connection whose properties are damaged', () => {
  it('is read, or ends with an own error', async () => {
    const damage = fc.record(
      {
        [keys.initiator]: fc.oneof(fc.constant(initiator), mutatedJson(initiator)),
        [keys.accept]: mutatedJson(accept),
        [keys.run]: mutatedJson(run),
        [keys.intent]: mutatedJson(intent),
        [`${keys.initiator}.ended.1`]: mutatedJson(ended),
        [`${keys.initiator}.ended.x`]: strangeJson,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(damage, async (properties) => {
        const store = createMemoryPropertyStore();
        for (const [key, value] of Object.entries(properties)) store.values.set(key, value);
        const record = createConnectionRecord(store, connectionId);
        await ownErrorOf(() => record.read());
        await ownErrorOf(async () => record.readEnded([...store.values.keys()]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('leases that are damaged', () => {
  const take = (store: ReturnType<typeof createMemoryPropertyStore>) =>
    acquireLease({ store, connectionId, nonce: 'mine', now: () => startMs, durationMs: 60_000 });

  it("are nobody's: the run takes the lease, or finds a live one, or is told to upgrade", async () => {
    const key = fc.constantFrom('other', '1-2.other', '', '.', '1-2.', '99999999999999999999-1.x', '__proto__');
    const value = fc.oneof(strangeJson, mutatedJson(lease));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, value), { maxLength: 3 }), async (others) => {
        const store = createMemoryPropertyStore();
        for (const [rest, held] of others) store.values.set(`sallyport.${connectionId}.lease.${rest}`, held);
        const error = await ownErrorOf(async () => {
          const outcome = await take(store);
          if (outcome.kind === 'acquired') return;
          expect(heldError(connectionId, outcome.holder).message).toMatch(/another run holds it/);
          // A held connection comes free by itself.
          expect(outcome.holder.expiresAt).toBeLessThan(startMs + 25 * 3_600_000);
        });
        if (error !== undefined) expect(error.message).toMatch(/newer Sallyport/);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a number in quotes', '2'],
    ['a list', [2]],
    ['a fraction', 1.5],
    ['an object that has no number', { toString: 1, valueOf: 1 }],
    ['true', true],
  ])('do not stop the connection for good where their format is %s', async (_, format) => {
    const store = createMemoryPropertyStore();
    store.values.set(`sallyport.${connectionId}.lease.other`, { ...lease, format });
    expect(await take(store)).toMatchObject({ kind: 'acquired', lease: { foundDead: true } });
  });
});

it('keys of any text are read, or passed over', () => {
  const key = fc.oneof(
    mutatedText(`sallyport.${connectionId}.lease.2-5.nonce`),
    fc.string({ unit: 'binary' }).map((text) => `sallyport.${connectionId}.lease.${text}`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(key, (text) => {
      const parsed = parseLeaseKey(connectionId, text);
      if (parsed !== undefined) expect(text.endsWith(parsed.nonce)).toBe(true);
      expect(connectionIdsAmong([text]).every((id) => /^[a-z0-9]{10}$/.test(id))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('versions of any text are compared without an exception of their own', async () => {
  const version = fc.oneof(fc.string(), mutatedText('1.4.0'), fc.constant(`9${'9'.repeat(400)}.0.0`));
  await fc.assert(
    fc.asyncProperty(version, version, async (runnerVersionMin, given) => {
      const error = await ownErrorOf(() => checkRunnerVersion({ runnerVersionMin }, given));
      if (error !== undefined) expect(error.kind).toBe('configuration');
    }),
  );
});

describe('the history of a run', () => {
  const time = fc.oneof(fc.integer({ min: startMs - 90_000_000, max: startMs + 90_000_000 }), fc.constantFrom(0, 8.64e15));
  const count = fc.oneof(fc.nat(50), fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1));
  const full = Array.from({ length: 300 }, (_, index) => ({ at: startMs - (300 - index) * 240_000, count: 1 }));
  const removals = fc.oneof(
    fc.array(fc.record({ at: time, count }), { maxLength: 300, size: 'max' }),
    fc.record({ at: fc.constantFrom(startMs, startMs - 1), count }).map((last) => [last]),
    fc
      .array(count, { minLength: 300, maxLength: 300 })
      .map((counts) => full.map(({ at }, index) => ({ at, count: counts[index]! }))),
    fc.constant(full),
  );

  it('can be carried on and written, whatever the record held before', () => {
    const [cycle] = run.cycles;
    const cycles = fc.array(fc.record({ at: time, requests: count }), { maxLength: 20 });
    fc.assert(
      fc.property(removals, cycles, fc.nat(1_000), (before, ran, added) => {
        const old = ran.map((entry): CycleEntry => ({ ...cycle!, ...entry }));
        const parsed = parseRecord(runRecordSchema, 'k', { ...run, removals: before, cycles: old });
        const next = {
          ...parsed,
          removals: addRemovals(parsed.removals, { now: startMs, count: added }),
          cycles: addCycle(parsed.cycles, cycle!),
        };
        expect(prepareRecord(runRecordSchema, 'k', next).removals.length).toBeLessThanOrEqual(300);
        expect(countRemovals(next.removals, startMs)).toBeGreaterThanOrEqual(added);
        expect(countRemovals(next.removals, startMs + 25 * 3_600_000)).toBe(0);
      }),
    );
  });
});
