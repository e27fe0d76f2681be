/**
 * Ids of comments and attachments: Redmine's number and the second of the creation. With SQLite, and with older MySQL after a
 * restart, Redmine gives the number of a deleted entry to the next one, which is another entry all the same.
 */
export function entryId(entry: { readonly id: number; readonly created_on: string }): string {
  return `${entry.id}.${Math.floor(timeOf(entry.created_on) / 1_000)}`;
}

/** Redmine's number in an id of `entryId`. */
export function numberOf(id: string): string {
  return id.replace(/\..*$/, '');
}

/** Redmine's `2026-11-24T12:44:37Z` as epoch milliseconds; 0 for none. */
export function timeOf(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}
