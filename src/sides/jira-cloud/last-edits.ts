import type { IssueSnapshot } from '../../core/model.ts';
import type { FieldTimes } from '../side.ts';
import { readChanges } from './changelog.ts';
import { timeOf } from '../jira/time.ts';
import type { JiraParts } from './parts.ts';

/** When people last edited each field, by the changelog. What the connection's own account changed is nobody's edit. */
export async function lastEdits(parts: JiraParts, issue: IssueSnapshot): Promise<FieldTimes> {
  const newest = new Map<string, number>();
  for (const { changeHistories } of await readChanges(parts, [issue.id], {
    purpose: 'work',
    what: `the history of ${issue.key}`,
  })) {
    for (const history of changeHistories) {
      if (history.author?.accountId === parts.account.id) continue;
      for (const item of history.items) {
        const field = item.fieldId ?? item.field ?? '';
        newest.set(field, Math.max(newest.get(field) ?? 0, timeOf(history.created)));
      }
    }
  }
  return { summary: newest.get('summary'), description: newest.get('description'), type: newest.get('issuetype') };
}
