import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeAdf } from '../../../src/content/adf.ts';
import { looseText, saysThat } from '../../../src/core/replaced-edits.ts';
import { changelogWords } from '../../../src/sides/jira-cloud/changelog-words.ts';
import { parseAdfShape } from '../../../src/simulators/jira-cloud/adf.ts';
import { wikiOf } from '../../../src/simulators/jira-cloud/adf-wiki.ts';
import { adfSamples } from '../../content/adf-samples.ts';
import { adfContext } from '../../content/contexts.ts';
import { within2s } from '../../content/cpu-time.ts';

const words = (text: string): string => changelogWords(text, (id) => (id === '5b10' ? 'Ann Lee' : undefined));

describe('a description that the changelog tells as wiki markup', () => {
  it.each<readonly [string, string, string]>([
    ['a heading', 'h2. Title', 'Title'],
    ['marks', '*bold* _slanted_ -gone- +under+ {color:#ff5630}red{color}', 'bold slanted gone under red'],
    ['code in a line', 'call {{a_b[0]}} now', 'call a_b[0] now'],
    ['code', '{code:java}int *a;\n  *b* [x|https://y.z]{code}', 'int *a;\n  *b* [x|https://y.z]'],
    ['code without a language', '{noformat}h2. x{noformat}', 'h2. x'],
    ['a panel', '{panel:bgColor=#deebff}\nOne\n\nTwo\n{panel}', 'One\nTwo'],
    ['a quote', '{quote}One\n\nTwo{quote}', 'One\nTwo'],
    ['links', '[text|https://example.org/a_b?c=1&d=2] and [https://x.y/z]', 'text and https://x.y/z'],
    ['a card', '[https://x.y/z|https://x.y/z|smart-link]', 'https://x.y/z'],
    ['code with a link', '{{[a_b|https://x.y/z]}}', 'a_b'],
    ['a link with brackets', '[[ABC-1] *it*|https://x.y/z]', '[ABC-1] it'],
    ['a mention', 'ask [~accountid:5b10]', 'ask Ann Lee'],
    ['a mention of nobody known', 'ask [~accountid:712020:ab-cd]', 'ask someone'],
    ['lists', '* one\n** _two_\n*# three\n# four', 'one\ntwo\nthree\nfour'],
    ['tasks', '* to do\n* -done-', 'to do\ndone'],
    ['a table', '||Name||Age||\n|*Ann*|30|\n|Ben| |', 'Name | Age\nAnn | 30\nBen'],
    ['a table with blocks', '|one\ntwo|three|', 'one\ntwo\nthree'],
    ['pictures and files', 'a\n\n!plan (1).png|width=200,alt="plan"!\n\n[^list of all.txt] b', 'a\nb'],
    ['a rule', 'a\n\n----\n\nb', 'a\nb'],
    ['escaped signs', String.raw`\{code} and \[~x] and \!a.b\!`, '{code} and [~x] and !a.b!'],
    ['a break', 'one\ntwo', 'one\ntwo'],
    [
      'a node that has no markup',
      '{adf:display=block}\n{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","attrs":{"colspan":2},"content":[{"type":"paragraph","content":[{"type":"text","text":"* wide"}]}]}]}]}\n{adf}',
      '* wide',
    ],
  ])('is told as its words: %s', (_, text, lines) => {
    expect(words(text)).toBe(lines);
  });

  it.each(adfSamples)('says what its document says: %s', (_, node) => {
    const document = parseAdfShape({ version: 1, type: 'doc', content: [node] });
    if (document === undefined) throw new Error('The sample is no document.');
    const mentioned = /"type":"mention".*?"text":"@([^"]+)"/.exec(JSON.stringify(node))?.[1];
    const after = changelogWords(
      wikiOf(document, () => 'shot.png'),
      () => mentioned,
    );
    expect(saysThat({ native: '', root: decodeAdf(document, adfContext) }, { after, form: 'plain' }), after).toBe(true);
  });
});

describe('a description that the changelog tells as plain words', () => {
  it.each([
    'use {something} and {color}, or {color:red} alone',
    String.raw`C:\new\table and \\server\share`,
    'a_b_c and f(x) and (x) and (i) :D',
    '[x] [a|b] [~/.profile] [^a-z] [y/n|C:drive]',
    '&amp; stays &nbsp;, R&D too',
    '{code} alone, {panel} alone',
    '{anchor:top}',
    'bq. said',
    '5! is not 4!',
    '{adf:display=block}{broken}{adf}',
  ])('keeps its signs, too: %s', (text) => {
    expect(words(text)).toBe(text);
  });

  it.each([
    ['* x\n# y\n- z', 'x\ny\nz'],
    ['| a | b |', 'a | b'],
    ['2 * 3 *4* 5', '2 * 3 4 5'],
  ])('may lose signs that are markup, and no words: %j', (text, lines) => {
    expect(words(text)).toBe(lines);
  });

  it('keeps what looks like a quote in a cell of a table', () => {
    expect(words('||bq. *')).toContain('bq');
  });

  it('keeps what looks like a picture by its path', () => {
    expect(words('!/name!')).toContain('name');
  });

  it('keeps what stands in brackets after an escaped backslash', () => {
    expect(words('\\\\[|[x]')).toContain('x');
  });

  const piece = fc.constantFrom(
    ...'* # - + _ ~ ^ { } [ ] ( ) | || ! ? ?? & ; : \\ \\\\ / < > @ = , . ---- {{ }} {*} bq. &amp; (x) :D :) [x] [^a] {x} {color}'.split(
      ' ',
    ),
    ...'a b1 Wörter 漢字 42 http mailto C:'.split(' '),
    ' ',
    ' ',
    '\n',
    '\n\n',
  );
  const plain = fc
    .array(piece, { maxLength: 40 })
    .map((pieces) => pieces.join(''))
    // A file's name between exclamation marks is a picture.
    .filter((text) => !/![^!\n]*\.[a-z][a-z\d]{1,4}[!|]/i.test(text));

  it('keeps each letter and digit of any text, in its line', () => {
    const keys = (text: string): readonly string[] =>
      text
        .split('\n')
        .map(looseText)
        .filter((key) => key !== '');
    fc.assert(
      fc.property(plain, (text) => {
        // What stands between exclamation marks and is no picture is called one; no text here says that word.
        const said = words(text).replaceAll('image', '');
        expect(looseText(said), JSON.stringify(text)).toBe(looseText(text));
        // A row of a table goes on where no bar ends it.
        if (!/^[ \t]*\|/m.test(text)) expect(keys(said), JSON.stringify(text)).toEqual(keys(text));
      }),
      { numRuns: 3_000 },
    );
  });
});

test.each([
  '[a|https://b',
  '[https://b',
  '[a|',
  '[[a]',
  '[a][',
  '{{[a|https://b',
  '[a|http://b]',
  '[',
  '[^a',
  '[~accountid:',
  '{adf:display=inline}{',
  '{adf:display=inline}{}{adf}',
  '{adf:display=block}\n{"type":"x","content":[\n',
  '{color:a',
  '{color:a}{color}',
  '!a.b|',
  '|a',
  '(x)&:D',
  '*a ',
  '{code}',
  '{{a',
  '* a\n',
])('32 KB of anything take less than 2 s: %j', { timeout: 60_000 }, (unit) => {
  const text = unit.repeat(Math.floor(32_768 / unit.length));
  within2s('told as words', () => words(text));
});
