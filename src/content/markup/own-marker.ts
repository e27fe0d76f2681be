import type { MarkupPart } from './dialect.ts';

/** So many items on either side are looked at: looking at all of a long list for each new one takes quadratic time. */
const neighboursMax = 200;

/**
 * An item as it is written, with the signs that the native list has for its levels: `*` and `-` are both bullets, and an
 * item with the other sign would begin a list of its own. `near` is the native part that it stands for or comes after.
 */
export function withOwnMarker(written: string, parts: readonly MarkupPart[], near: number): string {
  const marker = markerOf(written);
  if (marker === '') return written;
  const kind = kindOf(marker);
  const before = parts.slice(Math.max(0, near + 1 - neighboursMax), near + 1).toReversed();
  const beside = [...before, ...parts.slice(near + 1, near + 1 + neighboursMax)];
  const alike = beside.find((part) => kindOf(part.levels ?? part.marker ?? '') === kind)?.marker;
  if (alike !== undefined) return alike + written.slice(marker.length);
  const markers = beside.map((part) => part.marker ?? '');
  for (let levels = kind.length; levels > 0; levels -= 1) {
    const own = markers.find((known) => kindOf(known).startsWith(kind.slice(0, levels)));
    if (own !== undefined) return own.slice(0, levels) + marker.slice(levels) + written.slice(marker.length);
  }
  return written;
}

/** The signs that a line of an item begins with; '' for any other line. */
export function markerOf(written: string): string {
  return /^[*#-]+(?= )/.exec(written)?.[0] ?? '';
}

function kindOf(marker: string): string {
  return marker.replaceAll('-', '*');
}
