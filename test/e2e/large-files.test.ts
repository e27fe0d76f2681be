import { expect, test } from 'vitest';
import type { LargeKind } from '../large-files/transfer.ts';
import { transferBothWays } from '../large-files/transfer.ts';

const mebibyte = 1024 * 1024;
/** What a runner has to spare; `npm run bench:attachments` shows that it does for 1 GiB, too. */
const residentBytesMax = 250_000_000;
const trackers: readonly LargeKind[] = ['jira-dc', 'redmine'];

test.each(trackers)(
  'a file of 256 MiB goes each way between Jira Cloud and %s byte for byte, within 250 MB of memory',
  async (tracker) => {
    const { exitCode, toPrivate, toPublic, failures, ...figures } = await transferBothWays({ tracker, bytes: 256 * mebibyte });
    expect(failures).toEqual([]);
    expect(exitCode).toBe(0);
    for (const { origin, arrived, stored } of [toPrivate, toPublic]) {
      expect(arrived).toEqual([origin]);
      expect(stored).toBe(1);
    }
    expect(figures.residentBytesMax).toBeGreaterThan(10_000_000);
    expect(figures.residentBytesMax).toBeLessThan(residentBytesMax);
  },
  300_000,
);

test.each(trackers)('a file that arrives with another byte is sent once more, with %s as the private side', async (tracker) => {
  const transfer = await transferBothWays({ tracker, bytes: 16 * mebibyte, spoil: 1 });
  expect(transfer).toMatchObject({ exitCode: 0, failures: [] });
  for (const { origin, arrived, stored } of [transfer.toPrivate, transfer.toPublic]) {
    expect(arrived).toHaveLength(2);
    expect(arrived[0]).not.toBe(origin);
    expect(arrived[1]).toBe(origin);
    expect(stored).toBe(1);
  }
});

test.each(trackers)('one that arrives so twice is reported and does not stay, with %s as the private side', async (tracker) => {
  const transfer = await transferBothWays({ tracker, bytes: 16 * mebibyte, spoil: 2 });
  expect(transfer.exitCode).toBe(1);
  expect(transfer.failures).toEqual([
    expect.stringContaining('large.bin arrived twice with other bytes'),
    expect.stringContaining('large.bin arrived twice with other bytes'),
  ]);
  for (const { arrived, stored } of [transfer.toPrivate, transfer.toPublic]) {
    expect(arrived).toHaveLength(2);
    expect(stored).toBe(0);
  }
});
