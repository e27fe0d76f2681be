import { createHash, scryptSync } from 'node:crypto';

/*
 * The form of a code is  sallyport<version>[s].<payload>.<check>  where payload is base64url of
 *
 *   unsealed:  format 1 | body length 4                                        | deflated JSON
 *   sealed:    format 1 | log2 N 1 | r 1 | p 1 | salt 16 | nonce 12 | length 4 | AES-256-GCM(deflated JSON) | tag 16
 *
 * (bytes, big endian). The length tells a code that was cut short from one that was altered. The check is a plain hash: it
 * finds accidents of copying, it is no signature. Who alters an unsealed code on purpose holds everything in it anyway; a
 * sealed one is authenticated by its passphrase, with prefix and header as additional data.
 */
export const codeVersion = 1;
export const payloadFormat = 1;
export const saltBytes = 16;
export const nonceBytes = 12;
export const tagBytes = 16;
export const plainHeaderBytes = 5;
export const sealedHeaderBytes = 8 + saltBytes + nonceBytes;

/** Characters of the check: 12 bytes in base64url. */
export const checkLength = 16;

/** The largest JSON text that a code may hold, in bytes; also the bound of inflating one. */
export const contentBytesMax = 64 * 1024;

/** A passphrase chosen by a person has at least this many characters, because a sealed code can be tried offline. */
export const passphraseLengthMin = 12;

export interface SealParameters {
  readonly log2Cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
}

/** 2^15 blocks of 1 KB: 32 MB and about 0.1 s a try. */
export const sealParameters: SealParameters = { log2Cost: 15, blockSize: 8, parallelism: 1 };

/** The only parameters that are worked with, so that a forged header cannot ask for hours or gigabytes (I9). */
export function areKnownParameters(parameters: SealParameters): boolean {
  const { log2Cost, blockSize, parallelism } = parameters;
  return log2Cost >= 14 && log2Cost <= 17 && blockSize === 8 && parallelism === 1;
}

export function prefixOf(sealed: boolean): string {
  return `sallyport${codeVersion}${sealed ? 's' : ''}.`;
}

/** The check of a code's text before its last dot. */
export function checkOf(head: string): string {
  return createHash('sha256').update(`sallyport invitation check\n${head}`).digest('base64url').slice(0, checkLength);
}

/**
 * Surrounding white space and the Unicode form of accents depend on how a passphrase was pasted or typed: neither
 * counts. NULs at its end cannot count, since HMAC, on which scrypt builds, fills up a key with them (RFC 2104 §2):
 * they are taken off here, so that they do not count for its length, either.
 */
export function normalPassphrase(passphrase: string): string {
  return passphrase
    .normalize('NFC')
    .trimStart()
    .replace(/[\s\0]+$/u, '');
}

/** The key of a sealed code. Takes about 0.1 s and 32 MB on purpose. */
export function deriveSealKey(passphrase: string, salt: Uint8Array, parameters: SealParameters): Buffer {
  return scryptSync(normalPassphrase(passphrase), salt, 32, {
    N: 2 ** parameters.log2Cost,
    r: parameters.blockSize,
    p: parameters.parallelism,
    // Node's default bound is 32 MB, which scrypt with these parameters exceeds by a little.
    maxmem: 256 * 1024 * 1024,
  });
}
