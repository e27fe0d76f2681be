import { parseCanonical } from '../content/canonical.ts';
import { attachmentReferences } from '../content/references.ts';
import type { PastEdit, SideName } from '../core/model.ts';
import { itemOf, saysThat } from '../core/replaced-edits.ts';
import { commentRoot, descriptionRoot, printed } from '../core/replica.ts';
import { summaryFingerprint } from '../core/summary.ts';
import { clockGrainMs, wholeSecondMs } from './connection-time.ts';
import type { Edited, Memory } from './memory.ts';

const kinds = ['summary', 'description', 'type', 'comment'] as const;

/** What is told of an issue's history, and which of it had been seen: the state knew it, or it stood there at a reading before a write. */
interface Unseen {
  readonly entries: readonly PastEdit[];
  readonly known: ReadonlySet<PastEdit>;
}

/**
 * The entries of an issue's history that came after the last reading before a write of the same kind; of a dead run's
 * writes, after what the state knew. Where older writes are to be looked at, too, what the state knew may have replaced
 * something: that stays among the entries.
 */
export function unseenEntries(
  memory: Memory,
  side: SideName,
  of: { readonly edits: readonly Edited[]; readonly told: readonly PastEdit[] },
): Unseen {
  const known = of.edits.find((edit) => edit.known !== undefined)?.known;
  const unseen = kinds.map((kind): Unseen => {
    const edits = of.edits.filter(({ commentIds }) => commentIds.length > 0 === (kind === 'comment'));
    const since = Math.floor(Math.min(...edits.map((edit) => edit.since)) / wholeSecondMs) * wholeSecondMs;
    const entries = of.told.filter((entry) => entry.kind === kind && entry.at >= since);
    const seen = new Set(byItem(entries).flatMap((own) => standingAt(own, edits)));
    if (known === undefined) return { entries, known: seen };
    const lastKnown = (own: readonly PastEdit[]): PastEdit | undefined =>
      beforeDoubt(own, known.at).findLast((entry) => isKnown(memory, side, { known, entry }));
    const isOlder = edits.some((edit) => edit.seen === undefined && edit.known === undefined);
    if (isOlder) return { entries, known: new Set([...seen, ...byItem(entries).flatMap((own) => lastKnown(own) ?? [])]) };
    const last = kind === 'comment' ? undefined : lastKnown(entries);
    return { entries: last === undefined ? entries : entries.slice(entries.indexOf(last) + 1), known: seen };
  });
  return {
    entries: unseen.flatMap(({ entries }) => entries),
    known: new Set(unseen.flatMap((of) => [...of.known])),
  };
}

/** A write follows its reading within this, but for a server that lets wait; of writes that are closer the readings are not told apart. */
const writtenWithinMs = 60_000;

/**
 * What stood there when the item was read before these edits. Several writes of one cycle have a reading each, also those of
 * other fields, and times are whole seconds: a write replaced what had been seen only if that stood there at each reading
 * that may have been its own.
 */
function standingAt(entries: readonly PastEdit[], edits: readonly Edited[]): readonly PastEdit[] {
  const readings = edits.flatMap(({ readings: times = [] }) => times);
  return entries.filter(({ at }, index) => {
    const replacedAt = entries[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const before = readings.filter((time) => time < replacedAt + wholeSecondMs);
    const last = Math.max(...before);
    const possible = before.filter((time) => time >= last - writtenWithinMs);
    return possible.length > 0 && possible.every((time) => at + wholeSecondMs <= time);
  });
}

/** The entries of each field or comment by themselves. */
function byItem(entries: readonly PastEdit[]): readonly (readonly PastEdit[])[] {
  return [...new Set(entries.map(itemOf))].map((item) => entries.filter((entry) => itemOf(entry) === item));
}

/**
 * The entries of a field or comment before the first one of which no time tells whose it was: a write that replaced a person's
 * edit in the seconds around the last commit may be that run's or the dead one's. It is looked at, once too often perhaps.
 */
function beforeDoubt(entries: readonly PastEdit[], committedAt: number): readonly PastEdit[] {
  const doubtful = entries.findIndex(
    (entry, index) => entry.byConnection && entries[index - 1]?.byConnection === false && entry.at > committedAt - clockGrainMs,
  );
  return doubtful === -1 ? entries : entries.slice(0, doubtful);
}

/** Whether the state knew what this edit had made of the field or comment. */
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
      if (form === 'plain')
        return baseText !== undefined && saysThat({ native: baseText, root: parseCanonical(baseText) }, entry);
      const root = memory.ports.sides[side].reader.decode(after);
      // At the very end of a text no file counts for what it says, but one that no base names was not known.
      const isNew = attachmentReferences(root).some(({ id }) => !base.attachments.some(({ ids }) => ids[side] === id));
      return !isNew && printed(descriptionRoot(root, side, base)).print === base.description[side];
    }
    case 'comment': {
      const pair = base.comments.find(({ ids }) => ids[side] === entry.commentId);
      if (pair === undefined) return false;
      const text = { native: after, root: memory.ports.sides[side].reader.decode(after) };
      const isCopy = pair.origin !== side;
      const root = commentRoot({ text }, side, { base, isCopy, isCut: isCopy && pair.cut !== undefined });
      return printed(root).print === pair.text[side];
    }
  }
}
