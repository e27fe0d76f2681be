import { createHmac } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The hidden comments of a body that hold stamps. */
export function stampsIn(body: string): readonly string[] {
  return body.match(/<!-- sallyport:[^\n]*-->/g) ?? [];
}

/** What the first part of a stamp says: anybody can read it, and write one; its signature is another matter. */
export function payloadIn(payload: string): unknown {
  return JSON.parse(inflateRawSync(Buffer.from(payload, 'base64url')).toString());
}

/** The first part of a stamp that says this. */
export function payloadOf(says: object): string {
  return deflateRawSync(Buffer.from(JSON.stringify(says)), { level: 9 }).toString('base64url');
}

/** A stamp of this payload under the true signature of a connection, by the secret of its code. */
export function signedStamp(payload: string, secret: string): string {
  const hmac = createHmac('sha256', Buffer.from(secret, 'base64url'));
  return `${payload}.${hmac.update('sallyport stamp\n').update(payload).digest().subarray(0, 16).toString('base64url')}`;
}
