/** A piece of a native document, by the canonical texts of the blocks that it reads as (none for what reads as nothing). */
export type Keys = readonly string[];

/** Whether what reads so is the same, part by part. */
export function sameKeys(left: Keys, right: Keys): boolean {
  return left.length === right.length && left.every((key, index) => key === right[index]);
}

/** Cells of the table of alignments; above that, only what is in the same order from the start is found. */
const cellsMax = 6_000_000;

/**
 * For each native piece the index of the first target block that it stands for, or undefined where it has to go: the
 * alignment, in order, that keeps the most blocks, or the most by their weight. A piece is kept only if all its blocks are
 * there, one after another. Pieces without blocks are never aligned.
 */
export function alignBlocks(
  pieces: readonly Keys[],
  targets: readonly string[],
  weightOf: (keys: Keys) => number = ({ length }) => length,
): readonly (number | undefined)[] {
  const aligned: (number | undefined)[] = pieces.map(() => undefined);
  let first = 0;
  let start = 0;
  for (; first < pieces.length; first += 1) {
    const keys = pieces[first] ?? [];
    if (!matches(keys, targets, start)) break;
    if (keys.length > 0) aligned[first] = start;
    start += keys.length;
  }
  let last = pieces.length;
  let end = targets.length;
  for (; last > first; last -= 1) {
    const keys = pieces[last - 1] ?? [];
    if (end - keys.length < start || !matches(keys, targets, end - keys.length)) break;
    end -= keys.length;
    if (keys.length > 0) aligned[last - 1] = end;
  }
  const middle = { first, last, start, end };
  if ((last - first + 1) * (end - start + 1) <= cellsMax) alignMiddle({ pieces, targets, weightOf }, middle, aligned);
  return aligned;
}

interface Middle {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

function matches(keys: Keys, targets: readonly string[], start: number): boolean {
  return keys.every((key, index) => targets[start + index] === key);
}

function alignMiddle(
  sides: { readonly pieces: readonly Keys[]; readonly targets: readonly string[]; readonly weightOf: (keys: Keys) => number },
  middle: Middle,
  aligned: (number | undefined)[],
): void {
  const { pieces, targets, weightOf } = sides;
  const { first, last, start, end } = middle;
  const width = end - start + 1;
  const best = new Uint32Array((last - first + 1) * width);
  const at = (piece: number, target: number): number => best[(piece - first) * width + (target - start)] ?? 0;
  const gain = (piece: number, target: number): number => {
    const keys = pieces[piece] ?? [];
    if (keys.length === 0 || target + keys.length > end || !matches(keys, targets, target)) return -1;
    return at(piece + 1, target + keys.length) + weightOf(keys);
  };
  for (let piece = last - 1; piece >= first; piece -= 1) {
    for (let target = end; target >= start; target -= 1) {
      const skipTarget = target < end ? at(piece, target + 1) : 0;
      best[(piece - first) * width + (target - start)] = Math.max(at(piece + 1, target), skipTarget, gain(piece, target));
    }
  }
  let target = start;
  for (let piece = first; piece < last; ) {
    const value = at(piece, target);
    if (value > 0 && gain(piece, target) === value) {
      aligned[piece] = target;
      target += pieces[piece]?.length ?? 0;
      piece += 1;
    } else if (at(piece + 1, target) === value) piece += 1;
    else target += 1;
  }
}
