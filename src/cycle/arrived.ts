import { createHash } from 'node:crypto';
import { SallyportError, kindOf } from '../errors.ts';
import type { AttachmentContent, AttachmentDraft, AttachmentOutcome, Side, StoredAttachment } from '../sides/side.ts';

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

/** `unread`: it stands there, and could not be read back yet, or could not be taken away although its bytes are others. */
export type Arrival = AttachmentOutcome | { readonly kind: 'unread'; readonly stored: StoredAttachment; readonly error: unknown };

/**
 * The outcome of an upload once its file was read back, where the tracker does not tell the hash of what it stored. A file
 * that arrived with other bytes is taken away and sent once more; if it differs again, that is a failure, and nothing of it
 * stays. One that cannot be read back, or taken away, is a copy all the same: whoever removes its origin removes it, too.
 */
export async function arrived(upload: {
  readonly side: Side;
  readonly holdLease: () => Promise<void>;
  readonly draft: AttachmentDraft | undefined;
  readonly outcome: AttachmentOutcome | undefined;
}): Promise<Arrival> {
  const { side, draft, outcome, holdLease } = upload;
  if (outcome === undefined || draft === undefined)
    return { kind: 'failed', error: new Error('the tracker gave no answer for this file') };
  try {
    const first = await readOutcome(upload, draft, outcome);
    if (first !== 'other bytes') return first;
    await holdLease();
    const [again = outcome] = (await side.writer?.addAttachments([draft])) ?? [];
    const second = await readOutcome(upload, draft, again);
    if (second !== 'other bytes') return second;
  } catch (error) {
    return { kind: 'failed', error };
  }
  const message = `${draft.name} arrived twice with other bytes than were sent: their SHA-256 differ. Look for a proxy on the way to the ${side.reader.name} side that changes or cuts uploads.`;
  return { kind: 'failed', error: new SallyportError(message, { kind: 'refused' }) };
}

async function readOutcome(
  { side, holdLease }: { readonly side: Side; readonly holdLease: () => Promise<void> },
  { issueId }: AttachmentDraft,
  outcome: AttachmentOutcome,
): Promise<Arrival | 'other bytes'> {
  if (outcome.kind !== 'stored' || outcome.readBack !== true) return outcome;
  const { attachmentId, sha256 } = outcome;
  try {
    if (await holdsBytes(side, { issueId, attachmentId, sha256 })) return outcome;
    await holdLease();
    await side.writer?.removeAttachments([{ issueId, attachmentId }]);
  } catch (error) {
    return { kind: 'unread', stored: outcome, error };
  }
  return 'other bytes';
}

/**
 * Whether what is stored is what was sent. True where a person removed the copy meanwhile: it was there, so it is a removal
 * to be carried, and no failure (I2).
 */
export async function holdsBytes(
  { reader }: Side,
  file: { readonly issueId: string; readonly attachmentId: string; readonly sha256: string },
): Promise<boolean> {
  try {
    return (await digestOf(await reader.openAttachment(file.issueId, file.attachmentId))).sha256 === file.sha256;
  } catch (error) {
    if (kindOf(error) === 'gone') return true;
    throw error;
  }
}
