import type { Neutral } from './neutral.ts';

export interface MarkdownDecodeContext {
  /** The attachment of this issue that an image's or link's URL points to; undefined for any other URL. */
  readonly attachmentId: (url: string) => string | undefined;
}

export interface MarkdownEncodeContext {
  /** The URL that shows an attachment of this side. */
  readonly attachmentLink: (attachmentId: string) => string;
}

export interface MarkdownPatchContext extends MarkdownDecodeContext, MarkdownEncodeContext {}

export function decodeMarkdown(_text: string, _context: MarkdownDecodeContext): Neutral {
  return { type: 'root', children: [] };
}

export function encodeMarkdown(_root: Neutral, _context: MarkdownEncodeContext): string {
  return '';
}

export function patchMarkdown(_native: string, root: Neutral, context: MarkdownPatchContext): string {
  return encodeMarkdown(root, context);
}
