import type { HistoryRequest, PastEdit } from '../side.ts';
import { readChanges } from './changelog.ts';
import type { IssueChanges } from './changelog.ts';
import { timeOf } from '../jira/time.ts';
import type { JiraParts } from './parts.ts';

/** Jira's changelog knows fields only: what a comment was before its last edit is told nowhere. */
export const historyOf: readonly PastEdit['kind'][] = ['summary', 'description', 'type'];

const kinds: ReadonlyMap<string, PastEdit['kind']> = new Map([
  ['summary', 'summary'],
  ['description', 'description'],
  ['issuetype', 'type'],
]);

/**
 * What replaced what by the changelog: one request for a thousand issues and a thousand changes. Comments that are named
 * are passed over. Texts of descriptions are `plain`: the changelog's strings are no ADF. Atlassian documents no form of
 * them ("the details of the original value as a string"); users report wiki markup, and null is what was empty. So they tell
 * whether two texts may be the same and what to show a person, never what to write.
 */
export async function history(parts: JiraParts, request: HistoryRequest): Promise<ReadonlyMap<string, readonly PastEdit[]>> {
  const ids = [...new Set(request.issues.map(({ id }) => id))];
  const found = new Map<string, PastEdit[]>(ids.map((id) => [id, []]));
  const changes = await readChanges(parts, ids, { purpose: request.purpose, what: 'the history of edits' });
  for (const { issueId, changeHistories } of changes) {
    const edits = changeHistories.flatMap((change) => editsOf(change, parts.account.id));
    found.get(issueId)?.push(...edits.filter(({ at }) => at >= request.since));
  }
  return new Map([...found].map(([id, edits]) => [id, edits.toSorted((one, other) => one.at - other.at)]));
}

function editsOf(change: IssueChanges['changeHistories'][number], accountId: string): readonly PastEdit[] {
  const at = timeOf(change.created);
  const byConnection = change.author?.accountId === accountId;
  return change.items.flatMap((item): readonly PastEdit[] => {
    const kind = kinds.get(item.fieldId ?? item.field ?? '');
    if (kind === undefined) return [];
    return [{ kind, at, byConnection, before: item.fromString ?? '', after: item.toString ?? '', form: 'plain' }];
  });
}
