import { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { ErrorKind } from '../../errors.ts';

const problemSchema = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.string()).catch({}),
});

const lengthMax = 300;

/** What Jira itself says is wrong, on one line; empty for a page or nothing. */
export function messageIn(text: string): string {
  try {
    const { errorMessages, errors } = problemSchema.parse(JSON.parse(text));
    const fields = Object.entries(errors).map(([field, message]) => `${field}: ${message}`);
    return [...errorMessages, ...fields].join('; ').replaceAll(/\s+/g, ' ').slice(0, lengthMax);
  } catch {
    return '';
  }
}

const nextOf: Partial<Record<ErrorKind, string>> = {
  permission: 'Check the API token and the permissions of the account.',
  passing: 'It is tried again by itself.',
  answer: 'Check the address and the proxy.',
};

/** What a status means for the one request that got it. */
export function kindOfStatus(status: number): ErrorKind {
  if (status === 401 || status === 403) return 'permission';
  if (status === 404 || status === 410) return 'gone';
  if (status === 408 || status === 429 || status >= 500) return 'passing';
  return status >= 400 ? 'refused' : 'answer';
}

/** Whether this is a web page. Jira itself calls some of its bare texts HTML ("XSRF check failed"), so the body decides where there is one. */
export function looksLikePage(headers: Headers, body: string): boolean {
  return body.trim() === '' ? /text\/html/i.test(headers.get('content-type') ?? '') : /^\s*</.test(body);
}

/** A text that shows a file which somebody removed since it was read: once that is known, it is written without it. */
function showsGoneFile(status: number, body: string): boolean {
  return status === 400 && body.includes('ATTACHMENT_VALIDATION_ERROR');
}

/** The error that an unsuccessful answer of Jira is. `isWrite`: after a 5xx it may have been done all the same. */
export function answerError(
  response: { readonly status: number; readonly headers: Headers },
  context: { readonly what: string; readonly host: string; readonly body: string; readonly isWrite: boolean },
): SallyportError {
  const { status } = response;
  // Jira words a missing permission on one issue as a 400 (adding a comment) as well as a 403. A field of JQL that it does not
  // know "does not exist or you do not have permission to view it": that is about the query.
  const isForbidden = status === 400 && /not have (?:the )?permission to (?!view|see|browse)/i.test(context.body);
  const byStatus = isForbidden ? 'permission' : showsGoneFile(status, context.body) ? 'passing' : kindOfStatus(status);
  const isPage = looksLikePage(response.headers, context.body);
  // A page says nothing about an item or an account. But gateways word their rate limits and outages as pages, too.
  const kind = isPage && byStatus !== 'passing' ? 'answer' : byStatus;
  const text = messageIn(context.body);
  const page = ' with a web page: a proxy or a login page seems to answer in place of Jira';
  const said = isPage ? page : text === '' ? '' : `: ${text.replace(/\.$/, '')}`;
  const message = `${context.host} answered ${status} for ${context.what}${said}. ${nextOf[kind] ?? ''}`.trim();
  return new SallyportError(message, { kind, status, outcomeUnknown: context.isWrite && status >= 500 });
}
