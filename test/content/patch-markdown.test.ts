import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { adfContext, markdownContext } from './contexts.ts';

/** The text as it stands on GitHub after somebody has put `to` in the place of `from` on Jira. */
function editedOnJira(native: string, from: string, to: string): string {
  const root = decodeAdf(encodeAdf(decodeMarkdown(native, markdownContext), adfContext), adfContext);
  const edited: Neutral = structuredClone(root);
  const waiting: Nodes[] = [edited];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('value' in node) node.value = node.value.replace(from, to);
    if ('children' in node) waiting.push(...node.children);
  }
  expect(canonicalText(edited)).not.toBe(canonicalText(root));
  const patched = patchMarkdown(native, edited, markdownContext);
  expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(edited));
  return patched;
}

describe('definitions of links', () => {
  const native = '***\n\nplain xyzzy\n\n[docs]: https://a.b\n\n*emph* end\n';

  it('stay, and words that match one are no link', () => {
    expect(editedOnJira(native, 'xyzzy', '[docs]')).toBe(native.replace('xyzzy', '\\[docs]'));
    expect(editedOnJira(native, 'xyzzy', '[ DOCS ]')).toBe(native.replace('xyzzy', '\\[ DOCS ]'));
    expect(editedOnJira(native, 'xyzzy', 'a [a [docs] b')).toBe(native.replace('xyzzy', 'a [a \\[docs] b'));
    expect(editedOnJira(native, 'xyzzy', '[other]')).toBe(native.replace('xyzzy', '[other]'));
  });

  it('stay where the rest is written anew', () => {
    const written = patchMarkdown('[docs]: https://a.b\n\n```\ncode', decodeMarkdown('<b>a', markdownContext), markdownContext);
    expect(written).toContain('[docs]: https://a.b');
  });
});
