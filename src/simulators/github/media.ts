import { renderHtml } from './assets.ts';
import type { World } from './data.ts';

/**
 * Adds `body_html` and `body_text` as the `Accept` header asks (`application/vnd.github.full+json` and its kin): `raw` or
 * none gives `body` alone, `html` and `text` one form instead of it, `full` all three.
 */
export function withMedia(world: World, accept: string | undefined, shape: Record<string, unknown>): Record<string, unknown> {
  const media = /application\/vnd\.github\.(?:v3\.)?(full|html|text)\+json/.exec(accept ?? '')?.[1];
  if (media === undefined) return shape;
  const { body, ...rest } = shape;
  const text = typeof body === 'string' ? body : '';
  return {
    ...rest,
    ...(media === 'full' ? { body } : {}),
    ...(media === 'text' ? {} : { body_html: renderHtml(world, text) }),
    ...(media === 'html' ? {} : { body_text: text }),
  };
}
