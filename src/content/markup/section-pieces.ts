import type { BlockContent } from 'mdast';
import type { MarkupPiece } from './dialect.ts';
import type { Section } from './line-scan.ts';

/** The pieces of a paragraph: its lines, and each block that stands amid them by itself. */
export function sectionPieces(
  sections: readonly Section[],
  read: (text: string) => readonly BlockContent[],
): readonly MarkupPiece[] {
  return sections.flatMap((section): MarkupPiece[] => {
    if ('macro' in section) return [{ ...section.macro, parts: [] }];
    const { lines } = section;
    const [start, end] = [lines[0]?.start ?? 0, lines.at(-1)?.end ?? 0];
    return [{ blocks: read(lines.map(({ text }) => text).join('\n')), start, end, parts: lines }];
  });
}
