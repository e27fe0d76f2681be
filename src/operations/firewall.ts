import type { Config } from '../config/config.ts';
import { decodeInvitation } from '../invitation/decode-invitation.ts';
import type { HostRow } from '../report/health-report.ts';
import { githubAddresses, githubHosts } from '../sides/github/addresses.ts';
import { jiraCloudHosts } from '../sides/jira-cloud/hosts.ts';
import { gatewayOrigin } from '../sides/jira-cloud/inspect-site.ts';

interface Known {
  readonly siteUrl: string;
  /** Undefined where it is not known yet by which host the credentials work. */
  readonly apiUrl: string | undefined;
}

/**
 * What a firewall has to let out, before anything is configured: with nothing but the addresses that are known. Hosts that
 * depend on an address that nobody gave stand as a description.
 *
 * @throws SallyportError `configuration` for a code or an address that is wrong.
 */
export function firewallList(config: Config): readonly HostRow[] {
  const rows = [...publicHosts(knownSite(config)), ...trackerHosts(config)];
  const own = [...noticeHosts(config), ...runnerHosts];
  return [...rows, ...own.filter(({ host }) => !rows.some((row) => row.host === host))];
}

function knownSite(config: Config): Known | undefined {
  if (config.invitationCode !== '') {
    const { siteUrl, apiUrl } = decodeInvitation(
      config.invitationCode,
      config.passphrase === '' ? {} : { passphrase: config.passphrase },
    );
    return { siteUrl, apiUrl };
  }
  return config.initiate.siteUrl === '' ? undefined : { siteUrl: config.initiate.siteUrl, apiUrl: undefined };
}

const scopedTokens = 'Jira Cloud by scoped tokens and service accounts; not needed for a token without scopes';

function publicHosts(known: Known | undefined): readonly HostRow[] {
  const siteUrl = known?.siteUrl ?? 'https://your-site.atlassian.net';
  const isPlain = new URL(siteUrl).protocol === 'http:';
  const apiUrl = known?.apiUrl ?? (isPlain ? siteUrl : gatewayOrigin);
  const why = (host: string): string => {
    if (host === new URL(siteUrl).host) {
      const placeholder = known === undefined ? ' (put the name of your site in its place)' : '';
      return `Jira Cloud: issues, comments and the connection's record${placeholder}`;
    }
    return host === new URL(gatewayOrigin).host
      ? scopedTokens
      : 'Jira Cloud: the bytes of attachments, to which the site redirects';
  };
  return jiraCloudHosts({ siteUrl, apiUrl }).map(({ host, protocol }) => hostRow('public', { host, protocol, why: why(host) }));
}

function trackerHosts(config: Config): readonly HostRow[] {
  const { tracker } = config;
  if (tracker.kind !== 'github') {
    const name = tracker.kind === 'redmine' ? 'Redmine' : 'Jira Data Center';
    if (tracker.url === '')
      return [{ side: 'private', host: `your ${name}`, port: 443, protocol: 'https', why: `${name}: everything` }];
    const { host, protocol } = new URL(tracker.url);
    return [hostRow('private', { host, protocol, why: `${name}: everything` })];
  }
  const addresses = githubAddresses(tracker.url);
  const [api, web] = [new URL(addresses.apiUrl).host, new URL(addresses.webUrl).host];
  return githubHosts(addresses).map(({ host, protocol }) => {
    const rest = host === web ? 'GitHub: files that people attach' : 'GitHub: where files that people attach are redirected to';
    return hostRow('private', { host, protocol, why: host === api ? 'GitHub: issues, comments, files on the branch' : rest });
  });
}

/** Where a notice goes: the runner's own server, which need not be the tracker's. */
function noticeHosts(config: Config): readonly HostRow[] {
  const wish = config.health.notify;
  if (wish === undefined) return [];
  const { host, protocol } = new URL(githubAddresses(wish.url).apiUrl);
  return [hostRow('runner', { host, protocol, why: "GitHub: the issue of notify in the runner's own repository" })];
}

/** What a self-hosted runner of github.com needs itself (docs.github.com, "Communicating with self-hosted runners"). */
const runnerHosts: readonly HostRow[] = [
  ['github.com', 'the runner itself and the actions that its jobs use'],
  ['api.github.com', 'the runner itself and the actions that its jobs use'],
  ['codeload.github.com', 'the actions that its jobs use'],
  ['*.actions.githubusercontent.com', 'the runner itself, its jobs and the index of its cache'],
  ['*.blob.core.windows.net', "the runner's logs and summaries, and the Actions cache (state: cache)"],
].map(([host = '', why = '']) => ({
  side: 'runner',
  host,
  port: 443,
  protocol: 'https',
  why: `GitHub Actions: ${why}; only where the runner belongs to github.com`,
}));

function hostRow(
  side: HostRow['side'],
  given: { readonly host: string; readonly protocol: string; readonly why: string },
): HostRow {
  const { hostname, port } = new URL(`${given.protocol}//${given.host}`);
  const isTls = given.protocol === 'https:';
  return {
    side,
    host: hostname,
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    protocol: isTls ? 'https' : 'http',
    why: given.why,
  };
}
