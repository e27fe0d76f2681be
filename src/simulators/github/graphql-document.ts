import { z } from 'zod';

/**
 * The part of GraphQL's syntax that reading takes: one query with variables, aliases, arguments, fragments. Mutations,
 * directives, defaults of variables and objects as values are not understood. Source: GraphQL specification, October 2021.
 */
export interface GraphQlField {
  readonly kind: 'field';
  readonly name: string;
  /** Its key in the answer: the alias, else the name. */
  readonly key: string;
  /** Variables are put in already. */
  readonly values: GraphQlValues;
  readonly selections: readonly GraphQlSelection[];
}

export interface GraphQlFragment {
  readonly kind: 'fragment';
  /** The type that it is for; undefined: any. */
  readonly on: string | undefined;
  readonly selections: readonly GraphQlSelection[];
}

export interface GraphQlSpread {
  readonly kind: 'spread';
  readonly name: string;
}

export type GraphQlSelection = GraphQlField | GraphQlFragment | GraphQlSpread;
export type GraphQlValues = Readonly<Record<string, unknown>>;

export interface GraphQlDocument {
  readonly selections: readonly GraphQlSelection[];
  readonly fragments: ReadonlyMap<string, GraphQlFragment>;
}

/** A document that is not understood; its message goes into the answer. */
export class GraphQlSyntaxError extends Error {}

const token = /[\s,]+|#[^\n]*|(\.\.\.|[{}()[\]:$!=]|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*)/y;
const literals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** @throws GraphQlSyntaxError */
export function parseGraphQl(text: string, variables: GraphQlValues): GraphQlDocument {
  const tokens = createTokens(text);
  const fragments = new Map<string, GraphQlFragment>();
  let selections: readonly GraphQlSelection[] | undefined;
  while (tokens.peek() !== undefined) {
    const word = tokens.peek();
    if (word === 'fragment') {
      tokens.next();
      const name = tokens.next();
      tokens.expect('on');
      fragments.set(name, { kind: 'fragment', on: tokens.next(), selections: selectionsOf(tokens, variables) });
      continue;
    }
    if (word === 'query') {
      tokens.next();
      if (tokens.peek() !== '{' && tokens.peek() !== '(') tokens.next();
      if (tokens.peek() === '(') while (tokens.next() !== ')');
    }
    selections = selectionsOf(tokens, variables);
  }
  if (selections === undefined) throw new GraphQlSyntaxError('A query attribute must be specified and must be a string.');
  return { selections, fragments };
}

interface Tokens {
  peek(): string | undefined;
  next(): string;
  expect(wanted: string): void;
}

function createTokens(text: string): Tokens {
  const found: string[] = [];
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) throw new GraphQlSyntaxError(`Expected one of NAME, got: ${JSON.stringify(text.slice(at, at + 10))}`);
    if (match[1] !== undefined) found.push(match[1]);
  }
  let position = 0;
  const next = (): string => {
    const value = found[position];
    if (value === undefined) throw new GraphQlSyntaxError('Unexpected end of document');
    position += 1;
    return value;
  };
  const expect = (wanted: string): void => {
    const value = next();
    if (value !== wanted) throw new GraphQlSyntaxError(`Expected ${wanted}, actual: ${value}`);
  };
  return { peek: () => found[position], next, expect };
}

function selectionsOf(tokens: Tokens, variables: GraphQlValues): readonly GraphQlSelection[] {
  const selections: GraphQlSelection[] = [];
  tokens.expect('{');
  while (tokens.peek() !== '}') selections.push(selectionOf(tokens, variables));
  tokens.expect('}');
  return selections;
}

function selectionOf(tokens: Tokens, variables: GraphQlValues): GraphQlSelection {
  const first = tokens.next();
  if (first === '...') {
    if (tokens.peek() === '{') return { kind: 'fragment', on: undefined, selections: selectionsOf(tokens, variables) };
    const name = tokens.next();
    if (name !== 'on') return { kind: 'spread', name };
    return { kind: 'fragment', on: tokens.next(), selections: selectionsOf(tokens, variables) };
  }
  let name = first;
  if (tokens.peek() === ':') {
    tokens.next();
    name = tokens.next();
  }
  const values: Record<string, unknown> = {};
  if (tokens.peek() === '(') {
    tokens.next();
    while (tokens.peek() !== ')') {
      const argument = tokens.next();
      tokens.expect(':');
      values[argument] = valueOf(tokens, variables);
    }
    tokens.expect(')');
  }
  const selections = tokens.peek() === '{' ? selectionsOf(tokens, variables) : [];
  return { kind: 'field', name, key: first, values, selections };
}

function valueOf(tokens: Tokens, variables: GraphQlValues): unknown {
  const first = tokens.next();
  if (first === '$') return variables[tokens.next()];
  if (first === '[') {
    const items: unknown[] = [];
    while (tokens.peek() !== ']') items.push(valueOf(tokens, variables));
    tokens.expect(']');
    return items;
  }
  if (first.startsWith('"')) return z.string().parse(JSON.parse(first));
  if (/^-?\d/.test(first)) return Number(first);
  return literals.has(first) ? literals.get(first) : first;
}
