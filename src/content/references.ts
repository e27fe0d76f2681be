import type { Nodes } from 'mdast';
import type { Neutral } from './neutral.ts';
import { parseAttachmentUrl } from './neutral.ts';

/** An attachment that a text shows or links to. */
export interface AttachmentReference {
  readonly side: 'public' | 'private';
  readonly id: string;
}

/**
 * A copy of the text with the URLs of attachments replaced by what `map` returns; undefined keeps a URL. The text given is
 * not changed, and parts without attachments are shared with it.
 */
export function mapAttachments(root: Neutral, map: (reference: AttachmentReference) => string | undefined): Neutral {
  const mapped = mapNode(root, map);
  return mapped.type === 'root' ? mapped : root;
}

function mapNode<N extends Nodes>(node: N, map: (reference: AttachmentReference) => string | undefined): N {
  let result = node;
  if (node.type === 'image' || node.type === 'link') {
    const reference = parseAttachmentUrl(node.url);
    const url = reference === undefined ? undefined : map(reference);
    if (url !== undefined) result = { ...node, url };
  }
  if (!('children' in result)) return result;
  let isChanged = false;
  const children = result.children.map((child: Nodes) => {
    const next = mapNode(child, map);
    isChanged ||= next !== child;
    return next;
  });
  return isChanged ? { ...result, children } : result;
}

/** Every reference in the order of the text, each once. */
export function attachmentReferences(root: Neutral): readonly AttachmentReference[] {
  const found = new Map<string, AttachmentReference>();
  mapAttachments(root, (reference) => {
    found.set(`${reference.side}/${reference.id}`, reference);
    return undefined;
  });
  return [...found.values()];
}
