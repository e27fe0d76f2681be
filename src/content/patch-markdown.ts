import type { Neutral } from './neutral.ts';
import { renderBlocks, } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';
import { settledBlocks } from './settle.ts';

export function patchSource(_native: string, root: Neutral, { options }: { attachmentId: (url: string) => string | undefined; options: RenderOptions }): string {
  return renderBlocks(settledBlocks(root), options);
}
