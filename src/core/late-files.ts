import type { Neutral } from '../content/neutral.ts';
import { attachmentReferences } from '../content/references.ts';
import type { IssueSnapshot, Pair, SideName } from './model.ts';
import { sideNames } from './model.ts';
import type { Printed } from './replica.ts';
import { replicaOf } from './replica.ts';
import type { TwinBase } from './twin.ts';

/**
 * The base once a file has got its copy: a text that shows the file and is in step may have been written without it. It reads as
 * changed where the file is at home, so that it is written again; one that somebody has edited crosses anyway, by what it said
 * when last in step. The empty print equals none.
 */
export function withTextsDue(
  base: TwinBase,
  file: { readonly side: SideName; readonly id: string },
  snapshots: { readonly [side in SideName]: IssueSnapshot | undefined },
): TwinBase {
  if (snapshots.public === undefined || snapshots.private === undefined) return base;
  const { side, id } = file;
  const replicas = {
    public: replicaOf(snapshots.public, 'public', base),
    private: replicaOf(snapshots.private, 'private', base),
  };
  const due = (prints: Pair<string>, textOn: (side: SideName) => Printed<Neutral> | undefined): Pair<string> => {
    const isInStep = sideNames.every((name) => textOn(name)?.print === prints[name]);
    const shown = attachmentReferences(textOn(side)?.value ?? { type: 'root', children: [] });
    const isShown = shown.some((reference) => reference.side === side && reference.id === id);
    return isInStep && isShown ? { ...prints, [side]: '' } : prints;
  };
  return {
    ...base,
    description: due(base.description, (name) => replicas[name].description),
    comments: base.comments.map((pair) => {
      // What is withheld shows nothing.
      if (pair.withheld) return pair;
      const textOn = (name: SideName): Printed<Neutral> | undefined =>
        replicas[name].comments.find(({ snapshot }) => snapshot.id === pair.ids[name])?.text;
      return { ...pair, text: due(pair.text, textOn) };
    }),
  };
}
