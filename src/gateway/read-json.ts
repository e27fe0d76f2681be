import type { z } from 'zod';
import { SallyportError } from '../errors.ts';

/** Bytes of a body that is read as text or JSON at once (I9). */
export const bodyBytesMax = 50 * 1024 * 1024;

/**
 * Reads a body as JSON and parses it with a schema.
 *
 * @param what for messages, as in "the issue of twin 4".
 * @throws SallyportError `answer` if the body is no JSON (a login page, a proxy) or does not fit the schema; the message
 * names the first place that does not fit and never what stands there. `limit` above 50 MB, `passing` if it is cut.
 */
export async function readJson<T>(response: Response, schema: z.ZodType<T>, what: string): Promise<T> {
  const text = await readText(response, { what });
  const parsed = schema.safeParse(parseJson(text, response, what));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue === undefined || issue.path.length === 0 ? 'its top level' : issue.path.map(String).join('.');
  throw new SallyportError(
    `${hostOf(response)} answered something unforeseen for ${what}: ${path} does not fit (${issue?.code ?? 'unknown'}). ` +
      `Its version may not be supported.`,
    { kind: 'answer', status: response.status },
  );
}

/**
 * Reads a body as UTF-8 text.
 *
 * @throws SallyportError `limit` above `bytesMax` (default 50 MB), `passing` if the body is cut.
 */
export async function readText(
  response: Response,
  options: { readonly what?: string; readonly bytesMax?: number } = {},
): Promise<string> {
  return new TextDecoder().decode(await readBytes(response, options));
}

/** As `readText`, the bytes as they are. */
export async function readBytes(
  response: Response,
  options: { readonly what?: string; readonly bytesMax?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const what = options.what ?? 'a request';
  const bytesMax = options.bytesMax ?? bodyBytesMax;
  if (response.body === null) return new Uint8Array();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await readPart(reader, response, what);
    if (done) break;
    bytes += value.byteLength;
    // What a small compressed body swells to is counted as it comes out, so a length that was told proves nothing.
    if (bytes > bytesMax) {
      await reader.cancel().catch(() => undefined);
      throw new SallyportError(
        `The answer of ${hostOf(response)} for ${what} is larger than ${bytesMax} bytes and was not read.`,
        {
          kind: 'limit',
          status: response.status,
        },
      );
    }
    parts.push(value);
  }
  return new Uint8Array(Buffer.concat(parts, bytes));
}

/** Lets go of a body that nobody wants to read, so that its connection can serve others. Never fails. */
export async function discard(response: Response | undefined): Promise<void> {
  if (response?.body == null || response.bodyUsed) return;
  await response.body.cancel().catch(() => undefined);
}

async function readPart(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, response: Response, what: string) {
  try {
    return await reader.read();
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    throw new SallyportError(`The answer of ${hostOf(response)} for ${what} broke off. It may go through later.`, {
      kind: 'passing',
      cause: error,
      status: response.status,
      outcomeUnknown: true,
    });
  }
}

function parseJson(text: string, response: Response, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SallyportError(notJson(text, response, what), { kind: 'answer', status: response.status });
  }
}

function notJson(text: string, response: Response, what: string): string {
  const start = `${hostOf(response)} answered ${response.status} for ${what}`;
  if (text.trim() === '') return `${start} with an empty body instead of JSON; check the configured URL.`;
  if (/^\s*</.test(text) || /html/i.test(response.headers.get('content-type') ?? '')) {
    return `${start} with a web page instead of JSON: a proxy or a login page seems to answer there. Check the configured URL, the proxy and the credentials.`;
  }
  return `${start} with something that is not JSON: a proxy or a login page may answer there. Check the configured URL and the proxy.`;
}

function hostOf(response: Response): string {
  return URL.canParse(response.url) ? new URL(response.url).host : 'The server';
}
