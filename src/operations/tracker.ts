import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../config/config.ts';
import type { Author } from '../core/model.ts';
import { SallyportError } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { githubAddresses } from '../sides/github/addresses.ts';
import { createAppTokens } from '../sides/github/app-token.ts';
import { createGitHubSide } from '../sides/github/github-side.ts';
import { inspectRepository } from '../sides/github/inspect-repository.ts';
import { parsePrivateTrigger } from '../sides/github/trigger.ts';
import type { Check, Side } from '../sides/side.ts';
import { createJiraDcTracker, inspectJiraDc } from './jira-dc-tracker.ts';
import { createRedmineTracker, inspectRedmine } from './redmine-tracker.ts';
import { isInstallationToken } from './token-expiry.ts';

/** What a look at the private tracker told; kept in the state, so that a quiet cycle does not ask again. */
const commonFacts = {
  /** What was looked at: another project, address or kind of token asks anew. */
  subject: z.string(),
  at: z.number(),
  account: z.object({ id: z.string(), displayName: z.string() }),
  fullName: z.string(),
  url: z.string(),
  visibility: z.string(),
  isPrivate: z.boolean(),
};

const githubFactsSchema = z.object({
  kind: z.literal('github').default('github'),
  ...commonFacts,
  repositoryId: z.number(),
  types: z.enum(['issue-types', 'labels']),
});

const jiraDcFactsSchema = z.object({
  kind: z.literal('jira-dc'),
  ...commonFacts,
  project: z.object({ id: z.string(), key: z.string() }),
  timeZone: z.string(),
  attachmentBytesMax: z.number(),
});
export type JiraDcTrackerFacts = z.infer<typeof jiraDcFactsSchema>;

const redmineFactsSchema = z.object({
  kind: z.literal('redmine'),
  ...commonFacts,
  project: z.object({ id: z.string(), name: z.string() }),
});
export type RedmineTrackerFacts = z.infer<typeof redmineFactsSchema>;

export const trackerFactsSchema = z.union([jiraDcFactsSchema, redmineFactsSchema, githubFactsSchema]);
export type TrackerFacts = z.infer<typeof trackerFactsSchema>;

/** Identifies what the facts are about, the account among them, without any secret. */
export function trackerSubject(config: Config): string {
  const { tracker } = config;
  const whose = tracker.app === undefined ? holderOf(tracker.token) : `app ${tracker.app.id}`;
  if (tracker.kind !== 'github') return `${tracker.url} ${tracker.projectKey} ${tracker.kind} ${whose}`;
  return `${tracker.url} ${tracker.repository?.owner}/${tracker.repository?.name} ${whose}`;
}

/**
 * Tells the account of one token from that of another: with another account, copies of the former would count as people's. A
 * job's own token is another one in each run and always that of the same app; of a name and password the name tells.
 */
function holderOf(token: string): string {
  if (isInstallationToken(token)) return 'ghs_';
  const [name = '', password] = token.split(':');
  if (password !== undefined) return name;
  return createHash('sha256').update('sallyport token\n').update(token).digest('base64url').slice(0, 16);
}

/** A token for each request, and the name of the app that it belongs to. */
export interface TrackerToken {
  readonly token: () => Promise<string>;
  readonly appSlug: () => Promise<string | undefined>;
}

/** The token given, or an app's installation token that is renewed in time. */
export function trackerToken(
  config: Config,
  parts: { readonly gateway: Gateway; readonly mask: (secret: string) => void },
): TrackerToken {
  const { tracker } = config;
  if (tracker.app === undefined)
    return { token: () => Promise.resolve(tracker.token), appSlug: () => Promise.resolve(undefined) };
  const tokens = createAppTokens({
    gateway: parts.gateway,
    addresses: githubAddresses(tracker.url),
    appId: tracker.app.id,
    privateKey: tracker.app.privateKey,
    repository: repositoryOf(config),
    onToken: parts.mask,
  });
  return { token: () => tokens.token(), appSlug: () => tokens.slug() };
}

function repositoryOf(config: Config): { owner: string; name: string } {
  const { repository } = config.tracker;
  if (repository === undefined)
    throw new SallyportError('project is missing: the repository for the incoming sync, as owner/name', {
      kind: 'configuration',
    });
  return repository;
}

export interface TrackerInspection {
  readonly checks: readonly Check[];
  readonly facts: TrackerFacts;
}

/**
 * Looks at the destination as `accept` does: reachable, visible to whom, permissions, types, whose token it is. `checks`
 * takes what was found before something threw, where the tracker's inspection tells it bit by bit.
 */
export async function inspectTracker(
  config: Config,
  parts: { readonly gateway: Gateway; readonly access: TrackerToken; readonly now: number; readonly checks?: Check[] },
): Promise<TrackerInspection> {
  if (config.tracker.kind === 'github') return inspectGitHub(config, parts);
  const facts =
    config.tracker.kind === 'redmine' ? await inspectRedmine(config, parts.gateway) : await inspectJiraDc(config, parts.gateway);
  return { checks: facts.checks, facts: { ...facts.facts, subject: trackerSubject(config), at: parts.now } };
}

async function inspectGitHub(
  config: Config,
  parts: { readonly gateway: Gateway; readonly access: TrackerToken; readonly now: number; readonly checks?: Check[] },
): Promise<TrackerInspection> {
  const appSlug = await parts.access.appSlug();
  const inspection = await inspectRepository({
    gateway: parts.gateway,
    addresses: githubAddresses(config.tracker.url),
    repository: repositoryOf(config),
    token: parts.access.token,
    attachments: config.tracker.attachments,
    ...(parts.checks === undefined ? {} : { checks: parts.checks }),
    ...(config.tracker.attachmentsRepository === undefined
      ? {}
      : { attachmentsRepository: config.tracker.attachmentsRepository }),
    ...(appSlug === undefined ? {} : { appSlug }),
  });
  const { facts } = inspection;
  return {
    checks: inspection.checks,
    facts: {
      kind: 'github',
      subject: trackerSubject(config),
      at: parts.now,
      account: { id: facts.account.id, displayName: facts.account.displayName },
      repositoryId: facts.repositoryId,
      fullName: facts.fullName,
      url: facts.url,
      visibility: facts.visibility,
      isPrivate: facts.isPrivate,
      types: facts.types,
    },
  };
}

/** The private side, from configuration and facts. */
export function createTracker(
  config: Config,
  parts: {
    readonly gateway: Gateway;
    readonly access: TrackerToken;
    readonly facts: TrackerFacts;
    readonly connectionId: string;
    readonly writable: boolean;
  },
): Side {
  const { tracker } = config;
  const { facts } = parts;
  if (facts.kind === 'jira-dc') return createJiraDcTracker(config, { ...parts, facts });
  if (facts.kind === 'redmine') return createRedmineTracker(config, { ...parts, facts });
  const account: Author = { ...facts.account, isConnection: true };
  return createGitHubSide({
    gateway: parts.gateway,
    addresses: githubAddresses(tracker.url),
    repository: { ...repositoryOf(config), id: facts.repositoryId, private: facts.isPrivate },
    token: parts.access.token,
    connectionId: parts.connectionId,
    trigger: parsePrivateTrigger(tracker.trigger),
    account,
    attachments: attachmentsOf(config, facts),
    ...(tracker.attachmentsRepository === undefined ? {} : { attachmentsRepository: tracker.attachmentsRepository }),
    types: facts.types,
    defaultTypeName: undefined,
    writable: parts.writable,
  });
}

/** In a public repository files cross only where its owner said that it may be public. */
export function attachmentsOf(config: Config, facts: TrackerFacts): 'repository' | 'list-only' {
  return facts.isPrivate || config.tracker.allowPublic ? config.tracker.attachments : 'list-only';
}
