import { createHmac } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { StampKey } from '../../src/core/stamp.ts';

/** A token around any bytes, signed as only a holder of the connection's secret can. */
export function tokenAround(content: Uint8Array, key: StampKey): string {
  const payload = deflateRawSync(content).toString('base64url');
  const mac = createHmac('sha256', key.secret).update('sallyport stamp\n').update(payload).digest().subarray(0, 16);
  return `${payload}.${mac.toString('base64url')}`;
}

/** The same around any JSON. */
export function signedToken(content: unknown, key: StampKey): string {
  return tokenAround(Buffer.from(JSON.stringify(content)), key);
}
