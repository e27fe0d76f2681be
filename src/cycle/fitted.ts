import { canonicalText } from '../content/canonical.ts';
import { withoutNotice } from '../content/cut-notice.ts';
import { cutToLength } from '../content/limits.ts';
import type { Neutral } from '../content/neutral.ts';
import type { AttachmentSnapshot, SideName } from '../core/model.ts';
import { toSide, type KnownFiles } from '../core/replica.ts';

/**
 * The share of a tracker's limit that canonical text may take: the native form is longer than the canonical one (ADF by
 * its JSON, Markdown by defusing), and stamp and footer need room.
 */
const shareOfLimit: Readonly<Record<'issue' | 'comment', number>> = { issue: 0.8, comment: 0.85 };

export interface FittedText {
  readonly root: Neutral;
  /** False where an attachment that the text shows has no copy yet: the text is to be written again. */
  readonly complete: boolean;
  /** Settled top-level blocks of the text that were kept, where it was cut. */
  readonly blocksKept: number | undefined;
}

/**
 * Text in crossing form as a side can store it: its references resolved, and a copy's length within the side's limit. An
 * origin's text is never cut: what its tracker does not take stays undone and is reported, and nothing of it is lost (I3).
 */
export function fitText(
  root: Neutral,
  target: {
    readonly side: SideName;
    readonly kind: 'issue' | 'comment';
    /** The item written to is the origin of its pair. */
    readonly isOrigin: boolean;
    readonly bodyLength: number;
    readonly base: KnownFiles;
    /** Attachments of the issue on the other side, and of the one written to. */
    readonly others: readonly AttachmentSnapshot[];
    readonly own: readonly AttachmentSnapshot[];
    /** Copies of attachments live apart from the issues of the side written to. */
    readonly hasFooter: boolean;
    /** The text that stands where this one is to be written, as it was read; undefined for a new item. */
    readonly standing: Neutral | undefined;
  },
): FittedText {
  const mapped = (part: Neutral): ReturnType<typeof toSide> => toSide(part, target.side, target);
  if (target.isOrigin) return { ...mapped(root), blocksKept: undefined };
  const lengthMax = Math.floor(target.bodyLength * shareOfLimit[target.kind]);
  // Cut before references are resolved, which may leave blocks out: the blocks that count are the origin's.
  const measure = (part: Neutral): number => canonicalText(mapped(part).root).length;
  const cut = cutToLength(root, { lengthMax, measure });
  return { ...mapped(cut?.root ?? root), blocksKept: cut?.blocksKept };
}

/** What a fitted text says, without the notice that it ends in where it was cut. */
export function saidBy({ root, blocksKept }: Pick<FittedText, 'root' | 'blocksKept'>): Neutral {
  return blocksKept === undefined ? root : withoutNotice(root);
}
