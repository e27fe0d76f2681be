import type { Image, Link, PhrasingContent } from 'mdast';
import { defuseUrlForRedmine } from '../defuse.ts';
import type { MarkupContext } from '../markup/markup-context.ts';
import { characterAt, characterBefore } from '../markup/phrase-tree.ts';
import { parseAttachmentUrl } from '../neutral.ts';
import { part } from '../normalize.ts';
import { buildInline, flattenInline, type MarkName, type Run } from '../runs.ts';
import { escapeTextile, reference, referenced, type TextilePosition } from './escape-textile.ts';
import { broken } from './read-textile.ts';
import { closesPhrase, opensPhrase, separator, signOfMark } from './textile-signs.ts';

interface Position extends TextilePosition {
  readonly context: MarkupContext;
}

/** Normal phrasing content as Textile. Marks end before a break and begin again after it. */
export function writeTextileInline(children: readonly PhrasingContent[], context: MarkupContext, inCell: boolean): string {
  const lines: Run[][] = [[]];
  for (const run of flattenInline(children)) {
    if (run.kind === 'break') lines.push([]);
    else lines.at(-1)?.push(run);
  }
  const start = { before: '', after: '', lineStart: true, afterOpening: false, inside: [], inLink: false };
  return lines
    .map((line) => writeNodes(buildInline(line), { ...start, inCell, context }))
    .map((line) => (line === '' ? '&nbsp;' : line))
    .join('\n');
}

function writeNodes(nodes: readonly PhrasingContent[], position: Position): string {
  const parts: string[] = [];
  // Looking for the last character in all that is written would take quadratic time.
  let last = '';
  for (const [index, node] of nodes.entries()) {
    const following = nodes[index + 1];
    const atStart = last === '';
    const before = atStart ? position.before : characterBefore(last, last.length);
    const after = following === undefined ? position.after : firstOf(following);
    const part = writeNode(node, {
      ...position,
      before,
      after,
      lineStart: position.lineStart && atStart,
      afterOpening: position.afterOpening && atStart,
    });
    parts.push(part);
    if (part !== '') last = part;
  }
  return parts.join('');
}

/** Whatever is no text begins with an element or a delimiter; a separator keeps it off where that would matter. */
function firstOf(node: PhrasingContent): string {
  return node.type === 'text' ? characterAt(node.value, 0) : '<';
}

function writeNode(node: PhrasingContent, position: Position): string {
  switch (node.type) {
    case 'text':
      return escapeTextile(node.value, position);
    case 'inlineCode':
      return `<code>${broken(node.value)}</code>`;
    case 'image':
      return writeImage(node, undefined, position);
    case 'link':
      return writeLink(node, position);
    case 'strong':
    case 'emphasis':
    case 'delete':
    case 'underline':
    case 'subscript':
    case 'superscript':
      return writeMark(node.type, node.children, position);
    default:
      return '';
  }
}

/** A delimiter wants certain neighbours; an empty element beside it is always one. */
function writeMark(mark: MarkName, children: readonly PhrasingContent[], position: Position): string {
  const sign = signOfMark[mark];
  const inner = { ...position, lineStart: false, afterOpening: true, inside: [...position.inside, sign] };
  const plain = writeNodes(children, { ...inner, before: sign, after: sign });
  const first = characterAt(plain, 0);
  const last = characterBefore(plain, plain.length);
  const kept = (edge: string): string => (edge === sign || /^\s$/u.test(edge) ? separator : '');
  const inside = kept(first) + plain + kept(last);
  const starts = opensPhrase(sign, { before: position.before, after: characterAt(inside, 0) });
  const ends = closesPhrase(sign, { before: characterBefore(inside, inside.length), after: position.after });
  const lists = position.lineStart && /^[#*]+(?:[({[<>=~^-]\S*)?\s/.test(sign + inside + sign + position.after);
  return `${starts && !lists ? '' : separator}${sign}${inside}${sign}${ends ? '' : separator}`;
}

function writeImage(node: Image, href: string | undefined, position: Position): string {
  const alt = node.alt ?? '';
  const { context } = position;
  const reference = parseAttachmentUrl(node.url);
  const name = reference === undefined ? node.url : (context.attachmentName(reference.id) ?? '');
  if (reference !== undefined && !isPicture(name)) {
    if (alt === '' && !/["\n]/.test(name) && !position.inLink)
      return `${startOfWord(position)}attachment:"${harmless(name)}"${endOfAddress(position)}`;
    return `${startOfWord(position)}"${alt === '' ? 'attachment' : referenced(alt)}":${written(context.attachmentLink(reference.id))}${endOfAddress(position)}`;
  }
  const source =
    reference === undefined ? written(node.url) : encodeURIComponent(name.toWellFormed()).replaceAll(/[!()*']/g, percent);
  const image = `!${source}${alt === '' ? '' : `(${referenced(alt)})`}!`;
  const start = /^[\s>\ufdd3]?$/.test(position.before) ? '' : separator;
  return `${start}${image}${href === undefined ? separator : `:${href}${endOfAddress(position)}`}`;
}

/** Redmine looks for mentions, macros and wiki links in names, too, but resolves the references in them. */
function harmless(name: string): string {
  return name.replaceAll(/[@{[]|&(?=[#a-z0-9]+;)/gi, reference);
}

function startOfWord({ before }: Position): string {
  return /^[\s>(]?$/.test(before) ? '' : separator;
}

/** An address goes on until white space or an element. */
function endOfAddress({ after }: Position): string {
  return /^\s?$/.test(after) ? '' : separator;
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Redmine shows a picture for `!name!` where the name says that it is one. */
function isPicture(name: string): boolean {
  return /\.(?:bmp|gif|jpg|jpe|jpeg|png|webp)$/i.test(name);
}

function written(url: string): string {
  return defuseUrlForRedmine(url).replaceAll(/&(?=[#a-z0-9]+;)/gi, '&amp;');
}

/** A picture has a link of its own, for Redmine looks for pictures before it looks for links. */
function writeLink(node: Link, position: Position): string {
  const [only, ...others] = node.children;
  const url = written(node.url);
  if (only?.type === 'image' && others.length === 0) return writeImage(only, url, position);
  if (node.children.some(({ type }) => type === 'image')) return writeNodes(aroundPictures(node), position);
  const label = writeNodes(node.children, {
    ...position,
    before: '"',
    after: '"',
    lineStart: false,
    afterOpening: true,
    inLink: true,
  });
  return `${startOfWord(position)}"${label}":${url}${endOfAddress(position)}`;
}

function aroundPictures(link: Link): PhrasingContent[] {
  const around = (children: PhrasingContent[]): PhrasingContent => ({ ...link, children });
  return part(link.children, ({ type }) => type !== 'image', around).map((child) =>
    child.type === 'image' ? around([child]) : child,
  );
}
