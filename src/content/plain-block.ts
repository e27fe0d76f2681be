import type { BlockContent, List, PhrasingContent, Table } from 'mdast';

/**
 * Most blocks are words or code, which read as themselves: parsing them would take most of the time of every fingerprint.
 * Letters, digits and harmless punctuation have nothing in them that a Markdown parser could take for syntax, nor have
 * lists, quotes and tables of such lines. `block` is normal.
 */
export function readsAsItself(block: BlockContent): boolean {
  switch (block.type) {
    case 'code':
      return /^[\w.+#-]*$/.test(block.lang ?? '');
    case 'heading':
      return block.children.length === 1 && arePlainLines(block.children);
    case 'paragraph':
      return arePlainLines(block.children);
    case 'list':
      return isPlainList(block);
    case 'table':
      return isPlainTable(block);
    case 'blockquote':
      return block.children.every((child) => child.type === 'paragraph' && arePlainLines(child.children));
    default:
      return false;
  }
}

/**
 * A paragraph with two of each stretch of plain lines in it. A parser that has read one plain line is where it was before
 * the line: so whether the paragraph reads as itself is told by the short one, and thousands of lines need no parsing.
 */
export function abridged(block: BlockContent): BlockContent {
  if (block.type !== 'paragraph') return block;
  const { children } = block;
  const isPlainLine = (index: number): boolean => {
    const [before, line, after] = [children[index - 1], children[index], children[index + 1]];
    return (
      (before?.type ?? 'break') === 'break' && (after?.type ?? 'break') === 'break' && line !== undefined && isPlainText(line)
    );
  };
  const plain = children.map((_, index) => isPlainLine(index));
  // Between two plain lines on either side a plain line goes, with the break after it.
  const goes = (index: number): boolean => plain[index - 2] === true && plain[index] === true && plain[index + 2] === true;
  return { ...block, children: children.filter((_, index) => !goes(index) && !goes(index - 1)) };
}

/** Lines of words with breaks between them. */
function arePlainLines(children: readonly PhrasingContent[]): boolean {
  return (
    children.length % 2 === 1 && children.every((child, index) => (index % 2 === 0 ? isPlainText(child) : child.type === 'break'))
  );
}

function isPlainText(node: PhrasingContent): boolean {
  if (node.type !== 'text') return false;
  return /^\p{L}[\p{L}\p{N} ,;.'"()/%?!-]*$/u.test(node.value) && !/www\.|  | $/i.test(node.value);
}

/** Each item is a paragraph, perhaps with a list below it; numbers begin with 1, which any parser counts from alike. */
function isPlainList(list: List): boolean {
  if ((list.start ?? 1) !== 1) return false;
  return list.children.every(({ children: [first, ...rest] }) => {
    if (first?.type !== 'paragraph' || !arePlainLines(first.children)) return false;
    const [below] = rest;
    return below === undefined || (rest.length === 1 && below.type === 'list' && isPlainList(below));
  });
}

/** Each row has words, each cell one line of them or none; the header is as wide as the table in normal form. */
function isPlainTable(table: Table): boolean {
  return table.children.every(
    ({ children }) =>
      children.some((cell) => cell.children.length > 0) &&
      children.every(({ children: [only, ...others] }) => others.length === 0 && (only === undefined || isPlainText(only))),
  );
}
