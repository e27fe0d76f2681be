import { alignBlocks, type Keys } from './align-blocks.ts';
import { pairBlocks } from './pair-blocks.ts';

/** One step of a patched document, in order. */
export type PatchStep =
  | { readonly kind: 'keep'; readonly piece: number }
  /** The piece becomes these target blocks, perhaps none; without a piece they are new. */
  | { readonly kind: 'replace'; readonly piece: number | undefined; readonly targets: readonly number[] };

/** A piece that goes from where it was is put here, as it is. */
export interface MoveStep {
  readonly kind: 'move';
  readonly piece: number;
}

/**
 * The steps where a piece may also stand elsewhere than before, in the form that it has: what the other side cannot show
 * of a block that somebody moved there is not lost. The place that it leaves has no step.
 */
export function movingSteps(pieces: readonly Keys[], targets: readonly string[]): readonly (PatchStep | MoveStep)[] {
  const aligned = alignBlocks(pieces, targets);
  const moved = movedPieces(pieces, targets, aligned);
  if (moved.size === 0) return alignedSteps(pieces, targets, aligned);
  const going = new Set(moved.values());
  const taken = new Set([...moved].flatMap(([start, piece]) => (pieces[piece] ?? []).map((_, index) => start + index)));
  const staying = pieces.flatMap((_, piece) => (going.has(piece) ? [] : [piece]));
  const here = staying.map((piece) => pieces[piece] ?? []);
  const others = targets.filter((_, target) => !taken.has(target));
  const steps: (PatchStep | MoveStep)[] = [];
  let next = 0;
  const putMoved = (): void => {
    for (let piece = moved.get(next); piece !== undefined; piece = moved.get(next)) {
      steps.push({ kind: 'move', piece });
      next += pieces[piece]?.length ?? 0;
    }
  };
  for (const step of patchSteps(here, others)) {
    const piece = step.piece === undefined ? undefined : staying[step.piece];
    const count = step.kind === 'keep' ? (here[step.piece]?.length ?? 0) : step.targets.length;
    if (piece === undefined) {
      for (let written = 0; written < count; written += 1) {
        putMoved();
        steps.push({ kind: 'replace', piece, targets: [next] });
        next += 1;
      }
      continue;
    }
    if (count > 0) putMoved();
    const own = Array.from({ length: count }, (_, index) => next + index);
    // What moved would stand within what is one piece.
    if (own.some((target) => taken.has(target))) return alignedSteps(pieces, targets, aligned);
    steps.push(step.kind === 'keep' ? { kind: 'keep', piece } : { kind: 'replace', piece, targets: own });
    next += count;
  }
  putMoved();
  return steps;
}

/** The pieces that are found again out of order, each by the first of the targets that it is. */
function movedPieces(pieces: readonly Keys[], targets: readonly string[], aligned: Aligned): ReadonlyMap<number, number> {
  const isFree = targets.map(() => true);
  const take = (start: number, keys: Keys): void => {
    for (const index of keys.keys()) isFree[start + index] = false;
  };
  for (const [piece, start] of aligned.entries()) if (start !== undefined) take(start, pieces[piece] ?? []);
  const places = new Map<string, number[]>();
  for (const [target, key] of targets.entries()) {
    if (isFree[target] !== true) continue;
    const known = places.get(key);
    if (known === undefined) places.set(key, [target]);
    else known.push(target);
  }
  const moved = new Map<number, number>();
  for (const [piece, keys] of pieces.entries()) {
    if (aligned[piece] !== undefined) continue;
    const starts = places.get(keys[0] ?? '') ?? [];
    const start = starts.find((at) => keys.every((key, index) => isFree[at + index] === true && targets[at + index] === key));
    if (start === undefined || keys.length === 0) continue;
    take(start, keys);
    moved.set(start, piece);
  }
  return moved;
}

/** The alignment as steps. Pieces without blocks are kept where they are: after what was before them. */
export function patchSteps(pieces: readonly Keys[], targets: readonly string[]): readonly PatchStep[] {
  return alignedSteps(pieces, targets, alignBlocks(pieces, targets));
}

type Aligned = ReturnType<typeof alignBlocks>;

function alignedSteps(pieces: readonly Keys[], targets: readonly string[], aligned: Aligned): readonly PatchStep[] {
  const steps: PatchStep[] = [];
  let target = 0;
  let waiting: number[] = [];
  const replaceUpTo = (until: number): void => {
    steps.push(...replacements({ pieces, waiting, target, arriving: targets.slice(target, until) }));
    target = until;
    waiting = [];
  };
  for (const [piece, keys] of pieces.entries()) {
    const position = aligned[piece];
    if (position === undefined) waiting.push(piece);
    else {
      replaceUpTo(position);
      steps.push({ kind: 'keep', piece });
      target = position + keys.length;
    }
  }
  replaceUpTo(targets.length);
  return steps;
}

interface Run {
  readonly pieces: readonly Keys[];
  /** What stands between two pieces that are kept: pieces that go, and those without blocks. */
  readonly waiting: readonly number[];
  /** The first of the targets between the two. */
  readonly target: number;
  readonly arriving: readonly string[];
}

function replacements({ pieces, waiting, target, arriving }: Run): readonly PatchStep[] {
  const steps: PatchStep[] = [];
  const owners = pairBlocks(
    waiting.map((piece) => pieces[piece] ?? []),
    arriving,
  );
  let next = 0;
  const passUpTo = (until: number): void => {
    for (const piece of waiting.slice(next, until))
      steps.push(pieces[piece]?.length === 0 ? { kind: 'keep', piece } : { kind: 'replace', piece, targets: [] });
    next = Math.max(next, until);
  };
  for (let start = 0; start < owners.length; ) {
    const owner = owners[start];
    let end = start + 1;
    while (end < owners.length && owners[end] === owner) end += 1;
    const indices = Array.from({ length: end - start }, (_, index) => target + start + index);
    passUpTo(owner ?? (start === 0 ? silentFirst({ pieces, waiting }) : next));
    steps.push({ kind: 'replace', piece: owner === undefined ? undefined : waiting[owner], targets: indices });
    if (owner !== undefined) next = owner + 1;
    start = end;
  }
  passUpTo(waiting.length);
  return steps;
}

/** What reads as nothing right after a kept piece stays there. */
function silentFirst({ pieces, waiting }: Pick<Run, 'pieces' | 'waiting'>): number {
  const first = waiting.findIndex((piece) => pieces[piece]?.length !== 0);
  return first < 0 ? waiting.length : first;
}
