import type { BlockContent } from 'mdast';

/**
 * Code between the fences that its author wrote, with all that these say beside the language; undefined for other blocks,
 * where there are no fences or they name another language, and where a line of the code might end them.
 */
export function betweenFences(native: string, was: BlockContent | undefined, target: BlockContent): string | undefined {
  if (was?.type !== 'code' || target.type !== 'code' || (was.lang ?? '') !== (target.lang ?? '')) return undefined;
  const [opening = '', ...lines] = native.split(/\r\n|\n|\r/);
  const fence = /^(?:`{3,}|~{3,})/.exec(opening)?.[0];
  const closing = /^[ \t>]*((?:`{3,}|~{3,})[ \t]*)$/.exec(lines.at(-1) ?? '')?.[1];
  if (fence === undefined || closing?.startsWith(fence) !== true || target.value.includes(fence)) return undefined;
  return [opening, ...(target.value === '' ? [] : [target.value]), closing].join('\n');
}
