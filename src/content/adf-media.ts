import { attributeOf, attributesOf, contentOf, marksOf, textAttribute, type AdfNode } from './adf-document.ts';
import { pairPictures, type ShownPicture } from './pair-pictures.ts';

/** A node where it stands in a document. */
interface Placed {
  readonly node: AdfNode;
  readonly parent: Placed | undefined;
}

/** A media node of a document, by what it shows: as a block and in a line are not the same. */
interface Shown extends ShownPicture, Placed {
  /** The file's media id; undefined for an image of the web. */
  readonly id: string | undefined;
}

/** Every media node that shows something, in document order, without recursion. */
function shownMedia(nodes: readonly AdfNode[]): Shown[] {
  const shown: Shown[] = [];
  const waiting: Placed[] = nodes.toReversed().map((node) => ({ node, parent: undefined }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node } = next;
    const [id, url] = [textAttribute(node, 'id'), textAttribute(node, 'url')];
    if ((node.type === 'media' || node.type === 'mediaInline') && (id ?? url) !== undefined)
      shown.push({ ...next, id, url: JSON.stringify([node.type, id, url]), alt: textAttribute(node, 'alt') ?? '' });
    for (const child of contentOf(node).toReversed()) waiting.push({ node: child, parent: next });
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
  const there = new Set(shownMedia(nodes).map(({ id }) => id));
  const added: AdfNode[] = [];
  for (const { id, node, parent } of shownMedia(native)) {
    if (id === undefined || there.has(id) || !mustStay(id)) continue;
    there.add(id);
    const alone = parent?.node.type === 'mediaSingle' && contentOf(parent.node).length === 1 ? parent.node : undefined;
    added.push(alone ?? { type: 'mediaSingle', attrs: { layout: 'center' }, content: [asBlock(node)] });
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

/**
 * The new nodes with the size, border and place beside the text that a medium of the native ones had, where a medium of the
 * same file was written anew for it: the other side sees its description and its link alone, and can edit nothing else.
 */
export function withMediaAsBefore(nodes: readonly AdfNode[], native: readonly AdfNode[]): readonly AdfNode[] {
  const [before, after] = [shownMedia(native), shownMedia(nodes)];
  const [old, kept] = [new Set(before.map(({ node }) => node)), new Set(after.map(({ node }) => node))];
  const come = after.filter(({ node }) => !old.has(node));
  const pairs = pairPictures(
    before.filter(({ node }) => !kept.has(node)),
    come,
  );
  const changed = new Map<AdfNode, AdfNode>();
  for (const [index, written] of come.entries()) {
    const was = pairs[index];
    if (was === undefined) continue;
    changed.set(written.node, describedAs(was.node, written.node));
    const [single, around] = [written.parent?.node, was.parent?.node];
    if (single?.type === 'mediaSingle' && around?.type === 'mediaSingle')
      changed.set(single, { ...around, content: contentOf(single) });
    for (let place = written.parent; place !== undefined; place = place.parent)
      if (!changed.has(place.node)) changed.set(place.node, place.node);
  }
  const rebuilt = (node: AdfNode): AdfNode => {
    const now = changed.get(node);
    return now === undefined || contentOf(now).length === 0 ? (now ?? node) : { ...now, content: contentOf(now).map(rebuilt) };
  };
  return nodes.map(rebuilt);
}

/** A medium with the description and the link of another one. */
function describedAs(media: AdfNode, written: AdfNode): AdfNode {
  const attrs = Object.entries({ ...attributesOf(media), alt: attributeOf(written, 'alt') });
  const marks = [...marksOf(media).filter(({ type }) => type !== 'link'), ...marksOf(written)];
  return {
    ...media,
    attrs: Object.fromEntries(attrs.filter(([, value]) => value !== undefined)),
    ...(marks.length === 0 && media['marks'] === undefined ? {} : { marks }),
  };
}
