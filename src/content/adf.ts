import type { AdfDocument } from './adf-document.ts';
import type { Neutral } from './neutral.ts';

export interface AdfDecodeContext {
  /** The attachment of this issue that a media id stands for; undefined where it is not known. */
  readonly attachmentId: (mediaId: string) => string | undefined;
  /** The attachment of this issue that a link points to: the inverse of `attachmentLink`. */
  readonly attachmentIdOfLink?: (url: string) => string | undefined;
}

export interface AdfEncodeContext {
  /** The media that shows an attachment; undefined where it could not be found out (a link is written instead). */
  readonly mediaId: (attachmentId: string) => { readonly id: string; readonly width?: number; readonly height?: number } | undefined;
  /** Where a person opens an attachment. */
  readonly attachmentLink: (attachmentId: string) => string;
}

export interface AdfPatchContext extends AdfDecodeContext, AdfEncodeContext {
  /** False for an attachment that is a copy from the other side: its media may be dropped. Default: every one is an origin. */
  readonly isOrigin?: (attachmentId: string) => boolean;
}

export function decodeAdf(_adf: unknown, _context: AdfDecodeContext): Neutral {
  return { type: 'root', children: [] };
}

export function encodeAdf(_root: Neutral, _context: AdfEncodeContext): AdfDocument {
  return { version: 1, type: 'doc', content: [] };
}

export function patchAdf(_native: unknown, root: Neutral, context: AdfPatchContext): AdfDocument {
  return encodeAdf(root, context);
}
