import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyLengthMax, fittingMarks } from '../../src/sides/github/fitting-marks.ts';
import { fileLineEnd, filesClosing, filesOpening, joinBody, splitBody, splitText } from '../../src/sides/marked-body.ts';

const mark = '<!-- sallyport:s1.abc-_.def -->';
const line = `- [plan.pdf](https://github.com/x) (1 KB) ${fileLineEnd}`;
const list = `${filesOpening}\n**Files**\n\n${line}\n${filesClosing}`;

describe('taking a body apart', () => {
  it.each([
    ['plain text', 'Hello', 'Hello', []],
    ['an empty body', '', '', []],
    ['a mark alone', mark, '', ['s1.abc-_.def']],
    ['text and mark', `Hello\n\n${mark}`, 'Hello', ['s1.abc-_.def']],
    ['text with a final newline', `Hello\n\n\n${mark}`, 'Hello\n', ['s1.abc-_.def']],
    ['a body that a browser stored', `Hello\r\nyou\r\n\r\n${mark}`, 'Hello\r\nyou', ['s1.abc-_.def']],
    ['text behind the mark', `Hello\n\n${mark}\nyou`, 'Hello\n\nyou', ['s1.abc-_.def']],
    ['text behind the mark on its line', `Hello\n\n${mark}you`, 'Hello\n\nyou', ['s1.abc-_.def']],
    ['text joined before the mark', `Hello${mark}`, 'Hello', ['s1.abc-_.def']],
    ['a mark between joined lines', `Hello\n${mark}\nyou`, 'Hello\n\nyou', ['s1.abc-_.def']],
    ['empty lines behind the mark', `Hello\n\n${mark}\n\n`, 'Hello', ['s1.abc-_.def']],
    ['two marks', `Hello\n\n${mark}\n<!-- sallyport:a.b -->`, 'Hello', ['s1.abc-_.def', 'a.b']],
    ['a mark in fenced code', `\`\`\`\n${mark}\n\`\`\`\nend`, `\`\`\`\n${mark}\n\`\`\`\nend`, []],
    ['a mark and text behind a fence left open', `\`\`\`\n${mark}\nend`, `\`\`\`\n${mark}\nend`, ['s1.abc-_.def']],
    ['a mark behind a fence left open', `\`\`\`\ncode\n\n${mark}`, '```\ncode', ['s1.abc-_.def']],
    ['a mark within back-ticks', `see \`${mark}\``, `see \`${mark}\``, []],
    ['a mark within longer back-ticks', `see \`\`${mark} \` \`\``, `see \`\`${mark} \` \`\``, []],
    ['a mark behind a back-tick that stands alone', `see \`${mark}`, 'see `', ['s1.abc-_.def']],
    ['a mark behind an escaped back-tick', `see \\\`${mark} and \``, 'see \\` and `', ['s1.abc-_.def']],
    ['a mark that is escaped', `\\${mark}`, `\\${mark}`, []],
    ['a comment with no token', 'Hello\n\n<!-- sallyport:note -->', 'Hello\n\n<!-- sallyport:note -->', []],
    ['the sign of a line of files behind text', `Hello ${fileLineEnd}`, `Hello ${fileLineEnd}`, []],
    ["a person's own comment", 'Hello\n<!-- sallyport is nice -->', 'Hello\n<!-- sallyport is nice -->', []],
  ])('%s', (_name, body, content, marks) => {
    expect(splitBody(body)).toMatchObject({ content, marks });
  });

  it('knows the list of files and keeps what a person wrote before, within and behind it', () => {
    const body = `Before\n\n${filesOpening}\n**Files**\n\n${line}\n- [mine](https://example.org)\n${filesClosing}\n\nBehind\n\n${mark}`;
    const parts = splitBody(body);
    expect(parts.content).toBe('Before\n\n- [mine](https://example.org)\n\nBehind');
    expect(parts.fileLines).toEqual([line]);
    expect(parts.marks).toEqual(['s1.abc-_.def']);
  });

  it('knows the lines of the list though a person took its frame away', () => {
    expect(splitBody(`Text\n\n${line}\n\nmore`)).toMatchObject({ content: 'Text\n\nmore', fileLines: [line] });
    expect(splitBody(`Text\n\n${filesOpening}\n${line}`)).toMatchObject({ content: 'Text', fileLines: [line] });
  });

  it.each([
    ['a stamp', `x ${mark}`, { marked: true, listed: false }],
    ['a list', list, { marked: true, listed: true }],
    ['a line of a list', line, { marked: true, listed: true }],
    ['the end of a list', filesClosing, { marked: true, listed: true }],
    ['a notice', 'x\n\n<!-- sallyport-notice ab cd -->', { marked: true, listed: false }],
    ['a list in code', `\`\`\`\n${list}\n\`\`\``, { marked: false, listed: false }],
    ['a stamp within back-ticks', `\`${mark}\``, { marked: false, listed: false }],
    ['another comment', 'x <!-- sallyport -->', { marked: false, listed: false }],
    ['a name in the place of a token', 'x <!-- sallyport:note -->', { marked: false, listed: false }],
  ])('tells the shape of what a connection writes, and only that: %s', (_name, body, shape) => {
    expect(splitBody(body)).toMatchObject(shape);
  });

  it('takes nothing for a list where none is ever written', () => {
    const text = `Before\n\n${list}\n\nBehind`;
    expect(splitText(`${text}\n\n${mark}`)).toMatchObject({
      content: text,
      fileLines: [],
      marks: ['s1.abc-_.def'],
      marked: true,
    });
    expect(splitText(text)).toMatchObject({ content: text, marked: false });
  });
});

const token = fc.stringMatching(/^[\w-]{1,40}\.[\w-]{1,20}$/);
const proseLine = fc.constantFrom(
  'Hello',
  '',
  ' ',
  '- a',
  '> q',
  '# h',
  '    code',
  '| a |',
  '- [x](y)',
  '**Files**',
  '<details>',
);
const prose = fc
  .array(fc.tuple(proseLine, fc.constantFrom('\n', '\r\n')), { maxLength: 8 })
  .map((lines) => lines.flat().join(''));

describe('putting a body together', () => {
  it('gives back the content, the list and the marks that went in', () => {
    fc.assert(
      fc.property(prose, fc.array(token, { maxLength: 3 }), fc.boolean(), (content, marks, withList) => {
        const fileLines = withList ? [line] : [];
        const body = joinBody({ content, fileLines, marks });
        if (marks.length === 0 && !withList) expect(body).toBe(content);
        else expect(splitBody(body)).toMatchObject({ content, fileLines, marks });
      }),
    );
  });

  it('leaves an untouched body as it is', () => {
    const body = `Hello\r\n\r\n${'you'}\n\n${list}\n\n${mark}`;
    expect(joinBody(splitBody(body))).toBe(body);
  });

  it('leaves nothing out of what bears no mark', () => {
    const piece = fc.constantFrom(
      'word ',
      mark,
      line,
      filesOpening,
      '<!-- sallyport:note -->',
      '\\',
      '\n',
      '```\n',
      '~~~',
      '`',
      '``',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const body = pieces.join('');
        for (const parts of [splitBody(body), splitText(body)]) if (!parts.marked) expect(parts.content).toBe(body);
      }),
    );
  });

  it('takes any text apart without throwing, and loses no word of a person', () => {
    const piece = fc.constantFrom(
      'word ',
      mark,
      line,
      filesOpening,
      filesClosing,
      '\n',
      '\r\n',
      '```\n',
      '~~~',
      '`',
      '\n\n',
      '**Files**',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const body = pieces.join('');
        const words = (text: string) => text.split('word').length;
        const { content, fileLines } = splitBody(body);
        const inLines = fileLines.join('').split('word').length - 1;
        expect(words(content) + inLines).toBe(words(body));
      }),
    );
  });
});

describe('the marks of a body', () => {
  const marks = ['v1.abc'];
  const room = bodyLengthMax - joinBody({ content: '', fileLines: [], marks }).length - 2;

  it.each([
    ['fit', 'a'.repeat(room), true, marks],
    ['are left out where an origin has no room for them', 'a'.repeat(room + 1), true, []],
    ['stay with a copy, which GitHub then refuses', 'a'.repeat(room + 1), false, marks],
    ['count characters as GitHub does', '😀'.repeat(room), true, marks],
  ])('%s', (_, content, isOrigin, expected) => {
    expect(fittingMarks(content, { marks, isOrigin, what: 'issue #1' })).toEqual(expected);
  });

  it('are not asked for where the text alone is too long', () => {
    expect(() => fittingMarks('a'.repeat(bodyLengthMax + 1), { marks, what: 'issue #1' })).toThrow(
      'The text for issue #1 would have 65,537 characters; GitHub takes 65,536.',
    );
  });
});
