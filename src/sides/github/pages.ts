import type { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { CallOptions, GitHubAnswer, GitHubApi, Route } from './github-api.ts';
import { parseAnswer } from './github-api.ts';
import type { Endpoints } from '@octokit/types';

/** Pages of one listing (I9): 100,000 items. */
const pagesMax = 1000;

export interface Page<T> {
  readonly items: readonly T[];
  readonly answer: GitHubAnswer;
  /** How many pages the listing has, where GitHub tells. */
  readonly pageCount: number | undefined;
}

export interface Listing<R extends Route> {
  readonly route: R;
  readonly parameters: Endpoints[R]['parameters'];
}

/**
 * Reads a listing page by page, as its `Link` header leads, for as long as the caller asks. Only the query of such a link
 * is used, so that no link leads anywhere else. The first page may be answered 304, which ends the listing.
 *
 * @throws SallyportError `limit` beyond 1,000 pages, else as `GitHubApi.read`.
 */
export async function* pagesOf<R extends Route, T>(
  api: GitHubApi,
  listing: Listing<R>,
  options: CallOptions & { readonly schema: z.ZodType<readonly T[]>; readonly etag?: string | undefined },
): AsyncGenerator<Page<T>> {
  const host = new URL(api.addresses.apiUrl).host;
  let query: Readonly<Record<string, string>> = {};
  for (let count = 0; count < pagesMax; count += 1) {
    const headers = count === 0 && options.etag !== undefined ? { 'if-none-match': options.etag } : {};
    const answer = await api.send(listing.route, listing.parameters, {
      ...options,
      query,
      headers: { ...options.headers, ...headers },
    });
    if (answer.status === 304) {
      yield { items: [], answer, pageCount: undefined };
      return;
    }
    const items = parseAnswer(answer, options.schema, {
      what: options.what,
      host,
      isRead: true,
      isContainer: !listing.route.includes('{issue_number}'),
    });
    const links = linksIn(answer.headers['link'] ?? '');
    const last = Number(links.last?.get('page') ?? Number.NaN);
    yield { items, answer, pageCount: links.next === undefined ? count + 1 : Number.isNaN(last) ? undefined : last };
    if (links.next === undefined) return;
    query = Object.fromEntries(links.next);
  }
  throw new SallyportError(`The listing of ${options.what} has more than ${pagesMax} pages; narrow the trigger.`, {
    kind: 'limit',
  });
}

/** Every item of a listing. */
export async function allOf<T>(pages: AsyncIterable<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page.items);
  return items;
}

function linksIn(header: string): { readonly next: URLSearchParams | undefined; readonly last: URLSearchParams | undefined } {
  const queryOf = (relation: string): URLSearchParams | undefined => {
    for (const match of header.matchAll(/<([^>]*)>\s*;\s*rel="([^"]*)"/g)) {
      const url = match[1] ?? '';
      if (match[2] === relation && URL.canParse(url)) return new URL(url).searchParams;
    }
    return undefined;
  };
  return { next: queryOf('next'), last: queryOf('last') };
}
