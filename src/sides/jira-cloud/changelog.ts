import { getBulkChangelogs } from 'jira.js/cloud';
import type { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { JiraParts } from './parts.ts';
import { parsed } from '../jira/answers.ts';
import { changelogSchema } from './schemas.ts';

/** Jira's own limit of a request. */
const issuesPerRequest = 1_000;

/** Of a thousand changes each (I9). */
const pagesMax = 20;

export type IssueChanges = z.infer<typeof changelogSchema>['issueChangeLogs'][number];

/**
 * All that the changelog has of summary, description and type of these issues, in the order of the answer: by date and issue,
 * so that one issue's changes may come in several parts.
 *
 * @param what for messages
 * @throws SallyportError `limit` above twenty pages; others as requests do
 */
export async function readChanges(
  parts: JiraParts,
  issueIds: readonly string[],
  asked: { readonly purpose: Purpose; readonly what: string },
): Promise<readonly IssueChanges[]> {
  const found: IssueChanges[] = [];
  for (let start = 0; start < issueIds.length; start += issuesPerRequest) {
    found.push(...(await changesOf(parts, issueIds.slice(start, start + issuesPerRequest), asked)));
  }
  return found;
}

async function changesOf(
  parts: JiraParts,
  issueIds: readonly string[],
  { purpose, what }: { readonly purpose: Purpose; readonly what: string },
): Promise<readonly IssueChanges[]> {
  const found: IssueChanges[] = [];
  let nextPageToken: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await getBulkChangelogs(parts.api.clientFor(purpose), {
      issueIdsOrKeys: [...issueIds],
      fieldIds: ['summary', 'description', 'issuetype'],
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    });
    const changes = parsed(changelogSchema, answer, what);
    found.push(...changes.issueChangeLogs);
    nextPageToken = changes.nextPageToken ?? undefined;
    if (nextPageToken === undefined) return found;
  }
  throw new SallyportError(
    `Jira has more than ${pagesMax} pages of ${what}; edits beyond them are not looked at. Sync fewer issues a cycle (max-changes), or unlink an issue that a program edits all the time.`,
    { kind: 'limit' },
  );
}
