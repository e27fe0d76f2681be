import { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { ErrorKind } from '../../errors.ts';
import type { GitHubAnswer } from './github-api.ts';

const messageSchema = z.object({
  message: z.string().catch(''),
  errors: z.array(z.unknown()).optional().catch(undefined),
});

const errorEntrySchema = z.object({ code: z.string().optional(), field: z.string().optional() });

/** GitHub's messages hold no one's content, but they are long; the report has room for this much. */
const messageLengthMax = 200;

/** What GitHub's `message` says, on one line; empty for a page or nothing. */
export function messageIn(answer: Pick<GitHubAnswer, 'data'>): string {
  const parsed = messageSchema.safeParse(answer.data);
  if (!parsed.success) return '';
  const fields = (parsed.data.errors ?? []).flatMap((entry) => {
    const error = errorEntrySchema.safeParse(entry);
    return error.success ? [[error.data.field, error.data.code].filter((part) => part !== undefined).join(' ')] : [];
  });
  const details = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
  return `${parsed.data.message.replaceAll(/\s+/g, ' ').slice(0, messageLengthMax)}${details}`;
}

/** Whether an answer is a web page where JSON was due: a login page, a proxy, a wrong address. */
export function isPage(answer: GitHubAnswer): boolean {
  return (
    /text\/html/i.test(answer.headers['content-type'] ?? '') || (typeof answer.data === 'string' && /^\s*</.test(answer.data))
  );
}

/** What was asked, for the error's kind and message. */
export interface AskedFor {
  readonly what: string;
  readonly host: string;
  readonly isRead: boolean;
  /** The repository as a whole: 404 and 410 then say that it is out of reach, never that an item is gone. */
  readonly isContainer?: boolean;
}

/**
 * The error that an unsuccessful answer is: 401 and 403 `permission`, 404 and 410 `gone`, 408, 429 and 5xx `passing` (with
 * `outcomeUnknown` for what may have been done before a 5xx), a redirect `passing` (the next reading tells where it is), other
 * 4xx `refused`, a page instead of JSON `answer` or `passing`.
 */
export function answerError(answer: GitHubAnswer, context: AskedFor): SallyportError {
  const { status } = answer;
  const message = messageIn(answer);
  const said = message === '' ? '' : `: ${message}`;
  const start = `${context.host} answered ${status} for ${context.what}${said}`;
  if (isPage(answer)) {
    // Gateways word rate limits and outages as pages, too; any other page says nothing about an item or a token.
    const isPassing = status === 408 || status === 429 || status >= 500;
    return new SallyportError(
      `${start} with a web page instead of GitHub's API: a proxy or a login page seems to answer there. Check tracker-url and the proxy.`,
      { kind: isPassing ? 'passing' : 'answer', status, outcomeUnknown: status >= 500 && !context.isRead },
    );
  }
  const found = kindOfStatus(answer, message);
  if (status >= 300 && status < 400) {
    return new SallyportError(
      `${start}: it lives elsewhere now, and a write is never repeated there. If the repository was renamed or moved, set project to its new name.`,
      { kind: 'passing', status },
    );
  }
  const kind = found === 'gone' && context.isContainer === true ? 'permission' : found;
  return new SallyportError(`${start}. ${nextOf[kind] ?? ''}`.trim(), {
    kind,
    status,
    outcomeUnknown: status >= 500 && !context.isRead,
  });
}

const nextOf: Partial<Record<ErrorKind, string>> = {
  permission: 'Check that the token is valid and may do this in the repository (issues: write; contents: write for files).',
  gone: 'It does not exist (any more), or the token may not see it.',
  passing: 'It may go through later.',
  refused: 'It will not go through as it is.',
};

function kindOfStatus(answer: GitHubAnswer, message: string): ErrorKind {
  const { status } = answer;
  if (status === 401) return 'permission';
  if (status === 403) return isLimit(answer, message) ? 'passing' : 'permission';
  if (status === 404 || status === 410) return 'gone';
  if (status === 408 || status === 429 || status >= 500 || status < 400) return 'passing';
  return 'refused';
}

/** GitHub answers rate limits with 403 as well. */
function isLimit(answer: GitHubAnswer, message: string): boolean {
  return (
    answer.headers['x-ratelimit-remaining'] === '0' || answer.headers['retry-after'] !== undefined || /rate limit/i.test(message)
  );
}
