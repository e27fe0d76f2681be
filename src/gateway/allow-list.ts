import { SallyportError } from '../errors.ts';

/** One entry of the allow-list (I7). */
export interface AllowedHost {
  /** Exactly as in `URL.host`: `host` or `host:port`. A leading `*.` stands for any subdomain, not for the domain itself. */
  readonly host: string;
  /** `http:` only for a private host that the configuration names so; nothing is allowed in the other protocol. */
  readonly protocol: 'https:' | 'http:';
}

/** What is wrong with requesting this URL, or undefined if the allow-list names it. */
export function objectionTo(url: URL, allowedHosts: readonly AllowedHost[]): string | undefined {
  const named = allowedHosts.filter((allowed) => matches(url.host, allowed.host.toLowerCase()));
  if (named.some((allowed) => allowed.protocol === url.protocol)) return undefined;
  if (named.length === 0) return `the connection does not name the host ${url.host}`;
  return url.protocol === 'http:' ? `${url.host} is named for https only` : `${url.host} is not named for ${url.protocol}//`;
}

/**
 * The URL of a request about to be sent.
 *
 * @throws SallyportError `configuration` if it is no absolute URL, holds credentials, or its host is not allowed.
 */
export function requireAllowed(address: string, allowedHosts: readonly AllowedHost[]): URL {
  if (!URL.canParse(address)) {
    throw new SallyportError('A request has no valid absolute URL; check the configured URLs of Jira and the tracker.', {
      kind: 'configuration',
    });
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    throw new SallyportError(`The URL of ${url.host} holds a user name or password; give credentials by their own inputs.`, {
      kind: 'configuration',
    });
  }
  const objection = objectionTo(url, allowedHosts);
  if (objection !== undefined) {
    const names = allowedHosts.map((allowed) => `${allowed.protocol}//${allowed.host}`).join(', ');
    throw new SallyportError(
      `Request refused before anything left: ${objection}. Allowed: ${names || 'none'}. Check jira-url and tracker-url.`,
      { kind: 'configuration' },
    );
  }
  return url;
}

function matches(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1 : host === pattern;
}
