import type { Nodes, Text } from 'mdast';
import type { AuthoredForm } from './authored-forms.ts';
import { besideOf } from './beside.ts';
import { linkedByRedmine } from './defuse.ts';
import { InlineFlow } from './inline-flow.ts';
import { renderBlocks } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';
import { buildInline } from './runs.ts';
import { normalChildren } from './settle.ts';

/** Nodes next to each other whose source may say more than they read as. */
export interface MarkdownForm {
  readonly start: number;
  readonly end: number;
  readonly nodes: readonly Nodes[];
}

/** So many nodes further an element's end is looked for: looking through all of a long line for each would take quadratic time. */
const elementNodesMax = 50;

const openTag = /^<([a-z][a-z0-9-]*)\b[^<>]*>$/i;

/** The text that forms are looked for in, and whether Redmine reads it. */
interface Origin {
  readonly native: string;
  readonly isRedmine: boolean;
}

/** The links, images and elements of HTML amid the words of a text, outermost ones only, and what Redmine links by name. */
export function markdownForms(nodes: readonly Nodes[], origin: Origin): readonly MarkdownForm[] {
  const found: MarkdownForm[] = [];
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!('children' in node)) continue;
    const isLine = node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell';
    if (isLine) found.push(...formsOfLine(node.children, origin));
    else waiting.push(...node.children);
  }
  return found;
}

function formsOfLine(nodes: readonly Nodes[], origin: Origin): MarkdownForm[] {
  const found: MarkdownForm[] = [];
  for (let index = 0; index < nodes.length; ) {
    const form = nodes.slice(index, index + lengthOf(nodes, index));
    const [start, end] = [form[0]?.position?.start.offset, form.at(-1)?.position?.end.offset];
    const node = nodes[index];
    const last = found.at(-1);
    if (start !== undefined && end !== undefined) {
      // Without anything between them two may be read as one.
      if (last?.end === start && last.nodes.at(-1) === nodes[index - 1])
        found.splice(-1, 1, { start: last.start, end, nodes: [...last.nodes, ...form] });
      else found.push({ start, end, nodes: form });
    } else if (node !== undefined && 'children' in node) found.push(...formsOfLine(node.children, origin));
    else if (node?.type === 'text' && origin.isRedmine) found.push(...linkedIn(node, origin.native));
    index += Math.max(1, form.length);
  }
  return found;
}

function linkedIn({ position }: Text, native: string): MarkdownForm[] {
  const from = position?.start.offset ?? 0;
  const source = native.slice(from, position?.end.offset);
  return linkedByRedmine.flatMap((pattern) =>
    [...source.matchAll(pattern)].map(({ 0: value, index }): MarkdownForm => {
      const start = from + index;
      return { start, end: start + value.length, nodes: [{ type: 'text', value }] };
    }),
  );
}

/** Of how many nodes from one on a form consists; 0 for none. */
function lengthOf(nodes: readonly Nodes[], index: number): number {
  const node = nodes[index];
  if (node?.type === 'link' || node?.type === 'image') return 1;
  const tag = node?.type === 'html' ? openTag.exec(node.value)?.[1]?.toLowerCase() : undefined;
  if (tag === undefined) return 0;
  if (tag === 'img') return 1;
  const inside = nodes
    .slice(index + 1, index + elementNodesMax)
    .map((one) => (one.type === 'html' ? one.value.toLowerCase() : ''));
  const close = inside.indexOf(`</${tag}>`);
  const isNested = inside.slice(0, close).some((html) => openTag.exec(html)?.[1] === tag);
  return close < 0 || isNested ? 0 : close + 2;
}

/** These forms with how they would be written; those on several lines are left out, for what holds them has its signs there. */
export function authoredForms(
  source: {
    readonly native: string;
    /** What is written anew: the words beside a form are those in it. */
    readonly range: { readonly start: number; readonly end: number };
    readonly options: RenderOptions;
  },
  forms: readonly MarkdownForm[],
): readonly AuthoredForm[] {
  const { native, range, options } = source;
  const stretch = native.slice(range.start, range.end);
  return forms.flatMap(({ start, end, nodes }): AuthoredForm[] => {
    const authored = native.slice(start, end);
    const written = /[\r\n]/.test(authored) ? undefined : writtenAmidWords(nodes, options);
    const beside = besideOf(stretch, start - range.start, end - range.start);
    return written === undefined ? [] : [{ start, end, authored, written, beside }];
  });
}

function writtenAmidWords(nodes: readonly Nodes[], options: RenderOptions): string | undefined {
  const flow = new InlineFlow();
  flow.addNodes([{ type: 'text', value: 'x ' }, ...nodes, { type: 'text', value: ' x' }]);
  const blocks = normalChildren({ type: 'root', children: [{ type: 'paragraph', children: buildInline(flow.take()) }] });
  return /^x (|\S|\S.*\S) ?x$/.exec(renderBlocks(blocks, options))?.[1];
}
