import type { Neutral } from '../content/neutral.ts';
import type { SideName } from './model.ts';
import type { CommentPair } from './twin.ts';

/** What a plan asks to be written, as data: printable, countable, in the order of execution within its twin. */
export type Effect =
  | IssueCreate
  | FieldsWrite
  | CommentCreate
  | CommentWrite
  | CommentRemove
  | AttachmentCreate
  | AttachmentRemove
  | LedgerWrite;

/** An issue that the trigger put under sync gets its copy on `side`. */
export interface IssueCreate {
  readonly kind: 'issue.create';
  readonly side: SideName;
  readonly originId: string;
}

/** One edit request. Values are in crossing form, not yet fitted to the side's limits. */
export interface FieldsWrite {
  readonly kind: 'fields.write';
  readonly side: SideName;
  readonly summary?: string;
  readonly description?: Neutral;
  readonly type?: string;
  /** The footer that lists files is to be written anew. */
  readonly files: boolean;
}

export interface CommentCreate {
  readonly kind: 'comment.create';
  readonly side: SideName;
  readonly originId: string;
  readonly body: Neutral;
  readonly authorName: string;
}

export interface CommentWrite {
  readonly kind: 'comment.write';
  readonly side: SideName;
  readonly pair: CommentPair;
  readonly body: Neutral;
  /** The author line of a copy; undefined where the comment written is the origin. */
  readonly authorName: string | undefined;
  /** The body is the notice that its origin became restricted. */
  readonly withheld: boolean;
}

export interface CommentRemove {
  readonly kind: 'comment.remove';
  readonly side: SideName;
  readonly pair: CommentPair;
}

export interface AttachmentCreate {
  readonly kind: 'attachment.create';
  readonly side: SideName;
  readonly originId: string;
  readonly name: string;
  readonly size: number | undefined;
  /** Attachments by the connection's account on `side` of that name: the copy may be there already (a lost answer). */
  readonly candidates: readonly string[];
}

export interface AttachmentRemove {
  readonly kind: 'attachment.remove';
  readonly side: SideName;
  readonly attachmentId: string;
  readonly originId: string;
  readonly name: string;
}

/** Pairs or tombstones changed without a write that carries them: the Jira issue's property is written by itself. */
export interface LedgerWrite {
  readonly kind: 'ledger.write';
  readonly side: SideName;
}

/** What an effect is parked, counted and reported under within its twin: stable from plan to plan. */
export function effectId(effect: Effect): string {
  switch (effect.kind) {
    case 'issue.create':
      return `issue.create ${effect.side} ${effect.originId}`;
    case 'fields.write':
      return `fields.write ${effect.side} ${fieldsOf(effect).join('+')}`;
    case 'comment.create':
      return `comment.create ${effect.side} ${effect.originId}`;
    case 'comment.write':
    case 'comment.remove':
      return `${effect.kind} ${effect.side} ${effect.pair.ids[effect.side]}`;
    case 'attachment.create':
    case 'attachment.remove':
      return `${effect.kind} ${effect.side} ${effect.originId}`;
    case 'ledger.write':
      return `ledger.write ${effect.side}`;
  }
}

/** The fields that an edit writes, in the order of the Basic rules. */
export function fieldsOf(effect: FieldsWrite): readonly string[] {
  return [
    ...(effect.summary === undefined ? [] : ['summary']),
    ...(effect.description === undefined ? [] : ['description']),
    ...(effect.type === undefined ? [] : ['type']),
    ...(effect.files ? ['files'] : []),
  ];
}
