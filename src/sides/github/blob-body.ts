import { createHash } from 'node:crypto';
import { SallyportError } from '../../errors.ts';
import type { AttachmentContent } from '../side.ts';

const head = new TextEncoder().encode('{"encoding":"base64","content":"');
const tail = new TextEncoder().encode('"}');

/** The JSON body of a blob's creation as a stream, and what was found out about the file on the way. */
export interface BlobBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Bytes of the body, where the file's size is known beforehand: GitHub is told rather than sent an open end. */
  readonly length: number | undefined;
  /** Size and SHA-256 (hexadecimal) of the file, once the stream has been read to its end. */
  result(): { readonly size: number; readonly sha256: string };
}

/**
 * Turns a file's bytes into the body of `POST …/git/blobs`, base64 within JSON, holding no more than one part of it in
 * memory (I9). Reading fails with `refused` beyond `bytesMax`, and with `passing` if the file is not as long as was said.
 */
export function blobBody(content: AttachmentContent, bytesMax: number): BlobBody {
  const hash = createHash('sha256');
  const reader = content.stream.getReader();
  let size = 0;
  let rest: Uint8Array = new Uint8Array(0);
  let isEnded = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(head),
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) {
          size += value.byteLength;
          if (size > bytesMax) throw tooLarge(bytesMax);
          hash.update(value);
          const bytes = Buffer.concat([rest, value]);
          // Base64 takes three bytes at a time; what is left over goes with the next part.
          const whole = bytes.byteLength - (bytes.byteLength % 3);
          rest = bytes.subarray(whole);
          controller.enqueue(Buffer.from(bytes.subarray(0, whole).toString('base64'), 'latin1'));
          return;
        }
        if (content.size !== undefined && content.size !== size) throw otherSize();
        isEnded = true;
        controller.enqueue(Buffer.from(Buffer.from(rest).toString('base64'), 'latin1'));
        controller.enqueue(tail);
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  const length = content.size === undefined ? undefined : head.byteLength + 4 * Math.ceil(content.size / 3) + tail.byteLength;
  let digest: string | undefined;
  return {
    stream,
    length,
    result() {
      if (!isEnded) throw otherSize();
      digest ??= hash.digest('hex');
      return { size, sha256: digest };
    },
  };
}

/** A file that GitHub does not take. */
export function tooLarge(bytesMax: number): SallyportError {
  return new SallyportError(
    `The file is larger than ${Math.floor(bytesMax / (1024 * 1024))} MB, which GitHub does not take; it is listed with a link to the original instead.`,
    { kind: 'refused' },
  );
}

function otherSize(): SallyportError {
  return new SallyportError('The file changed or broke off while it was read. It may go through later.', { kind: 'passing' });
}
