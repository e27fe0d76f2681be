import { alignBlocks, type Keys } from './align-blocks.ts';
import { pairBlocks } from './pair-blocks.ts';

/** One step of a patched document, in order. */
export type PatchStep =
  | { readonly kind: 'keep'; readonly piece: number }
  /** The piece becomes these target blocks, perhaps none; without a piece they are new. */
  | { readonly kind: 'replace'; readonly piece: number | undefined; readonly targets: readonly number[] };

/** The alignment as steps. Pieces without blocks are kept where they are: after what was before them. */
export function patchSteps(pieces: readonly Keys[], targets: readonly string[]): readonly PatchStep[] {
  const aligned = alignBlocks(pieces, targets);
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
