import type { Config } from '../config/config.ts';
import type { ConnectionRecord, ConnectionSnapshot } from '../connection/connection-record.ts';
import { createConnectionRecord } from '../connection/connection-record.ts';
import type { PropertyStore } from '../connection/property-store.ts';
import { recordIfWhole } from '../connection/record-checks.ts';
import { connectionIdsAmong, recordKeyPrefix, recordKeysOf } from '../connection/record-keys.ts';
import type { InitiatorRecord } from '../connection/record.ts';
import { initiatorRecordSchema } from '../connection/record.ts';
import { SallyportError } from '../errors.ts';
import { gatewayOrigin, signInTo } from '../sides/jira-cloud/inspect-site.ts';
import { jiraCloudHosts } from '../sides/jira-cloud/hosts.ts';
import { createUserProperties } from '../sides/jira-cloud/user-properties.ts';
import { timeOf } from './accept.ts';
import { checkAccount, connect, maskInputs, openGateway } from './connect.ts';
import type { Runtime } from './runtime.ts';

/** A connection as its public side's admin reaches it: by its code, or by the account's own credentials. */
export interface OwnConnection {
  readonly connectionId: string;
  readonly record: ConnectionRecord;
  readonly snapshot: ConnectionSnapshot;
  /** Connection time. */
  readonly now: number;
}

/**
 * The connection of `invitation-code`; without one that of `connection-name` (its name or id) among those of the account, which
 * may be left out where there is one only. Reads revoked ones, too.
 *
 * @throws SallyportError `configuration` where no connection, or more than one, is meant
 */
export async function ownConnection(config: Config, runtime: Runtime): Promise<OwnConnection> {
  if (config.invitationCode !== '') {
    const connected = await connect(config, runtime);
    await checkAccount(config, connected);
    const snapshot = await connected.record.read({ secretHash: connected.secretHash, evenRevoked: true });
    return { connectionId: connected.invitation.connectionId, record: connected.record, snapshot, now: timeOf(connected) };
  }
  maskInputs(config, runtime);
  const { siteUrl } = config.initiate;
  const gateway = await openGateway(config, runtime, {
    hosts: jiraCloudHosts({ siteUrl, apiUrl: new URL(siteUrl).protocol === 'http:' ? siteUrl : gatewayOrigin }),
    pacing: [],
  });
  const { site, accountId } = await signInTo({ gateway, siteUrl, email: config.jiraEmail, token: config.jiraToken });
  const properties = createUserProperties({ gateway, site, accountId });
  const connectionId = await chosenId(properties, config.initiate.connectionName);
  const record = createConnectionRecord(properties, connectionId);
  const snapshot = await record.read({ evenRevoked: true });
  const now = gateway.serverTime(new URL(site.apiUrl).host);
  if (now === undefined)
    throw new SallyportError(`${siteUrl} tells no time (no Date header); a proxy may strip it.`, { kind: 'answer' });
  return { connectionId, record, snapshot, now };
}

async function chosenId(properties: PropertyStore, wanted: string): Promise<string> {
  const all: { id: string; initiator: InitiatorRecord }[] = [];
  for (const id of connectionIdsAmong(await properties.keys(recordKeyPrefix))) {
    const initiator = recordIfWhole(initiatorRecordSchema, await properties.get(recordKeysOf(id).initiator));
    if (initiator !== undefined) all.push({ id, initiator });
  }
  const named =
    wanted === ''
      ? all.filter((one) => one.initiator.revokedAt === undefined)
      : all.filter((one) => one.id === wanted || one.initiator.name === wanted);
  const [only] = named;
  if (only !== undefined && named.length === 1) return only.id;
  const list = all.map((one) => `${one.initiator.name} (${one.id})`).join(', ');
  const found = all.length === 0 ? 'This account has no connection.' : `The account's connections: ${list}.`;
  const which =
    wanted === ''
      ? 'which connection is meant is not clear'
      : `there is ${named.length === 0 ? 'none' : 'more than one'} with this name or id`;
  throw new SallyportError(`connection-name: ${which}. ${found} Give the name or the id of one, or its invitation-code.`, {
    kind: 'configuration',
  });
}
