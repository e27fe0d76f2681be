import type { Config } from '../config/config.ts';
import { SallyportError, kindOf } from '../errors.ts';
import { lackingNames, permissionNames } from '../sides/jira-cloud/access.ts';
import { publicSide } from './cycle-parts.ts';
import { tryTriggers } from './triggers.ts';

/**
 * What is tried before an acceptance is written: that the public side's account may still do in its project all that a sync
 * does there (it may have lost a permission since `initiate`), and both triggers.
 *
 * @throws SallyportError `permission` with what to grant, `configuration` for a trigger
 */
export async function checkBeforeAccept(config: Config, parts: Parameters<typeof tryTriggers>[1]): Promise<void> {
  const { initiator } = parts.snapshot;
  await tryTriggers(config, parts);
  const held = await heldPermissions(config, parts);
  // A project that is not shown at all is told as that when the acceptance looks at it.
  if (held === undefined) return;
  const missing = lackingNames(permissionNames, held);
  if (missing.length > 0)
    throw new SallyportError(
      `${initiator.accountName} lacks permissions in project ${initiator.project.key} on Jira Cloud: ${missing.join(', ')}. Nothing was written. Grant them in the project's permission scheme.`,
      { kind: 'permission' },
    );
}

/** Undefined where Jira does not show the project to the account. */
async function heldPermissions(config: Config, parts: Parameters<typeof tryTriggers>[1]): Promise<readonly string[] | undefined> {
  try {
    return await publicSide(config, { ...parts, lease: undefined }).reader.permissions();
  } catch (error) {
    if (kindOf(error) === 'gone') return undefined;
    throw error;
  }
}
