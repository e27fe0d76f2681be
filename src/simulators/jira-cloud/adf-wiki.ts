import type { AdfMark, AdfNode } from './adf.ts';

/** The name of the file that a media id stands for. */
type FileName = (mediaId: string) => string | undefined;

/**
 * A document as wiki markup, in the form in which sites tell descriptions beside REST version 3: blocks with an empty line
 * between, hardly an escape, and what wiki markup has nothing for as JSON within `{adf}`.
 */
export function wikiOf(document: AdfNode, fileName: FileName): string {
  return blocksOf(document, fileName).join('\n\n');
}

function blocksOf(node: AdfNode, fileName: FileName): readonly string[] {
  return (node.content ?? []).map((child) => blockOf(child, fileName));
}

type Writer = (node: AdfNode, fileName: FileName) => string;

const panelColours: Readonly<Record<string, string>> = {
  info: '#deebff',
  note: '#eae6ff',
  success: '#e3fcef',
  warning: '#fffae6',
  error: '#ffebe6',
};

/** Languages that `{code}` knows; all other code has no language. */
const languages: ReadonlySet<string> = new Set('bash c css go html java javascript json php python ruby sql xml yaml'.split(' '));

const blockWriters: Readonly<Record<string, Writer>> = {
  paragraph: inlineOf,
  caption: inlineOf,
  heading: (node, fileName) => `h${attribute(node, 'level')}. ${inlineOf(node, fileName)}`,
  rule: () => '----',
  bulletList: (node, fileName) => listOf(node, '*', fileName),
  orderedList: (node, fileName) => listOf(node, '#', fileName),
  taskList: (node, fileName) => tasksOf(node, '*', fileName),
  codeBlock: (node) => {
    const code = (node.content ?? []).map(({ text }) => text ?? '').join('');
    const language = attribute(node, 'language');
    return languages.has(language) ? `{code:${language}}${code}{code}` : `{noformat}${code}{noformat}`;
  },
  blockquote: (node, fileName) => `{quote}${blocksOf(node, fileName).join('\n\n')}{quote}`,
  panel: (node, fileName) => {
    const colour = panelColours[attribute(node, 'panelType')] ?? '';
    return `{panel:bgColor=${colour}}\n${blocksOf(node, fileName).join('\n\n')}\n{panel}`;
  },
  expand: (node, fileName) => [`*${attribute(node, 'title')}*`, '', ...blocksOf(node, fileName)].join('\n'),
  table: (node, fileName) => (node.content ?? []).map((row) => rowOf(row, fileName)).join('\n'),
  mediaSingle: (node, fileName) => blocksOf(node, fileName).join('\n'),
  mediaGroup: (node, fileName) => blocksOf(node, fileName).join('\n'),
  media: mediaOf,
  blockCard: (node) => cardOf(node, 'smart-card'),
  embedCard: (node) => cardOf(node, 'smart-embed'),
};

function blockOf(node: AdfNode, fileName: FileName): string {
  const write = Object.hasOwn(blockWriters, node.type) && !hasMergedCells(node) ? blockWriters[node.type] : undefined;
  return write === undefined ? `{adf:display=block}\n${JSON.stringify(node)}\n{adf}` : write(node, fileName);
}

function hasMergedCells({ type, content = [] }: AdfNode): boolean {
  if (type !== 'table') return false;
  const spans = content.flatMap((row) => (row.content ?? []).flatMap(({ attrs }) => [attrs?.['colspan'], attrs?.['rowspan']]));
  return spans.some((span) => span !== undefined && span !== 1);
}

function rowOf({ content = [] }: AdfNode, fileName: FileName): string {
  const bar = (cell: AdfNode | undefined): string => (cell?.type === 'tableHeader' ? '||' : '|');
  const cells = content.map((cell) => `${bar(cell)}${blocksOf(cell, fileName).join('\n').trim() || ' '}`);
  return `${cells.join('')}${bar(content.at(-1))}`;
}

/** Blocks of an item stand on lines right below each other, lists in it with one sign more. */
function listOf(list: AdfNode, sign: string, fileName: FileName): string {
  const items = list.content ?? [];
  return items
    .flatMap((item): readonly string[] => {
      const lines: string[] = [];
      let isWithin = false;
      for (const child of item.content ?? []) {
        const isList = child.type === 'bulletList' || child.type === 'orderedList' || child.type === 'taskList';
        if (isList) lines.push(blockOf(child, fileName).replaceAll(/^(?=[*#])/gm, sign));
        else lines.push(isWithin ? blockOf(child, fileName) : `${sign} ${blockOf(child, fileName)}`);
        isWithin = !isList;
      }
      return lines;
    })
    .join('\n');
}

function tasksOf(list: AdfNode, signs: string, fileName: FileName): string {
  const items = list.content ?? [];
  return items
    .map((item) => {
      if (item.type === 'taskList') return tasksOf(item, `${signs}*`, fileName);
      const words = inlineOf(item, fileName);
      return attribute(item, 'state') === 'DONE' ? `${signs} -${words}-` : `${signs} ${words}`;
    })
    .join('\n');
}

const inlineWriters: Readonly<Record<string, Writer>> = {
  text: textOf,
  hardBreak: () => '\n',
  mention: (node) => `[~accountid:${attribute(node, 'id')}]`,
  emoji: (node) => attribute(node, 'text') || attribute(node, 'shortName'),
  status: (node) => `{color:#97A0AF}*[ ${attribute(node, 'text').toUpperCase()} ]*{color}`,
  date: (node) => `{{${dayOf(attribute(node, 'timestamp'))}}}`,
  inlineCard: (node) => cardOf(node, 'smart-link'),
  mediaInline: (node, fileName) => `[^${fileName(attribute(node, 'id')) ?? attribute(node, 'id')}]`,
};

function inlineOf(node: AdfNode, fileName: FileName): string {
  const write = (child: AdfNode): string => {
    const known = Object.hasOwn(inlineWriters, child.type) ? inlineWriters[child.type] : undefined;
    return known === undefined ? `{adf:display=inline}${JSON.stringify(child)}{adf}` : known(child, fileName);
  };
  return (node.content ?? []).map(write).join('');
}

function dayOf(timestamp: string): string {
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? timestamp : date.toISOString().slice(0, 10);
}

function cardOf(node: AdfNode, kind: string): string {
  const url = attribute(node, 'url');
  if (url === '') return `{adf:display=inline}${JSON.stringify(node)}{adf}`;
  return `[${url}|${url}|${kind}]`;
}

function mediaOf(node: AdfNode, fileName: FileName): string {
  const name = attribute(node, 'type') === 'external' ? attribute(node, 'url') : fileName(attribute(node, 'id'));
  const alt = attribute(node, 'alt');
  const options = ['width', 'height'].flatMap((key) => (attribute(node, key) === '' ? [] : [`${key}=${attribute(node, key)}`]));
  const all = alt === '' ? options : [...options, `alt="${alt}"`];
  return `!${name ?? attribute(node, 'id')}|${all.length === 0 ? 'thumbnail' : all.join(',')}!`;
}

/** Signs around the words of a mark, in the order in which they are put there; white space at the ends stays outside. */
const marks: readonly (readonly [type: string, write: (text: string, mark: AdfMark) => string])[] = [
  ['em', around('_')],
  ['strike', around('-')],
  ['strong', around('*')],
  ['subsup', (text, mark) => around(mark.attrs?.['type'] === 'sub' ? '~' : '^')(text)],
  ['underline', around('+')],
  ['textColor', (text, mark) => `{color:${String(mark.attrs?.['color'])}}${text}{color}`],
  ['link', (text, mark) => `[${text}|${String(mark.attrs?.['href'])}]`],
  ['code', (text) => `{{${text}}}`],
];

function around(sign: string): (text: string) => string {
  return (text) => text.replace(/^(\s*)(\S.*?)(\s*)$/s, `$1${sign}$2${sign}$3`);
}

function textOf({ text = '', marks: own = [] }: AdfNode): string {
  const isCode = own.some(({ type }) => type === 'code');
  return marks.reduce(
    (written, [type, write]) => {
      const mark = own.find((one) => one.type === type);
      return mark === undefined ? written : write(written, mark);
    },
    isCode ? text : escaped(text),
  );
}

/** Macros, mentions, pictures and files; nothing else is escaped. */
function escaped(text: string): string {
  return text
    .replaceAll(/\{(?:code|noformat|quote|panel|color|adf)(?::[^}\n]*)?\}|\[~/g, '\\$&')
    .replaceAll(/(![^ !]+)!/g, '\\$1\\!')
    .replaceAll(/(\[\^[^ \]]+)\]/g, '\\$1\\]');
}

function attribute(node: AdfNode, name: string): string {
  const value = node.attrs?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
