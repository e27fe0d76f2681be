import type { Context } from 'hono';
import type { z } from 'zod';
import type { AccountRecord, World } from './data.ts';
import type { JiraLimits } from './jira-cloud.ts';
import { JiraProblem } from './problem.ts';

/** What every handler works with. */
export interface Site {
  readonly world: World;
  readonly limits: JiraLimits;
  readonly cloudId: string;
  /** `https://acme.atlassian.net`: what URLs for people begin with, whichever host was asked. */
  readonly origin: string;
  readonly mediaOrigin: string;
  readonly searchLagMs: number;
  readonly commentEditsTouchIssue: boolean;
}

export interface JiraEnvironment {
  Variables: {
    /** Who asks. */
    readonly account: AccountRecord;
    /** What `self` links begin with: the site's origin, or the gateway's with its prefix. */
    readonly base: string;
  };
}

export type JiraContext = Context<JiraEnvironment>;

/**
 * The JSON body in the form that the schema gives.
 *
 * @throws JiraProblem 415 for another content type, 400 for what is no JSON or not of that form
 */
export async function readJson<Schema extends z.ZodType>(context: JiraContext, schema: Schema): Promise<z.output<Schema>> {
  const contentType = context.req.header('content-type') ?? '';
  if (!contentType.startsWith('application/json')) throw new JiraProblem(415, 'Unsupported Media Type');
  const value = parseJson(await context.req.text());
  const result = schema.safeParse(value);
  if (!result.success) throw new JiraProblem(400, 'Invalid request payload. Refer to the REST API documentation and try again.');
  return result.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JiraProblem(400, 'There was an error parsing JSON. Check that your request body is valid.');
  }
}

/** A path parameter that the route guarantees. */
export function pathParameter(context: JiraContext, name: string): string {
  return context.req.param(name) ?? '';
}

/** A list in the query: repeated, or with commas, or both. */
export function queryList(context: JiraContext, name: string): readonly string[] {
  return (context.req.queries(name) ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
}

export interface Page<Item> {
  readonly startAt: number;
  readonly maxResults: number;
  readonly total: number;
  readonly items: readonly Item[];
}

/** One page by `startAt` and `maxResults`, with at most `maximum` items. */
export function pageOf<Item>(
  context: JiraContext,
  items: readonly Item[],
  size: { readonly usual: number; readonly maximum: number },
): Page<Item> {
  const startAt = wholeNumber(context, 'startAt') ?? 0;
  const maxResults = Math.min(wholeNumber(context, 'maxResults') ?? size.usual, size.maximum);
  return { startAt, maxResults, total: items.length, items: items.slice(startAt, startAt + maxResults) };
}

function wholeNumber(context: JiraContext, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new JiraProblem(400, `The value of the parameter '${name}' is not a number.`);
  return Number(text);
}

/** A page in the form of Jira's `PageBean`. */
export function pageBean<Item, View>(page: Page<Item>, self: string, view: (item: Item) => View): object {
  const end = page.startAt + page.items.length;
  const isLast = end >= page.total;
  return {
    self,
    maxResults: page.maxResults,
    startAt: page.startAt,
    total: page.total,
    isLast,
    ...(isLast ? undefined : { nextPage: nextPageUrl(self, page, end) }),
    values: page.items.map(view),
  };
}

function nextPageUrl(self: string, page: { readonly maxResults: number }, startAt: number): string {
  const url = new URL(self);
  url.searchParams.set('startAt', String(startAt));
  url.searchParams.set('maxResults', String(page.maxResults));
  return url.href;
}
