import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import { contentOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';

const node = (type: string, ...content: AdfNode[]): AdfNode => ({ type, content });
const text = (value: string): AdfNode => ({ type: 'text', text: value });
/** A paragraph that cannot be written anew as it is: it names somebody. */
const named = (value: string): AdfNode =>
  node('paragraph', text(`${value} `), { type: 'mention', attrs: { id: value, text: `@${value}` } });
const plain = (value: string): AdfNode => node('paragraph', text(value));
const code = (value: string): AdfNode => ({ type: 'codeBlock', attrs: { language: 'js' }, content: [text(value)] });
const macro = (...content: AdfNode[]): AdfNode => ({
  type: 'bodiedExtension',
  attrs: { extensionKey: 'k', extensionType: 't', parameters: { a: 1 } },
  content,
});
const column = (...content: AdfNode[]): AdfNode => ({ type: 'layoutColumn', attrs: { width: 50 }, content });
const layout = (...content: AdfNode[]): AdfNode => node('layoutSection', ...content);
const panel = (...content: AdfNode[]): AdfNode => ({
  type: 'panel',
  attrs: { panelType: 'custom', panelColor: '#ff0000', localId: 'p' },
  content,
});
const expand = (...content: AdfNode[]): AdfNode => ({ type: 'expand', attrs: { title: 'More', localId: 'e' }, content });
const quote = (...content: AdfNode[]): AdfNode => ({ type: 'blockquote', attrs: { localId: 'q' }, content });
const nested = (...content: AdfNode[]): AdfNode => ({ type: 'nestedExpand', attrs: { title: 'In', localId: 'n' }, content });
const synced = (...content: AdfNode[]): AdfNode => ({
  type: 'bodiedSyncBlock',
  attrs: { resourceId: 'r', localId: 's' },
  content,
});
const tasks = (...content: AdfNode[]): AdfNode => ({ type: 'taskList', attrs: { localId: 'l' }, content });
const task = (...content: AdfNode[]): AdfNode => ({ type: 'blockTaskItem', attrs: { localId: 't', state: 'TODO' }, content });
/** A task of one line, with what is in a paragraph. */
const line = (paragraph: AdfNode): AdfNode => ({ ...paragraph, type: 'taskItem', attrs: { localId: 't', state: 'TODO' } });
const decisions = (...lines: (readonly AdfNode[])[]): AdfNode => ({
  type: 'decisionList',
  attrs: { localId: 'd' },
  content: lines.map((content) => ({ type: 'decisionItem', attrs: { localId: 'i', state: 'DECIDED' }, content })),
});
const picture = (id: string): AdfNode => ({ type: 'mediaInline', attrs: { type: 'file', id, collection: '' } });
const br: AdfNode = { type: 'hardBreak' };
const list = (...content: AdfNode[]): AdfNode => node('bulletList', ...content);
const item = (...content: AdfNode[]): AdfNode => node('listItem', ...content);
const cell = (...content: AdfNode[]): AdfNode => ({ type: 'tableCell', attrs: { background: '#eee' }, content });
const row = (...content: AdfNode[]): AdfNode => node('tableRow', ...content);
const table = (...content: AdfNode[]): AdfNode => ({ type: 'table', attrs: { layout: 'wide' }, content });

const document = (content: readonly AdfNode[]): { type: 'doc'; version: 1; content: readonly AdfNode[] } => ({
  type: 'doc',
  version: 1,
  content,
});

/** What Jira's document becomes after somebody has put `to` in the place of `from` in its Markdown. */
function editedOnGitHub(content: readonly AdfNode[], from: string, to: string): readonly AdfNode[] {
  const native = document(content);
  const before = canonicalText(decodeAdf(native, adfContext));
  expect(before).toContain(from);
  const root = decodeMarkdown(before.replace(from, to), markdownContext);
  const patched = patchAdf(native, root, adfContext);
  if (schemaProblem(native) === undefined) expect(schemaProblem(patched)).toBeUndefined();
  expect(canonicalText(decodeAdf(patched, adfContext))).toBe(canonicalText(root));
  return patched.content;
}

describe('a container of Jira keeps what it is and holds', () => {
  const [a, b, c] = [named('alpha'), named('beta'), named('gamma')];
  const added = plain('new');

  it.each<readonly [string, AdfNode[], string, string, AdfNode[]]>([
    ['a block comes into a macro', [macro(a, b)], '\n\nbeta', '\n\nnew\n\nbeta', [macro(a, added, b)]],
    ['a block goes from a macro', [macro(a, b, c)], 'beta **beta**\n\n', '', [macro(a, c)]],
    ['a block goes from the end of a macro', [macro(a, b)], '\n\nbeta **beta**', '', [macro(a)]],
    [
      'a word changes and a block comes',
      [macro(a, plain('two words'))],
      'two',
      'new\n\nother',
      [macro(a, added, plain('other words'))],
    ],
    [
      'a block comes into a layout',
      [layout(column(a, b), column(c))],
      '\n\nbeta',
      '\n\nnew\n\nbeta',
      [layout(column(a, added, b), column(c))],
    ],
    [
      'a block comes between columns',
      [layout(column(a), column(b))],
      '\n\nbeta',
      '\n\nnew\n\nbeta',
      [layout(column(a, added), column(b))],
    ],
    ['a block goes from a layout', [layout(column(a, b), column(c))], 'alpha **alpha**\n\n', '', [layout(column(b), column(c))]],
    [
      'a column becomes empty',
      [layout(column(a), column(b))],
      'alpha **alpha**\n\n',
      '',
      [layout(column(node('paragraph')), column(b))],
    ],
    [
      'a word in a layout changes and a block comes after it',
      [layout(column(plain('one word')), column(b)), c],
      'one word\n\nbeta **beta**',
      'one changed word\n\nbeta **beta**\n\nnew',
      [layout(column(plain('one changed word')), column(b)), added, c],
    ],
    ['code in a panel changes', [panel(a, code('x()'), b)], 'x()', 'y()', [panel(a, code('y()'), b)]],
    ['code in a panel of nothing else changes', [panel(code('x()'))], 'x()', 'y()', [panel(code('y()'))]],
    [
      'a block comes into a panel with code',
      [panel(a, code('x()'))],
      '**alpha**',
      '**alpha**\n>\n> new',
      [panel(a, added, code('x()'))],
    ],
    ['code goes from a panel', [panel(a, code('x()'))], '\n>\n> ```js\n> x()\n> ```', '', [panel(a)]],
    ['code in a quote changes', [quote(a, code('x()'))], 'x()', 'y()', [quote(a, code('y()'))]],
    [
      'an item in a quote changes',
      [quote(a, list(item(plain('x')), item(b)))],
      '- x',
      '- y',
      [quote(a, list(item(plain('y')), item(b)))],
    ],
    [
      'a block comes into an expand in an expand',
      [expand(a, nested(b, c))],
      '\n\ngamma',
      '\n\nnew\n\ngamma',
      [expand(a, nested(b, added, c))],
    ],
    [
      'an expand comes into an expand',
      [expand(a, nested(b))],
      '\n\n</details>\n\n</details>',
      '\n\n</details>\n\n<details>\n<summary>s</summary>\n\nnew\n\n</details>\n\n</details>',
      [expand(a, nested(b), { type: 'nestedExpand', attrs: { title: 's' }, content: [added] })],
    ],
    ['a word in a synced block changes', [synced(a, plain('one word'))], 'one', 'two', [synced(a, plain('two word'))]],
    [
      'a block comes beside a reference to a synced block',
      [a, { type: 'syncBlock', attrs: { resourceId: 'r', localId: 's' } }, b],
      '\n\nbeta',
      '\n\nnew\n\nbeta',
      [a, { type: 'syncBlock', attrs: { resourceId: 'r', localId: 's' } }, added, b],
    ],
    ['a paragraph of a task changes', [tasks(task(a, plain('x')), task(b))], '  x', '  y', [tasks(task(a, plain('y')), task(b))]],
    [
      'a task of paragraphs is done',
      [tasks(task(a, plain('x')))],
      '[ ]',
      '[x]',
      [tasks({ ...task(a, plain('x')), attrs: { localId: 't', state: 'DONE' } })],
    ],
    [
      'a task that names somebody is done',
      [tasks(line(b))],
      '[ ]',
      '[x]',
      [tasks({ ...line(b), attrs: { localId: 't', state: 'DONE' } })],
    ],
    [
      'a task that names somebody gets another paragraph',
      [tasks(line(b))],
      '- [ ] beta **beta**',
      '- [ ] beta **beta**\n\n  new',
      [tasks(task(b, added))],
    ],
    ['a task gets a paragraph before its line', [tasks(line(b))], '- [ ] beta', '- [ ] new\n\n  beta', [tasks(task(added, b))]],
    ['a task gets another paragraph', [tasks(line(plain('x')))], '- [ ] x', '- [ ] x\n\n  new', [tasks(task(plain('x'), added))]],
    [
      'a task below none changes',
      [tasks(tasks(line(a), line(plain('x'))))],
      '] x',
      '] y',
      [tasks(tasks(line(a), line(plain('y'))))],
    ],
    [
      'a task comes before one below none',
      [tasks(tasks(line(a), line(b)), line(c))],
      '- [ ] alpha',
      '- [ ] new\n- [ ] alpha',
      [tasks(tasks({ ...line(added), attrs: { localId: '', state: 'TODO' } }, line(a), line(b)), line(c))],
    ],
    [
      'a task comes before one below none that changes',
      [tasks(tasks(line(plain('two words')), line(b)), line(c))],
      '- [ ] two',
      '- [ ] new\n- [ ] other',
      [tasks(tasks({ ...line(added), attrs: { localId: '', state: 'TODO' } }, line(plain('other words')), line(b)), line(c))],
    ],
    [
      'a block comes between media that share the line of a decision',
      [decisions([], [picture('m1'), picture('m2')])],
      ')\n\n  !',
      ')\n\n  new\n\n  !',
      [decisions([], [picture('m1'), br, br, text('new'), br, br, picture('m2')])],
    ],
    [
      'a block comes into a decision',
      [decisions([text('one')], contentOf(a))],
      '- one',
      '- one\n\n  new',
      [decisions([text('one'), br, br, text('new')], contentOf(a))],
    ],
    [
      'the kind of a panel changes',
      [panel(a, b)],
      '[!NOTE]',
      '[!TIP]',
      [{ ...panel(a, b), attrs: { panelType: 'success', panelColor: '#ff0000', localId: 'p' } }],
    ],
    [
      'a word in an expand changes and a block comes after it',
      [expand(plain('one word'), a), b],
      'one word\n\nalpha **alpha**\n\n</details>',
      'one changed word\n\nalpha **alpha**\n\n</details>\n\nnew',
      [expand(plain('one changed word'), a), added, b],
    ],
    ['the title of an expand changes', [expand(a)], 'More', 'Less', [{ ...expand(a), attrs: { title: 'Less', localId: 'e' } }]],
    [
      'a word of an item changes and an item comes',
      [node('bulletList', item(plain('one word'), a), item(b))],
      '- one word',
      '- new\n\n- one changed word',
      [node('bulletList', item(added), item(plain('one changed word'), a), item(b))],
    ],
    [
      'a column comes into a table',
      [table(row(cell(a), cell(b)), row(cell(c), cell(plain('d'))))],
      canonicalText(decodeAdf(document([table(row(cell(a), cell(b)), row(cell(c), cell(plain('d'))))]), adfContext)),
      '| alpha **alpha** | new | beta **beta** |\n| --- | --- | --- |\n| gamma **gamma** | | d |',
      [
        table(
          row(cell(a), { type: 'tableCell', content: [added] }, cell(b)),
          row(cell(c), { type: 'tableCell', content: [node('paragraph')] }, cell(plain('d'))),
        ),
      ],
    ],
    [
      'a column goes from a table',
      [table(row(cell(a), cell(plain('x')), cell(b)), row(cell(c), cell(plain('y')), cell(plain('d'))))],
      '| alpha **alpha** | x | beta **beta** |\n| --- | --- | --- |\n| gamma **gamma** | y | d |',
      '| alpha **alpha** | beta **beta** |\n| --- | --- |\n| gamma **gamma** | d |',
      [table(row(cell(a), cell(b)), row(cell(c), cell(plain('d'))))],
    ],
    [
      'a column goes from a table and another one comes',
      [table(row(cell(a), cell(plain('x'))), row(cell(c), cell(plain('y'))))],
      '| alpha **alpha** | x |\n| --- | --- |\n| gamma **gamma** | y |',
      '| new | alpha **alpha** |\n| --- | --- |\n| new | gamma **gamma** |',
      [table(row({ type: 'tableCell', content: [added] }, cell(a)), row({ type: 'tableCell', content: [added] }, cell(c)))],
    ],
    [
      'columns of a table change places',
      [table(row(cell(a), cell(plain('x'))), row(cell(c), cell(plain('y'))))],
      '| alpha **alpha** | x |\n| --- | --- |\n| gamma **gamma** | y |',
      '| x | alpha **alpha** |\n| --- | --- |\n| y | gamma **gamma** |',
      [table(row(cell(plain('x')), cell(a)), row(cell(plain('y')), cell(c)))],
    ],
  ])('where %s', (_name, native, from, to, patched) => {
    expect(editedOnGitHub(native, from, to)).toEqual(patched);
  });
});

it('a picture in a line that goes on GitHub moves to the end of Jira’s document, as a node that may stand there', () => {
  const picture = { type: 'mediaInline', attrs: { type: 'image', id: 'm1', collection: 'c' } };
  const native = document([node('paragraph', text('See '), picture), plain('end')]);
  const patched = patchAdf(native, decodeMarkdown('See\n\nend', markdownContext), adfContext);
  expect(schemaProblem(patched)).toBeUndefined();
  expect(patched.content.at(-1)).toEqual({
    type: 'mediaSingle',
    attrs: { layout: 'center' },
    content: [{ type: 'media', attrs: { type: 'file', id: 'm1', collection: 'c' } }],
  });
});

/** What GitHub's text becomes after somebody has put `to` in the place of `from` in what Jira has of it. */
function editedOnJira(native: string, from: string, to: string): string {
  const shown = encodeAdf(decodeMarkdown(native, markdownContext), adfContext);
  const before = canonicalText(decodeAdf(shown, adfContext));
  expect(before).toContain(from);
  const root = decodeMarkdown(before.replace(from, to), markdownContext);
  const patched = patchMarkdown(native, root, markdownContext);
  expect(canonicalText(decodeMarkdown(patched, markdownContext))).toBe(canonicalText(root));
  return patched;
}

describe('a container of GitHub keeps all that it holds', () => {
  const kept = 'See <img src="https://x.org/i.png" width=200 alt=shot> here __b__ <!-- keep -->';
  const details = `<details>\n<summary>More</summary>\n\n${kept}\n\n<!-- own -->\n\n* __a__\n\n</details>\n`;
  const html = '<details>\n<summary>More</summary>\n\n<p>aa <b>bb</b></p>\n\n<!-- keep -->\n\nend __x__\n\n</details>\n';
  const alert = `> [!NOTE]\n> ${kept}\n>\n> * __a__\n> * b\n`;
  const broken =
    '<details>\n<summary>Output of <code>npm i</code></summary>\n<br>\n\n* __a__\n\n|t|x|\n|-|-|\n|a|b|\n\n<details><summary>inner</summary>\n\n* b\n\n</details>\n</details>\n';
  const code = '<details>\n<summary>Output of <code>npm i</code></summary>\n\n__a__\n\n</details>\n';
  const defined = '> <img src="https://x.org/i.png" alt="aa">\n>\n> [r]: https://x.y\n\nSee [r] __z__\n';
  const nested = '- __a__\n  * __b__\n\n    __more__\n  * c\n- d\n';

  it.each<readonly [string, string, string, string, string]>([
    [
      'a block comes at the end of details',
      details,
      '\n\n</details>',
      '\n\nnew\n\n</details>',
      details.replace('\n\n</details>', '\n\nnew\n\n</details>'),
    ],
    [
      'a block comes into details',
      details,
      '\n\n- **a**',
      '\n\nnew\n\n- **a**',
      details.replace('\n\n* __a__', '\n\nnew\n\n* __a__'),
    ],
    ['a block goes from details', details, '\n\n- **a**', '', details.replace('\n\n* __a__', '')],
    ['a block comes into details with HTML', html, '\n\nend', '\n\nnew\n\nend', html.replace('\n\nend', '\n\nnew\n\nend')],
    ['a block goes from details with HTML', html, '\n\nend **x**', '', html.replace('\n\nend __x__', '')],
    [
      'a word changes and a block comes',
      html,
      'end',
      'new\n\nthe end',
      html.replace('\n\nend __x__', '\n\nnew\n\nthe end **x**'),
    ],
    ['a block comes at the end of an alert', alert, '> - b', '> - b\n>\n> new', `${alert}>\n> new\n`],
    ['a block comes at the beginning of an alert', alert, '> See', '> new\n>\n> See', alert.replace('> See', '> new\n>\n> See')],
    ['a block goes from an alert', alert, '\n>\n> - **a**\n> - b', '', `> [!NOTE]\n> ${kept}\n`],
    ['an item comes into a list of an alert', alert, '> - b', '> - new\n> - b', alert.replace('> * b', '> * new\n> * b')],
    ['the kind of an alert changes', '> [!NOTE]\n> __a__\n', 'NOTE', 'TIP', '> [!TIP]\n> __a__\n'],
    ['a word of a summary changes', code, 'Output', 'Result', code.replace('Output of <code>npm i</code>', 'Result of npm i')],
    [
      'a word of a summary changes above a line break',
      broken,
      'Output',
      'Result',
      broken.replace('Output of <code>npm i</code>', 'Result of npm i'),
    ],
    ['a word of an inner summary changes', broken, 'inner', 'outer', broken.replace('inner', 'outer')],
    ['a picture of a quote changes', defined, '[aa]', '[bb]', defined.replace('alt="aa"', 'alt="bb"')],
    ['an item comes into an inner list', nested, '  - c', '  - new\n\n  - c', nested.replace('  * c', '  * new\n  * c')],
    ['an item goes from an inner list', nested, '\n\n  - c', '', nested.replace('\n  * c', '')],
    [
      'a block comes into an inner item',
      nested,
      '    **more**',
      '    **more**\n\n    new',
      nested.replace('    __more__', '    __more__\n\n    new'),
    ],
    ['a block goes from an inner item', nested, '\n\n    **more**', '', nested.replace('\n\n    __more__', '')],
    ['an inner task is done', '- [ ] __a__\n  * [ ] __b__\n', '  - [ ]', '  - [x]', '- [ ] __a__\n  * [x] __b__\n'],
    [
      'a row comes into a table of details',
      '<details>\n<summary>s</summary>\n\n|a|__b__|\n|-|-|\n|__c__|d|\n\n</details>\n',
      '| **c**',
      '| new | |\n| **c**',
      '<details>\n<summary>s</summary>\n\n|a|__b__|\n|-|-|\n| new |\n|__c__|d|\n\n</details>\n',
    ],
  ])('where %s', (_name, native, from, to, patched) => {
    expect(editedOnJira(native, from, to)).toBe(patched);
  });
});
