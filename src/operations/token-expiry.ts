import type { Config } from '../config/config.ts';
import type { InitiatorRecord, RunRecord } from '../connection/record.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Connected } from './connect.ts';
import { trackerDoor } from './connect.ts';

/** When each side's token expires, at the latest; undefined where nobody knows. */
export interface TokenTimes {
  readonly public: number | undefined;
  readonly private: number | undefined;
}

/** Atlassian's API tokens live for a year at most (decisions/022). */
const jiraTokenLifeMs = 365 * 24 * 3_600_000;

export function tokenTimes(
  config: Config,
  known: { readonly connected: Connected | undefined; readonly initiator: Pick<InitiatorRecord, 'tokenExpiresAt'> },
): TokenTimes {
  const { connected, initiator } = known;
  return {
    public: jiraExpiry(config, { invitation: connected?.invitation, initiator }),
    private: connected === undefined ? undefined : trackerExpiry(config, connected.gateway),
  };
}

/**
 * By the input; of the token that came with the code what its initiator said, else a year after the code was issued, for the
 * token was there already. Of another token (`jira-token` beside a code) nothing is known.
 */
function jiraExpiry(
  config: Config,
  known: {
    readonly invitation: Connected['invitation'] | undefined;
    readonly initiator: Pick<InitiatorRecord, 'tokenExpiresAt'>;
  },
): number | undefined {
  const { invitation, initiator } = known;
  const given = config.health.tokensExpireAt.public;
  if (given !== undefined) return given;
  if (invitation === undefined) return initiator.tokenExpiresAt;
  if (config.jiraToken !== '' || invitation.credentials === undefined) return undefined;
  return initiator.tokenExpiresAt ?? invitation.issuedAt + jiraTokenLifeMs;
}

/** A token of an app's installation, as a job's own is: GitHub gives them out for an hour, and tells them by their beginning. */
export function isInstallationToken(token: string): boolean {
  return token.startsWith('ghs_');
}

/** As the server says, else by the input. Tokens of apps and jobs are renewed by themselves. */
export function trackerExpiry(config: Config, gateway: Pick<Gateway, 'tokenExpiresAt'>): number | undefined {
  const { tracker } = config;
  if (tracker.app !== undefined || isInstallationToken(tracker.token)) return undefined;
  const told = trackerDoor(config)
    .hosts.map(({ host }) => gateway.tokenExpiresAt(host))
    .find((at) => at !== undefined);
  return told ?? config.health.tokensExpireAt.private;
}

/** As the record holds them: what is not known is left out. */
export function tokensForRecord(times: TokenTimes): NonNullable<RunRecord['tokensExpireAt']> {
  return {
    ...(times.public === undefined ? {} : { public: times.public }),
    ...(times.private === undefined ? {} : { private: times.private }),
  };
}
