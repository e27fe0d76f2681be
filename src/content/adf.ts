import { contentOf, isAdfNode, type AdfDocument, type AdfNode } from './adf-document.ts';
import type { AdfDecodeContext } from './adf-inline.ts';
import { withKeptMedia, withMediaAsBefore } from './adf-media.ts';
import { canonicalText } from './canonical.ts';
import { readAdf } from './decode-adf.ts';
import { writeAdf, type AdfEncodeContext } from './encode-adf.ts';
import type { Neutral } from './neutral.ts';
import { normalize } from './normalize.ts';
import { patchNodes } from './patch-adf.ts';
import { normalChildren, settledBlocks } from './settle.ts';

export interface AdfPatchContext extends AdfDecodeContext, AdfEncodeContext {
  /** False for a copy from the other side whose file need not stay: its media may be dropped. Default: every one has to stay. */
  readonly hasToStay?: (attachmentId: string) => boolean;
}

/**
 * The neutral form of an Atlassian document (parsed JSON). Media of known attachments become images with the URL
 * `attachment:public/…`; everything the neutral form lacks becomes readable text. Total: it throws for no input at all,
 * and what is not a document reads as an empty one.
 */
export function decodeAdf(adf: unknown, context: AdfDecodeContext): Neutral {
  return normalize({ type: 'root', children: readAdf(contentOf(adf), context) });
}

/** An Atlassian document that reads as this tree and fulfils Atlassian's JSON schema. It makes no mention nodes. */
export function encodeAdf(root: Neutral, context: AdfEncodeContext): AdfDocument {
  return documentOf(writeAdf(normalChildren(root), context));
}

/**
 * The native document changed so that it reads as the tree: every native block that reads as before is kept as it is (the
 * same JSON, key order included), within lists, tables, panels and expands too. A medium of an origin's attachment is
 * never dropped: if the tree has it no more, it moves to the end (content.md, properties 4 and 5).
 */
export function patchAdf(native: unknown, root: Neutral, context: AdfPatchContext): AdfDocument {
  const nodes = contentOf(native);
  const targets = settledBlocks(root);
  const wanted = canonicalText(root);
  const mustStay = (mediaId: string): boolean => {
    const id = context.attachmentId(mediaId);
    return id !== undefined && (context.hasToStay?.(id) ?? true);
  };
  const candidates: readonly (() => AdfNode[])[] = [
    () => patchNodes(nodes, targets, { context, within: true }),
    () => patchNodes(nodes, targets, { context, within: false }),
  ];
  const withMedia = (content: readonly AdfNode[]): AdfDocument =>
    documentOf(withKeptMedia(withMediaAsBefore(content, nodes), nodes, mustStay), native);
  const written = withMedia(writeAdf(targets, context));
  let reachable: string | undefined;
  for (const candidate of candidates) {
    const document = withMedia(candidate());
    // A patch that does not read as what it should would be taken for a person's edit in the next cycle (I5).
    const result = canonicalText(decodeAdf(document, context));
    if (result === wanted) return document;
    // Where an attachment's link cannot be read back, nothing written reads as wanted; then the rest still has to be right.
    reachable ??= canonicalText(decodeAdf(written, context));
    if (result === reachable) return document;
  }
  return written;
}

/** The members of a native document keep their order. */
function documentOf(content: readonly AdfNode[], native?: unknown): AdfDocument {
  return isAdfNode(native) && native.type === 'doc'
    ? { ...native, type: 'doc', version: 1, content }
    : { version: 1, type: 'doc', content };
}
