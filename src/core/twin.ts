import { z } from 'zod';
import type { Pair, SideName } from './model.ts';

/** Fingerprints are 16 base64url characters; the empty string equals none, so it reads as changed. */
const fingerprints = z.object({ public: z.string(), private: z.string() });
const sideName = z.enum(['public', 'private']);

const commentPairSchema = z.object({
  ids: fingerprints,
  origin: sideName,
  text: fingerprints,
  /** Its origin became restricted under `hold`: the copy shows a notice. */
  withheld: z.boolean(),
  /** Its origin was not readable by everyone when last seen: its absence cannot be told from a lost permission (I6). */
  restricted: z.boolean(),
  /** The copy was cut for length and holds this many blocks of its origin. */
  cut: z.number().int().optional(),
  /** That of the last write that the base knows of. What it does not know of (`last-writes.ts`) has a higher one. */
  counter: z.number().int().optional(),
});

const attachmentPairSchema = z.object({
  ids: fingerprints,
  origin: sideName,
  name: z.string(),
  size: z.number(),
  sha256: z.string(),
  /** What texts on the public side refer to the copy by once it is not attached any more (`idOfMedia`). */
  alias: z.string().optional(),
  /** The copy could not be read back yet: nothing tells that its bytes arrived whole. */
  unread: z.literal(true).optional(),
});

const tombstoneSchema = z.object({
  kind: z.enum(['comment', 'attachment']),
  /** The side and id of the origin whose copy a person removed. */
  side: sideName,
  id: z.string(),
  /** That of the pair: texts that still show the removed copy show this origin. */
  alias: z.string().optional(),
});

/** What both sides of a twin were when last in step: the third tree. It is what stamps and ledger carry. */
export const twinBaseSchema = z.object({
  origin: sideName,
  ids: fingerprints,
  /** Grows with every write; among several valid records of one twin the highest is the base. */
  counter: z.number().int(),
  summary: fingerprints,
  description: fingerprints,
  /** Names, not hashes; the empty string where an issue has no type. */
  type: fingerprints,
  /** The copy's side, where its description was cut for length, and how many blocks of its origin it holds. */
  cut: z.object({ side: sideName, blocks: z.number().int() }).optional(),
  /** Fingerprint of the footer that lists files on a side without attachments. */
  files: z.string(),
  comments: z.array(commentPairSchema),
  attachments: z.array(attachmentPairSchema),
  tombstones: z.array(tombstoneSchema),
});

export type CommentPair = z.infer<typeof commentPairSchema>;
export type AttachmentPair = z.infer<typeof attachmentPairSchema>;
export type Tombstone = z.infer<typeof tombstoneSchema>;
export type TwinBase = z.infer<typeof twinBaseSchema>;

/** The text fields of a twin that are compared as wholes. */
export type FieldName = 'summary' | 'description' | 'type';
export const fieldNames: readonly FieldName[] = ['summary', 'description', 'type'];

/** `12:7`: the public and private issue ids; unique within a connection. */
export function twinKey(ids: Pair<string>): string {
  return `${ids.public}:${ids.private}`;
}

/** A base with nothing known yet of either side, as an issue is taken under sync. */
export function emptyBase(origin: SideName, ids: Pair<string>): TwinBase {
  const nothing = { public: '', private: '' };
  return {
    origin,
    ids: { ...ids },
    counter: 0,
    summary: nothing,
    description: nothing,
    type: nothing,
    files: '',
    comments: [],
    attachments: [],
    tombstones: [],
  };
}
