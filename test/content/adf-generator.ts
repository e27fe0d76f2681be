import fc from 'fast-check';
import type { AdfDocument, AdfNode } from '../../src/content/adf-document.ts';
import { text } from './generators.ts';

type NodeArbitrary = fc.Arbitrary<AdfNode>;
const someText = text.filter((value) => value !== '');
const optional = <T>(name: string, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.option(arbitrary, { nil: undefined }).map((value) => (value === undefined ? {} : ({ [name]: value } as Record<string, T>)));

const link = fc
  .constantFrom('https://example.org/', './x', 'javascript:x', 'https://site/attachment/1')
  .map((href): AdfNode => ({ type: 'link', attrs: { href } }));
const textMark = fc.oneof(
  fc.constantFrom<AdfNode>({ type: 'strong' }, { type: 'em' }, { type: 'strike' }, { type: 'underline' }),
  link,
  fc.constantFrom<AdfNode>(
    { type: 'subsup', attrs: { type: 'sub' } },
    { type: 'subsup', attrs: { type: 'sup' } },
    { type: 'textColor', attrs: { color: '#ff0000' } },
    { type: 'annotation', attrs: { id: 'x', annotationType: 'inlineComment' } },
  ),
);
const mediaFile = fc
  .tuple(fc.constantFrom('m1', 'm2', 'unknown'), optional('alt', text), optional('width', fc.constant(100)))
  .map(([id, alt, width]) => ({ type: 'file', id, collection: '', ...alt, ...width }));
const media: NodeArbitrary = fc.oneof(
  mediaFile.map((attrs): AdfNode => ({ type: 'media', attrs })),
  optional('alt', text).map(
    (alt): AdfNode => ({ type: 'media', attrs: { type: 'external', url: 'https://example.org/i.png', ...alt } }),
  ),
);
const inline: NodeArbitrary = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(someText, fc.uniqueArray(textMark, { maxLength: 3, selector: (mark) => mark.type }))
      .map(([value, marks]): AdfNode => ({ type: 'text', text: value, ...(marks.length > 0 ? { marks } : {}) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(someText, fc.array(link, { maxLength: 1 }))
      .map(([value, links]): AdfNode => ({ type: 'text', text: value, marks: [{ type: 'code' }, ...links] })),
  },
  { weight: 1, arbitrary: fc.constant<AdfNode>({ type: 'hardBreak' }) },
  { weight: 1, arbitrary: text.map((name): AdfNode => ({ type: 'mention', attrs: { id: 'u', text: `@${name}` } })) },
  {
    weight: 1,
    arbitrary: optional('text', fc.constant('😀')).map(
      (unicode): AdfNode => ({ type: 'emoji', attrs: { shortName: ':grinning:', ...unicode } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('1700000000000', 'soon', '99999999999999999')
      .map((timestamp): AdfNode => ({ type: 'date', attrs: { timestamp } })),
  },
  { weight: 1, arbitrary: someText.map((value): AdfNode => ({ type: 'status', attrs: { text: value, color: 'blue' } })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<AdfNode>(
      { type: 'inlineCard', attrs: { url: 'https://example.org/card' } },
      { type: 'inlineCard', attrs: { data: { name: 'n', url: 'https://example.org' } } },
      { type: 'placeholder', attrs: { text: 'p' } },
    ),
  },
  { weight: 1, arbitrary: mediaFile.map((attrs): AdfNode => ({ type: 'mediaInline', attrs })) },
  {
    weight: 1,
    arbitrary: optional('text', text).map(
      (value): AdfNode => ({ type: 'inlineExtension', attrs: { extensionKey: 'k', extensionType: 't', ...value } }),
    ),
  },
);
const inlines = fc.array(inline, { maxLength: 4 });
const many = (arbitrary: NodeArbitrary, minLength = 1, maxLength = 3): fc.Arbitrary<AdfNode[]> =>
  fc.array(arbitrary, { minLength, maxLength });

const paragraph: NodeArbitrary = inlines.map((content): AdfNode => ({ type: 'paragraph', content }));
const markedParagraph: NodeArbitrary = fc
  .tuple(
    inlines,
    fc.constantFrom<AdfNode>({ type: 'alignment', attrs: { align: 'center' } }, { type: 'indentation', attrs: { level: 2 } }),
  )
  .map(([content, mark]): AdfNode => ({ type: 'paragraph', content, marks: [mark] }));
const alignedParagraph: NodeArbitrary = inlines.map(
  (content): AdfNode => ({ type: 'paragraph', content, marks: [{ type: 'alignment', attrs: { align: 'end' } }] }),
);
const heading: NodeArbitrary = fc
  .tuple(inlines, fc.integer({ min: 1, max: 6 }))
  .map(([content, level]): AdfNode => ({ type: 'heading', attrs: { level }, content }));
const codeBlock: NodeArbitrary = fc
  .tuple(fc.array(someText, { maxLength: 2 }), optional('language', fc.constantFrom('js', 'c++', '', 'two words')))
  .map(
    ([texts, attrs]): AdfNode => ({ type: 'codeBlock', attrs, content: texts.map((value) => ({ type: 'text', text: value })) }),
  );
const mediaSingle: NodeArbitrary = fc
  .tuple(
    media,
    fc.array(link, { maxLength: 1 }),
    fc.option(
      inlines.map((content) => content.filter((node) => node.type === 'text')),
      { nil: undefined },
    ),
  )
  .map(
    ([node, marks, caption]): AdfNode => ({
      type: 'mediaSingle',
      attrs: { layout: 'center' },
      content: caption === undefined ? [node] : [node, { type: 'caption', content: caption }],
      ...(marks.length > 0 ? { marks } : {}),
    }),
  );
const mediaGroup: NodeArbitrary = many(media).map((content): AdfNode => ({ type: 'mediaGroup', content }));
const rule = fc.constant<AdfNode>({ type: 'rule' });
const cards = fc.constantFrom<AdfNode>(
  { type: 'blockCard', attrs: { url: 'https://example.org/b' } },
  { type: 'embedCard', attrs: { url: 'https://example.org/e', layout: 'wide' } },
);
const quote: NodeArbitrary = many(paragraph).map((content): AdfNode => ({ type: 'blockquote', content }));
const extension: NodeArbitrary = optional('text', text).map(
  (value): AdfNode => ({ type: 'extension', attrs: { extensionKey: 'k', extensionType: 't', ...value } }),
);
const decisions: NodeArbitrary = many(
  inlines.map((content): AdfNode => ({ type: 'decisionItem', attrs: { localId: 'd', state: 'DECIDED' }, content })),
).map((content): AdfNode => ({ type: 'decisionList', attrs: { localId: 'l' }, content }));

const { list, tasks } = fc.letrec<{ list: AdfNode; item: AdfNode; tasks: AdfNode; task: AdfNode }>((tie) => ({
  list: fc.oneof(
    many(tie('item')).map((content): AdfNode => ({ type: 'bulletList', content })),
    fc
      .tuple(many(tie('item')), fc.integer({ min: 1, max: 12 }))
      .map(([content, order]): AdfNode => ({ type: 'orderedList', attrs: { order }, content })),
  ),
  item: fc
    .tuple(
      fc.oneof(paragraph, paragraph, codeBlock, mediaSingle),
      fc.array(fc.oneof({ maxDepth: 2, depthIdentifier: 'list' }, paragraph, codeBlock, mediaSingle, tie('list')), {
        maxLength: 2,
      }),
    )
    .map(([first, rest]): AdfNode => ({ type: 'listItem', content: [first, ...rest] })),
  task: fc
    .tuple(inlines, fc.constantFrom('TODO', 'DONE'))
    .map(([content, state]): AdfNode => ({ type: 'taskItem', attrs: { localId: 't', state }, content })),
  tasks: fc
    .tuple(
      tie('task'),
      fc.array(fc.oneof({ maxDepth: 2, depthIdentifier: 'tasks' }, tie('task'), tie('task'), tie('tasks')), { maxLength: 2 }),
    )
    .map(([first, rest]): AdfNode => ({ type: 'taskList', attrs: { localId: 'l' }, content: [first, ...rest] })),
}));

const panel: NodeArbitrary = fc
  .tuple(
    fc.constantFrom('info', 'note', 'tip', 'warning', 'error', 'success', 'custom'),
    many(fc.oneof(paragraph, list, heading, fc.constant<AdfNode>({ type: 'blockCard', attrs: { url: 'https://example.org' } }))),
  )
  .map(([panelType, content]): AdfNode => ({ type: 'panel', attrs: { panelType }, content }));
const nestedExpand: NodeArbitrary = fc
  .tuple(text, many(fc.oneof(paragraph, mediaSingle, heading, mediaGroup)))
  .map(([title, content]): AdfNode => ({ type: 'nestedExpand', attrs: { title }, content }));
const cellBlock = fc.oneof(
  { weight: 6, arbitrary: paragraph },
  {
    weight: 1,
    arbitrary: fc.oneof(
      list,
      codeBlock,
      mediaSingle,
      heading,
      panel,
      quote,
      rule,
      mediaGroup,
      decisions,
      tasks,
      extension,
      nestedExpand,
      cards,
      alignedParagraph,
    ),
  },
);
const cell: NodeArbitrary = fc
  .tuple(
    fc.constantFrom('tableCell', 'tableCell', 'tableHeader'),
    optional('colspan', fc.constantFrom(1, 2)),
    many(cellBlock, 1, 2),
  )
  .map(([type, attrs, content]): AdfNode => ({ type, attrs, content }));
const plainCell: NodeArbitrary = fc
  .tuple(fc.constantFrom('tableCell', 'tableHeader'), many(paragraph, 1, 2))
  .map(([type, content]): AdfNode => ({ type, attrs: {}, content }));
const table: NodeArbitrary = fc.oneof(
  many(many(cell, 0).map((content): AdfNode => ({ type: 'tableRow', content }))).map(
    (content): AdfNode => ({ type: 'table', content }),
  ),
  many(fc.tuple(plainCell, plainCell).map((content): AdfNode => ({ type: 'tableRow', content }))).map(
    (content): AdfNode => ({ type: 'table', attrs: { layout: 'default' }, content }),
  ),
);
const common = [
  paragraph,
  paragraph,
  paragraph,
  list,
  tasks,
  table,
  heading,
  codeBlock,
  mediaSingle,
  mediaGroup,
  rule,
  quote,
  panel,
  extension,
  decisions,
  cards,
];
const expand: NodeArbitrary = fc
  .tuple(text, many(fc.oneof(...common)))
  .map(([title, content]): AdfNode => ({ type: 'expand', attrs: { title }, content }));
const bodied: NodeArbitrary = many(fc.oneof(...common)).map(
  (content): AdfNode => ({ type: 'bodiedExtension', attrs: { extensionKey: 'k', extensionType: 't' }, content }),
);
const layout: NodeArbitrary = many(
  many(fc.oneof(...common, expand)).map((content): AdfNode => ({ type: 'layoutColumn', attrs: { width: 50 }, content })),
  2,
  3,
).map((content): AdfNode => ({ type: 'layoutSection', content }));

/** Documents with every kind of node that the schema knows. */
export const adfDocument: fc.Arbitrary<AdfDocument> = fc
  .array(fc.oneof(...common, markedParagraph, expand, bodied, layout), { maxLength: 5 })
  .map((content) => ({ version: 1, type: 'doc', content }));
