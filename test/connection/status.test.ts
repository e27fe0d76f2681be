import { expect, it } from 'vitest';
import { destinationOf, statusOf } from '../../src/connection/status.ts';

const running = { paused: false };
const paused = { paused: true };

it.each([
  ['Pending', running, undefined],
  ['Pending', paused, undefined],
  ['Active', running, running],
  ['Deactivated', paused, running],
  ['Deactivated', running, paused],
  ['Deactivated', paused, paused],
  ['Removing', running, { paused: true, removing: true as const }],
  ['Removing', paused, { paused: true, removing: true as const }],
  ['Revoked', { paused: false, revokedAt: 1 }, undefined],
  ['Revoked', { paused: true, revokedAt: 1 }, running],
  ['Revoked', { paused: false, revokedAt: 1 }, paused],
  ['Revoked', { paused: false, revokedAt: 1 }, { paused: true, removing: true as const }],
])('is %s for initiator %o and acceptance %o', (status, initiator, accept) => {
  expect(statusOf({ initiator, accept })).toBe(status);
});

it('shows the destination as unknown until somebody accepts', () => {
  expect(destinationOf(undefined)).toBe('unknown');
  expect(destinationOf({ destination: 'payments' })).toBe('payments');
});
