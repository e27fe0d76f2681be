import type { Config } from '../config/config.ts';
import type { Outcome } from '../report/outcome.ts';
import { cardOf } from './card.ts';
import { ownConnection } from './own-connection.ts';
import type { Runtime } from './runtime.ts';

/**
 * The public side alone ends a connection: no code of it is good any more, and a runner stops before its next batch of writes.
 * Issues, stamps and the rest of the record stay as they are. Under `dry-run` it tells which connection that would be.
 */
export async function revoke(config: Config, runtime: Runtime): Promise<Outcome> {
  const { connectionId, record, snapshot, now } = await ownConnection(config, runtime);
  const wasRevoked = snapshot.initiator.revokedAt !== undefined;
  const { dryRun } = config.sync;
  // Paused as well, which runners know that do not know of revoking.
  const initiator = wasRevoked ? snapshot.initiator : { ...snapshot.initiator, paused: true, revokedAt: now };
  if (!wasRevoked && !dryRun) await record.initiator.write(initiator);
  const card = cardOf(connectionId, dryRun ? snapshot : { ...snapshot, initiator });
  return { kind: 'revoked', card, dryRun, wasRevoked };
}
