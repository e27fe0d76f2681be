import type { Neutral } from './neutral.ts';
import { readMarkdown, type ParsedMarkdown } from './decode-markdown.ts';
import { calledByRedmine } from './defuse.ts';
import { parseAttachmentUrl } from './neutral.ts';
import { attachmentBlocks, attachmentReferences, withAttachmentsAsWords } from './references.ts';
import { normalize } from './normalize.ts';
import { patchSource } from './patch-markdown.ts';
import { renderBlocks } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';
import { settledBlocks } from './settle.ts';

const byteOrderMark = '\ufeff';

/** The parser takes the mark away without counting it, which would move every place in the source by one. */
function withoutMark(text: string): string {
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

export interface MarkdownDecodeContext {
  /** The attachment of this issue that an image's or link's URL points to; undefined for any other URL. */
  readonly attachmentId: (url: string) => string | undefined;
}

export interface MarkdownEncodeContext {
  /** The URL that shows an attachment of this side. */
  readonly attachmentLink: (attachmentId: string) => string;
  /** Whose readers the text is for, which decides what has to be defused. Default: `github`. */
  readonly dialect?: 'github' | 'redmine';
}

export interface MarkdownPatchContext extends MarkdownDecodeContext, MarkdownEncodeContext {
  /** False for an attachment that is a copy from the other side: its link may be dropped. Default: every one has to stay. */
  readonly hasToStay?: (attachmentId: string) => boolean;
}

/**
 * The neutral form of GitHub Markdown as issues and comments have it (a line end within a paragraph is a break). Comments
 * are left out, other HTML is read for its content. Images and links whose URL is known become `attachment:private/…`.
 * Total: it throws for no input, and takes bounded time.
 */
export function decodeMarkdown(text: string, context: MarkdownDecodeContext): Neutral {
  return neutralOf(readMarkdown(withoutMark(text), context.attachmentId));
}

function neutralOf(parsed: ParsedMarkdown): Neutral {
  return normalize(treeOf(parsed));
}

function treeOf({ segments }: ParsedMarkdown): Neutral {
  return { type: 'root', children: segments.flatMap((segment) => segment.blocks) };
}

/** What only the other side can show becomes words before texts are joined and defused: `#` and `1` in a row are a reference. */
function shownHere(root: Neutral): Neutral {
  return withAttachmentsAsWords(root, ({ side }) => side !== 'private');
}

/** GitHub Markdown that reads as this tree, with mentions and references defused. No line end at its end. */
export function encodeMarkdown(root: Neutral, context: MarkdownEncodeContext): string {
  const blocks = settledBlocks(shownHere(root));
  return callingNobody('', context, (options) => renderBlocks(blocks, options));
}

/**
 * What is written in the place of a native text. Code stays as it is wherever that calls nobody whom the native text does
 * not call: else rows of signs are broken in it that Redmine takes for fences, and where that is not enough, names.
 */
function callingNobody(native: string, context: MarkdownEncodeContext, write: (options: RenderOptions) => string): string {
  const options = renderOptions(context);
  let text = write(options);
  if (context.dialect !== 'redmine') return text;
  const known = calledByRedmine(native);
  for (const brokenCode of ['fences', 'names'] as const) {
    if ([...calledByRedmine(text)].every((name) => known.has(name))) break;
    text = write({ ...options, brokenCode });
  }
  return text;
}

/**
 * The native text changed so that it reads as the tree: every native block whose canonical form is still there is kept
 * byte for byte, comments and definitions stay beside it, and lists and tables keep their unchanged items and rows. A file
 * that originates here exists by its link alone: if the tree has it no more, the link moves to the end, where the canonical
 * form passes over it (content.md, properties 4 and 5; I6).
 */
export function patchMarkdown(native: string, root: Neutral, context: MarkdownPatchContext): string {
  return openMarkdown(native, context).patch(root);
}

/** A native text that was parsed once: what `decodeMarkdown` reads in it, and what `patchMarkdown` makes of it. */
export function openMarkdown(
  native: string,
  context: MarkdownPatchContext,
): { readonly root: Neutral; readonly patch: (root: Neutral) => string } {
  const [marks, text] = marksApart(native);
  const parsed = readMarkdown(text, context.attachmentId);
  return {
    // Normal form takes long, and a patch does without.
    get root() {
      return neutralOf(parsed);
    },
    patch: (root) => marks + patchParsed(parsed, root, context),
  };
}

/** What a text begins with that is not counted, and all else. */
function marksApart(native: string): readonly [string, string] {
  const text = native.replace(/^\ufeff+/, '');
  return [native.slice(0, native.length - text.length), text];
}

function patchParsed(parsed: ParsedMarkdown, root: Neutral, context: MarkdownPatchContext): string {
  const hasToStay = context.hasToStay ?? (() => true);
  const there = new Set(attachmentReferences(root).map(({ id }) => id));
  // Normal form shows no file that the tree before does not, and takes long: most texts show none.
  const shown = attachmentReferences(treeOf(parsed)).length === 0 ? [] : attachmentBlocks(neutralOf(parsed));
  const kept = shown.filter(({ id }) => !there.has(id) && hasToStay(id));
  const whole: Neutral = kept.length === 0 ? root : { ...root, children: [...root.children, ...kept.map(({ block }) => block)] };
  const target = shownHere(whole);
  return callingNobody(parsed.source, context, (options) =>
    patchSource(parsed, target, { attachmentId: context.attachmentId, options }),
  );
}

function renderOptions(context: MarkdownEncodeContext): RenderOptions {
  return {
    defused: true,
    redmine: context.dialect === 'redmine',
    appearance: true,
    attachment: (url, description) => {
      const reference = parseAttachmentUrl(url);
      if (reference?.side !== 'private') return undefined;
      const link = context.attachmentLink(reference.id);
      return { url: link, image: isShownAsImage(link, description) };
    },
  };
}

/** GitHub shows an image for `![]()`, whatever the file is: other files need a link. Names without an extension are images. */
function isShownAsImage(link: string, description: string): boolean {
  const path = link.replace(/[?#].*$/s, '');
  const extension = /\.([a-z0-9]{2,5})$/i.exec(path)?.[1] ?? /\.([a-z0-9]{2,5})$/i.exec(description)?.[1];
  if (/\/files\/[^/]+\/[^/]+$/.test(path)) return false;
  return extension === undefined || /^(?:png|jpe?g|gif|svg|webp|avif|bmp|ico|tiff?)$/i.test(extension);
}
