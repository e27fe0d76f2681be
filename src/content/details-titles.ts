import type { BlockContent, Nodes } from 'mdast';
import { htmlText } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';
import type { SourceEdit } from './sequence-edits.ts';

export type Details = Extract<BlockContent, { type: 'details' }>;

/**
 * The edits of the titles, at any depth, of a native `<details>` whose titles stand in HTML, one after another as in `was`,
 * and the target with the titles as they were. Undefined where they do not correspond.
 */
export function titleEdits(
  source: { readonly text: string; readonly options: RenderOptions },
  nodes: readonly Nodes[],
  { was, target }: { readonly was: Details; readonly target: Details },
): { readonly edits: readonly SourceEdit[]; readonly target: Details } | undefined {
  const rest = structuredClone(target);
  const [before, after] = [detailsIn([was]), detailsIn([rest])];
  if (before.length !== after.length) return undefined;
  const changed = before.flatMap((one, index) => {
    const wanted = after[index];
    return wanted === undefined || wanted.summary === one.summary ? [] : [{ index, one, wanted }];
  });
  const places = changed.length === 0 ? [] : titlesIn(source.text, nodes);
  if (changed.length > 0 && places.length !== before.length) return undefined;
  const edits = changed.flatMap(({ index, one, wanted }): SourceEdit[] => {
    const place = places[index];
    const edit = place === undefined ? [] : [{ ...place, text: htmlText(wanted.summary, source.options) }];
    wanted.summary = one.summary;
    return edit;
  });
  return { edits, target: rest };
}

function detailsIn(blocks: readonly Nodes[]): readonly Details[] {
  return inOrder(blocks, (node) => (node.type === 'details' ? [node] : []));
}

/** Where the words of the titles stand. */
export function titlesIn(text: string, nodes: readonly Nodes[]): readonly { readonly start: number; readonly end: number }[] {
  return inOrder(nodes, (node) => {
    if (node.type !== 'html') return [];
    const from = node.position?.start.offset ?? 0;
    const html = text.slice(from, node.position?.end.offset);
    return [...html.matchAll(/(<summary\b[^>]*>)([\s\S]*?)<\/summary>/gi)].map(({ 1: tag = '', 2: title = '', index }) => {
      const start = from + index + tag.length;
      return { start, end: start + title.length };
    });
  });
}

function inOrder<T>(nodes: readonly Nodes[], of: (node: Nodes) => readonly T[]): readonly T[] {
  const found: T[] = [];
  const waiting: Nodes[] = nodes.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    found.push(...of(node));
    if ('children' in node) waiting.push(...node.children.toReversed());
  }
  return found;
}
