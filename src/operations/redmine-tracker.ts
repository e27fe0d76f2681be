import type { Config } from '../config/config.ts';
import type { AllowedHost } from '../gateway/allow-list.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { redmineHosts } from '../sides/redmine/hosts.ts';
import type { RedmineSite } from '../sides/redmine/hosts.ts';
import { inspectProject } from '../sides/redmine/inspect-project.ts';
import { createRedmineSide } from '../sides/redmine/redmine-side.ts';
import { parseTrigger } from '../sides/redmine/trigger.ts';
import type { Check, Side } from '../sides/side.ts';
import type { RedmineTrackerFacts } from './tracker.ts';

function siteOf(config: Config): RedmineSite {
  return { url: config.tracker.url, apiKey: config.tracker.token };
}

/** The one host of the Redmine; none where an operation that does not reach it gave no address. */
export function redmineTrackerHosts(config: Config): AllowedHost[] {
  return config.tracker.url === '' ? [] : redmineHosts(config.tracker);
}

export async function inspectRedmine(
  config: Config,
  gateway: Gateway,
): Promise<{ readonly checks: readonly Check[]; readonly facts: Omit<RedmineTrackerFacts, 'subject' | 'at'> }> {
  const { checks, facts } = await inspectProject({
    gateway,
    site: siteOf(config),
    projectIdentifier: config.tracker.projectKey,
    trigger: parseTrigger(config.tracker.trigger),
  });
  const { project, account } = facts;
  return {
    checks,
    facts: {
      kind: 'redmine',
      account,
      fullName: project.identifier,
      url: config.tracker.url,
      visibility: project.isPublic ? 'users' : 'project',
      // A public project of Redmine is public within its server, which stands in the private network.
      isPrivate: true,
      project: { id: project.id, name: project.name },
    },
  };
}

/** The private side, from configuration and facts. */
export function createRedmineTracker(
  config: Config,
  parts: { readonly gateway: Gateway; readonly facts: RedmineTrackerFacts; readonly writable: boolean },
): Side {
  const { facts } = parts;
  return createRedmineSide({
    gateway: parts.gateway,
    site: siteOf(config),
    project: facts.project,
    trigger: parseTrigger(config.tracker.trigger),
    textFormat: config.tracker.textFormat,
    account: facts.account,
    defaultTypeName: config.defaultIssueType === '' ? undefined : config.defaultIssueType,
    writable: parts.writable,
  });
}
