import type { Image, Link, PhrasingContent } from 'mdast';
import type { MarkupDialect } from '../markup/dialect.ts';
import { withFiles } from '../markup/lower-file.ts';
import { lowerBlocks } from '../markup/lower.ts';
import { patchMarkup, writeMarkup } from '../markup/patch-markup.ts';
import { parseAttachmentUrl, type Neutral } from '../neutral.ts';
import { normalize } from '../normalize.ts';
import { referenced } from './escape-wiki.ts';
import { readWiki } from './read-wiki.ts';
import type { WikiContext } from './wiki-context.ts';
import { pictureAddress, wikiAddress } from './wiki-address.ts';
import { authoredInWiki, describedInWiki, pictureInWiki } from './wiki-signs.ts';
import { isPictureSource } from './write-wiki-inline.ts';
import { writeWikiBlock } from './write-wiki.ts';

/**
 * The neutral form of Jira wiki markup, as REST version 2 of Jira Data Center has bodies, by Atlassian's "Text Formatting
 * Notation Guide" (jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all). Attachments that are known by name
 * become `attachment:private/…`, mentions become names. Total: it throws for no input, and takes linear time.
 */
export function decodeWiki(text: string, context: WikiContext): Neutral {
  return normalize({ type: 'root', children: readWiki(text, context).flatMap((piece) => piece.blocks) });
}

/** Wiki markup that reads as `lowerWiki(root)`: no text in it is a macro, a mention or a link by accident. */
export function encodeWiki(root: Neutral, context: WikiContext): string {
  return writeMarkup(root, wikiDialect(context));
}

/** The tree as far as wiki markup can say it; the table in docs/markup.md tells what becomes of the rest. */
export function lowerWiki(root: Neutral, context: WikiContext): Neutral {
  return { type: 'root', children: lowerBlocks(root, wikiDialect(context)) };
}

/** The native text changed so that it reads as the tree; blocks, items and rows that read as before stay byte for byte. */
export function patchWiki(native: string, root: Neutral, context: WikiContext): string {
  return patchMarkup(native, root, wikiDialect(context));
}

function wikiDialect(context: WikiContext): MarkupDialect {
  const dialect: MarkupDialect = {
    read: (source) => readWiki(source, context),
    write: (block) => writeWikiBlock(block, context),
    writeCode: (line) => line,
    authored: authoredInWiki,
    picture: pictureInWiki,
    describe: describedInWiki,
    patchesWords: true,
    lowerTarget,
    lowerTitle: (title) => title,
    writeTitle: referenced,
  };
  return withFiles(dialect, context);
}

function lowerTarget(node: Link | Image): PhrasingContent[] {
  const url = wikiAddress(node.url);
  if (node.type === 'image') {
    const source = pictureAddress(node.url);
    if (isPictureSource(source) || parseAttachmentUrl(source) !== undefined) return [{ ...node, url: source }];
    const alt = node.alt ?? '';
    return [{ type: 'link', url, children: [{ type: 'text', value: alt.trim() === '' ? node.url : alt }] }];
  }
  return [{ ...node, url }];
}
