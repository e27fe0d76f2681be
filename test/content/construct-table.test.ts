import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import type { AdfPatchContext } from '../../src/content/adf.ts';
import { attributeOf, contentOf, isAdfNode } from '../../src/content/adf-document.ts';
import type { AdfNode } from '../../src/content/adf-document.ts';
import { decodeMarkdown, encodeMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { attachmentUrl } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { encodeTextile } from '../../src/content/textile/textile.ts';
import { encodeWiki } from '../../src/content/wiki/wiki.ts';
import { adfSamples } from './adf-samples.ts';
import { schemaProblem } from './adf-schema.ts';
import { constructs, constructsContext, redmineContext } from './constructs.ts';
import { schemaTypes } from './schema-documents.ts';
import { textileContext } from './textile/textile-context.ts';
import { wikiContext } from './wiki/wiki-context.ts';

const adfContext: AdfPatchContext = {
  attachmentId: (mediaId) => /^m(\d)$/.exec(mediaId)?.[1],
  mediaId: (id) => ({ id: `m${id}` }),
  attachmentLink: (id) => `https://site/attachment/${id}`,
};
const to = (side: 'public' | 'private', root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl(side, id));

/** One line of a text in a table, as code. */
function code(line: string): string {
  if (line.trim() === '') return '';
  const fence = line.includes('`') ? '``' : '`';
  const space = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${space}${line.replaceAll('|', '\\|')}${space}${fence}`;
}

function cell(native: string): string {
  return native.split('\n').map(code).join('<br>');
}

function marksOf(node: AdfNode): readonly AdfNode[] {
  const { marks } = node;
  return Array.isArray(marks) ? marks.filter(isAdfNode) : [];
}

/** Types of nodes within each other; a text with the marks it bears. */
function outline(node: AdfNode): string {
  const kind = ['panelType', 'level', 'state', 'order', 'colspan'].flatMap((name) => {
    const value = attributeOf(node, name);
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
  const marks = marksOf(node)
    .map(({ type }) => type)
    .join(' ');
  const name = `${node.type}${kind.length === 0 ? '' : `(${kind.join(', ')})`}${marks === '' ? '' : ` ${marks}`}`;
  const inside = contentOf(node)
    .map((child) => outline(child))
    .join(', ');
  return inside === '' ? name : `${name} [${inside}]`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const fromMarkdown = table(
  ['Construct', 'GitHub', 'Jira Cloud', 'Jira Data Center', 'Redmine, Textile', 'Redmine, CommonMark'],
  constructs.map(([title, source]) => {
    const root = decodeMarkdown(source, constructsContext);
    const document = encodeAdf(to('public', root), adfContext);
    return [
      title,
      cell(source),
      document.content.map((node) => code(outline(node))).join('<br>'),
      cell(encodeWiki(root, wikiContext)),
      cell(encodeTextile(root, textileContext)),
      cell(encodeMarkdown(root, redmineContext)),
    ];
  }),
);

const fromAdf = table(
  ['Node or mark', 'Jira Cloud', 'GitHub', 'Jira Data Center', 'Redmine, Textile', 'Redmine, CommonMark'],
  adfSamples.map(([title, node]) => {
    const root = to('private', decodeAdf({ version: 1, type: 'doc', content: [node] }, adfContext));
    return [
      title,
      code(outline(node)),
      cell(encodeMarkdown(root, constructsContext)),
      cell(encodeWiki(root, wikiContext)),
      cell(encodeTextile(root, textileContext)),
      cell(encodeMarkdown(root, redmineContext)),
    ];
  }),
);

function typesIn(node: AdfNode): readonly string[] {
  return [node.type, ...marksOf(node).map(({ type }) => type), ...contentOf(node).flatMap((child) => typesIn(child))];
}

describe('the tables of docs/content.md', () => {
  it('have every node and mark of Atlassian’s schema, each in a valid document', () => {
    const shown = new Set(adfSamples.flatMap(([, node]) => typesIn(node)));
    expect([...schemaTypes].filter((type) => type !== 'doc' && !shown.has(type))).toEqual([]);
    for (const [title, node] of adfSamples)
      expect(schemaProblem({ version: 1, type: 'doc', content: [node] }), title).toBeUndefined();
  });

  it('are what the codecs write', async () => {
    const path = '../../docs/content.md';
    const [before = '', , after = ''] = readFileSync(new URL(path, import.meta.url), 'utf8').split(/<!-- \/?constructs -->\n/);
    const tables = `## What each construct becomes\n\nWritten by \`test/content/construct-table.test.ts -u\`. Lines of a text stand below each other; of an Atlassian document its nodes are named, each with its marks and, in brackets, what is in it.\n\n### From GitHub's side\n\n${fromMarkdown}\n\n### From Jira Cloud's side\n\n${fromAdf}\n`;
    await expect(`${before}<!-- constructs -->\n${tables}<!-- /constructs -->\n${after}`).toMatchFileSnapshot(path);
  });
});
