import { z } from 'zod';
import { answerError } from './api-errors.ts';
import type { AskedFor } from './api-errors.ts';
import { parseAnswer } from './github-api.ts';
import type { IssueReading } from './issue-reading.ts';
import { pathOf } from './repository.ts';
import { labelsSchema } from './schemas.ts';
import { isTypeLabel, typeLabelPrefix } from './snapshots.ts';

/**
 * Puts the label of a type on an issue, then takes those of other types off, one request each: a PATCH sets all labels at
 * once, and what people change in them meanwhile would be lost. Which ones go is told by the answer to the first request, so
 * that a type which a person chose since the last reading goes too, as the history then tells (I3).
 *
 * To be done before the stamp is written: a run that dies on the way leaves a stamp of the old type, so that either the old
 * label still stands for the type and the change is written again, or both sides show the new one already. The other way
 * round the old label beside the new stamp would be taken for a person's choice (I5).
 *
 * @returns the type as its label has it (GitHub takes a label that is there in another case for the same); undefined where the
 * account may not label
 * @throws SallyportError as the status says
 */
export async function writeTypeLabel(reading: IssueReading, issueId: string, type: string): Promise<string | undefined> {
  const { api, repository } = reading;
  const wanted = `${typeLabelPrefix}${type}`;
  const asked = { what: `the labels of issue #${issueId}`, host: new URL(api.addresses.apiUrl).host, isRead: false };
  const issue = { ...pathOf(repository), issue_number: Number(issueId) };
  // Either may be done twice. Were its answer lost for good, the new label would pass for a person's choice.
  const call = { purpose: 'work', what: asked.what, retry: 'idempotent' } as const;
  reading.forgetOne(issueId);
  const answer = await api.send('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...issue, labels: [wanted] }, call);
  if (isForbidden(answer, asked)) return undefined;
  const labels = parseAnswer(answer, labelsSchema, asked);
  const own = labels.find((label) => isSame(label, wanted));
  if (own === undefined) return undefined;
  for (const name of labels.filter((label) => isTypeLabel(label) && !isSame(label, wanted))) {
    const removed = await api.send('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', { ...issue, name }, call);
    // Somebody took it off already; of an issue that is gone the next request tells.
    if (removed.status !== 404) parseAnswer(removed, z.unknown(), asked);
  }
  return own.slice(typeLabelPrefix.length);
}

/** Labels need the triage role, which a text of one's own does not. */
function isForbidden(answer: Parameters<typeof answerError>[0], asked: AskedFor): boolean {
  return answer.status === 403 && answerError(answer, asked).kind === 'permission';
}

function isSame(label: string, other: string): boolean {
  return label.toLowerCase() === other.toLowerCase();
}
