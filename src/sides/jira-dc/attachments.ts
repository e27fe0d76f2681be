import { SallyportError, kindOf } from '../../errors.ts';
import { discard, readText } from '../../gateway/read-json.ts';
import type { AttachmentContent, AttachmentDraft, AttachmentOutcome } from '../side.ts';
import { answerError } from '../jira/api-errors.ts';
import { upload } from '../jira/upload.ts';
import { restPath } from './api.ts';
import type { JiraDcParts } from './parts.ts';
import { attachmentContentSchema } from './schemas.ts';

/**
 * Opens an attachment's bytes. Their address is told by the server, which may know itself by another name than the runner does:
 * only its path counts. A server that does not take the token for files sends to its log-in page, which is followed nowhere.
 */
export async function openAttachment(parts: JiraDcParts, attachmentId: string): Promise<AttachmentContent> {
  const what = `attachment ${attachmentId}`;
  const { content } = await parts.api.read(attachmentContentSchema, {
    path: `/attachment/${encodeURIComponent(attachmentId)}`,
    purpose: 'work',
    what,
  });
  const path = /\/secure\/attachment\/[^?#]*/.exec(content)?.[0];
  if (path === undefined) throw new SallyportError(`${parts.api.host} gives no address for ${what}.`, { kind: 'answer' });
  const response = await parts.api.send({
    method: 'GET',
    path,
    retry: 'idempotent',
    redirect: 'manual',
    purpose: 'work',
    headers: { accept: '*/*' },
  });
  if (response.status >= 300 && response.status < 400) {
    await discard(response);
    throw new SallyportError(
      `${parts.api.host} sends to its log-in page for ${what}: it does not take the token for files. Check the token, or a proxy before Jira.`,
      { kind: 'permission', status: response.status },
    );
  }
  if (!response.ok || response.body === null) {
    const body = response.ok ? '' : await readText(response);
    throw answerError(response, { what, host: parts.api.host, body, isWrite: false });
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
  parts: JiraDcParts,
  drafts: readonly AttachmentDraft[],
): Promise<readonly AttachmentOutcome[]> {
  const outcomes: AttachmentOutcome[] = [];
  for (const draft of drafts) {
    try {
      const files = parts.files.get(draft.issueId) ?? [];
      const outcome = await upload(
        {
          path: `${restPath}/issue/${draft.issueId}/attachments`,
          host: parts.api.host,
          bytesMax: parts.attachmentBytesMax,
          taken: files.map((file) => file.name),
          send: (request) => parts.api.send(request),
        },
        draft,
      );
      outcomes.push(outcome);
      // Texts that follow name it.
      if (outcome.kind === 'stored') parts.files.set(draft.issueId, [...files, { id: outcome.attachmentId, name: outcome.name }]);
    } catch (error) {
      if (kindOf(error) === 'inactive' || kindOf(error) === 'configuration') throw error;
      outcomes.push({ kind: 'failed', error });
    }
  }
  return outcomes;
}

export async function removeAttachments(parts: JiraDcParts, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      const path = `/attachment/${encodeURIComponent(id)}`;
      await parts.api.json({ method: 'DELETE', path, purpose: 'work', what: 'the removal of an attachment' });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
    }
  }
}
