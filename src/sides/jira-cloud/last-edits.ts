import { getBulkChangelogs } from 'jira.js/cloud';
import type { IssueSnapshot } from '../../core/model.ts';
import type { FieldTimes } from '../side.ts';
import { parsed } from './client.ts';
import type { JiraParts } from './parts.ts';
import { changelogSchema, timeOf } from './schemas.ts';

const pagesMax = 20;

/** When people last edited each field, by the changelog. What the connection's own account changed is nobody's edit. */
export async function lastEdits(parts: JiraParts, issue: IssueSnapshot): Promise<FieldTimes> {
  const newest = new Map<string, number>();
  let nextPageToken: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await getBulkChangelogs(parts.api.clientFor('work'), {
      issueIdsOrKeys: [issue.id],
      fieldIds: ['summary', 'description', 'issuetype'],
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    });
    const changes = parsed(changelogSchema, answer, `the history of ${issue.key}`);
    for (const { changeHistories } of changes.issueChangeLogs) {
      for (const history of changeHistories) {
        if (history.author?.accountId === parts.account.id) continue;
        for (const item of history.items) {
          const field = item.fieldId ?? item.field ?? '';
          newest.set(field, Math.max(newest.get(field) ?? 0, timeOf(history.created)));
        }
      }
    }
    nextPageToken = changes.nextPageToken ?? undefined;
    if (nextPageToken === undefined) break;
  }
  return { summary: newest.get('summary'), description: newest.get('description'), type: newest.get('issuetype') };
}
