import type { IssueSnapshot, PastEdit } from '../../core/model.ts';
import type { FieldTimes, HistoryRequest } from '../side.ts';
import { splitText } from '../marked-body.ts';
import { timeOf } from './ids.ts';
import { fetchUnlessGone } from './load.ts';
import type { RedmineParts, RedmineType } from './parts.ts';
import type { RedmineJournal } from './schemas.ts';

/** Journals tell what fields were; what a note was before it was edited is told nowhere. */
export const historyOf: readonly PastEdit['kind'][] = ['summary', 'description', 'type'];

const kinds: Readonly<Record<string, 'summary' | 'description' | 'type'>> = {
  subject: 'summary',
  description: 'description',
  tracker_id: 'type',
};

/** What replaced what by the journals, a request an issue. Comments that are named are passed over. */
export async function history(parts: RedmineParts, request: HistoryRequest): Promise<ReadonlyMap<string, readonly PastEdit[]>> {
  const found = new Map<string, readonly PastEdit[]>();
  // Times are told in whole seconds: an edit of the second that `since` lies in may be after it.
  const since = request.since - (request.since % 1_000);
  for (const id of new Set(request.issues.map((issue) => issue.id))) {
    const issue = await fetchUnlessGone(parts, id, request.purpose);
    const edits = await editsOf(parts, issue?.journals ?? []);
    found.set(
      id,
      edits.filter(({ at }) => at >= since),
    );
  }
  return found;
}

/** Oldest first; of one second in the order of their entries. */
export async function editsOf(parts: RedmineParts, journals: readonly RedmineJournal[]): Promise<readonly PastEdit[]> {
  const types = journals.some(({ details }) => details.some(({ name }) => name === 'tracker_id')) ? await parts.types() : [];
  return journals
    .toSorted((one, other) => one.id - other.id)
    .flatMap((journal) =>
      journal.details.flatMap((detail): readonly PastEdit[] => {
        const kind = detail.property === 'attr' ? kinds[detail.name] : undefined;
        if (kind === undefined) return [];
        return [
          {
            kind,
            at: timeOf(journal.created_on),
            byConnection: String(journal.user?.id ?? '') === parts.account.id,
            before: valueOf(kind, detail.old_value, types),
            after: valueOf(kind, detail.new_value, types),
            form: kind === 'description' ? 'native' : 'plain',
          },
        ];
      }),
    );
}

function valueOf(kind: PastEdit['kind'], value: unknown, types: readonly RedmineType[]): string | undefined {
  const text = typeof value === 'string' ? value : '';
  if (kind === 'description') return splitText(text).content;
  if (kind !== 'type') return text;
  // A tracker that the project has no more is a type that cannot be given back.
  return types.find(({ id }) => String(id) === text)?.name;
}

/** When people last edited each field. What the connection's own account changed is nobody's edit. */
export async function lastEdits(parts: RedmineParts, issue: IssueSnapshot): Promise<FieldTimes> {
  const whole = await fetchUnlessGone(parts, issue.id, 'work');
  const newest = new Map<string, number>();
  for (const edit of await editsOf(parts, whole?.journals ?? [])) if (!edit.byConnection) newest.set(edit.kind, edit.at);
  return { summary: newest.get('summary'), description: newest.get('description'), type: newest.get('type') };
}
