import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import type { Lease } from '../connection/lease.ts';
import { countRemovals } from '../connection/run-history.ts';
import type { Journal } from '../cycle/journal.ts';
import type { CycleOptions, CyclePorts, IntentPort } from '../cycle/ports.ts';
import { SallyportError } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { isWrite } from '../gateway/is-write.ts';
import { createJiraCloudSide } from '../sides/jira-cloud/jira-cloud-side.ts';
import type { Side } from '../sides/side.ts';
import { timeOf } from './connect.ts';
import type { Connected } from './connect.ts';
import { intentRecordOf, intentsOf } from './intents.ts';
import type { Runtime } from './runtime.ts';
import { previousKeyOf } from './state-keeper.ts';
import type { TrackerFacts, TrackerToken } from './tracker.ts';
import { attachmentsOf, createTracker } from './tracker.ts';
import { directiveOf } from './issue-names.ts';

/** A write is begun only while the lease lives at least this much longer: the longest request but uploads. */
const leaseMarginMs = 60_000;

interface Parts {
  readonly connected: Connected;
  readonly snapshot: ConnectionSnapshot;
  readonly lease: Lease | undefined;
  readonly access: TrackerToken;
  readonly facts: TrackerFacts;
  readonly journal: Journal | undefined;
}

/** The ports of a cycle, over record, lease and sides. */
export function cyclePorts(config: Config, runtime: Runtime, parts: Parts): CyclePorts {
  const { connected, snapshot, lease } = parts;
  const recheck = recordWatch(connected);
  const holdLease = async (writes = 1): Promise<void> => {
    if (lease === undefined) return;
    await recheck(writes);
    await lease.renew();
    if (!lease.isLive(leaseMarginMs)) {
      throw new SallyportError(
        'The lease of this connection is about to end and could not be renewed; this run stops before its next write.',
        { kind: 'inactive' },
      );
    }
  };
  const gateway = heldGateway(connected.gateway, () => holdLease(0));
  return {
    sides: {
      public: publicSide(config, { ...parts, gateway }),
      private: createTracker(config, {
        gateway,
        access: parts.access,
        facts: parts.facts,
        connectionId: connected.invitation.connectionId,
        writable: lease !== undefined,
      }),
    },
    now: () => timeOf(connected),
    monotonicMs: () => runtime.clock.monotonicMs(),
    wait: (durationMs) => runtime.clock.wait(durationMs),
    holdLease,
    foundDead: lease?.foundDead ?? false,
    intent: intentPort(connected, { snapshot, lease }),
    readEnded: async () => {
      const ended = await connected.record.readEnded(snapshot.keys);
      return ended.map((entry) => ({ public: entry.public ?? '', private: entry.private ?? '' }));
    },
    readConnected: () => connected.record.readConnected(snapshot.keys),
    onProgress: (line) => runtime.log.info(line),
    journal: parts.journal,
  };
}

/**
 * The door of a cycle's sides: every single write asks for the lease right before it is sent, whatever was read since the
 * effect that it belongs to was begun (I2).
 */
function heldGateway(gateway: Gateway, hold: () => Promise<void>): Gateway {
  return {
    ...gateway,
    send: async (request) => {
      if (request.purpose !== 'control' && isWrite(request)) await hold();
      return gateway.send(request);
    },
  };
}

/** After so long, or so many writes, the record is read again before the next one: a revoked connection stops in the middle of a run. */
const recheckMs = 10_000;
const recheckWrites = 20;

function recordWatch(connected: Connected): (writes: number) => Promise<void> {
  let checkedAt = timeOf(connected);
  let writesSince = 0;
  let checking: Promise<void> | undefined;
  const check = async (): Promise<void> => {
    await connected.record.recheck({ secretHash: connected.secretHash });
    checkedAt = timeOf(connected);
    writesSince = 0;
  };
  return async (writes) => {
    writesSince += writes;
    if (writesSince < recheckWrites && timeOf(connected) - checkedAt < recheckMs) return;
    // Twins are settled side by side: they share one reading.
    checking ??= check().finally(() => {
      checking = undefined;
    });
    await checking;
  };
}

/** The public side, by what initiate wrote into the record. */
export function publicSide(
  config: Config,
  parts: Pick<Parts, 'connected' | 'snapshot' | 'lease'> & { readonly gateway?: Gateway },
): Side {
  const { connected, snapshot, lease, gateway = connected.gateway } = parts;
  const { initiator } = snapshot;
  return createJiraCloudSide({
    gateway,
    site: connected.site,
    project: initiator.project,
    connectionId: connected.invitation.connectionId,
    trigger: initiator.trigger,
    narrowing: config.sync.publicTrigger,
    account: { accountId: initiator.accountId, displayName: initiator.accountName, timeZone: initiator.timeZone },
    attachmentBytesMax: initiator.attachmentBytesMax,
    defaultTypeName: initiator.defaultTypeName ?? (config.defaultIssueType === '' ? undefined : config.defaultIssueType),
    writable: lease !== undefined,
  });
}

function intentPort(connected: Connected, parts: { snapshot: ConnectionSnapshot; lease: Lease | undefined }): IntentPort {
  const { snapshot, lease } = parts;
  return {
    left: intentsOf(snapshot.intent),
    write: async (intents) => {
      const record = intentRecordOf(intents, lease?.nonce ?? 'none');
      if (record !== undefined) await connected.record.runner.writeIntent(record);
    },
    clear: () => connected.record.runner.clearIntent(),
  };
}

/** The options of a cycle, from configuration and record. */
export function cycleOptions(
  config: Config,
  runtime: Runtime,
  parts: {
    readonly connected: Connected;
    readonly snapshot: ConnectionSnapshot;
    readonly facts: TrackerFacts;
    readonly now: number;
  },
): CycleOptions {
  const { connected, snapshot, facts, now } = parts;
  const { invitation } = connected;
  const { run, initiator } = snapshot;
  const previous = previousKeyOf(invitation, initiator);
  const trigger = triggerFingerprint(config, snapshot);
  return {
    cycleId: Buffer.from(runtime.randomBytes(6)).toString('hex'),
    connectionId: invitation.connectionId,
    keys: [{ id: invitation.keyId, secret: connected.secret }, ...(previous === undefined ? [] : [previous])],
    directive: directiveOf(config, invitation),
    dryRun: config.sync.dryRun,
    holdRestricted: config.sync.holdRestricted,
    backfill: config.sync.backfill && run?.backfilledTrigger !== trigger,
    audit: config.sync.audit,
    auditPeriodMs: config.sync.auditPeriodMs,
    maxChanges: config.sync.maxChanges,
    maxRemovals: config.sync.maxRemovals,
    timeBudgetMs: config.sync.timeBudgetMs,
    listOnly: attachmentsOf(config, facts) === 'list-only',
    recentRemovals: countRemovals(run?.removals ?? [], now),
    permissionsSeen: run?.permissionsSeen,
    resumeFrom: run?.resumeFrom ?? initiator.triggerSetAt,
    committedAt: run?.committedAt,
    unread: new Map(run?.unread?.map(({ issue, since }) => [issue, since])),
    asked: run?.asked ?? [],
    // What waited for the next cycle when a trigger was changed waits still.
    triggersSetAt: Math.min(initiator.triggerSetAt, run?.committedAt ?? initiator.triggerSetAt),
  };
}

/** Both triggers as they are now: older issues are taken up by a backfill once for each. */
export function triggerFingerprint(config: Config, snapshot: Pick<ConnectionSnapshot, 'initiator'>): string {
  // A hash: triggers may have thousands of characters, and their ends differ like their beginnings.
  const all = JSON.stringify([snapshot.initiator.trigger, config.sync.publicTrigger, config.tracker.trigger]);
  return createHash('sha256').update(all).digest('base64url');
}
