import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import { checkOf } from '../../src/invitation/code-format.ts';
import { checkExpiry, decodeInvitation, looksLikeInvitation, secretsOf } from '../../src/invitation/decode-invitation.ts';
import { encodeInvitation, generatePassphrase } from '../../src/invitation/encode-invitation.ts';
import { connectionIdFrom, connectionKeyFrom, type Invitation, secretHashOf } from '../../src/invitation/invitation.ts';
import { anyInvitation, nonce, passphrase, salt, sampleInvitation } from './sample-invitation.ts';

const plain = encodeInvitation(sampleInvitation, { salt, nonce });
const sealed = encodeInvitation(sampleInvitation, { salt, nonce, passphrase });

/** The error of decoding, checked to be what every such error must be: configuration, and silent about the code. */
function errorOf(text: string, options: { passphrase?: string } = {}): SallyportError {
  try {
    decodeInvitation(text, options);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    expect(error.kind).toBe('configuration');
    expect(error.cause).toBeUndefined();
    for (const piece of piecesOf(text)) expect(error.message).not.toContain(piece);
    if (options.passphrase !== undefined && options.passphrase.length > 3) {
      expect(error.message).not.toContain(options.passphrase);
    }
    return error;
  }
  throw new Error('it was decoded');
}

/** Every 12 characters of a code's payload and check. */
function piecesOf(text: string): string[] {
  const secretPart = text.split('.').slice(1).join('.');
  return Array.from({ length: Math.floor(secretPart.length / 12) }, (_, index) => secretPart.slice(index * 12, index * 12 + 12));
}

/** A code around any payload, with the check that belongs to it. */
function codeAround(prefix: string, payload: Uint8Array): string {
  const head = prefix + Buffer.from(payload).toString('base64url');
  return `${head}.${checkOf(head)}`;
}

function plainPayload(content: Uint8Array, format = 1): Buffer {
  const header = Buffer.from([format, 0, 0, 0, 0]);
  header.writeUInt32BE(content.length, 1);
  return Buffer.concat([header, content]);
}

function codeOf(content: unknown): string {
  return codeAround('sallyport1.', plainPayload(deflateRawSync(Buffer.from(JSON.stringify(content)))));
}

describe('encoding and decoding', () => {
  it('gives back every invitation that it was given', () => {
    fc.assert(
      fc.property(anyInvitation, (invitation) => {
        expect(decodeInvitation(encodeInvitation(invitation, { salt, nonce }), {})).toEqual(invitation);
      }),
      { seed: 1 },
    );
  });

  it('gives back a sealed invitation to whoever has the passphrase', () => {
    fc.assert(
      fc.property(anyInvitation, fc.string({ minLength: 12, unit: 'grapheme' }), (invitation, words) => {
        fc.pre(words.normalize('NFC').trim().length >= 12);
        const code = encodeInvitation(invitation, { salt, nonce, passphrase: words });
        expect(code.startsWith('sallyport1s.')).toBe(true);
        expect(decodeInvitation(code, { passphrase: ` ${words.normalize('NFD')}\n` })).toEqual(invitation);
      }),
      { seed: 2, numRuns: 8 },
    );
  });

  it('shows nothing of a sealed invitation', () => {
    const payload = Buffer.from(sealed.split('.')[1]!, 'base64url').toString('latin1');
    expect(payload).not.toContain(sampleInvitation.connectionId);
    expect(encodeInvitation(sampleInvitation, { salt, nonce, passphrase: `${passphrase}!` })).not.toBe(sealed);
  });

  it('makes the same code of the same arguments', () => {
    expect(encodeInvitation(sampleInvitation, { salt, nonce, passphrase })).toBe(sealed);
  });

  it('names the field that does not fit, not its value', () => {
    const wrong: Invitation = { ...sampleInvitation, secret: 'not-a-secret-of-32-bytes' };
    expect(() => encodeInvitation(wrong, { salt, nonce })).toThrow(/these fields .*: secret$/);
  });

  it('refuses plain http but on loopback, and an address with a user in it', () => {
    const withSite = (siteUrl: string) => () => encodeInvitation({ ...sampleInvitation, siteUrl }, { salt, nonce });
    expect(withSite('http://acme.atlassian.net')).toThrow(SallyportError);
    expect(withSite('https://user:word@acme.atlassian.net')).toThrow(SallyportError);
    expect(withSite('http://127.0.0.1.example.org')).toThrow(SallyportError);
    expect(withSite('http://127.0.0.1:8080')).not.toThrow();
  });

  it('stores addresses without a trailing slash', () => {
    const code = encodeInvitation({ ...sampleInvitation, siteUrl: 'https://acme.atlassian.net/' }, { salt, nonce });
    expect(decodeInvitation(code, {}).siteUrl).toBe('https://acme.atlassian.net');
  });

  it('counts no NUL at the end of a passphrase, since the key would be the same without it', () => {
    expect(decodeInvitation(sealed, { passphrase: `${passphrase}\0 \0` })).toEqual(sampleInvitation);
    const seal = () => encodeInvitation(sampleInvitation, { salt, nonce, passphrase: `hunter2${'\0'.repeat(9)}` });
    expect(seal).toThrow(/too short/);
    expect(errorOf(sealed, { passphrase: '\0' }).message).toMatch(/no passphrase was given/);
  });

  it('refuses to seal with a passphrase that could be guessed, and never repeats it', () => {
    const seal = () => encodeInvitation(sampleInvitation, { salt, nonce, passphrase: '  hunter2     ' });
    expect(seal).toThrow(/at least 12 characters/);
    expect(seal).not.toThrow(/hunter2/);
  });

  it('refuses a salt or nonce of another size', () => {
    expect(() => encodeInvitation(sampleInvitation, { salt: nonce, nonce, passphrase })).toThrow(RangeError);
  });
});

describe('pasted codes', () => {
  it.each([
    ['white space around it', `  \n${plain}\t\n`],
    ['line breaks in it', plain.replaceAll(/(.{40})/g, '$1\r\n')],
    ['spaces in it', plain.replaceAll(/(.{60})/g, '$1 ')],
    ['quotes', `"${plain}"`],
    ['curly quotes', `“${plain}”`],
    ['back-ticks', `\`\`\`\n${plain}\n\`\`\``],
    ['a label', `invitation code: ${plain}`],
    ['a variable before it', `SALLYPORT_INVITATION_CODE='${plain}'`],
    ['the marks of a quoted mail', plain.replaceAll(/(.{50})/g, '$1\n> ')],
    ['a full stop after it', `Here it is: ${plain}.`],
    ['invisible characters', `\uFEFF${plain.slice(0, 30)}\u200B${plain.slice(30)}`],
  ])('are forgiven %s', (_, text) => {
    expect(decodeInvitation(text, {})).toEqual(sampleInvitation);
  });

  it('are forgiven white space anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(plain.length), fc.constantFrom(' ', '\n', '\r\n', '\t', '`', '"', '\u00A0'))),
        (inserted) => {
          const text = inserted.reduce((sum, [at, mark]) => sum.slice(0, at) + mark + sum.slice(at), plain);
          expect(decodeInvitation(text, {})).toEqual(sampleInvitation);
        },
      ),
      { seed: 3 },
    );
  });
});

describe('what is wrong with a code', () => {
  it.each([
    ['nothing', '', /empty/],
    ['white space', ' \n', /empty/],
    ['a word', 'hello', /not an invitation code/],
    ['an Exalate-like code', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', /not an invitation code/],
    ['version 0', plain.replace('sallyport1', 'sallyport0'), /not an invitation code/],
    ['a newer code', plain.replace('sallyport1', 'sallyport2'), /newer Sallyport/],
    ['a newer payload', codeAround('sallyport1.', plainPayload(Buffer.from('x'), 2)), /newer Sallyport/],
    ['a newer content', codeOf({ version: 2, anything: true }), /newer Sallyport/],
    ['a second code behind it', `${plain} ${plain}`, /altered/],
    ['a code with its middle missing', plain.slice(0, 100) + plain.slice(140), /cut short/],
    ['a code with something doubled', plain.slice(0, 100) + plain.slice(60), /altered/],
    ['letters behind it', `${plain}Thanks`, /altered/],
    ['content that is no JSON', codeAround('sallyport1.', plainPayload(deflateRawSync('{'))), /not what an invitation holds/],
    [
      'content that is not deflated',
      codeAround('sallyport1.', plainPayload(Buffer.from('hello'))),
      /not what an invitation holds/,
    ],
    ['another content', codeOf({ version: 1 }), /not what an invitation holds/],
    ['a text without end', 'sallyport1.'.padEnd(300_000, 'A'), /not an invitation code/],
  ])('is told of %s', (_, text, message) => {
    expect(errorOf(text).message).toMatch(message);
  });

  it('is told of a content that would inflate without end', () => {
    // A whole invitation but for the size: only the bound stands in its way.
    const bomb = deflateRawSync(JSON.stringify(sampleInvitation) + ' '.repeat(20 * 1024 * 1024));
    expect(errorOf(codeAround('sallyport1.', plainPayload(bomb))).message).toMatch(/not what an invitation holds/);
    const small = deflateRawSync(`${JSON.stringify(sampleInvitation)} `);
    expect(decodeInvitation(codeAround('sallyport1.', plainPayload(small)), {})).toEqual(sampleInvitation);
  });

  it('is told as cut short wherever the end is missing', () => {
    for (const code of [plain, sealed]) {
      for (let length = 'sallyport1'.length; length < code.length; length += 1) {
        const error = errorOf(code.slice(0, length), { passphrase });
        // All of a sealed code's first letters but the "s" are those of an unsealed one.
        expect(error.message, `at ${length}`).toMatch(/cut short/);
      }
    }
  });

  it('is told wherever a code is truncated, even before its first digit', () => {
    for (let length = 0; length < 'sallyport1'.length; length += 1) errorOf(plain.slice(0, length));
  });

  it('is told as altered wherever one of its letters is another', () => {
    for (let at = 'sallyport1.'.length; at < plain.length; at += 1) {
      if (plain[at] === '.') continue;
      const other = plain[at] === 'A' ? 'B' : 'A';
      const error = errorOf(plain.slice(0, at) + other + plain.slice(at + 1));
      // The first letters hold the length: there it may also look cut short.
      expect(error.message, `at ${at}`).toMatch(at < 'sallyport1.'.length + 7 ? /altered|cut short/ : /altered/);
    }
  });

  it('is told whatever single character is changed to whatever else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(plain, sealed),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
        (code, part, other) => {
          const at = Math.min(Math.floor(part * code.length), code.length - 1);
          fc.pre(code[at] !== other);
          errorOf(code.slice(0, at) + other + code.slice(at + 1), { passphrase });
        },
      ),
      { seed: 4, numRuns: 1000 },
    );
  });

  it('is a Sallyport error for arbitrary text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^sallyport\d{1,3}s?\.[\w.-]*$/),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => codeAround('sallyport1.', bytes)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => codeAround('sallyport1.', plainPayload(bytes))),
      fc.json().map((json) => codeAround('sallyport1.', plainPayload(deflateRawSync(json)))),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => codeAround('sallyport1s.', bytes)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        errorOf(text, { passphrase });
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
});

describe('sealed codes', () => {
  it('need a passphrase', () => {
    expect(errorOf(sealed).message).toMatch(/no passphrase was given/);
    expect(errorOf(sealed, { passphrase: ' ' }).message).toMatch(/no passphrase was given/);
  });

  it('do not open with another passphrase', () => {
    expect(errorOf(sealed, { passphrase: 'another passphrase' }).message).toMatch(/does not open it/);
  });

  it('do not open when altered by somebody who makes the check fit', () => {
    const payload = Buffer.from(sealed.split('.')[1]!, 'base64url');
    for (const at of [4, 20, 40, payload.length - 1]) {
      const altered = Buffer.from(payload);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      expect(errorOf(codeAround('sallyport1s.', altered), { passphrase }).message).toMatch(/does not open it/);
    }
  });

  it('cannot ask for more time and memory than is known', () => {
    const payload = Buffer.from(sealed.split('.')[1]!, 'base64url');
    payload.writeUInt8(30, 1);
    expect(errorOf(codeAround('sallyport1s.', payload), { passphrase }).message).toMatch(/newer Sallyport/);
  });
});

describe('expiry', () => {
  const { expiresAt } = sampleInvitation;

  it('ends acceptance at its time, not before', () => {
    expect(() => checkExpiry(sampleInvitation, { now: expiresAt - 1, accepted: false })).not.toThrow();
    expect(() => checkExpiry(sampleInvitation, { now: expiresAt, accepted: false })).toThrow(/it expired on 2023-12-14T/);
  });

  it('means nothing to a connection that was accepted', () => {
    expect(() => checkExpiry(sampleInvitation, { now: expiresAt * 2, accepted: true })).not.toThrow();
  });
});

describe('masking', () => {
  it('recognises a code, whole or not, wrapped or labelled', () => {
    for (const text of [plain, sealed, plain.slice(0, 40), `code: "${sealed}"`, plain.replaceAll(/(.{20})/g, '$1\n')]) {
      expect(looksLikeInvitation(text)).toBe(true);
    }
    expect(looksLikeInvitation('a passphrase, or the word sallyport1.')).toBe(false);
  });

  it('covers the code in every form in which it was given, the keys, the token and the authorization', () => {
    const reissued: Invitation = { ...sampleInvitation, previousKey: connectionKeyFrom(new Uint8Array(32).fill(9)) };
    const code = encodeInvitation(reissued, { salt, nonce, passphrase });
    const wrapped = `invitation code:\n${code.slice(0, 300)}\n${code.slice(300)}`;
    const secrets = secretsOf(reissued, wrapped, passphrase);
    const { email, token } = sampleInvitation.credentials!;
    for (const secret of [
      code,
      code.slice(0, 300),
      code.slice(300),
      code.split('.')[1],
      token,
      passphrase,
      sampleInvitation.secret,
      reissued.previousKey!.secret,
      Buffer.from(sampleInvitation.secret, 'base64url').toString('base64'),
      Buffer.from(`${email}:${token}`).toString('base64'),
    ]) {
      expect(secrets).toContain(secret);
    }
    expect(secrets).not.toContain('invitation code:');
    expect(secrets).not.toContain(email);
  });

  it('never masks a string so short that it would be everywhere', () => {
    const { credentials: _, ...bare } = sampleInvitation;
    for (const secret of secretsOf(bare, '\n a \n', '')) expect(secret.length).toBeGreaterThan(5);
  });
});

describe('what is made of random bytes', () => {
  it('is a connection id of ten lower-case letters and digits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 20 }), (bytes) => {
        expect(connectionIdFrom(bytes)).toMatch(/^[a-z0-9]{10}$/);
      }),
      { seed: 6 },
    );
    expect(() => connectionIdFrom(new Uint8Array(9))).toThrow(RangeError);
  });

  it('is a passphrase of six groups that loses none of 120 bits', () => {
    const bytes = fc.uint8Array({ minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(bytes, bytes, (first, second) => {
        expect(generatePassphrase(first)).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){5}$/);
        const equal = Buffer.compare(first, second) === 0;
        expect(generatePassphrase(first) === generatePassphrase(second)).toBe(equal);
      }),
      { seed: 7 },
    );
    expect(() => generatePassphrase(new Uint8Array(14))).toThrow(RangeError);
  });

  it('is a key whose id and public hash say nothing of the secret but follow from it', () => {
    const key = connectionKeyFrom(new Uint8Array(32).fill(1));
    expect(Buffer.from(key.secret, 'base64url')).toHaveLength(32);
    expect(connectionKeyFrom(new Uint8Array(32).fill(1))).toEqual(key);
    expect(connectionKeyFrom(new Uint8Array(32).fill(2)).keyId).not.toBe(key.keyId);
    expect(secretHashOf(key.secret)).toMatch(/^[0-9a-f]{64}$/);
    expect(secretHashOf(key.secret).startsWith(key.keyId)).toBe(false);
    expect(() => connectionKeyFrom(new Uint8Array(31))).toThrow(RangeError);
  });
});
