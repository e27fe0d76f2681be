import type { Code } from 'mdast';
import type { MarkupDialect } from './dialect.ts';
import { withEol } from './native-lines.ts';

/** The lines between the tags of code, with those before and after the ones that changed as they are. */
export function patchCode(
  body: string,
  [was, target]: readonly [Code, Code],
  { native, dialect }: { readonly native: string; readonly dialect: MarkupDialect },
): string {
  const lines = body.split(/\r\n|\n|\r/);
  const [before, after] = [was.value.split('\n'), target.value.split('\n')];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const written = after.slice(start, after.length - end).map(dialect.writeCode);
  // Empty lines at the end of code say nothing, and are not read.
  return withEol([...lines.slice(0, start), ...written, ...lines.slice(before.length - end)].join('\n'), native);
}
