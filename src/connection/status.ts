import type { AcceptRecord, InitiatorRecord } from './record.ts';

export type ConnectionStatus = 'Pending' | 'Active' | 'Deactivated' | 'Removing' | 'Revoked';

type InitiatorState = 'running' | 'paused' | 'revoked';
type AcceptState = 'absent' | 'running' | 'paused' | 'removing';

/**
 * Until it is accepted a connection is Pending even if its initiator paused it: there is nothing to deactivate yet. A clean-up
 * that has begun can only be finished, and what the public side revoked is over whatever else was under way.
 */
const statuses: Readonly<Record<InitiatorState, Readonly<Record<AcceptState, ConnectionStatus>>>> = {
  running: { absent: 'Pending', running: 'Active', paused: 'Deactivated', removing: 'Removing' },
  paused: { absent: 'Pending', running: 'Deactivated', paused: 'Deactivated', removing: 'Removing' },
  revoked: { absent: 'Revoked', running: 'Revoked', paused: 'Revoked', removing: 'Revoked' },
};

/** The status that follows from the record; it is stored nowhere (connection.md, "Record"). */
export function statusOf(record: {
  readonly initiator: Pick<InitiatorRecord, 'paused' | 'revokedAt'>;
  readonly accept: Pick<AcceptRecord, 'paused' | 'removing'> | undefined;
}): ConnectionStatus {
  return statuses[initiatorState(record.initiator)][acceptState(record.accept)];
}

function initiatorState(initiator: Pick<InitiatorRecord, 'paused' | 'revokedAt'>): InitiatorState {
  if (initiator.revokedAt !== undefined) return 'revoked';
  return initiator.paused ? 'paused' : 'running';
}

function acceptState(accept: Pick<AcceptRecord, 'paused' | 'removing'> | undefined): AcceptState {
  if (accept === undefined) return 'absent';
  if (accept.removing === true) return 'removing';
  return accept.paused ? 'paused' : 'running';
}

/** The destination as the public side shows it: `unknown` until somebody accepted. */
export function destinationOf(accept: Pick<AcceptRecord, 'destination'> | undefined): string {
  return accept?.destination ?? 'unknown';
}
