import type { Image, Link, Nodes, Paragraph } from 'mdast';
import { parseAttachmentUrl, type Neutral } from './neutral.ts';
import { normalize } from './normalize.ts';
import { plainText } from './runs.ts';

export interface AttachmentReference {
  readonly side: 'public' | 'private';
  readonly id: string;
}

/** The images and links within a tree, in document order, without recursion. */
function targetsOf(root: Nodes): (Image | Link)[] {
  const targets: (Image | Link)[] = [];
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'image' || node.type === 'link') targets.push(node);
    if (!('children' in node)) continue;
    for (const child of node.children.toReversed()) waiting.push(child);
  }
  return targets;
}

/** The tree in normal form, with the URLs of images and links that `map` knows replaced by the URL it gives. */
export function mapAddresses(root: Neutral, map: (url: string) => string | undefined): Neutral {
  // Normal form bounds the depth. A tree that stays the same one keeps what is remembered of it (settle.ts, canonical.ts).
  const normal = normalize(root);
  const isMapped = ({ url }: Image | Link): boolean => (map(url) ?? url) !== url;
  if (!targetsOf(normal).some(isMapped)) return normal;
  const copy = structuredClone(normal);
  for (const target of targetsOf(copy)) target.url = map(target.url) ?? target.url;
  return copy;
}

/** The same for the attachment URLs among them. */
export function mapAttachments(root: Neutral, map: (reference: AttachmentReference) => string | undefined): Neutral {
  return mapAddresses(root, (url) => {
    const reference = parseAttachmentUrl(url);
    return reference === undefined ? undefined : map(reference);
  });
}

/** A copy of the tree, in normal form, without what shows these attachments: images go, of links the text stays. */
export function withoutAttachments(root: Neutral, isLeftOut: (reference: AttachmentReference) => boolean): Neutral {
  return withInstead(root, isLeftOut, () => []);
}

/** The same with the description of each image in its place. */
export function withAttachmentsAsWords(root: Neutral, isWords: (reference: AttachmentReference) => boolean): Neutral {
  return withInstead(root, isWords, ({ alt }) => [
    { type: 'text', value: alt === null || alt === undefined || alt === '' ? 'attachment' : alt },
  ]);
}

function withInstead(
  root: Neutral,
  isLeftOut: (reference: AttachmentReference) => boolean,
  instead: (image: Image) => readonly Nodes[],
): Neutral {
  const isOut = (node: Nodes): boolean => {
    const reference = node.type === 'image' || node.type === 'link' ? parseAttachmentUrl(node.url) : undefined;
    return reference !== undefined && isLeftOut(reference);
  };
  if (!targetsOf(root).some(isOut)) return root;
  // A link that goes leaves its children, among which images go too; normal form bounds the depth.
  const left = (node: Nodes): readonly Nodes[] => {
    if (!isOut(node)) return [node];
    return node.type === 'link' ? node.children.flatMap(left) : node.type === 'image' ? instead(node) : [];
  };
  const copy = structuredClone(normalize(root));
  const waiting: Nodes[] = [copy];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!('children' in node)) continue;
    const children: Nodes[] = node.children;
    children.splice(0, children.length, ...children.flatMap(left));
    waiting.push(...children);
  }
  return normalize(copy);
}

/** The attachments that a tree refers to by image or link, each once, in document order. */
export function attachmentReferences(root: Nodes): readonly AttachmentReference[] {
  const references = new Map<string, AttachmentReference>();
  for (const { url } of targetsOf(root)) {
    const reference = parseAttachmentUrl(url);
    if (reference !== undefined) references.set(`${reference.side}/${reference.id}`, reference);
  }
  return [...references.values()];
}

/** The attachments that a tree shows or links to, each once, as blocks of their own: an image with the text that stood there. */
export function attachmentBlocks(root: Neutral): readonly { readonly id: string; readonly block: Paragraph }[] {
  const found = new Map<string, Paragraph>();
  for (const target of targetsOf(root)) {
    const id = parseAttachmentUrl(target.url)?.id;
    if (id === undefined || found.has(id)) continue;
    const alt = target.type === 'image' ? (target.alt ?? '') : plainText(target.children);
    found.set(id, { type: 'paragraph', children: [{ type: 'image', url: target.url, alt }] });
  }
  return [...found].map(([id, block]) => ({ id, block }));
}

/** The readable text of a tree, without its images, wherever they are, and its links to attachments. */
export function textWithoutFiles(root: Neutral): string {
  return plainText(
    root.children,
    (node) => node.type === 'image' || (node.type === 'link' && parseAttachmentUrl(node.url) !== undefined),
  );
}
