import type { AllowedHost } from '../../gateway/allow-list.ts';

/** How a Redmine is reached: its address may have a path, such as `https://tools.example.com/redmine`. */
export interface RedmineSite {
  /** Without a slash at the end. */
  readonly url: string;
  /** The API key of an account (its page "My account" shows it). */
  readonly apiKey: string;
}

/** The one host that a Redmine needs (I7): its files lie on the server itself. */
export function redmineHosts(site: Pick<RedmineSite, 'url'>): AllowedHost[] {
  const url = new URL(site.url);
  return [{ host: url.host, protocol: url.protocol === 'http:' ? 'http:' : 'https:' }];
}
