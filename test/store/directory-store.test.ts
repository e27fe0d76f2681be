import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDirectoryStore } from '../../src/store/directory-store.ts';
import { bytesOf, describeStore } from '../contract/stores.ts';

describeStore('the directory store', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'store-'));
  return { open: () => createDirectoryStore(join(parent, 'made', 'when-needed')), close: () => rm(parent, { recursive: true }) };
});

describe('the directory store', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'store-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it.runIf(process.platform === 'linux')(
    'says so where no directory can be made, in a file system that answers oddly as well',
    async () => {
      const store = createDirectoryStore('/proc/nowhere/states');
      expect(await store.save('a', bytesOf('a', 10))).toMatchObject({ kind: 'failed' });
      const file = join(directory, 'file');
      await writeFile(file, '');
      expect(await createDirectoryStore(join(file, 'states')).save('a', bytesOf('a', 10))).toMatchObject({ kind: 'failed' });
    },
  );

  it('keeps the newest three states and leaves the files of others alone', async () => {
    const store = createDirectoryStore(directory);
    await writeFile(join(directory, 'notes.txt'), 'mine');
    for (const [age, id] of ['e', 'd', 'c', 'b', 'a'].entries()) {
      await store.save(id, bytesOf(id, 10));
      // Files of one moment have no order: each is made a minute older than the next one will be.
      const time = new Date(Date.UTC(2026, 0, 1, 0, age));
      await utimes(join(directory, `${id}.state`), time, time);
    }
    expect((await readdir(directory)).toSorted()).toEqual(['a.state', 'b.state', 'c.state', 'notes.txt']);
  });

  it('never removes the state that it has just saved, even where the clock of the disk went back', async () => {
    const store = createDirectoryStore(directory);
    for (const id of ['a', 'b', 'c']) {
      await store.save(id, bytesOf(id, 10));
      const future = new Date(Date.UTC(2200, 0, 1));
      await utimes(join(directory, `${id}.state`), future, future);
    }
    await store.save('d', bytesOf('d', 10));
    expect(await readdir(directory)).toContain('d.state');
    expect(await readdir(directory)).toHaveLength(3);
  });

  it('writes files that only their owner may read, and leaves no temporary ones', async () => {
    await createDirectoryStore(directory).save('a', bytesOf('a', 10));
    expect(await readdir(directory)).toEqual(['a.state']);
    expect((await stat(join(directory, 'a.state'))).mode & 0o777).toBe(0o600);
  });

  it('says why it cannot save, and leaves no temporary file', async () => {
    await mkdir(join(directory, 'a.state', 'in-the-way'), { recursive: true });
    const outcome = await createDirectoryStore(directory).save('a', bytesOf('a', 10));
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining(directory) });
    expect(await readdir(directory)).toEqual(['a.state']);
  });

  it('says why it cannot save where a file stands in the place of the directory', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    expect(await createDirectoryStore(file).save('a', bytesOf('a', 10))).toMatchObject({ kind: 'failed' });
    expect(await createDirectoryStore(file).load('a')).toBeUndefined();
  });
});
