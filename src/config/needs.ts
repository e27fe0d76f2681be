import type { Config, Reader, TrackerConfig } from './config.ts';
import { needConnection } from './health.ts';
import type { InputName } from './inputs.ts';
import { variableOf } from './inputs.ts';

const serverInputs = {
  'jira-dc': {
    url: 'the address of the Jira Data Center, such as https://jira.example.com/jira',
    project: 'the key of the Jira project for the incoming sync',
    token: 'a personal access token of the account that will sync, or name:password',
  },
  redmine: {
    url: 'the address of the Redmine, such as https://redmine.example.com',
    project: 'the identifier of the project for the incoming sync, as its address shows it',
    token: 'the API key of the account that will sync, from its page "My account"',
  },
} as const;

function checkTracker(tracker: TrackerConfig, reader: Reader): void {
  if (tracker.kind !== 'github') {
    const wanted = serverInputs[tracker.kind];
    if (tracker.url === '') reader.missing('tracker-url', wanted.url);
    if (tracker.projectKey === '') reader.missing('project', wanted.project);
    if (tracker.token === '') reader.missing('tracker-token', wanted.token);
    if (tracker.kind === 'redmine' && reader.text('text-format') === '')
      reader.missing(
        'text-format',
        'textile or commonmark, as Administration > Settings > General > Text formatting says; the help beside a text field of Redmine names it, too',
      );
    return;
  }
  if (tracker.repository === undefined) reader.missing('project', 'the repository for the incoming sync, as owner/name');
  if (tracker.token === '' && tracker.app === undefined)
    reader.missing(
      'tracker-token',
      `a token for that repository at ${tracker.url}, or app-id and app-private-key (a job's own token is sent to its own server only)`,
    );
}

/** Where the code may hold the credentials, half of others beside it would be taken for none. */
function checkPair(config: Config, reader: Reader): void {
  if ((config.jiraEmail === '') === (config.jiraToken === '')) return;
  const [given, lacking] =
    config.jiraEmail === '' ? (['jira-token', 'jira-email'] as const) : (['jira-email', 'jira-token'] as const);
  reader.missing(
    lacking,
    `${given} is given (as an input, by --${given} or in ${variableOf(given)}), and they go together; give ${lacking}, too, or take ${given} away`,
  );
}

/** Tells what the chosen operation lacks among its inputs. */
export function checkNeeds(config: Config, reader: Reader): void {
  const need = (value: string, name: InputName, why: string): void => {
    if (value === '') reader.missing(name, why);
  };
  switch (config.operation) {
    case 'rules':
      return;
    case 'doctor':
      // The list for the firewall signs in nowhere.
      if (!config.health.hosts) checkPair(config, reader);
      return;
    case 'initiate':
      need(config.initiate.siteUrl, 'jira-url', 'the address of your Jira Cloud site, such as https://acme.atlassian.net');
      need(config.initiate.projectKey, 'jira-project', 'the key of the project for the incoming sync');
      need(config.jiraEmail, 'jira-email', 'the account that will sync');
      need(config.jiraToken, 'jira-token', 'an API token of that account');
      return;
    case 'push':
    case 'connect':
    case 'unlink':
    case 'retry':
      checkIssues(config, reader);
      checkRun(config, reader);
      return;
    case 'clean-up':
      if (!config.confirm && !config.sync.dryRun)
        reader.missing(
          'confirm',
          'clean-up ends the connection for good and takes its stamps off both sides (by the account alone it removes the record of a Revoked or Pending one); set confirm: true (on the command line --yes) if that is meant, or dry-run to see what it would do',
        );
      if (isByAccount(config)) checkByAccount(config, reader);
      else checkRun(config, reader);
      return;
    case 'sync':
    case 'accept':
      checkRun(config, reader);
      return;
    case 'status':
    case 'configure':
    case 'revoke':
      checkByAccount(config, reader);
      return;
    case 'activate':
    case 'deactivate':
      checkPair(config, reader);
      // What pauses and resumes the private side is its own key of the record, which the code is for.
      if (config.side === 'private')
        need(config.invitationCode, 'invitation-code', 'the code of the connection, for side: private');
      else needConnection({ ...config, siteUrl: config.initiate.siteUrl }, reader);
      return;
    case 'reissue':
      // Its second half is a cycle.
      if (config.finish) checkTracker(config.tracker, reader);
      checkPair(config, reader);
      need(config.invitationCode, 'invitation-code', 'the code of the connection');
      return;
  }
}

/** Whether the public side's admin asks without a code, by the connection's account. */
export function isByAccount(config: Pick<Config, 'invitationCode' | 'initiate'>): boolean {
  return config.invitationCode === '' && config.initiate.siteUrl !== '';
}

function checkByAccount(config: Config, reader: Reader): void {
  checkPair(config, reader);
  needConnection({ ...config, siteUrl: config.initiate.siteUrl }, reader);
}

/** Issues that one run is asked for at most (I9). */
const issuesMax = 200;

function checkIssues({ operation, issues }: Config, reader: Reader): void {
  if (operation === 'connect' && issues.length !== 2)
    reader.problem(`issues: connect takes two issues, one of each side, such as ABC-12 #34; ${issues.length} are given`);
  else if (operation !== 'retry' && issues.length === 0)
    reader.missing('issues', `which issues to ${operation}, such as ABC-12 or #34`);
  if (issues.length > issuesMax)
    reader.problem(`issues: ${issues.length} are given, at most ${issuesMax} go into one run; use backfill for many`);
}

function checkRun(config: Config, reader: Reader): void {
  checkTracker(config.tracker, reader);
  checkPair(config, reader);
  if (config.invitationCode === '')
    reader.missing('invitation-code', 'the code that the Jira administrator copied from Initiate connection');
}
