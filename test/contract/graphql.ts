import { isDeepStrictEqual } from 'node:util';
import { schema } from '@octokit/graphql-schema';
import { buildSchema, executeSync, getOperationAST, GraphQLScalarType, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { z } from 'zod';

const requestSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });
const errorSchema = z.object({ message: z.string(), type: z.string().optional(), path: z.array(z.unknown()).optional() });
const answerSchema = z.strictObject({ data: z.unknown().optional(), errors: z.array(errorSchema).min(1).optional() });

let built: GraphQLSchema | undefined;

/** GitHub's published schema. It defines one field twice, which concerns nothing here. */
function gitHubSchema(): GraphQLSchema {
  if (built !== undefined) return built;
  built = buildSchema(schema.idl, { assumeValidSDL: true });
  const time = built.getType('DateTime');
  if (time instanceof GraphQLScalarType) time.serialize = isoTimeOnly;
  return built;
}

function isoTimeOnly(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return value;
  throw new Error(`${String(value)} is no DateTime`);
}

/** Queries parsed and checked already: there are few, and their variables play no part in either. */
const documents = new Map<string, { readonly document: DocumentNode; readonly problems: readonly string[] }>();
const documentsMax = 200;

function checkedDocument(query: string): { readonly document: DocumentNode; readonly problems: readonly string[] } {
  const known = documents.get(query);
  if (known !== undefined) return known;
  const document = parse(query);
  const made = { document, problems: validate(gitHubSchema(), document).map(({ message }) => `query: ${message}`) };
  if (documents.size >= documentsMax) documents.clear();
  documents.set(query, made);
  return made;
}

/** What is wrong with a GraphQL request by GitHub's schema; empty if nothing is. */
export function graphQlRequestProblems(text: string): readonly string[] {
  const request = readRequest(text);
  return typeof request === 'string' ? [request] : request.problems;
}

/**
 * What is wrong with the answer to a valid request: graphql-js runs the query over the answer's own data, which has to come
 * out as it went in. Objects where the schema has an interface or a union are checked by their `__typename`, so the query
 * has to ask for it.
 */
export function graphQlAnswerProblems(requestText: string, answerText: string): readonly string[] {
  const request = readRequest(requestText);
  const answer = answerSchema.safeParse(parseJson(answerText));
  if (typeof request === 'string') return [];
  if (!answer.success) return ['answer: it is no GraphQL answer'];
  const { data, errors } = answer.data;
  if (data === undefined) return errors === undefined ? ['answer: it has neither data nor errors'] : [];
  const result = executeSync({
    schema: gitHubSchema(),
    document: request.document,
    variableValues: request.variables,
    rootValue: data,
    fieldResolver: (source, _values, _context, { path }) => valueAt(source, path.key),
    typeResolver: (value) => String(valueAt(value, '__typename')),
  });
  const problems = (result.errors ?? []).map((error) => `answer: ${error.path?.join('.') ?? ''}: ${error.message}`);
  if (problems.length > 0) return problems;
  const plain: unknown = JSON.parse(JSON.stringify(result.data));
  return isDeepStrictEqual(plain, data) ? [] : ['answer: its data is not what the query asks for'];
}

interface GraphQlRequest {
  readonly document: DocumentNode;
  readonly problems: readonly string[];
  readonly variables: Record<string, unknown>;
}

function readRequest(text: string): string | GraphQlRequest {
  const request = requestSchema.safeParse(parseJson(text));
  if (!request.success) return 'query: the body is no GraphQL request';
  try {
    const { document, problems } = checkedDocument(request.data.query);
    if (getOperationAST(document)?.operation !== 'query') return 'query: it is no single query';
    return { document, problems, variables: request.data.variables ?? {} };
  } catch (error) {
    return `query: ${error instanceof Error ? error.message : 'it cannot be parsed'}`;
  }
}

function valueAt(source: unknown, key: string | number): unknown {
  return typeof source === 'object' && source !== null ? Reflect.get(source, key) : undefined;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
