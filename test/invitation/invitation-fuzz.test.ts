import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import { checkOf, normalPassphrase, sealedHeaderBytes } from '../../src/invitation/code-format.ts';
import {
  checkExpiry,
  decodeInvitation,
  looksLikeInvitation,
  normalCode,
  secretsOf,
} from '../../src/invitation/decode-invitation.ts';
import { encodeInvitation } from '../../src/invitation/encode-invitation.ts';
import type { Invitation } from '../../src/invitation/invitation.ts';
import { invitationSchema } from '../../src/invitation/invitation.ts';
import { expectNothingPolluted, mutatedBytes, mutatedJson, mutatedText, strangeJson } from '../fuzz/mutations.ts';
import { nonce, passphrase, salt, sampleInvitation } from './sample-invitation.ts';

const plain = encodeInvitation(sampleInvitation, { salt, nonce });
const sealed = encodeInvitation(sampleInvitation, { salt, nonce, passphrase });

/** The invitation, or undefined after an error of our own that repeats nothing of what it was about (I8). */
function decoded(text: string, options: { passphrase?: string } = {}): Invitation | undefined {
  try {
    return decodeInvitation(text, options);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    expect(error.kind).toBe('configuration');
    expect(error.cause).toBeUndefined();
    for (const secret of [sampleInvitation.secret, sampleInvitation.credentials?.token ?? '', plain.slice(12, 40)])
      expect(error.message).not.toContain(secret);
    return undefined;
  }
}

function payloadOf(code: string): Buffer {
  return Buffer.from(code.split('.')[1] ?? '', 'base64url');
}

/** A code around any payload, with the check that belongs to it: made on purpose. */
function codeAround(prefix: string, payload: Uint8Array): string {
  const head = prefix + Buffer.from(payload).toString('base64url');
  return `${head}.${checkOf(head)}`;
}

function codeOf(content: unknown): string {
  const deflated = deflateRawSync(JSON.stringify(content));
  const header = Buffer.from([1, 0, 0, 0, 0]);
  header.writeUInt32BE(deflated.length, 1);
  return codeAround('sallyport1.', Buffer.concat([header, deflated]));
}

describe('an invitation code', () => {
  it('that was changed by accident is refused, or is the same but for what is forgiven', () => {
    fc.assert(
      fc.property(fc.constantFrom(plain, sealed).chain(mutatedText), (text) => {
        // Without a passphrase a sealed code is never opened, so that thousands can be tried.
        const invitation = decoded(text);
        if (invitation !== undefined) expect([normalCode(text), invitation]).toEqual([plain, sampleInvitation]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('whose bytes were changed on purpose is refused, or holds what an invitation holds', () => {
    fc.assert(
      fc.property(mutatedBytes(payloadOf(plain)), (payload) => {
        const invitation = decoded(codeAround('sallyport1.', payload));
        if (invitation !== undefined) expect(invitationSchema.safeParse(invitation).success).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('with any content is refused, or holds what an invitation holds', () => {
    fc.assert(
      fc.property(fc.oneof(strangeJson, mutatedJson(sampleInvitation)), (content) => {
        const invitation = decoded(codeOf(content));
        if (invitation !== undefined) {
          expect(invitationSchema.safeParse(invitation).success).toBe(true);
          expect(encodeInvitation(invitation, { salt, nonce })).toMatch(/^sallyport1\./);
        }
        expectNothingPolluted();
      }),
      { numRuns: 2_000 },
    );
  });

  it('says when it was made by a newer version, whatever that holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }), mutatedJson(sampleInvitation), (version, rest) => {
        const content = { ...(typeof rest === 'object' && !Array.isArray(rest) ? rest : {}), version };
        expect(() => decodeInvitation(codeOf(content), {})).toThrow(/newer Sallyport/);
      }),
    );
  });

  it('holds addresses to which a path can be appended, on their own host, or is refused', () => {
    const address = fc.oneof(
      mutatedText('https://acme.atlassian.net/ex/jira/1'),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.constantFrom(
        'https://a.net?',
        'https://a.net#',
        'https://a.net/?#',
        ' https://a.net',
        'https:a.net',
        'https://a.net\n/x',
      ),
      fc.constantFrom('https://@a.net', 'https:\\\\a.net', 'https://a.net\\@b.net', 'http://127.0.0.1:1/#'),
    );
    fc.assert(
      fc.property(address, (siteUrl) => {
        const invitation = decoded(codeOf({ ...sampleInvitation, siteUrl }));
        if (invitation === undefined) return;
        const url = new URL(`${invitation.siteUrl}/rest/api/3/myself`);
        expect(invitation.siteUrl.startsWith(`${url.protocol}//`)).toBe(true);
        expect(url.pathname.endsWith('/rest/api/3/myself')).toBe(true);
        expect([url.search, url.hash, url.username]).toEqual(['', '', '']);
        expect(`${invitation.siteUrl}/rest/api/3/myself`).not.toMatch(/[\s\\@?#]/);
      }),
      { numRuns: 1_000 },
    );
  });
});

/* Each of these derives a key, which takes a tenth of a second on purpose. */
describe('a sealed code', () => {
  it('opens with no other passphrase', () => {
    const other = fc.oneof(mutatedText(passphrase), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(other, (words) => {
        fc.pre(normalPassphrase(words) !== passphrase);
        expect(decoded(sealed, { passphrase: words })).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  it('opens after no change of its bytes, not even one that makes its check fit', () => {
    const payload = payloadOf(sealed);
    const seen = fc.oneof(
      mutatedBytes(payload),
      mutatedBytes(payload.subarray(0, sealedHeaderBytes)).map((header) =>
        Buffer.concat([header, payload.subarray(sealedHeaderBytes)]),
      ),
      mutatedBytes(payload.subarray(sealedHeaderBytes)).map((body) =>
        Buffer.concat([payload.subarray(0, sealedHeaderBytes), body]),
      ),
    );
    fc.assert(
      fc.property(seen, (bytes) => {
        expect(decoded(codeAround('sallyport1s.', bytes), { passphrase })).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});

describe('any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    mutatedText(sealed),
    fc.stringMatching(/^sallyport\d{0,6}s?\.{0,3}[\w.-]{0,30}$/),
  );

  it('is looked at, normalised and masked without an exception', () => {
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), (code, words) => {
        const isCode = looksLikeInvitation(code);
        const normal = normalCode(code);
        // What begins like a code with something behind it is masked, so it is also found.
        if (isCode) expect(normal).toBeDefined();
        for (const secret of secretsOf(sampleInvitation, code, words)) expect(secret.length).toBeGreaterThan(5);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['.', ')', '.)', 'sallyport1', 'sallyport9999s', ' ', '\u200B.', '-'])(
    'of two hundred thousand characters of "%s" is refused in no time',
    (piece) => {
      const long = piece.repeat(Math.floor(199_000 / piece.length));
      for (const code of [long, `sallyport1.${long}`, `sallyport1.${long}a`, `${plain}${long}a`]) {
        expect(decoded(code.slice(0, 199_999))).toBeUndefined();
        expect(typeof looksLikeInvitation(code)).toBe('boolean');
      }
    },
    5_000,
  );
});

it('an invitation of any time is expired or not, without an exception of another kind', () => {
  const time = fc.oneof(fc.integer({ min: 0, max: 8.64e15 }), fc.constantFrom(0, 8.64e15));
  fc.assert(
    fc.property(time, fc.integer(), fc.boolean(), (expiresAt, now, accepted) => {
      try {
        checkExpiry({ ...sampleInvitation, expiresAt }, { now, accepted });
        expect(accepted || now < expiresAt).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(SallyportError);
      }
    }),
  );
});
