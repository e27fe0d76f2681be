import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateStore } from '../../src/store/store.ts';

/** A place where states rest, and the stores that come and go on it as runs do. */
export interface StorePlace {
  /** A store as a new run makes it, on what earlier ones left. */
  open(): StateStore;
  close(): Promise<void>;
}

/** The same bytes in every run, and nothing that compresses. */
export function bytesOf(seed: string, length: number): Uint8Array {
  const parts: Buffer[] = [];
  for (let block = 0; block * 32 < length; block += 1) parts.push(createHash('sha256').update(`${seed} ${block}`).digest());
  return new Uint8Array(Buffer.concat(parts).subarray(0, length));
}

/** What every store has to do, whatever it stands on. */
export function describeStore(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`${name} as a state store`, () => {
    let place: StorePlace;
    beforeEach(async () => {
      place = await createPlace();
    });
    afterEach(() => place.close());

    it('has nothing under an id that was never saved', async () => {
      expect(await place.open().load('never')).toBeUndefined();
    });

    it.each([0, 1, 100_000])('gives back %i bytes as they were saved, to a later run too', async (length) => {
      const blob = bytesOf('state', length);
      const store = place.open();
      expect(await store.save('state-1', blob)).toEqual({ kind: 'saved' });
      expect(await store.load('state-1')).toEqual(blob);
      expect(await place.open().load('state-1')).toEqual(blob);
    });

    it('saves no more than the view that it is given', async () => {
      const whole = bytesOf('whole', 64);
      const store = place.open();
      await store.save('view', whole.subarray(16, 48));
      expect(await store.load('view')).toEqual(whole.slice(16, 48));
    });

    it('keeps the parent of the state saved last, which the record may still name', async () => {
      const store = place.open();
      await store.save('parent', bytesOf('parent', 10));
      await store.save('child', bytesOf('child', 20));
      expect(await store.load('parent')).toEqual(bytesOf('parent', 10));
      expect(await store.load('child')).toEqual(bytesOf('child', 20));
    });

    it('does not take an id for another one that it begins', async () => {
      const store = place.open();
      await store.save('abc-1', bytesOf('longer', 10));
      expect(await store.load('abc')).toBeUndefined();
    });

    it.each(['', '.', '..', '../escape', 'a/b', 'A', 'ä', 'a,b', 'a\n', 'x'.repeat(65)])('refuses %j as an id', async (id) => {
      const store = place.open();
      const outcome = await store.save(id, bytesOf('refused', 4));
      expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('not a state id') });
      expect(await store.load(id)).toBeUndefined();
    });
  });
}
