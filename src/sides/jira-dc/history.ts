import type { z } from 'zod';
import type { IssueSnapshot, PastEdit } from '../../core/model.ts';
import { kindOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { FieldTimes, HistoryRequest } from '../side.ts';
import { timeOf } from '../jira/time.ts';
import type { JiraDcParts } from './parts.ts';
import { changelogSchema } from './schemas.ts';
import { isOwn } from './snapshots.ts';

/** The changelog knows fields only: what a comment was before its last edit is told nowhere. */
export const historyOf: readonly PastEdit['kind'][] = ['summary', 'description', 'type'];

const kinds: ReadonlyMap<string, 'summary' | 'description' | 'type'> = new Map([
  ['summary', 'summary'],
  ['description', 'description'],
  ['issuetype', 'type'],
]);

type Change = z.infer<typeof changelogSchema>['changelog']['histories'][number];

async function changesOf(parts: JiraDcParts, issueId: string, purpose: Purpose): Promise<readonly Change[]> {
  try {
    const request = {
      path: `/issue/${issueId}`,
      query: { fields: 'id', expand: 'changelog' },
      purpose,
      what: `the history of issue ${issueId}`,
    };
    return (await parts.api.read(changelogSchema, request)).changelog.histories;
  } catch (error) {
    if (kindOf(error) === 'gone') return [];
    throw error;
  }
}

/**
 * What replaced what by the changelog, a request an issue. Comments that are named are passed over. Descriptions are wiki
 * markup as it stood.
 */
export async function history(parts: JiraDcParts, request: HistoryRequest): Promise<ReadonlyMap<string, readonly PastEdit[]>> {
  const found = new Map<string, readonly PastEdit[]>();
  // Times are told in whole seconds: an edit of the second that `since` lies in may be after it.
  const since = request.since - (request.since % 1_000);
  for (const id of new Set(request.issues.map((issue) => issue.id))) {
    const edits = editsOf(parts, await changesOf(parts, id, request.purpose));
    found.set(
      id,
      edits.filter(({ at }) => at >= since),
    );
  }
  return found;
}

/** Oldest first; of one second in the order of their entries. */
export function editsOf(parts: JiraDcParts, changes: readonly Change[]): readonly PastEdit[] {
  return changes.flatMap((change) => editsOfChange(parts, change)).toSorted((one, other) => one.at - other.at);
}

function editsOfChange(parts: JiraDcParts, change: Change): readonly PastEdit[] {
  const at = timeOf(change.created);
  const byConnection = isOwn(parts, change.author);
  return change.items.flatMap((item): readonly PastEdit[] => {
    const kind = kinds.get(item.field.toLowerCase());
    if (kind === undefined) return [];
    const form = kind === 'description' ? 'native' : 'plain';
    return [{ kind, at, byConnection, before: item.fromString ?? '', after: item.toString ?? '', form }];
  });
}

/** When people last edited each field. What the connection's own account changed is nobody's edit. */
export async function lastEdits(parts: JiraDcParts, issue: IssueSnapshot): Promise<FieldTimes> {
  const newest = new Map<string, number>();
  for (const edit of editsOf(parts, await changesOf(parts, issue.id, 'work')))
    if (!edit.byConnection) newest.set(edit.kind, edit.at);
  return { summary: newest.get('summary'), description: newest.get('description'), type: newest.get('type') };
}
