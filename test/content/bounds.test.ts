import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import { maskPathological, unmask } from '../../src/content/bounded-markdown.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';

const lengthMax = 65_536;

/** Each took the parser longer than linear time, or overflowed a stack, or could have. */
const units: Readonly<Record<string, string>> = {
  'emphasis that never ends': '*a_ ',
  'opened strong emphasis': '**a ',
  tildes: '~a ~~b ',
  'opening brackets': '[',
  'closing brackets': 'a]',
  'opening images': '![',
  'opening links': '[a](b',
  'closing links': 'a](b) ',
  'reference links': '[a][b]',
  'every delimiter': '*_~[`<',
  'quotes in quotes': '>',
  'lists in lists': '- ',
  'numbered lists in lists': '1. ',
  'lists and quotes in each other': '> - ',
  'quotes beside quotes': '> a\n\n',
  'underlined headings': 'a\n-\n',
  'doubly underlined headings': 'a\n=\n',
  headings: '# a\n',
  'lines of a paragraph': 'a\n',
  'items of a list': '- a\n',
  'numbered items': '1. a\n\n',
  tasks: '- [ ] a\n',
  'rows of a table': '|a|b\n',
  tables: '|a|\n|-|\n|b|\n\n',
  'cells of a row': '|a',
  'code spans': '`a`',
  entities: '&amp;',
  escapes: '\\*',
  'opening tags': '<a ',
  'opening elements': '<b>',
  'open quotes in tags': '<a b="',
  comments: '<!--',
  'nested elements': '<details>\n\n',
  'nested tables': '<table><tr><td>\n\n',
  'nested lists of HTML': '<ul><li>',
  'web addresses': 'http://a.b ',
  'addresses without borders': 'http://a.b',
  'e-mail addresses': 'a@b.c ',
  footnotes: '[^a]: b\n\n',
  definitions: '[a]: b\n',
  mentions: '@a #1 ',
  colons: ':a',
  parentheses: '(((',
};

const bodies = Object.entries(units).map(([name, unit]) => [name, unit.repeat(Math.floor(lengthMax / unit.length))] as const);

describe('64 KB of anything', () => {
  // The time limit is no measurement: what is not linear took minutes, or overflowed the stack.
  it.each(bodies)('is read in bounded time: %s', { timeout: 30_000 }, (_name, body) => {
    const root = decodeMarkdown(body, markdownContext);
    expect(schemaProblem(encodeAdf(root, adfContext))).toBeUndefined();
  });

  it.each(bodies)('survives both codecs: %s', { timeout: 30_000 }, (_name, body) => {
    const root = decodeMarkdown(body.slice(0, 12_000), markdownContext);
    const text = canonicalText(root);
    expect(canonicalText(decodeAdf(encodeAdf(root, adfContext), adfContext))).toBe(text);
    expect(canonicalText(decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext))).toBe(text);
  });
});

describe('totality', () => {
  it('reads any JSON as a document, and patches it into a valid one where it is none', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const root = decodeAdf(value, adfContext);
        expect(schemaProblem(encodeAdf(root, adfContext))).toBeUndefined();
        patchAdf(value, root, adfContext);
      }),
    );
  });

  it('reads documents whose members are anything', () => {
    const odd = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.record(
        {
          type: fc.oneof(
            fc.constantFrom(
              'doc',
              'paragraph',
              'table',
              'tableRow',
              'taskList',
              'bulletList',
              'mediaSingle',
              'media',
              'panel',
              'text',
              'constructor',
              '__proto__',
            ),
            fc.string(),
          ),
          content: fc.oneof({ maxDepth: 4 }, fc.constantFrom<unknown>(null, 'x', 3, []), fc.array(tie('node'), { maxLength: 3 })),
          attrs: fc.oneof(
            fc.dictionary(
              fc.constantFrom('level', 'order', 'text', 'url', 'colspan', 'id', 'panelType', 'data', 'title'),
              fc.jsonValue(),
            ),
            fc.jsonValue(),
          ),
          marks: fc.oneof(
            fc.jsonValue(),
            fc.array(fc.record({ type: fc.constantFrom('link', 'strong', 'code', 'subsup'), attrs: fc.jsonValue() })),
          ),
          text: fc.oneof(fc.string(), fc.jsonValue()),
        },
        { requiredKeys: ['type'] },
      ),
    })).node;
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), (content) => {
        const root = decodeAdf({ type: 'doc', version: 1, content }, adfContext);
        const document = encodeAdf(root, adfContext);
        expect(schemaProblem(document)).toBeUndefined();
        expect(canonicalText(decodeAdf(document, adfContext))).toBe(canonicalText(root));
      }),
      { numRuns: 500 },
    );
  });

  it('reads and patches any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const root = decodeMarkdown(text, markdownContext);
        expect(patchMarkdown(text, root, markdownContext)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a document nested 20,000 deep', () => {
    let node: unknown = { type: 'paragraph', content: [{ type: 'text', text: 'deep' }] };
    for (let depth = 0; depth < 20_000; depth += 1) node = { type: depth % 2 === 0 ? 'bulletList' : 'listItem', content: [node] };
    const root = decodeAdf({ type: 'doc', version: 1, content: [node] }, adfContext);
    const document = encodeAdf(root, adfContext);
    expect(schemaProblem(document)).toBeUndefined();
    expect(canonicalText(decodeAdf(document, adfContext))).toBe(canonicalText(root));
    expect(canonicalText(root)).toContain('deep');
  });
});

describe('masking', () => {
  it('keeps the length, and the text once it is undone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies.map(([, body]) => body.slice(0, 9000))), (body) => {
        const masked = maskPathological(body);
        expect(masked.text).toHaveLength(body.length);
        expect(unmask(masked.text)).toBe(body);
      }),
    );
  });

  it('leaves what people write alone', () => {
    const text = '> *a* _b_ [c](d)\n\n- **e**\n  1. f\n\nTitle\n-----\n';
    expect(maskPathological(text)).toEqual({ text, changed: false });
  });
});
