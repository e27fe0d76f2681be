import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText } from '../../src/content/canonical.ts';
import type { ConvertRequest } from '../../src/operations/convert.ts';
import { checkLines, convert } from '../../src/operations/convert.ts';
import { formatNames, formats } from '../../src/operations/convert-formats.ts';
import { markdown } from '../content/generators.ts';

const files: Readonly<Record<string, string>> = {
  'native.json': JSON.stringify({
    version: 1,
    type: 'doc',
    content: [
      {
        type: 'panel',
        attrs: { panelType: 'success' },
        content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Kept' }] }],
      },
      { type: 'paragraph', content: [{ type: 'text', text: 'Old' }] },
    ],
  }),
  'native.md': 'Kept __as it is__\n\n* one\n* two\n',
  'numbered.md': 'old\n\n5. five\n\n<table><tr><td colspan="2">wide</td></tr></table>\n',
  'good.md': '# Title\n\n- [x] done\n',
  'unknown.txt': 'Text',
  'bad.json': '[]',
  'sub.md': 'H~2~O and <sub>2</sub> <kbd>k</kbd>\n',
};

/** `ü` of Latin-1, which begins a character of four bytes in no UTF-8. */
const latin1 = new Uint8Array([0x66, 0xfc, 0x72]);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function run(request: Partial<ConvertRequest>, input: string | Uint8Array = '') {
  return convert(
    { from: undefined, to: undefined, onto: undefined, check: false, files: [], ...request },
    {
      readInput: () => Promise.resolve(typeof input === 'string' ? bytes(input) : input),
      readFile: (path) => {
        if (path === 'latin1.md') return Promise.resolve(latin1);
        const text = files[path];
        return text === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(bytes(text));
      },
    },
  );
}

async function text(request: Partial<ConvertRequest>, input: string): Promise<string> {
  const converted = await run(request, input);
  if (converted.kind !== 'text') throw new Error('no text');
  return converted.text;
}

describe('convert', () => {
  test('keeps an image of the web one in every form', async () => {
    const image = '![x](https://a.org/l.png)';
    for (const to of formatNames) {
      const native = await text({ from: 'github', to }, image);
      expect(native).toContain('https://a.org/l.png');
      expect((await text({ from: to, to: 'github' }, native)).trim()).toBe(image);
    }
  });

  test('takes no relative link of CommonMark for an attachment', async () => {
    expect(await text({ from: 'commonmark', to: 'github' }, '[foo](bar)')).toBe('[foo](bar)');
    expect(await text({ from: 'commonmark', to: 'github' }, '[link]()')).not.toContain('attachment');
  });

  test.each(formatNames)('writes a file whose name has half a character in it: %s', async (to) => {
    const content = [
      { type: 'mediaSingle', content: [{ type: 'media', attrs: { type: 'file', id: 'a\ud800.png', collection: '' } }] },
    ];
    expect(await text({ from: 'adf', to }, JSON.stringify({ type: 'doc', version: 1, content }))).toContain('a');
  });

  test('gives an attachment without a description none in any form, however often it crosses', async () => {
    for (const to of formatNames) {
      const native = await text({ from: 'github', to }, 'Say ![](attachment:log%201.txt) now');
      const back = await text({ from: to, to: 'github' }, native);
      expect(back.trim()).toBe('Say <attachment:log%201.txt> now');
      expect(await text({ from: 'github', to }, back)).toBe(native);
    }
  });

  test('names one attachment the same in every form', async () => {
    const there: Readonly<Record<string, RegExp>> = {
      adf: /"type": "media",[^]*"id": "shot\.png"/,
      wiki: /^!shot\.png\|alt=A shot!$/,
      textile: /^!shot\.png\(A shot\)!/,
      commonmark: /^!\[A shot\]\(shot\.png\)$/,
      github: /^!\[A shot\]\(attachment:shot\.png\)$/,
    };
    for (const to of formatNames) {
      const native = await text({ from: 'github', to }, '![A shot](attachment:shot.png)');
      expect(native).toMatch(there[to] ?? /never/);
      expect(await text({ from: to, to: 'github' }, native)).toMatch(/^!\[A shot\]\(attachment:shot\.png\)$/);
    }
  });

  test('takes what a form cannot say for no edit of the text that it is applied to', async () => {
    for (const from of formatNames) {
      const edited = (await text({ from: 'github', to: from }, files['numbered.md'] ?? '')).replace('old', 'new');
      expect(await text({ from, to: 'github', onto: 'numbered.md' }, edited)).toBe(files['numbered.md']?.replace('old', 'new'));
    }
  });

  test('applies a text onto a native one and keeps what it does not change', async () => {
    const adf = await text({ from: 'github', to: 'adf', onto: 'native.json' }, '> [!TIP]\n> Kept\n\nNew');
    expect(adf).toContain('"success"');
    expect(adf).toContain('"New"');
    expect(await text({ from: 'wiki', to: 'github', onto: 'native.md' }, 'Kept *as it is*\n\n* one\n* three')).toBe(
      'Kept __as it is__\n\n* one\n* three\n',
    );
  });

  test('gives a text of every form that says the same in that form again', async () => {
    await fc.assert(
      fc.asyncProperty(markdown, fc.constantFrom(...formatNames), async (source, to) => {
        const once = formats[to].decode(await text({ from: 'github', to }, source));
        const twice = formats[to].decode(formats[to].encode(once));
        expect(canonicalText(twice)).toBe(canonicalText(once));
      }),
      { numRuns: 100 },
    );
  });

  test('--check tells which files survive and shows the first difference of the others', async () => {
    const converted = await run({ check: true, files: ['good.md', 'native.json'] });
    if (converted.kind !== 'checks') throw new Error('no checks');
    expect(checkLines(converted.checks)).toEqual([
      'survives  good.md (github, adf, github)',
      'survives  native.json (adf, github, adf)',
    ]);
    const lossy = await run({ check: true, from: 'github', to: 'textile', files: ['sub.md', 'good.md'] });
    if (lossy.kind !== 'checks') throw new Error('no checks');
    const differing = lossy.checks.filter(({ difference }) => difference !== undefined);
    for (const { difference } of differing) expect(difference?.before).not.toBe(difference?.after);
    expect(checkLines(lossy.checks).join('\n')).toMatch(/\(github, textile, github\)/);
  });

  test('--check begins no line with what the name of a file says', () => {
    const check = {
      path: 'a\n::error::b.md',
      from: 'github',
      through: 'adf',
      difference: undefined,
      problem: undefined,
    } as const;
    expect(checkLines([check])).toEqual([expect.not.stringMatching(/\n/)]);
  });

  test('--check says of each file that it cannot check why, and checks the others', async () => {
    const converted = await run({
      check: true,
      files: ['none.md', 'good.md', 'latin1.md', 'unknown.txt', 'bad.json', 'native.json'],
    });
    if (converted.kind !== 'checks') throw new Error('no checks');
    expect(checkLines(converted.checks)).toEqual([
      expect.stringMatching(/^unread {4}none\.md: .*cannot be read; check the path/),
      'survives  good.md (github, adf, github)',
      expect.stringMatching(/^unread {4}latin1\.md: .*is no UTF-8/),
      expect.stringMatching(/^unread {4}unknown\.txt: .*does not tell its form; say --from/),
      expect.stringMatching(/^unread {4}bad\.json: .*is not an Atlassian document/),
      'survives  native.json (adf, github, adf)',
    ]);
  });

  test('takes no other bytes than UTF-8 from standard input', async () => {
    await expect(run({ from: 'github', to: 'adf' }, latin1)).rejects.toThrow(/standard input is no UTF-8/);
  });

  test.each(['native.md', 'native.json', 'good.md'])('--onto gives an unedited text byte for byte: %s', async (onto) => {
    const native = files[onto] ?? '';
    const to = onto.endsWith('.json') ? 'adf' : 'github';
    expect(await text({ from: to, to, onto }, native)).toBe(native);
  });

  test.each<[string, Partial<ConvertRequest>, RegExp]>([
    ['no form', { to: 'adf' }, /--from is missing; it is one of github, adf, wiki, textile, commonmark/],
    ['an unknown form', { from: 'github', to: 'html' }, /--to "html" is no form of texts/],
    ['something else than a document', { from: 'adf', to: 'github' }, /standard input: adf: this is no JSON/],
    [
      'a native text that is not there',
      { from: 'github', to: 'adf', onto: 'none.json' },
      /none\.json cannot be read; check the path/,
    ],
    ['a native text without a name', { from: 'github', to: 'adf', onto: '' }, /convert: a path is empty; name a file/],
    [
      'a native text that is no document',
      { from: 'github', to: 'adf', onto: 'bad.json' },
      /convert: bad\.json: adf: this JSON is not an Atlassian document/,
    ],
    ['a native text that is no JSON', { from: 'github', to: 'adf', onto: 'good.md' }, /convert: good\.md: adf: this is no JSON/],
    ['a file too many', { from: 'github', to: 'adf', files: ['good.md'] }, /one word too many: without --check/],
    ['nothing to check', { check: true }, /wants the files to check/],
    ['a native text of other bytes', { from: 'adf', to: 'github', onto: 'latin1.md' }, /latin1\.md is no UTF-8/],
    ['a check onto something', { check: true, files: ['good.md'], onto: 'native.md' }, /do not go together/],
  ])('says what is wrong with %s', async (_name, request, message) => {
    await expect(run(request, 'Text')).rejects.toMatchObject({ kind: 'configuration', message: expect.stringMatching(message) });
  });

  test.each(['{"type":"doc","version":1,"content":"x"}', '{"type":"doc","version":1}'])(
    'takes no document without a list of blocks: %s',
    async (input) => {
      await expect(run({ from: 'adf', to: 'github' }, input)).rejects.toThrow(/standard input: adf: this JSON is not/);
    },
  );
});
