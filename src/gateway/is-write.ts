import type { GatewayRequest } from './gateway.ts';

/** Ends of paths where POST only reads: Jira's searches and bulk reads, GitHub's rendering of Markdown. */
const readingPosts = [
  '/search',
  '/search/jql',
  '/search/approximate-count',
  '/issue/bulkfetch',
  '/comment/list',
  '/changelog/bulkfetch',
  '/jql/parse',
  '/permissions/check',
  '/markdown',
  '/markdown/raw',
];

/**
 * Whether a request changes something on its server: any method but GET and HEAD, apart from the POSTs that only read
 * (`/search/jql` and its like, GraphQL without a mutation). Counting (I4) and `outcomeUnknown` hang on it. A GraphQL body
 * that cannot be read counts as a write.
 */
export function isWrite(request: Pick<GatewayRequest, 'method' | 'url' | 'body'>): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  if (request.method !== 'POST') return true;
  const path = new URL(request.url).pathname.replace(/\/$/, '');
  if (path.endsWith('/graphql')) return typeof request.body !== 'string' || hasMutation(request.body);
  return !readingPosts.some((end) => path.endsWith(end));
}

/** Whether the document of a GraphQL body holds an operation `mutation`; the name of a variable does not count. */
function hasMutation(body: string): boolean {
  try {
    const request: unknown = JSON.parse(body);
    const document: unknown = typeof request === 'object' && request !== null ? Reflect.get(request, 'query') : undefined;
    return typeof document !== 'string' || /(?:^|[\s}])mutation\b\s*[A-Za-z_({@]/.test(document);
  } catch {
    return true;
  }
}
