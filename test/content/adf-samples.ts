import type { AdfNode } from '../../src/content/adf-document.ts';

type Mark = AdfNode;

const text = (value: string, ...marks: Mark[]): AdfNode => ({
  type: 'text',
  text: value,
  ...(marks.length === 0 ? {} : { marks }),
});
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const marked = (type: string, attrs?: Record<string, unknown>): AdfNode =>
  paragraph(text('word', attrs === undefined ? { type } : { type, attrs }));
const node = (type: string, attrs: Record<string, unknown> | undefined, ...content: AdfNode[]): AdfNode => ({
  type,
  ...(attrs === undefined ? {} : { attrs }),
  ...(content.length === 0 ? {} : { content }),
});
const item = (value: string): AdfNode => node('listItem', undefined, paragraph(text(value)));
const id = '2f0c6a52-1d2e-4f5a-9d0b-3f3c3e4a5b6c';
const extension = { extensionType: 'com.example', extensionKey: 'chart', text: 'Chart' };
const media = (attrs: Record<string, unknown> = {}): AdfNode =>
  node('media', { type: 'file', id: 'm1', collection: '', alt: 'shot', ...attrs });

/** At least one document for every node and mark of Atlassian's schema. */
export const adfSamples: readonly (readonly [string, AdfNode])[] = [
  ['paragraph, text, hardBreak', paragraph(text('One'), node('hardBreak', undefined), text('two'))],
  ['heading', node('heading', { level: 2 }, text('Title'))],
  ['rule', node('rule', undefined)],
  [
    'strong, em, strike',
    paragraph(text('a', { type: 'strong' }), text(' '), text('b', { type: 'em' }), text(' '), text('c', { type: 'strike' })),
  ],
  ['code', marked('code')],
  ['underline', marked('underline')],
  ['subsup', paragraph(text('H'), text('2', { type: 'subsup', attrs: { type: 'sub' } }), text('O'))],
  ['textColor', marked('textColor', { color: '#ff0000' })],
  ['backgroundColor', marked('backgroundColor', { color: '#ff0000' })],
  ['link', marked('link', { href: 'https://example.org/a' })],
  ['annotation', marked('annotation', { id, annotationType: 'inlineComment' })],
  ['alignment', { ...paragraph(text('word')), marks: [{ type: 'alignment', attrs: { align: 'center' } }] }],
  ['indentation', { ...paragraph(text('word')), marks: [{ type: 'indentation', attrs: { level: 1 } }] }],
  ['fontSize', { ...paragraph(text('word')), marks: [{ type: 'fontSize', attrs: { fontSize: 'small' } }] }],
  ['breakout', { ...node('codeBlock', undefined, text('wide')), marks: [{ type: 'breakout', attrs: { mode: 'wide' } }] }],
  ['dataConsumer', { ...node('extension', extension), marks: [{ type: 'dataConsumer', attrs: { sources: [id] } }] }],
  ['fragment', { ...node('extension', extension), marks: [{ type: 'fragment', attrs: { localId: id } }] }],
  ['bulletList, listItem', node('bulletList', undefined, item('a'), item('b'))],
  ['orderedList', node('orderedList', { order: 3 }, item('a'), item('b'))],
  [
    'taskList, taskItem',
    node(
      'taskList',
      { localId: id },
      node('taskItem', { localId: id, state: 'DONE' }, text('done')),
      node('taskItem', { localId: id, state: 'TODO' }, text('open')),
    ),
  ],
  [
    'blockTaskItem',
    node(
      'taskList',
      { localId: id },
      node('blockTaskItem', { localId: id, state: 'TODO' }, paragraph(text('open')), paragraph(text('and how'))),
      node('taskItem', { localId: id, state: 'TODO' }, text('next')),
    ),
  ],
  [
    'tasks in a list',
    node(
      'bulletList',
      undefined,
      node(
        'listItem',
        undefined,
        paragraph(text('a')),
        node('taskList', { localId: id }, node('taskItem', { localId: id, state: 'TODO' }, text('open'))),
      ),
    ),
  ],
  [
    'decisionList, decisionItem',
    node('decisionList', { localId: id }, node('decisionItem', { localId: id, state: 'DECIDED' }, text('so be it'))),
  ],
  ['blockquote', node('blockquote', undefined, paragraph(text('said')))],
  [
    'blockquote with a list and code',
    node('blockquote', undefined, node('bulletList', undefined, item('a')), node('codeBlock', undefined, text('int a;'))),
  ],
  ['codeBlock', node('codeBlock', { language: 'java' }, text('int a;'))],
  ['panel', node('panel', { panelType: 'warning' }, paragraph(text('Hot')))],
  [
    'panel with code, rule and tasks',
    node(
      'panel',
      { panelType: 'info' },
      node('codeBlock', undefined, text('int a;')),
      node('rule', undefined),
      node('taskList', { localId: id }, node('taskItem', { localId: id, state: 'TODO' }, text('open'))),
    ),
  ],
  ['expand', node('expand', { title: 'More' }, paragraph(text('Inside')))],
  [
    'nestedExpand',
    node(
      'table',
      undefined,
      node('tableRow', undefined, node('tableCell', {}, node('nestedExpand', { title: 'Inner' }, paragraph(text('Inside'))))),
    ),
  ],
  [
    'nestedExpand in an expand',
    node(
      'expand',
      { title: 'More' },
      paragraph(text('Inside')),
      node('nestedExpand', { title: 'Inner' }, node('blockquote', undefined, paragraph(text('said')))),
    ),
  ],
  [
    'layoutSection, layoutColumn',
    node(
      'layoutSection',
      undefined,
      node('layoutColumn', { width: 50 }, paragraph(text('left'))),
      node('layoutColumn', { width: 50 }, paragraph(text('right'))),
    ),
  ],
  [
    'table, tableRow, tableHeader, tableCell',
    node(
      'table',
      undefined,
      node(
        'tableRow',
        undefined,
        node('tableHeader', {}, paragraph(text('Head'))),
        node('tableHeader', {}, paragraph(text('Two'))),
      ),
      node('tableRow', undefined, node('tableCell', {}, paragraph(text('a'))), node('tableCell', {}, paragraph(text('b')))),
    ),
  ],
  [
    'table with merged cells',
    node(
      'table',
      undefined,
      node('tableRow', undefined, node('tableCell', { colspan: 2 }, paragraph(text('wide')))),
      node('tableRow', undefined, node('tableCell', {}, paragraph(text('a'))), node('tableCell', {}, paragraph(text('b')))),
    ),
  ],
  ['mediaSingle, media', node('mediaSingle', { layout: 'center' }, media())],
  [
    'border',
    node(
      'mediaSingle',
      { layout: 'center' },
      { ...media(), marks: [{ type: 'border', attrs: { size: 2, color: '#091e4224' } }] },
    ),
  ],
  ['caption', node('mediaSingle', { layout: 'center' }, media(), node('caption', undefined, text('What it shows')))],
  ['mediaGroup', node('mediaGroup', undefined, media({ alt: undefined }), media({ id: 'm2', alt: undefined }))],
  ['mediaInline', paragraph(text('see '), node('mediaInline', { type: 'file', id: 'm1', collection: '', alt: 'shot' }))],
  ['mention', paragraph(node('mention', { id: '5b10', text: '@Ann Lee' }), text(' said'))],
  ['emoji', paragraph(node('emoji', { shortName: ':tada:', text: '🎉' }))],
  ['date', paragraph(node('date', { timestamp: '1795478400000' }))],
  ['status', paragraph(node('status', { text: 'In progress', color: 'blue', localId: id }))],
  ['placeholder', paragraph(node('placeholder', { text: 'Type here' }))],
  ['inlineCard', paragraph(node('inlineCard', { url: 'https://example.org/a' }))],
  ['blockCard', node('blockCard', { url: 'https://example.org/a' })],
  ['embedCard', node('embedCard', { url: 'https://example.org/a', layout: 'center' })],
  ['inlineExtension', paragraph(node('inlineExtension', extension))],
  ['extension', node('extension', extension)],
  ['bodiedExtension', node('bodiedExtension', extension, paragraph(text('Body')))],
  ['syncBlock', node('syncBlock', { resourceId: id, localId: id })],
  ['bodiedSyncBlock', node('bodiedSyncBlock', { resourceId: id, localId: id }, paragraph(text('Body')))],
];
