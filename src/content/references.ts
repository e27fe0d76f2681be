import type { Nodes } from 'mdast';
import { parseAttachmentUrl, type Neutral } from './neutral.ts';
import { normalize } from './normalize.ts';

export interface AttachmentReference {
  readonly side: 'public' | 'private';
  readonly id: string;
}

/** The images and links within a tree, in document order, without recursion. */
function targetsOf(root: Neutral): { url: string }[] {
  const targets: { url: string }[] = [];
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'image' || node.type === 'link') targets.push(node);
    if ('children' in node) waiting.push(...node.children.toReversed());
  }
  return targets;
}

/** A copy of the tree, in normal form, with the URLs of images and links that `map` knows replaced by the URL it gives. */
export function mapAddresses(root: Neutral, map: (url: string) => string | undefined): Neutral {
  // Normal form bounds the depth, and is a copy already where it changed something; `structuredClone` is one in any case.
  const copy = structuredClone(normalize(root));
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

/** The attachments that a tree refers to by image or link, each once, in document order. */
export function attachmentReferences(root: Neutral): readonly AttachmentReference[] {
  const references = new Map<string, AttachmentReference>();
  for (const { url } of targetsOf(root)) {
    const reference = parseAttachmentUrl(url);
    if (reference !== undefined) references.set(`${reference.side}/${reference.id}`, reference);
  }
  return [...references.values()];
}
