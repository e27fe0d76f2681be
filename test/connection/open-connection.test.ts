import { describe, expect, it } from 'vitest';
import { openConnection, type OpenOptions, readConnection } from '../../src/connection/open-connection.ts';
import { createMemoryPropertyStore, type MemoryPropertyStore, withFaults } from './memory-property-store.ts';
import { accept, connectionId, initiator, intent, keys, run, startMs } from './sample-record.ts';

const whole = { [keys.initiator]: initiator, [keys.accept]: accept, [keys.run]: run };

function optionsFor(store: MemoryPropertyStore): OpenOptions {
  return {
    store,
    connectionId,
    nonce: 'one',
    now: () => (store.requests.length > 0 ? startMs : undefined),
    durationMs: 600_000,
    secretHash: initiator.secretHash,
    runnerVersion: '0.1.0',
  };
}

function leasesIn(store: MemoryPropertyStore): string[] {
  return [...store.values.keys()].filter((key) => key.includes('.lease.'));
}

describe('opening a connection', () => {
  it('costs seven control requests for a whole idle cycle, eight where the time is not known yet', async () => {
    for (const [known, total] of [
      [true, 7],
      [false, 8],
    ] as const) {
      const store = createMemoryPropertyStore(whole);
      const options = optionsFor(store);
      const opened = await openConnection(known ? { ...options, now: () => startMs } : options);
      if (opened.kind !== 'opened') throw new Error('held');
      expect(opened.snapshot).toMatchObject({ initiator, accept, run, intent: undefined });
      await opened.record.runner.writeRun(run);
      await opened.lease.release({ isDone: true });
      expect(store.requests).toHaveLength(total);
      expect(store.requests.indexOf(`put ${keys.initiator}.lease.one`)).toBeLessThan(store.requests.lastIndexOf('keys'));
    }
  });

  it('reads what a dead run left', async () => {
    const store = createMemoryPropertyStore({
      ...whole,
      [keys.intent]: intent,
      [`${keys.initiator}.lease.dead`]: { format: 1, acquiredAt: startMs - 700_000, expiresAt: startMs - 100_000 },
    });
    const opened = await openConnection(optionsFor(store));
    expect(opened).toMatchObject({ kind: 'opened', snapshot: { intent }, lease: { foundDead: true } });
  });

  it('reads and leaves nothing where another run holds it', async () => {
    const held = { format: 1, acquiredAt: startMs, expiresAt: startMs + 1000 };
    const store = createMemoryPropertyStore({ ...whole, [`${keys.initiator}.lease.other`]: held });
    expect(await openConnection(optionsFor(store))).toMatchObject({ kind: 'held', holder: { nonce: 'other' } });
    expect(leasesIn(store)).toEqual([`${keys.initiator}.lease.other`]);
  });

  it.each([
    ['was removed', {}, /removed/],
    ['has a newer code', { ...whole, [keys.initiator]: { ...initiator, secretHash: 'b'.repeat(64) } }, /replaced by a newer one/],
    ['needs a newer Sallyport', { ...whole, [keys.initiator]: { ...initiator, runnerVersionMin: '9.0.0' } }, /needs Sallyport 9/],
    ['is damaged', { ...whole, [keys.run]: [] }, /damaged/],
  ])('gives the lease back when the connection %s', async (_, values, message) => {
    const store = createMemoryPropertyStore(values);
    await expect(openConnection(optionsFor(store))).rejects.toThrow(message);
    expect(leasesIn(store)).toEqual([]);
  });

  it('tells what was wrong with the record even if the lease can not be given back', async () => {
    const store = createMemoryPropertyStore({});
    const broken = withFaults(store, (operation) => {
      if (operation === 'delete') throw new Error('cut');
    });
    await expect(openConnection({ ...optionsFor(store), store: broken })).rejects.toThrow(/removed/);
  });
});

describe('reading a connection', () => {
  it('writes nothing and takes no lease', async () => {
    const store = createMemoryPropertyStore(whole);
    const { keys: list, get } = store;
    expect(await readConnection({ keys: list, get }, connectionId)).toMatchObject({ initiator, accept, run });
    expect(store.requests).toHaveLength(4);
    expect([...store.values.keys()]).toEqual(Object.keys(whole));
  });
});
