import { JiraProblem } from './problem.ts';

/** A parsed query of the subset of JQL that the simulator knows. Field names are lower case. */
export interface JqlQuery {
  readonly where: JqlClause | undefined;
  readonly orderBy: readonly JqlOrder[];
}

export interface JqlOrder {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

export type JqlOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'in' | 'not in' | 'is' | 'is not';

export type JqlClause =
  | { readonly kind: 'and' | 'or'; readonly clauses: readonly JqlClause[] }
  | { readonly kind: 'not'; readonly clause: JqlClause }
  | { readonly kind: 'term'; readonly field: string; readonly operator: JqlOperator; readonly operand: JqlOperand };

export type JqlOperand =
  | { readonly kind: 'value'; readonly value: string; readonly quoted: boolean }
  | { readonly kind: 'function'; readonly name: string; readonly parameters: readonly string[] }
  | { readonly kind: 'empty' }
  | { readonly kind: 'list'; readonly items: readonly JqlOperand[] };

interface Token {
  readonly kind: 'word' | 'string' | 'operator' | 'punctuation' | 'end';
  readonly text: string;
  /** Character position, from 1. */
  readonly position: number;
}

const tokenPattern = /\s+|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(!=|!~|>=|<=|&&|\|\||[=<>~!])|([(),])|([^\s"'=<>~!(),&|]+)/gy;

/** Words that can not stand unquoted as values; Jira reserves many more. */
const reserved: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'order', 'by', 'empty', 'null', 'was', 'changed']);

/** @throws JiraProblem 400, worded as Jira words syntax errors */
export function parseJql(jql: string): JqlQuery {
  const reader = new TokenReader(tokenise(jql));
  const where = reader.peekWord('order') || reader.peek().kind === 'end' ? undefined : parseOr(reader);
  const orderBy = reader.peekWord('order') ? parseOrderBy(reader) : [];
  const rest = reader.peek();
  if (rest.kind !== 'end') throw syntaxError(`Expecting either 'OR' or 'AND' but got '${rest.text}'.`, rest.position);
  return { where, orderBy };
}

function syntaxError(message: string, position: number): JiraProblem {
  return new JiraProblem(400, `Error in the JQL Query: ${message} (line 1, character ${position})`);
}

function tokenise(jql: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of jql.matchAll(tokenPattern)) {
    end = match.index + match[0].length;
    const token = toToken(match);
    if (token !== undefined) tokens.push(token);
  }
  if (end < jql.length) {
    const character = jql.charAt(end);
    if (character === '"' || character === "'") throw syntaxError('The quoted string has not been completed.', end + 1);
    throw syntaxError(`The character '${character}' is a reserved JQL character. You must enclose it in a string.`, end + 1);
  }
  return [...tokens, { kind: 'end', text: '', position: jql.length + 1 }];
}

function toToken(match: RegExpExecArray): Token | undefined {
  const position = match.index + 1;
  const [, string, operator, punctuation, word] = match;
  if (string !== undefined) return { kind: 'string', text: string.slice(1, -1).replaceAll(/\\(.)/g, '$1'), position };
  if (operator === '&&' || operator === '||') return { kind: 'word', text: operator === '&&' ? 'and' : 'or', position };
  if (operator === '!') return { kind: 'word', text: 'not', position };
  if (operator !== undefined) return { kind: 'operator', text: operator, position };
  if (punctuation !== undefined) return { kind: 'punctuation', text: punctuation, position };
  return word === undefined ? undefined : { kind: 'word', text: word, position };
}

class TokenReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: '', position: 0 };
  }

  next(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  peekWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  takeWord(word: string): boolean {
    const found = this.peekWord(word);
    if (found) this.#position += 1;
    return found;
  }

  take(text: string): boolean {
    const token = this.peek();
    const found = token.kind === 'punctuation' && token.text === text;
    if (found) this.#position += 1;
    return found;
  }

  expect(text: string): void {
    const token = this.peek();
    if (this.take(text)) return;
    if (token.kind === 'end') throw syntaxError(`Expecting '${text}' before the end of the query.`, token.position);
    throw syntaxError(`Expecting '${text}' but got '${token.text}'.`, token.position);
  }
}

function parseOr(reader: TokenReader): JqlClause {
  const clauses = [parseAnd(reader)];
  while (reader.takeWord('or')) clauses.push(parseAnd(reader));
  return single(clauses) ?? { kind: 'or', clauses };
}

function parseAnd(reader: TokenReader): JqlClause {
  const clauses = [parseNot(reader)];
  while (reader.takeWord('and')) clauses.push(parseNot(reader));
  return single(clauses) ?? { kind: 'and', clauses };
}

function single(clauses: readonly JqlClause[]): JqlClause | undefined {
  return clauses.length === 1 ? clauses[0] : undefined;
}

function parseNot(reader: TokenReader): JqlClause {
  if (reader.takeWord('not')) return { kind: 'not', clause: parseNot(reader) };
  if (reader.take('(')) {
    const clause = parseOr(reader);
    reader.expect(')');
    return clause;
  }
  return parseTerm(reader);
}

function parseTerm(reader: TokenReader): JqlClause {
  const field = reader.next();
  if (field.kind !== 'word' && field.kind !== 'string') {
    const got = field.kind === 'end' ? 'the end of the query' : `'${field.text}'`;
    throw syntaxError(`Expecting a field name but got ${got}.`, field.position);
  }
  if (field.kind === 'word' && reserved.has(field.text.toLowerCase())) {
    throw syntaxError(
      `Expecting a field name but got '${field.text}'. You must surround '${field.text}' in quotation marks.`,
      field.position,
    );
  }
  const operator = parseOperator(reader);
  const isList = operator === 'in' || operator === 'not in';
  const operand = isList ? parseListOrFunction(reader) : parseOperand(reader);
  return { kind: 'term', field: field.text.toLowerCase(), operator, operand };
}

const symbolOperators: readonly JqlOperator[] = ['=', '!=', '>', '>=', '<', '<=', '~', '!~'];

function parseOperator(reader: TokenReader): JqlOperator {
  const token = reader.next();
  const symbol = symbolOperators.find((operator) => operator === token.text);
  if (token.kind === 'operator' && symbol !== undefined) return symbol;
  const word = token.kind === 'word' ? token.text.toLowerCase() : '';
  if (word === 'in') return 'in';
  if (word === 'not' && reader.takeWord('in')) return 'not in';
  if (word === 'is') return reader.takeWord('not') ? 'is not' : 'is';
  const got = token.kind === 'end' ? 'the end of the query' : `'${token.text}'`;
  throw syntaxError(
    `Expecting operator but got ${got}. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.`,
    token.position,
  );
}

function parseListOrFunction(reader: TokenReader): JqlOperand {
  if (!reader.take('(')) return parseOperand(reader);
  const items = [parseOperand(reader)];
  while (reader.take(',')) items.push(parseOperand(reader));
  reader.expect(')');
  return { kind: 'list', items };
}

function parseOperand(reader: TokenReader): JqlOperand {
  const token = reader.next();
  if (token.kind === 'string') return { kind: 'value', value: token.text, quoted: true };
  const word = token.text.toLowerCase();
  if (token.kind === 'word' && (word === 'empty' || word === 'null')) return { kind: 'empty' };
  if (token.kind !== 'word' || reserved.has(word)) {
    const got = token.kind === 'end' ? 'the end of the query' : `'${token.text}'`;
    throw syntaxError(
      `Expecting either a value, list or function but got ${got}. You must surround it in quotation marks to use it as a value.`,
      token.position,
    );
  }
  if (!reader.take('(')) return { kind: 'value', value: token.text, quoted: false };
  const parameters: string[] = [];
  while (!reader.take(')')) {
    const parameter = reader.next();
    if (parameter.kind !== 'word' && parameter.kind !== 'string') throw syntaxError("Expecting ')'.", parameter.position);
    parameters.push(parameter.text);
    if (!reader.take(',') && reader.peek().text !== ')') throw syntaxError("Expecting ')'.", reader.peek().position);
  }
  return { kind: 'function', name: word, parameters };
}

function parseOrderBy(reader: TokenReader): readonly JqlOrder[] {
  reader.next();
  if (!reader.takeWord('by')) throw syntaxError(`Expecting 'by' but got '${reader.peek().text}'.`, reader.peek().position);
  const orders: JqlOrder[] = [];
  do {
    const field = reader.next();
    if (field.kind !== 'word' && field.kind !== 'string') throw syntaxError('Expecting a field name.', field.position);
    const descending = reader.takeWord('desc');
    if (!descending) reader.takeWord('asc');
    orders.push({ field: field.text.toLowerCase(), direction: descending ? 'desc' : 'asc' });
  } while (reader.take(','));
  return orders;
}
