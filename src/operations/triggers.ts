import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { requireClosedJql } from '../sides/jira/closed-jql.ts';
import { privateJql } from '../sides/jira-dc/private-jql.ts';
import { parseTrigger } from '../sides/redmine/trigger.ts';
import { parsePrivateTrigger } from '../sides/github/trigger.ts';
import type { Connected } from './connect.ts';
import { publicSide } from './cycle-parts.ts';
import type { TrackerFacts, TrackerToken } from './tracker.ts';
import { createTracker } from './tracker.ts';

/** @throws SallyportError `configuration` for a trigger that cannot be one, before anything is asked. */
export function checkTriggers(config: Config): void {
  if (config.tracker.kind === 'jira-dc') privateJql(config.tracker.trigger);
  if (config.tracker.kind === 'github') parsePrivateTrigger(config.tracker.trigger);
  if (config.tracker.kind === 'redmine') parseTrigger(config.tracker.trigger);
  requireClosedJql(config.sync.publicTrigger, 'public-trigger');
}

type OpenedConnection = { readonly connected: Connected; readonly snapshot: ConnectionSnapshot };
type OpenedTracker = { readonly access: TrackerToken; readonly facts: TrackerFacts };

/**
 * Only Jira can tell whether JQL is sound: a runner's own is tried before an acceptance is written. That of the connection
 * alone was tried when it was initiated.
 *
 * @throws SallyportError `configuration` with what Jira said
 */
export async function tryTriggers(config: Config, parts: OpenedConnection & OpenedTracker): Promise<void> {
  const { gateway, invitation } = parts.connected;
  await tryPublicTrigger(config, parts);
  await tryPrivateTrigger(config, { ...parts, gateway, connectionId: invitation.connectionId });
}

/** Resolves with whether there was anything to ask. */
export async function tryPublicTrigger(config: Config, parts: OpenedConnection): Promise<boolean> {
  if (config.sync.publicTrigger === '') return false;
  await publicSide(config, { ...parts, lease: undefined }).reader.checkTrigger?.('control');
  return true;
}

/** Resolves with whether there was anything to ask. */
export async function tryPrivateTrigger(
  config: Config,
  parts: OpenedTracker & { readonly gateway: Gateway; readonly connectionId: string },
): Promise<boolean> {
  const { reader } = createTracker(config, { ...parts, writable: false });
  await reader.checkTrigger?.('control');
  return reader.checkTrigger !== undefined;
}
