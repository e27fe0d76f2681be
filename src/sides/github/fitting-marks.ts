import { SallyportError } from '../../errors.ts';
import { joinBody } from '../marked-body.ts';

/** GitHub refuses longer bodies (code points); content is kept to less by the cycle (`SideLimits.bodyLength`). */
export const bodyLengthMax = 65_536;

/**
 * The marks that a body gets: all of them, or none where they would not fit behind an origin's own text.
 *
 * @throws SallyportError `refused` where the content alone is longer than GitHub takes.
 */
export function fittingMarks(
  content: string,
  item: { readonly marks: readonly string[]; readonly isOrigin?: boolean; readonly what: string },
): readonly string[] {
  const length = (marks: readonly string[]): number => Array.from(joinBody({ content, fileLines: [], marks })).length;
  if (length([]) > bodyLengthMax)
    throw new SallyportError(
      `The text for ${item.what} would have ${length([]).toLocaleString('en')} characters; GitHub takes ${bodyLengthMax.toLocaleString('en')}. Shorten it on the other side.`,
      { kind: 'refused' },
    );
  return item.isOrigin === true && length(item.marks) > bodyLengthMax ? [] : item.marks;
}
