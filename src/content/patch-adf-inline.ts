import { contentOf, textAttribute, type AdfNode } from './adf-document.ts';
import { adfRuns, type AdfDecodeContext } from './adf-inline.ts';
import { besideOf, isBeside, type Beside } from './beside.ts';
import { writeInline, type AdfEncodeContext } from './encode-adf.ts';
import { buildInline } from './runs.ts';

type Context = AdfDecodeContext & AdfEncodeContext;

/** Blocks that hold inline content. */
const lineTypes = new Set(['paragraph', 'heading', 'taskItem', 'decisionItem', 'caption']);

/** Each is looked for in the rest of the line; more of them are in no line that people write. */
const richMax = 1_000;

/** Inline content that says more on Jira than it shows elsewhere: a mention, a status, a date, coloured or annotated words. */
interface Rich {
  readonly node: AdfNode;
  /** What the other side shows of it. */
  readonly text: string;
  readonly marks: string;
  readonly beside: Beside;
}

/** A stretch of the written content. */
interface Stretch {
  readonly node: AdfNode;
  readonly text: string;
  /** Undefined for what is not looked into. */
  readonly marks: string | undefined;
  readonly start: number;
}

/** A line that an edit of the other side wrote anew, with what only Jira shows of it, where it reads the same with that. */
export function richLine(
  written: AdfNode,
  native: AdfNode,
  { context, reads }: { readonly context: Context; readonly reads: (line: AdfNode) => boolean },
): AdfNode {
  if (!lineTypes.has(written.type) || written.type !== native.type) return written;
  const content = contentOf(written);
  const rich = withRich(content, contentOf(native), context);
  const line = { ...written, content: rich };
  return rich === content || !reads(line) ? written : line;
}

/** Alignment, indentation and width are marks of a block, which text from the other side knows nothing about. */
export function withMarks(written: AdfNode, native: AdfNode): AdfNode {
  const keeps = written.type === 'paragraph' || written.type === 'heading' || written.type === 'codeBlock';
  return keeps && native.type === written.type && Array.isArray(native['marks'])
    ? { ...written, marks: native['marks'] }
    : written;
}

/**
 * The content of a line that an edit of the other side wrote anew, with the native line's mentions, statuses and the like
 * in the places of what that side shows of them: found in their order, as they were marked, by a word beside them.
 */
function withRich(written: readonly AdfNode[], native: readonly AdfNode[], context: Context): readonly AdfNode[] {
  const rich = richIn(native, context);
  if (rich.length === 0 || rich.length > richMax) return written;
  let length = 0;
  const stretches = written.map((node): Stretch => {
    const text = shownText(node);
    const start = length;
    length += text.length;
    return { node, text, marks: node.type === 'text' ? marksKey(node) : undefined, start };
  });
  const placesOf = placesIn(stretches);
  const found: Stretch[] = [];
  let done = 0;
  for (const { node, text, marks, beside } of rich) {
    const place = placesOf(text, marks).find(({ start, beside: there }) => start >= done && isBeside(beside, there));
    if (place === undefined) continue;
    found.push({ node, text, marks: undefined, start: place.start });
    done = place.start + text.length;
  }
  return inPlace(stretches, found);
}

interface Place {
  readonly start: number;
  readonly beside: Beside;
}

/** Where a text stands as words of its own with such marks, from the first place on: looked for once for all that show it. */
function placesIn(stretches: readonly Stretch[]): (text: string, marks: string) => readonly Place[] {
  const whole = stretches.map(({ text }) => text).join('');
  const known = new Map<string, readonly Place[]>();
  return (text, marks) => {
    const key = JSON.stringify([text, marks]);
    const places = known.get(key) ?? stretches.flatMap((one) => (one.marks === marks ? placesOfText(one, text, whole) : []));
    known.set(key, places);
    return places;
  };
}

function placesOfText(stretch: Stretch, text: string, whole: string): readonly Place[] {
  const places: Place[] = [];
  for (let offset = stretch.text.indexOf(text); offset >= 0; offset = stretch.text.indexOf(text, offset + 1)) {
    const [start, end] = [stretch.start + offset, stretch.start + offset + text.length];
    const isWord = !/[\p{L}\p{N}]{2}/u.test(whole.slice(start - 1, start + 1) + ' ' + whole.slice(end - 1, end + 1));
    if (isWord) places.push({ start, beside: besideOf(whole, start, end) });
  }
  return places;
}

/** The stretches with those in their places that were found in them, in their order. */
function inPlace(stretches: readonly Stretch[], found: readonly Stretch[]): readonly AdfNode[] {
  let next = 0;
  return stretches.flatMap((stretch) => {
    const end = stretch.start + stretch.text.length;
    const parts: Stretch[] = [];
    let rest = stretch;
    for (let one = found[next]; one !== undefined && one.start < end; one = found[next]) {
      parts.push(cut(rest, 0, one.start - rest.start), one);
      rest = cut(rest, one.start + one.text.length - rest.start, rest.text.length);
      next += 1;
    }
    if (parts.length === 0) return [stretch.node];
    return [...parts, rest].filter(({ text }) => text !== '').map(({ node }) => node);
  });
}

function richIn(native: readonly AdfNode[], context: Context): readonly Rich[] {
  const shown = native.map((node) => writeInline(buildInline(adfRuns([node], context)), context));
  const texts = shown.map((nodes) => nodes.map(shownText).join(''));
  const text = texts.join('');
  let end = 0;
  return native.flatMap((node, index): Rich[] => {
    const own = texts[index] ?? '';
    end += own.length;
    const [only, ...others] = shown[index] ?? [];
    if (only?.type !== 'text' || others.length > 0 || own.trim() === '' || isPlain(node, only)) return [];
    return [{ node, text: own, marks: marksKey(only), beside: besideOf(text, end - own.length, end) }];
  });
}

/** A text that is written as it is here. */
function isPlain(node: AdfNode, written: AdfNode): boolean {
  return node.type === 'text' && node['text'] === written['text'] && marksKey(node) === marksKey(written);
}

function cut(stretch: Stretch, start: number, end: number): Stretch {
  const text = stretch.text.slice(start, end);
  return { ...stretch, node: { ...stretch.node, text }, text, start: stretch.start + start };
}

function shownText(node: AdfNode): string {
  return node.type === 'hardBreak' ? '\n' : node.type === 'text' ? textOf(node) : '';
}

function textOf(node: AdfNode): string {
  return typeof node['text'] === 'string' ? node['text'] : (textAttribute(node, 'text') ?? '');
}

function marksKey(node: AdfNode): string {
  return JSON.stringify(node['marks'] ?? []);
}
