import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { checkNotRemoving } from '../connection/record-checks.ts';
import type { SideName } from '../core/model.ts';
import { SallyportError } from '../errors.ts';
import { cardOf } from './card.ts';
import type { Outcome } from '../report/outcome.ts';
import { openPublicDoor } from './public-door.ts';
import type { Runtime } from './runtime.ts';

/**
 * `activate` and `deactivate`: each side pauses and resumes by its own key alone. What changes meanwhile is synced afterwards.
 * The public side needs no code for it, only the credentials of its account. Under `dry-run` nothing is written.
 *
 * @throws SallyportError `configuration` where there is nothing to pause or resume
 */
export async function switchConnection(
  config: Config,
  runtime: Runtime,
  options: { readonly paused: boolean },
): Promise<Outcome> {
  const { side } = config;
  const { connectionId, record, secretHash } = await openPublicDoor(config, runtime);
  const snapshot = await record.read({ secretHash, runnerVersion: runtime.version });
  checkNotRemoving(snapshot.initiator.name, snapshot.accept);
  const { dryRun } = config.sync;
  if (side === 'private' && snapshot.accept === undefined) {
    throw new SallyportError(
      'The connection is Pending: its private side has not accepted yet, so it has nothing to pause or resume. Run accept or sync first.',
      {
        kind: 'configuration',
      },
    );
  }
  const wished = switched(snapshot, side, options.paused);
  if (!dryRun && side === 'public') await record.initiator.write(wished.initiator);
  if (!dryRun && side === 'private' && wished.accept !== undefined) await record.acceptor.write(wished.accept);
  const { initiator, accept } = dryRun ? wished : await record.read();
  const pausedBy = [
    ...(initiator.paused ? (['public'] as const) : []),
    ...(accept?.paused === true ? (['private'] as const) : []),
  ];
  return { kind: 'switched', dryRun, card: cardOf(connectionId, { initiator, accept }), side, pausedBy };
}

/** The record as it is once the side has paused or resumed. */
function switched(
  { initiator, accept }: ConnectionSnapshot,
  side: SideName,
  paused: boolean,
): Pick<ConnectionSnapshot, 'initiator' | 'accept'> {
  return side === 'public'
    ? { initiator: { ...initiator, paused }, accept }
    : { initiator, accept: accept === undefined ? undefined : { ...accept, paused } };
}
