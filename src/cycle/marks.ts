import { ledgerMarks } from '../core/ledger.ts';
import type { SideName } from '../core/model.ts';
import { issueStamp, signStamp } from '../core/stamp.ts';
import type { TwinBase } from '../core/twin.ts';
import type { Memory } from './memory.ts';

/** The tokens that go onto an issue with a write: on the public side the whole ledger, on the private side the stamp. */
export function issueMarks(
  memory: Memory,
  side: SideName,
  options: { base: TwinBase; self: string | undefined },
): readonly string[] {
  const { keys, connectionId } = memory.options;
  if (side === 'public') return ledgerMarks(options.base, { self: options.self, key: keys[0], connectionId });
  return [signStamp(issueStamp(options.base, options.self), keys[0], connectionId)];
}
