import type { Neutral } from '../content/neutral.ts';
import { mapType } from './basic-rules.ts';
import { blocksHeld } from './cut-text.ts';
import type { SideName } from './model.ts';
import { otherSide, sideNames } from './model.ts';
import type { TwinInput } from './plan.ts';
import { fitSummary, summaryFingerprint } from './summary.ts';
import type { CommentPair, FieldName } from './twin.ts';
import { fieldNames } from './twin.ts';

/** A text of a copy that is not what its origin says, although both sides' fingerprints are those of the base. */
export type Damage =
  | { readonly kind: 'field'; readonly field: FieldName; readonly expected: string; readonly found: string }
  | { readonly kind: 'comment'; readonly pair: CommentPair; readonly expected: string; readonly found: string };

/** The fingerprint that a text in crossing form comes to once `to` has stored it: cut to the side's length, its files resolved. */
export type ExpectedPrint = (
  root: Neutral,
  to: { readonly side: SideName; readonly kind: 'issue' | 'comment'; readonly isOrigin: boolean },
) => string;

/**
 * Compares the two sides' content with each other, where comparing each with the base tells nothing: an older tool wrote a
 * copy, or fingerprints were written down wrong. `expected` and `found` are fingerprints on the copy's side.
 */
export function damageOf(input: TwinInput, expectedPrint: ExpectedPrint): readonly Damage[] {
  return [...damagedFields(input, expectedPrint), ...damagedComments(input, expectedPrint)];
}

function damagedFields(input: TwinInput, expectedPrint: ExpectedPrint): readonly Damage[] {
  const { base, replicas } = input;
  const copySide = otherSide[base.origin];
  return fieldNames.flatMap((field): Damage[] => {
    if (sideNames.some((side) => replicas[side][field].print !== base[field][side])) return [];
    const expected = (from: SideName): string => expectedField(field, from, { input, expectedPrint });
    const found = replicas[copySide][field].print;
    if (field === 'description' && base.cut !== undefined && showsBeginning(replicas, base.origin)) return [];
    // An edit of the copy that was carried back counts as well: then the origin is what the copy's text comes to.
    if (expected(base.origin) === found || expected(copySide) === replicas[base.origin][field].print) return [];
    return [{ kind: 'field', field, expected: expected(base.origin), found }];
  });
}

/** A copy that was cut and then edited may hold more or fewer blocks than a fresh cut would keep. */
function showsBeginning(replicas: TwinInput['replicas'], origin: SideName): boolean {
  return blocksHeld(replicas[otherSide[origin]].description.value, replicas[origin].description.value) !== undefined;
}

function expectedField(
  field: FieldName,
  from: SideName,
  context: { readonly input: TwinInput; readonly expectedPrint: ExpectedPrint },
): string {
  const { input, expectedPrint } = context;
  const replica = input.replicas[from];
  const rule = input.rules[otherSide[from]];
  switch (field) {
    case 'summary':
      return summaryFingerprint(fitSummary(replica.summary.value, rule.summaryLength));
    case 'type':
      return mapType(replica.type.value, rule.types).name;
    case 'description':
      return expectedPrint(replica.description.value, {
        side: otherSide[from],
        kind: 'issue',
        isOrigin: from !== input.base.origin,
      });
  }
}

function damagedComments(input: TwinInput, expectedPrint: ExpectedPrint): readonly Damage[] {
  const byId = (side: SideName) => new Map(input.replicas[side].comments.map((comment) => [comment.snapshot.id, comment]));
  const comments = { public: byId('public'), private: byId('private') };
  return input.base.comments.flatMap((pair): Damage[] => {
    const copySide = otherSide[pair.origin];
    const origin = comments[pair.origin].get(pair.ids[pair.origin]);
    const copy = comments[copySide].get(pair.ids[copySide]);
    const isHeld = pair.withheld || (input.holdRestricted && origin?.snapshot.restricted === true);
    if (origin === undefined || copy === undefined || isHeld) return [];
    if (origin.text.print !== pair.text[pair.origin] || copy.text.print !== pair.text[copySide]) return [];
    if (pair.cut !== undefined && blocksHeld(copy.text.value, origin.text.value) !== undefined) return [];
    const expected = expectedPrint(origin.text.value, { side: copySide, kind: 'comment', isOrigin: false });
    const back = expectedPrint(copy.text.value, { side: pair.origin, kind: 'comment', isOrigin: true });
    if (origin.text.print === copy.text.print || expected === copy.text.print || back === origin.text.print) return [];
    return [{ kind: 'comment', pair, expected, found: copy.text.print }];
  });
}
