import { createHash, randomUUID } from 'node:crypto';
import { removeAttachment } from 'jira.js/cloud';
import { z } from 'zod';
import { safeFileName } from '../../content/file-name.ts';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import { discard, readJson, readText } from '../../gateway/read-json.ts';
import type { AttachmentContent, AttachmentDraft, AttachmentOutcome } from '../side.ts';
import { answerError } from './api-errors.ts';
import type { JiraParts } from './parts.ts';
import { attachmentSchema } from './schemas.ts';
import type { JiraAttachment } from './schemas.ts';

/** Until Jira answers an upload: the transfer itself is part of it. */
const uploadTimeoutMs = 30 * 60_000;

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
      outcomes.push(await upload(parts, draft));
    } catch (error) {
      if (kindOf(error) === 'inactive' || kindOf(error) === 'configuration') throw error;
      outcomes.push({ kind: 'failed', error });
    }
  }
  return outcomes;
}

/** One multipart part named `file`, streamed; jira.js would hold it in memory whole (docs/decisions/001). */
async function upload(parts: JiraParts, draft: AttachmentDraft): Promise<AttachmentOutcome> {
  const content = await draft.open();
  const size = content.size ?? draft.size;
  const tooLarge = new SallyportError(
    `${draft.name} is larger than the ${parts.attachmentBytesMax} bytes that this Jira site takes.`,
    { kind: 'limit' },
  );
  if (size !== undefined && size > parts.attachmentBytesMax) {
    await content.stream.cancel();
    throw tooLarge;
  }
  const boundary = `sallyport-${randomUUID()}`;
  const name = safeFileName(draft.name).replaceAll('"', '%22');
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(draft.mediaType ?? '') ? draft.mediaType : 'application/octet-stream';
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${mediaType}\r\n\r\n`,
    'utf8',
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`, 'utf8');
  const hash = createHash('sha256');
  let sent = 0;
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    for await (const chunk of content.stream) {
      hash.update(chunk);
      sent += chunk.byteLength;
      if (sent > parts.attachmentBytesMax) throw tooLarge;
      yield chunk;
    }
    yield tail;
  };
  const response = await parts.api.send({
    method: 'POST',
    path: `/rest/api/3/issue/${encodeURIComponent(draft.issueId)}/attachments`,
    retry: 'never',
    purpose: 'work',
    timeoutMs: uploadTimeoutMs,
    headers: {
      // Without it Jira takes the request for a forged one from a browser.
      'x-atlassian-token': 'no-check',
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...(size === undefined ? {} : { 'content-length': String(head.length + size + tail.length) }),
    },
    body: streamOf(body()),
  });
  return outcomeOf(parts, response, { name: draft.name, sent: () => sent, sha256: () => hash.digest('hex') });
}

/** Pulled chunk by chunk, so that an upload is never faster in memory than on the wire (I9). */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await chunks.return(undefined);
    },
  });
}

async function outcomeOf(
  parts: JiraParts,
  response: Response,
  upload: { readonly name: string; readonly sent: () => number; readonly sha256: () => string },
): Promise<AttachmentOutcome> {
  const what = `the upload of ${upload.name}`;
  if (!response.ok) {
    const host = new URL(parts.api.site.apiUrl).host;
    const error = answerError(response, { what, host, body: await readText(response, { what }), isWrite: true });
    await discard(response);
    // 413: this file is too large for the site, which is no passing matter.
    throw response.status === 413 ? new SallyportError(error.message, { kind: 'limit', status: 413 }) : error;
  }
  const [stored] = await readStored(response, what);
  if (stored === undefined)
    throw new SallyportError(`Jira did not say under which id it stored ${upload.name}.`, {
      kind: 'passing',
      outcomeUnknown: true,
    });
  return { kind: 'stored', attachmentId: stored.id, size: upload.sent(), sha256: upload.sha256() };
}

/** I2: an answer that cannot be read leaves open whether the file was stored. */
async function readStored(response: Response, what: string): Promise<readonly JiraAttachment[]> {
  try {
    return await readJson(response, z.array(attachmentSchema), what);
  } catch (error) {
    throw new SallyportError(messageOf(error), { kind: kindOf(error), cause: error, outcomeUnknown: true });
  }
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
