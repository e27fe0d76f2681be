import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdf, patchAdf } from '../../src/content/adf.ts';
import type { AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { attachmentUrl } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { adfDocument } from './adf-generator.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { markdown, neutral } from './generators.ts';

const runs = { numRuns: Number(process.env['CONTENT_RUNS'] ?? 250) };

describe('patching', () => {
  it('leaves Markdown byte for byte when it says the same', () => {
    fc.assert(
      fc.property(markdown, (source) => {
        expect(patchMarkdown(source, decodeMarkdown(source, markdownContext), markdownContext)).toBe(source);
      }),
      runs,
    );
  });

  it('keeps a byte order mark at the beginning, by which the parser moves all places', () => {
    const source = '\ufeffa\n|     \n```js';
    expect(patchMarkdown(source, decodeMarkdown(source, markdownContext), markdownContext)).toBe(source);
  });

  it('reads an alert behind a byte order mark', () => {
    const alert = decodeMarkdown('> [!NOTE]\n> a', markdownContext);
    expect(decodeMarkdown(patchMarkdown('\ufeffb', alert, markdownContext), markdownContext)).toEqual(alert);
  });

  it('keeps CRLF where the native text has it', () => {
    const source = 'One\r\n\r\nTwo\r\n\r\n- a\r\n- b\r\n';
    const root = decodeMarkdown('One\n\nTwo changed\n\n- a\n- c\n\nThree\n\nFour', markdownContext);
    expect(patchMarkdown(source, root, markdownContext)).toBe(
      'One\r\n\r\nTwo changed\r\n\r\n- a\r\n- c\r\n\r\nThree\r\n\r\nFour\r\n',
    );
  });

  it('keeps the link of a file that originates here, where the other side has it no more', () => {
    const source = 'Old.\n\n[log.txt](https://files.example/1)\n\nSee ![shot](https://files.example/2) here.\n';
    const context = {
      attachmentId: (url: string) => url.split('https://files.example/')[1],
      attachmentLink: (id: string) => `https://files.example/${id}`,
    };
    const patched = patchMarkdown(source, decodeMarkdown('New.', context), context);
    expect(patched).toBe('New.\n\n[log.txt](https://files.example/1)\n\n![shot](https://files.example/2)\n');
    const copies = { ...context, hasToStay: () => false };
    expect(patchMarkdown(source, decodeMarkdown('New.', context), copies)).toBe('New.\n');
  });

  it('takes out or puts in the link of a file at the very end, where nothing else changes', () => {
    const context = {
      attachmentId: (url: string) => url.split('https://files.example/')[1],
      attachmentLink: (id: string) => `https://files.example/${id}`,
      hasToStay: (id: string) => id === '3',
    };
    const patched = (source: string, target: string) => patchMarkdown(source, decodeMarkdown(target, context), context);
    expect(patched('[log.txt](https://files.example/1)', '')).toBe('');
    expect(patched('Old.\n\n[log.txt](https://files.example/1)', 'Old.')).toBe('Old.');
    expect(patched('Old.\n\n[a.txt](https://files.example/1)\n\n[b.txt](https://files.example/3)', 'Old.')).toBe(
      'Old.\n\n[b.txt](https://files.example/3)',
    );
    expect(patched('Old.\n\n[b.txt](https://files.example/3)', 'Old.')).toBe('Old.\n\n[b.txt](https://files.example/3)');
    expect(patched('Old.', 'Old.\n\n[log.txt](https://files.example/1)')).toBe('Old.\n\n[log.txt](https://files.example/1)');
  });

  it('leaves ADF as it is, key order included, when it says the same', () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        const patched = patchAdf(document, decodeAdf(document, adfContext), adfContext);
        expect(JSON.stringify(patched)).toBe(JSON.stringify(document));
      }),
      runs,
    );
  });

  it('keeps decisions whose media share a line when another decision is edited', () => {
    const text = (value: string): AdfNode => ({ type: 'text', text: value });
    const medium = (id: string): AdfNode => ({ type: 'mediaInline', attrs: { type: 'file', id, collection: '' } });
    const list = (...lines: readonly AdfNode[][]): AdfNode => ({
      type: 'decisionList',
      attrs: { localId: 'l' },
      content: lines.map((content) => ({ type: 'decisionItem', attrs: { localId: 'd', state: 'DECIDED' }, content })),
    });
    const native = { type: 'doc', version: 1, content: [list([medium('m1'), medium('m2')], [text('one')], [])] };
    const edited = { ...native, content: [list([medium('m1'), medium('m2')], [text('one edited')], [])] };
    expect(patchAdf(native, decodeAdf(edited, adfContext), adfContext)).toEqual(edited);
  });

  it('keeps two lists below one task, which read as one, when a task of them is edited', () => {
    const task = (text: string): AdfNode => ({
      type: 'taskItem',
      attrs: { localId: text, state: 'TODO' },
      content: [{ type: 'text', text }],
    });
    const list = (...content: AdfNode[]): AdfNode => ({ type: 'taskList', attrs: { localId: 'l' }, content });
    const first = list(task('one'), task('two'));
    const native = { type: 'doc', version: 1, content: [list(task('top'), first, list(task('three')), task('last'))] };
    const root = decodeMarkdown(canonicalText(decodeAdf(native, adfContext)).replace('three', 'other'), markdownContext);
    const changed = { ...task('three'), content: [{ type: 'text', text: 'other' }] };
    expect(patchAdf(native, root, adfContext).content).toEqual([list(task('top'), first, list(changed), task('last'))]);
  });

  it('keeps media that share a line of a quote when another paragraph of it is edited', () => {
    const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
    const media = ['m1', 'm2'].map((id): AdfNode => ({ type: 'mediaInline', attrs: { type: 'file', id, collection: '' } }));
    const quote = (text: string): AdfNode => ({
      type: 'blockquote',
      content: [paragraph({ type: 'text', text }), paragraph(...media)],
    });
    const document = (text: string): AdfNode => ({ type: 'doc', version: 1, content: [quote(text), paragraph()] });
    expect(patchAdf(document('one'), decodeAdf(document('other'), adfContext), adfContext)).toEqual(document('other'));
  });

  it('makes Markdown say what it is to say, from any text to any other', () => {
    fc.assert(
      fc.property(markdown, neutral, (source, target) => {
        const own = mapAttachments(target, ({ id }) => attachmentUrl('private', id));
        expect(canonicalText(decodeMarkdown(patchMarkdown(source, own, markdownContext), markdownContext))).toBe(
          canonicalText(own),
        );
      }),
      runs,
    );
  });

  it('makes ADF say what it is to say, from any document to any other, and valid', () => {
    fc.assert(
      fc.property(adfDocument, neutral, (document, target) => {
        const patched = patchAdf(document, target, adfContext);
        expect(schemaProblem(patched)).toBeUndefined();
        expect(canonicalText(decodeAdf(patched, adfContext))).toBe(canonicalText(target));
      }),
      runs,
    );
  });

  it('merges parts of two texts without touching the blocks that both have', () => {
    fc.assert(
      fc.property(adfDocument, adfDocument, (left, right) => {
        const mixed = { ...left, content: [...left.content.slice(0, 2), ...right.content.slice(0, 2), ...left.content.slice(2)] };
        const target = decodeAdf(mixed, adfContext);
        const patched = patchAdf(left, target, adfContext);
        expect(schemaProblem(patched)).toBeUndefined();
        expect(canonicalText(decodeAdf(patched, adfContext))).toBe(canonicalText(target));
        for (const node of left.content) expect(patched.content).toContain(node);
      }),
      runs,
    );
  });

  it('never drops a medium of an origin, whatever the new text is', () => {
    fc.assert(
      fc.property(adfDocument, neutral, (document, target) => {
        const patched = JSON.stringify(patchAdf(document, target, adfContext));
        for (const id of ['m1', 'm2']) {
          if (JSON.stringify(document).includes(`"id":"${id}"`)) expect(patched).toContain(`"id":"${id}"`);
        }
      }),
      runs,
    );
  });
});
