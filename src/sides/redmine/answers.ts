import { z } from 'zod';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { ErrorKind } from '../../errors.ts';
import type { HttpMethod } from '../../gateway/gateway.ts';
import { isWrite } from '../../gateway/is-write.ts';
import { readText } from '../../gateway/read-json.ts';

const problemSchema = z.object({ errors: z.array(z.string()) });

const saidMax = 300;

const nextOf: Partial<Record<ErrorKind, string>> = {
  permission: 'Check the API key and the roles of its account in the project.',
  passing: 'It is tried again by itself.',
  answer: 'Check the address and the proxy.',
};

/** What Redmine itself says is wrong (`{"errors": […]}`), on one line; empty for a page or nothing. */
export function saidIn(text: string): string {
  try {
    return problemSchema.parse(JSON.parse(text)).errors.join('; ').replaceAll(/\s+/g, ' ').slice(0, saidMax);
  } catch {
    return '';
  }
}

/** 401 is about the key, 403 about this one thing; Redmine answers 404 only for what does not exist (reference/redmine.md). */
function kindOfStatus(status: number): ErrorKind {
  if (status === 401 || status === 403) return 'permission';
  if (status === 404 || status === 410) return 'gone';
  if (status === 408 || status === 429 || status >= 500) return 'passing';
  return status >= 400 ? 'refused' : 'answer';
}

/** The error that an unsuccessful answer of Redmine is. `isWrite`: after a 5xx it may have been done all the same. */
export function answerError(
  response: { readonly status: number; readonly headers: Headers },
  context: { readonly what: string; readonly host: string; readonly body: string; readonly isWrite: boolean },
): SallyportError {
  const { status } = response;
  const byStatus = kindOfStatus(status);
  const isPage = /text\/html/i.test(response.headers.get('content-type') ?? '') || /^\s*</.test(context.body);
  // A page says nothing about an item or an account; but gateways word their outages as pages, too.
  const kind = isPage && byStatus !== 'passing' ? 'answer' : byStatus;
  const said = saidIn(context.body);
  const page = ' with a web page: a proxy or a login page seems to answer in place of the REST interface';
  const detail = isPage ? page : said === '' ? '' : `: ${said.replace(/\.$/, '')}`;
  const message = `${context.host} answered ${status} for ${context.what}${detail}. ${nextOf[kind] ?? ''}`.trim();
  return new SallyportError(message, { kind, status, outcomeUnknown: context.isWrite && status >= 500 });
}

/**
 * What Redmine answered as JSON; undefined for an answer without a body, which is what its edits answer.
 *
 * @throws SallyportError as the status says, or `answer` for something other than JSON
 */
export async function jsonOf(response: Response, request: { method: HttpMethod; path: string; host: string }): Promise<unknown> {
  const what = `${request.method} ${request.path.replace(/\?.*$/, '')}`;
  const text = await readText(response, { what });
  const wrote = isWrite({ method: request.method, url: `https://${request.host}${request.path}` });
  if (!response.ok) throw answerError(response, { what, host: request.host, body: text, isWrite: wrote });
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SallyportError(
      `${request.host} answered something other than JSON for ${what}: a proxy or a login page seems to answer in place of Redmine. Check the address and the proxy.`,
      { kind: 'answer', status: response.status, cause: error, outcomeUnknown: wrote },
    );
  }
}

/** Parses what Redmine answered. @throws SallyportError `answer` naming the first place that does not fit. */
export function parsed<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new SallyportError(
    `Redmine answered something unforeseen for ${what}: ${path === '' ? 'its top level' : path} does not fit.`,
    { kind: 'answer' },
  );
}

/** What follows a write and fails leaves open what was done (I2). */
export async function afterWrite<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { status } = error instanceof SallyportError ? error : { status: undefined };
    throw new SallyportError(messageOf(error), {
      kind: kindOf(error),
      cause: error,
      outcomeUnknown: true,
      ...(status === undefined ? {} : { status }),
    });
  }
}
