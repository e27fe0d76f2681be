import type { SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { replicaOf } from '../core/replica.ts';
import { isWholeText, wholeTextFile } from '../core/whole-text.ts';
import { SallyportError } from '../errors.ts';
import type { AttachmentContent } from '../sides/side.ts';
import type { Memory } from './memory.ts';
import type { Twin } from './state.ts';

/**
 * The bytes of an attachment of a twin's issue on one side, or of the text that stands as one (core/whole-text.ts).
 *
 * @throws SallyportError as `SideReader.openAttachment` does; `passing` where the text has changed since it was planned.
 */
export async function openFile(
  memory: Memory,
  twin: Twin,
  file: { readonly side: SideName; readonly id: string },
): Promise<AttachmentContent> {
  const { side, id } = file;
  const issueId = twin.base.ids[side];
  if (!isWholeText(id)) return memory.ports.sides[side].reader.openAttachment(issueId, id);
  const issue = memory.snapshots[side].get(issueId);
  const other = memory.snapshots[otherSide[side]].get(twin.base.ids[otherSide[side]]);
  const files = [...(issue?.attachments ?? []), ...(other?.attachments ?? [])];
  const text = issue === undefined ? undefined : wholeTextFile(id, replicaOf(issue, side, twin.base), files);
  if (text === undefined) {
    throw new SallyportError('The whole text changed while it was about to be attached; the next cycle attaches it.', {
      kind: 'passing',
    });
  }
  const bytes = new TextEncoder().encode(text);
  return { stream: new Blob([bytes]).stream(), size: bytes.byteLength, mediaType: 'text/markdown' };
}
