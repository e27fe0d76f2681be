import type { Pair } from '../../src/core/model.ts';
import type { FaultKind } from './scenario.ts';

/** Requests that read, or write what is no issue's: searches, lists and reads in bulk, GraphQL, the record, permissions. */
const noWrite = /\/search(?:\/|$)|\/bulkfetch|\/comment\/list$|\/graphql$|\/user\/properties|\/permissions\/|\/jql\//;

/** Whether a request writes to an issue, a comment, an attachment or a file. */
export function isWrite(request: Request): boolean {
  return request.method !== 'GET' && !noWrite.test(new URL(request.url).pathname);
}

/** Whether a request asks what replaced what, and nothing else. */
export function readsHistory({ url }: Request, body: string): boolean {
  const { pathname, searchParams } = new URL(url);
  if (pathname.endsWith('/graphql')) return body.includes('userContentEdits');
  const isOfDataCenter = searchParams.get('expand') === 'changelog' && searchParams.get('fields') === 'id';
  return pathname.endsWith('/changelog/bulkfetch') || isOfDataCenter;
}

/** Whether a request writes to one of these issues. */
export function writesTo(request: Request, issues: Pair<string>): boolean {
  const { pathname } = new URL(request.url);
  const onJira = /\/rest\/api\/3\/issue\/([^/]+)/.exec(pathname)?.[1];
  const there = /\/rest\/api\/2\/issue\/([^/]+)|\/issues\/(\d+)(?:\.json|\/|$)/.exec(pathname);
  return isWrite(request) && (onJira === issues.public || [there?.[1], there?.[2]].includes(issues.private));
}

/** The id of the comment that a request writes anew, if it does. */
export function rewrittenComment({ method, url }: Request): string | undefined {
  const found = /\/comments?\/(\d+)$|\/journals\/(\d+)\.json$/.exec(new URL(url).pathname);
  return method === 'PUT' || method === 'PATCH' ? (found?.[1] ?? found?.[2]) : undefined;
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

/** Faults of requests that are carried out. */
export const unanswered: ReadonlySet<FaultKind> = new Set(['lost-after', 'cut', 'write-unanswered']);

/** The fault of a request. Those of writes wait for the first one, and are taken once. */
export function takeFault(
  faults: { readonly after: number; readonly fault: FaultKind }[],
  at: { readonly request: Request; readonly sinceStart: number },
): FaultKind | undefined {
  const due = faults.find(({ after, fault }) =>
    fault.startsWith('write-') ? after <= at.sinceStart && isWrite(at.request) : after === at.sinceStart,
  );
  if (due?.fault.startsWith('write-') === true) faults.splice(faults.indexOf(due), 1);
  return due?.fault;
}

/** A request that stands here with all of its body, and what that says: cloning it would read it through two streams. */
export interface WholeRequest {
  readonly request: Request;
  readonly text: () => string;
}

/** Watches for a write that says what the last one to the same address said, and was carried out. */
export function createRepeats(): {
  /** Notes a request; `isAnswered`: nothing goes wrong with it. Returns what it repeats. */
  note(whole: WholeRequest, isAnswered: boolean): string | undefined;
  /** Somebody acted, or another run begins: saying it again may mean something. */
  forget(): void;
} {
  const last = new Map<string, string>();
  return {
    note: ({ request, text }, isAnswered) => {
      if (!isWrite(request)) return undefined;
      const isJson = request.headers.get('content-type')?.includes('json') === true;
      const address = `${request.method} ${request.url}`;
      const body = isJson ? text() : '';
      const isRepeat = isJson && last.get(address) === body;
      // An edit may take several requests: where one of them fails, the others are said again.
      if (!isAnswered) last.clear();
      else if (isJson) last.set(address, body);
      return isRepeat ? `I4: the same write twice: ${address}` : undefined;
    },
    forget: () => last.clear(),
  };
}
