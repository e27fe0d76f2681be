import { clearLeftRecord, finishRemoval } from '../../src/connection/remove-record.ts';
import { describe, expect, it } from 'vitest';
import { createConnectionReader, createConnectionRecord, recordPages } from '../../src/connection/connection-record.ts';
import { checkDestination, checkRunnerVersion } from '../../src/connection/record-checks.ts';
import { connectionIdsAmong } from '../../src/connection/record-keys.ts';
import type { EndedEntry } from '../../src/connection/record.ts';
import { createMemoryPropertyStore, withFaults } from './memory-property-store.ts';
import { accept, connectionId, initiator, intent, keys, run, startMs } from './sample-record.ts';

const whole = { [keys.initiator]: initiator, [keys.accept]: accept, [keys.run]: run };

describe('reading the record', () => {
  it('costs four requests at rest', async () => {
    const store = createMemoryPropertyStore({ ...whole, 'sallyport.zz12cd34ef': initiator, 'other.key': 1 });
    const snapshot = await createConnectionReader(store, connectionId).read();
    expect(snapshot).toEqual({ initiator, accept, run, intent: undefined, keys: Object.keys(whole) });
    expect(store.requests).toHaveLength(4);
  });

  it('costs two requests while pending, and reads an intent only where a run left one', async () => {
    const store = createMemoryPropertyStore({ [keys.initiator]: initiator });
    expect(await createConnectionReader(store, connectionId).read()).toMatchObject({ accept: undefined, run: undefined });
    expect(store.requests).toHaveLength(2);
    const left = createMemoryPropertyStore({ ...whole, [keys.intent]: intent });
    expect((await createConnectionReader(left, connectionId).read()).intent).toEqual(intent);
  });

  it('says that the connection was removed', async () => {
    for (const values of [{}, { [keys.accept]: accept }, { [`${keys.initiator}x`]: initiator }]) {
      const store = createMemoryPropertyStore(values);
      await expect(createConnectionReader(store, connectionId).read()).rejects.toThrow(/the connection was removed/);
    }
  });

  it('says so too when it is removed between the listing and the reading', async () => {
    const store = createMemoryPropertyStore(whole);
    const removing = withFaults(store, (operation) => {
      if (operation === 'get') store.values.clear();
    });
    await expect(createConnectionReader(removing, connectionId).read()).rejects.toThrow(/the connection was removed/);
  });

  it('does not touch what a newer Sallyport wrote', async () => {
    const store = createMemoryPropertyStore({ ...whole, [keys.run]: { format: 2, shape: 'unknown' } });
    await expect(createConnectionReader(store, connectionId).read()).rejects.toThrow(/\.run was written by a newer Sallyport/);
  });

  it('names the damaged fields of a value and shows none of it', async () => {
    for (const value of ['private text', null, { ...accept, tracker: 'private text' }]) {
      const store = createMemoryPropertyStore({ ...whole, [keys.accept]: value });
      const reading = createConnectionReader(store, connectionId).read();
      await expect(reading).rejects.toThrow(/\.accept is damaged/);
      await expect(reading).rejects.not.toThrow(/private text/);
      await expect(reading).rejects.toMatchObject({ kind: 'configuration' });
    }
  });

  it('refuses a code that was replaced by a newer one', async () => {
    const reader = createConnectionReader(createMemoryPropertyStore(whole), connectionId);
    await expect(reader.read({ secretHash: 'b'.repeat(64) })).rejects.toThrow(/replaced by a newer one/);
    await expect(reader.read({ secretHash: initiator.secretHash })).resolves.toMatchObject({ initiator });
  });

  it('refuses to run with a Sallyport older than the initiator asks for', () => {
    const wants = (runnerVersionMin: string, version: string) => () => checkRunnerVersion({ runnerVersionMin }, version);
    expect(wants('1.10.0', '1.9.9')).toThrow(/needs Sallyport 1\.10\.0 or newer, this is 1\.9\.9/);
    expect(wants('1.10.0', '1.10.0')).not.toThrow();
    expect(wants('1.10.0', '1.10.1')).not.toThrow();
    expect(wants('1.10.0', 'v2.0.0-rc.1')).not.toThrow();
    expect(wants('2.0.1', '2.0.0')).toThrow();
    expect(wants('0.1.0', 'unknown')).toThrow();
  });

  it('refuses a second destination, and knows the first one again', () => {
    expect(() => checkDestination(accept, 'github:7654321')).toThrow(/already accepted by another destination/);
    expect(() => checkDestination(accept, accept.fingerprint)).not.toThrow();
    expect(() => checkDestination(undefined, 'github:7654321')).not.toThrow();
  });
});

describe('writing the record', () => {
  it('stores what is read again, each writer under its own key', async () => {
    const store = createMemoryPropertyStore();
    const record = createConnectionRecord(store, connectionId);
    await record.initiator.write(initiator);
    await record.acceptor.write(accept);
    await record.runner.writeRun(run);
    await record.runner.writeIntent(intent);
    expect([...store.values.keys()]).toEqual([keys.initiator, keys.accept, keys.run, keys.intent]);
    expect(await record.read()).toMatchObject({ initiator, accept, run, intent });
    await record.runner.clearIntent();
    expect((await record.read()).intent).toBeUndefined();
  });

  it('keeps the run and intent of each shard apart, and shares the rest', async () => {
    const store = createMemoryPropertyStore({ [keys.initiator]: initiator, [keys.accept]: accept });
    const second = createConnectionRecord(store, connectionId, { index: 2, total: 5 });
    await second.runner.writeRun(run);
    await second.runner.writeIntent(intent);
    expect(await second.read()).toMatchObject({ accept, run, intent });
    expect(await createConnectionReader(store, connectionId).read()).toMatchObject({ accept, run: undefined, intent: undefined });
  });

  it('refuses what Jira could not store', async () => {
    const store = createMemoryPropertyStore();
    const types = Array.from({ length: 500 }, (_, index) => ({ id: `${index}`, name: 'x'.repeat(100), subtask: false }));
    const writing = createConnectionRecord(store, connectionId).initiator.write({ ...initiator, types });
    await expect(writing).rejects.toMatchObject({ kind: 'limit' });
    expect(store.requests).toEqual([]);
  });

  it('refuses what it could not read again', async () => {
    const store = createMemoryPropertyStore();
    const writing = createConnectionRecord(store, connectionId).runner.writeRun({ ...run, resumeFrom: -1 });
    await expect(writing).rejects.toThrow(/these fields are wrong: resumeFrom/);
    expect(store.requests).toEqual([]);
  });

  it('removes the acceptance last, so that a removal that stopped half way never looks Pending', async () => {
    const store = createMemoryPropertyStore({ ...whole, [`${keys.initiator}.lease.n1`]: {}, 'sallyport.zz12cd34ef': initiator });
    let allowed = 2;
    const broken = withFaults(store, (operation) => {
      if (operation === 'delete' && --allowed < 0) throw new Error('cut');
    });
    await expect(finishRemoval(broken, connectionId)).rejects.toThrow('cut');
    expect(store.values.has(keys.accept)).toBe(true);
    await finishRemoval(store, connectionId);
    expect([...store.values.keys()]).toEqual(['sallyport.zz12cd34ef']);
  });
});

describe('what a removal left behind', () => {
  it('is told under a dry run and deleted otherwise, and nothing of a connection that is still there', async () => {
    const store = createMemoryPropertyStore({
      [keys.accept]: {},
      [`${keys.initiator}.run`]: {},
      'sallyport.zz12cd34ef': initiator,
    });
    expect(await clearLeftRecord(store, connectionId, { dryRun: true })).toBe(2);
    expect(store.values.size).toBe(3);
    expect(await clearLeftRecord(store, connectionId, { dryRun: false })).toBe(2);
    expect([...store.values.keys()]).toEqual(['sallyport.zz12cd34ef']);
    expect(await clearLeftRecord(createMemoryPropertyStore(whole), connectionId, { dryRun: false })).toBeUndefined();
  });
});

describe('ended twins', () => {
  const entries = Array.from(
    { length: 2500 },
    (_, index): EndedEntry => ({ public: `${10_000 + index}`, private: `${index}`, at: startMs + index, reason: 'unlinked' }),
  );

  it('fit any number of lists and come back in their order', async () => {
    const store = createMemoryPropertyStore({ [keys.initiator]: initiator });
    const record = createConnectionRecord(store, connectionId);
    const pages = recordPages(entries);
    expect(pages.length).toBeGreaterThan(2);
    // Written from the last to the first: the order of keys in a listing means nothing.
    for (const [index, page] of [...pages.entries()].toReversed()) await record.runner.writeEnded(index + 1, page);
    const snapshot = await record.read();
    expect(await record.readEnded(snapshot.keys)).toEqual(entries);
  });

  it('change only the last list when one is added', () => {
    const before = recordPages(entries.slice(0, -1));
    const after = recordPages(entries);
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    expect(recordPages([])).toEqual([]);
  });

  it('cost nothing where there are none', async () => {
    const store = createMemoryPropertyStore(whole);
    expect(await createConnectionReader(store, connectionId).readEnded(Object.keys(whole))).toEqual([]);
    expect(store.requests).toEqual([]);
  });
});

it('finds the connections of an account by their keys', () => {
  const listed = ['sallyport.zz12cd34ef', keys.accept, keys.initiator, 'sallyport.short', 'sallyport', 'other.ab12cd34ef'];
  expect(connectionIdsAmong(listed)).toEqual([connectionId, 'zz12cd34ef']);
});
