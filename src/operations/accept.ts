import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import type { AcceptRecord } from '../connection/record.ts';
import { recordFormat } from '../connection/record.ts';
import { checkDestination, checkNotRemoving } from '../connection/record-checks.ts';
import { SallyportError } from '../errors.ts';
import { checkExpiry } from '../invitation/decode-invitation.ts';
import { createJiraApi } from '../sides/jira-cloud/client.ts';
import { requireProjectShown } from '../sides/jira-cloud/project-shown.ts';
import type { Check } from '../sides/side.ts';
import { cardOf } from './card.ts';
import type { Connected } from './connect.ts';
import { connect, timeOf } from './connect.ts';
import type { Outcome } from '../report/outcome.ts';
import type { Runtime } from './runtime.ts';
import { openSecret } from './save-secret.ts';
import type { TrackerFacts, TrackerInspection } from './tracker.ts';
import { inspectTracker, trackerToken } from './tracker.ts';
import { checkBeforeAccept } from './before-accept.ts';
import { checkTriggers } from './triggers.ts';

/**
 * The private side's admin accepts: the destination is checked and written into the record, which makes it Active. Under
 * `dry-run` all is checked and nothing written; the card tells what stands there now.
 */
export async function accept(config: Config, runtime: Runtime): Promise<Outcome> {
  checkTriggers(config);
  const connected = await connect(config, runtime);
  const snapshot = await connected.record.read({ secretHash: connected.secretHash, runnerVersion: runtime.version });
  const now = timeOf(connected);
  const access = trackerToken(config, { gateway: connected.gateway, mask: runtime.mask });
  const { checks, facts } = await inspectTracker(config, { gateway: connected.gateway, access, now });
  const ready = requireReady(config, { checks, facts });
  if (snapshot.accept === undefined) await checkBeforeAccept(config, { connected, snapshot, access, facts: ready });
  const { dryRun } = config.sync;
  const common = { kind: 'accepted', checks: [...checks, audience(ready)], wasAccepted: snapshot.accept !== undefined } as const;
  if (dryRun) {
    await checkAcceptance(connected, { snapshot, fingerprint: fingerprintOf(ready), now });
    return { ...common, dryRun, card: cardOf(connected.invitation.connectionId, snapshot), savedAs: undefined };
  }
  const secret = config.saveSecret === '' ? undefined : await openSecret(config, runtime, config.saveSecret);
  const accepted = await acceptDestination(connected, { snapshot, facts: ready, now });
  await secret?.save(config.invitationCode);
  const card = cardOf(connected.invitation.connectionId, { initiator: snapshot.initiator, accept: accepted });
  return { ...common, dryRun, card, savedAs: secret?.name };
}

/** Who will be able to read what crosses, said before it does. */
export function audience(facts: TrackerFacts): Check {
  const readers: Readonly<Record<string, string>> = {
    public: 'everybody on the internet',
    internal: 'every member of the enterprise',
    private: 'everybody with access to the repository',
    project: 'everybody who may browse the project',
    users: 'every user of the server, without a log-in where it requires none',
  };
  const where = facts.kind !== 'github' ? `Project ${facts.fullName}` : `${facts.fullName} is ${facts.visibility}`;
  const detail = `${where}: what is synced, restricted comments included, is readable by ${readers[facts.visibility] ?? readers['private']}`;
  return {
    name: 'audience',
    outcome: facts.isPrivate ? 'passed' : 'warning',
    detail,
    next: facts.isPrivate ? undefined : 'Set restricted-comments: hold to keep restricted comments home.',
  };
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

/** The facts, if no check failed and the audience is allowed. */
export function requireReady(config: Config, inspection: TrackerInspection): TrackerFacts {
  const failed = inspection.checks.filter((check) => check.outcome === 'failed');
  if (failed.length > 0) {
    const lines = failed.map(({ name, detail, next }) =>
      next === undefined ? `${name}: ${sentence(detail)}` : `${name}: ${sentence(detail)} ${next}`,
    );
    throw new SallyportError(`The private tracker cannot be used yet. ${lines.join(' ')}`, { kind: 'permission' });
  }
  const { facts } = inspection;
  if (!facts.isPrivate && !config.tracker.allowPublic) {
    throw new SallyportError(
      `${facts.fullName} is public: everybody could read what is synced from Jira. Choose a private repository, or set allow-public: true if that is meant.`,
      { kind: 'configuration' },
    );
  }
  return facts;
}

/**
 * Writes the acceptor's key and reads it back. The same destination again is a no-op.
 *
 * @throws SallyportError `configuration` where another destination has accepted, or the code has expired; `permission` where
 * Jira does not show the project to the account any more.
 */
export async function acceptDestination(
  connected: Connected,
  parts: { readonly snapshot: ConnectionSnapshot; readonly facts: TrackerFacts; readonly now: number },
): Promise<AcceptRecord> {
  const { snapshot, facts, now } = parts;
  const fingerprint = fingerprintOf(facts);
  await checkAcceptance(connected, { snapshot, fingerprint, now });
  if (snapshot.accept !== undefined) return snapshot.accept;
  await connected.record.acceptor.write({
    format: recordFormat,
    paused: false,
    destination: facts.fullName.slice(0, 255),
    tracker: facts.kind,
    project: facts.fullName.slice(0, 255),
    fingerprint,
    ...(facts.kind === 'github' ? { types: facts.types } : {}),
    acceptedAt: now,
  });
  const written = await connected.record.read();
  checkDestination(written.accept, fingerprint);
  if (written.accept !== undefined) return written.accept;
  throw new SallyportError('Jira does not show the acceptance that was just written; the next run may see it.', {
    kind: 'passing',
  });
}

/** What must hold before an acceptance is written, or found to be written already. */
async function checkAcceptance(
  connected: Connected,
  parts: { readonly snapshot: ConnectionSnapshot; readonly fingerprint: string; readonly now: number },
): Promise<void> {
  const { snapshot, fingerprint, now } = parts;
  const { initiator, accept: before } = snapshot;
  checkDestination(before, fingerprint);
  checkNotRemoving(initiator.name, before);
  if (before !== undefined) return;
  checkExpiry(connected.invitation, { now, accepted: false });
  // An acceptance makes the connection Active; one over a project that Jira does not show could not run.
  await requireProjectShown({ api: createJiraApi(connected), project: initiator.project }, 'control');
}

/** Immutable ids, so that a renamed repository or project stays the same destination. */
export function fingerprintOf(facts: TrackerFacts): string {
  if (facts.kind !== 'github') return `${facts.kind} ${new URL(facts.url).host} ${facts.project.id}`;
  return `github ${new URL(facts.url).host} ${facts.repositoryId}`;
}
