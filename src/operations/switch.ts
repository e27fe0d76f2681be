import type { Config } from '../config/config.ts';
import { checkNotRemoving } from '../connection/record-checks.ts';
import { SallyportError } from '../errors.ts';
import { cardOf } from './card.ts';
import type { Outcome } from '../report/outcome.ts';
import { openPublicDoor } from './public-door.ts';
import type { Runtime } from './runtime.ts';

/**
 * `activate` and `deactivate`: each side pauses and resumes by its own key alone. What changes meanwhile is synced afterwards.
 * The public side needs no code for it, only the credentials of its account.
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
  if (side === 'public') await record.initiator.write({ ...snapshot.initiator, paused: options.paused });
  else if (snapshot.accept === undefined) {
    throw new SallyportError(
      'The connection is Pending: its private side has not accepted yet, so it has nothing to pause or resume. Run accept or sync first.',
      {
        kind: 'configuration',
      },
    );
  } else await record.acceptor.write({ ...snapshot.accept, paused: options.paused });
  const { initiator, accept } = await record.read();
  const pausedBy = [
    ...(initiator.paused ? (['public'] as const) : []),
    ...(accept?.paused === true ? (['private'] as const) : []),
  ];
  return { kind: 'switched', card: cardOf(connectionId, { initiator, accept }), side, pausedBy };
}
