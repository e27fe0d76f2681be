import { z } from 'zod';
import type { Author, IssueSnapshot } from '../../core/model.ts';
import { SallyportError } from '../../errors.ts';
import type { FieldTimes } from '../side.ts';
import { editorFields, editorSchema, isByConnection } from './editor.ts';
import type { IssueReading } from './issue-reading.ts';
import { allOf, pagesOf } from './pages.ts';
import { pathOf } from './repository.ts';
import { isTypeLabel } from './snapshots.ts';

const eventsSchema = z.array(
  z.object({
    event: z.string(),
    created_at: z.string(),
    actor: z.object({ id: z.number() }).nullish(),
    label: z.object({ name: z.string().nullish() }).nullish(),
  }),
);

const editsSchema = z.object({
  data: z.object({
    repository: z
      .object({
        issue: z
          .object({
            userContentEdits: z
              .object({
                nodes: z.array(z.object({ editedAt: z.string(), editor: editorSchema }).nullish()).nullish(),
              })
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

/** Newest first; the body's history is told by GraphQL alone. */
export const bodyEditsQuery = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      userContentEdits(first: 50) {
        nodes {
          editedAt
          editor {
            ${editorFields}
          }
        }
      }
    }
  }
}`;

type TimedEvent = z.infer<typeof eventsSchema>[number];

/**
 * When people, not the connection, last edited title, body and type; the creation counts as an edit of its author. What no
 * history tells is undefined. Read for conflicting issues only.
 */
export async function lastEdits(
  reading: IssueReading,
  options: { readonly account: Author; readonly types: 'issue-types' | 'labels' },
  issue: IssueSnapshot,
): Promise<FieldTimes> {
  const created = issue.author.id === options.account.id ? undefined : issue.createdAt;
  const events = await allOf(
    pagesOf(
      reading.api,
      {
        route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
        parameters: { ...pathOf(reading.repository), issue_number: Number(issue.id), per_page: 100 },
      },
      { purpose: 'work', what: `the history of ${issue.key}`, schema: eventsSchema },
    ),
  );
  const byPeople = events.filter((event) => event.actor != null && String(event.actor.id) !== options.account.id);
  const isTypeChange = (event: TimedEvent): boolean =>
    options.types === 'issue-types'
      ? event.event.startsWith('issue_type_')
      : /^(?:un)?labeled$/.test(event.event) && isTypeLabel(event.label?.name ?? '');
  return {
    summary: newest(byPeople.filter((event) => event.event === 'renamed')) ?? created,
    description: await lastBodyEdit(reading, options.account, { issue, created }),
    type: newest(byPeople.filter(isTypeChange)) ?? created,
  };
}

async function lastBodyEdit(
  reading: IssueReading,
  account: Author,
  { issue, created }: { readonly issue: IssueSnapshot; readonly created: number | undefined },
): Promise<number | undefined> {
  const { owner, name } = reading.repository;
  try {
    const answer = await reading.api.query(
      bodyEditsQuery,
      { owner, name, number: Number(issue.id) },
      { purpose: 'work', what: `the edits of ${issue.key}`, schema: editsSchema },
    );
    const edits = answer.data.repository?.issue?.userContentEdits?.nodes;
    if (edits === undefined || edits === null) return undefined;
    const byPeople = edits.flatMap((edit) => (edit == null || isByConnection(edit.editor, account) ? [] : [edit]));
    return newest(byPeople.map((edit) => ({ created_at: edit.editedAt }))) ?? created;
  } catch (error) {
    // Without the history the time is unknown, which counts as a tie; credentials and the host are another matter.
    if (error instanceof SallyportError && ['gone', 'refused', 'answer', 'permission'].includes(error.kind)) return undefined;
    throw error;
  }
}

function newest(events: readonly { readonly created_at: string }[]): number | undefined {
  const times = events.map((event) => Date.parse(event.created_at)).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
