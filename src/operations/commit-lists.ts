import type { ConnectionRecord } from '../connection/connection-record.ts';
import { recordPages } from '../connection/connection-record.ts';
import type { ConnectedEntry, EndedEntry } from '../connection/record.ts';
import { endedWithout } from '../cycle/connect-issues.ts';
import type { CycleEnd } from '../cycle/run-cycle.ts';

interface Lists {
  readonly keys: readonly string[];
  readonly end: Pick<CycleEnd, 'endings' | 'connected'>;
  readonly now: number;
}

/**
 * The lists of ended twins and of connected pairs as this cycle leaves them. Only what changed is written: nothing where no
 * twin ended and none was connected.
 */
export async function commitLists(record: ConnectionRecord, lists: Lists): Promise<void> {
  const { keys, end } = lists;
  if (end.endings.length === 0 && end.connected.length === 0) return;
  const ended = await record.readEnded(keys);
  await writePages(ended, nextEnded(ended, lists), (page, entries) => record.runner.writeEnded(page, entries));
  const connected = await record.readConnected(keys);
  await writePages(connected, nextConnected(connected, lists), (page, entries) => record.runner.writeConnected(page, entries));
}

function nextEnded(before: readonly EndedEntry[], { end, now }: Lists): readonly EndedEntry[] {
  const kept = before.flatMap((entry): EndedEntry[] => {
    const pair = { public: entry.public ?? '', private: entry.private ?? '' };
    const left = end.connected.reduce<typeof pair | undefined>(
      (rest, ids) => (rest === undefined ? undefined : endedWithout(rest, ids)),
      pair,
    );
    return left === undefined ? [] : [{ at: entry.at, reason: entry.reason, ...named(left) }];
  });
  const added = end.endings.filter(
    ({ ids }) => !kept.some((entry) => entry.public === ids.public && entry.private === ids.private),
  );
  return [...kept, ...added.map(({ ids, reason }) => ({ ...ids, at: now, reason }))];
}

function named(pair: { readonly public: string; readonly private: string }): Pick<EndedEntry, 'public' | 'private'> {
  return {
    ...(pair.public === '' ? {} : { public: pair.public }),
    ...(pair.private === '' ? {} : { private: pair.private }),
  };
}

function nextConnected(before: readonly ConnectedEntry[], { end, now }: Lists): readonly ConnectedEntry[] {
  const gone = [...end.endings.map(({ ids }) => ids), ...end.connected];
  const kept = before.filter((entry) => !gone.some((ids) => ids.public === entry.public && ids.private === entry.private));
  return [...kept, ...end.connected.map((ids) => ({ ...ids, at: now }))];
}

/** Writes the pages that differ; one that is not needed any more is left empty. */
async function writePages<T>(
  before: readonly T[],
  after: readonly T[],
  write: (page: number, entries: readonly T[]) => Promise<void>,
): Promise<void> {
  const [old, next] = [recordPages(before), recordPages(after)];
  for (let index = 0; index < Math.max(old.length, next.length); index += 1) {
    const entries = next[index] ?? [];
    if (JSON.stringify(old[index]) !== JSON.stringify(entries)) await write(index + 1, entries);
  }
}
