import type { Config } from '../config/config.ts';
import { checkNotRemoving } from '../connection/record-checks.ts';
import type { InitiatorRecord } from '../connection/record.ts';
import { SallyportError } from '../errors.ts';
import { acceptanceDurationMs, connectionKeyFrom, secretHashOf } from '../invitation/invitation.ts';
import type { Invitation } from '../invitation/invitation.ts';
import type { Outcome } from '../report/outcome.ts';
import { openAuditLog } from './audit-log.ts';
import { cardOf } from './card.ts';
import { checkAccount, connect, timeOf } from './connect.ts';
import type { Connected } from './connect.ts';
import { isRefusal, prepareHandOut, sealingOf } from './hand-out.ts';
import type { Runtime } from './runtime.ts';
import { syncOnce } from './sync-once.ts';
import type { SyncedOnce } from './sync-once.ts';

type Reissued = Extract<Outcome, { kind: 'reissued' }>;

/**
 * A new code with a new secret. A Pending connection's code before is dead at once; an accepted one's is good until a run has
 * worked with the new code, which carries the key before to verify what that signed, until `finish` has signed it anew.
 *
 * @throws SallyportError `configuration` where a reissue is unfinished
 */
export async function reissue(config: Config, runtime: Runtime): Promise<Outcome> {
  return config.finish ? finish(config, runtime) : begin(config, runtime);
}

async function begin(config: Config, runtime: Runtime): Promise<Reissued> {
  const connected = await connect(config, runtime);
  const { invitation, record } = connected;
  const sealing = sealingOf(config, runtime, { holdsCredentials: invitation.credentials !== undefined });
  await checkAccount(config, connected);
  const snapshot = await record.read({ secretHash: connected.secretHash, runnerVersion: runtime.version });
  const { initiator, accept } = snapshot;
  checkNotRemoving(initiator.name, accept);
  // The code before may be given again as long as nothing worked with the newer one, which got lost then.
  if (initiator.previousSecretHash !== undefined && initiator.secretHash === connected.secretHash && accept !== undefined)
    throw new SallyportError(
      'A reissue of this connection is not finished: there may still be stamps under the key before this one. Run reissue with finish (on the command line --finish) first.',
      { kind: 'configuration' },
    );
  const now = timeOf(connected);
  const card = cardOf(invitation.connectionId, snapshot);
  const stage = accept === undefined ? 'replaced' : 'begun';
  const none = { code: undefined, passphrase: undefined, savedAs: undefined };
  if (config.sync.dryRun)
    return { kind: 'reissued', card, stage, dryRun: true, ...none, expiresAt: undefined, left: 0, failures: [] };
  const next = nextInvitation(config, runtime, { connected, initiator, now, isAccepted: accept !== undefined });
  const handOut = await prepareHandOut(config, runtime, { invitation: next, sealing });
  const handed = await handOut({
    write: () => record.initiator.write(nextRecord(initiator, { next, connected, isAccepted: accept !== undefined })),
    undo: async (reason) => {
      // It may have been saved: both codes of an accepted connection are good, so neither is to die here.
      if (accept !== undefined && !isRefusal(reason))
        return 'The code before is still good, and the new one, too, if it was saved. Run reissue again with the code before.';
      await record.initiator.write(initiator);
      return 'The record was taken back: the code before is good as it was.';
    },
  });
  return { kind: 'reissued', card, stage, dryRun: false, ...handed, expiresAt: next.expiresAt, left: 0, failures: [] };
}

/** Another token may come with the new code; name and project are those of the record now. */
function nextInvitation(
  config: Config,
  runtime: Runtime,
  from: {
    readonly connected: Connected;
    readonly initiator: InitiatorRecord;
    readonly now: number;
    readonly isAccepted: boolean;
  },
): Invitation {
  const { invitation } = from.connected;
  const { previousKey: _, credentials, ...rest } = invitation;
  const key = connectionKeyFrom(runtime.randomBytes(32));
  runtime.mask(key.secret);
  const given = config.jiraToken === '' ? credentials : { email: config.jiraEmail, token: config.jiraToken };
  return {
    ...rest,
    ...key,
    name: from.initiator.name,
    project: from.initiator.project,
    ...(credentials === undefined || given === undefined ? {} : { credentials: given }),
    issuedAt: from.now,
    expiresAt: from.now + acceptanceDurationMs,
    ...(from.isAccepted ? { previousKey: { keyId: invitation.keyId, secret: invitation.secret } } : {}),
  };
}

function nextRecord(
  initiator: InitiatorRecord,
  to: { readonly next: Invitation; readonly connected: Connected; readonly isAccepted: boolean },
): InitiatorRecord {
  const { previousSecretHash: _, ...rest } = initiator;
  return {
    ...rest,
    secretHash: secretHashOf(to.next.secret),
    ...(to.isAccepted ? { previousSecretHash: to.connected.secretHash } : {}),
  };
}

/** One sync cycle that also signs all stamps anew; once none is left, the key before goes from the record and from the code. */
async function finish(config: Config, runtime: Runtime): Promise<Reissued> {
  const connected = await connect(config, runtime);
  const { invitation, record } = connected;
  const sealing = sealingOf(config, runtime, { holdsCredentials: invitation.credentials !== undefined });
  await checkAccount(config, connected);
  const { initiator } = await record.read({ secretHash: connected.secretHash, runnerVersion: runtime.version });
  if (initiator.secretHash !== connected.secretHash)
    throw new SallyportError('reissue --finish takes the new code: this is the one before it.', { kind: 'configuration' });
  if (initiator.previousSecretHash === undefined)
    throw new SallyportError('No reissue of this connection is under way, so there is none to be finished.', {
      kind: 'configuration',
    });
  const { previousKey: _dropped, ...last } = invitation;
  const handOut = config.sync.dryRun ? undefined : await prepareHandOut(config, runtime, { invitation: last, sealing });
  const { card, report } = await cycle(config, runtime, connected);
  const left = report.result.resigned?.left ?? 0;
  const common = { kind: 'reissued' as const, card, left, failures: report.result.failures, expiresAt: undefined };
  const none = { code: undefined, passphrase: undefined, savedAs: undefined };
  const { dryRun } = config.sync;
  if (left > 0 || handOut === undefined) return { ...common, stage: 'unfinished', dryRun, ...none };
  // Written after the cycle: another operation of the public side may have changed it meanwhile.
  const before = (await record.read()).initiator;
  const { previousSecretHash: _, ...now } = before;
  const handed = await handOut({
    write: () => record.initiator.write(now),
    undo: async () => {
      await record.initiator.write(before);
      return 'The code that was given stays good; run reissue with finish again.';
    },
  });
  return { ...common, stage: 'finished', dryRun, ...handed };
}

async function cycle(config: Config, runtime: Runtime, connected: Connected): Promise<SyncedOnce> {
  const log = await openAuditLog(config, runtime);
  try {
    return await syncOnce(config, runtime, { connected, journal: log?.journal });
  } finally {
    await log?.close();
  }
}
