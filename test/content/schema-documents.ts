import { readFileSync } from 'node:fs';
import type { AdfDocument, AdfNode } from '../../src/content/adf-document.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

const { definitions } = JSON.parse(readFileSync(new URL('../contract/adf-full.schema.json', import.meta.url), 'utf8')) as {
  definitions: Readonly<Record<string, Schema>>;
};

/** Where the schema does not say which marks a node bears. */
const anyMark: Schema = {
  anyOf: Object.keys(definitions)
    .filter((name) => name.endsWith('_mark'))
    .map((name) => ({ $ref: `#/definitions/${name}` })),
};

/** The types of all nodes and marks that the schema defines. */
export const schemaTypes: ReadonlySet<string> = new Set(
  Object.values(definitions).flatMap(({ properties }) => (properties?.['type']?.enum ?? []) as string[]),
);

/** Nesting below which only what ends soon is drawn. */
const depthMax = 5;
const soon = /^(?:formatted_text_inline|hardBreak|paragraph_with_no_marks|media|taskItem|decisionItem|table_cell)_node$/;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const texts = [
  'plain words',
  'a',
  'Straße',
  'snake_case and 2 * 3',
  'end.',
  '1. one',
  '- dash',
  '# head',
  '> quote',
  '| bar |',
  '```',
  '~~~',
  '---',

  '*star*',
  '_under_',
  '**',
  '`code`',
  '[a](b)',
  '![a](b)',
  '[!NOTE]',
  '[ ] task',
  '[^1]',
  '<b>',
  '</details>',
  '<!-- c -->',
  '&amp;',

  '\\',
  '\\*',
  '@user',
  '#12',
  'o/r#3',
  'GH-7',
  'https://example.org/a_b',
  'www.example.org',
  'me@example.org',
  ':tada:',
  '😀',
  ' ',
  '  two  ',
  '\n',
  'a\nb',
  '\t',
  '\xA0',
  '\u200b',
  '\u202e',
  '\u0007',
  '：',
  '“q”',
  '$x$',
  '\ud83d',
];
const urls = [
  'https://example.org/',
  'https://example.org/a_(b)?q=1&amp;r=<2>',
  './x',
  'javascript:x',
  '',
  'https://site/attachment/1',
  'mailto:a@b.c',
];

/** Draws values that a schema allows: each of its nodes, marks and attributes, with texts that look like markup. */
export class SchemaDocuments {
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  document(): AdfDocument {
    return this.object(definitions['doc_node'] ?? {}, 0) as unknown as AdfDocument;
  }

  private pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  private draw(schema: Schema, depth: number, name = ''): unknown {
    if (schema.$ref !== undefined) return this.draw(definitions[nameOf(schema)] ?? {}, depth, name);
    if (schema.enum !== undefined) return this.pick(schema.enum);
    if (schema.anyOf !== undefined) return this.draw(this.alternative(schema.anyOf, depth), depth, name);
    if (schema.allOf !== undefined || schema.type === 'object') return this.object(schema, depth);
    if (schema.type === 'array') return this.array(name === 'marks' ? { items: anyMark, ...schema } : schema, depth, name);
    if (schema.type === 'boolean') return this.random() < 0.5;
    if (schema.type === 'number' || schema.type === 'integer') return this.number(schema, name);
    return schema.type === 'string' ? this.string(schema, name) : { name: 'n', url: 'https://example.org/n' };
  }

  private alternative(schemas: readonly Schema[], depth: number): Schema {
    const ending = schemas.filter((schema) => soon.test(nameOf(schema)));
    return this.pick((depth >= depthMax && ending.length > 0) || (ending.length > 0 && this.random() < 0.3) ? ending : schemas);
  }

  private object(schema: Schema, depth: number): Record<string, unknown> {
    const { properties, required } = merged(schema);
    const drawn: Record<string, unknown> = {};
    for (const [name, property] of Object.entries(properties)) {
      if (property.maxItems === 0) continue;
      if (!required.has(name) && this.random() < (name === 'content' ? 0.1 : 0.5)) continue;
      drawn[name] = this.draw(property, depth + (name === 'content' ? 1 : 0), name);
    }
    return drawn;
  }

  private array(schema: Schema, depth: number, name: string): unknown[] {
    const least = schema.minItems ?? 0;
    const room = Math.min(depth >= depthMax ? 1 : 2, (schema.maxItems ?? 99) - least);
    const length = least + Math.floor(this.random() * (Math.max(0, room) + 1));
    const items = Array.from({ length }, (_, index) => this.draw(itemSchema(schema, index), depth, name));
    if (name !== 'marks') return items;
    // ProseMirror holds a mark of a kind once, and the schema's order of marks is not the document's.
    return [...new Map((items as AdfNode[]).map((mark) => [mark.type, mark])).values()];
  }

  private number(schema: Schema, name: string): number {
    if (name === 'colspan' || name === 'rowspan') return this.pick([1, 1, 2]);
    if (name === 'order') return this.pick([0, 1, 2, 7, 999_999_999]);
    const least = schema.minimum ?? 1;
    return least + Math.floor(this.random() * ((schema.maximum ?? least + 99) - least + 1));
  }

  private string(schema: Schema, name: string): string {
    if (schema.pattern?.includes('neutral') === true) return this.pick(['neutral', 'blue', '#00B8D9']);
    if (schema.pattern?.includes('{8}') === true) return this.pick(['#ff0000', '#091e4224']);
    if (schema.pattern?.includes('#') === true) return '#ff0000';
    if (name === 'url' || name === 'href') return this.pick(urls);
    if (name === 'id') return this.pick(['m1', 'm2', 'unknown']);
    if (name === 'timestamp') return this.pick(['1700000000000', 'soon']);
    if (name === 'shortName') return this.pick([':smile:', ':nope:']);
    if (name === 'language') return this.pick(['js', 'c++', 'two words']);
    const pieces = Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => this.pick(texts));
    return pieces.join('');
  }
}

function nameOf(schema: Schema): string {
  return schema.$ref?.replace('#/definitions/', '') ?? '';
}

function itemSchema({ items }: Schema, index: number): Schema {
  if (items === undefined) return {};
  return Array.isArray(items) ? ((items as Schema[])[Math.min(index, items.length - 1)] ?? {}) : (items as Schema);
}

function merged(schema: Schema): { properties: Record<string, Schema>; required: ReadonlySet<string> } {
  if (schema.$ref !== undefined) return merged(definitions[nameOf(schema)] ?? {});
  const parts = (schema.allOf ?? []).map(merged);
  return {
    properties: Object.assign({}, ...parts.map((part) => part.properties), schema.properties) as Record<string, Schema>,
    required: new Set([...parts.flatMap((part) => [...part.required]), ...(schema.required ?? [])]),
  };
}
