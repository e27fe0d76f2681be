import type { Neutral } from '../content/neutral.ts';
import { attachmentReferences } from '../content/references.ts';
import type { IssueSnapshot, Pair, SideName } from './model.ts';
import type { TwinBase } from './twin.ts';

/**
 * The base once a file has got its copy: texts that show the file may have been written without it, and read as changed where
 * it is at home, so that they are written again. The empty print equals none.
 */
export function withTextsDue(
  base: TwinBase,
  file: { readonly side: SideName; readonly id: string; readonly issue: IssueSnapshot | undefined },
): TwinBase {
  const { side, id, issue } = file;
  if (issue === undefined) return base;
  const isShownIn = (root: Neutral): boolean =>
    attachmentReferences(root).some((reference) => reference.side === side && reference.id === id);
  const due = (prints: Pair<string>): Pair<string> => ({ ...prints, [side]: '' });
  const showing = new Set(issue.comments.flatMap((comment) => (isShownIn(comment.text.root) ? comment.id : [])));
  return {
    ...base,
    description: isShownIn(issue.description.root) ? due(base.description) : base.description,
    // What is withheld shows nothing.
    comments: base.comments.map((pair) =>
      showing.has(pair.ids[side]) && !pair.withheld ? { ...pair, text: due(pair.text) } : pair,
    ),
  };
}
