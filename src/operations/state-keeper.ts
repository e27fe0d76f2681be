import { z } from 'zod';
import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import type { InitiatorRecord } from '../connection/record.ts';
import type { StampKey } from '../core/stamp.ts';
import type { Start } from '../cycle/run-cycle.ts';
import { secretHashOf } from '../invitation/invitation.ts';
import type { Invitation } from '../invitation/invitation.ts';
import { emptyState, stateSchema } from '../cycle/state.ts';
import type { State } from '../cycle/state.ts';
import { openState, sealState, stateKey, stateNonceBytes } from '../store/format.ts';
import type { StateStore } from '../store/store.ts';
import type { Connected } from './connect.ts';
import type { Runtime } from './runtime.ts';
import type { TrackerFacts } from './tracker.ts';
import { trackerFactsSchema } from './tracker.ts';

const savedSchema = z.object({ state: stateSchema, facts: trackerFactsSchema.optional() });

/** State as loaded, or the reason why it has to be rebuilt; and what is known of the private tracker. */
export interface Kept {
  readonly start: Start;
  readonly facts: TrackerFacts | undefined;
}

export interface StateKeeperOptions {
  readonly store: StateStore;
  readonly secret: Uint8Array;
  /** Of a reissue that is not finished: opens a state that was saved under the key before. */
  readonly previousSecret?: Uint8Array | undefined;
  readonly connectionId: string;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Loads and saves the state of one connection, encrypted; what the record does not name is never taken (sync-model.md, "State"). */
export function createStateKeeper(options: StateKeeperOptions): {
  load(snapshot: Pick<ConnectionSnapshot, 'run'>, now: number): Promise<Kept>;
  save(
    value: { state: State; facts: TrackerFacts },
    parentId: string | undefined,
  ): Promise<{ id: string; failure: string | undefined }>;
} {
  const { store, connectionId } = options;
  const key = stateKey(options.secret);
  const { previousSecret } = options;
  const keys = previousSecret === undefined ? [key] : [key, stateKey(previousSecret)];
  return {
    load: async (snapshot, now) => {
      const id = snapshot.run?.stateId;
      const rebuilt = (reason: string): Kept => ({
        // Triggers are run without a date bound at once: an origin whose copy lost its stamp is found by its ledger.
        start: { kind: 'rebuilt', state: { ...emptyState(now), triggersAuditedAt: 0 }, reason },
        facts: undefined,
      });
      if (id === undefined) {
        // A run that died before its first commit may have created copies: only a connection that never ran starts empty.
        return snapshot.run === undefined
          ? { start: { kind: 'first', state: emptyState(now) }, facts: undefined }
          : rebuilt('no cycle has committed its state yet');
      }
      const blob = await store.load(id);
      if (blob === undefined) return rebuilt('the state that the record names is not in the store');
      const opened = openState(blob, { keys, connectionId, id });
      if (opened.kind === 'unreadable') return rebuilt(`the state cannot be read: ${opened.reason}`);
      const saved = savedSchema.safeParse(opened.json);
      if (!saved.success) return rebuilt('the state has another form than this version reads');
      return { start: { kind: 'resumed', state: saved.data.state }, facts: saved.data.facts };
    },
    save: async (value, parentId) => {
      const id = Buffer.from(options.randomBytes(12)).toString('hex');
      const blob = sealState(value, { key, nonce: options.randomBytes(stateNonceBytes), connectionId, id, parentId });
      const outcome = await store.save(id, blob);
      return { id, failure: outcome.kind === 'saved' ? undefined : outcome.reason };
    },
  };
}

/** The keeper of a connection, over the store of the input `state`. */
export function keeperOf(
  config: Config,
  runtime: Runtime,
  opened: { readonly connected: Connected; readonly initiator: InitiatorRecord },
): ReturnType<typeof createStateKeeper> {
  const { connected, initiator } = opened;
  const previous = previousKeyOf(connected.invitation, initiator);
  return createStateKeeper({
    store: runtime.store(config.sync.state, connected.invitation.connectionId),
    secret: connected.secret,
    previousSecret: previous?.secret,
    connectionId: connected.invitation.connectionId,
    randomBytes: runtime.randomBytes,
  });
}

/** The key before the last reissue, as long as the record still has it: once the reissue is finished it verifies nothing. */
export function previousKeyOf(
  invitation: Invitation,
  initiator: Pick<InitiatorRecord, 'previousSecretHash'>,
): StampKey | undefined {
  const previous = invitation.previousKey;
  if (previous === undefined || initiator.previousSecretHash !== secretHashOf(previous.secret)) return undefined;
  return { id: previous.keyId, secret: Buffer.from(previous.secret, 'base64url') };
}
