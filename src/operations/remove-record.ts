import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { acquireLease, heldError } from '../connection/lease.ts';
import { finishRemoval } from '../connection/remove-record.ts';
import { nothingErased } from '../cycle/holdings.ts';
import { SallyportError } from '../errors.ts';
import type { ConnectionCard, Outcome } from '../report/outcome.ts';
import { cardOf } from './card.ts';
import { openNoticeGateway } from './connect.ts';
import { closeNotice } from './notify.ts';
import { leaseMs } from './open-record.ts';
import { openPublicDoor } from './public-door.ts';
import type { PublicDoor } from './public-door.ts';
import type { Runtime } from './runtime.ts';

/** Of these nothing is synced any more, or yet: what is left is the record. */
const removable: ReadonlySet<ConnectionCard['status']> = new Set(['Pending', 'Revoked']);

/**
 * The clean-up of a connection that was revoked, or never accepted, by the public side's account alone: the record goes, and
 * the notice is closed where `notify` reaches it; nothing else, since no code opens the private side any more. Issues, and
 * stamps on them, stay. Under `dry-run` it only tells which connection that would be.
 *
 * @throws SallyportError `configuration` for a connection in any other status; `inactive` while a run still holds it
 */
export async function removeRecord(config: Config, runtime: Runtime): Promise<Extract<Outcome, { kind: 'cleaned' }>> {
  const door = await openPublicDoor(config, runtime);
  const { dryRun } = config.sync;
  const card = requireRemovable(door, await door.record.read({ evenRevoked: true }));
  if (!dryRun) await removeHeld(config, runtime, door);
  return {
    kind: 'cleaned',
    card: dryRun ? card : { ...card, status: 'Removed' },
    dryRun,
    detail: config.detail,
    recordOnly: true,
    twins: 0,
    ...nothingErased,
    mapPath: undefined,
  };
}

/** Under the lease, so that a run that ends right now leaves nothing behind it; what it changed meanwhile is looked at again. */
async function removeHeld(config: Config, runtime: Runtime, door: PublicDoor): Promise<void> {
  const { connectionId, properties } = door;
  const nonce = Buffer.from(runtime.randomBytes(9)).toString('hex');
  const outcome = await acquireLease({ store: properties, connectionId, nonce, now: door.serverTime, durationMs: leaseMs });
  if (outcome.kind === 'held') throw heldError(connectionId, outcome.holder);
  try {
    const snapshot = await door.record.read({ evenRevoked: true });
    requireRemovable(door, snapshot);
    await closeNotice(config, runtime, { connectionId, snapshot, gateway: () => openNoticeGateway(config, runtime) });
    await finishRemoval(properties, connectionId);
  } finally {
    // Its key is gone with the record already, unless something failed; one that stays ends by itself.
    await outcome.lease.release({ isDone: true }).catch(() => undefined);
  }
}

function requireRemovable(door: PublicDoor, snapshot: ConnectionSnapshot): ConnectionCard {
  const card = cardOf(door.connectionId, snapshot);
  if (removable.has(card.status)) return card;
  throw new SallyportError(
    `clean-up: the connection "${card.name}" is ${card.status}. By its account alone the record of a Revoked or Pending connection is removed: revoke it first, after which its stamps stay on both sides; or run clean-up on the private side, with its code, which takes the stamps off`,
    { kind: 'configuration' },
  );
}
