import type { Nodes } from 'mdast';
import type { AuthoredForm } from './authored-forms.ts';
import { besideOf } from './beside.ts';
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

/** The links, images and elements of HTML amid the words of a text, outermost ones only, in the order of the nodes. */
export function markdownForms(nodes: readonly Nodes[]): readonly MarkdownForm[] {
  const found: MarkdownForm[] = [];
  const waiting: Nodes[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!('children' in node)) continue;
    const isLine = node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell';
    if (isLine) found.push(...formsOfLine(node.children));
    else waiting.push(...node.children);
  }
  return found;
}

function formsOfLine(nodes: readonly Nodes[]): MarkdownForm[] {
  const found: MarkdownForm[] = [];
  for (let index = 0; index < nodes.length; ) {
    const form = nodes.slice(index, index + lengthOf(nodes, index));
    const [start, end] = [form[0]?.position?.start.offset, form.at(-1)?.position?.end.offset];
    const node = nodes[index];
    if (start !== undefined && end !== undefined) found.push({ start, end, nodes: form });
    else if (node !== undefined && 'children' in node) found.push(...formsOfLine(node.children));
    index += Math.max(1, form.length);
  }
  return found;
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
export function authoredForms(source: string, forms: readonly MarkdownForm[], options: RenderOptions): readonly AuthoredForm[] {
  return forms.flatMap(({ start, end, nodes }) => {
    const authored = source.slice(start, end);
    const written = /[\r\n]/.test(authored) ? undefined : writtenAmidWords(nodes, options);
    return written === undefined ? [] : [{ authored, written, beside: besideOf(source, start, end) }];
  });
}

function writtenAmidWords(nodes: readonly Nodes[], options: RenderOptions): string | undefined {
  const flow = new InlineFlow();
  flow.addNodes([{ type: 'text', value: 'x ' }, ...nodes, { type: 'text', value: ' x' }]);
  const blocks = normalChildren({ type: 'root', children: [{ type: 'paragraph', children: buildInline(flow.take()) }] });
  return /^x (\S|\S.*\S) x$/.exec(renderBlocks(blocks, options))?.[1];
}
