import type { Config } from '../config/config.ts';
import { createConnectionRecord } from '../connection/connection-record.ts';
import type { InitiatorRecord } from '../connection/record.ts';
import { recordIfWhole } from '../connection/record-checks.ts';
import { initiatorRecordSchema, recordFormat } from '../connection/record.ts';
import { connectionIdsAmong, recordKeyPrefix, recordKeysOf } from '../connection/record-keys.ts';
import { SallyportError } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import {
  acceptanceDurationMs,
  connectionIdFrom,
  connectionKeyFrom,
  invitationVersion,
  secretHashOf,
} from '../invitation/invitation.ts';
import type { Invitation } from '../invitation/invitation.ts';
import { jiraCloudHosts } from '../sides/jira-cloud/hosts.ts';
import type { JiraSite } from '../sides/jira-cloud/hosts.ts';
import { gatewayOrigin, inspectSite } from '../sides/jira-cloud/inspect-site.ts';
import type { SiteFacts } from '../sides/jira-cloud/inspect-site.ts';
import { createUserProperties } from '../sides/jira-cloud/user-properties.ts';
import { cardOf } from './card.ts';
import { maskInputs, openGateway } from './connect.ts';
import { prepareHandOut, sealingOf } from './hand-out.ts';
import type { Outcome } from '../report/outcome.ts';
import type { Runtime } from './runtime.ts';

/**
 * The public side's admin initiates a connection: checks the site, writes the record, and gives the invitation code.
 * Nothing here contacts the private side. Under `dry-run` the site is checked, and neither record nor code is made.
 */
export async function initiate(config: Config, runtime: Runtime): Promise<Outcome> {
  maskInputs(config, runtime);
  const sealing = sealingOf(config, runtime, { holdsCredentials: !config.initiate.withoutCredentials });
  const { siteUrl } = config.initiate;
  const gateway = await openGateway(config, runtime, {
    hosts: jiraCloudHosts({ siteUrl, apiUrl: new URL(siteUrl).protocol === 'http:' ? siteUrl : gatewayOrigin }),
    pacing: [],
  });
  const { facts, checks } = await inspectSite({
    gateway,
    siteUrl,
    email: config.jiraEmail,
    token: config.jiraToken,
    projectKey: config.initiate.projectKey,
    trigger: config.initiate.trigger,
    defaultTypeName: config.defaultIssueType === '' ? undefined : config.defaultIssueType,
  });
  const site: JiraSite = { siteUrl, apiUrl: facts.apiUrl, email: config.jiraEmail, token: config.jiraToken };
  const now = gateway.serverTime(new URL(facts.apiUrl).host);
  if (now === undefined)
    throw new SallyportError(`${siteUrl} tells no time (no Date header); a proxy may strip it.`, { kind: 'answer' });
  await refuseSecond({ gateway, site, facts });
  const invitation = invitationOf(config, { facts, runtime, now });
  const record = recordOf(config, { invitation, facts, now });
  const card = cardOf(invitation.connectionId, { initiator: record, accept: undefined });
  const { dryRun } = config.sync;
  const common = { kind: 'initiated', dryRun, card, expiresAt: invitation.expiresAt, checks } as const;
  if (dryRun) return { ...common, code: undefined, passphrase: undefined, savedAs: undefined };
  const store = createUserProperties({ gateway, site, accountId: facts.account.accountId });
  const handOut = await prepareHandOut(config, runtime, { invitation, sealing });
  const handed = await handOut({
    write: () => createConnectionRecord(store, invitation.connectionId).initiator.write(record),
    undo: async () => {
      await store.delete(recordKeysOf(invitation.connectionId).initiator);
      return 'The record was taken back: no connection was initiated.';
    },
  });
  return { ...common, ...handed };
}

/** One account keeps one live connection a project: two would copy each other's copies. */
export async function refuseSecond(
  parts: { readonly gateway: Gateway; readonly site: JiraSite; readonly facts: SiteFacts },
  ownId?: string,
): Promise<void> {
  const store = createUserProperties({ ...parts, accountId: parts.facts.account.accountId });
  const keys = await store.keys(recordKeyPrefix);
  for (const id of connectionIdsAmong(keys)) {
    if (id === ownId) continue;
    const other = recordIfWhole(initiatorRecordSchema, await store.get(recordKeysOf(id).initiator));
    if (other?.project.id !== parts.facts.project.id || other.revokedAt !== undefined) continue;
    throw new SallyportError(
      `This account has the connection ${other.name} (${id}) over project ${other.project.key} already. Go on with its invitation code, or use another account or project.`,
      { kind: 'configuration' },
    );
  }
}

function invitationOf(config: Config, parts: { facts: SiteFacts; runtime: Runtime; now: number }): Invitation {
  const { facts, runtime, now } = parts;
  const key = connectionKeyFrom(runtime.randomBytes(32));
  runtime.mask(key.secret);
  return {
    version: invitationVersion,
    connectionId: connectionIdFrom(runtime.randomBytes(10)),
    name: config.initiate.connectionName === '' ? facts.project.key : config.initiate.connectionName,
    mode: 'basic',
    type: 'private',
    siteUrl: config.initiate.siteUrl,
    apiUrl: facts.apiUrl,
    cloudId: facts.cloudId,
    accountId: facts.account.accountId,
    project: facts.project,
    initiator: facts.account.displayName.slice(0, 255),
    ...key,
    ...(config.initiate.withoutCredentials ? {} : { credentials: { email: config.jiraEmail, token: config.jiraToken } }),
    issuedAt: now,
    expiresAt: now + acceptanceDurationMs,
  };
}

function recordOf(config: Config, parts: { invitation: Invitation; facts: SiteFacts; now: number }): InitiatorRecord {
  const { invitation, facts, now } = parts;
  return {
    format: recordFormat,
    name: invitation.name,
    mode: 'basic',
    type: 'private',
    paused: false,
    siteUrl: invitation.siteUrl,
    project: facts.project,
    trigger: config.initiate.trigger,
    triggerSetAt: triggerTime(now),
    types: facts.types.map((type) => ({ ...type })),
    ...(facts.defaultTypeName === undefined ? {} : { defaultTypeName: facts.defaultTypeName }),
    attachmentBytesMax: facts.attachmentBytesMax,
    secretHash: secretHashOf(invitation.secret),
    runnerVersionMin: '0.1.0',
    accountId: facts.account.accountId,
    accountName: facts.account.displayName,
    timeZone: facts.account.timeZone,
    createdAt: now,
    ...(config.health.tokensExpireAt.public === undefined ? {} : { tokenExpiresAt: config.health.tokensExpireAt.public }),
  };
}

/** Servers tell times in whole seconds, each by a clock of its own: what is written right after this must not count as older. */
export function triggerTime(now: number): number {
  return Math.floor(now / 1000) * 1000 - 1000;
}
