import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { destinationOf, statusOf } from '../connection/status.ts';
import type { ConnectionCard } from '../report/outcome.ts';

export function cardOf(connectionId: string, snapshot: Pick<ConnectionSnapshot, 'initiator' | 'accept'>): ConnectionCard {
  const { initiator, accept } = snapshot;
  return {
    connectionId,
    name: initiator.name,
    status: statusOf({ initiator, accept }),
    site: initiator.siteUrl,
    project: `${initiator.project.key} (${initiator.project.name})`,
    destination: destinationOf(accept),
  };
}
