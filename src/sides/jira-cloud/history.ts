import type { HistoryRequest, PastEdit } from '../side.ts';
import { changelogWords } from './changelog-words.ts';
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
 * are passed over. Texts of descriptions are `plain`: the changelog's strings are no ADF, and Atlassian documents no form of
 * them ("the details of the original value as a string"; null is what was empty). Their words are told (`changelogWords`):
 * whether two texts may be the same and what to put back as words.
 */
export async function history(parts: JiraParts, request: HistoryRequest): Promise<ReadonlyMap<string, readonly PastEdit[]>> {
  const ids = [...new Set(request.issues.map(({ id }) => id))];
  const found = new Map<string, PastEdit[]>(ids.map((id) => [id, []]));
  const changes = await readChanges(parts, ids, { purpose: request.purpose, what: 'the history of edits' });
  const words = wordsReader(parts);
  for (const { issueId, changeHistories } of changes) {
    const asked = changeHistories.filter(({ created }) => timeOf(created) >= request.since);
    found.get(issueId)?.push(...asked.flatMap((change) => editsOf(change, parts.account.id, words)));
  }
  return new Map([...found].map(([id, edits]) => [id, edits.toSorted((one, other) => one.at - other.at)]));
}

/** Reads each text once: what one edit made of a description is what the next one found. */
function wordsReader(parts: JiraParts): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const words = known.get(text) ?? changelogWords(text, (accountId) => parts.names.get(accountId));
    known.set(text, words);
    return words;
  };
}

function editsOf(
  change: IssueChanges['changeHistories'][number],
  accountId: string,
  words: (text: string) => string,
): readonly PastEdit[] {
  const at = timeOf(change.created);
  const byConnection = change.author?.accountId === accountId;
  return change.items.flatMap((item): readonly PastEdit[] => {
    const kind = kinds.get(item.fieldId ?? item.field ?? '');
    if (kind === undefined) return [];
    const [from, to] = [item.fromString ?? '', item.toString ?? ''];
    if (kind !== 'description') return [{ kind, at, byConnection, before: from, after: to, form: 'plain' }];
    return [{ kind, at, byConnection, before: words(from), after: words(to), told: to, form: 'plain' }];
  });
}
