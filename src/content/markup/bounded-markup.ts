import { opaqueText, parsedLength, type CodeEnd } from '../opaque-rest.ts';
import type { MarkupPiece } from './dialect.ts';

/** Reads the part of a text that takes bounded time; what is beyond it is one piece of code, as with Markdown. */
export function readBounded(source: string, codeEnd: CodeEnd, read: (text: string) => MarkupPiece[]): MarkupPiece[] {
  const length = parsedLength(source, codeEnd);
  if (length === source.length) return read(source);
  const value = opaqueText(source.slice(length));
  const pieces = read(source.slice(0, length));
  return value === '' ? pieces : [...pieces, { blocks: [{ type: 'code', value }], start: length, end: source.length, parts: [] }];
}
