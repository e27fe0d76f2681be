import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { joinedData } from './joined-data.ts';
import { maskPathological, unmask } from './bounded-markdown.ts';

/**
 * The transforms of the autolink extension look for addresses in finished text, where escapes are gone already: escaped
 * text would be linked all the same. The tokenizer finds what GitHub links without them.
 */
const mdastExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));
const extensions = [gfm(), joinedData];

/**
 * GitHub-flavoured Markdown as mdast, with positions. Never throws, and time is bounded: what would take the parser
 * longer than linear time is read as text (bounded-markdown.ts). Offsets are those of `text`.
 */
export function parseMarkdown(text: string): Root {
  const masked = maskPathological(text);
  const root = fromMarkdown(masked.text, { extensions, mdastExtensions });
  if (masked.changed) unmaskTree(root);
  return root;
}

function unmaskTree(root: Root): void {
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('children' in node) waiting.push(...node.children);
    if ('value' in node) node.value = unmask(node.value);
    if ('url' in node) node.url = unmask(node.url);
    if ('alt' in node && typeof node.alt === 'string') node.alt = unmask(node.alt);
    if ('lang' in node && typeof node.lang === 'string') node.lang = unmask(node.lang);
  }
}
