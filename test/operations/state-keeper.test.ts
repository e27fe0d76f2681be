import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyBase } from '../../src/core/twin.ts';
import { emptyState, stateSchema } from '../../src/cycle/state.ts';
import type { State } from '../../src/cycle/state.ts';
import { createStateKeeper } from '../../src/operations/state-keeper.ts';
import type { TrackerFacts } from '../../src/operations/tracker.ts';
import { sealState, stateKey } from '../../src/store/format.ts';
import type { StateStore } from '../../src/store/store.ts';
import { run, startMs } from '../connection/sample-record.ts';
import { expectNothingPolluted, mutatedBytes, mutatedJson, strangeJson } from '../fuzz/mutations.ts';

const secret = new Uint8Array(32).fill(5);
const connectionId = 'ab12cd34ef';
const id = 'state-2';
const snapshot = { run: { ...run, stateId: id } };

const state: State = {
  ...emptyState(startMs),
  cursors: { public: 'p', private: 'q' },
  twins: [
    {
      base: emptyBase('public', { public: '10', private: '3' }),
      baseText: 'Some text.',
      versions: { public: 'v', private: 'w' },
      auditedAt: startMs,
      links: { public: { key: 'ACME-1', url: 'https://a' }, private: { key: '#3', url: 'https://b' } },
      title: 'One',
    },
  ],
  seen: { public: { '11': { version: 'v', updatedAt: startMs } }, private: {} },
  absences: { '10:3 public issue': startMs },
};

function keeperOf(blob: Uint8Array | undefined) {
  const store: StateStore = {
    load: () => Promise.resolve(blob),
    save: () => Promise.resolve({ kind: 'saved' }),
  };
  const randomBytes = (count: number) => createHash('sha512').update('random').digest().subarray(0, count);
  return createStateKeeper({ store, secret, connectionId, randomBytes });
}

function sealed(json: unknown, options: { id?: string; connectionId?: string } = {}): Uint8Array {
  const nonce = new Uint8Array(12).fill(7);
  return sealState(json, { key: stateKey(secret), nonce, connectionId, id, parentId: undefined, ...options });
}

describe('a kept state', () => {
  it('is what was saved', async () => {
    expect(await keeperOf(sealed({ state })).load(snapshot, startMs)).toEqual({
      start: { kind: 'resumed', state },
      facts: undefined,
    });
  });

  it('is rebuilt, never half taken and never an error, after anything that happened to its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(mutatedBytes(sealed({ state })), async (blob) => {
        const { start, facts } = await keeperOf(blob).load(snapshot, startMs);
        expect(start).toMatchObject({ kind: 'rebuilt', state: { twins: [], cursors: {} } });
        expect(facts).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('that another version wrote is taken if it has the right form, else rebuilt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutatedJson({ state }), strangeJson), async (json) => {
        const { start } = await keeperOf(sealed(json)).load(snapshot, startMs);
        if (start.kind === 'resumed') expect(stateSchema.safeParse(start.state).success).toBe(true);
        else expect(start).toMatchObject({ kind: 'rebuilt', state: { twins: [], cursors: {} } });
        expectNothingPolluted();
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['an older format', sealed({ state: { ...state, format: 0 } })],
    ['a newer format', sealed({ state: { ...state, format: 2 } })],
    ['another connection', sealed({ state }, { connectionId: 'another000' })],
    ['the state before', sealed({ state }, { id: 'state-1' })],
    ['nothing at all', undefined],
  ])('is rebuilt from %s', async (_, blob) => {
    expect((await keeperOf(blob).load(snapshot, startMs)).start.kind).toBe('rebuilt');
  });

  it('is saved under a new id, which is told', async () => {
    const facts: Partial<TrackerFacts> = {};
    const saved = await keeperOf(undefined).save({ state, facts: facts as TrackerFacts }, id);
    expect(saved).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), failure: undefined });
  });
});
