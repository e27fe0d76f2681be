import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../../src/content/adf.ts';
import { canonicalText } from '../../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown } from '../../../src/content/markdown.ts';
import { restoreLowered } from '../../../src/content/markup/lower.ts';
import { attachmentUrl, type Neutral } from '../../../src/content/neutral.ts';
import { mapAttachments } from '../../../src/content/references.ts';
import { decodeTextile, encodeTextile, lowerTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki, lowerWiki } from '../../../src/content/wiki/wiki.ts';
import { adfDocument } from '../adf-generator.ts';
import { schemaProblem } from '../adf-schema.ts';
import { adfContext, markdownContext } from '../contexts.ts';
import { markdown, neutral } from '../generators.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 100) };
const toPrivate = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('private', id));
const toPublic = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('public', id));

const throughWiki = (document: unknown): unknown => {
  const wiki = encodeWiki(toPrivate(decodeAdf(document, adfContext)), wikiContext);
  return encodeAdf(toPublic(decodeWiki(wiki, wikiContext)), adfContext);
};
const throughTextile = (source: string): string =>
  encodeMarkdown(
    decodeTextile(encodeTextile(decodeMarkdown(source, markdownContext), textileContext), textileContext),
    markdownContext,
  );

describe('a mark of signs alone at the start of a line', () => {
  it.each(['**#** a', '**\\*** a', '~~-~~ a', '**#** [a](https://example.org/z)'])('is no item: %s', (source) => {
    const root = decodeMarkdown(source, markdownContext);
    const text = canonicalText(root);
    expect(canonicalText(decodeWiki(encodeWiki(structuredClone(root), wikiContext), wikiContext))).toBe(text);
    expect(canonicalText(decodeTextile(encodeTextile(structuredClone(root), textileContext), textileContext))).toBe(text);
  });
});

describe('crossing between the formats', () => {
  it('is stable from the first time on: Jira Cloud, wiki markup, Jira Cloud', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        const once = throughWiki(document);
        expect(schemaProblem(once)).toBeUndefined();
        expect(canonicalText(decodeAdf(throughWiki(once), adfContext))).toBe(canonicalText(decodeAdf(once, adfContext)));
      }),
      runs,
    );
  });

  it('is stable from the first time on: Markdown, Textile, Markdown', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(markdown, (source) => {
        const once = throughTextile(source);
        expect(canonicalText(decodeMarkdown(throughTextile(once), markdownContext))).toBe(
          canonicalText(decodeMarkdown(once, markdownContext)),
        );
      }),
      runs,
    );
  });
});

describe('an edit of a lowered text', () => {
  it('changes nothing of the original where it changed nothing of the lowered one', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(neutral, (any) => {
        const root = toPrivate(any);
        for (const lower of [
          (tree: Neutral) => lowerWiki(tree, wikiContext),
          (tree: Neutral) => lowerTextile(tree, textileContext),
        ])
          expect(canonicalText(restoreLowered(root, lower(root), lower))).toBe(canonicalText(root));
      }),
      runs,
    );
  });

  it('leaves merged cells and numbers alone when the paragraph above them is edited', () => {
    const original = decodeMarkdown(
      'old\n\n<table><tr><td colspan="2">wide</td></tr><tr><td>a</td><td>b</td></tr></table>\n\n5. five\n6. six',
      markdownContext,
    );
    const lower = (tree: Neutral): Neutral => lowerWiki(tree, wikiContext);
    const edited = decodeWiki(encodeWiki(original, wikiContext).replace('old', 'new'), wikiContext);
    expect(canonicalText(edited)).toContain('1. five');
    expect(canonicalText(restoreLowered(original, edited, lower))).toBe(canonicalText(original).replace('old', 'new'));
  });
});
