import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { messageOf } from '../errors.ts';

/** Bytes of the key that seals the state: AES-256. */
export const stateKeyBytes = 32;
/** Bytes of the nonce that `sealState` takes; a nonce is never used twice with one key, so callers draw it at random. */
export const stateNonceBytes = 12;

const magic = Buffer.from('SPST', 'ascii');
const formatVersion = 1;
const tagBytes = 16;
const headerBytes = magic.length + 1 + stateNonceBytes;
/** I9: a state of 50,000 twins with base texts stays far below this; what inflates beyond it is a bomb. */
const inflatedBytesMax = 256 * 1024 * 1024;
/** I9: deflate never makes its input longer by more than a fraction, so a longer blob can be nobody's state. */
const blobBytesMax = inflatedBytesMax + 1024 * 1024;

export interface SealStateOptions {
  /** 32 bytes, from `stateKey`. */
  readonly key: Uint8Array;
  /** 12 bytes, never used before with this key. */
  readonly nonce: Uint8Array;
  readonly connectionId: string;
  /** This state's id, as the record will name it. */
  readonly id: string;
  /** The id of the state that this one follows; undefined after a rebuild. */
  readonly parentId: string | undefined;
}

export interface OpenStateOptions {
  /** Current key first; a reissued connection also gives the one before. */
  readonly keys: readonly Uint8Array[];
  readonly connectionId: string;
  readonly id: string;
}

export type OpenedState =
  | { readonly kind: 'state'; readonly json: unknown; readonly id: string; readonly parentId: string | undefined }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The key that seals a connection's state: HKDF-SHA-256 of the connection's secret (sync-model.md, "State"). 32 bytes. */
export function stateKey(secret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), 'sallyport state v1', stateKeyBytes));
}

/**
 * The state as a blob that only this connection can read and nobody can alter or pass off as another connection's or
 * another id's: `SPST`, one byte of format version, the nonce, the ciphertext of the deflated JSON, the tag.
 *
 * @throws RangeError if the key is not 32 or the nonce not 12 bytes; TypeError if `json` has no JSON form.
 */
export function sealState(json: unknown, options: SealStateOptions): Uint8Array {
  if (options.key.length !== stateKeyBytes)
    throw new RangeError(`the state key has ${stateKeyBytes} bytes, not ${options.key.length}`);
  if (options.nonce.length !== stateNonceBytes)
    throw new RangeError(`the state nonce has ${stateNonceBytes} bytes, not ${options.nonce.length}`);
  const state: unknown = JSON.stringify(json);
  if (typeof state !== 'string') throw new TypeError('the state has no JSON form');
  // The parent's id stands before the state, length first, so that it is read without looking into the state.
  const parent = Buffer.from(options.parentId === undefined ? '' : `=${options.parentId}`, 'utf8');
  const parentLength = Buffer.alloc(2);
  parentLength.writeUInt16BE(parent.length);
  const packed = deflateRawSync(Buffer.concat([parentLength, parent, Buffer.from(state, 'utf8')]));
  const header = Buffer.concat([magic, Buffer.of(formatVersion), options.nonce]);
  const cipher = createCipheriv('aes-256-gcm', options.key, options.nonce);
  cipher.setAAD(associatedData(header, options.connectionId, options.id));
  return new Uint8Array(Buffer.concat([header, cipher.update(packed), cipher.final(), cipher.getAuthTag()]));
}

/**
 * The state in a blob, or why there is none. Never throws, whatever the blob holds: the state is only a cache, and what
 * cannot be read is rebuilt. Reasons hold no content.
 */
export function openState(blob: Uint8Array, options: OpenStateOptions): OpenedState {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (bytes.length > blobBytesMax) return unreadable(`it has ${bytes.length} bytes, more than ${blobBytesMax}`);
  if (!bytes.subarray(0, magic.length).equals(magic)) return unreadable('it does not begin like a Sallyport state');
  if (bytes.length < headerBytes + tagBytes) return unreadable('it is cut short');
  const version = bytes.readUInt8(magic.length);
  if (version !== formatVersion) return unreadable(`it has format ${version}, this version reads format ${formatVersion}`);
  for (const key of options.keys) {
    const packed = decrypt(bytes, key, options);
    if (packed !== undefined) return unpack(packed, options.id);
  }
  return unreadable('it is damaged, or belongs to another connection, another state id or another key');
}

/** The header is authenticated as well, and lengths keep two ids from being read as one. */
function associatedData(header: Uint8Array, connectionId: string, id: string): Buffer {
  return Buffer.concat([header, Buffer.from(JSON.stringify([connectionId, id]), 'utf8')]);
}

function decrypt(bytes: Buffer, key: Uint8Array, options: OpenStateOptions): Buffer | undefined {
  if (key.length !== stateKeyBytes) return undefined;
  const header = bytes.subarray(0, headerBytes);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, header.subarray(magic.length + 1), { authTagLength: tagBytes });
    decipher.setAAD(associatedData(header, options.connectionId, options.id));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(headerBytes, bytes.length - tagBytes)), decipher.final()]);
  } catch {
    // GCM says no more than "does not verify": the next key is tried, and the caller tells all causes at once.
    return undefined;
  }
}

function unpack(packed: Buffer, id: string): OpenedState {
  try {
    const plain = inflateRawSync(packed, { maxOutputLength: inflatedBytesMax });
    if (plain.length < 2) return unreadable('it is cut short');
    const parentEnd = 2 + plain.readUInt16BE(0);
    if (parentEnd > plain.length) return unreadable('it is cut short');
    const parent = plain.toString('utf8', 2, parentEnd);
    const json: unknown = JSON.parse(plain.toString('utf8', parentEnd));
    return { kind: 'state', json, id, parentId: parent === '' ? undefined : parent.slice(1) };
  } catch (error) {
    // A SyntaxError quotes the text that it could not parse, which is synced content: only its name is told.
    return unreadable(`it cannot be unpacked (${error instanceof SyntaxError ? 'not JSON' : messageOf(error)})`);
  }
}

function unreadable(reason: string): OpenedState {
  return { kind: 'unreadable', reason };
}
