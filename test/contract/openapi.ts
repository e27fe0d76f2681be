import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';

/** What of an OpenAPI 3.0 or 3.1 document the validator looks at; schemas stay `unknown` and go to ajv by JSON pointer. */
const referenceSchema = z.object({ $ref: z.string() });
const parameterSchema = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  explode: z.boolean().optional(),
  schema: z.unknown().optional(),
});
const contentSchema = z.record(z.string(), z.unknown());
const responseSchema = z.object({ content: contentSchema.optional() });
const bodySchema = z.object({ required: z.boolean().optional(), content: contentSchema });
const operationSchema = z.object({
  parameters: z.array(z.unknown()).optional(),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.unknown()),
});
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const methods: readonly string[] = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

export interface Parameter {
  readonly name: string;
  readonly location: string;
  readonly required: boolean;
  readonly isArray: boolean;
  readonly check: Check | undefined;
}

/** Answers what is wrong with a value, or undefined. */
export type Check = (value: unknown) => string | undefined;

export interface Operation {
  readonly method: string;
  readonly template: string;
  readonly parameters: readonly Parameter[];
  readonly bodyRequired: boolean;
  /** Undefined: no body documented. Empty: documented, but not as JSON. */
  readonly bodyMediaTypes: readonly string[] | undefined;
  readonly checkBody: Check | undefined;
  /** Whether the status is documented (also as `4XX` or `default`), and the check of its JSON body. */
  response(status: number): { readonly mediaTypes: readonly string[]; readonly check: Check | undefined } | undefined;
}

export interface OpenApi {
  /** The operation and the path's values; literal segments win over parameters. */
  find(
    method: string,
    path: string,
  ): { readonly operation: Operation; readonly values: Readonly<Record<string, string>> } | undefined;
}

const documents = new Map<string, unknown>();

/** Reads one of the vendors' trimmed documents that lie beside this file; the same object each time. */
export function readOpenApiDocument(name: 'github-rest' | 'jira-cloud-v3' | 'jira-data-center'): unknown {
  const known = documents.get(name);
  if (known !== undefined) return known;
  const parsed: unknown = JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
  documents.set(name, parsed);
  return parsed;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * OpenAPI 3.0's `nullable: true` as JSON Schema: null, or the schema without it. Examples go: they may hold `$id` or `$ref`
 * that mean nothing. OpenAPI 3.1 needs no change, its `type` may be a list.
 */
function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (!isRecord(node)) return node;
  const entries = Object.entries(node).filter(
    ([key, value]) =>
      !(key === 'nullable' && typeof value === 'boolean') && !((key === 'example' || key === 'examples') && !isSchemaLike(value)),
  );
  const converted = Object.fromEntries(entries.map(([key, value]) => [key, toJsonSchema(value)]));
  return node['nullable'] === true ? { anyOf: [{ type: 'null' }, converted] } : converted;
}

/** A property may be called `example`; then its value is a schema and has to stay. */
function isSchemaLike(value: unknown): boolean {
  return isRecord(value) && ('type' in value || '$ref' in value) && Object.keys(value).length <= 4;
}

const compiled = new WeakMap<object, OpenApi>();

/** Prepares a document; schemas are compiled when first needed and kept, also between calls with the same document. */
export function openApi(document: unknown): OpenApi {
  if (!isRecord(document)) throw new Error('An OpenAPI document is a JSON object.');
  const known = compiled.get(document);
  if (known) return known;
  const made = compile(document);
  compiled.set(document, made);
  return made;
}

class Compiler {
  readonly #root: unknown;
  readonly #ajv: Ajv;

  constructor(document: unknown) {
    this.#root = toJsonSchema(document);
    this.#ajv = new Ajv({
      strict: false,
      validateSchema: false,
      validateFormats: true,
      allErrors: false,
      coerceTypes: false,
      logger: false,
    });
    addFormats.default(this.#ajv);
    if (!isRecord(this.#root)) throw new Error('An OpenAPI document is a JSON object.');
    this.#ajv.addSchema(this.#root, 'document');
  }

  get root(): unknown {
    return this.#root;
  }

  /** Follows `$ref`s of parameters, bodies and responses; gives the node and where it is. */
  resolve(node: unknown, pointer: string): { readonly node: unknown; readonly pointer: string } {
    const reference = referenceSchema.safeParse(node);
    if (!reference.success) return { node, pointer };
    const target = reference.data.$ref.replace(/^#/, '');
    return this.resolve(this.at(target), target);
  }

  at(pointer: string): unknown {
    let node = this.#root;
    for (const part of pointer.split('/').slice(1)) {
      const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      if (Array.isArray(node)) node = node[Number(key)];
      else if (isRecord(node)) node = node[key];
      else throw new Error(`The OpenAPI document has nothing at ${pointer}.`);
    }
    return node;
  }

  check(pointer: string): Check {
    let validate: ValidateFunction | undefined;
    return (value) => {
      validate ??= this.#ajv.compile({ $ref: `document#${pointer}` });
      if (validate(value)) return undefined;
      return this.#ajv.errorsText(validate.errors, { dataVar: 'value' });
    };
  }

  content(
    content: Record<string, unknown> | undefined,
    pointer: string,
  ): { mediaTypes: readonly string[]; check: Check | undefined } {
    const mediaTypes = Object.keys(content ?? {});
    const checks = mediaTypes
      .filter((type) => /[/+]json$/.test(type) || type.startsWith('application/vnd.github'))
      .filter((type) => isRecord(content?.[type]) && content[type]['schema'] !== undefined)
      .map((type) => this.check(`${pointer}/${escapePointer(type)}/schema`));
    if (checks.length === 0) return { mediaTypes, check: undefined };
    // Several JSON media types are documented as alternatives of one another: one that fits is enough.
    const check: Check = (value) => {
      const problems = checks.map((one) => one(value));
      return problems.includes(undefined) ? undefined : problems[0];
    };
    return { mediaTypes, check };
  }
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function compile(document: unknown): OpenApi {
  const compiler = new Compiler(document);
  const { paths } = documentSchema.parse(compiler.root);
  const operations: (Operation & { readonly pattern: RegExp; readonly names: readonly string[] })[] = [];
  for (const [template, item] of Object.entries(paths)) {
    const { pattern, names } = templatePattern(template);
    for (const method of methods.filter((name) => item[name] !== undefined)) {
      operations.push({ ...compileOperation(compiler, template, method), pattern, names });
    }
  }
  operations.sort((a, b) => specificity(b.template) - specificity(a.template));
  return {
    find: (method, path) => {
      for (const operation of operations) {
        if (operation.method !== method.toLowerCase()) continue;
        const match = operation.pattern.exec(path);
        if (!match) continue;
        const values = operation.names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]);
        return { operation, values: Object.fromEntries(values) };
      }
      return undefined;
    },
  };
}

function compileOperation(compiler: Compiler, template: string, method: string): Operation {
  const pathPointer = `/paths/${escapePointer(template)}`;
  const pointer = `${pathPointer}/${method}`;
  const operation = operationSchema.parse(compiler.at(pointer));
  const shared = z
    .array(z.unknown())
    .optional()
    .parse(z.record(z.string(), z.unknown()).parse(compiler.at(pathPointer))['parameters']);
  const parameters = [
    ...(shared ?? []).map((node, index) => compileParameter(compiler, node, `${pathPointer}/parameters/${index}`)),
    ...(operation.parameters ?? []).map((node, index) => compileParameter(compiler, node, `${pointer}/parameters/${index}`)),
  ];
  const bodyNode = compiler.resolve(operation.requestBody, `${pointer}/requestBody`);
  const body = bodyNode.node === undefined ? undefined : bodySchema.parse(bodyNode.node);
  const bodyContent = compiler.content(body?.content, `${bodyNode.pointer}/content`);
  return {
    method,
    template,
    parameters,
    bodyRequired: body?.required ?? false,
    bodyMediaTypes: body && bodyContent.mediaTypes,
    checkBody: bodyContent.check,
    response: responsesOf(compiler, operation.responses, pointer),
  };
}

function responsesOf(compiler: Compiler, responses: Record<string, unknown>, pointer: string): Operation['response'] {
  const cache = new Map<string, ReturnType<Operation['response']>>();
  return (status) => {
    const key = [String(status), `${Math.floor(status / 100)}XX`, 'default'].find((candidate) => candidate in responses);
    if (key === undefined) return undefined;
    if (!cache.has(key)) {
      const resolved = compiler.resolve(responses[key], `${pointer}/responses/${key}`);
      cache.set(key, compiler.content(responseSchema.parse(resolved.node).content, `${resolved.pointer}/content`));
    }
    return cache.get(key);
  };
}

function compileParameter(compiler: Compiler, node: unknown, pointer: string): Parameter {
  const resolved = compiler.resolve(node, pointer);
  const parameter = parameterSchema.parse(resolved.node);
  const schemaPointer = `${resolved.pointer}/schema`;
  const schema = compiler.resolve(parameter.schema, schemaPointer).node;
  return {
    name: parameter.name,
    location: parameter.in,
    required: parameter.required ?? false,
    isArray: isRecord(schema) && schema['type'] === 'array',
    check: parameter.schema === undefined ? undefined : compiler.check(schemaPointer),
  };
}

/** GitHub's `{path}` and `{ref}` at the end of a template hold slashes; a Jira property key holds none. */
function templatePattern(template: string): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names: string[] = [];
  const source = template.replaceAll(/\{([^}]+)\}|[.*+?^$()|[\]\\]/g, (text, name: string | undefined, offset: number) => {
    if (name === undefined) return `\\${text}`;
    names.push(name);
    const isLast = offset + text.length === template.length;
    return isLast && (name === 'path' || name === 'ref') ? '(.+)' : '([^/]+)';
  });
  return { pattern: new RegExp(`^${source}$`), names };
}

/** Earlier literal segments weigh more. */
function specificity(template: string): number {
  return template.split('/').reduce((sum, part, index) => sum + (part.includes('{') ? 0 : 1 / 2 ** index), 0);
}
