import { expect, it } from 'vitest';
import { parseAdfShape } from '../../../src/simulators/jira-cloud/adf.ts';
import { wikiOf } from '../../../src/simulators/jira-cloud/adf-wiki.ts';

const text = (words: string, ...marks: readonly object[]) => ({ type: 'text', text: words, marks });
const paragraph = (...content: readonly object[]) => ({ type: 'paragraph', content });
const holder = (type: string, ...content: readonly object[]) => ({ type, attrs: {}, content });
const item = (...content: readonly object[]) => holder('listItem', ...content);

it.each<readonly [string, object, string]>([
  ['a heading', { type: 'heading', attrs: { level: 3 }, content: [text('Title')] }, 'h3. Title'],
  [
    'marks, with white space outside',
    paragraph(text('a '), text('bold ', { type: 'strong' }), text('b', { type: 'em' }, { type: 'strong' })),
    'a *bold* *_b_*',
  ],
  [
    'links and code',
    paragraph(text('it', { type: 'link', attrs: { href: 'https://x.y' } }), text('c', { type: 'code' })),
    '[it|https://x.y]{{c}}',
  ],
  [
    'a mention, a card and a break',
    paragraph(
      { type: 'mention', attrs: { id: '5b10' } },
      { type: 'hardBreak' },
      { type: 'inlineCard', attrs: { url: 'https://x.y' } },
    ),
    '[~accountid:5b10]\n[https://x.y|https://x.y|smart-link]',
  ],
  ['code', { type: 'codeBlock', attrs: { language: 'java' }, content: [text('[~x] *a*')] }, '{code:java}[~x] *a*{code}'],
  [
    'code of another language',
    { type: 'codeBlock', attrs: { language: 'ada95' }, content: [text('a')] },
    '{noformat}a{noformat}',
  ],
  [
    'lists',
    holder(
      'bulletList',
      item(paragraph(text('one')), holder('orderedList', item(paragraph(text('two')))), paragraph(text('three'))),
      item(paragraph(text('four'))),
    ),
    '* one\n*# two\n* three\n* four',
  ],
  [
    'a panel in which two paragraphs stand',
    { type: 'panel', attrs: { panelType: 'warning' }, content: [paragraph(text('a')), paragraph(text('b'))] },
    '{panel:bgColor=#fffae6}\na\n\nb\n{panel}',
  ],
  ['a quote', holder('blockquote', paragraph(text('a'))), '{quote}a{quote}'],
  [
    'a table',
    holder(
      'table',
      holder('tableRow', holder('tableHeader', paragraph(text('h')))),
      holder('tableRow', holder('tableCell', { type: 'paragraph' })),
    ),
    '||h||\n| |',
  ],
  [
    'a picture',
    holder('mediaSingle', { type: 'media', attrs: { type: 'file', id: 'm', width: 200, alt: 'A' } }),
    '!plan.png|width=200,alt="A"!',
  ],
  ['a rule', { type: 'rule' }, '----'],
  ['signs that would be macros, mentions or files', paragraph(text('{code} [~a] !b! [^c]')), '\\{code} \\[~a] \\!b\\! \\[^c\\]'],
  ['what has no markup', { type: 'decisionList' }, '{adf:display=block}\n{"type":"decisionList"}\n{adf}'],
])('the changelog of the simulator tells %s as wiki markup', (_, block, wiki) => {
  const document = parseAdfShape({ version: 1, type: 'doc', content: [block] });
  expect(document && wikiOf(document, () => 'plan.png')).toBe(wiki);
});
