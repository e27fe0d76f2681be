import { otherSide } from '../core/model.ts';
import type { AttachmentPair } from '../core/twin.ts';
import { kindOf } from '../errors.ts';
import type { Memory } from './memory.ts';
import { setFiles } from './memory.ts';
import type { Twin } from './state.ts';

/**
 * Learns what texts call the copies of which no upload told it, as they were found again or their media could not be asked for:
 * once such a copy is removed nobody tells any more, and the texts that show it would read as edited. What cannot be learnt now
 * is asked for again when the twin is next settled.
 */
export async function learnAliases(memory: Memory, twin: Twin): Promise<void> {
  const learnt = new Map<AttachmentPair, AttachmentPair>();
  for (const pair of twin.base.attachments) {
    const alias = pair.alias ?? (await aliasOf(memory, pair));
    if (alias !== pair.alias) learnt.set(pair, { ...pair, alias });
  }
  if (learnt.size === 0) return;
  const attachments = twin.base.attachments.map((pair) => learnt.get(pair) ?? pair);
  setFiles(memory, twin, attachments);
}

async function aliasOf(memory: Memory, { origin, ids }: AttachmentPair): Promise<string | undefined> {
  const side = otherSide[origin];
  try {
    return await memory.ports.sides[side].reader.aliasOf?.(ids[side]);
  } catch (error) {
    if (kindOf(error) === 'configuration' || kindOf(error) === 'inactive') throw error;
    return undefined;
  }
}
