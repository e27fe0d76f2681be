import { z } from 'zod';
import { apiError, json, readBody } from './answers.ts';
import { GraphQlSyntaxError, parseGraphQl } from './graphql-document.ts';
import type { GraphQlDocument } from './graphql-document.ts';
import { executeGraphQl } from './graphql-execution.ts';
import { queryObject } from './graphql-objects.ts';
import type { Api, RouteParts } from './routing.ts';

const queryBody = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

/** GraphQL for signed-in callers; whatever is wrong with a query is told with status 200. */
export function addGraphQlRoutes(api: Api, { world }: RouteParts): void {
  api.post('/graphql', async (context) => {
    const { caller } = context.env;
    if (caller.user === undefined) throw apiError(401, 'This endpoint requires you to be authenticated.');
    const { query, variables } = await readBody(context.req.raw, queryBody);
    const document = parsed(query, variables ?? {});
    if (document instanceof GraphQlSyntaxError) return json({ errors: [{ message: document.message }] });
    return json(executeGraphQl(document, queryObject(world, { ...caller, user: caller.user })));
  });
}

function parsed(query: string, variables: Readonly<Record<string, unknown>>): GraphQlDocument | GraphQlSyntaxError {
  try {
    return parseGraphQl(query, variables);
  } catch (error) {
    if (error instanceof GraphQlSyntaxError) return error;
    throw error;
  }
}
