import type { BlockContent } from 'mdast';
import type { MarkupPart, MarkupPiece, Stretch } from './dialect.ts';
import type { Line, Section, Taken } from './line-scan.ts';

/** The pieces of a paragraph: its lines, and each block that stands amid them by itself. */
export function sectionPieces(
  sections: readonly Section[],
  read: (text: string) => readonly BlockContent[],
): readonly MarkupPiece[] {
  return sections.map((section): MarkupPiece => {
    if ('macro' in section) return { ...section.macro, parts: [] };
    const { lines } = section;
    return { blocks: read(lines.map(({ text }) => text).join('\n')), ...placeOf(lines), parts: lines };
  });
}

/** An item with what stands in its lines, each by itself. */
export function itemPart(marker: Pick<MarkupPart, 'marker' | 'levels'>, lines: readonly Line[], taken: Taken): MarkupPart {
  const segments = taken.sections(lines).map((section) => {
    return 'macro' in section ? { ...section.macro, parts: [] } : { ...placeOf(section.lines), parts: section.lines };
  });
  return { ...marker, ...placeOf(lines), segments };
}

function placeOf(lines: readonly Line[]): Stretch {
  return { start: lines[0]?.start ?? 0, end: lines.at(-1)?.end ?? 0 };
}
