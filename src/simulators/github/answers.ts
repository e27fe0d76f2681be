import type { z } from 'zod';

/** What a handler throws to answer with an error; github.ts turns it into GitHub's JSON. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
    super(typeof body['message'] === 'string' ? body['message'] : `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const documentation = 'https://docs.github.com/rest';

export function apiError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): ApiError {
  return new ApiError(status, { message, documentation_url: documentation, status: String(status) }, headers);
}

export function notFound(): ApiError {
  return apiError(404, 'Not Found');
}

export interface FieldProblem {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly message?: string;
}

export function validationFailed(...errors: readonly FieldProblem[]): ApiError {
  return new ApiError(422, { message: 'Validation Failed', errors, documentation_url: documentation, status: '422' });
}

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

/** The answer of a thrown value; anything but an ApiError is a defect of the simulator and goes on up. */
export function errorAnswer(error: unknown): Response {
  if (error instanceof ApiError) return json(error.body, error.status, error.headers);
  throw error;
}

/**
 * The JSON body, parsed.
 *
 * @throws ApiError 400 for what is not JSON, 422 for what does not fit
 */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const text = await request.text();
  const parsed = schema.safeParse(parseJson(text === '' ? '{}' : text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw apiError(422, `Invalid request.\n\n"${field}" wasn't supplied or is invalid: ${issue?.message ?? 'unknown'}.`);
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw apiError(400, 'Problems parsing JSON');
  }
}

/** `2026-11-23T20:45:26Z`: GitHub's times have no fractions. */
export function isoTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

export function isoTimeOrNull(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : isoTime(epochMs);
}

export interface Page {
  readonly page: number;
  readonly perPage: number;
}

/** What is not a number falls back to the default, more than 100 is cut to 100, as GitHub does. */
export function pageOf(query: URLSearchParams): Page {
  const number = (name: string, otherwise: number): number => {
    const value = Number(query.get(name) ?? otherwise);
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  return { page: number('page', 1), perPage: Math.min(number('per_page', 30), 100) };
}

/**
 * One page of a list with GitHub's `Link` header. Its URLs name the repository by id (`/repositories/{id}/…`), as the real
 * ones do, so a client has to follow them as they are.
 */
export function listAnswer<T>(
  items: readonly T[],
  url: URL,
  options: { readonly base: string; readonly show: (item: T) => unknown },
): Response {
  const { page, perPage } = pageOf(url.searchParams);
  const shown = items.slice((page - 1) * perPage, page * perPage).map(options.show);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (target: number, relation: string): string => {
    const query = new URLSearchParams(url.searchParams);
    query.set('page', String(target));
    return `<${options.base}?${query.toString()}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return json(shown, 200, links.length === 0 ? {} : { link: links.join(', ') });
}

/** Epoch milliseconds of a `since` parameter. @throws ApiError 422 for what is not a time */
export function sinceOf(query: URLSearchParams): number | undefined {
  const value = query.get('since');
  if (value === null) return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw apiError(422, 'Invalid request.\n\nsince is not a valid time.');
  return time;
}
