import { z } from 'zod';
import { SallyportError, kindOf } from '../../errors.ts';
import type { ErrorKind } from '../../errors.ts';
import type { CreateOutcome } from '../side.ts';
import { parsedWrite } from './answers.ts';
import { kindOfStatus } from './api-errors.ts';

const createdSchema = z.object({ id: z.string(), key: z.string() });
const bulkCreatedSchema = z.object({
  issues: z.array(createdSchema).catch([]),
  errors: z
    .array(
      z.object({
        failedElementNumber: z.number(),
        status: z.number().optional(),
        elementErrors: z
          .object({ errorMessages: z.array(z.string()).catch([]), errors: z.record(z.string(), z.string()).catch({}) })
          .optional(),
      }),
    )
    .catch([]),
});

/** An issue to create, its marks among the properties: one request carries both. */
export type IssueBody = { fields: Record<string, unknown>; properties: { key: string; value: unknown }[] };

/** The two requests that create issues, each with the vendor's answer. */
export interface CreateRequests {
  readonly one: (body: IssueBody) => Promise<unknown>;
  readonly many: (bodies: readonly IssueBody[]) => Promise<unknown>;
}

/** Jira creates this many issues a request at most. */
export const bulkMax = 50;

/** One outcome a body, in order. A request that creates several is refused as a whole only if it created none. */
export async function sendBodies(requests: CreateRequests, bodies: readonly IssueBody[]): Promise<readonly CreateOutcome[]> {
  const [single] = bodies;
  if (single === undefined) return [];
  if (bodies.length === 1) return [await sendOne(requests, single)];
  try {
    const answer: unknown = await requests.many(bodies);
    return outcomesOf(bodies.length, parsedWrite(bulkCreatedSchema, answer, 'created issues'));
  } catch (error) {
    // A bulk create is refused as a whole only if none was created: each alone is told what is wrong with it.
    if (kindOf(error) !== 'refused') return bodies.map(() => ({ kind: 'failed', error }));
    const outcomes: CreateOutcome[] = [];
    for (const body of bodies) outcomes.push(await sendOne(requests, body));
    return outcomes;
  }
}

async function sendOne(requests: CreateRequests, body: IssueBody): Promise<CreateOutcome> {
  try {
    const answer: unknown = await requests.one(body);
    return { kind: 'created', ...parsedWrite(createdSchema, answer, 'a created issue'), issue: undefined };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** The error of a draft of which an answer says nothing. */
export function unsaid(): SallyportError {
  return new SallyportError('Jira did not say what became of an issue of a bulk create.', {
    kind: 'passing',
    outcomeUnknown: true,
  });
}

/** Answers list the created ones in order and the failed ones by their number. */
function outcomesOf(
  count: number,
  answer: {
    issues: { id: string; key: string }[];
    errors: {
      failedElementNumber: number;
      status?: number | undefined;
      elementErrors?: { errorMessages: string[]; errors: Record<string, string> } | undefined;
    }[];
  },
): readonly CreateOutcome[] {
  const failed = new Map(answer.errors.map((entry) => [entry.failedElementNumber, entry]));
  const created = answer.issues.values();
  return Array.from({ length: count }, (_, index): CreateOutcome => {
    const error = failed.get(index);
    if (error !== undefined) {
      const said = [
        ...(error.elementErrors?.errorMessages ?? []),
        ...Object.entries(error.elementErrors?.errors ?? {}).map(([field, text]) => `${field}: ${text}`),
      ];
      const status = error.status ?? 400;
      return {
        kind: 'failed',
        error: new SallyportError(`Jira refused to create an issue (${status}): ${said.join('; ')}`, {
          kind: kindOfElement(status),
          status,
          // A server's own failure says nothing about what it had done before (I2).
          outcomeUnknown: status >= 500,
        }),
      };
    }
    const next = created.next();
    if (next.done !== true) return { kind: 'created', ...next.value, issue: undefined };
    return { kind: 'failed', error: unsaid() };
  });
}

/** Nothing can be gone that was not there before: a 404 of a create means something that it names. */
function kindOfElement(status: number): ErrorKind {
  const kind = kindOfStatus(status);
  return kind === 'passing' || kind === 'permission' ? kind : 'refused';
}
