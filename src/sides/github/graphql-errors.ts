import { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { ErrorKind } from '../../errors.ts';

const answerSchema = z.object({
  errors: z.array(z.object({ type: z.string().optional(), message: z.string().catch(''), extensions: z.unknown().optional() })),
});

/** GitHub's messages are long; the report has room for this much. */
const messageLengthMax = 200;

const kinds: Readonly<Record<string, ErrorKind>> = {
  RATE_LIMITED: 'passing',
  FORBIDDEN: 'permission',
  INSUFFICIENT_SCOPES: 'permission',
  MAX_NODE_LIMIT_EXCEEDED: 'limit',
  RESOURCE_LIMITS_EXCEEDED: 'limit',
};

/**
 * The error that a GraphQL answer of status 200 holds, if any. `NOT_FOUND` is none: what was asked for is null in the data
 * then. Errors of validation carry `extensions` or a type of their own and will not pass; one with neither ("Something went
 * wrong while executing your query") comes of load. Source: docs.github.com, "Rate limits and query limits for the GraphQL
 * API", and answers seen.
 */
export function graphQlError(
  data: unknown,
  context: { readonly what: string; readonly host: string },
): SallyportError | undefined {
  const parsed = answerSchema.safeParse(data);
  const error = parsed.success ? parsed.data.errors.find(({ type }) => type !== 'NOT_FOUND') : undefined;
  if (error === undefined) return undefined;
  const isQuery = error.extensions !== undefined || error.type !== undefined;
  const kind = kinds[error.type ?? ''] ?? (isQuery ? 'answer' : 'passing');
  const message = error.message.replaceAll(/\s+/g, ' ').slice(0, messageLengthMax);
  return new SallyportError(
    `${context.host} answered an error of GraphQL for ${context.what}: ${message}. ${nextOf[kind] ?? ''}`,
    {
      kind,
      status: 200,
    },
  );
}

const nextOf: Partial<Record<ErrorKind, string>> = {
  passing: 'It may go through later.',
  permission: 'Check that the token may read issues in the repository.',
  answer: 'Its version may not be supported.',
  limit: 'Fewer issues at once may go through.',
};
