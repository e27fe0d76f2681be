/**
 * A URL's path with what names single things replaced, for trace lines: `/rest/api/3/issue/ABC-12/comment/10023` becomes
 * `/rest/api/3/issue/{id}/comment/{id}`. Numbers, issue keys, UUIDs, long hexadecimal strings and the ids in Sallyport's
 * property keys become `{id}`, names of files and labels `{name}`, paths in a repository `{path}`. Owners' and repositories' names
 * stay. The query is left out altogether: it may hold signatures and people's text.
 */
export function pathPattern(url: URL): string {
  const [head, ...tail] = url.pathname.split('/contents/');
  const pattern = replaceSegments((head ?? '').split('/'));
  return tail.length > 0 ? `${pattern}/contents/{path}` : pattern;
}

function replaceSegments(segments: readonly string[]): string {
  const replaced: string[] = [];
  for (const [index, segment] of segments.entries()) {
    replaced.push(replaceSegment(segment, segments[index - 1], replaced));
  }
  return replaced.join('/');
}

/** @param replaced what the segments before became */
function replaceSegment(segment: string, before: string | undefined, replaced: readonly string[]): string {
  // `/rest/api/3` and `/api/v3` name a version, which is no id.
  if (before === 'api' && /^v?\d+$/.test(segment)) return segment;
  if (isId(segment)) return '{id}';
  if (segment.startsWith('sallyport.')) return propertyPattern(segment);
  // What follows an id and is not a plain word is a file's name: /secure/attachment/10010/plan.pdf.
  if (replaced.at(-1) === '{id}' && segment !== '' && !/^[a-zA-Z][a-zA-Z_-]*$/.test(segment)) return '{name}';
  // /repos/acme/app/issues/12/labels/type%3A%20Bug
  if (replaced.at(-1) === 'labels' && replaced.at(-2) === '{id}') return '{name}';
  return segment;
}

function isId(segment: string): boolean {
  return (
    /^\d+$/.test(segment) ||
    /^[A-Z][A-Z0-9_]+-\d+$/.test(segment) ||
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(segment) ||
    /^[0-9a-f]{20,}$/i.test(segment)
  );
}

/** `sallyport.<connection id>.lease.<nonce>` → `sallyport.{id}.lease`. */
function propertyPattern(key: string): string {
  const kind = /^sallyport\.[^.]+\.([a-z]+)/.exec(key)?.[1];
  return kind === undefined ? 'sallyport.{id}' : `sallyport.{id}.${kind}`;
}
