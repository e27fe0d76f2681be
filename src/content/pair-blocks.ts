import { alignBlocks, type Keys } from './align-blocks.ts';

/** Pairs of blocks that are compared by their words; where there are more, only equal ones are found again. */
const pairsMax = 40_000;

interface Block {
  readonly piece: number;
  readonly key: string;
}

/**
 * For each target the piece whose content it becomes, undefined where it is new: where blocks of pieces that go are among
 * the targets, or share words with some, in the same order. What comes between two blocks of one piece is in that piece.
 */
export function pairBlocks(pieces: readonly Keys[], targets: readonly string[]): readonly (number | undefined)[] {
  const blocks = pieces.flatMap((keys, piece) => keys.map((key): Block => ({ piece, key })));
  const owners: (number | undefined)[] = targets.map(() => undefined);
  const equal = alignBlocks(
    blocks.map(({ key }) => [key]),
    targets,
  );
  const paired = [...equal];
  for (const gap of gapsOf(equal, targets.length)) {
    const alike = alikeBlocks(
      blocks.slice(gap.first, gap.last).map(({ key }) => key),
      targets.slice(gap.start, gap.end),
    );
    for (const [index, target] of alike.entries()) if (target !== undefined) paired[gap.first + index] = gap.start + target;
  }
  for (const [index, target] of paired.entries()) if (target !== undefined) owners[target] = blocks[index]?.piece;
  for (const { first, last, start, end } of gapsOf(paired, targets.length)) {
    const before = blocks[first - 1]?.piece;
    const within = before !== undefined && before === blocks[last]?.piece;
    // As many that come as go take their places one by one.
    const inPlace = last - first === end - start;
    for (let target = start; target < end; target += 1)
      owners[target] = within ? before : inPlace ? blocks[first + target - start]?.piece : undefined;
  }
  return owners;
}

interface Gap {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

/** What stands between blocks that were found, on both sides. */
function gapsOf(found: readonly (number | undefined)[], length: number): Gap[] {
  const gaps: Gap[] = [];
  let [first, start] = [0, 0];
  for (const [last, end] of [...found, length].entries()) {
    if (end === undefined) continue;
    gaps.push({ first, last, start, end });
    [first, start] = [last + 1, end + 1];
  }
  return gaps;
}

/** For each block the target that it shares words with: pairs in order that share the most, as parts of all their words. */
function alikeBlocks(blocks: readonly string[], targets: readonly string[]): readonly (number | undefined)[] {
  if (blocks.length * targets.length > pairsMax) return blocks.map(() => undefined);
  const [ours, theirs] = [blocks.map(wordsOf), targets.map(wordsOf)];
  const likeness = ours.map((words) => theirs.map((others) => sharedPart(words, others)));
  const best = Array.from({ length: blocks.length + 1 }, () => new Float64Array(targets.length + 1));
  const at = (block: number, target: number): number => best[block]?.[target] ?? 0;
  const paired = (block: number, target: number): number => {
    const gain = likeness[block]?.[target] ?? 0;
    return gain === 0 ? 0 : gain + at(block + 1, target + 1);
  };
  for (let block = blocks.length - 1; block >= 0; block -= 1) {
    const row = best[block];
    for (let target = targets.length - 1; row !== undefined && target >= 0; target -= 1)
      row[target] = Math.max(at(block + 1, target), at(block, target + 1), paired(block, target));
  }
  let target = 0;
  return blocks.map((_, block) => {
    while (target < targets.length && at(block, target) === at(block, target + 1)) target += 1;
    const isPair = target < targets.length && paired(block, target) === at(block, target) && paired(block, target) > 0;
    if (!isPair) return undefined;
    target += 1;
    return target - 1;
  });
}

interface Words {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

function wordsOf(key: string): Words {
  const counts = new Map<string, number>();
  const words = key.match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, total: words.length };
}

function sharedPart(left: Words, right: Words): number {
  const [fewer, more] = left.counts.size < right.counts.size ? [left, right] : [right, left];
  let shared = 0;
  for (const [word, count] of fewer.counts) shared += Math.min(count, more.counts.get(word) ?? 0);
  return shared === 0 ? 0 : (2 * shared) / (left.total + right.total);
}
