import type { AllowedHost } from '../../gateway/allow-list.ts';

/** How a Jira Data Center is reached: its address may have a context path, such as `https://jira.example.com/jira`. */
export interface JiraDcSite {
  /** Without a slash at the end. */
  readonly url: string;
  /** A personal access token, or the password of `user`. */
  readonly token: string;
  /** The name to log in with, where the server is too old for personal access tokens (before 8.14); else undefined. */
  readonly user: string | undefined;
}

/** The one host that a Jira Data Center needs (I7): attachments lie on the server itself. */
export function jiraDcHosts(site: Pick<JiraDcSite, 'url'>): AllowedHost[] {
  const url = new URL(site.url);
  return [{ host: url.host, protocol: url.protocol === 'http:' ? 'http:' : 'https:' }];
}
