import { restoreLowered } from '../content/markup/restore-lowered.ts';
import type { Neutral } from '../content/neutral.ts';
import { rootOfBaseText } from './plan-fields.ts';
import type { Printed, Replica } from './replica.ts';
import type { Pair } from './model.ts';
import type { TwinBase } from './twin.ts';

/** What the private side would show of a text, both in crossing form; `standing` is what it shows now, as it was read. */
export type Lowering = (root: Neutral, standing: Neutral) => Neutral;

/**
 * The private side's replica as the public side would say it: blocks that are what its markup made of the public side's are
 * those again, so that whatever reads the replica's texts (plan, merge, audit) takes for an edit only what somebody touched.
 * The fingerprints stay those of what was read, which is what the base knows of that side.
 */
export function unlowered(
  replicas: Pair<Replica>,
  known: { readonly base: TwinBase; readonly baseText: string | undefined; readonly lower: Lowering },
): Replica {
  const { base, baseText, lower } = known;
  const { public: other, private: replica } = replicas;
  const comments = new Map(
    other.comments.map(({ snapshot, text }): [string, Original] => [snapshot.id, { print: text.print, value: () => text.value }]),
  );
  const originals = new Map(base.comments.map(({ ids }) => [ids.private, comments.get(ids.public)]));
  const whole = (text: Printed<Neutral>, standing: Neutral, original: Original | undefined): Printed<Neutral> =>
    original === undefined || original.print === text.print
      ? text
      : { ...text, value: restoreLowered(original.value(), text.value, (root) => lower(root, standing)) };
  return {
    ...replica,
    description: whole(replica.description, replica.snapshot.description.root, descriptionInStep(other, { base, baseText })),
    comments: replica.comments.map((comment) => ({
      ...comment,
      text: whole(comment.text, comment.snapshot.text.root, originals.get(comment.snapshot.id)),
    })),
  };
}

/** A text as it stands on the public side, and what was made of which on the private side; read only where it is asked for. */
interface Original {
  readonly print: string;
  readonly value: () => Neutral;
}

/** Where both sides were edited since, what the private side shows was made of what the public side said before. */
function descriptionInStep(
  { description }: Replica,
  { base, baseText }: { readonly base: TwinBase; readonly baseText: string | undefined },
): Original {
  const isKnown = baseText !== undefined && base.cut === undefined;
  return { print: description.print, value: () => (isKnown ? rootOfBaseText(baseText, base) : description.value) };
}
