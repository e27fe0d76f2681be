import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What the first part of a stamp says: anybody can read it, and write one; its signature is another matter. */
export function payloadIn(payload: string): unknown {
  return JSON.parse(inflateRawSync(Buffer.from(payload, 'base64url')).toString());
}

/** The first part of a stamp that says this. */
export function payloadOf(says: object): string {
  return deflateRawSync(Buffer.from(JSON.stringify(says)), { level: 9 }).toString('base64url');
}
