import type { Image, Link, PhrasingContent } from 'mdast';
import { decodeReferences } from '../html-tokens.ts';
import { characterAt, characterBefore, closes, opens } from '../markup/phrase-tree.ts';
import { parseAttachmentUrl } from '../neutral.ts';
import { buildInline, flattenInline, type MarkName, type Run } from '../runs.ts';
import { escapeWiki, referenced, type WikiTextPlace } from './escape-wiki.ts';
import type { WikiContext } from './wiki-context.ts';
import { signOfMark } from './wiki-signs.ts';

export interface WikiInlineOptions {
  readonly context: WikiContext;
  readonly inCell: boolean;
  readonly breakAs: string;
}

/** Normal phrasing content as wiki markup. Marks end before a break and begin again after it, for a phrase is one line. */
export function writeWikiInline(children: readonly PhrasingContent[], options: WikiInlineOptions): string {
  const lines: Run[][] = [[]];
  for (const run of flattenInline(children)) {
    if (run.kind === 'break') lines.push([]);
    else lines.at(-1)?.push(run);
  }
  return lines.map((line) => writeLine(buildInline(line), options)).join(options.breakAs);
}

interface Place extends WikiTextPlace {
  readonly context: WikiContext;
}

function writeLine(nodes: readonly PhrasingContent[], { context, inCell }: WikiInlineOptions): string {
  const line = { lineStart: true, inside: [], inLink: false, inMono: false };
  return writeNodes(nodes, { ...line, before: '', after: '', inCell, context });
}

function writeNodes(nodes: readonly PhrasingContent[], place: Place): string {
  let written = '';
  let end = '';
  for (const [index, node] of nodes.entries()) {
    const following = nodes[index + 1];
    const before = end === '' ? place.before : characterBefore(end, end.length);
    const after = following === undefined ? place.after : firstOf(following);
    const next = writeNode(node, { ...place, before, after, lineStart: place.lineStart && written === '' });
    written += next;
    end = (end + next.slice(-2)).slice(-2);
  }
  return written;
}

/** Whatever is no text begins with a sign that is neither a letter nor white space. */
function firstOf(node: PhrasingContent): string {
  return node.type === 'text' ? characterAt(node.value, 0) : '{';
}

function writeNode(node: PhrasingContent, place: Place): string {
  switch (node.type) {
    case 'text':
      return escapeWiki(node.value, place);
    case 'inlineCode':
      return writeMono(node.value, place);
    case 'image':
      return writeImage(node, place);
    case 'link':
      return writeLink(node, place);
    case 'strong':
    case 'emphasis':
    case 'delete':
    case 'underline':
    case 'subscript':
    case 'superscript':
      return writeMark(node.type, node.children, place);
    default:
      return '';
  }
}

/** The bare delimiter where it is read as one, else in braces, which work within words. */
function writeMark(mark: MarkName, children: readonly PhrasingContent[], place: Place): string {
  const sign = signOfMark[mark];
  const inside = writeNodes(children, { ...place, before: sign, after: sign, lineStart: false, inside: [...place.inside, sign] });
  const starts = opens(sign, { before: place.before, after: characterAt(inside, 0) });
  const ends = closes(sign, { before: characterBefore(inside, inside.length), after: place.after });
  // At the start of a line a sign and a letter are no list, but two signs might be.
  if (starts && ends && !(place.lineStart && /^[*#-]+\s/.test(sign + inside + sign + place.after)))
    return `${sign}${inside}${sign}`;
  const braced = writeNodes(children, { ...place, before: '}', after: '{', lineStart: false, inside: [...place.inside, sign] });
  return `{${sign}}${braced}{${sign}}`;
}

function writeMono(value: string, place: Place): string {
  const text = escapeWiki(value, { ...place, before: '{', after: '}', lineStart: false, inMono: true, inLink: true });
  return `{{${text.replace(/^ | $/g, '&#32;')}}}`;
}

function writeImage(node: Image, place: Place): string {
  const alt = node.alt ?? '';
  const reference = parseAttachmentUrl(node.url);
  if (reference !== undefined) return writeFile({ id: reference.id, alt }, place);
  return isPictureSource(node.url) ? picture(node.url, alt) : '';
}

/** Whether an address can stand between exclamation marks. */
export function isPictureSource(url: string): boolean {
  return /^[^\s!|\\{}[\]^&,][^!|\\{}[\]^&\n]*$/.test(url);
}

function picture(source: string, alt: string): string {
  return alt === '' ? `!${source}!` : `!${source}|alt=${referenced(alt)}!`;
}

/** By its name as it is, as Jira's own editor writes it; else by its address, else by its name in character references. */
function writeFile({ id, alt }: { readonly id: string; readonly alt: string }, place: Place): string {
  const { context } = place;
  const name = context.attachmentName(id) ?? '';
  const plain = /^[^\s!|\\{}[\]^,][^!|\\{}[\]\n]*$/.test(name) && decodeReferences(name) === name;
  const address = context.attachmentLink(id);
  if (!plain && /^https?:/i.test(address) && context.attachmentIdOfLink(address) === id) return link(alt, address, place);
  const written = plain ? name : referenced(name);
  // Within a word an exclamation mark begins no picture.
  if (isPicture(name) && !/^[\p{L}\p{N}]$/u.test(place.before)) return picture(written, alt);
  return alt === '' ? `[^${written}]` : `[${referenced(alt)}|^${written}]`;
}

/** Jira shows a picture for `!name!`; other files are linked. */
function isPicture(name: string): boolean {
  return /\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico|tiff?)$/i.test(name);
}

function link(text: string, url: string, place: Place): string {
  return text === ''
    ? `[${url}]`
    : `[${escapeWiki(text, { ...place, before: '[', after: '|', inLink: true, lineStart: false })}|${url}]`;
}

function writeLink(node: Link, place: Place): string {
  const url = node.url.replaceAll(/&(?=[#a-z0-9]+;)/gi, '&amp;');
  const [only] = node.children;
  const bare = node.children.length === 1 && only?.type === 'text' && only.value === node.url;
  if (bare && /^(?:https?|ftp|mailto):/i.test(url)) return `[${url}]`;
  const label = writeNodes(node.children, { ...place, before: '[', after: '|', inLink: true, lineStart: false });
  return `[${label}|${url}]`;
}
