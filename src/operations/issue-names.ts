import type { Config } from '../config/config.ts';
import type { Directive, IssueName } from '../cycle/ports.ts';
import { SallyportError, messageOf } from '../errors.ts';
import type { Invitation } from '../invitation/invitation.ts';

/** What names need to know of the two sides. */
type PublicSide = Pick<Invitation, 'siteUrl' | 'project'>;

const directives: Readonly<Partial<Record<Config['operation'], Directive['kind']>>> = {
  push: 'push',
  connect: 'connect',
  unlink: 'unlink',
  retry: 'retry',
};

/**
 * What the operation asks a cycle to do first; undefined for a plain sync.
 *
 * @throws SallyportError `configuration` with every name that names no issue of either side
 */
export function directiveOf(config: Config, publicSide: PublicSide): Directive | undefined {
  if (config.operation === 'reissue') return { kind: 'resign', issues: [] };
  const kind = directives[config.operation];
  if (kind === undefined) return undefined;
  const issues: IssueName[] = [];
  const problems: string[] = [];
  for (const text of config.issues) {
    try {
      issues.push(parseIssueName(text, { config, publicSide }));
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  if (problems.length > 0) throw new SallyportError(`issues: ${problems.join(' ')}`, { kind: 'configuration' });
  return { kind, issues };
}

interface Context {
  readonly config: Config;
  readonly publicSide: PublicSide;
}

/**
 * An issue as people write it: `ABC-12`, `#12`, `12`, `owner/repo#12`, or its address. No request is made, so whether there is
 * such an issue is the cycle's to find out.
 */
function parseIssueName(text: string, context: Context): IssueName {
  const shown = text.slice(0, 200);
  if (/^https?:\/\//i.test(text)) return { text: shown, ...ofAddress(text, context) };
  const { tracker } = context.config;
  const short = /^(?:([\w.-]+\/[\w.-]+))?#([1-9]\d{0,17})$/.exec(text);
  if (short?.[2] !== undefined) {
    if (tracker.kind === 'jira-dc') throw bad(`${shown} is no key of a Jira issue; write one such as ${tracker.projectKey}-12.`);
    if (short[1] !== undefined) requireRepository(short[1], { shown, context });
    return { text: shown, side: 'private', key: short[2] };
  }
  if (/^[1-9]\d{0,17}$/.test(text)) {
    if (tracker.kind === 'jira-dc') throw bad(`${shown} may be an issue of either Jira; write its key or its address.`);
    return { text: shown, side: 'private', key: text };
  }
  if (/^[A-Z][A-Z0-9_]*-[1-9]\d{0,17}$/i.test(text)) return { text: shown, ...ofKey(text.toUpperCase(), context) };
  const example = tracker.kind === 'jira-dc' ? `${tracker.projectKey}-12` : '#12';
  throw bad(`${shown} is no issue of either side; write ${context.publicSide.project.key}-12, ${example} or its address.`);
}

function bad(message: string): SallyportError {
  return new SallyportError(message, { kind: 'configuration' });
}

function ofKey(key: string, { config, publicSide }: Context): Pick<IssueName, 'side' | 'key'> {
  const { tracker } = config;
  if (tracker.kind !== 'jira-dc') return { side: 'public', key };
  const prefix = key.replace(/-\d+$/, '');
  const isPublic = prefix === publicSide.project.key;
  const isPrivate = prefix === tracker.projectKey;
  if (isPublic !== isPrivate) return { side: isPublic ? 'public' : 'private', key };
  throw bad(
    isPublic
      ? `${key} may be an issue of either Jira, whose projects have the same key; write its address.`
      : `${key} is of neither project (${publicSide.project.key} at ${publicSide.siteUrl}, ${tracker.projectKey} at ${tracker.url}); write its address if it was moved.`,
  );
}

function requireRepository(given: string, at: { readonly shown: string; readonly context: Context }): void {
  const { repository, kind } = at.context.config.tracker;
  const own = repository === undefined ? '' : `${repository.owner}/${repository.name}`;
  if (kind === 'github' && given.toLowerCase() === own.toLowerCase()) return;
  throw bad(
    kind === 'github'
      ? `${at.shown} is of another repository than ${own}, the one of this connection.`
      : `${at.shown} names a repository; write #${at.shown.replace(/^.*#/, '')}.`,
  );
}

function ofAddress(text: string, context: Context): Pick<IssueName, 'side' | 'key'> {
  const { config, publicSide } = context;
  const { tracker } = config;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw bad(`${text.slice(0, 200)} is no address.`);
  const path = (base: string): string | undefined => {
    const root = new URL(base);
    const prefix = root.pathname.replace(/\/$/, '');
    return url.origin === root.origin && url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : undefined;
  };
  const inSite = path(publicSide.siteUrl);
  const inTracker = tracker.url === '' ? undefined : path(tracker.url);
  const keyIn = (at: string): string | undefined =>
    /^\/browse\/([A-Z][A-Z0-9_]*-\d+)\/?$/i.exec(at)?.[1]?.toUpperCase() ??
    /^[A-Z][A-Z0-9_]*-\d+$/i.exec(url.searchParams.get('selectedIssue') ?? '')?.[0]?.toUpperCase();
  const publicKey = inSite === undefined ? undefined : keyIn(inSite);
  if (publicKey !== undefined) return { side: 'public', key: publicKey };
  const shown = `${url.origin}${url.pathname}`.slice(0, 200);
  if (inTracker !== undefined) {
    const key = tracker.kind === 'jira-dc' ? keyIn(inTracker) : numberIn(inTracker, { shown, context });
    if (key !== undefined) return { side: 'private', key };
  }
  throw bad(`${shown} is the address of no issue at ${publicSide.siteUrl} or ${tracker.url}.`);
}

function numberIn(at: string, found: { readonly shown: string; readonly context: Context }): string | undefined {
  if (found.context.config.tracker.kind === 'redmine') return /^\/issues\/([1-9]\d*)\/?$/.exec(at)?.[1];
  const match = /^\/([\w.-]+\/[\w.-]+)\/(issues|pull)\/([1-9]\d*)\/?$/.exec(at);
  if (match?.[1] === undefined) return undefined;
  if (match[2] === 'pull') throw bad(`${found.shown} is a pull request; only issues are in sync.`);
  requireRepository(match[1], found);
  return match[3];
}
