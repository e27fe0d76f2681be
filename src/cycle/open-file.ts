import type { SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { replicaOf } from '../core/replica.ts';
import { commentOfWholeText, isWholeText, wholeTextFile } from '../core/whole-text.ts';
import { SallyportError } from '../errors.ts';
import type { AttachmentContent } from '../sides/side.ts';
import type { Memory } from './memory.ts';
import type { CyclePorts } from './ports.ts';
import type { Twin } from './state.ts';

/** A transfer asks for its lease this often: well within the half of a lease at which it is renewed. */
const renewMs = 20_000;

/**
 * As `openFile`, for a file that is sent on as it is read.
 *
 * @throws SallyportError as `openFile`; `passing` for the text of a comment that became restricted under `hold`; `inactive` out of the stream once the lease is over
 */
export async function openToSend(
  memory: Memory,
  twin: Twin,
  file: { readonly side: SideName; readonly id: string },
): Promise<AttachmentContent> {
  await keepHeldText(memory, twin, file);
  const content = await openFile(memory, twin, file);
  return { ...content, stream: heldWhile(content.stream, memory.ports) };
}

/** I8: the comment may have become restricted since the cycle read it, so it is read again right before its text is sent. */
async function keepHeldText(memory: Memory, twin: Twin, file: { readonly side: SideName; readonly id: string }): Promise<void> {
  const commentId = commentOfWholeText(file.id);
  if (commentId === undefined || !memory.options.holdRestricted) return;
  const issueId = twin.base.ids[file.side];
  const snapshots = memory.snapshots[file.side];
  const loaded = (await memory.ports.sides[file.side].reader.load([issueId], 'work', { fresh: true })).get(issueId);
  if (loaded?.kind !== 'present') {
    snapshots.delete(issueId);
    return;
  }
  snapshots.set(issueId, loaded.issue);
  if (!loaded.issue.comments.some(({ id, restricted }) => id === commentId && restricted)) return;
  throw new SallyportError('The comment was restricted while its whole text was about to be attached; it stays home.', {
    kind: 'passing',
  });
}

/**
 * The same bytes; the lease is asked for again and again while they pass. A large file takes longer than a lease lives, and
 * another run would send it, too (I2).
 */
export function heldWhile(
  stream: ReadableStream<Uint8Array>,
  { monotonicMs, holdLease }: Pick<CyclePorts, 'monotonicMs' | 'holdLease'>,
): ReadableStream<Uint8Array> {
  let heldAt = monotonicMs();
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: async (chunk, controller) => {
        if (monotonicMs() - heldAt >= renewMs) {
          heldAt = monotonicMs();
          await holdLease(0);
        }
        controller.enqueue(chunk);
      },
    }),
  );
}

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
