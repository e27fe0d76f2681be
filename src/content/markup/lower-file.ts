import type { Image, Link, PhrasingContent } from 'mdast';
import { parseAttachmentUrl } from '../neutral.ts';
import { part } from '../normalize.ts';
import type { MarkupDialect } from './dialect.ts';
import { survives } from './lower.ts';
import type { MarkupContext } from './markup-context.ts';

/** A dialect that lowers attachments alike in every markup, and leaves links and other images to the one that is given. */
export function withFiles(dialect: MarkupDialect, context: MarkupContext): MarkupDialect {
  return {
    ...dialect,
    lowerTarget: (node) =>
      isFile(node)
        ? lowerFile(node, context, dialect)
        : dialect.lowerTarget(node).flatMap((lowered) => (lowered.type === 'link' ? besideFiles(lowered, dialect) : [lowered])),
  };
}

function isFile(node: PhrasingContent): node is Image {
  return node.type === 'image' && parseAttachmentUrl(node.url) !== undefined;
}

/** A link with the attachments beside it that the markup has no link around: both have one around a picture. */
function besideFiles(link: Link, dialect: MarkupDialect): PhrasingContent[] {
  const isBeside = (child: PhrasingContent): boolean =>
    isFile(child) && !survives({ type: 'paragraph', children: [{ ...link, children: [child] }] }, dialect);
  if (!link.children.some(isFile)) return [link];
  return part(
    link.children,
    (child) => !isBeside(child),
    (children) => ({ ...link, children }),
  );
}

/**
 * The nearest that a markup can say for an attachment: itself, then its file with its description before it, then a link
 * to it, then its name as text. Tried for each by itself, so that one name that cannot be written costs no other of its block.
 */
function lowerFile(node: Image, context: MarkupContext, dialect: MarkupDialect): PhrasingContent[] {
  const alt = node.alt ?? '';
  const reference = parseAttachmentUrl(node.url);
  const name = reference?.side === 'private' ? context.attachmentName(reference.id) : undefined;
  if (reference === undefined || name === undefined) return [text(alt === '' ? 'attachment' : alt)];
  const reads = (image: Image): boolean => survives({ type: 'paragraph', children: [image] }, dialect);
  if (reads(node)) return [node];
  const bare: Image = { ...node, alt: '' };
  if (alt !== '' && reads(bare)) return [text(`${alt} `), bare];
  const url = context.attachmentLink(reference.id);
  // An address that opens nothing outside of this program tells a reader nothing, the name does.
  if (!/^https?:/i.test(url)) return [text(alt === '' ? name : `${alt} (${name})`)];
  return dialect.lowerTarget({ type: 'link', url, children: [text(alt === '' ? name : alt)] });
}

function text(value: string): PhrasingContent {
  return { type: 'text', value };
}
