import { createDecipheriv } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { SallyportError } from '../errors.ts';
import {
  areKnownParameters,
  checkLength,
  checkOf,
  codeVersion,
  contentBytesMax,
  deriveSealKey,
  nonceBytes,
  normalPassphrase,
  payloadFormat,
  plainHeaderBytes,
  prefixOf,
  saltBytes,
  sealedHeaderBytes,
  tagBytes,
} from './code-format.ts';
import { type Invitation, invitationSchema, invitationVersion } from './invitation.ts';

type Fault = 'empty' | 'foreign' | 'cut' | 'altered' | 'newer' | 'unreadable' | 'passphrase missing' | 'passphrase wrong';

const copyAgain = 'copy the whole code again from where the public side showed it';

/** No message repeats any part of the code, or of what is in it (I8). */
const messages: Readonly<Record<Fault, string>> = {
  empty: 'it is empty; paste the code that the public side\'s admin sent you (it begins with "sallyport1")',
  foreign: 'this is not an invitation code; one begins with "sallyport1." or "sallyport1s.", with nothing but a label before it',
  cut: `it is cut short: its end or a part of it is missing; ${copyAgain}`,
  altered: `it was altered on the way: its check does not match; ${copyAgain}`,
  newer: 'it was made by a newer Sallyport than this one; upgrade the runner and run it again',
  unreadable: "its content is not what an invitation holds; ask the public side's admin to initiate again and send the new code",
  'passphrase missing':
    'it is sealed and no passphrase was given; ask the public side\'s admin for it and set the input "passphrase"',
  'passphrase wrong': 'the passphrase does not open it; check the passphrase, it came with the code but another way',
};

function fault(kind: Fault): SallyportError {
  // No cause: the errors of the decoders below may quote what they choked on.
  return new SallyportError(`invitation code: ${messages[kind]}`, { kind: 'configuration' });
}

/** Far above any code; longer texts are not searched at all (I9). */
const textLengthMax = 200_000;

/** White space, quotes of several languages, back-ticks, mark-up around code, a mail's reply marks, invisible characters. */
const forgivenCharacters = /[\s"'`<>*|“”„‟‘’‚‛«»‹›\u00AD\u200B-\u200F\u2060\uFEFF]+/g;

/**
 * The code in a pasted text, without white space, line breaks, quotes, back-ticks, a label before it and punctuation after
 * it; undefined where the text holds nothing that begins like a code.
 */
export function normalCode(text: string): string | undefined {
  if (text.length > textLengthMax) return undefined;
  const bare = text.replaceAll(forgivenCharacters, '');
  const start = bare.search(/sallyport[0-9]{1,4}(?:s?\.|s?$)/);
  return start === -1 ? undefined : withoutPunctuationAtEnd(bare.slice(start));
}

/** Not by a regular expression: one that looks for the end of each run of dots takes a minute for a text full of them (I9). */
function withoutPunctuationAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && '.,;:)]}'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Whether a text holds something that begins like an invitation code, whole or not: then it must be masked. */
export function looksLikeInvitation(text: string): boolean {
  return /sallyport[0-9]{1,4}s?\.[A-Za-z0-9_-]{4,}/.test(text.replaceAll(forgivenCharacters, ''));
}

/**
 * Decodes an invitation code as it was pasted. Whether it has expired depends on the record, see `checkExpiry`.
 *
 * @throws SallyportError `configuration` for each thing that can be wrong: empty, not a code, cut short, altered, made by a
 * newer version, passphrase missing or wrong. The message never holds any part of the code or its content.
 */
export function decodeInvitation(text: string, options: { readonly passphrase?: string | undefined }): Invitation {
  if (text.trim() === '') throw fault('empty');
  const code = normalCode(text);
  if (code === undefined) throw fault('foreign');
  const { sealed, payload } = payloadOf(code);
  const header = sealed ? sealedHeaderBytes : plainHeaderBytes;
  checkLengths(payload, header);
  if (code.slice(-checkLength) !== checkOf(code.slice(0, -checkLength - 1))) throw fault('altered');
  if (payload.readUInt8(0) !== payloadFormat) throw fault('newer');
  return readContent(sealed ? openSeal(payload, options.passphrase) : payload.subarray(header));
}

/** What `decodeInvitation` would complain of, in one line; undefined for a good code. */
export function invitationProblem(text: string, passphrase: string): string | undefined {
  try {
    decodeInvitation(text, passphrase === '' ? {} : { passphrase });
    return undefined;
  } catch (error) {
    return error instanceof SallyportError ? error.message : 'invitation code: it cannot be read';
  }
}

/** Whether a pasted text is a sealed code that lacks nothing but its passphrase. */
export function isWholeSealed(text: string): boolean {
  return invitationProblem(text, '') === fault('passphrase missing').message;
}

function payloadOf(code: string): { sealed: boolean; payload: Buffer } {
  const [prefix = '', payloadText, check, ...others] = code.split('.');
  const match = /^sallyport([0-9]+)(s?)$/.exec(prefix);
  const version = Number(match?.[1]);
  if (match === null || version < 1) throw fault('foreign');
  if (version > codeVersion) throw fault('newer');
  if (payloadText === undefined || check === undefined || check.length < checkLength) throw fault('cut');
  if (others.length > 0 || check.length > checkLength) throw fault('altered');
  // Buffer.from skips what is not base64url instead of refusing it.
  if (!/^[A-Za-z0-9_-]+$/.test(payloadText)) throw fault('altered');
  return { sealed: match[2] === 's', payload: Buffer.from(payloadText, 'base64url') };
}

function checkLengths(payload: Buffer, header: number): void {
  // The length is the last field of either header; a newer format is told by its check first, so only known ones count.
  if (payload.length < header) throw fault('cut');
  if (payload.readUInt8(0) !== payloadFormat) return;
  const declared = payload.readUInt32BE(header - 4);
  if (payload.length - header < declared) throw fault('cut');
  if (payload.length - header > declared) throw fault('altered');
}

function openSeal(payload: Buffer, passphrase: string | undefined): Buffer {
  if (passphrase === undefined || normalPassphrase(passphrase) === '') throw fault('passphrase missing');
  const header = payload.subarray(0, sealedHeaderBytes);
  const parameters = { log2Cost: header.readUInt8(1), blockSize: header.readUInt8(2), parallelism: header.readUInt8(3) };
  if (!areKnownParameters(parameters)) throw fault('newer');
  if (payload.length < sealedHeaderBytes + tagBytes) throw fault('unreadable');
  const salt = header.subarray(4, 4 + saltBytes);
  const nonce = header.subarray(4 + saltBytes, 4 + saltBytes + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', deriveSealKey(passphrase, salt, parameters), nonce, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.concat([Buffer.from(prefixOf(true)), header]));
  decipher.setAuthTag(payload.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(payload.subarray(sealedHeaderBytes, -tagBytes)), decipher.final()]);
  } catch {
    throw fault('passphrase wrong');
  }
}

function readContent(deflated: Buffer): Invitation {
  let content: unknown;
  try {
    // A code is pasted from anywhere: inflating is bounded, or a few bytes could fill the memory (I9).
    content = JSON.parse(inflateRawSync(deflated, { maxOutputLength: contentBytesMax }).toString('utf8'));
  } catch {
    throw fault('unreadable');
  }
  const versioned = z.object({ version: z.int() }).safeParse(content);
  if (versioned.success && versioned.data.version > invitationVersion) throw fault('newer');
  const invitation = invitationIn(content);
  if (invitation === undefined) throw fault('unreadable');
  return invitation;
}

/** zod compares the `length` of whatever has one, which throws where that is an object without a number. */
function invitationIn(content: unknown): Invitation | undefined {
  try {
    return invitationSchema.safeParse(content).data;
  } catch {
    return undefined;
  }
}

/**
 * Refuses an invitation that was not accepted in time. `now` is connection time in epoch milliseconds; once `accepted`, a
 * connection does not expire.
 *
 * @throws SallyportError `configuration`
 */
export function checkExpiry(invitation: Invitation, at: { readonly now: number; readonly accepted: boolean }): void {
  if (at.accepted || at.now < invitation.expiresAt) return;
  throw new SallyportError(
    `invitation code: it expired on ${new Date(invitation.expiresAt).toISOString()} without having been accepted; ask the ` +
      "public side's admin to initiate again and send the new code",
    { kind: 'configuration' },
  );
}

/**
 * Every string that must never be shown once this invitation was decoded (I8): the code as pasted and as normalised, each
 * line of it, its payload, the keys in both base64 forms, the token, the Basic authorization made of e-mail and token, the
 * passphrase. The e-mail address alone is not among them: errors name the account by it, and masking it would
 * hide it in an admin's own texts.
 */
export function secretsOf(invitation: Invitation, code: string, passphrase?: string): readonly string[] {
  const normal = normalCode(code) ?? '';
  const keys = [invitation.secret, invitation.previousKey?.secret ?? ''];
  const { email = '', token = '' } = invitation.credentials ?? {};
  const candidates = [
    code.trim(),
    ...linesOf(code, normal),
    normal,
    ...normal.split('.').slice(1),
    ...keys,
    ...keys.map((key) => Buffer.from(key, 'base64url').toString('base64')),
    token,
    encodeURIComponent(token),
    token === '' ? '' : Buffer.from(`${email}:${token}`).toString('base64'),
    passphrase ?? '',
    passphrase?.trim() ?? '',
  ];
  // Masking a very short string would tear holes into every line of a log without hiding anything.
  return [...new Set(candidates)].filter((candidate) => candidate.length >= maskedLengthMin);
}

const maskedLengthMin = 6;

/** The lines of a code that was wrapped: a log is masked line by line. A label on a line of its own is no secret. */
function linesOf(text: string, code: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => code.includes(line.replaceAll(forgivenCharacters, '')));
}
