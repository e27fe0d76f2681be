import type { Config } from '../config/config.ts';
import type { Outcome } from '../report/outcome.ts';
import { cardOf } from './card.ts';
import { timeOf } from './connect.ts';
import { openPublicDoor } from './public-door.ts';
import type { Runtime } from './runtime.ts';

/**
 * The public side alone ends a connection: no code of it is good any more, and a runner stops before its next batch of writes.
 * Issues, stamps and the rest of the record stay as they are. Under `dry-run` it tells which connection that would be.
 */
export async function revoke(config: Config, runtime: Runtime): Promise<Outcome> {
  const door = await openPublicDoor(config, runtime);
  const snapshot = await door.record.read({ secretHash: door.secretHash, evenRevoked: true });
  const wasRevoked = snapshot.initiator.revokedAt !== undefined;
  const { dryRun } = config.sync;
  // Paused as well, which runners know that do not know of revoking.
  const initiator = wasRevoked ? snapshot.initiator : { ...snapshot.initiator, paused: true, revokedAt: timeOf(door) };
  if (!wasRevoked && !dryRun) await door.record.initiator.write(initiator);
  const card = cardOf(door.connectionId, dryRun ? snapshot : { ...snapshot, initiator });
  return { kind: 'revoked', card, dryRun, wasRevoked };
}
