import type { Author } from '../../core/model.ts';
import type { PastEdit } from '../side.ts';
import { splitBody, splitText } from '../marked-body.ts';
import { isByConnection } from './editor.ts';
import type { BodyRevisions, TimelineEvent } from './history-query.ts';
import { isTypeLabel, typeLabelPrefix } from './snapshots.ts';

/**
 * The edits that the revisions of a body tell, oldest first. Each revision holds the whole text, newest first; the oldest is
 * no edit where it is the text of the creation. A revision that a person deleted from the history has no text.
 */
export function bodyEdits(
  body: BodyRevisions,
  options: { readonly account: Author; readonly commentId: string | undefined },
): readonly PastEdit[] {
  const revisions = body.userContentEdits.nodes.toReversed().map((node) => ({
    at: Date.parse(node.editedAt),
    byConnection: isByConnection(node.editor, options.account),
    text: contentOf(node, options.commentId === undefined ? splitBody : splitText),
  }));
  const isWhole = body.userContentEdits.older === undefined;
  const what =
    options.commentId === undefined
      ? { kind: 'description' as const }
      : { kind: 'comment' as const, commentId: options.commentId };
  return revisions.flatMap(({ at, byConnection, text }, index): readonly PastEdit[] => {
    if (index === 0 && isWhole && body.includesCreatedEdit) return [];
    return [{ ...what, at, byConnection, before: revisions[index - 1]?.text, after: text, form: 'native' }];
  });
}

/** As snapshots show it: without marks and the list of files. */
function contentOf(
  node: { readonly diff?: string | null | undefined; readonly deletedAt?: string | null | undefined },
  takenApart: typeof splitBody,
): string | undefined {
  if (node.diff === null || node.diff === undefined) return undefined;
  if (node.deletedAt !== null && node.deletedAt !== undefined) return undefined;
  return takenApart(node.diff).content;
}

/** Changes of the title; events come oldest first. */
export function titleEdits(events: readonly TimelineEvent[], account: Author): readonly PastEdit[] {
  return events.flatMap((event): readonly PastEdit[] => {
    if (event.__typename !== 'RenamedTitleEvent') return [];
    const { previousTitle: before, currentTitle: after } = event;
    return [
      { kind: 'summary', at: timeOf(event), byConnection: isByConnection(event.actor, account), before, after, form: 'plain' },
    ];
  });
}

/** Changes of the label that stands for the type: taking one off and putting another on at once is one change. */
export function labelTypeEdits(events: readonly TimelineEvent[], account: Author): readonly PastEdit[] {
  const edits = new Map<string, PastEdit>();
  for (const event of events) {
    const label = event.label?.name ?? '';
    if (!isTypeLabel(label)) continue;
    const name = label.slice(typeLabelPrefix.length);
    const key = `${event.createdAt ?? ''} ${event.actor?.login ?? ''}`;
    const known: PastEdit = edits.get(key) ?? {
      kind: 'type',
      at: timeOf(event),
      byConnection: isByConnection(event.actor, account),
      before: undefined,
      after: undefined,
      form: 'plain',
    };
    edits.set(key, event.__typename === 'UnlabeledEvent' ? { ...known, before: name } : { ...known, after: name });
  }
  return [...edits.values()];
}

function timeOf(event: TimelineEvent): number {
  return Date.parse(event.createdAt ?? '');
}
