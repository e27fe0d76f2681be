import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openState, sealState, stateKey } from '../../src/store/format.ts';
import { expectNothingPolluted, mutatedBytes, strangeJson } from '../fuzz/mutations.ts';

const key = stateKey(new TextEncoder().encode('the secret of a connection'));
const nonce = new Uint8Array(12).fill(7);
const named = { connectionId: 'c-1', id: 'state-2' };
const text = 'what a person wrote';
const json = { twins: Array.from({ length: 20 }, (_, index) => ({ id: index, text: `${text} ${index}` })) };
const sealed = sealState(json, { key, nonce, ...named, parentId: 'state-1' });

describe('a sealed state', () => {
  it('is unreadable after anything that happened to its bytes, and no reason tells its content', () => {
    fc.assert(
      fc.property(mutatedBytes(sealed), (blob) => {
        const opened = openState(blob, { keys: [key], ...named });
        expect(opened.kind).toBe('unreadable');
        expect(JSON.stringify(opened)).not.toContain(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is unreadable with any other key, connection or id', () => {
    const other = fc.record({
      secret: fc.uint8Array({ minLength: 0, maxLength: 40 }),
      connectionId: fc.oneof(fc.constant(named.connectionId), fc.string()),
      id: fc.oneof(fc.constant(named.id), fc.string()),
      right: fc.boolean(),
    });
    fc.assert(
      fc.property(other, ({ secret, connectionId, id, right }) => {
        fc.pre(!right || connectionId !== named.connectionId || id !== named.id);
        const keys = right ? [key] : [stateKey(secret)];
        expect(openState(sealed, { keys, connectionId, id }).kind).toBe('unreadable');
      }),
      { numRuns: 500 },
    );
  });

  it('of every other format, older or newer, is unreadable and named', () => {
    for (let format = 0; format <= 255; format += 1) {
      const blob = Uint8Array.from(sealed);
      blob[4] = format;
      const opened = openState(blob, { keys: [key], ...named });
      if (format === 1) expect(opened.kind).toBe('state');
      else expect(opened).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining(`format ${format},`) });
    }
  });

  it('gives back any JSON as it was, with keys that mean something to JavaScript', () => {
    fc.assert(
      fc.property(strangeJson, (value) => {
        const opened = openState(sealState(value, { key, nonce, ...named, parentId: undefined }), { keys: [key], ...named });
        expect(opened.kind === 'state' && JSON.stringify(opened.json)).toBe(JSON.stringify(value));
        expectNothingPolluted();
      }),
      { numRuns: 300 },
    );
  });
});
