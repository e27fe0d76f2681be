import type { z } from 'zod';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { HttpMethod } from '../../gateway/gateway.ts';
import { isWrite } from '../../gateway/is-write.ts';
import { readText } from '../../gateway/read-json.ts';
import { answerError } from './api-errors.ts';

/**
 * What Jira answered as JSON; undefined for an answer without a body.
 *
 * @throws SallyportError as the status says, or `answer` for something other than JSON
 */
export async function jsonOf(response: Response, request: { method: HttpMethod; path: string; host: string }): Promise<unknown> {
  const what = `${request.method} ${request.path.replace(/^\/rest\/api\/[23]/, '')}`;
  const text = await readText(response, { what });
  const wrote = isWrite({ method: request.method, url: `https://${request.host}${request.path}` });
  if (!response.ok) {
    throw answerError(response, { what, host: request.host, body: text, isWrite: wrote });
  }
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SallyportError(
      `${request.host} answered something other than JSON for ${what}: a proxy or a login page seems to answer in place of Jira. Check the address and the proxy.`,
      { kind: 'answer', status: response.status, cause: error, outcomeUnknown: wrote },
    );
  }
}

/** Parses what Jira answered. @throws SallyportError `answer` naming the first place that does not fit. */
export function parsed<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new SallyportError(
    `Jira answered something unforeseen for ${what}: ${path === '' ? 'its top level' : path} does not fit.`,
    { kind: 'answer' },
  );
}

/** The answer to a create. @throws SallyportError I2: one that does not fit leaves open whether something was made. */
export function parsedWrite<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  try {
    return parsed(schema, answer, what);
  } catch (error) {
    throw new SallyportError(messageOf(error), { kind: kindOf(error), cause: error, outcomeUnknown: true });
  }
}
