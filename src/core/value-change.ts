/** What a change makes of a value, as lines of text: those that differ, without the ones that both have around them. */
export interface ValueChange {
  /** `summary`, `description`, `type` or `comment`. */
  readonly field: string;
  /** Empty where there was nothing. */
  readonly before: readonly string[];
  /** Empty where nothing is left. */
  readonly after: readonly string[];
}

const linesMax = 8;
const lineLengthMax = 240;
/** Of what both lines begin with so much stays for orientation, where a line is too long to stand whole. */
const leadLength = 60;

/**
 * The lines in which two values differ, at most 8 of each and each of at most 240 characters, `…` in place of what was left
 * out; undefined where nothing that can be shown differs. Blank lines are passed over.
 */
export function valueChange(field: string, before: string | undefined, after: string | undefined): ValueChange | undefined {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const start = sameAtStart(old, fresh);
  const end = sameAtStart(old.slice(start).toReversed(), fresh.slice(start).toReversed());
  const [gone, come] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  if (gone.length === 0 && come.length === 0) return undefined;
  const [first, second] = withoutLead(gone, come);
  return { field, before: fitted(first), after: fitted(second) };
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
}

function sameAtStart(left: ArrayLike<string>, right: ArrayLike<string>): number {
  const length = Math.min(left.length, right.length);
  let count = 0;
  while (count < length && left[count] === right[count]) count += 1;
  return count;
}

/** Of two long first lines the part from a little before their first difference, so that the cut does not take it away. */
function withoutLead(old: readonly string[], fresh: readonly string[]): readonly [readonly string[], readonly string[]] {
  const [[first = '', ...others], [second = '', ...rest]] = [old, fresh];
  const same = sameAtStart(first, second);
  if (same <= leadLength || Math.max(first.length, second.length) <= lineLengthMax) return [old, fresh];
  const from = (line: string): string => `…${line.slice(same - leadLength).replace(wordAtStart, '')}`;
  return [
    [from(first), ...others],
    [from(second), ...rest],
  ];
}

/** Words are left out whole: half of a secret would be known as one by nobody. */
const wordAtStart = /^[\w.~+/=-]+/;
const wordAtEnd = /[\w.~+/=-]+$/;

function fitted(lines: readonly string[]): readonly string[] {
  const kept = lines
    .slice(0, linesMax)
    .map((line) => (line.length <= lineLengthMax ? line : `${line.slice(0, lineLengthMax - 1).replace(wordAtEnd, '')}…`));
  return lines.length > linesMax ? [...kept, '…'] : kept;
}
