import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { checkDestination } from '../connection/record-checks.ts';
import { statusOf } from '../connection/status.ts';
import type { Check } from '../core/result.ts';
import { SallyportError } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { dayText, expiryText, isNear } from '../report/expiry-text.ts';
import type { HostRow } from '../report/health-report.ts';
import type { Outcome } from '../report/outcome.ts';
import { jiraCloudHosts } from '../sides/jira-cloud/hosts.ts';
import { gatewayOrigin, inspectSite } from '../sides/jira-cloud/inspect-site.ts';
import { audience, fingerprintOf } from './accept.ts';
import { cardOf } from './card.ts';
import { maskInputs, openGateway, trackerDoor } from './connect.ts';
import { failed, passed, runnerChecks, warned } from './doctor-runner.ts';
import { twinChecks } from './doctor-twins.ts';
import { firewallList } from './firewall.ts';
import { openPublicDoor } from './public-door.ts';
import type { Machine, Runtime } from './runtime.ts';
import { checkTriggers, tryPrivateTrigger, tryPublicTrigger } from './triggers.ts';
import { tokenTimes, trackerExpiry } from './token-expiry.ts';
import type { TrackerFacts } from './tracker.ts';
import { inspectTracker, trackerToken } from './tracker.ts';

type Examined = Extract<Outcome, { kind: 'examined' | 'hosts' }>;

/**
 * Every check of initiate and accept again, and what a runner needs: one line each, with what to do about it. It goes on
 * behind whatever fails, and without an invitation looks at what it can. With `audit: full` all twins are compared, too.
 * With `hosts` it prints the list for the firewall.
 *
 * @throws SallyportError `configuration` for `hosts` with a wrong code or address; nothing else ends it.
 */
export async function doctor(config: Config, runtime: Runtime): Promise<Examined> {
  maskInputs(config, runtime);
  if (config.health.hosts) return { kind: 'hosts', hosts: firewallList(config) };
  const { machine } = runtime;
  if (machine === undefined) throw new SallyportError('doctor: there is no machine to look at here.', { kind: 'configuration' });
  const runner = [...(await runnerChecks(config, runtime, machine)), ...proxyChecks(config, machine)];
  // With a CA file that cannot be read nothing could be reached at all; that is told above, and the rest is tried without.
  const isCaWrong = runner.some((check) => check.name === 'ca-file' && check.outcome === 'failed');
  const usable = isCaWrong ? { ...config, caFile: '' } : config;
  const publicSide = await examinePublic(usable, runtime);
  const privateSide = await examinePrivate(usable, runtime, publicSide.snapshot?.accept);
  const clocks = [publicSide.gateway, privateSide.gateway].flatMap((gateway) =>
    gateway === undefined ? [] : clockChecks(gateway, { machine, hosts: hostsOf(usable, publicSide.apiUrl) }),
  );
  return {
    kind: 'examined',
    card:
      publicSide.connectionId === undefined || publicSide.snapshot === undefined
        ? undefined
        : cardOf(publicSide.connectionId, publicSide.snapshot),
    groups: [
      { title: 'Runner', checks: [...runner, ...clocks] },
      { title: 'Public side', checks: publicSide.checks },
      { title: 'Private side', checks: privateSide.checks },
      ...(usable.sync.audit === 'full' ? [{ title: 'Twins', checks: await twinChecks(usable, runtime) }] : []),
    ],
  };
}

interface ExaminedPublic {
  readonly checks: readonly Check[];
  readonly connectionId?: string;
  readonly snapshot?: ConnectionSnapshot;
  readonly gateway?: Gateway;
  readonly apiUrl?: string;
}

async function examinePublic(config: Config, runtime: Runtime): Promise<ExaminedPublic> {
  const { siteUrl, projectKey } = config.initiate;
  const hasAccount = siteUrl !== '' && config.jiraEmail !== '' && config.jiraToken !== '';
  if (config.invitationCode === '' && !hasAccount) {
    const next = 'Give invitation-code; or, on the public side, jira-url with jira-email and jira-token.';
    return { checks: [warned('connection', 'was not looked at, because nothing tells which', next)] };
  }
  // Before anything is initiated: the site as initiate would find it.
  if (config.invitationCode === '' && projectKey !== '') return examineSite(config, runtime);
  const checks: Check[] = [];
  try {
    const door = await openPublicDoor(config, runtime);
    const snapshot = await door.record.read({ secretHash: door.secretHash, runnerVersion: runtime.version, evenRevoked: true });
    const { initiator } = snapshot;
    checks.push(...connectionChecks(snapshot));
    await siteChecks(checks, {
      gateway: door.gateway,
      siteUrl: initiator.siteUrl,
      email: door.site.email,
      token: door.site.token,
      projectKey: initiator.project.id,
      trigger: initiator.trigger,
      defaultTypeName: initiator.defaultTypeName,
    });
    if (door.connected !== undefined) {
      const asked = { connected: door.connected, snapshot };
      checks.push(...(await triggerCheck('public-trigger', config.sync.publicTrigger, () => tryPublicTrigger(config, asked))));
    }
    const { public: expiresAt } = tokenTimes(config, { connected: door.connected, initiator });
    checks.push(...expiryCheck('public', expiresAt, door.serverTime()));
    return { checks, connectionId: door.connectionId, snapshot, gateway: door.gateway, apiUrl: door.site.apiUrl };
  } catch (error) {
    return { checks: [...checks, failed('connection', error)] };
  }
}

async function examineSite(config: Config, runtime: Runtime): Promise<ExaminedPublic> {
  const { siteUrl, projectKey, trigger } = config.initiate;
  const checks: Check[] = [];
  try {
    const apiUrl = new URL(siteUrl).protocol === 'http:' ? siteUrl : gatewayOrigin;
    const gateway = await openGateway(config, runtime, { hosts: jiraCloudHosts({ siteUrl, apiUrl }), pacing: [] });
    await siteChecks(checks, {
      gateway,
      siteUrl,
      email: config.jiraEmail,
      token: config.jiraToken,
      projectKey,
      trigger,
      defaultTypeName: config.defaultIssueType === '' ? undefined : config.defaultIssueType,
    });
    return { checks, gateway, apiUrl: siteUrl };
  } catch (error) {
    return { checks: [...checks, failed('site', error)] };
  }
}

/** The checks of `inspectSite` in their order: the first that is missing is the one that was thrown. */
const siteCheckNames = ['site', 'credentials', 'project', 'permissions', 'default issue type', 'attachments', 'trigger'];

async function siteChecks(checks: Check[], options: Parameters<typeof inspectSite>[0]): Promise<void> {
  const own: Check[] = [];
  try {
    await inspectSite({ ...options, checks: own });
  } catch (error) {
    const name = siteCheckNames.find((candidate) => !own.some((check) => check.name === candidate)) ?? 'site';
    own.push(failed(name, error));
  }
  checks.push(...own);
}

function connectionChecks(snapshot: ConnectionSnapshot): readonly Check[] {
  const { initiator, accept, run } = snapshot;
  const status = statusOf(snapshot);
  const steps = {
    Pending: 'Run accept or sync on the private side.',
    Deactivated: `Run activate (side: ${initiator.paused ? 'public' : 'private'}) to go on.`,
    Removing: 'Run clean-up again until it is done.',
    Revoked: 'The public side ended it; have another connection initiated.',
  };
  const detail = `${initiator.name} is ${status}`;
  const problems = run?.health?.problems.length ?? 0;
  return [
    status === 'Active'
      ? passed('connection', `${detail} with ${accept?.destination ?? ''}`)
      : warned('connection', detail, steps[status]),
    ...(problems === 0 ? [] : [warned('open problems', `the last cycle left ${problems}`, 'Run status to see them.')]),
  ];
}

async function examinePrivate(
  config: Config,
  runtime: Runtime,
  accept: ConnectionSnapshot['accept'],
): Promise<{ readonly checks: readonly Check[]; readonly gateway?: Gateway }> {
  const { tracker } = config;
  const isNamed = tracker.kind === 'github' ? tracker.repository !== undefined : tracker.url !== '' && tracker.projectKey !== '';
  if (!isNamed || (tracker.token === '' && tracker.app === undefined)) {
    const next = 'Give project and tracker-token (and tracker-url), as sync gets them.';
    return { checks: [warned('private tracker', 'was not looked at, because nothing tells which, or no token', next)] };
  }
  const checks: Check[] = [];
  try {
    checkTriggers(config);
    const gateway = await openGateway(config, runtime, trackerDoor(config));
    const access = trackerToken(config, { gateway, mask: runtime.mask });
    try {
      const inspection = await inspectTracker(config, { gateway, access, now: 0, checks });
      if (inspection.checks !== checks) checks.push(...inspection.checks);
      checks.push(...destinationChecks(config, inspection.facts, accept));
      const asked = { gateway, access, facts: inspection.facts, connectionId: '' };
      checks.push(...(await triggerCheck('private-trigger', tracker.trigger, () => tryPrivateTrigger(config, asked))));
      const [host = ''] = trackerDoor(config).hosts.map((entry) => entry.host);
      checks.push(...expiryCheck('private', trackerExpiry(config, gateway), gateway.serverTime(host)));
    } catch (error) {
      checks.push(failed('private tracker', error));
    }
    return { checks, gateway };
  } catch (error) {
    return { checks: [...checks, failed('private tracker', error)] };
  }
}

/** A trigger that only its server can judge. */
async function triggerCheck(name: string, trigger: string, ask: () => Promise<boolean>): Promise<readonly Check[]> {
  try {
    return (await ask()) ? [passed(name, trigger)] : [];
  } catch (error) {
    return [failed(name, error)];
  }
}

function destinationChecks(config: Config, facts: TrackerFacts, accept: ConnectionSnapshot['accept']): readonly Check[] {
  const checks = [audience(facts)];
  if (!facts.isPrivate && !config.tracker.allowPublic) {
    const next = 'Choose a private repository, or set allow-public: true if that is meant.';
    checks.push({ name: 'allow-public', outcome: 'failed', detail: `${facts.fullName} is public`, next });
  }
  if (accept === undefined) return checks;
  try {
    checkDestination(accept, fingerprintOf(facts));
    checks.push(passed('destination', `${facts.fullName} is the one that accepted`));
  } catch (error) {
    checks.push(failed('destination', error));
  }
  return checks;
}

function expiryCheck(side: 'public' | 'private', at: number | undefined, now: number | undefined): readonly Check[] {
  if (at === undefined || now === undefined) return [];
  const name = 'token expiry';
  return isNear(at, now) ? [warned(name, dayText(at), expiryText(side, at))] : [passed(name, `by ${dayText(at)}`)];
}

/** Further off, a signed token of an app or a certificate may count as not valid yet. */
const skewMsMax = 60_000;

function clockChecks(
  gateway: Gateway,
  parts: { readonly machine: Machine; readonly hosts: readonly string[] },
): readonly Check[] {
  return parts.hosts.flatMap((host) => {
    const theirs = gateway.serverTime(host);
    if (theirs === undefined) return [];
    const seconds = Math.round((parts.machine.wallTimeMs() - theirs) / 1000);
    const name = `clock, ${host}`;
    if (Math.abs(seconds) * 1000 <= skewMsMax) return [passed(name, `in step (${seconds} s)`)];
    const detail = `this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
    return [
      warned(name, detail, 'Set its clock by NTP. Sallyport itself goes by the servers; tokens of apps and certificates do not.'),
    ];
  });
}

function hostsOf(config: Config, apiUrl: string | undefined): readonly string[] {
  const own = trackerDoor(config)
    .hosts.slice(0, 1)
    .map(({ host }) => host);
  return [...new Set([...(apiUrl === undefined ? [] : [new URL(apiUrl).host]), ...own])];
}

/** The proxy in force for each host, grouped: most machines have one way out. */
function proxyChecks(config: Config, machine: Machine): readonly Check[] {
  const name = 'proxy';
  try {
    const ways = new Map<string, string[]>();
    for (const row of firewallList(config)) {
      const url = urlOf(row);
      if (url === undefined) continue;
      const proxy = machine.proxyFor(url);
      const way = proxy === undefined ? 'directly' : `through ${proxy}`;
      ways.set(way, [...(ways.get(way) ?? []), row.host]);
    }
    return [...ways].map(([way, hosts]) => passed(name, `${way}: ${hosts.join(', ')}`));
  } catch (error) {
    return [failed(name, error)];
  }
}

function urlOf(row: HostRow): URL | undefined {
  const text = `${row.protocol}://${row.host}:${row.port}`;
  return row.side === 'runner' || !URL.canParse(text) ? undefined : new URL(text);
}
