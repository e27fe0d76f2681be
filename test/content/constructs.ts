import { commonMarkContext } from '../../src/content/commonmark.ts';
import type { MarkdownPatchContext } from '../../src/content/markdown.ts';
import { textileContext } from './textile/textile-context.ts';

/** Where the constructs' attachments lie. */
export const constructsContext: MarkdownPatchContext = {
  attachmentId: (url: string) => /^files\/(\d)-/.exec(url)?.[1],
  attachmentLink: (id: string) => `files/${id}-x.png`,
};
export const redmineContext = commonMarkContext({
  ...textileContext,
  attachmentLink: (id) => `https://redmine.example/attachments/${id}/file.pdf`,
});

/** Every construct of the neutral form, as GitHub Markdown. */
export const constructs: readonly (readonly [string, string])[] = [
  ['Paragraphs and line breaks', 'One\ntwo\n\nThree'],
  ['Headings', '# One\n\n###### Six'],
  ['Rule', '---'],
  ['Bold, italic, deleted', '**bold** _italic_ ~~deleted~~'],
  ['Underlined, subscript, superscript', '<ins>under</ins> H<sub>2</sub>O x<sup>2</sup>'],
  ['Marks within a word, and in each other', 'in**word**ed **_both_**'],
  ['Code in a line', 'Call `a | b` now'],
  ['Code block', '```java\nint a;\n```'],
  ['Code block without a language', '```\n{code} </pre>\n```'],
  ['Quote', '> One\n>\n> Two'],
  ['Alert (Jira Cloud: panel)', '> [!WARNING]\n> Hot'],
  ['Details (Jira Cloud: expand)', '<details>\n<summary>More</summary>\n\nInside\n\n</details>'],
  [
    'Alert with details (Jira Cloud: they stand behind it)',
    '> [!TIP]\n> Hint\n>\n> <details>\n> <summary>More</summary>\n>\n> Inside\n>\n> </details>',
  ],
  ['Quote with nothing but a table', '> | a | b |\n> | --- | --- |\n> | 1 | 2 |'],
  ['Alert within details', '<details>\n<summary>More</summary>\n\n> [!TIP]\n> Hint\n\n</details>'],
  ['Lists in lists', '- a\n  1. b\n  2. c\n- d'],
  ['Items of several blocks', '- a\n\n  b\n\n  ```\n  code\n  ```'],
  ['Text after a list within an item', '- a\n\n  - b\n\n  c'],
  ['List that begins with another number', '5. a\n6. b'],
  ['Tasks', '- [x] done\n- [ ] open'],
  ['Table', '| Head | Two |\n| --- | --- |\n| a\\|b | c<br>d |'],
  ['Table with merged cells', '<table><tr><td colspan="2">wide</td></tr><tr><td>a</td><td>b</td></tr></table>'],
  ['Table with a list in a cell', '<table><tr><td><ul><li>a</li><li>b</li></ul></td><td>c</td></tr></table>'],
  ['Link', '[text](https://example.org/a) and https://example.org/b'],
  ['Link whose address has odd signs', '[text](<https://example.org/a b|c.>)'],
  ['Relative link', '[text](./docs/a.md)'],
  ['Image of the web', '![alt](https://example.org/x.png)'],
  ['Image of the issue, and a file', '![shown](files/1-x.png) and [file](files/2-x.pdf)'],
  ['Image with a size', '<img src="https://example.org/x.png" width="200" alt="x">'],
  ['Addresses alone', 'https://example.org and <a@example.org>'],
  ['Table with alignment', '| a | b |\n| :-: | --: |\n| 1 | 2 |'],
  ['Footnote', 'Text[^1].\n\n[^1]: Note.'],
  ['Math', 'The square $x^2$ and\n\n$$\ny = 1\n$$'],
  ['Diagram', '```mermaid\ngraph TD\n```'],
  ['HTML in a line', 'Press <kbd>Ctrl</kbd>'],
  ['HTML blocks in a line', 'So: <ul><li>a</li><li>b</li></ul>'],
  ['HTML around blocks', '<div align="center">\n\nText\n\n</div>'],
  ['Emoji', 'Done :tada:'],
  ['Mention and reference of the other side', '@octocat fixed #12'],
  ['What only looks like markup', '*a {code} [~mia] {{toc}} [[Page]] h1. "x":/y !z! @w@ r12 &amp; | \\\\ :)'],
  ['A line that only looks like a block', '\\# a\n\nh1. b\n\n\\* c\n\nbq. d\n\n| e |'],
];
