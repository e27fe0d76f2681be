import type { PlatformDefaults, Reader, Repository } from './config.ts';
import type { InputName } from './inputs.ts';
import { parseDate, parseDuration, parseRepository } from './values.ts';

/** Inputs of status, configure and doctor, and of what tells of a connection's health. */
export interface HealthConfig {
  /** Id or name of a connection, where no invitation code tells which. */
  readonly connection: string;
  /** `status` fails when no cycle has committed for so long; undefined: it does not look. */
  readonly maxAgeMs: number | undefined;
  /** `doctor` prints the list for a firewall alone. */
  readonly hosts: boolean;
  /** Path of the audit log; empty: none is kept. */
  readonly auditLog: string;
  /** Where no server tells it. */
  readonly tokensExpireAt: { readonly public: number | undefined; readonly private: number | undefined };
  /** Where the notice goes; undefined: none is kept. */
  readonly notify: { readonly repository: Repository; readonly url: string; readonly token: string } | undefined;
}

/** What everybody is told who tries to edit the rules of a Basic connection. */
export const rulesFixed =
  "Sync Rules can't be modified in Basic mode; that takes Script mode, which Sallyport does not offer yet.";

/** Names by which people may try it. */
export const rulesInputs: ReadonlySet<string> = new Set(['rules', 'sync-rules', 'script']);

/** The runner's own repository, where the job's token may write. */
function readNotify(reader: Reader, platform: PlatformDefaults): HealthConfig['notify'] {
  const repository = parseRepository(platform.repository);
  const token = reader.text('job-token') === '' ? platform.token : reader.text('job-token');
  if (repository !== undefined && token !== '') return { repository, url: platform.serverUrl, token };
  reader.problem(
    "notify: there is no repository of the runner, or no token of its job: it is for workflows, which have both (GITHUB_REPOSITORY, and the job's token with issues: write)",
  );
  return undefined;
}

export function readHealth(
  reader: Reader,
  context: { readonly flag: (name: InputName) => boolean; readonly platform: PlatformDefaults },
): HealthConfig {
  const { flag, platform } = context;
  if (reader.choice('mode', ['basic', 'script']) === 'script') reader.problem(`mode: ${rulesFixed}`);
  return {
    connection: reader.text('connection'),
    maxAgeMs: reader.parsed('max-age', parseDuration, 'a duration such as 30m or 2h'),
    hosts: flag('hosts'),
    auditLog: reader.text('audit-log'),
    tokensExpireAt: {
      public: reader.parsed('jira-token-expires', parseDate, 'a date such as 2027-03-31'),
      private: reader.parsed('tracker-token-expires', parseDate, 'a date such as 2027-03-31'),
    },
    notify: flag('notify') ? readNotify(reader, platform) : undefined,
  };
}

/** A connection is known by its code or, by the public side's admin, by site and credentials of its account. */
export function needConnection(
  given: { readonly invitationCode: string; readonly siteUrl: string; readonly jiraEmail: string; readonly jiraToken: string },
  reader: Reader,
): void {
  if (given.invitationCode !== '') return;
  if (given.siteUrl === '') {
    reader.missing(
      'invitation-code',
      "the code of the connection; or, as the public side's admin, jira-url with jira-email and jira-token of its account",
    );
    return;
  }
  if (given.jiraEmail === '') reader.missing('jira-email', 'the account of the connection');
  if (given.jiraToken === '') reader.missing('jira-token', 'an API token of that account');
}
