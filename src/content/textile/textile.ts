import type { Image, Link, PhrasingContent } from 'mdast';
import { defuseForRedmine } from '../defuse.ts';
import type { MarkupDialect } from '../markup/dialect.ts';
import { withFiles } from '../markup/lower-file.ts';
import { lowerBlocks } from '../markup/lower.ts';
import type { MarkupContext } from '../markup/markup-context.ts';
import { patchMarkup, writeMarkup } from '../markup/patch-markup.ts';
import type { Neutral } from '../neutral.ts';
import { normalize } from '../normalize.ts';
import { plainText } from '../runs.ts';
import { broken, readTextile } from './read-textile.ts';
import { pictureAddress, textileAddress } from './textile-address.ts';
import { authoredInTextile, describedInTextile, linkable, pictureInTextile } from './textile-signs.ts';
import { writeTextileBlock } from './write-textile.ts';

/**
 * The neutral form of Redmine's Textile, by its formatting help (www.redmine.org/projects/redmine/wiki/RedmineTextFormattingTextile)
 * and its parser (redcloth3.rb). Attachments that are known by name become `attachment:private/…`. Total: it throws for no
 * input, and takes linear time.
 */
export function decodeTextile(text: string, context: MarkupContext): Neutral {
  return normalize({ type: 'root', children: readTextile(text, context).flatMap((piece) => piece.blocks) });
}

/** Textile that reads as `lowerTextile(root)`: no text in it is a macro, mention, reference or link by accident. */
export function encodeTextile(root: Neutral, context: MarkupContext): string {
  return writeMarkup(root, textileDialect(context));
}

/** The tree as far as Textile can say it; the table in docs/markup.md tells what becomes of the rest. */
export function lowerTextile(root: Neutral, context: MarkupContext): Neutral {
  return { type: 'root', children: lowerBlocks(root, textileDialect(context)) };
}

/** The native text changed so that it reads as the tree; blocks, items and rows that read as before stay byte for byte. */
export function patchTextile(native: string, root: Neutral, context: MarkupContext): string {
  return patchMarkup(native, root, textileDialect(context));
}

function textileDialect(context: MarkupContext): MarkupDialect {
  const dialect: MarkupDialect = {
    read: (source) => readTextile(source, context),
    write: (block) => writeTextileBlock(block, context),
    writeCode: broken,
    authored: authoredInTextile,
    picture: pictureInTextile,
    describe: describedInTextile,
    patchesWords: false,
    lowerTarget,
    // A comma begins the macro's next argument, and nothing in it can be escaped.
    lowerTitle: (title) => title.replaceAll(',', ';').replaceAll('{', '(').replaceAll('}', ')'),
    writeTitle: defuseForRedmine,
  };
  return withFiles(dialect, context);
}

function lowerTarget(node: Link | Image): PhrasingContent[] {
  if (node.type === 'image') return [{ ...node, url: pictureAddress(node.url) }];
  const url = textileAddress(node.url);
  if (linkable.test(url)) return [{ ...node, url }];
  return plainText([node]) === node.url ? node.children : [...node.children, { type: 'text', value: ` (${node.url})` }];
}
