import { createHash } from 'node:crypto';

/** One line, without control characters, blanks folded: what both sides would store of a summary. */
export function canonicalSummary(summary: string): string {
  return (
    summary
      .normalize('NFC')
      // Control and bidirectional override characters would let a title show something else than it says (I10).
      .replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, ' ')
      .replaceAll(/[\u200B\u202A-\u202E\u2066-\u2069]/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}

const ellipsis = '…';

/** A summary that the other side takes: cut with an ellipsis at `lengthMax`, and never empty. */
export function fitSummary(summary: string, lengthMax: number): string {
  const canonical = canonicalSummary(summary);
  if (canonical === '') return '(no summary)';
  return canonical.length <= lengthMax ? canonical : keptOf(canonical, lengthMax) + ellipsis;
}

function keptOf(canonical: string, lengthMax: number): string {
  // Never end in half of a surrogate pair.
  const cut = canonical.slice(0, lengthMax - 1).replace(/[\uD800-\uDBFF]$/, '');
  return cut.trimEnd();
}

/**
 * The whole summary that an edited copy stands for: where it was cut at `lengthMax` and still ends with the ellipsis, what its
 * origin holds beyond that stands in the place of it (I3).
 */
export function wholeSummary(edited: string, origin: string, lengthMax: number): string {
  const shown = canonicalSummary(edited);
  const whole = canonicalSummary(origin);
  if (!isCutSummary(edited, origin, lengthMax)) return shown;
  return shown.slice(0, -ellipsis.length) + whole.slice(keptOf(whole, lengthMax).length);
}

/** Whether the summary of a copy ends as one does whose origin is longer than its side takes. */
export function isCutSummary(copy: string, origin: string, lengthMax: number): boolean {
  return canonicalSummary(origin).length > lengthMax && endsAsCut(copy);
}

/** Whether a summary ends as one does that was cut, or that a person ended so. */
export function endsAsCut(summary: string): boolean {
  return canonicalSummary(summary).endsWith(ellipsis);
}

export function summaryFingerprint(summary: string): string {
  return createHash('sha256').update(canonicalSummary(summary)).digest('base64url').slice(0, 16);
}
