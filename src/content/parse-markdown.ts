import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { CompileContext, Extension } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { delimitersBounded } from './bounded-delimiters.ts';
import { joinedData } from './joined-data.ts';
import { maskPathological, unmask } from './bounded-markdown.ts';

/**
 * The transforms of the autolink extension look for addresses in finished text, where escapes are gone already: escaped
 * text would be linked all the same. The tokenizer finds what GitHub links without them.
 */
const mdastExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));
const extensions = [gfm(), delimitersBounded, joinedData];

/**
 * The tokenizer takes a box right below an empty item for one of that item, though the paragraph that it begins stands
 * outside of the list. There it is text, as GitHub shows it; the extension would drop it.
 */
const boxesOfItems: Extension = {
  enter: {
    taskListCheck(token) {
      if (!isInItem(this)) this.enter({ type: 'text', value: this.sliceSerialize(token) }, token);
    },
  },
  exit: {
    taskListCheckValueChecked() {
      check(this, true);
    },
    taskListCheckValueUnchecked() {
      check(this, false);
    },
    taskListCheck(token) {
      if (this.stack.at(-1)?.type === 'text') this.exit(token);
    },
  },
};

function isInItem({ stack }: CompileContext): boolean {
  return stack.at(-2)?.type === 'listItem';
}

function check({ stack }: CompileContext, isChecked: boolean): void {
  const item = stack.at(-2);
  if (item?.type === 'listItem') item.checked = isChecked;
}

/**
 * GitHub-flavoured Markdown as mdast, with positions. Never throws, and time is bounded: what would take the parser
 * longer than linear time is read as text (bounded-markdown.ts). Offsets are those of `text`.
 */
export function parseMarkdown(text: string): Root {
  const masked = maskPathological(text);
  const root = fromMarkdown(masked.text, { extensions, mdastExtensions: [...mdastExtensions, boxesOfItems] });
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
