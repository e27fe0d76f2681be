import type { Nodes, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { CompileContext, Extension } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { listsAfterIndentedCode } from './after-indented-code.ts';
import { delimitersBounded } from './bounded-delimiters.ts';
import { joinedData } from './joined-data.ts';
import { knowing, labelsDefinedIn, labelsNamedIn } from './known-labels.ts';
import { literalBlock, longLiteralAt } from './long-literals.ts';
import type { LongLiteral } from './long-literals.ts';
import { mailSchemes } from './mail-schemes.ts';
import { isBlankAtEnd, isEnded, markerAt, nextBorder } from './markdown-borders.ts';
import { maskPathological, unmask } from './bounded-markdown.ts';

type Point = NonNullable<Root['position']>['start'];

/**
 * The transforms of the autolink extension look for addresses in finished text, where escapes are gone already: escaped
 * text would be linked all the same. The tokenizer finds what GitHub links without them.
 */
const mdastExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));
const extensions = [gfm(), mailSchemes, delimitersBounded, joinedData, listsAfterIndentedCode];

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
 * GitHub-flavoured Markdown as mdast, with positions. Never throws, and time is bounded: a long text is parsed in parts
 * that no block crosses but a list between two of its items, and what would take the parser longer than linear time within
 * one of them is read as text (bounded-markdown.ts). Offsets are those of `text`.
 */
export function parseMarkdown(text: string): Root {
  const isShort = longLiteralAt(text, 0) === undefined && nextBorder(text, 0, 1) === text.length;
  if (isShort || text.startsWith('\ufeff')) return parseWhole(text);
  const children: RootContent[] = [];
  let [offset, line] = [0, 1];
  let isWithinList = false;
  for (const part of withReferences(partsOf(text))) {
    const own = part.children.map((child) => moved(child, { offset, line: line - 1 }));
    children.push(...(isWithinList ? joined(children.pop(), own) : own));
    isWithinList = part.isWithinList;
    offset += part.source.length;
    line += part.lines;
  }
  return { type: 'root', children, position: { start: { line: 1, column: 1, offset: 0 }, end: { line, column: 1, offset } } };
}

interface TextPart {
  readonly source: string;
  readonly children: readonly RootContent[];
  readonly lines: number;
  /** Its last block is a list that goes on in the next part. */
  readonly isWithinList: boolean;
  /** It is one block, of which all stands as it is. */
  readonly isLiteral?: true;
}

function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  for (let start = 0; start < text.length; start += parts.at(-1)?.source.length ?? 0) parts.push(nextPart(text, start));
  return parts;
}

/** The part of the text that begins at an offset. Where its last block may go on behind it, a part of twice the length. */
function nextPart(text: string, start: number): TextPart {
  const literal = longLiteralAt(text, start);
  if (literal !== undefined) return literalPart(text, start, literal);
  for (let scale = 1; ; scale *= 2) {
    const end = nextBorder(text, start, scale);
    const source = text.slice(start, end);
    const { children, position } = parseWhole(source);
    const part = { source, children, lines: (position?.end.line ?? 1) - 1, isWithinList: false };
    const last = children.at(-1);
    if (end === text.length || last === undefined) return part;
    const [marker, before] = [markerAt(text, end), markerOf(last, source)];
    // An item at the margin ends whatever a list there holds, and is another one of it or begins another list.
    if (marker !== undefined && before !== undefined) return { ...part, isWithinList: marker === before };
    const mayGoOn = marker !== undefined && (last.type === 'list' || !isBlankAtEnd(source));
    if (!mayGoOn && isEnded(last, source)) return part;
  }
}

function literalPart(text: string, start: number, literal: LongLiteral): TextPart {
  const [opened] = parseWhole(literal.opening).children;
  const block = literalBlock(literal, text.slice(start, literal.end), opened);
  const lines = (block.position?.end.line ?? 1) - (literal.next > literal.end ? 0 : 1);
  return { source: text.slice(start, literal.next), children: [block], lines, isWithinList: false, isLiteral: true };
}

/** The marker of a list at the margin; undefined for another block. */
function markerOf(block: RootContent, source: string): string | undefined {
  const item = block.type === 'list' ? block.children.at(-1) : undefined;
  return item?.position?.start.column === 1 ? markerAt(source, item.position.start.offset ?? 0) : undefined;
}

/** A block of one part and those of the next, whose first one goes on with it if both are lists. */
function joined(before: RootContent | undefined, after: readonly RootContent[]): readonly RootContent[] {
  const [first, ...others] = after;
  if (before?.type !== 'list' || first?.type !== 'list') return before === undefined ? after : [before, ...after];
  const lines = (first.position?.start.line ?? 1) - (before.position?.end.line ?? 1);
  const spread = before.spread === true || first.spread === true || lines > 1;
  const children = [...before.children, ...first.children];
  const position = before.position && first.position && { start: before.position.start, end: first.position.end };
  return [{ ...before, spread, children, ...(position && { position }) }, ...others];
}

/** Where a part refers to what another one defines, it is parsed once more: no block is another one for that. */
function withReferences(parts: readonly TextPart[]): readonly TextPart[] {
  const defined = parts.map(({ children }) => labelsDefinedIn(children));
  const all = new Set(defined.flatMap((labels) => [...labels]));
  if (all.size === 0) return parts;
  return parts.map((part, index) => {
    if (part.isLiteral) return part;
    const elsewhere = [...labelsNamedIn(part.source)].filter((label) => all.has(label) && defined[index]?.has(label) !== true);
    return elsewhere.length === 0 ? part : { ...part, children: parseWhole(part.source, elsewhere).children };
  });
}

/** A block of a part where it stands in the whole text. */
function moved<T extends Nodes>(node: T, by: { readonly offset: number; readonly line: number }): T {
  const at = (point: Point): Point => ({ ...point, line: point.line + by.line, offset: (point.offset ?? 0) + by.offset });
  const waiting: Nodes[] = [node];
  for (let inner: Nodes | undefined = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    if ('children' in inner) waiting.push(...inner.children);
    const { position } = inner;
    if (position !== undefined) inner.position = { start: at(position.start), end: at(position.end) };
  }
  return node;
}

/** A text parsed at once, whatever time that takes; `labels` are defined elsewhere (known-labels.ts). */
export function parseWhole(text: string, labels: readonly string[] = []): Root {
  const masked = maskPathological(text);
  const root = fromMarkdown(masked.text, {
    extensions: labels.length === 0 ? extensions : [...extensions, knowing(labels)],
    mdastExtensions: [...mdastExtensions, boxesOfItems],
  });
  if (masked.changed) unmaskTree(root);
  endOpenCode(root, text);
  return root;
}

/**
 * A fence that an item leaves open ends with the item; the parser has it, and the item, end where the next one begins or
 * later. What stands there for nothing is between the two.
 */
function endOpenCode(root: Root, text: string): void {
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('children' in node) waiting.push(...node.children);
    if (node.type !== 'listItem' && node.type !== 'list') continue;
    const code = lastIn(node);
    if (code?.type === 'code') endBefore(node, code, text);
  }
}

function lastIn(node: Nodes): Nodes | undefined {
  const last = 'children' in node ? node.children.at(-1) : undefined;
  return last !== undefined && (last.type === 'list' || last.type === 'listItem') ? lastIn(last) : last;
}

function endBefore(holder: Nodes, code: Nodes, text: string): void {
  const { position } = code;
  if (position?.start.offset === undefined || position.end.offset === undefined) return;
  const end = text.slice(0, position.end.offset).trimEnd().length;
  if (end === position.end.offset && (holder.position?.end.offset ?? 0) <= end) return;
  position.end = { ...position.end, offset: end };
  if (holder.position !== undefined) holder.position.end = position.end;
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
