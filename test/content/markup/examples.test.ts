import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { commonMarkContext } from '../../../src/content/commonmark.ts';
import { decodeMarkdown, encodeMarkdown } from '../../../src/content/markdown.ts';
import { decodeTextile, encodeTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki } from '../../../src/content/wiki/wiki.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

const markdownContext = {
  attachmentId: (url: string) => /^files\/(\d)-/.exec(url)?.[1],
  attachmentLink: (id: string) => `files/${id}-x.png`,
};
const redmine = commonMarkContext({
  ...textileContext,
  attachmentLink: (id) => `https://redmine.example/attachments/${id}/file.pdf`,
});

/** Every construct of the neutral form, as GitHub Markdown. */
const constructs: readonly (readonly [string, string])[] = [
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
  ['Emoji', 'Done :tada:'],
  ['Mention and reference of the other side', '@octocat fixed #12'],
  ['What only looks like markup', '*a {code} [~mia] {{toc}} [[Page]] h1. "x":/y !z! @w@ r12 &amp; | \\\\ :)'],
  ['A line that only looks like a block', '\\# a\n\nh1. b\n\n\\* c\n\nbq. d\n\n| e |'],
];

const fence = '~~~~~';
const sample = (name: string, text: string): string => `${name}:\n\n${fence}text\n${text}\n${fence}`;

describe('the examples of docs/markup-examples.md', () => {
  it('are what the codecs write', async () => {
    const sections = constructs.map(([title, source]) => {
      const root = decodeMarkdown(source, markdownContext);
      const canonical = canonicalText(root);
      const wiki = encodeWiki(root, wikiContext);
      const textile = encodeTextile(root, textileContext);
      const loses = (read: string): string => (read === canonical ? '' : ' (lowered)');
      return [
        `## ${title}`,
        sample('GitHub Markdown', source),
        sample(`Jira wiki markup${loses(canonicalText(decodeWiki(wiki, wikiContext)))}`, wiki),
        sample(`Textile${loses(canonicalText(decodeTextile(textile, textileContext)))}`, textile),
        sample("Redmine's CommonMark", encodeMarkdown(root, redmine)),
      ].join('\n\n');
    });
    const intro =
      'Written by `test/content/markup/examples.test.ts -u`. *Lowered* means that the text reads back as less than it was: docs/markup.md says how.';
    await expect(`# What each construct becomes\n\n${intro}\n\n${sections.join('\n\n')}\n`).toMatchFileSnapshot(
      '../../../docs/markup-examples.md',
    );
  });
});
