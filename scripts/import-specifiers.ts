import { SyntaxKind } from 'typescript/unstable/ast';
import { createScanner } from 'typescript/unstable/ast/scanner';

/** One module that a source file names, in whatever way; `computed` for an import whose target is not a plain string. */
export type ImportSpecifier = { readonly kind: 'literal'; readonly specifier: string } | { readonly kind: 'computed' };

interface Token {
  readonly kind: SyntaxKind;
  readonly value: string;
}

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
      found.push(isString(afterNext) ? { kind: 'literal', specifier: afterNext.value } : { kind: 'computed' });
    } else if ((token.kind === SyntaxKind.ImportKeyword || token.kind === SyntaxKind.FromKeyword) && isString(next)) {
      found.push({ kind: 'literal', specifier: next.value });
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

/** After one of these a slash divides; after anything else it begins a regular expression. */
const endsExpression: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.SuperKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
]);

function tokensOf(source: string): readonly Token[] {
  const scanner = createScanner(true);
  scanner.setText(source);
  const tokens: Token[] = [];
  // Open braces: true for one that a template's `${` opened, whose closing brace continues the template.
  const braces: boolean[] = [];
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    const last = tokens.at(-1);
    if (kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) {
      if (last === undefined || !endsExpression.has(last.kind)) kind = scanner.reScanSlashToken();
    } else if (kind === SyntaxKind.OpenBraceToken) {
      braces.push(false);
    } else if (kind === SyntaxKind.TemplateHead) {
      braces.push(true);
    } else if (kind === SyntaxKind.CloseBraceToken && braces.pop() === true) {
      kind = scanner.reScanTemplateToken(false);
      if (kind === SyntaxKind.TemplateMiddle) braces.push(true);
    }
    tokens.push({ kind, value: scanner.getTokenValue() });
  }
  return tokens;
}
