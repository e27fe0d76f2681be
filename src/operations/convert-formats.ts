import { decodeAdf, encodeAdf, patchAdf } from '../content/adf.ts';
import type { AdfPatchContext } from '../content/adf.ts';
import { commonMarkContext } from '../content/commonmark.ts';
import { decodeMarkdown, encodeMarkdown, openMarkdown } from '../content/markdown.ts';
import type { MarkdownPatchContext } from '../content/markdown.ts';
import type { MarkupContext } from '../content/markup/markup-context.ts';
import type { Neutral } from '../content/neutral.ts';
import { attachmentUrl } from '../content/neutral.ts';
import { mapAttachments } from '../content/references.ts';
import { decodeTextile, encodeTextile, patchTextile } from '../content/textile/textile.ts';
import type { WikiContext } from '../content/wiki/wiki-context.ts';
import { decodeWiki, encodeWiki, patchWiki } from '../content/wiki/wiki.ts';
import { SallyportError } from '../errors.ts';

export const formatNames = ['github', 'adf', 'wiki', 'textile', 'commonmark'] as const;
export type FormatName = (typeof formatNames)[number];

/** A native form of texts, as the sync reads and writes it. */
export interface Format {
  readonly decode: (native: string) => Neutral;
  readonly encode: (root: Neutral) => string;
  readonly open: (native: string) => OpenedText;
}

/** A native text that stands there already. */
export interface OpenedText {
  readonly root: Neutral;
  /** The text with the tree's words; what reads as before stays byte for byte. */
  readonly patch: (root: Neutral) => string;
}

/**
 * No tracker is asked here, so an attachment is whatever a text calls one: a medium of ADF, a file name of wiki markup, Textile
 * and CommonMark, and in Markdown an address that begins with `attachment:`.
 */
const scheme = 'attachment:';
const idOfLink = (url: string): string | undefined =>
  url.startsWith(scheme) && url.length > scheme.length ? decoded(url.slice(scheme.length)) : undefined;
const linkOf = (id: string): string => `${scheme}${encodeURIComponent(id.toWellFormed())}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is no name of a file: an address of the web, a path, nothing at all. */
const isAddress = (name: string): boolean => name === '' || /^(?:[a-z][a-z0-9+.-]*:\/\/|\.{0,2}\/|#)/i.test(name);

const markdown: MarkdownPatchContext = { attachmentId: idOfLink, attachmentLink: linkOf };
const adf: AdfPatchContext = {
  attachmentId: (mediaId) => mediaId,
  attachmentIdOfLink: idOfLink,
  mediaId: (id) => ({ id }),
  attachmentLink: linkOf,
};
const markup: MarkupContext = {
  attachmentId: (name) => (isAddress(name) ? undefined : name),
  attachmentName: (id) => id,
  attachmentIdOfLink: idOfLink,
  attachmentLink: linkOf,
};
const wiki: WikiContext = { ...markup, userName: () => undefined };
/** Pictures alone are named by their file there; any other relative address is a link. */
const isPicture = (name: string): boolean => /\.(?:bmp|gif|jpe?g|png|webp)$/i.test(name);
const commonmark = commonMarkContext({
  ...markup,
  attachmentId: (name) => (isPicture(name) ? markup.attachmentId(name) : undefined),
});

const on =
  (side: 'public' | 'private') =>
  (root: Neutral): Neutral =>
    mapAttachments(root, ({ id }) => attachmentUrl(side, id));
const toPublic = on('public');
const toPrivate = on('private');

function openedMarkdown(native: string, context: MarkdownPatchContext): OpenedText {
  const { root, patch } = openMarkdown(native, context);
  return { root, patch: (edited) => patch(toPrivate(edited)) };
}

export const formats: Readonly<Record<FormatName, Format>> = {
  github: {
    decode: (native) => decodeMarkdown(native, markdown),
    encode: (root) => encodeMarkdown(toPrivate(root), markdown),
    open: (native) => openedMarkdown(native, markdown),
  },
  adf: {
    decode: (native) => decodeAdf(documentIn(native), adf),
    encode: (root) => JSON.stringify(encodeAdf(toPublic(root), adf), undefined, 2),
    open: (native) => {
      const document = documentIn(native);
      const patch = (root: Neutral): string => {
        const patched = patchAdf(document, toPublic(root), adf);
        if (JSON.stringify(patched) === JSON.stringify(document)) return native;
        return JSON.stringify(patched, undefined, 2) + (native.endsWith('\n') ? '\n' : '');
      };
      return { root: decodeAdf(document, adf), patch };
    },
  },
  wiki: {
    decode: (native) => decodeWiki(native, wiki),
    encode: (root) => encodeWiki(toPrivate(root), wiki),
    open: (native) => ({ root: decodeWiki(native, wiki), patch: (root) => patchWiki(native, toPrivate(root), wiki) }),
  },
  textile: {
    decode: (native) => decodeTextile(native, markup),
    encode: (root) => encodeTextile(toPrivate(root), markup),
    open: (native) => ({ root: decodeTextile(native, markup), patch: (root) => patchTextile(native, toPrivate(root), markup) }),
  },
  commonmark: {
    decode: (native) => decodeMarkdown(native, commonmark),
    encode: (root) => encodeMarkdown(toPrivate(root), commonmark),
    open: (native) => openedMarkdown(native, commonmark),
  },
};

/** The codec takes anything; a person who gives something else than a document wants to know. @throws SallyportError */
function documentIn(text: string): unknown {
  const wanted = 'an Atlassian document: JSON that begins with {"type": "doc", "version": 1, "content": […]}';
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new SallyportError(`adf: this is no JSON, so it is not ${wanted}.`, { kind: 'configuration', cause: error });
  }
  const part = (name: string): unknown =>
    typeof document === 'object' && document !== null ? Reflect.get(document, name) : undefined;
  if (part('type') !== 'doc' || !Array.isArray(part('content')))
    throw new SallyportError(`adf: this JSON is not ${wanted}.`, { kind: 'configuration' });
  return document;
}
