import type { RawInputs } from '../config/inputs.ts';
import { messageOf } from '../errors.ts';
import type { StatusOutcome } from '../report/outcome.ts';
import { shown } from '../report/shown.ts';
import { accountInputs } from './held.ts';
import { run } from './parts.ts';
import type { Console } from './parts.ts';

/** What reaches a connection: its code and tracker where they are held, else the account that keeps it. */
export function inputsOf(console: Console, id: string): RawInputs | undefined {
  return console.held.connections.get(id)?.raw ?? accountInputsOf(console, id);
}

/** The connection by the account that keeps it, whatever code is held; undefined where it is another account's. */
export function accountInputsOf(console: Console, id: string): RawInputs | undefined {
  const { account } = console.held;
  return account === undefined || !isOwn(console, id) ? undefined : { ...accountInputs(account), connection: id };
}

/** Whether the admin who sits here is the public side's: the connection is among those of the account signed in. */
export function isOwn(console: Console, connectionId: string): boolean {
  const { listed, issued } = console.held;
  return issued.has(connectionId) || listed?.connections.some((connection) => connection.connectionId === connectionId) === true;
}

/**
 * The connection's status, or why there is none; undefined where nothing reaches it. `evenOld` is content with what was read
 * last, a failure too.
 */
export async function statusOf(
  console: Console,
  id: string,
  options: { readonly evenOld: boolean },
): Promise<StatusOutcome | string | undefined> {
  const { statuses, unread } = console.held;
  const known = statuses.get(id) ?? unread.get(id);
  if (options.evenOld && known !== undefined) return known;
  const inputs = inputsOf(console, id);
  if (inputs === undefined) return undefined;
  try {
    const outcome = shown(await run(console, { ...inputs, operation: 'status' }));
    if (outcome.kind !== 'status') return undefined;
    unread.delete(id);
    statuses.set(id, outcome);
    return outcome;
  } catch (error) {
    const problem = console.redact(messageOf(error));
    statuses.delete(id);
    unread.set(id, problem);
    return problem;
  }
}
