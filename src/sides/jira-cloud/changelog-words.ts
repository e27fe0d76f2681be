import { decodeAdf } from '../../content/adf.ts';
import type { NeutralNode } from '../../content/neutral.ts';
import { plainText } from '../../content/runs.ts';
import { decodeWiki } from '../../content/wiki/wiki.ts';
import { attachmentIdOfLink } from './media.ts';

/**
 * A description as the changelog tells it, as lines of words: one for each line of a paragraph, heading, item, box or code, and
 * one for each row of a table. Atlassian documents no form of these texts. What sites show is what Atlassian's own converter
 * (`@atlaskit/editor-wikimarkup-transformer`) makes of a document, wiki markup with next to no escapes; they may be plain
 * words as well. So only what that converter writes counts as markup, and whatever else looks like it keeps its letters and
 * digits. Files and pictures go: a history tells nothing to put back of them. Takes time in proportion to the text.
 *
 * @param nameOf the name of an account, where it is known
 */
export function changelogWords(text: string, nameOf: (accountId: string) => string | undefined): string {
  const isColoured = text.includes('{color:') && text.indexOf('{color:') < text.lastIndexOf('{color}');
  const wiki = text
    .replaceAll(unconverted, (whole, json: string) => hidden(wordsOfNode(json) ?? whole))
    .replaceAll(labelled, (_, label: string) => `[${label.replaceAll(/[[\]]/g, hidden)}`)
    .replaceAll(linkInCode, '{{$1}}')
    .replaceAll(noMarkup, (sign) => (isColoured && sign.startsWith('{color') ? sign : hidden(sign)));
  const root = decodeWiki(wiki, {
    attachmentId: (name) => (fileName.test(name) ? name : undefined),
    attachmentName: () => undefined,
    attachmentIdOfLink,
    attachmentLink: (id) => id,
    // A document whose mention has no name reads so, too.
    userName: (name) => nameOf(name.replace(/^accountid:/i, '')) ?? 'someone',
  });
  return shown(linesOf(root).join('\n'));
}

/** What the converter has no markup for: the node itself. */
const unconverted = /\{adf:display=(?:block|inline)\}\n?(\{[^\n]*?\})\n?\{adf\}/g;

/** Of code with a link the converter puts the link into the code, where wiki markup has none. */
const linkInCode = /\{\{\[([^[\]\n|]*)\|https?:\/\/[^\s|\]]{1,2000}\]\}\}/g;

/** In an exclamation or a class of characters a point is followed by no such end. */
const extension = String.raw`\.[a-z][a-z\d]{1,4}`;
const fileName = new RegExp(`${extension}$`, 'i');

const target = String.raw`(?:[a-z][a-z\d+.-]*:\/\/|mailto:|tel:)[^\s|[\]]{1,2000}(?:\|smart-(?:link|card|embed))?\]`;

/** A link whose words have brackets, the first of which would end it. */
const labelled = new RegExp(String.raw`\[((?:[^[\]\n|]{0,400}\[[^[\]\n|]{0,400}\]){1,20}[^[\]\n|]{0,400})(?=\|${target})`, 'gi');

/** What the converter writes between brackets: links to addresses, files, and accounts. */
const bracketed = [
  String.raw`(?:(?=[ \t]*[^\s|])[^[\]\n]*\|)?${target}`,
  String.raw`\^[^[\]\n|]+${extension}\]`,
  String.raw`~accountid:[^\s|\]]{1,200}\]`,
].join('|');

/**
 * What wiki markup knows and the converter never writes: references, emoticons that are no words here, breaks, other
 * brackets, quotes by their line, pictures by a path, boxes of tasks, anchors. Colours stand in pairs.
 */
const noMarkup = new RegExp(
  [
    '&',
    String.raw`\(`,
    String.raw`[:;](?=[()PD](?![\p{L}\p{N}]))`,
    String.raw`\\\\`,
    String.raw`(?<!(?<!\\)(?:\\\\)*\\)\[(?!${bracketed})`,
    String.raw`\[(?=[ x]\])`,
    String.raw`(?<=^|\|)[ \t]*bq\.`,
    String.raw`!(?=\.?\/)`,
    String.raw`\{anchor:`,
    String.raw`\{color(?=[:}])`,
  ].join('|'),
  'gimu',
);

/** Private characters, of which the decoder knows none, in the place of signs. */
const hiddenFrom = 0x10f700;

function hidden(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, (sign) => String.fromCodePoint(hiddenFrom + (sign.codePointAt(0) ?? 0)));
}

function shown(text: string): string {
  return text.replaceAll(/[\u{10f720}-\u{10f77f}]/gu, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) - hiddenFrom));
}

function wordsOfNode(json: string): string | undefined {
  try {
    const node: unknown = JSON.parse(json);
    const root = decodeAdf({ content: [node] }, { attachmentId: (id) => id, attachmentIdOfLink });
    return linesOf(root).join('\n');
  } catch {
    return undefined;
  }
}

function linesOf(node: NeutralNode): readonly string[] {
  if (node.type === 'gridRow' || node.type === 'tableRow') {
    const cells = node.children.map(linesOf);
    return cells.some((lines) => lines.length > 1) ? cells.flat() : [cells.flat().join(' | ')];
  }
  if (!('children' in node) || wordHolders.has(node.type)) {
    const lines = plainText([node], ({ type }) => type === 'image').split('\n');
    return (node.type === 'code' ? lines : lines.map((line) => line.trim())).filter((line) => line.trim() !== '');
  }
  const children: readonly NeutralNode[] = node.children;
  return [...(node.type === 'details' ? [node.summary] : []), ...children.flatMap(linesOf)];
}

const wordHolders: ReadonlySet<string> = new Set(['paragraph', 'heading', 'tableCell']);
