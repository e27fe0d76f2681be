import { createCipheriv } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { SallyportError } from '../errors.ts';
import {
  checkOf,
  contentBytesMax,
  deriveSealKey,
  nonceBytes,
  normalPassphrase,
  passphraseLengthMin,
  payloadFormat,
  plainHeaderBytes,
  prefixOf,
  saltBytes,
  sealedHeaderBytes,
  sealParameters,
  tagBytes,
} from './code-format.ts';
import { type Invitation, invitationSchema } from './invitation.ts';

export interface EncodeOptions {
  /** Seals the code: whoever decodes it needs the same one. */
  readonly passphrase?: string | undefined;
  /** 16 fresh random bytes; not used in an unsealed code. */
  readonly salt: Uint8Array;
  /** 12 fresh random bytes; not used in an unsealed code. */
  readonly nonce: Uint8Array;
}

/**
 * The invitation code of an invitation, one line of about 700 characters. Pure: salt and nonce come from the caller, who
 * must draw both anew for every code, or sealing loses its worth.
 *
 * @throws SallyportError `configuration` if the invitation does not fit its schema (the field is named, its value is not)
 * or the passphrase is shorter than 12 characters; RangeError for a salt or nonce of another size.
 */
export function encodeInvitation(invitation: Invitation, options: EncodeOptions): string {
  const content = contentOf(invitation);
  const payload = options.passphrase === undefined ? plainPayload(content) : sealedPayload(content, options.passphrase, options);
  const head = prefixOf(options.passphrase !== undefined) + payload.toString('base64url');
  return `${head}.${checkOf(head)}`;
}

function contentOf(invitation: Invitation): Buffer {
  const parsed = invitationSchema.safeParse(invitation);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new SallyportError(`invitation: cannot make a code, these fields do not hold what they should: ${fields}`, {
      kind: 'configuration',
    });
  }
  const json = Buffer.from(JSON.stringify(parsed.data));
  if (json.length > contentBytesMax) {
    throw new SallyportError('invitation: cannot make a code, its content is larger than 64 KB; shorten the names in it', {
      kind: 'configuration',
    });
  }
  return deflateRawSync(json, { level: 9 });
}

function plainPayload(content: Buffer): Buffer {
  const header = Buffer.alloc(plainHeaderBytes);
  header.writeUInt8(payloadFormat, 0);
  header.writeUInt32BE(content.length, 1);
  return Buffer.concat([header, content]);
}

function sealedPayload(content: Buffer, passphrase: string, random: { salt: Uint8Array; nonce: Uint8Array }): Buffer {
  if (random.salt.length !== saltBytes || random.nonce.length !== nonceBytes) {
    throw new RangeError(`sealing takes ${saltBytes} bytes of salt and ${nonceBytes} of nonce`);
  }
  if (normalPassphrase(passphrase).length < passphraseLengthMin) {
    throw new SallyportError(
      `passphrase: too short to seal an invitation code; use at least ${passphraseLengthMin} characters, or leave it out ` +
        'on the command line to have one made',
      { kind: 'configuration' },
    );
  }
  const header = Buffer.alloc(sealedHeaderBytes);
  header.writeUInt8(payloadFormat, 0);
  header.writeUInt8(sealParameters.log2Cost, 1);
  header.writeUInt8(sealParameters.blockSize, 2);
  header.writeUInt8(sealParameters.parallelism, 3);
  header.set(random.salt, 4);
  header.set(random.nonce, 4 + saltBytes);
  header.writeUInt32BE(content.length + tagBytes, 4 + saltBytes + nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveSealKey(passphrase, random.salt, sealParameters), random.nonce, {
    authTagLength: tagBytes,
  });
  cipher.setAAD(Buffer.concat([Buffer.from(prefixOf(true)), header]));
  return Buffer.concat([header, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** Without the letters i, l, o and u, which are misread or make words. */
const passphraseAlphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const passphraseBytes = 15;

/**
 * A passphrase of six groups of four letters and digits (`7k2m-…`), 120 bits, from at least 15 random bytes. It can be
 * read out over a telephone: no capitals, nothing that looks like something else.
 *
 * @throws RangeError if fewer than 15 bytes are given.
 */
export function generatePassphrase(bytes: Uint8Array): string {
  if (bytes.length < passphraseBytes) throw new RangeError(`a passphrase takes ${passphraseBytes} random bytes`);
  let bits = bytes.subarray(0, passphraseBytes).reduce<bigint>((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const symbols: string[] = [];
  for (let count = 0; count < 24; count += 1) {
    symbols.unshift(passphraseAlphabet.charAt(Number(bits & 31n)));
    bits >>= 5n;
  }
  return symbols.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}
