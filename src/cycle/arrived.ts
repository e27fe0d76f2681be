import { createHash } from 'node:crypto';
import { SallyportError, kindOf } from '../errors.ts';
import type { AttachmentContent, AttachmentDraft, AttachmentOutcome, Side, SideReader } from '../sides/side.ts';

/** Reads a stream to its end for its hash; nothing of it is kept. */
export async function digestOf(content: AttachmentContent): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content.stream) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { size, sha256: hash.digest('hex') };
}

/**
 * The outcome of an upload once its file was read back, where the tracker does not tell the hash of what it stored. A file
 * that arrived with other bytes is taken away and sent once more; if it differs again, that is a failure, and nothing of it
 * stays. A file that cannot be read back counts as failed with its copy standing there: the next cycle finds and adopts it.
 */
export async function arrived(upload: {
  readonly side: Side;
  readonly draft: AttachmentDraft | undefined;
  readonly outcome: AttachmentOutcome | undefined;
}): Promise<AttachmentOutcome> {
  const { side, draft, outcome } = upload;
  if (outcome === undefined || draft === undefined)
    return { kind: 'failed', error: new Error('the tracker gave no answer for this file') };
  try {
    if (await isWhole(side, draft, outcome)) return outcome;
    const [second] = (await side.writer?.addAttachments([draft])) ?? [];
    if (second === undefined || (await isWhole(side, draft, second))) return second ?? outcome;
  } catch (error) {
    return { kind: 'failed', error };
  }
  const message = `${draft.name} arrived twice with other bytes than were sent: their SHA-256 differ. Look for a proxy on the way to the ${side.reader.name} side that changes or cuts uploads.`;
  return { kind: 'failed', error: new SallyportError(message, { kind: 'refused' }) };
}

/** Whether what is stored is what was sent; if not, it is taken away. */
async function isWhole({ reader, writer }: Side, draft: AttachmentDraft, outcome: AttachmentOutcome): Promise<boolean> {
  if (outcome.kind !== 'stored' || outcome.readBack !== true) return true;
  const { issueId } = draft;
  const there = await digestUnlessGone(reader, { issueId, attachmentId: outcome.attachmentId });
  if (there === undefined || there.sha256 === outcome.sha256) return true;
  await writer?.removeAttachments([{ issueId, attachmentId: outcome.attachmentId }]);
  return false;
}

/** Undefined where a person removed the copy meanwhile: it was there, so it is a removal to be carried, and no failure (I2). */
async function digestUnlessGone(
  reader: SideReader,
  file: { readonly issueId: string; readonly attachmentId: string },
): Promise<{ readonly sha256: string } | undefined> {
  try {
    return await digestOf(await reader.openAttachment(file.issueId, file.attachmentId));
  } catch (error) {
    if (kindOf(error) === 'gone') return undefined;
    throw error;
  }
}
