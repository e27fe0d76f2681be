import { withExtension } from '../../content/file-name.ts';
import { SallyportError } from '../../errors.ts';
import type { AttachmentDraft, AttachmentOutcome } from '../side.ts';
import type { AttachmentLinks } from './attachment-links.ts';
import { copyId, copyPath } from './attachment-links.ts';
import { blobBody, tooLarge } from './blob-body.ts';
import type { BlobEntry, FileBranch } from './file-branch.ts';

/** Files up to 100 MB: GitHub's limit for a file in a repository. */
export const attachmentBytesMax = 100 * 1024 * 1024;

interface Uploaded {
  readonly entry: BlobEntry;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/**
 * Stores files on the connection's branch, all in one commit. One file's failure is its own; the commit's is everyone's
 * whose bytes were on their way. The path holds the origin's ids, so that a file stored twice is one file (I2).
 */
export async function addAttachments(
  branch: FileBranch,
  drafts: readonly AttachmentDraft[],
): Promise<readonly AttachmentOutcome[]> {
  const uploads: (Uploaded | { readonly error: unknown })[] = [];
  // One after the other: each is streamed, and memory is bounded by one of them (I9).
  for (const draft of drafts) uploads.push(await upload(branch, draft));
  const put = uploads.flatMap((one) => ('entry' in one ? [one.entry] : []));
  let failure: { readonly error: unknown } | undefined;
  try {
    if (put.length > 0) await branch.commit({ put, remove: [] });
  } catch (error) {
    failure = { error };
  }
  return uploads.map((one) => {
    if ('error' in one) return { kind: 'failed', error: one.error };
    if (failure !== undefined) return { kind: 'failed', error: failure.error };
    return { kind: 'stored', attachmentId: copyId(one.entry.path), name: one.name, size: one.size, sha256: one.sha256 };
  });
}

/** Takes the connection's copies away, all in one commit. What is no copy, or gone already, stays as it is (I6). */
export async function removeAttachments(
  branch: FileBranch,
  links: AttachmentLinks,
  attachmentIds: readonly string[],
): Promise<void> {
  const paths = attachmentIds.flatMap((id) => links.copyPathOf(id) ?? []);
  if (paths.length > 0) await branch.commit({ put: [], remove: [...new Set(paths)] });
}

async function upload(branch: FileBranch, draft: AttachmentDraft): Promise<Uploaded | { readonly error: unknown }> {
  if (draft.size !== undefined && draft.size > attachmentBytesMax) return { error: tooLarge(attachmentBytesMax) };
  try {
    return await uploadOnce(branch, draft);
  } catch (error) {
    // A stream cannot be sent again; a new one can, and the same bytes are the same blob.
    if (!(error instanceof SallyportError) || error.kind !== 'passing') return { error };
  }
  try {
    return await uploadOnce(branch, draft);
  } catch (error) {
    return { error };
  }
}

async function uploadOnce(branch: FileBranch, draft: AttachmentDraft): Promise<Uploaded> {
  const content = await draft.open();
  const body = blobBody(content, attachmentBytesMax);
  try {
    const sha = await branch.putBlob(body);
    // Not by the answer's type: a file stored twice has to have one path (I2).
    const name = withExtension(draft.name, draft.mediaType);
    const path = copyPath({ issueId: draft.originIssueId, attachmentId: draft.originAttachmentId, name });
    return { entry: { path, sha }, name, ...body.result() };
  } catch (error) {
    await body.stream.cancel().catch(() => undefined);
    throw error;
  }
}
