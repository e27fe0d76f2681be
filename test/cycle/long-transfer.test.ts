import { expect, test } from 'vitest';
import { heldWhile } from '../../src/cycle/open-file.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** A world in which one file waits to be copied to Jira. */
async function withFile(): Promise<World> {
  const world = createWorld();
  await world.connect();
  const origin = world.there.create({ as: 'dana', summary: 'First', text: 'One.' });
  await world.cycle();
  world.clock.advance(20 * 60_000);
  world.there.attach(origin, { as: 'dana', name: 'plot.png', text: 'picture bytes' });
  return world;
}

const isUpload = (request: Request): boolean => request.method === 'POST' && request.url.endsWith('/attachments');
const isRenewal = (request: Request): boolean => request.method === 'PUT' && request.url.includes('.lease.');
const copies = (world: World) => world.jira.people.issues().flatMap((issue) => issue.attachments);

/** Downloads of the file take so long until their answer begins. */
function slowDownload(world: World, ms: number): Request[] {
  const seen: Request[] = [];
  world.onRequest = (_, request) => {
    seen.push(request);
    if (request.method === 'GET' && request.url.includes('user-attachments')) world.clock.advance(ms);
  };
  return seen;
}

test('a file whose download outlasted the lease is not sent by this run, and once by the next', async () => {
  const world = await withFile();
  const seen = slowDownload(world, 10 * 60_000);
  await expect(world.cycle()).rejects.toMatchObject({ kind: 'inactive' });
  expect(seen.filter(isUpload)).toEqual([]);
  expect(copies(world)).toEqual([]);
  world.onRequest = undefined;
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(20 * 60_000);
    await world.cycle();
  }
  expect(copies(world)).toHaveLength(1);
  expect(world.violations()).toEqual([]);
});

test('a lease that ran low while a file was downloaded is renewed before the file is sent', async () => {
  const world = await withFile();
  const seen = slowDownload(world, 115_000);
  await world.cycle();
  const upload = seen.findIndex(isUpload);
  const download = seen.findIndex((request) => request.url.includes('user-attachments'));
  expect(seen.slice(download, upload).some(isRenewal)).toBe(true);
  expect(copies(world)).toHaveLength(1);
});

test('a run whose lease is over by the time it would commit leaves the record to the run that came after', async () => {
  const world = await withFile();
  const record = (): unknown =>
    Object.entries(world.jira.people.userProperties(world.people.sync)).filter(([key]) => key.endsWith('.run'));
  const before = structuredClone(record());
  let isUploaded = false;
  world.onRequest = (_, request) => {
    // Everything is written, and its echo is about to be taken in.
    if (isUploaded && request.method === 'GET' && request.url.includes('/issues?')) {
      world.clock.advance(10 * 60_000);
      world.onRequest = undefined;
    }
    isUploaded ||= request.method === 'PUT' && /\/issue\/\d+$/.test(new URL(request.url).pathname);
  };
  await expect(world.cycle()).rejects.toMatchObject({ kind: 'inactive' });
  expect(world.onRequest).toBeUndefined();
  expect(record()).toEqual(before);
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(20 * 60_000);
    await world.cycle();
  }
  expect(copies(world)).toHaveLength(1);
  expect((await world.cycle()).requests.writes).toEqual({ public: 0, private: 0 });
});

test('while the bytes of a file pass, the lease is asked for every twenty seconds, and its end ends the transfer', async () => {
  let now = 0;
  const askedAt: number[] = [];
  const slow = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull: (controller) => {
        now += 7_000;
        if (now > 140_000) controller.close();
        else controller.enqueue(Uint8Array.of(now / 7_000));
      },
    });
  const holdLease = async (): Promise<void> => {
    askedAt.push(now);
    if (now > 100_000) throw new Error('the lease is over');
  };
  const passed: number[] = [];
  const read = async (): Promise<void> => {
    for await (const [byte] of heldWhile(slow(), { monotonicMs: () => now, holdLease })) passed.push(byte ?? 0);
  };
  await expect(read()).rejects.toThrow('the lease is over');
  expect(passed).toEqual(Array.from({ length: passed.length }, (_, index) => index + 1));
  expect(askedAt.length).toBeGreaterThan(3);
  for (const [index, at] of askedAt.slice(1).entries()) expect(at - (askedAt[index] ?? 0)).toBeLessThanOrEqual(28_000);
});
