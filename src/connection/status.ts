import type { AcceptRecord, InitiatorRecord } from './record.ts';

export type ConnectionStatus = 'Pending' | 'Active' | 'Deactivated';

/** Until it is accepted a connection is Pending even if its initiator paused it: there is nothing to deactivate yet. */
const statuses: Readonly<Record<'running' | 'paused', Readonly<Record<'absent' | 'running' | 'paused', ConnectionStatus>>>> = {
  running: { absent: 'Pending', running: 'Active', paused: 'Deactivated' },
  paused: { absent: 'Pending', running: 'Deactivated', paused: 'Deactivated' },
};

/** The status that follows from the record; it is stored nowhere (connection.md, "Record"). */
export function statusOf(record: {
  readonly initiator: Pick<InitiatorRecord, 'paused'>;
  readonly accept: Pick<AcceptRecord, 'paused'> | undefined;
}): ConnectionStatus {
  const { initiator, accept } = record;
  return statuses[initiator.paused ? 'paused' : 'running'][
    accept === undefined ? 'absent' : accept.paused ? 'paused' : 'running'
  ];
}

/** The destination as the public side shows it: `unknown` until somebody accepted. */
export function destinationOf(accept: Pick<AcceptRecord, 'destination'> | undefined): string {
  return accept?.destination ?? 'unknown';
}
