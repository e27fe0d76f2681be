import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The newest version of the invitation's content that this Sallyport reads and the one that it writes. */
export const invitationVersion = 1;

const shortText = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line without control characters');

/** Loopback addresses may be plain http, for the simulators; everything else carries credentials and must be https. */
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

function isServiceUrl(text: string): boolean {
  // The URL class forgives blanks, backslashes and an empty query, after which a path could not be appended as it is.
  if (!/^https?:\/\/[^\s\\@?#]+$/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
}

/** An address without trailing slash, so that a path can be appended as it is. */
const serviceUrl = z
  .string()
  .max(2048)
  .refine(isServiceUrl, 'must be an https address without user, query and fragment')
  .transform((text) => text.replace(/\/+$/, ''));

/** Epoch milliseconds that a Date can hold. */
const time = z.int().nonnegative().max(8.64e15);

/** The secret that signs stamps and encrypts state: 32 bytes in base64url, and the short id by which stamps name it. */
const connectionKeySchema = z.object({
  keyId: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
  secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

export const connectionIdSchema = z.string().regex(/^[a-z0-9]{10}$/);

/**
 * What an invitation code holds (connection.md, "The invitation code"). Times are epoch milliseconds, connection time.
 * Without `credentials` the runner's inputs `jira-email` and `jira-token` must give them.
 */
export const invitationSchema = z.object({
  version: z.literal(invitationVersion),
  connectionId: connectionIdSchema,
  /** The connection's name as the public side's admin chose it. */
  name: shortText,
  mode: z.literal('basic'),
  type: z.literal('private'),
  /** Where people open issues: `https://acme.atlassian.net`. */
  siteUrl: serviceUrl,
  /** Where the credentials work: the site itself, or `https://api.atlassian.com/ex/jira/<cloudId>` for scoped tokens. */
  apiUrl: serviceUrl,
  cloudId: shortText,
  /** The Jira account that the connection writes with. */
  accountId: shortText,
  project: z.object({ id: z.string().regex(/^\d{1,20}$/), key: shortText, name: shortText }),
  /** The initiator's short name, as the private side's admin sees it. */
  initiator: shortText,
  ...connectionKeySchema.shape,
  credentials: z.object({ email: shortText, token: z.string().min(1).max(4096).regex(/^\S+$/) }).optional(),
  issuedAt: time,
  /** Until when the code can be accepted; an accepted connection does not expire. */
  expiresAt: time,
  /** After a reissue: verifies what the previous key signed, never signs (connection.md, "Life"). */
  previousKey: connectionKeySchema.optional(),
});

export type Invitation = z.infer<typeof invitationSchema>;

/** A connection's signing key: `keyId` is public, `secret` is 32 bytes in base64url. */
export type ConnectionKey = z.infer<typeof connectionKeySchema>;

/** How long a code can be accepted after it was issued, in milliseconds: 30 days. */
export const acceptanceDurationMs = 30 * 24 * 60 * 60 * 1000;

const connectionIdAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * A connection id of 10 lower-case letters and digits from at least 10 random bytes. It is not a secret: it only has to be
 * new among the connections of one Jira account, so the slight bias of the remainder does not matter.
 *
 * @throws RangeError if fewer than 10 bytes are given.
 */
export function connectionIdFrom(bytes: Uint8Array): string {
  if (bytes.length < 10) throw new RangeError('a connection id takes 10 random bytes');
  return Array.from(bytes.subarray(0, 10), (byte) => connectionIdAlphabet.charAt(byte % 36)).join('');
}

/**
 * The signing key made of 32 random bytes. Its id is derived from the secret (8 hexadecimal digits of a hash), so that the
 * same secret never goes by two ids.
 *
 * @throws RangeError if it is not 32 bytes.
 */
export function connectionKeyFrom(bytes: Uint8Array): ConnectionKey {
  if (bytes.length !== 32) throw new RangeError('a connection key takes 32 random bytes');
  const secret = Buffer.from(bytes).toString('base64url');
  return { keyId: createHash('sha256').update(`sallyport key id\n${secret}`).digest('hex').slice(0, 8), secret };
}

/**
 * What the record says of the secret, in hexadecimal: enough to tell a replaced code, of no use to anyone else because the
 * secret has 256 random bits.
 */
export function secretHashOf(secret: string): string {
  return createHash('sha256').update(`sallyport secret hash\n${secret}`).digest('hex');
}
