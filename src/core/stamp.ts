import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { Pair, SideName } from './model.ts';
import type { TwinBase } from './twin.ts';
import { twinBaseSchema } from './twin.ts';

/** The format that this version writes. A newer one stops the cycle before any write (sync-model.md, "Stamps"). */
export const stampFormat = 1;

/** A key that signs or verifies stamps. `secret` is the connection's 32 bytes. */
export interface StampKey {
  readonly id: string;
  readonly secret: Uint8Array;
}

const pair = z.object({ public: z.string(), private: z.string() });

/** On a copy of an issue, or on an issue that the runner edited: the base without pairs. On Jira: a part of the ledger. */
const issueStampSchema = z.object({
  kind: z.literal('issue'),
  /** Present once known: a stamp that names another item than the one it stands on is a pasted one. */
  self: z.string().optional(),
  base: twinBaseSchema,
  /** Parts of a ledger: this one's index, and how many there are. */
  part: z.number().int(),
  parts: z.number().int(),
});

const commentStampSchema = z.object({
  kind: z.literal('comment'),
  self: z.string().optional(),
  origin: z.enum(['public', 'private']),
  /** The comment on the other side. */
  other: z.string(),
  /** The issue on the side where the stamp stands, so that a pasted one elsewhere is recognised. */
  issue: z.string(),
  /** The issue of `other`; earlier versions did not tell it. */
  otherIssue: z.string().optional(),
  counter: z.number().int(),
  text: pair,
  /** Whether not everyone could read the origin when it was copied */
  restricted: z.boolean().optional(),
  /** On a copy that was cut for length: how many blocks of its origin it holds. */
  cut: z.number().int().optional(),
});

const payloadSchema = z.object({
  format: z.number().int(),
  key: z.string(),
  connection: z.string(),
  stamp: z.unknown(),
});

export type IssueStamp = z.infer<typeof issueStampSchema>;
export type CommentStamp = z.infer<typeof commentStampSchema>;
export type Stamp = IssueStamp | CommentStamp;
const stampSchema = z.discriminatedUnion('kind', [issueStampSchema, commentStampSchema]);

export type Verified =
  | { readonly kind: 'valid'; readonly stamp: Stamp }
  /** Another connection's, forged, damaged: ignored and counted (I10). */
  | { readonly kind: 'foreign' }
  /** This connection's, signed, but written by a newer Sallyport. */
  | { readonly kind: 'newer'; readonly format: number };

/** Bytes of a decoded stamp at most; a ledger part is far below it (I9). */
const payloadLengthMax = 200_000;

/** A token `[A-Za-z0-9_-]+.[A-Za-z0-9_-]+`: deflated JSON and its truncated HMAC-SHA-256 (128 bits). */
export function signStamp(stamp: Stamp, key: StampKey, connectionId: string): string {
  const json = JSON.stringify({ format: stampFormat, key: key.id, connection: connectionId, stamp });
  const payload = deflateRawSync(Buffer.from(json, 'utf8'), { level: 9 }).toString('base64url');
  return `${payload}.${macOf(payload, key)}`;
}

/** Checks signature, connection and format of a token found on an item. Never throws. */
export function verifyStamp(token: string, keys: readonly StampKey[], connectionId: string): Verified {
  const [payload, mac, ...rest] = token.split('.');
  if (payload === undefined || mac === undefined || rest.length > 0) return { kind: 'foreign' };
  // The MAC is checked before anything is inflated, so that nobody's text reaches the decompressor.
  const key = keys.find((candidate) => equal(macOf(payload, candidate), mac));
  if (key === undefined) return { kind: 'foreign' };
  const decoded = decode(payload);
  if (decoded === undefined || decoded.connection !== connectionId || decoded.key !== key.id) return { kind: 'foreign' };
  if (decoded.format > stampFormat) return { kind: 'newer', format: decoded.format };
  if (decoded.format !== stampFormat) return { kind: 'foreign' };
  const stamp = stampSchema.safeParse(decoded.stamp);
  return stamp.success ? { kind: 'valid', stamp: stamp.data } : { kind: 'foreign' };
}

/** Whether a token says that it is this connection's, signed or not: what a clean-up takes away. Never throws. */
export function claimsConnection(token: string, connectionId: string): boolean {
  return claimedConnection(token) === connectionId;
}

/** The id of the connection that a token says it is of, signed or not; undefined where it is damaged. Never throws. */
export function claimedConnection(token: string): string | undefined {
  return decode(token.split('.')[0] ?? '')?.connection;
}

function decode(payload: string): z.infer<typeof payloadSchema> | undefined {
  try {
    const json = inflateRawSync(Buffer.from(payload, 'base64url'), { maxOutputLength: payloadLengthMax }).toString('utf8');
    return payloadSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** Each HMAC would make one of the bytes, which takes longer than the rest of it. */
const keyObjects = new WeakMap<StampKey, KeyObject>();

function keyObjectOf(key: StampKey): KeyObject {
  const object = keyObjects.get(key) ?? createSecretKey(key.secret);
  keyObjects.set(key, object);
  return object;
}

function macOf(payload: string, key: StampKey): string {
  return createHmac('sha256', keyObjectOf(key))
    .update('sallyport stamp\n')
    .update(payload)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

function equal(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The stamp of an issue on the side where it stands: everything but the pairs, which the ledger holds. */
export function issueStamp(base: TwinBase, self: string | undefined): IssueStamp {
  return {
    kind: 'issue',
    ...(self === undefined ? {} : { self }),
    base: { ...base, comments: [], attachments: [], tombstones: [] },
    part: 0,
    parts: 1,
  };
}

/** The stamp of a comment that stands on `side` in `issue`. */
export function commentStamp(options: {
  readonly origin: SideName;
  readonly other: string;
  readonly issue: string;
  readonly otherIssue: string;
  readonly self: string | undefined;
  readonly counter: number;
  readonly text: Pair<string>;
  readonly restricted?: boolean | undefined;
  readonly cut?: number | undefined;
}): CommentStamp {
  const { self, restricted, cut, ...rest } = options;
  return {
    kind: 'comment',
    ...rest,
    text: { ...options.text },
    ...(restricted === undefined ? {} : { restricted }),
    ...(self === undefined ? {} : { self }),
    ...(cut === undefined ? {} : { cut }),
  };
}
