import { SallyportError } from '../../errors.ts';
import type { AllowedHost } from '../../gateway/allow-list.ts';
import { contentCreationPacing, type PacingRule } from '../../gateway/pacing.ts';

/** Where a GitHub answers: its REST interface and its web pages, both without a slash at the end. */
export interface GitHubAddresses {
  /** `https://api.github.com`, or `https://ghes.example/api/v3`. */
  readonly apiUrl: string;
  /** `https://github.com`, or `https://ghes.example`. */
  readonly webUrl: string;
}

const githubCom: GitHubAddresses = { apiUrl: 'https://api.github.com', webUrl: 'https://github.com' };

/** Hosts beside api.github.com and github.com from which github.com serves people's files and repositories' contents. */
const githubComAssetHosts: readonly string[] = [
  'uploads.github.com',
  'codeload.github.com',
  'raw.githubusercontent.com',
  'media.githubusercontent.com',
  'objects.githubusercontent.com',
  'user-images.githubusercontent.com',
  'private-user-images.githubusercontent.com',
  // `github.com/user-attachments/…` redirects to this bucket with a signed URL.
  'github-production-user-asset-6210df.s3.amazonaws.com',
  'github-production-repository-file-5c1aeb.s3.amazonaws.com',
];

/**
 * The addresses of the GitHub that a tracker URL names: github.com, GHE.com (data residency) or a GitHub Enterprise Server,
 * by the address of its web pages or of its API. Plain http is taken only for loopback and private hosts.
 *
 * @throws SallyportError `configuration` if it is no such URL; the message says what to write instead.
 */
export function githubAddresses(trackerUrl: string): GitHubAddresses {
  const url = parse(trackerUrl);
  const path = url.pathname.replace(/\/+$/, '');
  if (path !== '' && path !== '/api/v3') {
    throw objection(trackerUrl, `has the path ${path}; give the address of the server alone and the repository as project`);
  }
  if (['github.com', 'www.github.com', 'api.github.com'].includes(url.hostname)) return githubCom;
  const residency = /^(?:api\.)?([a-z0-9-]+\.ghe\.com)$/.exec(url.hostname)?.[1];
  if (residency !== undefined) return { apiUrl: `https://api.${residency}`, webUrl: `https://${residency}` };
  return { apiUrl: `${url.origin}/api/v3`, webUrl: url.origin };
}

/** The allow-list entries that a connection to this GitHub needs (I7). A GHES serves everything from its own host and its subdomains. */
export function githubHosts(addresses: GitHubAddresses): AllowedHost[] {
  const api = new URL(addresses.apiUrl);
  const web = new URL(addresses.webUrl);
  const protocol = web.protocol === 'http:' ? 'http:' : 'https:';
  const own = [...new Set([api.host, web.host])];
  // With subdomain isolation a GHES serves files from `media.`, `raw.` and `codeload.` in front of its own name.
  const others = isGitHubCom(addresses)
    ? githubComAssetHosts
    : isAddressOrSingleName(web.hostname)
      ? []
      : ['codeload', 'raw', 'media', 'objects', 'uploads'].map((name) => `${name}.${web.host}`);
  return [...own, ...others].map((host) => ({ host, protocol }));
}

/** Pacing of the requests that GitHub counts as creating content: at most 80 a minute and 500 an hour (its secondary limits). */
export function githubPacing(addresses: GitHubAddresses): PacingRule {
  return contentCreationPacing({
    host: new URL(addresses.apiUrl).host,
    methods: ['POST', 'PATCH'],
    pathPattern: /\/repos\/[^/]+\/[^/]+\/issues(?:\/|$)/,
    perMinute: 80,
    perHour: 500,
  });
}

/** Whether these are github.com's own addresses, where some accounts have ids that never change. */
export function isGitHubCom(addresses: GitHubAddresses): boolean {
  return addresses.webUrl === githubCom.webUrl;
}

function parse(trackerUrl: string): URL {
  const text = trackerUrl.trim();
  if (!URL.canParse(text)) throw objection(text, 'is not a URL; write https://github.com or https://your-ghes.example');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new SallyportError('tracker-url holds a user name or password; take them out and give tracker-token.', {
      kind: 'configuration',
    });
  }
  if (url.search !== '' || url.hash !== '')
    throw objection(text, 'has a query or fragment; give the address of the server alone');
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') throw objection(text, 'is neither https nor http');
  if (!isPrivateHost(url.hostname))
    throw objection(text, 'uses plain http, which is for hosts of a private network only; write https');
  return url;
}

function objection(text: string, problem: string): SallyportError {
  return new SallyportError(`tracker-url ${text.split(/[?#]/)[0] ?? ''} ${problem}.`, { kind: 'configuration' });
}

/** Loopback, private and link-local addresses, single names, and the top-level names that no public server has. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  return (
    /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host) ||
    /^(?:::1$|f[cd][0-9a-f]{2}:|fe80:)/.test(host) ||
    /^[^.:]+$/.test(host) ||
    /\.(?:localhost|local|internal|lan|intranet|corp|home\.arpa|test)$/.test(host)
  );
}

function isAddressOrSingleName(hostname: string): boolean {
  return !hostname.includes('.') || /^[\d.]+$/.test(hostname) || hostname.startsWith('[');
}
