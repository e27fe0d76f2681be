import type { Neutral } from '../content/neutral.ts';
import type { CommentStampOf } from './adopted-comments.ts';
import type { Effect } from './effect.ts';
import type { AttachmentSnapshot, CommentSnapshot, Pair, SideName } from './model.ts';
import type { TypeRule } from './basic-rules.ts';
import type { Replica } from './replica.ts';
import type { CommentPair, FieldName, TwinBase } from './twin.ts';

/** What a side can hold, as far as the plan needs it. */
export interface SideRule {
  readonly types: TypeRule;
  readonly summaryLength: number;
  /** Files of the other side appear in a footer here, since this tracker has no attachments of its own. */
  readonly hasFooter: boolean;
  /** Bytes; larger files of the other side are listed, not copied. Zero where files are only listed. */
  readonly attachmentBytes: number;
}

/** Everything a plan of one twin depends on: the three trees and the rules. No clock, no I/O. */
export interface TwinInput {
  readonly base: TwinBase;
  readonly replicas: Pair<Replica>;
  /** Canonical description when last in step, where the state still has it: only with it can edits of both sides be merged. */
  readonly baseText: string | undefined;
  readonly rules: Pair<SideRule>;
  readonly holdRestricted: boolean;
  /** How far each side's clock is ahead of connection time, in milliseconds. */
  readonly aheadMs: Pair<number>;
  /** Whether an item seen absent counts as removed: true once it was seen so twice, ten minutes apart (the guard). */
  readonly isRemoved: (item: AbsentItem) => boolean;
  /** Whether this effect was refused for good with exactly this content before. */
  readonly isParked: (id: string, print: string) => boolean;
  /** Whether the audit found the copy's text to be another one than the origin's, which nobody edited: it reads as edited nevertheless. */
  readonly isDamaged: (field: FieldName) => boolean;
  /** Whether a run that died may have uploaded this file: it is by the connection's account, and newer than the last committed cycle. */
  readonly mayBeLeftOver: (side: SideName, file: AttachmentSnapshot) => boolean;
  readonly commentStamp: CommentStampOf;
  /** Pairs of copies that the base does not know, found by their stamps (I2). */
  readonly adopted: readonly CommentPair[];
  /** What a copy on this side shows of a text in crossing form: where that is longer than the tracker takes, its beginning. */
  readonly shownOn: (root: Neutral, copy: { readonly side: SideName; readonly kind: 'issue' | 'comment' }) => Neutral;
  /** When a comment was last edited by a person, as far as its tracker tells, server time; what was put back is as old as it was. */
  readonly editedAt: (side: SideName, comment: CommentSnapshot) => number;
  /** Times of people's last edits, connection time; undefined until read for a conflicting twin. */
  readonly edits: Pair<Readonly<Record<FieldName, number | undefined>>> | undefined;
}

export interface AbsentItem {
  readonly kind: 'comment' | 'attachment';
  readonly side: SideName;
  readonly id: string;
}

export interface Conflict {
  readonly field: FieldName | 'comment';
  /** `merged`: block by block, nothing lost. Otherwise the side whose value stands. */
  readonly outcome: 'merged' | SideName;
  readonly links: Pair<string>;
}

export interface Held {
  readonly what: string;
  readonly reason: string;
  readonly link: string;
}

/** The plan of one twin. `base` is the base after what needs no write (adoptions, burials); effects follow. */
export interface TwinPlan {
  readonly base: TwinBase;
  readonly effects: readonly Effect[];
  readonly conflicts: readonly Conflict[];
  readonly held: readonly Held[];
  /** Items seen absent that do not count as removed yet: to be looked at again. */
  readonly absent: readonly AbsentItem[];
  /** A conflict was found whose outcome needs the times of edits. */
  readonly needsEdits: boolean;
}
