import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { cardOf } from './card.ts';
import { connect } from './connect.ts';
import type { Outcome } from '../report/outcome.ts';
import type { Runtime } from './runtime.ts';

/** What the record tells of a connection; reads only, and needs no private tracker. */
export async function status(config: Config, runtime: Runtime): Promise<Outcome> {
  const connected = await connect(config, runtime);
  const snapshot = await connected.record.read({
    secretHash: connected.secretHash,
    runnerVersion: runtime.version,
    evenRevoked: true,
  });
  return { kind: 'status', card: cardOf(connected.invitation.connectionId, snapshot), facts: factsOf(snapshot) };
}

function factsOf(snapshot: ConnectionSnapshot): readonly { name: string; value: string }[] {
  const { initiator, accept, run } = snapshot;
  const time = (at: number | undefined): string => (at === undefined ? 'never' : new Date(at).toISOString());
  const last = run?.cycles.at(-1);
  return [
    { name: 'public side', value: initiator.paused ? 'paused' : 'running' },
    { name: 'private side', value: accept === undefined ? 'not accepted' : accept.paused ? 'paused' : 'running' },
    { name: 'trigger', value: initiator.trigger },
    { name: 'account', value: initiator.accountName },
    { name: 'last committed cycle', value: time(run?.committedAt) },
    ...(last === undefined
      ? []
      : [
          { name: 'last cycle', value: `${last.outcome} at ${time(last.at)}` },
          { name: 'created / updated / removed', value: `${last.created} / ${last.updated} / ${last.removed}` },
          { name: 'conflicts / failed', value: `${last.conflicts} / ${last.failed}` },
          { name: 'requests', value: String(last.requests) },
        ]),
  ];
}
