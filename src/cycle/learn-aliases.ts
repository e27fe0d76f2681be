import { otherSide } from '../core/model.ts';
import type { AttachmentPair } from '../core/twin.ts';
import { kindOf } from '../errors.ts';
import type { Memory } from './memory.ts';
import { isSpent, setFiles } from './memory.ts';
import type { Twin } from './state.ts';

/**
 * Learns what texts call the copies of which no upload told it, as they were found again or their media could not be asked for:
 * once such a copy is removed nobody tells any more, and the texts that show it would read as edited. What cannot be learnt now
 * is asked for again when the twin is next settled.
 */
export async function learnAliases(memory: Memory, twin: Twin): Promise<void> {
  const learnt = new Map<AttachmentPair, AttachmentPair>();
  try {
    for (const pair of twin.base.attachments) {
      if (pair.alias !== undefined || isSpent(memory)) continue;
      const alias = await aliasOf(memory, pair);
      if (alias !== undefined) learnt.set(pair, { ...pair, alias });
    }
  } catch (error) {
    // One that is not told now tells enough of the others.
    if (kindOf(error) === 'configuration' || kindOf(error) === 'inactive') throw error;
  }
  if (learnt.size === 0) return;
  const attachments = twin.base.attachments.map((pair) => learnt.get(pair) ?? pair);
  setFiles(memory, twin, attachments);
}

async function aliasOf(memory: Memory, { origin, ids }: AttachmentPair): Promise<string | undefined> {
  const side = otherSide[origin];
  const { reader } = memory.ports.sides[side];
  if (reader.aliasOf === undefined) return undefined;
  await memory.ports.holdLease();
  return reader.aliasOf(ids[side]);
}
