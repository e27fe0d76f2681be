import { deflateRawSync } from 'node:zlib';
import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openState, sealState, stateKey } from '../../src/store/format.ts';

const key = stateKey(new TextEncoder().encode('the secret of a connection'));
const otherKey = stateKey(new TextEncoder().encode('the secret after a reissue'));
const nonce = new Uint8Array(12).fill(7);
const named = { connectionId: 'c-1', id: 'state-2' };
const json = { cursors: { public: 5 }, texts: ['äöü 🚪', ''] };

function sealed(value: unknown = json): Uint8Array {
  return sealState(value, { key, nonce, ...named, parentId: 'state-1' });
}

/** A blob with a right signature over any bytes, as only a holder of the key can make it. */
function sealedBytes(packed: Uint8Array): Uint8Array {
  const header = Buffer.concat([Buffer.from('SPST'), Buffer.of(1), nonce]);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.concat([header, Buffer.from(JSON.stringify(['c-1', 'state-2']))]));
  return Buffer.concat([header, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
}

describe('a sealed state', () => {
  it('opens with its key, connection and id', () => {
    expect(openState(sealed(), { keys: [key], ...named })).toEqual({ kind: 'state', json, id: 'state-2', parentId: 'state-1' });
  });

  it('opens without a parent, and with an empty one', () => {
    for (const parentId of [undefined, '']) {
      const blob = sealState(null, { key, nonce, ...named, parentId });
      expect(openState(blob, { keys: [key], ...named })).toEqual({ kind: 'state', json: null, id: 'state-2', parentId });
    }
  });

  it('opens with the key before a reissue', () => {
    expect(openState(sealed(), { keys: [otherKey, key], ...named }).kind).toBe('state');
  });

  it('is the same for the same input, and holds neither its text nor its ids in the clear', () => {
    expect(sealed()).toEqual(sealed());
    const text = Buffer.from(sealed()).toString('latin1');
    for (const clear of ['cursors', 'state-1', 'state-2', 'c-1']) expect(text).not.toContain(clear);
  });

  it.each([
    ['another key', { keys: [otherKey], ...named }],
    ['no key', { keys: [], ...named }],
    ['a key of another length', { keys: [key.subarray(1)], ...named }],
    ['another connection', { keys: [key], ...named, connectionId: 'c-2' }],
    ['another id', { keys: [key], ...named, id: 'state-3' }],
    ['ids that only look the same when joined', { keys: [key], connectionId: 'c-1state-', id: '2' }],
  ])('does not open with %s', (_, options) => {
    expect(openState(sealed(), options)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('another') });
  });

  it('does not open after any single bit of it has changed, nor cut at any place', () => {
    const blob = sealed();
    for (let position = 0; position < blob.length; position += 1) {
      const altered = Uint8Array.from(blob);
      altered[position]! ^= 1 << (position % 8);
      expect(openState(altered, { keys: [key], ...named }).kind).toBe('unreadable');
      expect(openState(blob.subarray(0, position), { keys: [key], ...named }).kind).toBe('unreadable');
    }
  });

  it('names a newer format', () => {
    const newer = sealed();
    newer[4] = 9;
    expect(openState(newer, { keys: [key], ...named })).toEqual({
      kind: 'unreadable',
      reason: 'it has format 9, this version reads format 1',
    });
  });

  it('that is signed but holds nonsense is unreadable, and its content is not told', () => {
    const plain = ['', '\0', '\0\xff', '\0\0not JSON with a secret text', '\0\x05=abc'].map((text) =>
      deflateRawSync(Buffer.from(text, 'latin1')),
    );
    for (const packed of [...plain, Buffer.from('no deflate at all')]) {
      const opened = openState(sealedBytes(packed), { keys: [key], ...named });
      expect(opened.kind).toBe('unreadable');
      expect(JSON.stringify(opened)).not.toContain('secret text');
    }
  });

  it('that inflates beyond the bound is unreadable', () => {
    const bomb = deflateRawSync(Buffer.alloc(256 * 1024 * 1024 + 1));
    const opened = openState(sealedBytes(bomb), { keys: [key], ...named });
    expect(opened).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('cannot be unpacked') });
  });
});

describe('openState and sealState', () => {
  it('give back any JSON value', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.string(),
        fc.string(),
        fc.option(fc.string({ maxLength: 100 }), { nil: undefined }),
        (value, connectionId, id, parentId) => {
          const blob = sealState(value, { key, nonce, connectionId, id, parentId });
          const expected: unknown = JSON.parse(JSON.stringify(value));
          expect(openState(blob, { keys: [key], connectionId, id })).toEqual({ kind: 'state', json: expected, id, parentId });
        },
      ),
    );
  });

  it('never throw on garbage', () => {
    const header = fc.constantFrom(
      new Uint8Array(0),
      new TextEncoder().encode('SPST'),
      Uint8Array.of(0x53, 0x50, 0x53, 0x54, 1),
      sealed(),
    );
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        fc.pre(rest.length > 0);
        expect(openState(Buffer.concat([start, rest]), { keys: [key, otherKey], ...named }).kind).toBe('unreadable');
      }),
      { numRuns: 1000 },
    );
  });

  it('refuse to seal what could not be opened', () => {
    const options = { key, nonce, ...named, parentId: undefined };
    expect(() => sealState({}, { ...options, key: key.subarray(1) })).toThrow(RangeError);
    expect(() => sealState({}, { ...options, nonce: nonce.subarray(1) })).toThrow(RangeError);
    expect(() => sealState(undefined, options)).toThrow(TypeError);
  });
});

describe('stateKey', () => {
  it('has 32 bytes that depend on the secret and differ from it', () => {
    const secret = new Uint8Array(32).fill(1);
    expect(stateKey(secret)).toHaveLength(32);
    expect(stateKey(secret)).not.toEqual(secret);
    expect(stateKey(secret)).not.toEqual(stateKey(new Uint8Array(32).fill(2)));
  });

  it('stays what it is, so that a new version opens the states of an older one', () => {
    expect(Buffer.from(stateKey(new Uint8Array(32))).toString('hex')).toMatchInlineSnapshot(
      `"11d4162fced2cd9544a31a31890b19ca25abe4f7d7bc572ccf801a4d83720c8a"`,
    );
  });
});
