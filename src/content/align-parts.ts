import { alignBlocks } from './align-blocks.ts';

/** For each part of the base its place on the side, undefined where it is not there any more. */
export type Places = readonly (number | undefined)[];

/**
 * Two ways in which the parts of a base are found on a side, by their keys, in order: as early as they can be, and as late.
 * Equal parts leave open which of them went or came (of `a - b` that became `a - n - b`, either rule may be the new one).
 * Each way answers alike whatever else the side changed, so that of two sides that made one change both show it in one place.
 */
export function alignParts(base: readonly string[], side: readonly string[]): readonly [early: Places, late: Places] {
  const places = alignBlocks(
    base.map((key) => [key]),
    side,
    weightsOf(base),
  );
  const late = early(base.toReversed(), side.toReversed(), mirrored(places, side.length));
  return [early(base, side, places), mirrored(late, side.length)];
}

/**
 * A part that stood there once tells more about what stayed than any number of those that stood there again and again. The
 * base alone says so, as what a side added far away must not change what is found here.
 */
function weightsOf(base: readonly string[]): (keys: readonly string[]) => number {
  const times = timesOf(base);
  return ([key]) => (key !== undefined && times.get(key) === 1 ? base.length + 1 : 1);
}

/** How often each key is there. */
export function timesOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return times;
}

/** The same keys found, each at the first place that it can have on either side. */
function early(base: readonly string[], side: readonly string[], places: Places): Places {
  const found: (number | undefined)[] = base.map(() => undefined);
  let [from, to] = [0, 0];
  for (const [index, place] of places.entries()) {
    const key = base[index];
    if (place === undefined || key === undefined) continue;
    const [first, start] = [base.indexOf(key, from), side.indexOf(key, to)];
    found[first] = start;
    [from, to] = [first + 1, start + 1];
  }
  return found;
}

/** The places as they are where base and side are read from their ends. */
function mirrored(places: Places, length: number): Places {
  return places.map((place) => (place === undefined ? undefined : length - 1 - place)).toReversed();
}
