import type { Config } from '../config/config.ts';
import { checkNotRemoving } from '../connection/record-checks.ts';
import { SallyportError } from '../errors.ts';
import { cardOf } from './card.ts';
import { connect } from './connect.ts';
import type { Outcome } from '../report/outcome.ts';
import type { Runtime } from './runtime.ts';

/** `activate` and `deactivate`: each side pauses and resumes by its own key alone. What changes meanwhile is synced afterwards. */
export async function switchConnection(
  config: Config,
  runtime: Runtime,
  options: { readonly paused: boolean },
): Promise<Outcome> {
  const connected = await connect(config, runtime);
  const { record } = connected;
  const snapshot = await record.read({ secretHash: connected.secretHash, runnerVersion: runtime.version });
  checkNotRemoving(snapshot.initiator.name, snapshot.accept);
  if (config.side === 'public') await record.initiator.write({ ...snapshot.initiator, paused: options.paused });
  else if (snapshot.accept === undefined) {
    throw new SallyportError(
      'The connection is Pending: its private side has not accepted yet, so it has nothing to pause or resume. Run accept or sync first.',
      {
        kind: 'configuration',
      },
    );
  } else await record.acceptor.write({ ...snapshot.accept, paused: options.paused });
  return { kind: 'switched', card: cardOf(connected.invitation.connectionId, await record.read()), side: config.side };
}
