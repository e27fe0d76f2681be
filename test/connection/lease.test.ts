import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acquireLease, heldError, type Lease, leaseGraceMs, type LeaseOptions } from '../../src/connection/lease.ts';
import type { PropertyStore } from '../../src/connection/property-store.ts';
import { createMemoryPropertyStore, withFaults } from './memory-property-store.ts';
import { connectionId, startMs } from './sample-record.ts';

const durationMs = 600_000;

function createScene() {
  const store = createMemoryPropertyStore();
  const clock = { now: startMs };
  const options = (nonce: string, changes: Partial<LeaseOptions> = {}): LeaseOptions => ({
    store,
    connectionId,
    nonce,
    now: () => clock.now,
    durationMs,
    ...changes,
  });
  const acquire = async (nonce: string, changes: Partial<LeaseOptions> = {}): Promise<Lease> => {
    const outcome = await acquireLease(options(nonce, changes));
    if (outcome.kind === 'held') throw new Error(`held by ${outcome.holder.nonce}`);
    return outcome.lease;
  };
  const leases = () => [...store.values.keys()].filter((key) => key.includes('.lease.'));
  return { store, clock, options, acquire, leases };
}

describe('taking the lease', () => {
  it('costs two requests, the listing after the write, and one to give it back', async () => {
    const { store, acquire, leases } = createScene();
    const lease = await acquire('one');
    expect(store.requests).toEqual([`put sallyport.${connectionId}.lease.one`, 'keys']);
    expect(lease).toMatchObject({ foundDead: false, deadline: startMs + durationMs });
    await lease.release({ isDone: true });
    await lease.release({ isDone: true });
    expect(store.requests).toHaveLength(3);
    expect(leases()).toEqual([]);
    expect(lease.isLive(0)).toBe(false);
  });

  it('learns the time first where it is not known yet', async () => {
    const { store, clock, options } = createScene();
    const answered = { value: false };
    const telling = withFaults(store, () => {
      answered.value = true;
    });
    const now = () => (answered.value ? clock.now : undefined);
    const outcome = await acquireLease(options('one', { store: telling, now }));
    expect(outcome.kind).toBe('acquired');
    expect(store.requests.map((request) => request.split(' ')[0])).toEqual(['keys', 'put', 'keys']);
  });

  it('does not start without a common time', async () => {
    const { options, leases } = createScene();
    await expect(acquireLease(options('one', { now: () => undefined }))).rejects.toThrow(/no Date header/);
    expect(leases()).toEqual([]);
  });

  it('withdraws where another run holds it, and says which', async () => {
    const { clock, acquire, options, leases } = createScene();
    const first = await acquire('one');
    clock.now += 1000;
    const outcome = await acquireLease(options('two'));
    expect(outcome).toEqual({
      kind: 'held',
      holder: { nonce: 'one', shard: undefined, acquiredAt: startMs, expiresAt: startMs + durationMs },
    });
    expect(leases()).toEqual([`sallyport.${connectionId}.lease.one`]);
    expect(first.isLive(0)).toBe(true);
    if (outcome.kind === 'held') expect(heldError(connectionId, outcome.holder)).toMatchObject({ kind: 'inactive' });
  });

  it('is not in the way of another connection', async () => {
    const { acquire } = createScene();
    await acquire('one');
    await acquire('two', { connectionId: 'zz12cd34ef' });
  });

  it('trusts no listing that does not show the lease just written', async () => {
    const { store, options, leases } = createScene();
    const lagging: PropertyStore = { ...store, keys: async () => [] };
    await expect(acquireLease(options('one', { store: lagging }))).rejects.toMatchObject({ kind: 'passing' });
    expect(leases()).toEqual([]);
  });

  it('does not run on a lease that ended while it was taken', async () => {
    const { store, clock, options, leases } = createScene();
    const slow = withFaults(store, (operation) => {
      if (operation === 'keys') clock.now += durationMs;
    });
    await expect(acquireLease(options('one', { store: slow }))).rejects.toMatchObject({ kind: 'passing' });
    expect(leases()).toEqual([]);
  });

  it('leaves nothing behind when the listing fails', async () => {
    const { store, options, leases } = createScene();
    const broken = withFaults(store, (operation) => {
      if (operation === 'keys') throw new Error('cut');
    });
    await expect(acquireLease(options('one', { store: broken }))).rejects.toThrow('cut');
    expect(leases()).toEqual([]);
  });
});

describe('the lease of a run that died', () => {
  it('holds until its end and a grace, by connection time', async () => {
    const { clock, acquire, options } = createScene();
    await acquire('dead');
    clock.now = startMs + durationMs + leaseGraceMs - 1;
    expect((await acquireLease(options('two'))).kind).toBe('held');
    clock.now += 1;
    const lease = await acquire('three');
    expect(lease.foundDead).toBe(true);
  });

  it('is deleted by the next run that is done, which is the last to be told of it', async () => {
    const { clock, acquire, leases } = createScene();
    await acquire('dead1');
    clock.now += durationMs + leaseGraceMs;
    await acquire('dead2');
    clock.now += durationMs + leaseGraceMs;
    const failed = await acquire('three');
    expect(failed.foundDead).toBe(true);
    await failed.release({ isDone: false });
    const lease = await acquire('four');
    expect(lease.foundDead).toBe(true);
    await lease.release({ isDone: true });
    expect(leases()).toEqual([]);
    expect((await acquire('five')).foundDead).toBe(false);
  });

  it('stands for that of a run which an error ended once it wrote', async () => {
    const { acquire, leases } = createScene();
    const failed = await acquire('one');
    await failed.renew();
    await failed.release({ isDone: false });
    expect(leases()).toEqual([`sallyport.${connectionId}.lease.one`]);
    const again = await acquire('two');
    expect(again.foundDead).toBe(true);
    await again.renew();
    await again.release({ isDone: false });
    expect(leases()).toEqual([`sallyport.${connectionId}.lease.two`]);
    await (await acquire('three')).release({ isDone: true });
    expect(leases()).toEqual([]);
  });

  it('is still found by the next run if the one that found it withdrew', async () => {
    const { clock, store, acquire, options } = createScene();
    await acquire('dead');
    clock.now += durationMs + leaseGraceMs;
    store.values.set(`sallyport.${connectionId}.lease.live`, {
      format: 1,
      acquiredAt: clock.now,
      expiresAt: clock.now + durationMs,
    });
    expect((await acquireLease(options('two'))).kind).toBe('held');
    store.values.delete(`sallyport.${connectionId}.lease.live`);
    expect((await acquire('three')).foundDead).toBe(true);
  });

  it('does not stop a run that can not delete it', async () => {
    const { store, clock, acquire } = createScene();
    await acquire('dead');
    clock.now += durationMs + leaseGraceMs;
    const broken = withFaults(store, (operation) => {
      if (operation === 'delete') throw new Error('cut');
    });
    const lease = await acquire('two', { store: broken });
    expect(lease.foundDead).toBe(true);
    await expect(lease.release({ isDone: true })).rejects.toThrow('cut');
  });

  it('counts as dead when damaged, and stops the run when a newer Sallyport wrote it', async () => {
    const { store, acquire, options, leases } = createScene();
    store.values.set(`sallyport.${connectionId}.lease.damaged`, 'nonsense');
    expect((await acquire('one')).foundDead).toBe(true);
    store.values.clear();
    store.values.set(`sallyport.${connectionId}.lease.newer`, { format: 2, until: 'later' });
    await expect(acquireLease(options('two'))).rejects.toThrow(/newer Sallyport/);
    expect(leases()).toEqual([`sallyport.${connectionId}.lease.newer`]);
  });
});

describe('renewing', () => {
  it('costs nothing until half of the time is over', async () => {
    const { store, clock, acquire } = createScene();
    const lease = await acquire('one');
    clock.now += durationMs / 2;
    await lease.renew();
    expect(store.requests).toHaveLength(2);
    clock.now += 1;
    await Promise.all([lease.renew(), lease.renew()]);
    expect(store.requests).toHaveLength(3);
    expect(lease.deadline).toBe(clock.now + durationMs);
  });

  it('keeps others out for the whole new time', async () => {
    const { clock, acquire, options } = createScene();
    const lease = await acquire('one');
    clock.now += durationMs - 1;
    await lease.renew();
    clock.now += durationMs - 1;
    expect(lease.isLive(0)).toBe(true);
    expect((await acquireLease(options('two'))).kind).toBe('held');
  });

  it('is refused after the end', async () => {
    const { clock, acquire } = createScene();
    const lease = await acquire('one');
    clock.now += durationMs;
    expect(lease.isLive(0)).toBe(false);
    await expect(lease.renew()).rejects.toMatchObject({ kind: 'inactive' });
  });

  it('that arrives too late revives nothing', async () => {
    const { store, clock, acquire, leases } = createScene();
    const slow = withFaults(store, (operation) => {
      if (operation === 'put' && clock.now > startMs) clock.now = startMs + durationMs;
    });
    const lease = await acquire('one', { store: slow });
    clock.now += durationMs - 1;
    await expect(lease.renew()).rejects.toMatchObject({ kind: 'inactive' });
    expect(lease.isLive(0)).toBe(false);
    expect(leases()).toEqual([]);
    await expect(lease.renew()).rejects.toMatchObject({ kind: 'inactive' });
  });

  it('that fails leaves the lease as it was', async () => {
    const { store, clock, acquire } = createScene();
    const fault = { on: false };
    const broken = withFaults(store, () => {
      if (fault.on) throw new Error('cut');
    });
    const lease = await acquire('one', { store: broken });
    clock.now += durationMs - 1;
    fault.on = true;
    await expect(lease.renew()).rejects.toThrow('cut');
    expect(lease.isLive(0)).toBe(true);
    fault.on = false;
    await lease.renew();
    expect(lease.deadline).toBe(clock.now + durationMs);
  });

  it('knows how much of its time a batch of writes would take', async () => {
    const { clock, acquire } = createScene();
    const lease = await acquire('one');
    clock.now += durationMs - 30_000;
    expect(lease.isLive(29_999)).toBe(true);
    expect(lease.isLive(30_000)).toBe(false);
  });
});

describe('shards', () => {
  const shard = (index: number, total: number) => ({ shard: { index, total } });

  it('of the same division run side by side, without reading each other', async () => {
    const { store, acquire } = createScene();
    await acquire('one', shard(1, 3));
    await acquire('two', shard(2, 3));
    expect(store.requests.filter((request) => request.startsWith('get'))).toEqual([]);
  });

  it.each([
    ['the same shard', shard(1, 3), shard(1, 3)],
    ['another division', shard(1, 3), shard(2, 4)],
    ['the whole and a shard', {}, shard(2, 4)],
    ['a shard and the whole', shard(2, 4), {}],
  ])('are kept apart: %s', async (_, first, second) => {
    const { acquire, options } = createScene();
    await acquire('one', first);
    expect((await acquireLease(options('two', second))).kind).toBe('held');
  });
});

/** A store whose every request waits, before and after its effect, until the schedule lets it go on. */
function scheduled(store: PropertyStore, scheduler: fc.Scheduler): PropertyStore {
  const around = async <T>(label: string, effect: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve(), `${label} leaves`);
    const result = await effect();
    await scheduler.schedule(Promise.resolve(), `${label} answered`);
    return result;
  };
  return {
    keys: (prefix) => around('keys', () => store.keys(prefix)),
    get: (key) => around(`get ${key}`, () => store.get(key)),
    put: (key, value) => around(`put ${key}`, () => store.put(key, value)),
    delete: (key) => around(`delete ${key}`, () => store.delete(key)),
  };
}

type Take = (options: LeaseOptions) => Promise<Lease | undefined>;

/** Runs several takers through one schedule; true if at any moment two of them held the lease. */
async function everTwoHolders(scheduler: fc.Scheduler, take: Take, rounds: number): Promise<boolean> {
  const { store, clock, options } = createScene();
  const held = new Map<string, Lease>();
  let two = false;
  const watch = () => {
    two ||= [...held.values()].filter((lease) => lease.isLive(0)).length > 1;
  };
  const runOnce = async (nonce: string): Promise<void> => {
    const lease = await take(options(nonce, { store: scheduled(store, scheduler) }));
    if (lease === undefined) return;
    held.set(nonce, lease);
    watch();
    await scheduler.schedule(Promise.resolve(), `${nonce} works`);
    await lease.renew().catch(() => undefined);
    watch();
    await scheduler.schedule(Promise.resolve(), `${nonce} works on`);
    held.delete(nonce);
    await lease.release({ isDone: true });
  };
  const runner = async (name: string): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) await runOnce(`${name}${round}`).catch(() => undefined);
  };
  const passing = async (): Promise<void> => {
    for (let step = 0; step < rounds * 4; step += 1) {
      await scheduler.schedule(Promise.resolve(), 'time passes');
      clock.now += durationMs * 0.7;
      watch();
    }
  };
  await scheduler.waitFor(Promise.all([runner('a'), runner('b'), passing()]));
  return two;
}

const takeLease: Take = async (options) => {
  const outcome = await acquireLease(options);
  return outcome.kind === 'acquired' ? outcome.lease : undefined;
};

describe('two runs at once', () => {
  it('never hold it both, whatever the order of their requests and however long they take', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        expect(await everTwoHolders(scheduler, takeLease, 3)).toBe(false);
      }),
      { seed: 21, numRuns: 1000 },
    );
  });

  it('would both hold it if the listing came before the write', async () => {
    const listFirst: Take = async (options) => {
      if ((await options.store.keys(`sallyport.${connectionId}`)).length > 0) return undefined;
      const deaf: PropertyStore = {
        ...options.store,
        keys: async () => [`sallyport.${connectionId}.lease.${options.nonce}`],
      };
      return takeLease({ ...options, store: deaf });
    };
    const details = await fc.check(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => !(await everTwoHolders(scheduler, listFirst, 3))),
      { seed: 21, numRuns: 1000 },
    );
    expect(details.failed).toBe(true);
  });
});
