import { attributeOf, contentOf, textAttribute, type AdfNode } from './adf-document.ts';

/** A media node of a document with the node that shows it alone, if there is one. */
interface Shown {
  readonly id: string;
  readonly media: AdfNode;
  readonly single: AdfNode | undefined;
}

/** Every media node that shows a file, in document order, without recursion. */
function shownMedia(nodes: readonly AdfNode[]): Shown[] {
  const shown: Shown[] = [];
  const waiting: { readonly node: AdfNode; readonly parent: AdfNode | undefined }[] = nodes
    .toReversed()
    .map((node) => ({ node, parent: undefined }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent } = next;
    const id = textAttribute(node, 'id');
    if ((node.type === 'media' || node.type === 'mediaInline') && id !== undefined) {
      const alone = parent?.type === 'mediaSingle' && contentOf(parent).length === 1;
      shown.push({ id, media: node, single: alone ? parent : undefined });
    }
    for (const child of contentOf(node).toReversed()) waiting.push({ node: child, parent: node });
  }
  return shown;
}

/**
 * The new nodes with, at their end, every medium of the native ones that must stay and is not there any more. Jira deletes
 * an attachment whose media node a rewrite leaves out (I6); at the end, canonical form passes over it.
 */
export function withKeptMedia(
  nodes: readonly AdfNode[],
  native: readonly AdfNode[],
  mustStay: (mediaId: string) => boolean,
): AdfNode[] {
  const there = new Set(shownMedia(nodes).map((shown) => shown.id));
  const added: AdfNode[] = [];
  for (const shown of shownMedia(native)) {
    if (there.has(shown.id) || !mustStay(shown.id)) continue;
    there.add(shown.id);
    added.push(shown.single ?? { type: 'mediaSingle', attrs: { layout: 'center' }, content: [asBlock(shown.media)] });
  }
  return [...nodes, ...added];
}

/** `mediaInline` has attributes, and a type `image`, that `media` does not know. */
function asBlock(node: AdfNode): AdfNode {
  if (node.type === 'media') return node;
  const attrs: Record<string, unknown> = { type: attributeOf(node, 'type') === 'link' ? 'link' : 'file' };
  for (const name of ['id', 'collection', 'width', 'height', 'alt', 'occurrenceKey']) {
    const value = attributeOf(node, name);
    if (value !== undefined) attrs[name] = value;
  }
  return { type: 'media', attrs };
}
