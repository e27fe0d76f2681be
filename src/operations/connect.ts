import type { Config } from '../config/config.ts';
import { createConnectionRecord } from '../connection/connection-record.ts';
import type { ConnectionRecord } from '../connection/connection-record.ts';
import type { PropertyStore } from '../connection/property-store.ts';
import { SallyportError } from '../errors.ts';
import type { AllowedHost } from '../gateway/allow-list.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import type { Gateway, TraceLine } from '../gateway/gateway.ts';
import { jiraIssueWritePacing } from '../gateway/pacing.ts';
import type { PacingRule } from '../gateway/pacing.ts';
import type { Invitation } from '../invitation/invitation.ts';
import { secretHashOf } from '../invitation/invitation.ts';
import { decodeInvitation, secretsOf } from '../invitation/decode-invitation.ts';
import { jiraCloudHosts } from '../sides/jira-cloud/hosts.ts';
import type { JiraSite } from '../sides/jira-cloud/hosts.ts';
import { currentAccountId } from '../sides/jira-cloud/inspect-site.ts';
import { createUserProperties } from '../sides/jira-cloud/user-properties.ts';
import { githubAddresses, githubHosts, githubPacing } from '../sides/github/addresses.ts';
import { jiraDcTrackerHosts } from './jira-dc-tracker.ts';
import { redmineTrackerHosts } from './redmine-tracker.ts';
import type { Runtime } from './runtime.ts';

/** A decoded invitation with a way to its Jira site and record. */
export interface Connected {
  readonly invitation: Invitation;
  readonly secret: Uint8Array;
  readonly secretHash: string;
  readonly gateway: Gateway;
  readonly site: JiraSite;
  readonly properties: PropertyStore;
  readonly record: ConnectionRecord;
  /** Connection time: the Jira host's, undefined before its first answer. */
  readonly serverTime: () => number | undefined;
  /** Hosts of each side, for counting requests. */
  readonly hosts: { readonly public: readonly string[]; readonly private: readonly string[] };
  /** The door by which a notice reaches the runner's own GitHub. */
  readonly noticeGateway: () => Promise<Gateway>;
}

/**
 * Decodes the invitation and opens the one door to the hosts that it and the tracker's address name. Everything secret is
 * masked before anything else happens (I8).
 *
 * @throws SallyportError `configuration` for a wrong code or missing credentials.
 */
export async function connect(config: Config, runtime: Runtime): Promise<Connected> {
  maskInputs(config, runtime);
  const passphrase = config.passphrase === '' ? {} : { passphrase: config.passphrase };
  const invitation = decodeInvitation(config.invitationCode, passphrase);
  for (const secret of secretsOf(invitation, config.invitationCode, config.passphrase)) runtime.mask(secret);
  const credentials = credentialsOf(config, invitation);
  const site: JiraSite = { siteUrl: invitation.siteUrl, apiUrl: invitation.apiUrl, ...credentials };
  const publicHosts = jiraCloudHosts(site);
  const tracker = trackerDoor(config);
  const privateHosts = tracker.hosts;
  const gateway = await openGateway(config, runtime, {
    hosts: [...publicHosts, ...privateHosts],
    pacing: [jiraIssueWritePacing(new URL(site.apiUrl).host), ...tracker.pacing],
  });
  const properties = createUserProperties({ gateway, site, accountId: invitation.accountId });
  return {
    invitation,
    secret: Buffer.from(invitation.secret, 'base64url'),
    secretHash: secretHashOf(invitation.secret),
    gateway,
    site,
    properties,
    record: createConnectionRecord(properties, invitation.connectionId),
    serverTime: () => gateway.serverTime(new URL(site.apiUrl).host),
    noticeGateway: noticeDoor(config, runtime, gateway),
    hosts: { public: publicHosts.map((entry) => entry.host), private: privateHosts.map((entry) => entry.host) },
  };
}

/** Connection time. @throws SallyportError `answer` where the site tells none */
export function timeOf(door: Pick<Connected, 'serverTime' | 'site'>): number {
  const now = door.serverTime();
  if (now !== undefined) return now;
  throw new SallyportError(`${door.site.siteUrl} tells no time (no Date header); a proxy may strip it.`, { kind: 'answer' });
}

/** What of the outbound door is the private tracker's. */
export function trackerDoor(config: Config): { readonly hosts: readonly AllowedHost[]; readonly pacing: readonly PacingRule[] } {
  if (config.tracker.kind === 'jira-dc') return { hosts: jiraDcTrackerHosts(config), pacing: [] };
  if (config.tracker.kind === 'redmine') return { hosts: redmineTrackerHosts(config), pacing: [] };
  const addresses = githubAddresses(config.tracker.url);
  return { hosts: githubHosts(addresses), pacing: [githubPacing(addresses)] };
}

/**
 * The connection's own door where the notice goes to the same server by the same token: what that server asks for holds for
 * both. Else one of its own, to that server's API alone, which stays open as long as the connection does.
 */
function noticeDoor(config: Config, runtime: Runtime, gateway: Gateway): () => Promise<Gateway> {
  let own: Promise<Gateway> | undefined;
  return () => {
    const { tracker, health } = config;
    const wish = health.notify;
    const isShared =
      wish !== undefined &&
      tracker.kind === 'github' &&
      tracker.app === undefined &&
      tracker.token === wish.token &&
      githubAddresses(tracker.url).apiUrl === githubAddresses(wish.url).apiUrl;
    if (isShared) return Promise.resolve(gateway);
    own ??= openNoticeGateway(config, runtime);
    return own;
  };
}

/** A door to the API alone of the server that the notice goes to. */
export async function openNoticeGateway(config: Config, runtime: Runtime): Promise<Gateway> {
  const wish = config.health.notify;
  if (wish === undefined) throw new SallyportError('There is no notice to be written.', { kind: 'configuration' });
  const addresses = githubAddresses(wish.url);
  const { host } = new URL(addresses.apiUrl);
  return openGateway(config, runtime, {
    hosts: githubHosts(addresses).filter((entry) => entry.host === host),
    pacing: [githubPacing(addresses)],
  });
}

/** Credentials given beside the code must be those of the account that initiated: stamps and record are its own. */
export async function checkAccount(config: Config, connected: Connected): Promise<void> {
  if (config.jiraToken === '') return;
  const accountId = await currentAccountId({ gateway: connected.gateway, site: connected.site });
  if (accountId === connected.invitation.accountId) return;
  throw new SallyportError(
    'jira-email and jira-token belong to another Jira account than the one that initiated this connection. Give credentials of that account, or initiate again with this one.',
    { kind: 'configuration' },
  );
}

/** Masks what the configuration itself holds that is secret. */
export function maskInputs(config: Config, runtime: Runtime): void {
  const { tracker } = config;
  for (const secret of [
    config.invitationCode,
    config.passphrase,
    config.jiraToken,
    tracker.token,
    // Of name:password the password alone may turn up, too.
    tracker.kind === 'jira-dc' ? tracker.token.slice(tracker.token.indexOf(':') + 1) : '',
    tracker.app?.privateKey ?? '',
    config.health.notify?.token ?? '',
  ]) {
    if (secret !== '') runtime.mask(secret);
  }
}

/** The gateway of one operation, with the extra certificate authorities of `ca-file`. */
export async function openGateway(
  config: Config,
  runtime: Runtime,
  options: { readonly hosts: readonly AllowedHost[]; readonly pacing: readonly PacingRule[] },
): Promise<Gateway> {
  const extraCa = config.caFile === '' ? undefined : await readCa(config.caFile, runtime);
  return createGateway({
    transport: runtime.transport(extraCa),
    clock: runtime.clock,
    allowedHosts: options.hosts,
    pacing: options.pacing,
    userAgent: `sallyport/${runtime.version}`,
    onTrace: (line) => runtime.log.debug(traceText(line)),
  });
}

/** @throws SallyportError `configuration` where the file cannot be read or holds no certificate. */
export async function readCa(path: string, runtime: Runtime): Promise<string> {
  try {
    const text = await runtime.readFile(path);
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    throw new SallyportError(`ca-file: ${path} holds no PEM certificate`, { kind: 'configuration' });
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    throw new SallyportError(`ca-file: ${path} cannot be read; check the path on this runner`, {
      kind: 'configuration',
      cause: error,
    });
  }
}

function traceText(line: TraceLine): string {
  const bytes = line.bytesReceived === undefined ? '' : ` ${line.bytesReceived} B`;
  const attempt = line.attempt > 1 ? ` (attempt ${line.attempt})` : '';
  return `${line.method} ${line.host}${line.pattern} ${line.status} ${Math.round(line.durationMs)} ms${bytes}${attempt}`;
}

function credentialsOf(config: Config, invitation: Invitation): { email: string; token: string } {
  if (config.jiraEmail !== '' && config.jiraToken !== '') return { email: config.jiraEmail, token: config.jiraToken };
  if (invitation.credentials !== undefined) return invitation.credentials;
  throw new SallyportError(
    'This invitation code holds no Jira credentials. Give jira-email and jira-token of the account that initiated the connection.',
    { kind: 'configuration' },
  );
}
