import { createHash } from 'node:crypto';
import { freeName, safeFileName } from '../../content/file-name.ts';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import { readJson, readText } from '../../gateway/read-json.ts';
import type { AttachmentContent, AttachmentDraft, AttachmentOutcome } from '../side.ts';
import { answerError, saidIn } from './answers.ts';
import { entryId, numberOf } from './ids.ts';
import { fetchIssue } from './load.ts';
import type { RedmineParts } from './parts.ts';
import { uploadSchema } from './schemas.ts';

/** Until Redmine answers an upload: the transfer itself is part of it. */
const uploadTimeoutMs = 30 * 60_000;

export async function openAttachment(parts: RedmineParts, attachmentId: string): Promise<AttachmentContent> {
  const what = `attachment ${numberOf(attachmentId)}`;
  const response = await parts.api.send({
    method: 'GET',
    path: `/attachments/download/${numberOf(attachmentId)}`,
    retry: 'idempotent',
    purpose: 'work',
    headers: { accept: '*/*' },
  });
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

/** Each file is uploaded, which nobody sees yet, and then put on its issue. */
export async function addAttachments(
  parts: RedmineParts,
  drafts: readonly AttachmentDraft[],
): Promise<readonly AttachmentOutcome[]> {
  const outcomes: AttachmentOutcome[] = [];
  for (const draft of drafts) {
    try {
      const uploaded = await uploadWhole(parts, draft);
      outcomes.push(await attach(parts, draft, uploaded));
    } catch (error) {
      if (kindOf(error) === 'inactive' || kindOf(error) === 'configuration') throw error;
      outcomes.push({ kind: 'failed', error });
    }
  }
  return outcomes;
}

interface Uploaded {
  readonly id: number;
  readonly token: string;
  readonly size: number;
  readonly sha256: string;
  /** Undefined where the token holds none (before Redmine 3.4). */
  readonly sha256There: string | undefined;
}

/**
 * Uploads once more where other bytes arrived than were sent: on no issue yet, they are seen by nobody.
 *
 * @throws SallyportError `refused` if they differ again, `limit` for a file that is too large
 */
async function uploadWhole(parts: RedmineParts, draft: AttachmentDraft): Promise<Uploaded> {
  const isWhole = ({ sha256, sha256There }: Uploaded): boolean => sha256There === undefined || sha256There === sha256;
  const first = await upload(parts, draft);
  if (isWhole(first)) return first;
  const second = await upload(parts, draft);
  if (isWhole(second)) return second;
  throw new SallyportError(
    `${draft.name} arrived twice with other bytes than were sent (SHA-256 ${second.sha256There} instead of ${second.sha256}). Look for a proxy before ${parts.api.host} that changes or cuts uploads.`,
    { kind: 'refused' },
  );
}

/** @throws SallyportError `limit` for a file that is too large */
async function upload(parts: RedmineParts, draft: AttachmentDraft): Promise<Uploaded> {
  requireFits(parts, draft);
  const content = await draft.open();
  const size = content.size ?? draft.size;
  const hash = createHash('sha256');
  let sent = 0;
  const counted = content.stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        hash.update(chunk);
        sent += chunk.byteLength;
        controller.enqueue(chunk);
      },
    }),
  );
  const what = `the upload of ${draft.name}`;
  const response = await sendUpload(parts, draft, { body: counted, size });
  if (!response.ok) {
    const body = await readText(response, { what });
    const error = answerError(response, { what, host: parts.api.host, body, isWrite: false });
    const isTooLarge = response.status === 413 || /maximum allowed file size/i.test(saidIn(body));
    if (isTooLarge) parts.fileBytesMax = bytesIn(saidIn(body)) ?? parts.fileBytesMax;
    throw isTooLarge ? new SallyportError(error.message, { kind: 'limit', status: response.status }) : error;
  }
  const { upload: stored } = await readJson(response, uploadSchema, what);
  const sha256There = /^\d+\.([0-9a-f]{64})$/.exec(stored.token)?.[1];
  return { ...stored, size: sent, sha256: hash.digest('hex'), sha256There };
}

function requireFits(parts: RedmineParts, draft: AttachmentDraft): void {
  const { fileBytesMax } = parts;
  if (fileBytesMax === undefined || draft.size === undefined || draft.size <= fileBytesMax) return;
  throw new SallyportError(`${draft.name} is larger than the ${fileBytesMax} bytes that ${parts.api.host} takes.`, {
    kind: 'limit',
  });
}

/** "… exceeds the maximum allowed file size (5242880)". */
function bytesIn(said: string): number | undefined {
  const found = /file size \((\d+)\)/i.exec(said)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** An upload that is on no issue is seen by nobody and thrown away by Redmine: a lost answer leaves nothing behind. */
async function sendUpload(
  parts: RedmineParts,
  draft: AttachmentDraft,
  content: { readonly body: ReadableStream<Uint8Array>; readonly size: number | undefined },
): Promise<Response> {
  try {
    return await parts.api.send({
      method: 'POST',
      path: `/uploads.json?${new URLSearchParams({ filename: safeFileName(draft.name) }).toString()}`,
      retry: 'never',
      purpose: 'work',
      timeoutMs: uploadTimeoutMs,
      headers: {
        'content-type': 'application/octet-stream',
        ...(content.size === undefined ? {} : { 'content-length': String(content.size) }),
      },
      body: content.body,
    });
  } catch (error) {
    if (!(error instanceof SallyportError) || !error.outcomeUnknown) throw error;
    throw new SallyportError(messageOf(error), { kind: kindOf(error), cause: error });
  }
}

/** A token is taken once: the request that is repeated after a lost answer is refused, and the issue tells what happened. */
async function attach(parts: RedmineParts, draft: AttachmentDraft, uploaded: Uploaded): Promise<AttachmentOutcome> {
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(draft.mediaType ?? '') ? { content_type: draft.mediaType } : {};
  const taken = (parts.files.get(draft.issueId) ?? []).map((file) => file.name);
  const filename = freeName(draft.name, taken);
  const token = { token: uploaded.token, filename, ...mediaType };
  let failure: unknown;
  try {
    await parts.api.json({
      method: 'PUT',
      path: `/issues/${draft.issueId}.json`,
      body: { issue: { uploads: [token] } },
      purpose: 'work',
      what: `the attachment ${draft.name}`,
    });
  } catch (error) {
    if (kindOf(error) !== 'refused' && kindOf(error) !== 'passing') throw error;
    failure = error;
  }
  const { attachments = [] } = await fetchIssue(parts, draft.issueId, 'work');
  parts.files.set(
    draft.issueId,
    attachments
      .toSorted((one, other) => one.id - other.id)
      .map((attachment) => ({ id: entryId(attachment), name: attachment.filename })),
  );
  const stored = attachments.find(({ id }) => id === uploaded.id);
  if (stored === undefined)
    throw (
      failure ?? new SallyportError(`Redmine took ${draft.name} for #${draft.issueId} but does not show it.`, { kind: 'refused' })
    );
  const { size, sha256, sha256There } = uploaded;
  const readBack = sha256There === undefined;
  return { kind: 'stored', attachmentId: entryId(stored), name: stored.filename, size, sha256, readBack };
}

/** What is already gone counts as removed. */
export async function removeAttachments(parts: RedmineParts, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      const path = `/attachments/${numberOf(id)}.json`;
      await parts.api.json({ method: 'DELETE', path, purpose: 'work', what: 'the removal of an attachment' });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
    }
  }
}
