/**
 * Versions of issues. GitHub's times have whole seconds, so two edits within one second have the same `updated_at`, and what
 * was read within that second may be the first of them. A version is `<updated>` once that second is over, and
 * `<updated>~<read>` (both ISO, server's time) while it may still go on: the latter covers only what is older than it.
 */

/** Edits may show up this long after the second that they carry. */
const settlingMs = 2000;

/**
 * The version of what was changed at `updatedAt` and read at `readAt`, epoch milliseconds of the server. An unknown
 * reading time counts as unsettled.
 */
export function versionOf(updatedAt: number, readAt: number | undefined): string {
  const updated = seconds(updatedAt);
  if (readAt === undefined) return `${updated}~`;
  // `Date` has whole seconds, too: the margin is counted from the end of the second that `updatedAt` names.
  return readAt - updatedAt > settlingMs ? updated : `${updated}~${seconds(readAt)}`;
}

/** Whether something that changed at `updatedAt` had been seen when `known` was read, whatever else changed since. */
export function covers(known: string | undefined, updatedAt: number): boolean {
  if (known === undefined) return false;
  const [updated, unsettled] = known.split('~');
  const time = Date.parse(updated ?? '');
  if (Number.isNaN(time)) return false;
  return unsettled === undefined ? updatedAt <= time : updatedAt < time;
}

/** ISO time with whole seconds, as GitHub writes it and as `since` takes it. */
export function seconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** The earlier of two reading times; unknown if one is. */
export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.min(one, other);
}
