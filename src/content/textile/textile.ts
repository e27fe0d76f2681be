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
import { readTextile } from './read-textile.ts';
import { addressAt, linkable, authoredInTextile } from './textile-signs.ts';
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
    authored: authoredInTextile,
    lowerTarget,
    // A comma begins the macro's next argument, and nothing in it can be escaped.
    lowerTitle: (title) => title.replaceAll(',', ';').replaceAll('{', '(').replaceAll('}', ')'),
    writeTitle: defuseForRedmine,
  };
  return withFiles(dialect, context);
}

function lowerTarget(node: Link | Image): PhrasingContent[] {
  if (node.type === 'image') return [{ ...node, url: textileAddress(node.url).replaceAll('!', '%21').replaceAll('(', '%28') }];
  const url = textileAddress(node.url);
  if (linkable.test(url)) return [{ ...node, url }];
  return plainText([node]) === node.url ? node.children : [...node.children, { type: 'text', value: ` (${node.url})` }];
}

/** Signs that end an address are percent-encoded: white space, quotes, brackets, bars, and punctuation at its end. */
function textileAddress(url: string): string {
  const encoded = withoutEmptyEnd(url.replaceAll(/[\s"<>|\ufdd0-\ufdef]/gu, (sign) => encodeURIComponent(sign)));
  const last = encoded.at(-1) ?? '';
  if (last === '' || addressAt(encoded, 0) === encoded) return encoded;
  // In a query a plus sign is a space.
  if (last === '+' && encoded.includes('?')) return `${encoded.slice(0, -1)}%20`;
  const code = last.length === 1 && last.charCodeAt(0) < 128 ? `%${last.charCodeAt(0).toString(16).toUpperCase()}` : last;
  return encoded.slice(0, -last.length) + code;
}

/** Without the signs at the end that begin an empty fragment, query or parameter: encoded, they would change the target. */
function withoutEmptyEnd(url: string): string {
  let end = url.length;
  const hash = url.indexOf('#');
  if (hash === end - 1 && hash >= 0) end -= 1;
  const query = hash >= 0 && hash < end ? -1 : url.indexOf('?');
  while (query >= 0 && end - 1 > query && url.charAt(end - 1) === '&') end -= 1;
  return url.slice(0, query >= 0 && query === end - 1 ? query : end);
}
