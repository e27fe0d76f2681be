import { removeAttachment } from 'jira.js/cloud';
import { idOfMedia } from '../../content/neutral.ts';
import { kindOf } from '../../errors.ts';
import { readText } from '../../gateway/read-json.ts';
import type { AttachmentContent, AttachmentDraft, AttachmentOutcome, StoredAttachment } from '../side.ts';
import { upload } from '../jira/upload.ts';
import type { UploadTarget } from '../jira/upload.ts';
import { resolveMedia } from './media.ts';
import type { JiraParts } from './parts.ts';
import { answerError } from '../jira/api-errors.ts';

/** Opens an attachment: Jira redirects to its media host with a signed URL, which the gateway follows without credentials. */
export async function openAttachment(parts: JiraParts, attachmentId: string): Promise<AttachmentContent> {
  const path = `/rest/api/3/attachment/content/${encodeURIComponent(attachmentId)}`;
  const response = await parts.api.send({
    method: 'GET',
    path,
    retry: 'idempotent',
    redirect: 'follow',
    purpose: 'work',
    headers: { accept: '*/*' },
  });
  if (!response.ok || response.body === null) {
    const body = response.ok ? '' : await readText(response);
    throw answerError(response, {
      what: `attachment ${attachmentId}`,
      host: new URL(parts.api.site.apiUrl).host,
      body,
      isWrite: false,
    });
  }
  // The length of a compressed transfer is not that of the file.
  const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
  return {
    stream: response.body,
    size: length === null ? undefined : Number(length),
    mediaType: response.headers.get('content-type') ?? undefined,
  };
}

export async function addAttachments(
  parts: JiraParts,
  drafts: readonly AttachmentDraft[],
): Promise<readonly AttachmentOutcome[]> {
  const outcomes: AttachmentOutcome[] = [];
  for (const draft of drafts) {
    try {
      const outcome = await upload(targetOf(parts, draft), draft);
      outcomes.push(outcome.kind === 'stored' ? await withAlias(parts, outcome) : outcome);
    } catch (error) {
      if (kindOf(error) === 'inactive' || kindOf(error) === 'configuration') throw error;
      outcomes.push({ kind: 'failed', error });
    }
  }
  return outcomes;
}

/** Found out right away: once the attachment is removed, nobody tells any more which media its texts show. */
async function withAlias(parts: JiraParts, stored: StoredAttachment): Promise<AttachmentOutcome> {
  parts.copies.add(stored.attachmentId);
  try {
    const alias = await aliasOf(parts, stored.attachmentId);
    return alias === undefined ? stored : { ...stored, alias };
  } catch (error) {
    // The file is stored all the same (I2), and its media is asked for again.
    if (kindOf(error) === 'inactive' || kindOf(error) === 'configuration') throw error;
    return stored;
  }
}

/** What texts call the media of an attachment once that is removed; one request where it is not known yet. */
export async function aliasOf(parts: JiraParts, attachmentId: string): Promise<string | undefined> {
  await resolveMedia(parts, [attachmentId], 'work');
  const mediaId = parts.mediaIds.get(attachmentId);
  return mediaId === undefined ? undefined : idOfMedia(mediaId);
}

function targetOf(parts: JiraParts, draft: AttachmentDraft): UploadTarget {
  return {
    path: `/rest/api/3/issue/${encodeURIComponent(draft.issueId)}/attachments`,
    host: new URL(parts.api.site.apiUrl).host,
    bytesMax: parts.attachmentBytesMax,
    send: (request) => parts.api.send(request),
  };
}

export async function removeAttachments(parts: JiraParts, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      await removeAttachment(parts.api.clientFor('work'), { id });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
    }
  }
}
