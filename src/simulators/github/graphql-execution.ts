import type { GraphQlDocument, GraphQlField, GraphQlSelection, GraphQlValues } from './graphql-document.ts';

/** What a field gives: a plain value, an object to select from, or a list of either, in which a problem stands for one item. */
export type GraphQlResult = string | number | boolean | null | GraphQlObject | GraphQlProblem | readonly GraphQlResult[];

export interface GraphQlObject {
  readonly type: string;
  /** Interfaces that fragments may name in place of the type. */
  readonly interfaces: readonly string[];
  readonly fields: Readonly<Record<string, (values: GraphQlValues) => GraphQlResult>>;
}

/** What a field throws, or a list holds, in place of what cannot be given: that is null then, and the answer's `errors` say why, beside the other data. */
export class GraphQlProblem extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** The answer's body. As on GitHub a field that a type does not have leaves nothing but errors. */
export interface GraphQlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
}

type Path = readonly (string | number)[];

interface Run {
  readonly document: GraphQlDocument;
  readonly problems: Record<string, unknown>[];
  readonly unknownFields: Record<string, unknown>[];
}

export function executeGraphQl(document: GraphQlDocument, root: GraphQlObject): GraphQlAnswer {
  const run: Run = { document, problems: [], unknownFields: [] };
  const data = select(run, root, { selections: document.selections, path: [] });
  if (run.unknownFields.length > 0) return { errors: run.unknownFields };
  return run.problems.length === 0 ? { data } : { data, errors: run.problems };
}

function select(
  run: Run,
  object: GraphQlObject,
  place: { readonly selections: readonly GraphQlSelection[]; readonly path: Path },
): Record<string, unknown> {
  const entries = fieldsOf(run, object, place.selections).map((field): [string, unknown] => {
    const path = [...place.path, field.key];
    return [field.key, complete(run, resolve(run, object, { field, path }), { field, path })];
  });
  return Object.fromEntries(entries);
}

/** The fields that apply to an object of this type, with those of fragments. */
function fieldsOf(run: Run, object: GraphQlObject, selections: readonly GraphQlSelection[]): readonly GraphQlField[] {
  return selections.flatMap((selection): readonly GraphQlField[] => {
    if (selection.kind === 'field') return [selection];
    const fragment = selection.kind === 'spread' ? run.document.fragments.get(selection.name) : selection;
    if (fragment === undefined) return [];
    const applies = fragment.on === undefined || fragment.on === object.type || object.interfaces.includes(fragment.on);
    return applies ? fieldsOf(run, object, fragment.selections) : [];
  });
}

interface Asked {
  readonly field: GraphQlField;
  readonly path: Path;
}

function resolve(run: Run, object: GraphQlObject, { field, path }: Asked): GraphQlResult {
  if (field.name === '__typename') return object.type;
  const give = object.fields[field.name];
  if (give === undefined) {
    const extensions = { code: 'undefinedField', typeName: object.type, fieldName: field.name };
    run.unknownFields.push({
      path: ['query', ...path],
      extensions,
      message: `Field '${field.name}' doesn't exist on type '${object.type}'`,
    });
    return null;
  }
  try {
    return give(field.values);
  } catch (error) {
    if (!(error instanceof GraphQlProblem)) throw error;
    return error;
  }
}

function complete(run: Run, result: GraphQlResult, asked: Asked): unknown {
  if (isList(result)) {
    return result.map((item, index) => complete(run, item, { field: asked.field, path: [...asked.path, index] }));
  }
  if (result instanceof GraphQlProblem) {
    run.problems.push({ type: result.type, path: asked.path, message: result.message });
    return null;
  }
  if (result === null || typeof result !== 'object') return result;
  return select(run, result, { selections: asked.field.selections, path: asked.path });
}

function isList(result: GraphQlResult): result is readonly GraphQlResult[] {
  return Array.isArray(result);
}
