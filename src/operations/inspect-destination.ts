import type { Config } from '../config/config.ts';
import { checkDestination } from '../connection/record-checks.ts';
import { statusOf } from '../connection/status.ts';
import type { Check } from '../core/result.ts';
import { SallyportError, kindOf, messageOf } from '../errors.ts';
import { checkExpiry } from '../invitation/decode-invitation.ts';
import { audience, fingerprintOf, requireReady } from './accept.ts';
import { checkAccount, connect, timeOf } from './connect.ts';
import type { Runtime } from './runtime.ts';
import type { TrackerInspection } from './tracker.ts';
import { inspectTracker, trackerToken } from './tracker.ts';
import { checkTriggers, tryTriggers } from './triggers.ts';

/**
 * Everything that `accept` looks at, as a list of checks, and nothing written: what an administrator is shown before
 * *Confirm*. A check that failed ends the list where the later ones stand on it.
 */
export async function inspectDestination(config: Config, runtime: Runtime): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      checks.push(failure(name, error));
      return undefined;
    }
  };
  const passed = (name: string, detail: string): void => void checks.push({ name, outcome: 'passed', detail, next: undefined });

  const connected = await attempt('invitation code', () => connect(config, runtime));
  if (connected === undefined) return checks;
  passed('invitation code', `whole, for ${connected.invitation.name}`);
  const snapshot = await attempt('public side', async () => {
    await checkAccount(config, connected);
    const read = await connected.record.read({ secretHash: connected.secretHash, runnerVersion: runtime.version });
    checkExpiry(connected.invitation, { now: timeOf(connected), accepted: read.accept !== undefined });
    return read;
  });
  if (snapshot === undefined) return checks;
  const { initiator } = snapshot;
  passed('public side', `${initiator.siteUrl}, project ${initiator.project.key}: ${statusOf(snapshot)}`);
  const { gateway } = connected;
  const access = await attempt('tracker', async () => trackerToken(config, { gateway, mask: runtime.mask }));
  if (access === undefined) return checks;
  const inspection = await attempt('tracker', () => inspectTracker(config, { gateway, access, now: timeOf(connected) }));
  if (inspection === undefined) return checks;
  checks.push(...inspection.checks);
  await attempt('triggers', async () => {
    checkTriggers(config);
    await tryTriggers(config, { connected, snapshot, access, facts: inspection.facts });
  });
  await attempt('destination', async () => checkDestination(snapshot.accept, fingerprintOf(inspection.facts)));
  checks.push(readers(config, inspection));
  return checks;
}

/** Who will read what crosses; a public repository fails until it is allowed, with the same words as in `accept`. */
function readers(config: Config, inspection: TrackerInspection): Check {
  try {
    requireReady(config, { ...inspection, checks: [] });
    return audience(inspection.facts);
  } catch (error) {
    return failure('audience', error);
  }
}

/** The advice that an error's message ends with stays in it: messages of this program say what to do next. */
function failure(name: string, error: unknown): Check {
  const next = error instanceof SallyportError && kindOf(error) === 'passing' ? 'Check again in a while.' : undefined;
  return { name, outcome: 'failed', detail: messageOf(error), next };
}
