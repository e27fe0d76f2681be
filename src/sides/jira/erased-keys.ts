import { kindOf } from '../../errors.ts';
import { anyMarkKey, markKey } from './mark-properties.ts';

/**
 * Which properties of an issue go with a connection. `sallyport.mark` is shared by all: it goes too where it names this one,
 * unless another connection's mark stands beside it, which then inherits it. The ledger's own parts go last to first, and the
 * shared mark at the very end: until then the issue is known for a twin.
 */
export function erasedKeys(
  connectionId: string,
  keys: readonly string[],
  shared: unknown,
): { readonly remove: readonly string[]; readonly heir: string | undefined } {
  const own = keys.filter((key) => key === markKey(connectionId) || key.startsWith(`${markKey(connectionId)}.`));
  const isShared = typeof shared === 'object' && shared !== null && 'connection' in shared && shared.connection === connectionId;
  const other = keys.find((key) => /^sallyport\.[a-z0-9]{10}$/.test(key) && key !== markKey(connectionId));
  const isInherited = isShared && other !== undefined;
  return {
    remove: [...own.toSorted().toReversed(), ...(isShared && !isInherited ? [anyMarkKey] : [])],
    heir: isInherited ? other.slice('sallyport.'.length) : undefined,
  };
}

/** What somebody else took away meanwhile needs no taking away. */
export async function unlessGone(step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (kindOf(error) !== 'gone') throw error;
  }
}
