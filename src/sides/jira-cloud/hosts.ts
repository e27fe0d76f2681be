import type { AllowedHost } from '../../gateway/allow-list.ts';

/** How a Jira Cloud site is reached. */
export interface JiraSite {
  /** Where people open issues: `https://acme.atlassian.net`. */
  readonly siteUrl: string;
  /** Where the credentials work: the site itself, or `https://api.atlassian.com/ex/jira/<cloudId>`. */
  readonly apiUrl: string;
  readonly email: string;
  readonly token: string;
}

/** Attachment content is redirected to this host with a signed URL (reference/jira-cloud.md). */
const mediaHost = 'api.media.atlassian.com';

/** The allow-list entries that a Jira Cloud site needs (I7). */
export function jiraCloudHosts(site: Pick<JiraSite, 'siteUrl' | 'apiUrl'>): AllowedHost[] {
  const own = [...new Set([new URL(site.siteUrl), new URL(site.apiUrl)].map((url) => url.origin))].map(
    (origin) => new URL(origin),
  );
  const entries = own.map((url): AllowedHost => ({ host: url.host, protocol: url.protocol === 'http:' ? 'http:' : 'https:' }));
  // Plain http is a simulator on the machine itself: its media host is the same port by the name `localhost`.
  const simulated = own.find((url) => url.protocol === 'http:');
  return [
    ...entries,
    simulated === undefined
      ? { host: mediaHost, protocol: 'https:' }
      : { host: `localhost:${simulated.port}`, protocol: 'http:' },
  ];
}
