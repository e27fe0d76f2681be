import type { Nodes, PhrasingContent } from 'mdast';
import { cleanText } from './clean-text.ts';
import { parseAttachmentUrl } from './neutral.ts';

/** What a stretch of text can be besides linked. The order breaks ties between marks that extend equally far. */
export const markNames = ['strong', 'emphasis', 'delete', 'underline', 'subscript', 'superscript'] as const;
export type MarkName = (typeof markNames)[number];

/** Inline content flattened: what it is, and under which marks and link. Equal meaning is equal runs, whatever the nesting. */
export type Run = RunLeaf & { readonly marks: ReadonlySet<MarkName>; readonly link: string | undefined };

export type RunLeaf =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'image'; readonly url: string; readonly alt: string };

export const noMarks: ReadonlySet<MarkName> = new Set();

/** Deeper nesting than this is read as its text: no person writes it, and recursion has to end. */
export const depthMax = 100;

/**
 * Blocks within blocks in normal form. ADF needs two levels for a list's item, and a line of Markdown may open only so many
 * containers (bounded-markdown.ts): within this depth every codec carries every tree.
 */
export const blockDepthMax = 28;

export interface Style {
  readonly marks: ReadonlySet<MarkName>;
  readonly link: string | undefined;
}

export const plainStyle: Style = { marks: noMarks, link: undefined };

export function styleWith(style: Style, mark: MarkName): Style {
  return { marks: new Set([...style.marks, mark]), link: style.link };
}

/** Text as runs: line ends are breaks. */
export function textRuns(text: string, style: Style): Run[] {
  const runs: Run[] = [];
  for (const [index, line] of cleanText(text).split('\n').entries()) {
    if (index > 0) runs.push({ kind: 'break', ...style });
    if (line !== '') runs.push({ kind: 'text', text: line, ...style });
  }
  return runs;
}

/** The readable text of any tree but for what is left out, without recursion: whatever its depth, it cannot overflow the stack. */
export function plainText(nodes: readonly Nodes[], isLeftOut: (node: Nodes) => boolean = () => false): string {
  let text = '';
  const waiting: Nodes[] = nodes.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isLeftOut(node)) continue;
    if ('children' in node) {
      for (let index = node.children.length - 1; index >= 0; index -= 1) {
        const child = node.children[index];
        if (child !== undefined) waiting.push(child);
      }
    } else if (node.type === 'break') text += '\n';
    else if (node.type !== 'html' && 'value' in node) text += node.value;
    else if ('alt' in node && typeof node.alt === 'string') text += node.alt;
  }
  return text;
}

/** Phrasing content as runs, not yet normal (normal-runs.ts). */
export function flattenInline(nodes: readonly Nodes[], style: Style = plainStyle, depth = 0): Run[] {
  if (depth > depthMax) return textRuns(plainText(nodes), style);
  return nodes.flatMap((node) => flattenNode(node, style, depth));
}

function flattenNode(node: Nodes, style: Style, depth: number): Run[] {
  switch (node.type) {
    case 'text':
    case 'html':
      return textRuns(node.value, style);
    case 'inlineCode':
      return [{ kind: 'code', text: node.value, ...style }];
    case 'break':
      return [{ kind: 'break', ...style }];
    case 'image':
      return [{ kind: 'image', url: node.url, alt: node.alt ?? '', ...style }];
    case 'link': {
      const link = style.link ?? node.url;
      return linkedRuns(flattenInline(node.children, { marks: style.marks, link }, depth + 1), link);
    }
    case 'strong':
    case 'emphasis':
    case 'delete':
    case 'underline':
    case 'subscript':
    case 'superscript':
      return flattenInline(node.children, styleWith(style, node.type), depth + 1);
    case 'footnoteReference':
      return textRuns(`[${node.label ?? node.identifier}]`, style);
    case 'imageReference':
      return textRuns(node.alt ?? '', style);
    default:
      if ('children' in node) return flattenInline(node.children, style, depth + 1);
      return 'value' in node ? textRuns(node.value, style) : [];
  }
}

/**
 * The runs of one link. A link to an attachment and an image of it are one thing, a reference with a description: Jira shows
 * both as media, and which of the two GitHub needs depends on the file. An image of another attachment stays in its link; images
 * of the web count as words, since Jira has no place for them beside a file. Two links beside each other are two references
 * although their address is one, so this is for the runs of one link only.
 */
export function linkedRuns(inside: readonly Run[], url: string): Run[] {
  if (parseAttachmentUrl(url) === undefined) return [...inside];
  const result: Run[] = [];
  let described: Run[] = [];
  const flush = (): void => {
    const alt = described.map(descriptionOf).join('');
    if (alt.trim() !== '') result.push({ kind: 'image', url, alt, marks: noMarks, link: undefined });
    described = [];
  };
  for (const run of inside) {
    if (run.kind !== 'image' || parseAttachmentUrl(run.url) === undefined) described.push(run);
    else {
      flush();
      result.push({ ...run, link: run.url === url ? undefined : run.link });
    }
  }
  flush();
  return result;
}

function descriptionOf(run: Run): string {
  if (run.kind === 'image') return run.alt;
  return run.kind === 'break' ? ' ' : run.text;
}

/** Runs as nested phrasing content; the mark that extends farthest is outermost. Equal runs build equal trees. */
export function buildInline(runs: readonly Run[]): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  for (let start = 0; start < runs.length; ) {
    const run = runs[start];
    if (run === undefined) break;
    const outer = outermost(runs, start);
    if (outer === undefined) {
      nodes.push(leafNode(run));
      start += 1;
      continue;
    }
    const { mark, end } = outer;
    const inside = runs.slice(start, end);
    if (mark === 'link') {
      const children = buildInline(inside.map((inner) => ({ ...inner, link: undefined })));
      nodes.push({ type: 'link', url: run.link ?? '', children });
    } else nodes.push(markNode(mark, buildInline(inside.map((inner) => withoutMark(inner, mark)))));
    start = end;
  }
  return nodes;
}

function outermost(runs: readonly Run[], start: number): { mark: MarkName | 'link'; end: number } | undefined {
  const first = runs[start];
  if (first === undefined) return undefined;
  const extent = (holds: (run: Run) => boolean): number => {
    let end = start;
    for (let run = runs[end]; run !== undefined && holds(run); run = runs[end]) end += 1;
    return end;
  };
  let best: { mark: MarkName | 'link'; end: number } | undefined;
  if (first.link !== undefined) best = { mark: 'link', end: extent((run) => run.link === first.link) };
  for (const mark of markNames) {
    if (!first.marks.has(mark)) continue;
    const end = extent((run) => run.marks.has(mark));
    if (best === undefined || end > best.end) best = { mark, end };
  }
  return best;
}

function withoutMark(run: Run, mark: MarkName): Run {
  return { ...run, marks: new Set([...run.marks].filter((other) => other !== mark)) };
}

function markNode(mark: MarkName, children: PhrasingContent[]): PhrasingContent {
  switch (mark) {
    case 'strong':
    case 'emphasis':
    case 'delete':
      return { type: mark, children };
    default:
      return { type: mark, children };
  }
}

function leafNode(run: Run): PhrasingContent {
  switch (run.kind) {
    case 'text':
      return { type: 'text', value: run.text };
    case 'code':
      return { type: 'inlineCode', value: run.text };
    case 'break':
      return { type: 'break' };
    case 'image':
      return { type: 'image', url: run.url, alt: run.alt };
  }
}
