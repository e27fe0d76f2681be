/**
 * What may stand where in the Atlassian Document Format: node types with their children, attributes and marks.
 * Written down from the published JSON schema of ADF (`@atlaskit/adf-schema` 57.7.22, json-schema/v1/full.json).
 */
export type AttributeRule =
  | 'string'
  | 'text'
  | 'number'
  | 'boolean'
  | 'numbers'
  | 'strings'
  | 'any'
  | readonly (string | number)[];

export interface NodeRule {
  readonly children?: readonly string[];
  /** What the first child must be one of, where that is narrower. */
  readonly first?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  readonly required?: readonly string[];
  readonly marks?: readonly string[];
}

export interface MarkRule {
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  readonly required?: readonly string[];
}

const inline = [
  'text',
  'hardBreak',
  'mention',
  'emoji',
  'inlineExtension',
  'date',
  'placeholder',
  'inlineCard',
  'status',
  'mediaInline',
] as const;

const captionInline = inline.filter((type) => type !== 'inlineExtension' && type !== 'mediaInline');

const quotable = ['paragraph', 'bulletList', 'orderedList', 'codeBlock', 'mediaSingle', 'mediaGroup', 'extension'] as const;

const panelBlocks = [...quotable, 'heading', 'rule', 'taskList', 'decisionList', 'blockCard'] as const;
const itemBlocks = ['paragraph', 'bulletList', 'orderedList', 'taskList', 'codeBlock', 'mediaSingle', 'extension'] as const;
const nestable = [...panelBlocks, 'panel', 'blockquote', 'embedCard'] as const;
const nestedExpandBlocks = nestable.filter((type) => type !== 'blockCard' && type !== 'embedCard');
const macroBlocks = [...nestable, 'table'] as const;
const columnBlocks = [...macroBlocks, 'expand', 'bodiedExtension'] as const;
const documentBlocks = [...columnBlocks, 'layoutSection', 'syncBlock', 'bodiedSyncBlock'] as const;
const syncedBlocks = [...macroBlocks.filter((type) => type !== 'extension'), 'expand', 'layoutSection'] as const;
const cellBlocks = [...nestable, 'nestedExpand'] as const;

const layouts = ['wide', 'full-width', 'center', 'wrap-right', 'wrap-left', 'align-end', 'align-start'] as const;
const blockMarks = ['alignment', 'indentation'] as const;
const mediaMarks = ['dataConsumer', 'link', 'annotation', 'border'] as const;

const extensionAttributes: Readonly<Record<string, AttributeRule>> = {
  extensionKey: 'text',
  extensionType: 'text',
  parameters: 'any',
  text: 'string',
  layout: ['wide', 'full-width', 'default'],
};

const cell: NodeRule = {
  children: cellBlocks,
  minimum: 1,
  attributes: {
    colspan: 'number',
    rowspan: 'number',
    colwidth: 'numbers',
    background: 'string',
    valign: ['top', 'middle', 'bottom'],
  },
};

const mediaAttributes: Readonly<Record<string, AttributeRule>> = {
  collection: 'string',
  height: 'number',
  width: 'number',
  occurrenceKey: 'text',
  alt: 'string',
};

/** Every node type but `text`, which has no children and no attributes. */
export const nodeRules: Readonly<Record<string, NodeRule>> = {
  doc: { children: documentBlocks },
  paragraph: { children: inline, marks: [...blockMarks, 'fontSize'] },
  heading: { children: inline, attributes: { level: [1, 2, 3, 4, 5, 6] }, required: ['level'], marks: blockMarks },
  bulletList: { children: ['listItem'], minimum: 1 },
  orderedList: { children: ['listItem'], minimum: 1, attributes: { order: 'number' } },
  listItem: { children: itemBlocks, minimum: 1 },
  codeBlock: {
    children: ['text'],
    attributes: { language: 'string', uniqueId: 'string', wrap: 'boolean', hideLineNumbers: 'boolean' },
    marks: ['breakout'],
  },
  blockquote: { children: quotable, minimum: 1 },
  rule: {},
  panel: {
    children: panelBlocks,
    minimum: 1,
    attributes: {
      panelType: ['info', 'note', 'tip', 'warning', 'error', 'success', 'custom'],
      panelIcon: 'string',
      panelIconId: 'string',
      panelIconText: 'string',
      panelColor: 'string',
    },
    required: ['panelType'],
  },
  taskList: { children: ['taskItem', 'blockTaskItem', 'taskList'], minimum: 1 },
  taskItem: { children: inline, attributes: { state: ['TODO', 'DONE'] }, required: ['state'] },
  blockTaskItem: {
    children: ['paragraph', 'extension'],
    minimum: 1,
    attributes: { state: ['TODO', 'DONE'] },
    required: ['state'],
  },
  decisionList: { children: ['decisionItem'], minimum: 1 },
  decisionItem: { children: inline, attributes: { state: 'string' }, required: ['state'] },
  table: {
    children: ['tableRow'],
    minimum: 1,
    attributes: {
      isNumberColumnEnabled: 'boolean',
      layout: ['wide', 'full-width', 'center', 'align-end', 'align-start', 'default'],
      width: 'number',
      displayMode: ['default', 'fixed'],
    },
    marks: ['fragment'],
  },
  tableRow: { children: ['tableCell', 'tableHeader'] },
  tableCell: cell,
  tableHeader: cell,
  expand: { children: [...macroBlocks, 'nestedExpand'], minimum: 1, attributes: { title: 'string' }, marks: ['breakout'] },
  nestedExpand: { children: nestedExpandBlocks, minimum: 1, attributes: { title: 'string' } },
  mediaSingle: {
    children: ['media', 'caption'],
    first: ['media'],
    minimum: 1,
    maximum: 2,
    attributes: { layout: layouts, width: 'number', widthType: ['percentage', 'pixel'] },
    marks: ['link'],
  },
  mediaGroup: { children: ['media'], minimum: 1 },
  caption: { children: captionInline },
  media: {
    attributes: { ...mediaAttributes, type: ['link', 'file', 'external'], id: 'text', url: 'string' },
    required: ['type'],
    marks: mediaMarks,
  },
  mediaInline: {
    attributes: { ...mediaAttributes, type: ['link', 'file', 'image'], id: 'text', data: 'any' },
    required: ['id', 'collection'],
    marks: mediaMarks,
  },
  blockCard: { attributes: { url: 'string', data: 'any', datasource: 'any', width: 'number', layout: layouts } },
  inlineCard: { attributes: { url: 'string', data: 'any' } },
  embedCard: {
    attributes: { url: 'string', layout: layouts, width: 'number', originalWidth: 'number', originalHeight: 'number' },
    required: ['url', 'layout'],
  },
  layoutSection: { children: ['layoutColumn'], minimum: 2, maximum: 3, marks: ['breakout'] },
  layoutColumn: {
    children: columnBlocks,
    minimum: 1,
    attributes: { width: 'number', valign: ['top', 'middle', 'bottom'] },
    required: ['width'],
  },
  syncBlock: { attributes: { resourceId: 'string' }, required: ['resourceId'], marks: ['breakout'] },
  bodiedSyncBlock: {
    children: syncedBlocks,
    minimum: 1,
    attributes: { resourceId: 'string' },
    required: ['resourceId'],
    marks: ['breakout'],
  },
  extension: {
    attributes: extensionAttributes,
    required: ['extensionKey', 'extensionType'],
    marks: ['dataConsumer', 'fragment'],
  },
  bodiedExtension: {
    children: macroBlocks,
    minimum: 1,
    attributes: extensionAttributes,
    required: ['extensionKey', 'extensionType'],
    marks: ['dataConsumer', 'fragment'],
  },
  inlineExtension: {
    attributes: extensionAttributes,
    required: ['extensionKey', 'extensionType'],
    marks: ['dataConsumer', 'fragment'],
  },
  hardBreak: { attributes: { text: ['\n'] } },
  mention: {
    attributes: { id: 'string', text: 'string', userType: ['DEFAULT', 'SPECIAL', 'APP'], accessLevel: 'string' },
    required: ['id'],
  },
  emoji: { attributes: { shortName: 'string', id: 'string', text: 'string' }, required: ['shortName'] },
  date: { attributes: { timestamp: 'text' }, required: ['timestamp'] },
  placeholder: { attributes: { text: 'string' }, required: ['text'] },
  status: {
    attributes: { text: 'text', color: 'string', style: 'string' },
    required: ['text', 'color'],
  },
};

export const markRules: Readonly<Record<string, MarkRule>> = {
  strong: {},
  em: {},
  strike: {},
  underline: {},
  code: {},
  subsup: { attributes: { type: ['sub', 'sup'] }, required: ['type'] },
  textColor: { attributes: { color: 'string' }, required: ['color'] },
  backgroundColor: { attributes: { color: 'string' }, required: ['color'] },
  link: {
    attributes: { href: 'string', title: 'string', id: 'string', collection: 'string', occurrenceKey: 'string' },
    required: ['href'],
  },
  annotation: { attributes: { id: 'string', annotationType: ['inlineComment'] }, required: ['id', 'annotationType'] },
  alignment: { attributes: { align: ['center', 'end'] }, required: ['align'] },
  indentation: { attributes: { level: [1, 2, 3, 4, 5, 6] }, required: ['level'] },
  breakout: { attributes: { mode: ['wide', 'full-width'], width: 'number' }, required: ['mode'] },
  border: { attributes: { size: 'number', color: 'string' }, required: ['size', 'color'] },
  fontSize: { attributes: { fontSize: ['small'] }, required: ['fontSize'] },
  fragment: { attributes: { localId: 'text', name: 'string' }, required: ['localId'] },
  dataConsumer: { attributes: { sources: 'strings' }, required: ['sources'] },
};

/** Text in a heading, a paragraph and so on. A `code` mark goes with links and annotations only. */
export const textMarks: ReadonlySet<string> = new Set([
  'strong',
  'em',
  'strike',
  'underline',
  'code',
  'subsup',
  'textColor',
  'backgroundColor',
  'link',
  'annotation',
]);

export const codeCompanions: ReadonlySet<string> = new Set(['code', 'link', 'annotation']);

/** Parents whose paragraphs and headings may be aligned or indented. */
const parentsOfPlacedBlocks: ReadonlySet<string> = new Set([
  'doc',
  'layoutColumn',
  'tableCell',
  'tableHeader',
  'bodiedSyncBlock',
]);

/** In which parents a block may bear a mark that not every parent has room for. */
export const parentsOfMarked: Readonly<Record<string, ReadonlySet<string>>> = {
  alignment: parentsOfPlacedBlocks,
  indentation: parentsOfPlacedBlocks,
  breakout: new Set(['doc', 'bodiedSyncBlock']),
  fontSize: new Set([
    ...parentsOfPlacedBlocks,
    'listItem',
    'blockTaskItem',
    'panel',
    'expand',
    'nestedExpand',
    'bodiedExtension',
  ]),
};

/** What the schema asks for no number of children of, within a synced block; nor does it say there which marks a block bears. */
export const uncountedWhenSynced: ReadonlySet<string> = new Set(['layoutSection', 'mediaSingle']);
