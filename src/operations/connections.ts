import type { Config } from '../config/config.ts';
import type { PropertyStore } from '../connection/property-store.ts';
import type { CycleEntry } from '../connection/record.ts';
import { acceptRecordSchema, initiatorRecordSchema, runRecordSchema } from '../connection/record.ts';
import { recordIfWhole } from '../connection/record-checks.ts';
import { connectionIdsAmong, recordKeyPrefix, recordKeysOf } from '../connection/record-keys.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ConnectionCard } from '../report/outcome.ts';
import { jiraCloudHosts } from '../sides/jira-cloud/hosts.ts';
import type { JiraSite } from '../sides/jira-cloud/hosts.ts';
import { gatewayOrigin, listProjects, reachSite } from '../sides/jira-cloud/inspect-site.ts';
import { createUserProperties } from '../sides/jira-cloud/user-properties.ts';
import { cardOf } from './card.ts';
import { maskInputs, openGateway } from './connect.ts';
import type { Runtime } from './runtime.ts';

/** A connection as its record shows it to the account that keeps it: no invitation code is needed for this. */
export interface ListedConnection {
  readonly connectionId: string;
  /** Undefined where the record is damaged, or a newer Sallyport wrote it. */
  readonly card: ConnectionCard | undefined;
  /** When a cycle last committed, connection time. */
  readonly committedAt: number | undefined;
  /** The newest last. */
  readonly cycles: readonly CycleEntry[];
}

export interface AccountConnections {
  readonly accountName: string;
  readonly connections: readonly ListedConnection[];
}

/** Of one account so many are listed; each costs three requests. */
const connectionsMax = 100;

interface OpenedAccount {
  readonly gateway: Gateway;
  readonly site: JiraSite;
  readonly account: { readonly accountId: string; readonly displayName: string };
}

/** The site of `jira-url` with the credentials of `jira-email` and `jira-token`, as `initiate` opens it. */
async function openAccount(config: Config, runtime: Runtime): Promise<OpenedAccount> {
  maskInputs(config, runtime);
  const { siteUrl } = config.initiate;
  const gateway = await openGateway(config, runtime, {
    hosts: jiraCloudHosts({ siteUrl, apiUrl: new URL(siteUrl).protocol === 'http:' ? siteUrl : gatewayOrigin }),
    pacing: [],
  });
  const { api, account } = await reachSite({ gateway, siteUrl, email: config.jiraEmail, token: config.jiraToken });
  return { gateway, site: api.site, account };
}

/**
 * All connections of a Jira account, from its user properties. Reads only.
 *
 * @throws SallyportError where the site or the credentials do not work; a damaged record is listed without a card.
 */
export async function listConnections(config: Config, runtime: Runtime): Promise<AccountConnections> {
  const { gateway, site, account } = await openAccount(config, runtime);
  const store = createUserProperties({ gateway, site, accountId: account.accountId });
  const keys = await store.keys(recordKeyPrefix);
  const connections: ListedConnection[] = [];
  for (const id of connectionIdsAmong(keys).slice(0, connectionsMax)) connections.push(await readListed(store, keys, id));
  return { accountName: account.displayName, connections };
}

async function readListed(store: PropertyStore, keys: readonly string[], connectionId: string): Promise<ListedConnection> {
  const names = recordKeysOf(connectionId);
  const get = async (key: string): Promise<unknown> => (keys.includes(key) ? store.get(key) : undefined);
  const initiator = recordIfWhole(initiatorRecordSchema, await get(names.initiator));
  const given = await get(names.accept);
  const accept = recordIfWhole(acceptRecordSchema, given);
  const run = recordIfWhole(runRecordSchema, await get(names.run));
  // An acceptance that cannot be read is not none: such a connection is not Pending.
  const isWhole = initiator !== undefined && (given === undefined || accept !== undefined);
  return {
    connectionId,
    card: isWhole ? cardOf(connectionId, { initiator, accept }) : undefined,
    committedAt: run?.committedAt,
    cycles: run?.cycles ?? [],
  };
}

export interface SiteProject {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

/** Projects of the site whose key or name matches, at most 50: for the choice of the project for the incoming sync. */
export async function siteProjects(config: Config, runtime: Runtime, query: string): Promise<readonly SiteProject[]> {
  return listProjects(await openAccount(config, runtime), query.slice(0, 255));
}
