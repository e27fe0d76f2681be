import { SyntaxKind } from 'typescript/unstable/ast';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

/** One module that a source file names, in whatever way; `computed` for an import whose target is not a plain string. */
export type ImportSpecifier =
  | { readonly kind: 'literal'; readonly specifier: string; readonly line: number }
  | { readonly kind: 'computed'; readonly line: number };

/**
 * All modules that a TypeScript file imports: import and export declarations (types too), dynamic imports, import types
 * and `require`. It reads tokens, so that strings, comments, templates and regular expressions cannot pass for imports.
 */
export function importSpecifiers(source: string): readonly ImportSpecifier[] {
  const tokens = tokensOf(source);
  const found: ImportSpecifier[] = [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const afterNext = tokens[index + 2];
    if (isCall(token, tokens[index - 1]) && next?.kind === SyntaxKind.OpenParenToken) {
      const { line } = token;
      found.push(isString(afterNext) ? { kind: 'literal', specifier: afterNext.value, line } : { kind: 'computed', line });
    } else if ((token.kind === SyntaxKind.ImportKeyword || token.kind === SyntaxKind.FromKeyword) && isString(next)) {
      found.push({ kind: 'literal', specifier: next.value, line: next.line });
    }
  }
  return found;
}

function isCall(token: Token, before: Token | undefined): boolean {
  if (token.kind === SyntaxKind.ImportKeyword) return true;
  // `object.require(…)` is some method; `from(…)` and `require` as a property name never reach here.
  return token.value === 'require' && before?.kind !== SyntaxKind.DotToken && before?.kind !== SyntaxKind.FunctionKeyword;
}

function isString(token: Token | undefined): token is Token {
  return token?.kind === SyntaxKind.StringLiteral || token?.kind === SyntaxKind.NoSubstitutionTemplateLiteral;
}
