/** Whether a request edits the fields of an issue, on whichever tracker. */
export function isIssueEdit({ method, url }: { readonly method: string; readonly url: string }): boolean {
  return (method === 'PATCH' || method === 'PUT') && /\/issues?\/\d+(\.json)?$/.test(new URL(url).pathname);
}
