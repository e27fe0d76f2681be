import type { Config } from '../config/config.ts';
import { SallyportError } from '../errors.ts';
import { encodeInvitation, generatePassphrase } from '../invitation/encode-invitation.ts';
import { secretsOf } from '../invitation/decode-invitation.ts';
import type { Invitation } from '../invitation/invitation.ts';
import type { Runtime } from './runtime.ts';
import { saveSecret } from './save-secret.ts';

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

/** Makes the code of an invitation, and saves it as a secret where that is wanted. */
export async function handOut(
  config: Config,
  runtime: Runtime,
  parts: { readonly invitation: Invitation; readonly sealing: Sealing },
): Promise<HandedOut> {
  const { invitation, sealing } = parts;
  const code = encodeInvitation(invitation, {
    passphrase: sealing.passphrase,
    salt: runtime.randomBytes(16),
    nonce: runtime.randomBytes(12),
  });
  const savedAs =
    config.saveSecret === '' ? undefined : await saveSecret(config, runtime, { name: config.saveSecret, value: code });
  if (savedAs !== undefined) for (const secret of secretsOf(invitation, code)) runtime.mask(secret);
  return {
    code: savedAs === undefined ? code : undefined,
    passphrase: sealing.isGenerated ? sealing.passphrase : undefined,
    savedAs,
  };
}
