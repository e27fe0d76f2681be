import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { freeName, withExtension } from '../../content/file-name.ts';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { GatewayRequest } from '../../gateway/gateway.ts';
import { discard, readJson, readText } from '../../gateway/read-json.ts';
import type { AttachmentDraft, AttachmentOutcome } from '../side.ts';
import { answerError } from './api-errors.ts';

/** Until Jira answers an upload: the transfer itself is part of it. */
const uploadTimeoutMs = 30 * 60_000;

/** Where an attachment goes. `path`: below the site's API. */
export interface UploadTarget {
  readonly path: string;
  readonly host: string;
  readonly bytesMax: number;
  /** Names that the files have, where its texts know a file by its name. */
  readonly taken?: readonly string[];
  readonly send: (request: Omit<GatewayRequest, 'url'> & { readonly path: string }) => Promise<Response>;
}

const storedSchema = z.array(z.object({ id: z.coerce.string() }));

/** One multipart part named `file`, streamed; jira.js would hold it in memory whole (docs/decisions/001). @throws SallyportError `limit` for a larger one than the site takes. */
export async function upload(target: UploadTarget, draft: AttachmentDraft): Promise<AttachmentOutcome> {
  const tooLarge = new SallyportError(`${draft.name} is larger than the ${target.bytesMax} bytes that this Jira site takes.`, {
    kind: 'limit',
  });
  if (draft.size !== undefined && draft.size > target.bytesMax) throw tooLarge;
  const content = await draft.open();
  const size = content.size ?? draft.size;
  if (size !== undefined && size > target.bytesMax) {
    await content.stream.cancel();
    throw tooLarge;
  }
  const boundary = `sallyport-${randomUUID()}`;
  const told = draft.mediaType ?? content.mediaType ?? '';
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(told) ? told : 'application/octet-stream';
  const name = freeName(withExtension(draft.name, mediaType), target.taken ?? []);
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name.replaceAll('"', '%22')}"\r\nContent-Type: ${mediaType}\r\n\r\n`,
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
      if (sent > target.bytesMax) throw tooLarge;
      yield chunk;
    }
    yield tail;
  };
  const response = await target.send({
    method: 'POST',
    path: target.path,
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
  return outcomeOf(target, response, { name, sent: () => sent, sha256: () => hash.digest('hex') });
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
  target: UploadTarget,
  response: Response,
  upload: { readonly name: string; readonly sent: () => number; readonly sha256: () => string },
): Promise<AttachmentOutcome> {
  const what = `the upload of ${upload.name}`;
  if (!response.ok) {
    const { host } = target;
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
  const [size, sha256] = [upload.sent(), upload.sha256()];
  // Jira tells no hash of what it stored.
  return { kind: 'stored', attachmentId: stored.id, name: upload.name, size, sha256, readBack: true };
}

/** I2: an answer that cannot be read leaves open whether the file was stored. */
async function readStored(response: Response, what: string): Promise<z.infer<typeof storedSchema>> {
  try {
    return await readJson(response, storedSchema, what);
  } catch (error) {
    throw new SallyportError(messageOf(error), { kind: kindOf(error), cause: error, outcomeUnknown: true });
  }
}
