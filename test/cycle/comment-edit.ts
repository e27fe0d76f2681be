/** Whether a request edits a comment, or a note of Redmine. */
export function isCommentEdit({ method, url }: { method: string; url: string }): boolean {
  return (method === 'PUT' || method === 'PATCH') && /comments?\/\d+$|journals\/\d+\.json$/.test(new URL(url).pathname);
}
