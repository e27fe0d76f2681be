import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import type { AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** GitHub takes no longer body. */
const lengthMax = 65_536;

function readmes(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /^readme\.md$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const texts = readmes(modules).flatMap((path) => {
  const source = readFileSync(path, 'utf8');
  return source.length <= lengthMax ? [{ path: path.slice(modules.length + 1), source }] : [];
});

describe(`the READMEs of the installed packages (${texts.length})`, () => {
  it('become valid ADF that reads as the same, and the same Markdown again', { timeout: 120_000 }, () => {
    const failing: string[] = [];
    for (const { path, source } of texts) {
      const root = decodeMarkdown(source, markdownContext);
      const wanted = canonicalText(root);
      const document = encodeAdf(root, adfContext);
      const problem = schemaProblem(document);
      const back = decodeAdf(document, adfContext);
      if (problem !== undefined) failing.push(`${path}: ${problem}`);
      if (canonicalText(back) !== wanted) failing.push(`${path}: ADF reads differently`);
      if (canonicalText(decodeMarkdown(encodeMarkdown(back, markdownContext), markdownContext)) !== wanted)
        failing.push(`${path}: Markdown reads differently`);
    }
    expect(texts.length).toBeGreaterThan(0);
    expect(failing).toEqual([]);
  });

  it('stay byte for byte when nothing changed', { timeout: 120_000 }, () => {
    const failing = texts.filter(
      ({ source }) => patchMarkdown(source, decodeMarkdown(source, markdownContext), markdownContext) !== source,
    );
    expect(failing.map(({ path }) => path)).toEqual([]);
  });

  it('change in one block only when one paragraph of the Jira copy was edited', { timeout: 240_000 }, () => {
    const failing: string[] = [];
    for (const [index, { path, source }] of texts.entries()) {
      const document = encodeAdf(decodeMarkdown(source, markdownContext), adfContext);
      const places = document.content.flatMap((node, place) => (node.type === 'paragraph' ? [place] : []));
      const place = places[index % Math.max(1, places.length)];
      if (place === undefined) continue;
      const content = document.content.map((node, at): AdfNode => (at === place ? withWord(node) : node));
      const edited = decodeAdf({ ...document, content }, adfContext);
      const patched = patchMarkdown(source, edited, markdownContext);
      if (canonicalText(decodeMarkdown(patched, markdownContext)) !== canonicalText(edited))
        failing.push(`${path}: reads differently`);
      // Everything before and after the edited block is there, byte for byte.
      const [before, after] = commonEnds(source, patched);
      const block = paragraphLength(source, before);
      if (before + after + block < source.length)
        failing.push(`${path}: more than one block changed (${source.length - before - after} characters)`);
      const again = patchAdf({ ...document, content }, decodeMarkdown(patched, markdownContext), adfContext);
      if (again.content.some((node, at) => node !== content[at])) failing.push(`${path}: the ADF changed again`);
    }
    expect(failing).toEqual([]);
  });
});

function withWord(node: AdfNode): AdfNode {
  const content = Array.isArray(node['content']) ? node['content'] : [];
  return { ...node, content: [...content, { type: 'text', text: ' edited' }] };
}

function commonEnds(left: string, right: string): [number, number] {
  let before = 0;
  while (before < left.length && left[before] === right[before]) before += 1;
  let after = 0;
  while (after < left.length - before && after < right.length - before && left.at(-1 - after) === right.at(-1 - after))
    after += 1;
  return [before, after];
}

/** The length of the stretch without blank line around an offset. */
function paragraphLength(source: string, offset: number): number {
  const start = source.slice(0, offset).search(/[^\n]*(?:\n[^\n]+)*$/);
  const end = /\n[ \t]*\r?\n|$/.exec(source.slice(offset));
  return offset - start + (end?.index ?? 0) + 2;
}
