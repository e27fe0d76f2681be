import type { Config } from '../config/config.ts';
import type { AllowedHost } from '../gateway/allow-list.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { jiraDcHosts } from '../sides/jira-dc/hosts.ts';
import type { JiraDcSite } from '../sides/jira-dc/hosts.ts';
import { inspectProject } from '../sides/jira-dc/inspect-project.ts';
import { createJiraDcSide } from '../sides/jira-dc/jira-dc-side.ts';
import type { Check, Side } from '../sides/side.ts';
import type { JiraDcTrackerFacts } from './tracker.ts';

/** How the Data Center is reached. A personal access token has no colon in it: one with a colon is a name and its password. */
function siteOf(config: Config): JiraDcSite {
  const { url, token } = config.tracker;
  const colon = token.indexOf(':');
  return colon < 0 ? { url, token, user: undefined } : { url, token: token.slice(colon + 1), user: token.slice(0, colon) };
}

/** The one host of the Data Center; none where an operation that does not reach it gave no address. */
export function jiraDcTrackerHosts(config: Config): AllowedHost[] {
  return config.tracker.url === '' ? [] : jiraDcHosts(config.tracker);
}

export async function inspectJiraDc(
  config: Config,
  gateway: Gateway,
): Promise<{ readonly checks: readonly Check[]; readonly facts: Omit<JiraDcTrackerFacts, 'subject' | 'at'> }> {
  const { checks, facts } = await inspectProject({ gateway, site: siteOf(config), projectKey: config.tracker.projectKey });
  const { project, account } = facts;
  return {
    checks,
    facts: {
      kind: 'jira-dc',
      account: { id: account.id, displayName: account.displayName },
      fullName: project.key,
      url: config.tracker.url,
      // Whether anonymous people may browse is told to administrators alone, so this is what its members are told.
      visibility: 'project',
      isPrivate: true,
      project: { id: project.id, key: project.key },
      timeZone: account.timeZone,
      attachmentBytesMax: facts.attachmentBytesMax,
    },
  };
}

/** The private side, from configuration and facts. */
export function createJiraDcTracker(
  config: Config,
  parts: {
    readonly gateway: Gateway;
    readonly facts: JiraDcTrackerFacts;
    readonly connectionId: string;
    readonly writable: boolean;
  },
): Side {
  const { facts } = parts;
  return createJiraDcSide({
    gateway: parts.gateway,
    site: siteOf(config),
    project: facts.project,
    connectionId: parts.connectionId,
    trigger: config.tracker.trigger,
    account: { ...facts.account, timeZone: facts.timeZone },
    attachmentBytesMax: facts.attachmentBytesMax,
    defaultTypeName: config.defaultIssueType === '' ? undefined : config.defaultIssueType,
    writable: parts.writable,
  });
}
