import type { Image, Link, PhrasingContent } from 'mdast';
import {
  breakFences,
  defuse,
  defuseAddresses,
  defuseCodeForRedmine,
  defuseForRedmine,
  defuseUrl,
  defuseUrlForRedmine,
} from './defuse.ts';
import { escapeText, type Label } from './escape-text.ts';
import { plainText } from './runs.ts';

/** How attachments and stranger-alerting text are written; canonical text writes both as they are. */
export interface RenderOptions {
  readonly defused: boolean;
  /** Redmine's macros, links and mentions in code are defused as well. */
  readonly redmine?: boolean;
  /** What is broken in code, where Redmine would find names in it: rows of signs that it takes for fences, or names, too. */
  readonly brokenCode?: 'fences' | 'names';
  /** Whether mere appearance is written (header cells, column alignment): canonical form passes over it. */
  readonly appearance: boolean;
  /** The labels of the definitions in the document that the text is written into (`labelKey`). */
  readonly labels?: ReadonlySet<string>;
  /** Where an `attachment:` URL is shown, and whether as an image; undefined: only the description is written. */
  readonly attachment: (url: string, description: string) => { readonly url: string; readonly image: boolean } | undefined;
}

/** Text in which nobody is called and nothing referred to, where that matters. */
export function defusedText(text: string, { defused, redmine }: RenderOptions): string {
  if (!defused) return text;
  return redmine === true ? defuseForRedmine(text) : defuse(text);
}

/** The same, for text that GitHub may link by itself: after a letter, and however it is escaped, it reads an address in it. */
function defusedWords(text: string, { label }: InlinePlace, options: RenderOptions): string {
  const harmless = defusedText(text, options);
  return options.defused && options.redmine !== true && label === undefined ? defuseAddresses(harmless) : harmless;
}

/** Code with an invisible space in what has to be broken of it. */
export function defusedCode(code: string, breaksNames: boolean, { brokenCode }: RenderOptions): string {
  const nameless = breaksNames ? defuseCodeForRedmine(code) : code;
  return brokenCode === undefined ? nameless : breakFences(nameless);
}

/** An address at which nothing is seen but a link, where that matters. */
function defusedUrl(url: string, { defused, redmine }: RenderOptions): string {
  if (!defused) return url;
  return redmine === true ? defuseUrlForRedmine(defuseUrl(url)) : defuseUrl(url);
}

/** Where inline content stands. `before` and `after` are the neighbouring characters, '' at the border of a block. */
export interface InlinePlace {
  readonly before: string;
  readonly after: string;
  readonly label: Label;
  readonly cell: boolean;
  readonly heading: boolean;
}

export const linePlace: InlinePlace = { before: '', after: '', label: undefined, cell: false, heading: false };

/** Normal phrasing content as GitHub Markdown that reads as the same content. */
export function renderInline(nodes: readonly PhrasingContent[], place: InlinePlace, options: RenderOptions): string {
  // Looking at the end of one long text that grows would copy it each time.
  const written: string[] = [];
  let { before } = place;
  for (const [index, node] of nodes.entries()) {
    const following = nodes[index + 1];
    const after = following === undefined ? place.after : firstOfNode(following, place, options);
    const text = renderNode(node, { ...place, before, after }, options);
    written.push(text);
    before = lastOf(text) ?? before;
  }
  return written.join('');
}

function lastOf(text: string): string | undefined {
  return text === '' ? undefined : text.slice(-2).at(-1);
}

function firstOf(text: string): string {
  return text.slice(0, 2).at(0) ?? '';
}

/** The kind of character that a node's Markdown begins with: enough to tell how delimiters beside it are read. */
function firstOfNode(node: PhrasingContent, place: InlinePlace, options: RenderOptions): string {
  switch (node.type) {
    case 'text':
      return firstOf(node.value);
    case 'break':
      return place.cell ? '<' : '\n';
    case 'inlineCode':
      return '`';
    case 'link':
      return '[';
    case 'image':
      // A file is written as a link.
      return firstOf(renderImage(node, place, options));
    default:
      return '<';
  }
}

function renderNode(node: PhrasingContent, place: InlinePlace, options: RenderOptions): string {
  switch (node.type) {
    case 'text':
      return escapeText(defusedWords(node.value, place, options), { ...place, labels: options.labels });
    case 'inlineCode':
      return renderCode(defusedCode(node.value, options.redmine === true, options), place);
    case 'break':
      return place.cell ? '<br>' : '\n';
    case 'image':
      return renderImage(node, place, options);
    case 'link':
      return renderLink(node, place, options);
    case 'strong':
      return renderMark(node.children, { delimiters: ['**'], tag: 'strong' }, { place, options });
    case 'emphasis':
      return renderMark(node.children, { delimiters: ['_', '*'], tag: 'em' }, { place, options });
    case 'delete':
      return renderMark(node.children, { delimiters: ['~~'], tag: 'del' }, { place, options });
    case 'underline':
      return renderMark(node.children, { delimiters: [], tag: 'ins' }, { place, options });
    case 'subscript':
      return renderMark(node.children, { delimiters: [], tag: 'sub' }, { place, options });
    case 'superscript':
      return renderMark(node.children, { delimiters: [], tag: 'sup' }, { place, options });
    default:
      return escapeText(plainText([node]), place);
  }
}

interface Surroundings {
  readonly place: InlinePlace;
  readonly options: RenderOptions;
}

/** Delimiters where they are read as such, else the HTML tag, which works everywhere. */
function renderMark(
  children: readonly PhrasingContent[],
  { delimiters, tag }: { readonly delimiters: readonly string[]; readonly tag: string },
  { place, options }: Surroundings,
): string {
  for (const delimiter of delimiters) {
    const edge = delimiter.charAt(0);
    const inside = renderInline(children, { ...place, before: edge, after: edge }, options);
    if (delimits(delimiter, inside, place)) return `${delimiter}${inside}${delimiter}`;
  }
  return `<${tag}>${renderInline(children, { ...place, before: '>', after: '<' }, options)}</${tag}>`;
}

function delimits(delimiter: string, inside: string, place: InlinePlace): boolean {
  const edge = delimiter.charAt(0);
  const sides = { before: place.before, first: firstOf(inside), last: lastOf(inside) ?? '', after: place.after };
  // Delimiters that touch their like would be read as one longer run.
  if (Object.values(sides).includes(edge)) return false;
  if (delimiter === '*' && inside.includes('*')) return false;
  return flanks(sides, edge === '_', isPunctuation) && flanks(sides, edge === '_', isPunctuationUnit);
}

interface Sides {
  readonly before: string;
  readonly first: string;
  readonly last: string;
  readonly after: string;
}

const isSpace = (character: string): boolean => character === '' || /^\s$/u.test(character);
const isPunctuation = (character: string): boolean => /^[\p{P}\p{S}]$/u.test(character);
/** Parsers that look at UTF-16 units see no punctuation in emoji; text has to read the same to either kind. */
const isPunctuationUnit = (character: string): boolean => character.length === 1 && isPunctuation(character);

/** CommonMark's left- and right-flanking rules (section 6.2), with the stricter ones for underscores. */
function flanks({ before, first, last, after }: Sides, strict: boolean, punctuation: (character: string) => boolean): boolean {
  const opens = !isSpace(first) && (!punctuation(first) || isSpace(before) || punctuation(before));
  const closes = !isSpace(last) && (!punctuation(last) || isSpace(after) || punctuation(after));
  if (!opens || !closes) return false;
  return !strict || ((isSpace(before) || punctuation(before)) && (isSpace(after) || punctuation(after)));
}

function renderCode(value: string, place: InlinePlace): string {
  if (place.cell && value.includes('|') && value.includes('\\')) {
    // In a cell a backslash before a bar is taken away even within code, so such code is written with tags.
    return `<code>${escapeText(value, { ...place, before: '>', after: '<' })}</code>`;
  }
  const runs = new Set((value.match(/`+/g) ?? []).map((run) => run.length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = '`'.repeat(length);
  // A blank on either side is taken off, unless there is nothing else.
  const isPadded = value.startsWith(' ') && value.endsWith(' ') && /[^ ]/.test(value);
  const padded = isPadded || value.startsWith('`') || value.endsWith('`') ? ` ${value} ` : value;
  return `${fence}${place.cell ? padded.replaceAll('|', '\\|') : padded}${fence}`;
}

function renderImage(node: Image, place: InlinePlace, options: RenderOptions): string {
  const description = node.alt ?? '';
  if (!node.url.startsWith('attachment:')) return `!${labelled(description, node.url, { place, options })}`;
  const shown = options.attachment(node.url, description);
  if (shown === undefined) {
    const text = description === '' ? 'attachment' : description;
    return escapeText(defusedText(text, options), place);
  }
  // A link cannot stand in a link.
  if (shown.image || place.label !== undefined) return `!${labelled(description, shown.url, { place, options })}`;
  return description === '' ? `<${defusedUrl(shown.url, options)}>` : labelled(description, shown.url, { place, options });
}

function labelled(description: string, url: string, { place, options }: Surroundings): string {
  const label = escapeText(defusedText(description, options), { ...place, before: '[', after: ']', label: 'alt' });
  return `[${label}](${destination(defusedUrl(url, options), place)})`;
}

function renderLink(node: Link, place: InlinePlace, options: RenderOptions): string {
  const url = defusedUrl(node.url, options);
  const [only] = node.children;
  if (node.children.length === 1 && only?.type === 'text' && isAutolink(only.value, url, place)) return `<${only.value}>`;
  const label = renderInline(node.children, { ...place, before: '[', after: ']', label: 'link' }, options);
  return `[${label}](${destination(url, place)})`;
}

function isAutolink(text: string, url: string, place: InlinePlace): boolean {
  if (place.label !== undefined || /[\s<>\\|]/.test(text)) return false;
  if (text === url) return /^(?:https?|ftp|mailto|xmpp):[^\u0000-\u0020\u007f]+$/i.test(url);
  return url === `mailto:${text}` && /^[\w.+-]+@[a-z0-9]+(?:[-.][a-z0-9]+)*$/i.test(text);
}

function destination(url: string, place: InlinePlace): string {
  const plain = /^[^\s()<>]+$/.test(url);
  const escaped = url.replaceAll(/[\\<>]|&(?=[#a-z0-9]+;)/gi, (character) => `\\${character}`);
  const written = place.cell ? escaped.replaceAll('|', '\\|') : escaped;
  return plain ? written : `<${written}>`;
}
