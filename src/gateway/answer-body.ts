import { SallyportError } from '../errors.ts';
import type { ProcessClock } from './gateway.ts';

export interface BodyReading {
  readonly clock: ProcessClock;
  /** The longest silence between two parts of a body. */
  readonly inactivityMs: number;
  /** JSON up to this size is read at once. */
  readonly prefetchBytesMax: number;
  /** For messages: `GET /rest/api/3/issue/{id} at acme.atlassian.net`. */
  readonly what: string;
  /** Whether the request may have changed something, so that a cut answer leaves that unknown. */
  readonly changesSomething: boolean;
}

export interface ReceivedAnswer {
  readonly response: Response;
  /** The body of a 403, if it was JSON and short enough to be read at once: GitHub names secondary limits there alone. */
  readonly bodyText: string | undefined;
  /** Bytes of the body, as far as known. */
  readonly bytes: number | undefined;
}

type ByteReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/**
 * Prepares an answer for its reader. JSON is read at once up to a limit, so that a cut answer is met here, where the
 * request can still be repeated; anything else stays a stream, whose reading fails with a SallyportError when it is cut or
 * silent for too long.
 *
 * @throws SallyportError `passing` if the JSON is cut or silent.
 */
export async function receiveAnswer(answer: Response, url: string, reading: BodyReading): Promise<ReceivedAnswer> {
  const contentLength = lengthOf(answer.headers);
  if (answer.body === null) return { response: located(answer, url), bodyText: undefined, bytes: 0 };
  const reader = answer.body.getReader();
  if (!isJson(answer.headers) || (contentLength ?? 0) > reading.prefetchBytesMax) {
    return { response: rebuilt(answer, bodyStream([], reader, reading), url), bodyText: undefined, bytes: contentLength };
  }
  const { parts, bytes, ended } = await prefetch(reader, reading);
  if (!ended) {
    return { response: rebuilt(answer, bodyStream(parts, reader, reading), url), bodyText: undefined, bytes: contentLength };
  }
  const body = joined(parts, bytes);
  const bodyText = answer.status === 403 ? new TextDecoder().decode(body) : undefined;
  return { response: rebuilt(answer, body, url), bodyText, bytes };
}

async function prefetch(reader: ByteReader, reading: BodyReading) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  while (bytes <= reading.prefetchBytesMax) {
    const part = await readPart(reader, reading);
    if (part === undefined) return { parts, bytes, ended: true };
    parts.push(part);
    bytes += part.byteLength;
  }
  return { parts, bytes, ended: false };
}

/** The next part of a body, undefined at its end. */
function readPart(reader: ByteReader, reading: BodyReading): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return new Promise((resolve, reject) => {
    const cancelAlarm = reading.clock.alarm?.(reading.inactivityMs, () => {
      reject(bodyError(reading, `was silent for ${reading.inactivityMs} ms in the middle of its answer`, undefined));
      // Nobody waits for the outcome of giving up.
      reader.cancel().catch(() => undefined);
    });
    reader.read().then(
      (result) => {
        cancelAlarm?.();
        resolve(result.done ? undefined : result.value);
      },
      (error: unknown) => {
        cancelAlarm?.();
        reject(error instanceof SallyportError ? error : bodyError(reading, 'broke off in the middle of its answer', error));
      },
    );
  });
}

function bodyError(reading: BodyReading, happened: string, cause: unknown): SallyportError {
  return new SallyportError(`The connection ${happened}: ${reading.what}. It may go through later.`, {
    kind: 'passing',
    cause,
    outcomeUnknown: reading.changesSomething,
  });
}

/** Reads only when its reader asks, so that large files never pile up in memory (I9). */
function bodyStream(
  first: readonly Uint8Array<ArrayBuffer>[],
  reader: ByteReader,
  reading: BodyReading,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pending = [...first];
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const part = pending.shift() ?? (await readPart(reader, reading));
        if (part === undefined) controller.close();
        else controller.enqueue(part);
      },
      async cancel(reason) {
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function rebuilt(answer: Response, body: ReadableStream | Uint8Array<ArrayBuffer>, url: string): Response {
  const init = { status: answer.status, statusText: answer.statusText, headers: answer.headers };
  return located(new Response(body, init), url);
}

/** Gives an answer the URL that it came from, which the constructor of `Response` cannot set and octokit reads. */
function located(response: Response, url: string): Response {
  return Object.defineProperty(response, 'url', { value: url, configurable: true });
}

function isJson(headers: Headers): boolean {
  return /^application\/(?:[^;\s]+\+)?json\b/i.test(headers.get('content-type') ?? '');
}

function lengthOf(headers: Headers): number | undefined {
  const value = headers.get('content-length');
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
