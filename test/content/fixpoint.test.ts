import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { canonicalBlocks, canonicalText, parseCanonical } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown } from '../../src/content/markdown.ts';
import { normalize } from '../../src/content/normalize.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { attachmentUrl } from '../../src/content/neutral.ts';
import { adfDocument } from './adf-generator.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { markdown, neutral } from './generators.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 400) };

describe('canonical form', () => {
  it('does not change when a tree is made normal twice', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const once = normalize(root);
        expect(normalize(structuredClone(once))).toEqual(once);
      }),
      runs,
    );
  });

  it('is read back from its own text', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const text = canonicalText(root);
        expect(canonicalText(parseCanonical(text))).toBe(text);
      }),
      runs,
    );
  });

  it('survives ADF for any tree, and the ADF is valid', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const document = encodeAdf(root, adfContext);
        expect(schemaProblem(document)).toBeUndefined();
        expect(canonicalText(decodeAdf(document, adfContext))).toBe(canonicalText(root));
      }),
      runs,
    );
  });

  it('survives Markdown for any tree', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        const own = mapAttachments(root, ({ id }) => attachmentUrl('private', id));
        expect(canonicalText(decodeMarkdown(encodeMarkdown(own, markdownContext), markdownContext))).toBe(canonicalText(own));
      }),
      runs,
    );
  });

  it('survives both for any ADF document, which the generator makes valid', () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        expect(schemaProblem(document)).toBeUndefined();
        const root = decodeAdf(document, adfContext);
        const text = canonicalText(root);
        const encoded = encodeAdf(root, adfContext);
        expect(schemaProblem(encoded)).toBeUndefined();
        expect(canonicalText(decodeAdf(encoded, adfContext))).toBe(text);
        const own = mapAttachments(root, ({ id }) => attachmentUrl('private', id));
        expect(canonicalText(decodeMarkdown(encodeMarkdown(own, markdownContext), markdownContext))).toBe(canonicalText(own));
      }),
      runs,
    );
  });

  it('has a box right below an empty item as text of the paragraph that it begins', () => {
    for (const source of ['*\n[ ] a', '- b\n-\n[x] *a*', '1.\n[ ] a', '> *\n> [ ] a']) {
      const text = canonicalText(decodeMarkdown(source, markdownContext));
      expect(text).toMatch(/\[[ x]\\?\] /);
      expect(canonicalText(parseCanonical(text))).toBe(text);
    }
    expect(decodeMarkdown('- [x] a', markdownContext).children[0]).toMatchObject({ children: [{ checked: true }] });
  });

  it('survives both for any Markdown', () => {
    fc.assert(
      fc.property(markdown, (source) => {
        const root = decodeMarkdown(source, markdownContext);
        const text = canonicalText(root);
        expect(canonicalText(decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext))).toBe(text);
        const encoded = encodeAdf(root, adfContext);
        expect(schemaProblem(encoded)).toBeUndefined();
        expect(canonicalText(decodeAdf(encoded, adfContext))).toBe(text);
      }),
      runs,
    );
  });

  it('has one text per top-level block', () => {
    fc.assert(
      fc.property(neutral, (root) => {
        expect(canonicalBlocks(parseCanonical(canonicalText(root)))).toEqual(canonicalBlocks(root));
      }),
      runs,
    );
  });
});
