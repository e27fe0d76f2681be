import type { Config } from '../config/config.ts';
import { createConnectionRecord } from '../connection/connection-record.ts';
import type { ConnectionRecord } from '../connection/connection-record.ts';
import type { PropertyStore } from '../connection/property-store.ts';
import { connectionIdsAmong, recordKeyPrefix, recordKeysOf } from '../connection/record-keys.ts';
import { recordIfWhole } from '../connection/record-checks.ts';
import { initiatorRecordSchema } from '../connection/record.ts';
import type { InitiatorRecord } from '../connection/record.ts';
import { SallyportError } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { jiraCloudHosts } from '../sides/jira-cloud/hosts.ts';
import type { JiraSite } from '../sides/jira-cloud/hosts.ts';
import { gatewayOrigin, reachSite } from '../sides/jira-cloud/inspect-site.ts';
import { createUserProperties } from '../sides/jira-cloud/user-properties.ts';
import { checkAccount, connect, maskInputs, openGateway } from './connect.ts';
import type { Connected } from './connect.ts';
import type { Runtime } from './runtime.ts';

/** A way to a connection's record from the public side: by its code, or by the credentials of its account alone. */
export interface PublicDoor {
  readonly connectionId: string;
  readonly accountId: string;
  readonly gateway: Gateway;
  readonly site: JiraSite;
  readonly properties: PropertyStore;
  readonly record: ConnectionRecord;
  /** Connection time; undefined before the first answer. */
  readonly serverTime: () => number | undefined;
  /** To be compared with the record's; undefined where no code was given. */
  readonly secretHash: string | undefined;
  /** Where a code was given: what only its holder can do. */
  readonly connected: Connected | undefined;
}

/**
 * Opens the connection that the code names; without a code, the one of the Jira account that the input `connection` names by
 * id or name, or its only one.
 *
 * @throws SallyportError `configuration` where there is no such connection, or several.
 */
export async function openPublicDoor(config: Config, runtime: Runtime): Promise<PublicDoor> {
  if (config.invitationCode !== '') {
    const connected = await connect(config, runtime);
    await checkAccount(config, connected);
    const { invitation, gateway, site, properties, record, serverTime, secretHash } = connected;
    const { connectionId, accountId } = invitation;
    return { connectionId, accountId, gateway, site, properties, record, serverTime, secretHash, connected };
  }
  maskInputs(config, runtime);
  const { siteUrl } = config.initiate;
  const gateway = await openGateway(config, runtime, {
    hosts: jiraCloudHosts({ siteUrl, apiUrl: new URL(siteUrl).protocol === 'http:' ? siteUrl : gatewayOrigin }),
    pacing: [],
  });
  const { api, account } = await reachSite({ gateway, siteUrl, email: config.jiraEmail, token: config.jiraToken });
  const { site } = api;
  const { accountId } = account;
  const properties = createUserProperties({ gateway, site, accountId });
  const found = chosen(await connectionsOf(properties), config.health.connection, siteUrl);
  return {
    connectionId: found.id,
    accountId,
    gateway,
    site,
    properties,
    record: createConnectionRecord(properties, found.id),
    serverTime: () => gateway.serverTime(new URL(site.apiUrl).host),
    secretHash: undefined,
    connected: undefined,
  };
}

/** A connection that an account keeps the record of. */
export interface KnownConnection {
  readonly id: string;
  readonly initiator: InitiatorRecord;
}

/** All connections that the account has initiated; damaged records are passed over. */
export async function connectionsOf(properties: Pick<PropertyStore, 'keys' | 'get'>): Promise<readonly KnownConnection[]> {
  const found: KnownConnection[] = [];
  for (const id of connectionIdsAmong(await properties.keys(recordKeyPrefix))) {
    const initiator = recordIfWhole(initiatorRecordSchema, await properties.get(recordKeysOf(id).initiator));
    if (initiator !== undefined) found.push({ id, initiator });
  }
  return found;
}

function chosen(all: readonly KnownConnection[], wanted: string, siteUrl: string): KnownConnection {
  // Where none is named, one that was revoked is not meant beside one that was not.
  const alive = all.filter(({ initiator }) => initiator.revokedAt === undefined);
  const unnamed = alive.length > 0 ? alive : all;
  const named = wanted === '' ? unnamed : all.filter(({ id, initiator }) => id === wanted || initiator.name === wanted);
  const [first, second] = named;
  if (first !== undefined && second === undefined) return first;
  if (all.length === 0) {
    throw new SallyportError(`connection: this account has initiated none on ${siteUrl}. Run initiate, or give its code.`, {
      kind: 'configuration',
    });
  }
  const list = all.map(({ id, initiator }) => `${initiator.name} (${id})`).join(', ');
  const problem =
    first === undefined
      ? `there is no "${wanted.slice(0, 80)}" among this account's`
      : wanted === ''
        ? 'this account has several'
        : `several are named "${wanted.slice(0, 80)}"`;
  throw new SallyportError(`connection: ${problem}. Give the id of one: ${list}.`, { kind: 'configuration' });
}
