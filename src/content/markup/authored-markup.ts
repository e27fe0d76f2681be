import { formsMax, withAuthoredForms, type AuthoredForm } from '../authored-forms.ts';
import { besideOf } from '../beside.ts';
import type { MarkupDialect, Stretch } from './dialect.ts';
import { lowerBlocks } from './lower.ts';

/** What is written in the place of a stretch of the native text, with what its author wrote there where that reads so. */
export function asAuthoredMarkup(
  written: string,
  { native, dialect }: { readonly native: string; readonly dialect: MarkupDialect },
  replaced: Stretch | undefined,
): string {
  return replaced === undefined
    ? written
    : withAuthoredForms(written, formsIn(native.slice(replaced.start, replaced.end), dialect));
}

function formsIn(source: string, dialect: MarkupDialect): readonly AuthoredForm[] {
  const found = dialect.authored.flatMap((pattern) => [...source.matchAll(pattern)]).slice(0, formsMax);
  return found.flatMap(({ 0: authored, index }) => {
    const written = writtenAmidWords(authored, dialect);
    return written === undefined ? [] : [{ authored, written, beside: besideOf(source, index, index + authored.length) }];
  });
}

function writtenAmidWords(authored: string, dialect: MarkupDialect): string | undefined {
  const blocks = dialect.read(`x ${authored} x`).flatMap((piece) => [...piece.blocks]);
  const [only, ...others] = lowerBlocks({ type: 'root', children: blocks }, dialect);
  if (only === undefined || others.length > 0) return undefined;
  return /^x (\S|\S.*\S) x$/.exec(dialect.write(only) ?? '')?.[1];
}
