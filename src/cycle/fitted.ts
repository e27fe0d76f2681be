import { canonicalText } from '../content/canonical.ts';
import { cutToLength } from '../content/limits.ts';
import type { Neutral } from '../content/neutral.ts';
import type { AttachmentSnapshot, SideName } from '../core/model.ts';
import { toSide } from '../core/replica.ts';
import type { AttachmentPair } from '../core/twin.ts';

/** What stands at the end of a text that was cut; content/limits.ts recognises it again. */
const cutNotice = 'The rest of this text did not fit here; the whole text is at its origin.';

/**
 * The share of a tracker's limit that canonical text may take: the native form is longer than the canonical one (ADF by
 * its JSON, Markdown by defusing), and stamp and footer need room.
 */
const shareOfLimit: Readonly<Record<'issue' | 'comment', number>> = { issue: 0.8, comment: 0.85 };

export interface FittedText {
  readonly root: Neutral;
  /** False where an attachment that the text shows has no copy yet: the text is to be written again. */
  readonly complete: boolean;
  /** Top-level blocks that were kept, where the text was cut. */
  readonly blocksKept: number | undefined;
}

/** Text in crossing form as a side can store it: its references resolved, its length within the side's limit. */
export function fitText(
  root: Neutral,
  target: {
    readonly side: SideName;
    readonly kind: 'issue' | 'comment';
    readonly bodyLength: number;
    readonly pairs: readonly AttachmentPair[];
    /** Attachments of the issue on the other side, and of the one written to. */
    readonly others: readonly AttachmentSnapshot[];
    readonly own: readonly AttachmentSnapshot[];
  },
): FittedText {
  const mapped = toSide(root, target.side, { pairs: target.pairs, others: target.others, own: target.own });
  const lengthMax = Math.floor(target.bodyLength * shareOfLimit[target.kind]);
  const cut = cutToLength(mapped.root, { lengthMax, measure: (part) => canonicalText(part).length, notice: cutNotice });
  if (cut === undefined) return { root: mapped.root, complete: mapped.complete, blocksKept: undefined };
  return { root: cut.root, complete: mapped.complete, blocksKept: cut.blocksKept };
}
