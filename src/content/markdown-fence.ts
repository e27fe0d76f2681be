import type { BlockContent } from 'mdast';
import { defusedBlockCode } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';

/**
 * Code between the fences that its author wrote, with all that these say beside the language; undefined for other blocks,
 * where there are no fences or they name another language, and where a line of the code might end them.
 */
export function betweenFences(
  native: string,
  { was, target }: { readonly was: BlockContent | undefined; readonly target: BlockContent },
  options: RenderOptions,
): string | undefined {
  if (was?.type !== 'code' || target.type !== 'code' || (was.lang ?? '') !== (target.lang ?? '')) return undefined;
  const [opening = '', ...lines] = native.split(/\r\n|\n|\r/);
  const fence = /^(?:`{3,}|~{3,})/.exec(opening)?.[0];
  const closing = /^[ \t>]*((?:`{3,}|~{3,})[ \t]*)$/.exec(lines.at(-1) ?? '')?.[1];
  const code = defusedBlockCode(target.value, options);
  if (fence === undefined || closing?.startsWith(fence) !== true || code.includes(fence)) return undefined;
  return [opening, ...(code === '' ? [] : [code]), closing].join('\n');
}
