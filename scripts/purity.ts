import { SyntaxKind } from 'typescript/unstable/ast';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

/** One use of something that a pure layer may not know. */
export interface Impurity {
  readonly line: number;
  readonly what: string;
}

/** Names that stand for the outside world wherever they are no property of something else. */
const outside: ReadonlySet<string> = new Set([
  'AbortSignal',
  'BroadcastChannel',
  'Event',
  'EventSource',
  'Function',
  'Intl',
  'Temporal',
  'WebSocket',
  'Worker',
  'XMLHttpRequest',
  'console',
  'crypto',
  'eval',
  'fetch',
  'global',
  'globalThis',
  'localStorage',
  'navigator',
  'performance',
  'process',
  'queueMicrotask',
  'sessionStorage',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/** What node:crypto and its Web namesake have that gives another answer each time. */
const chance: ReadonlySet<string> = new Set([
  'createECDH',
  'generateKey',
  'generateKeyPair',
  'generateKeyPairSync',
  'generateKeySync',
  'generatePrime',
  'generatePrimeSync',
  'getRandomValues',
  'pseudoRandomBytes',
  'randomBytes',
  'randomFill',
  'randomFillSync',
  'randomInt',
  'randomUUID',
  'webcrypto',
]);

/** Members of a date whose answer depends on where the machine is, and the way from any value to a code of one's own. */
const impureMembers: ReadonlySet<string> = new Set([
  'constructor',
  'getDate',
  'getDay',
  'getFullYear',
  'getHours',
  'getMinutes',
  'getMonth',
  'getTimezoneOffset',
  'toDateString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toTimeString',
]);

const pureDateMembers: ReadonlySet<string> = new Set(['UTC', 'parse', 'prototype']);

/**
 * Every use of the wall clock, of randomness, of the environment or of I/O that needs no import, by the file's tokens. It
 * knows no scopes, so a variable of its own by such a name counts too: better renamed than excused.
 */
export function impurities(source: string): readonly Impurity[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, index) => {
    const what = impurityAt(tokens, index);
    return what === undefined ? [] : [{ line: token.line, what }];
  });
}

function impurityAt(tokens: readonly Token[], index: number): string | undefined {
  const [before, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (token === undefined) return undefined;
  if (token.kind === SyntaxKind.ImportKeyword && next?.kind === SyntaxKind.DotToken) return 'import.meta';
  // A namespace or default import of it would hide which of its functions are used.
  const isCrypto = token.kind === SyntaxKind.StringLiteral && token.value === 'node:crypto';
  if (isCrypto && tokens[index - 2]?.kind !== SyntaxKind.CloseBraceToken) return 'node:crypto other than by named imports';
  if (chance.has(token.text)) return token.text;
  if (isMember(before)) return impureMembers.has(token.text) ? `.${token.text}` : undefined;
  // Called by its name it is an import, which the layer table judges.
  if (token.text === 'require') return next?.kind === SyntaxKind.OpenParenToken ? undefined : 'require';
  if (token.text === 'Date') return dateProblem(tokens, index);
  // Without a plain member after it, as in `const { random } = Math`, nothing tells what is used.
  if (token.text === 'Math') return isMember(next) && tokens[index + 2]?.text !== 'random' ? undefined : 'Math.random';
  return outside.has(token.text) ? token.text : undefined;
}

function dateProblem(tokens: readonly Token[], index: number): string | undefined {
  const [next, afterNext] = [tokens[index + 1], tokens[index + 2]];
  if (isMember(next)) return pureDateMembers.has(afterNext?.text ?? '') ? undefined : `Date.${afterNext?.text ?? ''}`;
  if (tokens[index - 1]?.kind !== SyntaxKind.NewKeyword) return 'Date other than new Date(time), Date.parse and Date.UTC';
  // A spread may come to no argument at all.
  const none: readonly (SyntaxKind | undefined)[] = [SyntaxKind.CloseParenToken, SyntaxKind.DotDotDotToken];
  const hasArgument = next?.kind === SyntaxKind.OpenParenToken && !none.includes(afterNext?.kind);
  return hasArgument ? undefined : 'new Date()';
}

function isMember(token: Token | undefined): boolean {
  return token?.kind === SyntaxKind.DotToken || token?.kind === SyntaxKind.QuestionDotToken;
}
