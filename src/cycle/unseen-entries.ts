import { parseCanonical } from '../content/canonical.ts';
import { attachmentReferences } from '../content/references.ts';
import type { PastEdit, SideName } from '../core/model.ts';
import { saysTheWords } from '../core/replaced-edits.ts';
import { descriptionRoot, printed } from '../core/replica.ts';
import { summaryFingerprint } from '../core/summary.ts';
import { clockGrainMs, wholeSecondMs } from './connection-time.ts';
import type { Edited, Memory } from './memory.ts';

const kinds = ['summary', 'description', 'type', 'comment'] as const;

/**
 * The entries of an issue's history that came after the last reading before a write of the same kind; of a dead run's
 * writes, after what the state knew.
 */
export function unseenEntries(
  memory: Memory,
  side: SideName,
  of: { readonly edits: readonly Edited[]; readonly told: readonly PastEdit[] },
): readonly PastEdit[] {
  return kinds.flatMap((kind) => {
    const edits = of.edits.filter(({ commentIds }) => commentIds.length > 0 === (kind === 'comment'));
    const since = Math.floor(Math.min(...edits.map((edit) => edit.since)) / wholeSecondMs) * wholeSecondMs;
    const entries = of.told.filter((entry) => entry.kind === kind && entry.at >= since);
    const known = edits.find((edit) => edit.known !== undefined)?.known;
    if (known === undefined) return entries;
    const certain = beforeDoubt(entries, known.at);
    return entries.slice(certain.findLastIndex((entry) => isKnown(memory, side, { known, entry })) + 1);
  });
}

/**
 * The entries of a field before the first one of which no time tells whose it was: a write that replaced a person's edit in
 * the seconds around the last commit may be that run's or the dead one's. It is looked at, once too often perhaps.
 */
function beforeDoubt(entries: readonly PastEdit[], committedAt: number): readonly PastEdit[] {
  const doubtful = entries.findIndex(
    (entry, index) => entry.byConnection && entries[index - 1]?.byConnection === false && entry.at > committedAt - clockGrainMs,
  );
  return doubtful === -1 ? entries : entries.slice(0, doubtful);
}

/** Whether the state knew what this edit had made of the field. */
function isKnown(
  memory: Memory,
  side: SideName,
  { known, entry }: { readonly known: NonNullable<Edited['known']>; readonly entry: PastEdit },
): boolean {
  const { base, baseText, at } = known;
  const { kind, after, form } = entry;
  // What the dead run itself wrote may say the same again, after an edit that it never saw.
  if (after === undefined || entry.at > at + wholeSecondMs) return false;
  switch (kind) {
    case 'summary':
      return summaryFingerprint(after) === base.summary[side];
    case 'type':
      return after === base.type[side];
    case 'description': {
      if (form === 'plain') return baseText !== undefined && saysTheWords(parseCanonical(baseText), after);
      const root = memory.ports.sides[side].reader.decode(after);
      // At the very end of a text no file counts for what it says, but one that no base names was not known.
      const isNew = attachmentReferences(root).some(({ id }) => !base.attachments.some(({ ids }) => ids[side] === id));
      return !isNew && printed(descriptionRoot(root, side, base)).print === base.description[side];
    }
    case 'comment':
      return false;
  }
}
