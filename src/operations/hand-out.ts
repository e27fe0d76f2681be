import type { Config } from '../config/config.ts';
import { SallyportError, kindOf, messageOf } from '../errors.ts';
import { encodeInvitation, generatePassphrase } from '../invitation/encode-invitation.ts';
import { secretsOf } from '../invitation/decode-invitation.ts';
import type { Invitation } from '../invitation/invitation.ts';
import type { Runtime } from './runtime.ts';
import { openSecret } from './save-secret.ts';

export interface Sealing {
  readonly passphrase: string | undefined;
  readonly isGenerated: boolean;
}

/** A code as its operation ends with it: shown once, or saved as a secret. */
export interface HandedOut {
  /** Undefined where it was saved as a secret instead. */
  readonly code: string | undefined;
  /** A passphrase that was made up here; shown once. */
  readonly passphrase: string | undefined;
  readonly savedAs: string | undefined;
}

/**
 * How a code is to be sealed, found out before anything is done: by default whenever it holds credentials. In a workflow no
 * passphrase is made up and no unsealed code shown.
 *
 * @throws SallyportError `configuration` in a workflow without passphrase and `save-secret`
 */
export function sealingOf(config: Config, runtime: Runtime, code: { readonly holdsCredentials: boolean }): Sealing {
  if (config.passphrase !== '') return { passphrase: config.passphrase, isGenerated: false };
  if (runtime.inWorkflow && config.saveSecret === '') {
    throw new SallyportError(
      `${config.operation} in a workflow: its log is read by others, so the code must be sealed with a passphrase of yours (input passphrase, from a secret), or saved as a secret (save-secret).`,
      { kind: 'configuration' },
    );
  }
  if (config.initiate.unsealed || !code.holdsCredentials || config.saveSecret !== '')
    return { passphrase: undefined, isGenerated: false };
  const passphrase = generatePassphrase(runtime.randomBytes(16));
  runtime.mask(passphrase);
  return { passphrase, isGenerated: true };
}

/** The write by which a code becomes good. */
export interface CodeWrite {
  write(): Promise<void>;
  /** After the code could not be saved for this reason: takes the write back where that loses no code; what is so now, in a sentence. */
  undo(reason: unknown): Promise<string>;
}

/**
 * Makes the code of an invitation, and looks whether it can be saved where that is wanted: all that may be refused is
 * refused before the record is written. What comes back writes it, and hands the code out.
 */
export async function prepareHandOut(
  config: Config,
  runtime: Runtime,
  parts: { readonly invitation: Invitation; readonly sealing: Sealing },
): Promise<(record: CodeWrite) => Promise<HandedOut>> {
  const { invitation, sealing } = parts;
  const code = encodeInvitation(invitation, {
    passphrase: sealing.passphrase,
    salt: runtime.randomBytes(16),
    nonce: runtime.randomBytes(12),
  });
  const passphrase = sealing.isGenerated ? sealing.passphrase : undefined;
  if (config.saveSecret === '')
    return async (record) => {
      await record.write();
      return { code, passphrase, savedAs: undefined };
    };
  for (const secret of secretsOf(invitation, code)) runtime.mask(secret);
  const secret = await openSecret(config, runtime, config.saveSecret);
  return async (record) => {
    await record.write();
    try {
      await secret.save(code);
    } catch (error) {
      throw await unsaved(error, record);
    }
    return { code: undefined, passphrase, savedAs: secret.name };
  };
}

/** The error of a code that was not saved, with what became of the record. */
async function unsaved(reason: unknown, record: CodeWrite): Promise<SallyportError> {
  let now: string;
  try {
    now = await record.undo(reason);
  } catch (error) {
    now = `The record stays written, because taking it back failed as well: ${messageOf(error)}`;
  }
  return new SallyportError(`${messageOf(reason)} ${now}`, { kind: kindOf(reason), cause: reason });
}

/** Whether an answer says that nothing was done; without one, or after an error of the server, it may have been. */
export function isRefusal(reason: unknown): boolean {
  return reason instanceof SallyportError && reason.status !== undefined && reason.status < 500;
}
