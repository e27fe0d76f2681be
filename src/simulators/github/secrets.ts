import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Repository } from './data.ts';

/** The key pair that secrets of one repository are sealed for, as libsodium's sealed boxes want it: X25519, base64. */
export interface SecretKey {
  readonly keyId: string;
  readonly publicKey: string;
  /** For tests, to open what was sealed. */
  readonly privateKey: string;
}

// RFC 8410: a PKCS #8 wrapper around 32 bytes of an X25519 private key.
const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** Derived from the repository's id, so that the same seed gives the same key. */
export function secretKeyOf(repository: Repository): SecretKey {
  const seed = createHash('sha256').update(`secrets of ${repository.id}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    keyId: String(repository.id * 10 + 7),
    publicKey: Buffer.from(x, 'base64url').toString('base64'),
    privateKey: seed.toString('base64'),
  };
}
