import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import { contentOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { adfContext, markdownContext, toPrivate, toPublic } from './contexts.ts';
import { randomFrom, SchemaDocuments } from './schema-documents.ts';
import { adfBlocks, changed, isOne, markdownBlocks, withWord } from './word-edit.ts';

const count = Number(process.env['WORD_EDITS'] ?? (process.env['CI'] === undefined ? 500 : 2000));
const seed = Number(process.env['SCHEMA_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

/** A row of a table with fewer cells than the others gets the missing ones with its first edit. */
function hasRaggedTable(node: AdfNode): boolean {
  const widths = node.type === 'table' ? contentOf(node).map((row) => contentOf(row).length) : [];
  return new Set(widths).size > 1 || contentOf(node).some(hasRaggedTable);
}

/** HTML elements within other blocks are one block with those around them (docs/content.md). */
function hasNestedHtml(source: string): boolean {
  let depth = 0;
  for (const [tag] of source.matchAll(/<\/?(?:details|table)>/g)) {
    depth += tag.startsWith('</') ? -1 : 1;
    if (depth > 1) return true;
  }
  return /^[^<\n]+<(?:details|table)>/m.test(source) || /^[ >]+<(?:details|table)>/m.test(source);
}

describe(`an edit of one word on the other side (seed ${seed})`, () => {
  it('changes one block of a document of Jira, and nothing around it', { timeout: 300_000 }, () => {
    const random = randomFrom(seed);
    const documents = new SchemaDocuments(random);
    const faults: string[] = [];
    let edits = 0;
    for (let index = 0; index < count; index += 1) {
      const native = documents.document();
      if (hasRaggedTable({ ...native })) continue;
      const root = decodeAdf(native, adfContext);
      const edited = withWord(root, random);
      if (edited === undefined) continue;
      edits += 1;
      const patched = patchAdf(native, edited, adfContext);
      expect(canonicalText(decodeAdf(patched, adfContext))).toBe(canonicalText(edited));
      const change = changed(adfBlocks({ ...native }), adfBlocks({ ...patched }));
      if (!isOne(change)) faults.push(`seed ${seed}, document ${index}: ${JSON.stringify(change)}`);
    }
    process.stdout.write(`ADF ${edits} edits, ${faults.length} changed more.\n`);
    expect(faults.slice(0, 3)).toEqual([]);
  });

  it('changes one block of a text of GitHub, and nothing around it', { timeout: 300_000 }, () => {
    const random = randomFrom(seed);
    const documents = new SchemaDocuments(random);
    const drawn = Array.from({ length: count }, () =>
      encodeMarkdown(toPrivate(decodeAdf(documents.document(), adfContext)), markdownContext),
    );
    const faults: string[] = [];
    let edits = 0;
    for (const native of drawn.filter((source) => !hasNestedHtml(source))) {
      const root = decodeMarkdown(native, markdownContext);
      const edited = withWord(toPrivate(decodeAdf(encodeAdf(toPublic(root), adfContext), adfContext)), random);
      if (edited === undefined) continue;
      edits += 1;
      const patched = patchMarkdown(native, edited, markdownContext);
      expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(edited));
      const change = changed(markdownBlocks(native), markdownBlocks(patched));
      if (!isOne(change)) faults.push(`seed ${seed}: ${JSON.stringify(native)}: ${JSON.stringify(change)}`);
    }
    process.stdout.write(`Markdown ${edits} edits, ${faults.length} changed more.\n`);
    expect(faults.slice(0, 3)).toEqual([]);
  });
});
