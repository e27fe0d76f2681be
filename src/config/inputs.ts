/** The operations of this version, in the order of a connection's life (interface.md). */
export const operationNames = [
  'sync',
  'initiate',
  'accept',
  'status',
  'rules',
  'activate',
  'deactivate',
  'push',
  'connect',
  'unlink',
  'retry',
  'clean-up',
  'configure',
  'doctor',
  'revoke',
  'reissue',
] as const;
export type OperationName = (typeof operationNames)[number];

/** Those that are a sync cycle with something to be done first, to issues that are named. */
export const directedOperations: readonly OperationName[] = ['push', 'connect', 'unlink', 'retry'];

/** Those that read and write the state as `sync` does, and so need everything that it needs. */
export function usesState(operation: OperationName): boolean {
  return operation === 'sync' || operation === 'clean-up' || directedOperations.includes(operation);
}

export interface InputSpec {
  readonly name: string;
  /** Shown in `--help`, and word for word in action.yml. */
  readonly description: string;
  readonly default: string;
  /** Masked before anything else runs. */
  readonly secret?: true;
  readonly values?: readonly string[];
}

/**
 * Every input: an input of the action, a flag of the CLI (`--jira-url`) and a variable (`SALLYPORT_JIRA_URL`). This table is
 * the only place that names them; a test compares action.yml with it.
 */
export const inputs = [
  {
    name: 'operation',
    description:
      'What to do: sync, initiate, configure, accept, status, doctor, rules, activate, deactivate, push, connect, unlink, retry, clean-up, revoke or reissue.',
    default: 'sync',
  },
  {
    name: 'invitation-code',
    description: 'The invitation code that the Jira side gave you. Keep it in a secret.',
    default: '',
    secret: true,
  },
  {
    name: 'passphrase',
    description: 'The passphrase of a sealed invitation code. Keep it in a second secret. For initiate: seals the code with it.',
    default: '',
    secret: true,
  },
  {
    name: 'jira-email',
    description:
      'E-mail of the Jira account, where the invitation code holds no credentials. It must be the account that initiated.',
    default: '',
  },
  { name: 'jira-token', description: 'API token of that Jira account.', default: '', secret: true },
  {
    name: 'jira-token-expires',
    description:
      'Date on which that token expires, such as 2027-03-31, for warnings from 30 days before: Jira does not tell it. Default: a year after the code was issued with it. Also for initiate and configure.',
    default: '',
  },
  {
    name: 'tracker',
    description: 'Kind of the private tracker: github, jira-dc for Jira Data Center, or redmine.',
    default: 'github',
    values: ['github', 'jira-dc', 'redmine'],
  },
  {
    name: 'tracker-url',
    description:
      "Address of the private tracker, such as https://github.example.com, or https://jira.example.com/jira with the context path of a Jira Data Center or Redmine. Default: the runner's own GitHub.",
    default: '',
  },
  {
    name: 'project',
    description:
      'Project for the incoming sync: a repository as owner/name (default: this one), the key of a Jira project, or the identifier of a Redmine project.',
    default: '',
  },
  {
    name: 'tracker-token',
    description:
      "Token for that repository, a personal access token of Jira Data Center (name:password on a server without them), or an API key of Redmine. Default: the job's token, which serves this repository only and is sent to no other server.",
    default: '',
    secret: true,
  },
  {
    name: 'tracker-token-expires',
    description: 'Date on which that token expires, for warnings, where the tracker does not tell it; GitHub does.',
    default: '',
  },
  {
    name: 'text-format',
    description: 'tracker redmine: how its texts are written, textile or commonmark, as its general settings say.',
    default: '',
    values: ['textile', 'commonmark'],
  },
  { name: 'job-token', description: "The job's own token; it is there by itself.", default: '', secret: true },
  { name: 'app-id', description: 'Id of a GitHub App to be used instead of a token.', default: '' },
  { name: 'app-private-key', description: 'Private key (PEM) of that GitHub App.', default: '', secret: true },
  {
    name: 'public-trigger',
    description: "JQL that narrows the public side's trigger for this runner. It never widens it.",
    default: '',
  },
  {
    name: 'private-trigger',
    description:
      'Which issues of the private tracker are synced: a label, several labels with commas (any of them), or * for all. On Jira Data Center JQL, too; on Redmine a ticked custom field, or filters such as tracker_id=1,2.',
    default: 'sync',
  },
  { name: 'backfill', description: 'true takes issues, too, that matched the trigger before it was set.', default: 'false' },
  {
    name: 'restricted-comments',
    description: 'sync copies restricted comments as public ones (the Basic rule); hold keeps them home.',
    default: 'sync',
    values: ['sync', 'hold'],
  },
  {
    name: 'attachments',
    description:
      'repository keeps files of Jira on a branch of the repository; list-only lists them with a link. For tracker github.',
    default: 'repository',
    values: ['repository', 'list-only'],
  },
  { name: 'attachments-repository', description: 'Another repository for those files, as owner/name.', default: '' },
  {
    name: 'allow-public',
    description: 'true allows a public repository as destination. Everybody can read what is synced there.',
    default: 'false',
  },
  {
    name: 'dry-run',
    description: 'true shows the plan, with the values before and after, and writes nothing at all.',
    default: 'false',
  },
  { name: 'audit-period', description: 'Every twin is read again whole at least once in this time.', default: '24h' },
  {
    name: 'audit',
    description:
      'rolling spreads the audit over cycles; full reads everything now and compares files by SHA-256. doctor: full compares all twins, without a write.',
    default: 'rolling',
    values: ['rolling', 'full'],
  },
  { name: 'max-changes', description: 'Writes of one cycle at most; the rest waits for the next one.', default: '2000' },
  {
    name: 'max-removals',
    description: 'Removals within 24 hours at most. Default: 20 or a tenth of the twins, whichever is more.',
    default: '',
  },
  { name: 'time-budget', description: 'Time of one cycle at most; the rest waits for the next one.', default: '20m' },
  { name: 'run-for', description: 'Repeats cycles within one job for this long, such as 55m. 0 runs one cycle.', default: '0' },
  { name: 'poll', description: 'Time between two cycles of one job.', default: '20s' },
  {
    name: 'state',
    description: 'Where the state rests: cache (the Actions cache) or the path of a directory.',
    default: 'cache',
  },
  { name: 'ca-file', description: 'PEM file with certificate authorities to trust beside the ones of the system.', default: '' },
  {
    name: 'fail-on',
    description: 'When the run fails: error, conflict (errors and conflicts), held (and held items) or never.',
    default: 'error',
    values: ['error', 'conflict', 'held', 'never'],
  },
  {
    name: 'report-detail',
    description: 'full shows titles in the report; ids shows issue keys only. Always ids for a public repository.',
    default: 'full',
    values: ['full', 'ids'],
  },
  {
    name: 'audit-log',
    description:
      'sync, push, connect, unlink, retry, clean-up: file to which one JSON line is added for each effect: time, twin, kind, ids and hashes, no content.',
    default: '',
  },
  {
    name: 'notify',
    description:
      "sync: true keeps one issue in the runner's own repository that tells of errors, conflicts and a paused connection, and closes it afterwards; clean-up: true closes it for good.",
    default: 'false',
  },
  {
    name: 'default-issue-type',
    description: 'Type for issues whose own type the destination does not have, where its configuration cannot be read.',
    default: '',
  },
  {
    name: 'log-level',
    description: 'info, or debug for one line a request (no query values, no bodies).',
    default: 'info',
    values: ['info', 'debug'],
  },
  {
    name: 'jira-url',
    description:
      'Address of the Jira Cloud site, such as https://acme.atlassian.net: for initiate, and where its account stands in for the code.',
    default: '',
  },
  {
    name: 'jira-project',
    description:
      'initiate: key of the Jira project for the incoming sync. configure: another one, while the connection is Pending.',
    default: '',
  },
  {
    name: 'connection-name',
    description: 'initiate: name of the connection. Default: the project key. configure: another name.',
    default: '',
  },
  {
    name: 'trigger',
    description:
      'initiate: JQL that puts Jira issues under sync, within the project. Default: labels = sync. configure: another one.',
    default: '',
  },
  {
    name: 'unsealed',
    description: 'initiate, reissue: true gives a code without passphrase although it holds credentials. Not in a workflow.',
    default: 'false',
  },
  {
    name: 'without-credentials',
    description: 'initiate: true leaves the credentials out of the code; the runner then needs jira-email and jira-token.',
    default: 'false',
  },
  {
    name: 'save-secret',
    description:
      'initiate, accept, reissue: name of a repository secret to save the code in, or true for SALLYPORT_INVITATION. Needs a token that may write secrets.',
    default: '',
  },
  {
    name: 'connection',
    description:
      'status, configure, doctor, activate, deactivate, revoke, clean-up: id or name of the connection, where jira-url, jira-email and jira-token of its account stand in for the invitation code.',
    default: '',
  },
  {
    name: 'mode',
    description: 'initiate, configure: configuration mode of the connection; basic is the only one yet.',
    default: 'basic',
    values: ['basic', 'script'],
  },
  {
    name: 'max-age',
    description: 'status: fails (exit code 1) when no cycle has committed for this long, such as 30m.',
    default: '',
  },
  {
    name: 'hosts',
    description: 'doctor: true prints the hosts and ports that a firewall has to let out, before anything is configured.',
    default: 'false',
  },
  {
    name: 'side',
    description:
      'activate, deactivate: which side pauses or resumes, private or public. Default: private with the invitation code, public without it.',
    default: '',
    values: ['', 'private', 'public'],
  },
  {
    name: 'issues',
    description:
      'push, connect, unlink, retry: issues of either side, with blanks or commas between: ABC-12, #12, owner/repo#12 or addresses. connect takes one of each side; retry without any retries everything.',
    default: '',
  },
  {
    name: 'finish',
    description: 'reissue: true signs all stamps anew with the new code, so that the key before it is good for nothing any more.',
    default: 'false',
  },
  {
    name: 'confirm',
    description: 'clean-up: true says that the connection is to end for good. On the command line --yes, too.',
    default: 'false',
  },
  {
    name: 'twin-map',
    description:
      'clean-up: path of the file with the map of all twins (CSV). Default: sallyport-twins-<connection id>.csv in the working folder, in a workflow in the temporary folder (output twin-map-path).',
    default: '',
  },
] as const satisfies readonly InputSpec[];

export type InputName = (typeof inputs)[number]['name'];

/** What a composition root read: strings as given, empty ones left out. */
export type RawInputs = Readonly<Partial<Record<InputName, string>>>;

export function specOf(name: InputName): InputSpec | undefined {
  return inputs.find((spec) => spec.name === name);
}

/** The value given, trimmed, or the default. */
export function valueOf(raw: RawInputs, name: InputName): string {
  const given = raw[name]?.trim() ?? '';
  return given === '' ? (specOf(name)?.default ?? '') : given;
}

/** The variable of the command line that stands for an input. */
export function variableOf(name: string): string {
  return `SALLYPORT_${name.toUpperCase().replaceAll('-', '_')}`;
}
