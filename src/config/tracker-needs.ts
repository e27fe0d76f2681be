import type { Reader, TrackerConfig } from './config.ts';

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

/** What a run needs to know of the private tracker. */
export function checkTracker(tracker: TrackerConfig, reader: Reader): void {
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
