import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActionsCacheSimulator } from '../../src/simulators/actions-cache/actions-cache.ts';
import type { ActionsCacheSimulator } from '../../src/simulators/actions-cache/actions-cache.ts';
import { reserve } from '../../src/simulators/serve.ts';
import type { Served } from '../../src/simulators/serve.ts';
import { createVirtualClock } from '../../src/simulators/simulator.ts';
import type { VirtualClock } from '../../src/simulators/simulator.ts';
import { bytesOf, describeStore } from '../contract/stores.ts';
import { startCacheRunner } from './start-cache-runner.ts';
import type { CacheRunner, CacheRunnerOptions } from './start-cache-runner.ts';

interface Service {
  readonly served: Served;
  readonly simulator: ActionsCacheSimulator;
  readonly clock: VirtualClock;
}

async function startService(): Promise<Service> {
  const clock = createVirtualClock(Date.UTC(2026, 10, 23));
  const served = await reserve();
  const simulator = createActionsCacheSimulator({ clock, host: served.host });
  served.start(simulator);
  return { served, simulator, clock };
}

const enterprise = { GITHUB_SERVER_URL: 'https://github.example.test' };

for (const [name, environment] of [
  ['the Actions cache store on github.com', {}],
  ['the Actions cache store on GitHub Enterprise Server', enterprise],
] as const) {
  describeStore(name, async () => {
    const { served } = await startService();
    // Two runners, so that what one run saved is fetched by another process on another path.
    const runners = await Promise.all([0, 1].map(() => startCacheRunner({ origin: served.origin, environment })));
    let opened = 0;
    return {
      open: () => {
        opened += 1;
        return runners[(opened - 1) % runners.length]!.store;
      },
      close: async () => {
        await Promise.all(runners.map((runner) => runner.stop()));
        await served.close();
      },
    };
  });
}

// The client of version 1 waits 5 s of real time between its attempts, so a service that is down is tried with version 2.
describe.each([
  {
    where: 'github.com',
    environment: {},
    unsaved: ['down', 'write-denied', 'reserved', 'lost'],
    missed: ['down', 'read-denied'],
  },
  {
    where: 'GitHub Enterprise Server',
    environment: enterprise,
    unsaved: ['write-denied', 'reserved', 'lost'],
    missed: ['read-denied'],
  },
] as const)('the Actions cache store on $where', ({ environment, unsaved, missed }) => {
  let service: Service;
  let runners: CacheRunner[];
  const blob = bytesOf('state', 1000);

  const start = async (options: Partial<CacheRunnerOptions> = {}): Promise<CacheRunner> => {
    const runner = await startCacheRunner({
      origin: service.served.origin,
      ...options,
      environment: { ...environment, ...options.environment },
    });
    runners.push(runner);
    return runner;
  };

  beforeEach(async () => {
    service = await startService();
    runners = [];
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await service.served.close();
  });

  it('names entries by ids alone', async () => {
    const { store } = await start({ connectionId: 'c-7' });
    await store.save('s-1', blob);
    expect(service.simulator.keys()).toEqual(['sallyport-c-7-s-1']);
  });

  it('leaves the workspace empty and the process where it was', async () => {
    const runner = await start();
    await runner.store.save('s-1', blob);
    await runner.store.load('s-1');
    expect(await readdir(runner.workspace)).toEqual([]);
    expect(runner.lastAnswer()?.workspace).toBe(runner.workspace);
    expect(runner.lastAnswer()?.workingDirectory.endsWith('elsewhere')).toBe(true);
  });

  it('does not see the states of another connection', async () => {
    await (await start({ connectionId: 'c' })).store.save('s', blob);
    expect(await (await start({ connectionId: 'd' })).store.load('s')).toBeUndefined();
  });

  it('takes an evicted entry, and one that nobody used for a week, for a miss', async () => {
    const { store } = await start();
    await store.save('s-1', blob);
    await store.save('s-2', blob);
    service.simulator.evict('sallyport-c1-s-1');
    expect(await store.load('s-1')).toBeUndefined();
    expect(await store.load('s-2')).toEqual(blob);
    service.clock.advance(7 * 24 * 3_600_000);
    expect(await store.load('s-2')).toBeUndefined();
  });

  it('does not see what a run on another branch has saved', async () => {
    const { store } = await start();
    service.simulator.setScopes({ write: 'refs/heads/topic', read: ['refs/heads/topic', 'refs/heads/main'] });
    await store.save('s-1', blob);
    expect(await store.load('s-1')).toEqual(blob);
    service.simulator.setScopes({ write: 'refs/heads/main', read: ['refs/heads/main'] });
    expect(await store.load('s-1')).toBeUndefined();
  });

  it('fails to save under a key that is taken, and keeps what is there', async () => {
    const { store } = await start();
    await store.save('s-1', blob);
    expect(await store.save('s-1', bytesOf('other', 10))).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('sallyport-c1-s-1'),
    });
    expect(await store.load('s-1')).toEqual(blob);
  });

  it.each(unsaved)('says that nothing was saved while the service is %s', async (condition) => {
    const { store } = await start();
    service.simulator.setCondition(condition);
    expect(await store.save('s-1', blob)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('sallyport-c1-s-1') });
    service.simulator.setCondition('healthy');
    expect(await store.load('s-1')).toBeUndefined();
  });

  it.each(missed)('takes a service that is %s for a miss', async (condition) => {
    const { store } = await start();
    await store.save('s-1', blob);
    service.simulator.setCondition(condition);
    expect(await store.load('s-1')).toBeUndefined();
    service.simulator.setCondition('healthy');
    expect(await store.load('s-1')).toEqual(blob);
  });

  it('saves nothing where the job may only read the cache, and says so', async () => {
    await (await start()).store.save('s-1', blob);
    const { store } = await start({ environment: { ACTIONS_CACHE_MODE: 'read' } });
    expect(await store.load('s-1')).toEqual(blob);
    expect(await store.save('s-2', blob)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('read-only') });
  });

  it('does not find the entry of a runner that compresses in another way: a miss, not an error', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'path-'));
    try {
      for (const program of ['tar', 'gzip', 'sh']) await symlink(whereIs(program), join(folder, program));
      const { store } = await start({ environment: { PATH: folder } });
      await store.save('s-1', blob);
      expect(await store.load('s-1')).toEqual(blob);
      // The client takes any zstd that tells a version. Nothing is packed with it: the entry is looked for and not found.
      await writeFile(join(folder, 'zstd'), '#!/bin/sh\necho v1.5.7\n', { mode: 0o755 });
      expect(await store.load('s-1')).toBeUndefined();
      await rm(join(folder, 'zstd'));
      expect(await store.load('s-1')).toEqual(blob);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function whereIs(program: string): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${program} is needed and not on the PATH`);
  return found;
}
