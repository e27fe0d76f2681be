import fc from 'fast-check';
import { connectionKeyFrom, type Invitation } from '../../src/invitation/invitation.ts';

export const salt = Uint8Array.from({ length: 16 }, (_, index) => index);
export const nonce = Uint8Array.from({ length: 12 }, (_, index) => 100 + index);
export const passphrase = 'correct horse battery staple';

export const sampleInvitation: Invitation = {
  version: 1,
  connectionId: 'ab12cd34ef',
  name: 'Acme to payments',
  mode: 'basic',
  type: 'private',
  siteUrl: 'https://acme.atlassian.net',
  apiUrl: 'https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555',
  cloudId: '11111111-2222-3333-4444-555555555555',
  accountId: '5b10ac8d82e05b22cc7d4ef5',
  project: { id: '10000', key: 'ACME', name: 'Acme' },
  initiator: 'acme',
  ...connectionKeyFrom(new Uint8Array(32).fill(7)),
  credentials: { email: 'sync@example.org', token: 'ATATT3xFfGF0-token-of-the-sync-account=1234' },
  issuedAt: 1_700_000_000_000,
  expiresAt: 1_702_592_000_000,
};

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => connectionKeyFrom(bytes));
const name = fc.stringMatching(/^[\p{L}\p{N}\p{P}\p{S} ]{1,40}$/u).filter((text) => text.length <= 255);
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

export const anyInvitation: fc.Arbitrary<Invitation> = fc
  .record(
    {
      name,
      initiator: name,
      connectionId: fc.stringMatching(/^[a-z0-9]{10}$/),
      project: fc.record({ id: fc.nat().map(String), key: fc.stringMatching(/^[A-Z][A-Z0-9_]{1,9}$/), name }),
      key,
      previousKey: key,
      credentials: fc.record({ email: fc.emailAddress(), token: fc.stringMatching(/^[!-~]{8,200}$/) }),
      issuedAt: time,
      expiresAt: time,
    },
    { requiredKeys: ['name', 'initiator', 'connectionId', 'project', 'key', 'issuedAt', 'expiresAt'] },
  )
  .map(({ key: current, ...drawn }) => {
    const { credentials: _, ...base } = sampleInvitation;
    return { ...base, ...drawn, ...current };
  });
