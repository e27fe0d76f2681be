import { SallyportError } from '../errors.ts';
import type { HealthConfig } from './health.ts';
import { readHealth, rulesFixed, rulesInputs } from './health.ts';
import type { InputName, OperationName, RawInputs } from './inputs.ts';
import { inputs, operationNames, specOf, valueOf } from './inputs.ts';
import { checkNeeds } from './needs.ts';
import {
  isLoopback,
  parseAddress,
  parseBoolean,
  parseCount,
  parseDuration,
  parseRepository,
  withoutCredentials,
} from './values.ts';

export interface Repository {
  readonly owner: string;
  readonly name: string;
}

export interface TrackerConfig {
  readonly kind: 'github' | 'jira-dc' | 'redmine';
  /** Without a slash at the end; the empty string where none is known (only github has a default). */
  readonly url: string;
  /** Of tracker `jira-dc` the key, of `redmine` the identifier of the project for the incoming sync; else the empty string. */
  readonly projectKey: string;
  readonly repository: Repository | undefined;
  readonly token: string;
  readonly app: { readonly id: string; readonly privateKey: string } | undefined;
  readonly trigger: string;
  readonly attachments: 'repository' | 'list-only';
  readonly attachmentsRepository: Repository | undefined;
  readonly allowPublic: boolean;
  /** Of tracker `redmine`: how its texts are written. */
  readonly textFormat: 'textile' | 'commonmark';
}

export interface SyncConfig {
  readonly publicTrigger: string;
  readonly backfill: boolean;
  readonly holdRestricted: boolean;
  readonly dryRun: boolean;
  readonly auditPeriodMs: number;
  readonly audit: 'rolling' | 'full';
  readonly maxChanges: number;
  readonly maxRemovals: number | undefined;
  readonly timeBudgetMs: number;
  readonly runForMs: number;
  readonly pollMs: number;
  readonly state: string;
  readonly failOn: 'error' | 'conflict' | 'held' | 'never';
}

export interface InitiateConfig {
  readonly siteUrl: string;
  readonly projectKey: string;
  readonly connectionName: string;
  readonly trigger: string;
  /** The trigger was given, and is not the default one. */
  readonly isTriggerGiven: boolean;
  readonly unsealed: boolean;
  readonly withoutCredentials: boolean;
}

/** All inputs, parsed. Which of them an operation needs is checked by `parseConfig`. */
export interface Config {
  readonly operation: OperationName;
  readonly invitationCode: string;
  readonly passphrase: string;
  readonly jiraEmail: string;
  readonly jiraToken: string;
  readonly tracker: TrackerConfig;
  readonly sync: SyncConfig;
  readonly initiate: InitiateConfig;
  readonly finish: boolean;
  /** What cannot be undone is meant. */
  readonly confirm: boolean;
  /** Path of the twin map; the empty string for the default. */
  readonly twinMap: string;
  /** Issues as they were named. */
  readonly issues: readonly string[];
  readonly health: HealthConfig;
  readonly defaultIssueType: string;
  readonly caFile: string;
  readonly saveSecret: string;
  readonly side: 'public' | 'private';
  readonly detail: 'full' | 'ids';
  readonly debug: boolean;
}

/** What the platform offers where an input is not given (a runner's own repository, address and token). */
export interface PlatformDefaults {
  readonly serverUrl: string;
  readonly repository: string;
  readonly token: string;
  /** What is wrong with an invitation code, if anything. Asked where other problems are told anyway: all of them at once. */
  readonly codeProblem?: (code: string, passphrase: string) => string | undefined;
}

/**
 * Raw inputs → configuration, or all the problems at once.
 *
 * @throws SallyportError `configuration` with one line a problem: which input, what is wrong, what to write instead.
 */
export function parseConfig(raw: RawInputs, platform: PlatformDefaults): Config {
  const problems: string[] = [];
  const reader = createReader(raw, problems);
  const config = readConfig(reader, platform);
  checkNeeds(config, reader);
  if (problems.length > 0) {
    const codeProblem =
      config.invitationCode === '' ? undefined : platform.codeProblem?.(config.invitationCode, config.passphrase);
    if (codeProblem !== undefined) problems.push(codeProblem);
    const lines =
      problems.length === 1 ? problems[0] : `${problems.length} problems:\n${problems.map((line) => `- ${line}`).join('\n')}`;
    throw new SallyportError(`Inputs: ${lines}`, { kind: 'configuration' });
  }
  return config;
}

export interface Reader {
  text(name: InputName): string;
  parsed<T>(name: InputName, parse: (text: string) => T | undefined, wanted: string): T | undefined;
  choice<T extends string>(name: InputName, values: readonly T[]): T | undefined;
  problem(line: string): void;
  /** An input that is missing, said once: not of one that was given and is wrong. */
  missing(name: InputName, why: string): void;
}

function createReader(raw: RawInputs, problems: string[]): Reader {
  for (const name of Object.keys(raw)) {
    if (!inputs.some((spec) => spec.name === name))
      problems.push(
        rulesInputs.has(name) ? rulesFixed : `there is no input ${name}; the inputs are listed in the README and by --help`,
      );
  }
  const text = (name: InputName): string => valueOf(raw, name);
  const complain = (name: InputName, wanted: string): undefined => {
    const shown = specOf(name)?.secret === true ? 'its value' : `"${withoutCredentials(text(name)).slice(0, 80)}"`;
    problems.push(`${name}: ${shown} is not ${wanted}`);
    return undefined;
  };
  return {
    text,
    parsed: (name, parse, wanted) => {
      const value = text(name);
      return value === '' ? undefined : (parse(value) ?? complain(name, wanted));
    },
    choice: (name, values) => values.find((value) => value === text(name)) ?? complain(name, `one of ${values.join(', ')}`),
    problem: (line) => problems.push(line),
    missing: (name, why) => {
      if (!problems.some((line) => line.startsWith(`${name}:`))) problems.push(`${name} is missing: ${why}`);
    },
  };
}

function readConfig(reader: Reader, platform: PlatformDefaults): Config {
  const { text } = reader;
  const flag = (name: InputName): boolean => reader.parsed(name, parseBoolean, 'true or false') ?? false;
  return {
    operation: reader.choice('operation', operationNames) ?? 'rules',
    invitationCode: text('invitation-code'),
    passphrase: text('passphrase'),
    jiraEmail: text('jira-email'),
    jiraToken: text('jira-token'),
    tracker: readTracker(reader, { flag, platform }),
    sync: readSync(reader, flag),
    initiate: {
      siteUrl: readSite(reader),
      projectKey: text('jira-project'),
      connectionName: text('connection-name'),
      trigger: text('trigger') === '' ? 'labels = sync' : text('trigger'),
      isTriggerGiven: text('trigger') !== '',
      unsealed: flag('unsealed'),
      withoutCredentials: flag('without-credentials'),
    },
    finish: flag('finish'),
    confirm: flag('confirm'),
    twinMap: text('twin-map'),
    issues: [...new Set(text('issues').split(/[\s,;]+/))].filter((name) => name !== ''),
    health: readHealth(reader, { flag, platform }),
    defaultIssueType: text('default-issue-type'),
    caFile: text('ca-file'),
    saveSecret: readSecretName(reader),
    side: reader.choice('side', ['', 'private', 'public']) || (text('invitation-code') === '' ? 'public' : 'private'),
    detail: reader.choice('report-detail', ['full', 'ids']) ?? 'ids',
    debug: reader.choice('log-level', ['info', 'debug']) === 'debug',
  };
}

function readTracker(reader: Reader, context: { flag: (name: InputName) => boolean; platform: PlatformDefaults }): TrackerConfig {
  const { text, parsed } = reader;
  const { flag, platform } = context;
  const kind = reader.choice('tracker', ['github', 'jira-dc', 'redmine']) ?? 'github';
  if (kind !== 'github') return readServer(reader, { flag, kind });
  const appId = text('app-id');
  const privateKey = text('app-private-key');
  if ((appId === '') !== (privateKey === ''))
    reader.problem('app-id and app-private-key go together: give both, or use tracker-token');
  const given = text('project');
  const repository = parseRepository(given === '' ? platform.repository : given);
  if (given !== '' && repository === undefined)
    reader.problem(`project: "${withoutCredentials(given).slice(0, 80)}" is not a repository as owner/name`);
  const url =
    parsed(
      'tracker-url',
      (value) => parseAddress(value)?.href.replace(/\/$/, ''),
      'an address such as https://github.example.com',
    ) ?? platform.serverUrl;
  // I8: the job's own token is a secret of the server that runs the job, and is told to no other one.
  const isOwnServer = parseAddress(url)?.origin === parseAddress(platform.serverUrl)?.origin;
  const ownToken = text('job-token') === '' ? platform.token : text('job-token');
  const token = text('tracker-token');
  return {
    kind,
    url,
    projectKey: '',
    repository,
    token: token === '' && isOwnServer ? ownToken : token,
    app: appId === '' || privateKey === '' ? undefined : { id: appId, privateKey },
    trigger: text('private-trigger'),
    attachments: reader.choice('attachments', ['repository', 'list-only']) ?? 'list-only',
    attachmentsRepository: parsed('attachments-repository', parseRepository, 'a repository as owner/name'),
    allowPublic: flag('allow-public'),
    textFormat: 'textile',
  };
}

/** Projects of other servers than GitHub: what their name is called, what it looks like, and an example. */
const projectNames = {
  'jira-dc': { what: 'the key of a Jira project', pattern: /^[A-Z][A-Z0-9_]+$/i, example: 'ABC' },
  redmine: { what: 'the identifier of a Redmine project', pattern: /^[a-z0-9][a-z0-9_-]*$/, example: 'my-project' },
} as const;

/** A Jira Data Center or Redmine: no default for its address and its token, and a job's own token is told to neither (I8). */
function readServer(reader: Reader, context: { flag: (name: InputName) => boolean; kind: 'jira-dc' | 'redmine' }): TrackerConfig {
  const { text, parsed } = reader;
  const { flag, kind } = context;
  const url = parsed(
    'tracker-url',
    (value) => {
      const address = parseAddress(value);
      return address === undefined ? undefined : `${address.origin}${address.pathname}`.replace(/\/+$/, '');
    },
    'an address such as https://jira.example.com/jira',
  );
  const projectKey = text('project');
  const { what, pattern, example } = projectNames[kind];
  if (projectKey !== '' && !pattern.test(projectKey))
    reader.problem(`project: "${withoutCredentials(projectKey).slice(0, 80)}" is not ${what}, such as ${example}`);
  if (text('app-id') !== '' || text('app-private-key') !== '')
    reader.problem('app-id and app-private-key are for tracker github; give tracker-token');
  if (text('attachments-repository') !== '')
    reader.problem('attachments-repository is for tracker github; this tracker keeps attachments itself');
  if (readSecretName(reader) !== '')
    reader.problem('save-secret is for tracker github: it saves the code in the repository for the incoming sync');
  return {
    kind,
    url: url ?? '',
    projectKey: kind === 'jira-dc' ? projectKey.toUpperCase() : projectKey,
    repository: undefined,
    token: text('tracker-token'),
    app: undefined,
    trigger: text('private-trigger'),
    attachments: 'repository',
    attachmentsRepository: undefined,
    allowPublic: flag('allow-public'),
    textFormat: reader.choice('text-format', ['', 'textile', 'commonmark']) || 'textile',
  };
}

/** `true` and `false` are a switch for the name that the workflows of the README read; anything else is a name itself. */
function readSecretName(reader: Reader): string {
  const given = reader.text('save-secret');
  const wanted = given === '' ? false : parseBoolean(given);
  return wanted === undefined ? given : wanted ? 'SALLYPORT_INVITATION' : '';
}

function readSync(reader: Reader, flag: (name: InputName) => boolean): SyncConfig {
  const duration = (name: InputName): number => reader.parsed(name, parseDuration, 'a duration such as 20s, 55m or 24h') ?? 0;
  return {
    publicTrigger: reader.text('public-trigger'),
    backfill: flag('backfill'),
    holdRestricted: reader.choice('restricted-comments', ['sync', 'hold']) === 'hold',
    dryRun: flag('dry-run'),
    auditPeriodMs: duration('audit-period'),
    audit: reader.choice('audit', ['rolling', 'full']) ?? 'rolling',
    maxChanges: reader.parsed('max-changes', parseCount, 'a whole number') ?? 0,
    maxRemovals: reader.parsed('max-removals', parseCount, 'a whole number'),
    timeBudgetMs: duration('time-budget'),
    runForMs: duration('run-for'),
    pollMs: duration('poll'),
    state: reader.text('state'),
    failOn: reader.choice('fail-on', ['error', 'conflict', 'held', 'never']) ?? 'error',
  };
}

function readSite(reader: Reader): string {
  const url = reader.parsed('jira-url', parseAddress, 'an address such as https://acme.atlassian.net');
  if (url === undefined) return '';
  // A proxy that strips TLS would read the token: Jira Cloud is never spoken to in the clear.
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    reader.problem(`jira-url: ${url.origin} is plain http, which Jira Cloud does not offer; write https://${url.host}`);
  }
  return url.origin;
}
