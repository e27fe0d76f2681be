import type { BlockContent, Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { contentOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { attachmentReferences } from '../../src/content/references.ts';
import { settledBlocks } from '../../src/content/settle.ts';
import { commonMarkContext } from '../../src/content/commonmark.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { textileContext } from './textile/textile-context.ts';

/** The text as it stands on GitHub after somebody has put `to` in the place of `from` on Jira. */
function editedOnJira(native: string, from: string, to: string): string {
  const root = decodeAdf(encodeAdf(decodeMarkdown(native, markdownContext), adfContext), adfContext);
  const edited: Neutral = structuredClone(root);
  const waiting: Nodes[] = [edited];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('value' in node) node.value = node.value.replace(from, to);
    if (node.type === 'details') node.summary = node.summary.replace(from, to);
    if ('children' in node) waiting.push(...node.children);
  }
  expect(canonicalText(edited)).not.toBe(canonicalText(root));
  const patched = patchMarkdown(native, edited, markdownContext);
  expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(edited));
  return patched;
}

describe('an element of HTML that plays or shows a file', () => {
  const file = 'https://github.example/user-attachments/assets/1';

  it.each(['video', 'audio', 'iframe'])('is the file, and otherwise its link: %s', (tag) => {
    const attached = decodeMarkdown(`<${tag} src="${file}" controls></${tag}>`, markdownContext);
    expect(canonicalText(decodeMarkdown(`a\n\n<${tag} src="${file}"></${tag}>\n\nb`, markdownContext))).toContain(
      'attachment:private/1',
    );
    expect(attachmentReferences(attached)).toEqual([{ side: 'private', id: '1' }]);
    const linked = decodeMarkdown(`<${tag} src="https://a.org/b.mp4"></${tag}>`, markdownContext);
    expect(canonicalText(linked)).toBe('<https://a.org/b.mp4>');
  });

  it('is the link of its source', () => {
    const linked = decodeMarkdown('<video><source src="https://a.org/b.mp4"></video>', markdownContext);
    expect(canonicalText(linked)).toBe('<https://a.org/b.mp4>');
  });
});

describe('what an author wrote otherwise than it would be written', () => {
  const shot = '<img width="300" alt="Shot" src="https://github.example/user-attachments/assets/1" />';
  const badge = '![build](https://example.org/b.svg)';

  it.each([
    ['an image with a size', `A word\n${shot} here`],
    ['an image with a size in an item', `- A word\n  ${shot}\n- other`],
    ['an image of the web', `A word ${badge} here`],
    ['an image of the web with a size', 'A word <img src="https://example.org/a.png" width=20> here'],
    [
      'a picture',
      'A word <picture><source srcset="https://example.org/d.png"><img src="https://example.org/l.png"></picture> here',
    ],
    ['a key', '> Press <kbd>Ctrl</kbd>+<kbd>C</kbd>: A word'],
    ['a link with a title', '# A word of [docs](https://example.org/d "The docs")'],
    ['a link by its definition', 'A word of [docs] and [others][docs]\n\n[docs]: https://example.org/d'],
    ['a cell', `| a | b |\n| - | - |\n| A word ${badge} | x |`],
    ['a link of HTML', 'A word of <a href="https://example.org" target="_blank">docs</a> here'],
    ['keys without a space between', 'A word <kbd>Ctrl</kbd><kbd>C</kbd> here'],
    ['badges without a space between', `A word [${badge}](https://example.org/t)[${badge}](https://example.org/t) here`],
    ['an element beside the edit at the border of a cell', '| A word <abbr title="x">HTML</abbr> | q |\n| - | - |'],
    ['an anchor of a heading', '## <a id="top"></a>A word\n\nsee [it](#top)'],
    ['an anchor of a paragraph', '- <a name="top"></a>A word here'],
    ['mentions in an element', 'A word of <b>@octocat</b> and @octocat'],
  ])('stays in the words that Jira changes: %s', (_name, native) => {
    const edited = native.replace('A word', 'An edit');
    expect(patchMarkdown(native, decodeMarkdown(edited, markdownContext), markdownContext)).toBe(edited);
  });

  it.each([
    [
      'of two the one with a title goes',
      'See [a](https://example.org "T"), then read [a](https://example.org) now.',
      'Then read [a](https://example.org) now.',
    ],
    [
      'the other one goes',
      'Or [a](https://example.org) first, see [a](https://example.org "T") now.',
      'See [a](https://example.org "T") now.',
    ],
    ['the words stand elsewhere, too', 'C <span>C</span> d', 'C and more'],
  ])('does not come where it was not: %s', (_name, native, edited) => {
    const target = decodeMarkdown(edited, markdownContext);
    expect(patchMarkdown(native, target, markdownContext)).toBe(edited);
  });

  it.each([
    ['Redmine links', 'A word of r13, commit:abc1234, document#17 and #12 by @joe'],
    ['Redmine runs', 'A word [[Wiki|of]] {{toc}} source:a/b here'],
  ])('stays in the words that Jira changes: what %s', (_name, native) => {
    const context = commonMarkContext(textileContext);
    const edited = native.replace('A word', 'An edit');
    expect(patchMarkdown(native, decodeMarkdown(edited, context), context)).toBe(edited);
    const added = decodeMarkdown(native.replace('A word', 'r13 and {{toc}}, as `r13` and `{{toc}}`'), context);
    expect(patchMarkdown(`\`r13\` ${native}`, added, context)).toMatch(/^r\u200b13 and \{\u200b\{toc\}\}/);
  });

  it('stays in the words that Jira changes: a macro of Redmine whose braces end on a later line', () => {
    const native = '{{collapse(View details...)\nA word of text.\n}}';
    const edited = native.replace('A word', 'An edit');
    const context = commonMarkContext(textileContext);
    expect(patchMarkdown(native, decodeMarkdown(edited, context), context)).toBe(edited);
  });

  it('gives way where it would read otherwise amid the new words', () => {
    const native = 'a <kbd>b</kbd> c\n\nkept __as it is__';
    const target = decodeMarkdown('`` a `b` c ``\n\nkept **as it is**', markdownContext);
    expect(patchMarkdown(native, target, markdownContext)).toBe('``a `b` c``\n\nkept __as it is__');
  });
});

describe('code of which another line ends in blanks', () => {
  it.each([
    ['at the top', '~~~js title="a.js"\nword();\nlet a;   \n~~~'],
    [
      'in an item',
      '* first *starred*\n* run\n\n  ```diff\n  -word\n   context  \n  +new\n  ```\n* third __bold__ [![b](https://e.org/b.svg)](https://e.org/l)',
    ],
    [
      'in an alert',
      '> [!NOTE]\n> first *starred*\n>\n> ```\n> word\n> b  \n> c\n> ```\n>\n> | a | b |\n> |:-:|---|\n> | *c* | d |',
    ],
    [
      'in a task',
      '- [x] first\n\n  ```\n  word\n  b  \n  c\n  ```\n- [ ] second\n\n  > quote with [![b](https://e.org/b.svg)](https://e.org/l)',
    ],
    [
      'in details',
      '<details>\n<summary>Log</summary>\n\n* first *starred*\n\n  ```\n  word\n  b  \n  c\n  ```\n* third __bold__\n\n</details>',
    ],
  ])('is edited by itself: %s', (_place, native) => {
    expect(editedOnJira(native, 'word', 'other')).toBe(native.replace('word', 'other'));
  });
});

describe('mentions and references of the text’s own author', () => {
  const own = 'Fix of #12 for @octocat, thanks\nto acme/web#7 and GH-3. See a word.';

  it.each([
    ['a paragraph', own],
    ['a heading', `# ${own.replace('\n', ' ')}`],
    ['an item', `- ${own.replace('\n', '\n  ')}\n- other`],
    ['a quote', `> ${own.replace('\n', '\n> ')}`],
    ['a cell', `| a | b |\n| - | - |\n| ${own.replace('\n', ' ')} | x |`],
    ['emphasis', 'The _@octocat_ and **#12** are a word.'],
    ['an alert', '> [!NOTE]\n> The @octocat and #12 are a word.'],
  ])('stay live in %s of which Jira changes a word', (_name, native) => {
    expect(editedOnJira(native, 'a word', 'an edit')).toBe(native.replace('a word', 'an edit'));
  });

  it('stay live beside keys and code of HTML, which are none', () => {
    const native = '- see <kbd>F5</kbd>, thanks @octocat, fixes #12: a word';
    expect(editedOnJira(native, 'a word', 'an edit')).toBe(native.replace('a word', 'an edit'));
  });

  it('stay live as often as they stood there', () => {
    expect(editedOnJira('Of #12. A word.', 'A word', 'And #12')).toBe('Of #12. And #\u200b12.');
  });

  it.each([
    ['a new one', 'By @octo: a word.', 'a word', '@octocat', 'By @octo: @\u200boctocat.'],
    ['another repository', 'In acme/web#7: a word.', 'a word', '#7', 'In acme/web#7: #\u200b7.'],
    ['one in code', 'In `@octocat`: a word.', 'a word', '@octocat', 'In `@octocat`: @\u200boctocat.'],
    ['one in a link', 'In [#7](https://a.org): a word.', 'a word', '#7', 'In [#7](https://a.org): #\u200b7.'],
    [
      'one in code of HTML',
      'In <code>@octocat</code>: a word.',
      'a word',
      '@octocat',
      'In <code>@octocat</code>: @\u200boctocat.',
    ],
  ])('do not make live what Jira adds: %s', (_name, native, ...[from = '', to = '', patched = '']) => {
    expect(editedOnJira(native, from, to)).toBe(patched);
  });
});

describe('a note of which Jira changes the label', () => {
  const around = (text: string, note: string): string =>
    `# Title <!-- kept -->\n\n* one\n* two\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n${text}\n\n${note}\n\nLast *words* here.\n`;

  it.each([
    ['one block', '[^long]: The *note*.', '[lng] The _note_.'],
    ['several blocks', '[^long]: The *note*.\n\n    Its end.', '[lng] The _note_.\n\nIts end.'],
  ])('is words with its reference, and all else stays: %s', (_name, note, words) => {
    expect(editedOnJira(around('Text[^long] and *more*.', note), '[long] The', '[lng] The')).toBe(
      around('Text[long] and _more_.', words),
    );
  });
});

describe('a picture of HTML', () => {
  const file = 'https://github.example/user-attachments/assets/1';

  it.each([
    [
      'its first source, where it has no image',
      '<source media="(a)" srcset="https://a.org/b,c.png 1x, https://a.org/d.png 2x"><source srcset="https://a.org/e.png">',
      '(https://a.org/b,c.png)',
    ],
    ['an attachment that is its source', `<source srcset="${file} 1x, ${file}2 2x">`, '(attachment:private/1)'],
    ['its image, where it has one', `<source srcset="${file}"><img src="https://a.org/b.png" alt="c">`, '(https://a.org/b.png)'],
    ['nothing, where it has neither', '', ''],
  ])('is %s', (_name, inside, shown) => {
    for (const [before, after] of [
      ['', ''],
      ['word ', ' word'],
    ] as const) {
      const native = `${before}<picture>${inside}</picture>${after}\n\nend`;
      const root = decodeMarkdown(native, markdownContext);
      const images = canonicalText(root).match(/\(.*?\)/g) ?? [];
      expect(images).toEqual(shown === '' ? [] : [shown]);
      expect(patchMarkdown(native, root, markdownContext)).toBe(native);
    }
  });
});

describe('definitions of links', () => {
  const native = '***\n\nplain xyzzy\n\n[docs]: https://a.b\n\n*emph* end\n';

  it('stay, and words that match one are no link', () => {
    expect(editedOnJira(native, 'xyzzy', '[docs]')).toBe(native.replace('xyzzy', '\\[docs]'));
    expect(editedOnJira(native, 'xyzzy', '[ DOCS ]')).toBe(native.replace('xyzzy', '\\[ DOCS ]'));
    expect(editedOnJira(native, 'xyzzy', 'a [a [docs] b')).toBe(native.replace('xyzzy', 'a [a \\[docs] b'));
    expect(editedOnJira(native, 'xyzzy', '[other]')).toBe(native.replace('xyzzy', '[other]'));
  });

  it('stay where the rest is written anew, since what was left open would swallow it', () => {
    const written = patchMarkdown('[docs]: https://a.b\n\n<pre>', decodeMarkdown('a', markdownContext), markdownContext);
    expect(written).toBe('a\n\n[docs]: https://a.b');
  });
});

describe('cells beyond the header, which GitHub does not show', () => {
  const native = '| a | b |\n| - | - |\n| c | d | hidden |\n| e | f |\n';
  const edited = (change: (rows: AdfNode[]) => AdfNode[]): string => {
    const document = encodeAdf(decodeMarkdown(native, markdownContext), adfContext);
    const content = document.content.map((table) => ({ ...table, content: change([...contentOf(table)]) }));
    const root = decodeAdf({ ...document, content }, adfContext);
    const patched = patchMarkdown(native, root, markdownContext);
    expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(root));
    return patched;
  };

  it('stay as they are where rows come and go on Jira', () => {
    expect(edited((rows) => [...rows, ...rows.slice(2)])).toBe(`${native}| e | f |\n`);
    expect(edited((rows) => rows.slice(0, 2))).toBe(native.replace('| e | f |\n', ''));
  });

  it('are shown by GitHub too once somebody heads them on Jira', () => {
    const head = { type: 'tableHeader', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'more' }] }] };
    const written = edited(([header, ...rows]) => [
      { ...header, type: 'tableRow', content: [...contentOf(header).slice(0, 2), head] },
      ...rows,
    ]);
    expect(written).toBe('| a | b | more |\n| --- | --- | --- |\n| c | d | hidden |\n| e | f |\n');
  });
});

describe('a word that is edited on Jira', () => {
  const inner: Readonly<Record<string, string>> = {
    'a quote': '> quoted\n> more',
    'an alert': '> [!NOTE]\n> quoted',
    'a table': '| a | b |\n| - | - |\n| c | d |',
    details: '<details><summary>s</summary>\n\nin it\n\n</details>',
    'a heading': '## head',
    'a rule': '***',
    tasks: '- [ ] task\n- [x] other',
  };
  const items = Object.entries(inner).flatMap(([name, block]) =>
    ['1. ', '- ', '* '].map((marker) => {
      const margin = ' '.repeat(marker.length);
      const lines = block.split('\n').map((line) => margin + line);
      return [`an item with ${name} (${marker})`, `${marker}xyzzy\n\n${lines.join('\n')}\n\n${marker}last\n`] as const;
    }),
  );

  it.each<readonly [string, string]>([
    ...items,
    ['an item before a quote', '1. First xyzzy\n\n   > quoted\n\n2. Second\n'],
    ['a quote of all kinds', '> intro xyzzy\n>\n> - a\n> - b\n>\n> ```\n> code\n> ```\n\nlast\n'],
    ['a list within a quote', '> intro\n>\n> - a xyzzy\n> - b\n>\n> end\n'],
    ['a quote with a heading', '> ## Head\n>\n> text xyzzy\n>\n> > inner\n'],
    ['a heading of a quote', '> ## Head xyzzy\n>\n> text\n>\n> > inner\n'],
    ['a table within a quote', '> | a | b |\n> |---|---|\n> | c | xyzzy |\n>\n> text\n'],
    ['a row with more cells than the header', '| a | b |\n| - | - |\n| xyzzy | d | e | f |\n| g | h |\n'],
    ['a cell beyond the header', '| a | b |\n| - | - |\n| c | d | xyzzy |\n'],
    ['a row beside one with more cells', '> | a | b |\n> | - | - |\n> | c | d | e |\n> | xyzzy | h |\n'],
    ['a header with fewer cells than a row', '| a | xyzzy |\n| - | - |\n| c | d | e |\n'],
    ['an alert of all kinds', '> [!NOTE]\n> intro xyzzy\n>\n> | a | b |\n> |---|---|\n> | c | d |\n>\n> > quote\n'],
    ['an alert that begins with a table', '> [!TIP]\n>\n> | a | b |\n> |---|---|\n> | c | d |\n>\n> end xyzzy\n'],
    ['a quote of a list', '> - xyzzy\n- bar\n'],
    ['a heading of an item', '- # Head xyzzy\n\n  text\n- b\n'],
    ['an item of mixed tasks', '* [ ] task\n* plain xyzzy\n* [x] done\n'],
    ['a rule beside it', '* Foo xyzzy\n* * * *\n* Bar\n'],
    ['a note of several blocks', 'Text[^1].\n\n[^1]: Note\n\n    - a xyzzy\n'],
    ['code within an item of a quote', '> 1. a\n>\n>    ```js\n>    xyzzy\n>    ```\n>\n>    > b\n'],
    ['breaks that part paragraphs', '> one xyzzy<br>\n> two\n>\n> - a\n'],
    ['the title of details', '> a\n\n<details><summary>The xyzzy</summary>\n\nb\n\n</details>\n'],
    [
      'the title of details within others',
      '<details>\n<summary>O</summary>\n\n<details>\n<summary>xyzzy</summary>\n\nb\n\n</details>\n\n</details>\n',
    ],
    ['HTML', '<dl><dt>term &amp; word</dt><dd>xyzzy</dd></dl>\n\n**end**\n'],
    ['HTML whose tag has the same word', '<h2 class="xyzzy">Head</h2>\n<blockquote>xyzzy</blockquote>\n<hr>\n'],
    ['a cell of HTML', '<table>\n\n<tr>\n\n<td>\nxyzzy\n</td>\n\n</tr>\n\n</table>\n'],
    ['line ends by their numbers', 'one&#10;&#10;two\n\nxyzzy\n'],
    ['CommonMark’s example 254', '1.  A paragraph xyzzy\n    with two lines.\n\n        indented code\n\n    > A block quote.\n'],
  ])('is all that changes: %s', (_name, native) => {
    expect(editedOnJira(native, 'xyzzy', 'other')).toBe(native.replace(/xyzzy(?!")/, 'other'));
  });

  it.each([
    ['in an item', '* a *b*\n  <details>\n  <summary><b>The</b> xyzzy &amp; more</summary>\n\n  c\n\n  </details>\n* __d__\n'],
    [
      'in others',
      '<details>\n<summary>O</summary>\n\n* *b*\n\n<details>\n<summary><b>The</b> xyzzy &amp; more</summary>\n\nc\n\n</details>\n\n</details>\n',
    ],
  ])('is all that changes but for the marks of a title, which Jira has not: details %s', (_place, native) => {
    expect(editedOnJira(native, 'xyzzy', 'other')).toBe(native.replace('<b>The</b> xyzzy', 'The other'));
  });

  it('keeps an underlined heading of an item a heading', () => {
    expect(editedOnJira('- a\n- Head xyzzy\n  ---\n  baz\n', 'xyzzy', 'other')).toBe('- a\n- ## Head other\n  baz\n');
  });

  it('keeps one block of what Jira shows as two paragraphs', () => {
    expect(editedOnJira('one&#10;&#10;xyzzy\n\nend\n', 'xyzzy', 'other')).toBe('one<br>\nother\n\nend\n');
  });
});

describe('references to footnotes in a paragraph that is edited', () => {
  const notes = '\n\n[^a]: Note of a.\n\n[^my_note]: Another.\n';
  const native = `First[^a] and _second_[^my_note] words.${notes}`;

  it.each([
    ['First', 'Other', `Other[^a] and _second_[^my_note] words.${notes}`],
    ['second', 'last', `First[^a] and _last_[^my_note] words.${notes}`],
    ['words.', 'words, [b] and [^a].', `First[^a] and _second_[^my_note] words, [b] and \\[^a].${notes}`],
    ['Note of a', 'Note of b', native.replace('Note of a', 'Note of b')],
  ])('stay references: %s', (from, to, patched) => {
    expect(editedOnJira(native, from, to)).toBe(patched);
  });

  it.each([
    ['A[^1][^2][^3] x', '1', '2', '3'],
    ['Wow![^1] x', '1'],
    ['Ref[^1]: x', '1'],
    ['Ref[^1](y) x', '1'],
    ['Ref[^@octo] x', '@octo'],
  ])('stay references, whatever stands beside them: %s', (text, ...labels) => {
    const all = `${text}\n\n${labels.map((label) => `[^${label}]: Note.\n`).join('\n')}`;
    expect(editedOnJira(all, ' x', ' z').replace('\\!', '!')).toBe(all.replace(' x', ' z'));
  });

  it('are not made of brackets that stand elsewhere', () => {
    const text = 'See a[^1] here.\n\n[^1]: Note.\n';
    expect(editedOnJira(text, 'See a[1] here.', 'Use arr[1] in C.')).toBe('Use arr[1] in C.\n\n[^1]: Note.\n');
  });

  const longNote = 'Thanks @octo.[^1]\n\n<!-- kept -->\n\n* a\n\n[^1]: One.\n\n    Two.\n\n    Three.\n';
  const added: BlockContent = { type: 'paragraph', children: [{ type: 'text', value: 'New.' }] };
  it.each<[string, (blocks: BlockContent[]) => void, string]>([
    ['goes', (blocks) => blocks.splice(3, 1), longNote.replace('    Two.\n\n', '')],
    ['comes', (blocks) => blocks.splice(4, 0, added), longNote.replace('    Three', '    New.\n\n    Three')],
  ])('stay references where a block of their note %s', (_name, edit, wanted) => {
    const blocks = [...settledBlocks(decodeMarkdown(longNote, markdownContext))];
    edit(blocks);
    expect(patchMarkdown(longNote, { type: 'root', children: blocks }, markdownContext)).toBe(wanted);
  });

  it('are words where their note goes, or where the text has the same words, too', () => {
    const root = decodeMarkdown(native, markdownContext);
    const edited: Neutral = { ...root, children: root.children.filter((_, index) => index !== 1) };
    const patched = patchMarkdown(native, edited, markdownContext);
    expect(patched).toBe('First[a] and _second_[^my_note] words.\n\n[^my_note]: Another.\n');
    expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(edited));
    const both = 'First[^a] and [a] words.\n\n[^a]: Note.\n';
    expect(editedOnJira(both, 'First', 'Other')).toBe('Other[a] and [a] words.\n\n[^a]: Note.\n');
  });
});

describe('a fence with more than a language', () => {
  it.each([
    ['of tildes', '~~~ruby startline=3 title="a.rb"\ncmd\n~~~\n'],
    ['in an item', '1. step\n\n   ```js title="a.js"\n   x\n   ```\n2. step\n   ````js {1,3}\n   cmd\n   ````\n'],
    ['in a quote, in lines of Windows', '> [!NOTE]\r\n> ```diff a\r\n> cmd\r\n>\r\n> - x\r\n> ```\r\n'],
  ])('stays as it is where its code is edited: %s', (_name, native) => {
    expect(editedOnJira(native, 'cmd', 'cmd edited')).toBe(native.replace('cmd', 'cmd edited'));
  });

  it('gives way where the code would end it', () => {
    expect(editedOnJira('~~~js a\ncmd\n~~~\n', 'cmd', '~~~\ncmd')).toBe('```js\n~~~\ncmd\n```\n');
  });
});

describe('a fence that an item leaves open', () => {
  it.each([
    ['Steps:\n\n1. *Run*\n   ```\n   cmd\n\n2. *Then*\n', 'Steps:\n\n1. *Run*\n   ```\n   cmd edited\n   ```\n\n2. *Then*\n'],
    ['- *text*\n  ```\n  cmd\n\n- next', '- *text*\n  ```\n  cmd edited\n  ```\n\n- next'],
    ['- a\n  - *b*\n    ~~~\n    cmd\n\n*c*', '- a\n  - *b*\n    ```\n    cmd edited\n    ```\n\n*c*'],
  ])('ends with it, so that an edit of the code changes nothing else: %j', (native, patched) => {
    expect(editedOnJira(native, 'cmd', 'cmd edited')).toBe(patched);
  });

  it('stays open where an item beside it changes', () => {
    const native = '1. *Run*\n   ```\n   cmd\n\n2. *Then*\n';
    expect(editedOnJira(native, 'Then', 'Next')).toBe('1. *Run*\n   ```\n   cmd\n\n2. _Next_\n');
  });
});

describe('a list right after indented code', () => {
  it.each([
    ['    code\n2. a', '    code\n2. b'],
    ['    code\n\n3. a\n4. c', '    code\n\n3. b\n4. c'],
    ['    code\n-\n- a', '    code\n-\n- b'],
    ['- x\n\n      code\n  2. a', '- x\n\n      code\n  2. b'],
    ['>     code\n> 2. a', '>     code\n> 2. b'],
  ])('is a list, whatever it begins with: %j', (native, patched) => {
    const before = canonicalText(decodeMarkdown(native, markdownContext));
    expect(before).not.toContain('\\');
    const root = decodeMarkdown(before.replace(/\ba\b/, 'b'), markdownContext);
    expect(patchMarkdown(native, root, markdownContext)).toBe(patched);
  });

  it('is none where words come between, or an indented line is words', () => {
    const read = (text: string): readonly string[] => decodeMarkdown(text, markdownContext).children.map(({ type }) => type);
    expect(read('    code\nwords\n2. a')).toEqual(['code', 'paragraph']);
    expect(read('  words\n2. a')).toEqual(['paragraph']);
  });
});
