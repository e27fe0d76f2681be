/** Requests that read, or write what is no issue's: searches and reads in bulk, GraphQL, the record, permissions. */
const noWrite = /\/search\/|\/bulkfetch|\/graphql$|\/user\/properties|\/permissions\/|\/jql\//;

/** Whether a request writes to an issue, a comment, an attachment or a file. */
export function isWrite(request: Request): boolean {
  return request.method !== 'GET' && !noWrite.test(new URL(request.url).pathname);
}

/** What Jira makes of a request's texts while it stores them in a way of its own: blocks of descriptions lose their full stop. */
export async function altered(request: Request): Promise<Request> {
  if (request.headers.get('content-type')?.includes('json') !== true) return request;
  const text = await request.text();
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: text.replaceAll(/Block (w\d+)\./g, 'Block $1'),
  });
}
