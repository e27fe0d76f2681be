import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { decodeMarkdown } from '../../../src/content/markdown.ts';
import type { Neutral } from '../../../src/content/neutral.ts';
import { decodeTextile, encodeTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { markdownContext } from '../contexts.ts';
import { textileContext } from './textile-context.ts';

const read = (text: string): string => canonicalText(decodeTextile(text, textileContext));
const plain = (value: string): Neutral => ({
  type: 'root',
  children: [{ type: 'paragraph', children: [{ type: 'text', value }] }],
});

describe('reading Textile', () => {
  it.each<[string, string, string]>([
    ['headings, with and without attributes', 'h1. One\n\nh3(class#id). Three', '# One\n\n### Three'],
    ['paragraphs with a prefix', 'p(class). a\nb', 'a\nb'],
    [
      'phrases',
      '*b* **b** _e_ __e__ -d- +u+ ^p^ ~s~ ??c??',
      '**b** **b** _e_ _e_ ~~d~~ <ins>u</ins> <sup>p</sup> <sub>s</sub> _c_',
    ],
    ['phrases in each other', '*_a_*', '**_a_**'],
    ['phrases with attributes', '*(x)a* %{color:red}b% c', '**a** b c'],
    ['what is no phrase', 'snake_case_name 2 * 3 a-b-c "*quoted*"', 'snake_case_name 2 * 3 a-b-c "\\*quoted\\*"'],
    ['code in a line', '@a * b@ <code>c < d</code>', '`a * b` `c < d`'],
    [
      'code blocks',
      '<pre>\n*a*\n</pre>\n\n<pre><code class="ruby">\nputs "<b>"\n</code></pre>',
      '```\n*a*\n```\n\n```ruby\nputs "<b>"\n```',
    ],
    ['quotes', 'bq. a\n\n> b\n>\n> c', '> a\n\n> b\n>\n> c'],
    ['lists', '* a\n** b\n*# c\n# d', '- a\n\n  - b\n\n  1. c\n\n1. d'],
    ['lines that go on in an item', '* a\nb', '- a\n  b'],
    ['headers without a blank', '|_.Name|_.Value|\n|a|b|', '| Name | Value |\n| --- | --- |\n| a | b |'],
    [
      'spans, alignment, class and style without a blank',
      '|\\2.wide|\n|>.a|(c).b|\n|{color:red}.c|<>^.d|',
      '<table>\n<tr>\n<td colspan="2">\n\nwide\n\n</td>\n</tr>\n<tr>\n<td>\n\na\n\n</td>\n<td>\n\nb\n\n</td>\n</tr>\n<tr>\n<td>\n\nc\n\n</td>\n<td>\n\nd\n\n</td>\n</tr>\n</table>',
    ],
    [
      'points that are no sign',
      '|_. h|_. i|\n|1.5|a.b|\n|.x|.|\n|--.5|_a.b|',
      '| h | i |\n| --- | --- |\n| 1.5 | a.b |\n| .x | . |\n| --.5 | \\_a.b |',
    ],
    ['tables', '|_. H |_. I |\n| a | "b":https://e.org |', '| H | I |\n| --- | --- |\n| a | [b](https://e.org) |'],
    [
      'spanning cells',
      '|\\2. wide |\n| a | b |',
      '<table>\n<tr>\n<td colspan="2">\n\nwide\n\n</td>\n</tr>\n<tr>\n<td>\n\na\n\n</td>\n<td>\n\nb\n\n</td>\n</tr>\n</table>',
    ],
    [
      'links, without the punctuation after them',
      'see "a (title)":https://e.org/x. Or ("b":/y).',
      'see [a](https://e.org/x). Or ([b](/y)).',
    ],
    ['images', '!https://e.org/x.png(alt)!', '![alt](https://e.org/x.png)'],
    ['attachments', '!a%20b.png! attachment:"c d.pdf" x', '![](attachment:private/1) ![](attachment:private/2) x'],
    ['unknown attachments, as text', '!gone.png! attachment:gone.pdf', '!gone.png! attachment:gone.pdf'],
    ['footnotes', 'a[1]\n\nfn1. note', 'a[1]\n\n[1] note'],
    ['plain text', '<notextile>*a*</notextile> ==*b*==', '\\*a\\* \\*b\\*'],
    ['collapsed text', '{{collapse(More, Less)\na\n\n* b\n}}', '<details>\n<summary>More</summary>\n\na\n\n- b\n\n</details>'],
    ['macros, wiki links, references and mentions, as text', '{{toc}} [[Page|x]] #12 @mia r3', '{{toc}} [[Page|x]] #12 @mia r3'],
    ['HTML, as text, as Redmine shows it', '<b>a</b> <!-- gone -->b', '\\<b>a\\</b> b'],
    ['a script address, as its source', '"a":javascript:alert(1)', '"a":javascript:alert(1)'],
  ])('%s', (_name, textile, markdown) => {
    expect(read(textile)).toBe(markdown);
  });
});

describe('writing Textile', () => {
  it.each([
    ['a macro', '{{toc}}', '&#123;&#123;toc}}'],
    ['a wiki link', '[[Page]]', '&#91;&#91;Page]]'],
    ['a mention', '@mia', '&#64;\u200bmia'],
    ['a reference', '#12', '#\u200b12'],
    ['a changeset', 'r12', 'r&#49;2'],
    ['a resource', 'commit:abc', 'commit&#58;abc'],
    ['a link', '"x":/y', '"x"&#58;/y'],
    ['an image', '!x.png!', '&#33;x.png!'],
    ['a heading', 'h1. x', '&#104;1. x'],
    ['a list', '* x', '&#42; x'],
    ['a row of a table', '|x|', '&#124;x|'],
    ['a row of a table behind a dot', '.|x|', '&#46;|x|'],
    ['a row of a table behind a dot, in the middle of a text', 'a\n.|x|', 'a\n&#46;|x|'],
    ['an element that ends code', '</pre>', '&#60;/pre>'],
    ['an abbreviation', 'ABC(x)', 'ABC&#40;x)'],
    ['a footnote', 'x[1]', 'x&#91;1]'],
  ])('lets no text be %s', (_name, text, written) => {
    expect(encodeTextile(plain(text), textileContext)).toBe(written);
  });

  it('keeps signs at the start of a link as they are', () => {
    const root = decodeMarkdown('[\\_\\_a\\_\\_ b](https://e.org)', markdownContext);
    expect(encodeTextile(root, textileContext)).toBe('"&#95;&#95;a__ b":https://e.org');
  });

  it('lets no code mention anybody, since Redmine looks for names there too', () => {
    expect(encodeTextile(decodeMarkdown('`@mia`', markdownContext), textileContext)).toBe('<code>@\u200bmia</code>');
    expect(read('<code>@\u200bmia</code>')).toBe('`@mia`');
  });

  it('keeps the blocks, items and cells that nobody edited byte for byte', () => {
    const native = 'h2.  Title\n\nold\n\n{{toc}}\n\n*  a\n* b @mia #12\n** c\n\n|_. H |_. I|\n|a|b |\n|c|d|\n';
    const edited = canonicalText(decodeTextile(native, textileContext))
      .replace('old', 'new')
      .replace('- a', '- A')
      .replace('| c |', '| C |');
    expect(patchTextile(native, decodeMarkdown(edited, markdownContext), textileContext)).toBe(
      native.replace('old', 'new').replace('*  a', '* A').replace('|c|d|', '|C|d|'),
    );
  });
});
