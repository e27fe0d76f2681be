import { withTextsDue } from '../core/late-files.ts';
import { otherSide } from '../core/model.ts';
import type { SideName } from '../core/model.ts';
import type { AttachmentPair } from '../core/twin.ts';
import { kindOf, messageOf } from '../errors.ts';
import { holdsBytes } from './arrived.ts';
import type { Memory } from './memory.ts';
import { bothOf, dropFile, isSpent, retryLater, setFiles } from './memory.ts';
import type { Twin } from './state.ts';
import { noteTwinFailure } from './twin-failure.ts';

/**
 * Reads back the copies that an earlier run could not. What arrived with other bytes is taken away, and its origin is
 * copied anew.
 */
export async function readUnread(memory: Memory, twins: readonly Twin[]): Promise<void> {
  for (const twin of twins)
    for (const pair of twin.base.attachments) if (pair.unread === true && !isSpent(memory)) await readPair(memory, twin, pair);
}

async function readPair(memory: Memory, twin: Twin, pair: AttachmentPair): Promise<void> {
  const side = otherSide[pair.origin];
  const [issueId, attachmentId] = [twin.base.ids[side], pair.ids[side]];
  const snapshots = bothOf(memory, twin);
  // What is not listed any more is a removal: the plan's.
  if (snapshots?.[side].attachments.some(({ id }) => id === attachmentId) !== true) return;
  try {
    if (await holdsBytes(memory.ports.sides[side], { issueId, attachmentId, sha256: pair.sha256 })) {
      const { unread: _, ...read } = pair;
      const attachments = twin.base.attachments.map((other) => (other === pair ? read : other));
      setFiles(memory, twin, attachments);
      twin.base = withTextsDue(twin.base, { side: pair.origin, id: pair.ids[pair.origin] }, snapshots);
      return;
    }
    await memory.ports.holdLease();
    await memory.ports.sides[side].writer?.removeAttachments([{ issueId, attachmentId }]);
    memory.writes += 1;
    dropFile(memory, twin, { side, id: attachmentId });
  } catch (error) {
    noteUnread(memory, { twin, side, name: pair.name }, error);
  }
}

/** Tells of a copy that could not be read back, or taken away, and has it read again. */
export function noteUnread(
  memory: Memory,
  file: { readonly twin: Twin; readonly side: SideName; readonly name: string },
  error: unknown,
): void {
  const kind = kindOf(error);
  if (kind === 'configuration' || kind === 'inactive') throw error;
  const { twin, side, name } = file;
  const origin = otherSide[side];
  retryLater(memory, { side: origin, id: twin.base.ids[origin], reason: messageOf(error) });
  const next = 'It was copied, but is not known to have arrived whole. It is looked at again by itself.';
  noteTwinFailure(memory, twin, { what: `attachment ${name}`, error, next });
}
