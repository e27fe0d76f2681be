import { z } from 'zod';

/** A node of the Atlassian Document Format, before anything but its shape is known. */
export interface AdfNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly AdfNode[];
  readonly text?: string;
  readonly marks?: readonly AdfMark[];
}

export interface AdfMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

export interface AdfDocument extends AdfNode {
  readonly version: 1;
}

/** ADF as parsed JSON, or plain text of which each line is a paragraph. */
export type AdfInput = string | object;

const markSchema = z.strictObject({ type: z.string(), attrs: z.record(z.string(), z.unknown()).exactOptional() });

const nodeSchema: z.ZodType<AdfNode> = z.lazy(() =>
  z.strictObject({
    type: z.string(),
    attrs: z.record(z.string(), z.unknown()).exactOptional(),
    content: z.array(nodeSchema).exactOptional(),
    text: z.string().exactOptional(),
    marks: z.array(markSchema).exactOptional(),
  }),
);

const documentSchema: z.ZodType<AdfDocument> = z.strictObject({
  version: z.literal(1),
  type: z.literal('doc'),
  content: z.array(nodeSchema),
});

/** The document, or undefined where the value has not even the shape of one. Deeper than 200 levels counts as no document. */
export function parseAdfShape(value: unknown): AdfDocument | undefined {
  if (depthOf(value, 0) > 400) return undefined;
  const result = documentSchema.safeParse(value);
  return result.success ? result.data : undefined;
}

function depthOf(value: unknown, level: number): number {
  if (level > 400 || typeof value !== 'object' || value === null) return level;
  return Object.values(value).reduce<number>((deepest, child) => Math.max(deepest, depthOf(child, level + 1)), level);
}

/** Text as a document: each line a paragraph. */
export function documentOfText(text: string): AdfDocument {
  const content = text.split('\n').map((line): AdfNode => {
    return line === '' ? { type: 'paragraph' } : { type: 'paragraph', content: [{ type: 'text', text: line }] };
  });
  return { version: 1, type: 'doc', content };
}

const inlineTexts: Readonly<Record<string, string>> = { hardBreak: '\n' };

/** The text without formatting, blocks on lines of their own; what full text search and the changelog show. */
export function textOf(node: AdfNode | null): string {
  if (node === null) return '';
  if (node.text !== undefined) return node.text;
  const inline = inlineTexts[node.type] ?? stringAttribute(node, 'text') ?? stringAttribute(node, 'shortName');
  if (inline !== undefined) return inline;
  const children = node.content ?? [];
  const isInlineParent = children.every((child) => inlineTypes.has(child.type));
  return children.map(textOf).join(isInlineParent ? '' : '\n');
}

const inlineTypes = new Set([
  'text',
  'hardBreak',
  'mention',
  'emoji',
  'date',
  'status',
  'inlineCard',
  'mediaInline',
  'inlineExtension',
  'placeholder',
]);

function stringAttribute(node: AdfNode, name: string): string | undefined {
  const value = node.attrs?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** Media ids of files that the document shows, in order. */
export function mediaIdsOf(node: AdfNode | null): readonly string[] {
  if (node === null) return [];
  const own = node.type === 'media' || node.type === 'mediaInline' ? stringAttribute(node, 'id') : undefined;
  const below = (node.content ?? []).flatMap(mediaIdsOf);
  return own === undefined ? below : [own, ...below];
}
