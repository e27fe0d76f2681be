import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { decodeMarkdown } from '../../../src/content/markdown.ts';
import type { Neutral } from '../../../src/content/neutral.ts';
import { decodeWiki, encodeWiki, patchWiki } from '../../../src/content/wiki/wiki.ts';
import { markdownContext } from '../contexts.ts';
import { wikiContext } from './wiki-context.ts';

const read = (text: string): string => canonicalText(decodeWiki(text, wikiContext));
const plain = (value: string): Neutral => ({
  type: 'root',
  children: [{ type: 'paragraph', children: [{ type: 'text', value }] }],
});

describe('reading wiki markup', () => {
  it.each<[string, string, string]>([
    ['headings', 'h1. One\nh6. Six', '# One\n\n###### Six'],
    ['a heading with a line separator in it', 'h1. a\u2028b', '# a\u2028b'],
    ['phrases', '*b* _e_ -d- +u+ ^p^ ~s~ ??c??', '**b** _e_ ~~d~~ <ins>u</ins> <sup>p</sup> <sub>s</sub> _c_'],
    ['phrases within words', 'in{*}word{*}ed', 'in**word**ed'],
    ['monospaced text', '{{a \\* b}}', '`a * b`'],
    ['what is no phrase', 'snake_case_name 2 * 3 * 4 a-b-c', 'snake_case_name 2 * 3 * 4 a-b-c'],
    ['quotes', '{quote}\na\n\nb\n{quote}\n\nbq. c', '> a\n>\n> b\n\n> c'],
    ['code with its language', '{code:java|title=A.java}\nint a; // {quote}\n{code}', '```java\nint a; // {quote}\n```'],
    ['preformatted text', '{noformat}\n*a*\n{noformat}', '```\n*a*\n```'],
    ['a coloured panel', '{panel:title=T|bgColor=#ffebe6}\na\n{panel}', '> [!CAUTION]\n> **T**\n>\n> a'],
    ['a panel of another colour', '{panel}\na\n{panel}', '> [!NOTE]\n> a'],
    ['colours, which mean nothing elsewhere', '{color:red}a{color} b', 'a b'],
    ['nested and mixed lists', '* a\n** b\n*# c\n* d', '- a\n\n  - b\n\n  1. c\n\n- d'],
    ['dashes in a list, which begin none', '- a\n-- b\n- c\n\n-- d', '- a\n  - b\n- c\n\n-- d'],
    ['a rule below a list of dashes', '- a\n---- \nb', '- a\n\n---\n\nb'],
    ['lines that go on in an item', '# a\nb\n# c', '1. a\n   b\n2. c'],
    ['code in an item', '* a\n{code}\nx\n{code}\n* b', '- a\n\n  ```\n  x\n  ```\n\n- b'],
    [
      'tables',
      '||H||I||\n|a|b\\\\c|\n|[x|https://e.org]|\\||',
      '| H | I |\n| --- | --- |\n| a | b<br>c |\n| [x](https://e.org) | \\| |',
    ],
    [
      'links',
      '[t|https://e.org] [https://e.org] [t|#a] [t|https://e.org|tip]',
      '[t](https://e.org) <https://e.org> [t](#a) [t](https://e.org)',
    ],
    ['what only looks like a link', 'array[0] [y]', 'array[0] [y]'],
    ['a mention, by its display name', '[~mia] [~ghost]', '**Mia Krystof** **ghost**'],
    [
      'attachments',
      '!a.png|thumbnail! [^b c.pdf] [read|^b c.pdf] x',
      '![](attachment:private/1) ![](attachment:private/2) ![read](attachment:private/2) x',
    ],
    ['unknown attachments, as text', '[^gone.pdf] !gone.png!', '\\[^gone.pdf] !gone.png!'],
    ['line breaks', 'a\\\\b\nc', 'a\nb\nc'],
    ['emoticons', 'ok (/) :)', 'ok ✅ 🙂'],
    ['escapes and references', '\\*a\\* \\{b} &amp;lt; &#42;', '\\*a\\* {b} \\&lt; \\*'],
    ['an unknown macro, as text', '{expand:More}\na\n{expand}', '{expand:More}\na\n{expand}'],
    ['a macro that nothing ends, as text', '{quote}\na', '{quote}\na'],
    ['a script address, as its text', '[a|javascript:alert(1)]', 'a'],
  ])('%s', (_name, markup, markdown) => {
    expect(read(markup)).toBe(markdown);
  });
});

describe('writing wiki markup', () => {
  it.each([
    ['a macro', '{code}', '\\{code\\}'],
    ['a mention', '[~mia]', '\\[\\~mia]'],
    ['an attachment', '[^a.png] !a.png!', '\\[\\^a.png] \\!a.png!'],
    ['a link', '[x|y]', '\\[x|y]'],
    ['a heading', 'h1. x', 'h1&#46; x'],
    ['a list', '# x', '\\# x'],
    ['a table', '|x|', '\\|x|'],
    ['a rule', '----', '\\----'],
    ['an emoticon', 'a :) (y)', 'a &#58;) \\(y)'],
    ['a break', 'C:\\\\dir\\file', 'C:&#92;\\dir\\file'],
    ['a character reference', '&#42;', '&#38;#42;'],
  ])('lets no text be %s', (_name, text, written) => {
    expect(encodeWiki(plain(text), wikiContext)).toBe(written);
  });

  it('names an attachment whose name markup cannot hold by its address', () => {
    const root = decodeMarkdown('![x](https://github.example/user-attachments/assets/3)', markdownContext);
    expect(encodeWiki(root, wikiContext)).toBe('[x|https://jira.example/attachment/3]');
  });

  it('keeps the blocks, items and cells that nobody edited byte for byte', () => {
    const native = 'h2.  Title\n\nold\n\n{expand}\n[~mia] said *so*\n\n*  a\n* b [~mia]\n** c\n\n||H ||I||\n| a|b |\n|c|d|\n';
    const edited = canonicalText(decodeWiki(native, wikiContext))
      .replace('old', 'new')
      .replace('- a', '- A')
      .replace('| c |', '| C |');
    expect(patchWiki(native, decodeMarkdown(edited, markdownContext), wikiContext)).toBe(
      native.replace('old', 'new').replace('*  a', '*  A').replace('|c|d|', '|C|d|'),
    );
  });

  it('keeps CRLF where the native text has it', () => {
    const root = decodeMarkdown('One\n\nTwo\n\nThree\n\nFour', markdownContext);
    expect(patchWiki('One\r\n\r\nTwo\r\n', root, wikiContext)).toBe('One\r\n\r\nTwo\r\n\r\nThree\r\n\r\nFour\r\n');
  });
});
