import { describe, expect, it } from 'vitest';
import { decodeAdf, patchAdf } from '../../src/content/adf.ts';
import { contentOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { decodeWiki, patchWiki } from '../../src/content/wiki/wiki.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { randomFrom, SchemaDocuments } from './schema-documents.ts';
import { wikiContext } from './wiki/wiki-context.ts';

const count = Number(process.env['BLOCK_MOVES'] ?? (process.env['CI'] === undefined ? 300 : 2000));
const seed = Number(process.env['SCHEMA_SEED'] ?? 1);

const text = (value: string) => ({ type: 'text', text: value });
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const status = { type: 'status', attrs: { text: 'DONE', color: 'green', localId: 's' } };
const mention = { type: 'mention', attrs: { id: 'u1', text: '@Ann' } };
const coloured = { type: 'text', text: 'red', marks: [{ type: 'textColor', attrs: { color: '#ff0000' } }] };
const item = (...content: object[]) => ({ type: 'listItem', content });
const task = (localId: string, ...content: object[]) => ({ type: 'taskItem', attrs: { localId, state: 'TODO' }, content });
const cell = (...content: object[]) => ({ type: 'tableCell', attrs: { background: '#eeeeee' }, content });
const row = (...cells: object[]) => ({ type: 'tableRow', content: cells });

/** What is held, and how it stands in a document. */
const holders: readonly (readonly [string, (content: readonly object[]) => object, readonly object[]])[] = [
  [
    'blocks',
    (content) => ({ type: 'doc', version: 1, content }),
    [paragraph(text('One '), mention), paragraph(text('Two '), status), paragraph(text('Three '), coloured)],
  ],
  [
    'blocks of a panel',
    (content) => ({ type: 'doc', version: 1, content: [{ type: 'panel', attrs: { panelType: 'info' }, content }] }),
    [paragraph(text('One '), mention), paragraph(text('Two '), status), paragraph(text('Three '), coloured)],
  ],
  [
    'items',
    (content) => ({ type: 'doc', version: 1, content: [{ type: 'bulletList', content }] }),
    [item(paragraph(text('One '), mention)), item(paragraph(text('Two '), status)), item(paragraph(text('Three '), coloured))],
  ],
  [
    'tasks',
    (content) => ({ type: 'doc', version: 1, content: [{ type: 'taskList', attrs: { localId: 'l' }, content }] }),
    [task('a', text('One '), mention), task('b', text('Two '), status), task('c', text('Three '), coloured)],
  ],
  [
    'rows',
    (content) => ({
      type: 'doc',
      version: 1,
      content: [{ type: 'table', attrs: {}, content: [row(cell(paragraph(text('Head')))), ...content] }],
    }),
    [row(cell(paragraph(text('One '), mention))), row(cell(paragraph(text('Two '), status))), row(cell(paragraph(coloured)))],
  ],
];

/** The last to the front, the first to the end, two that change places. */
const orders: readonly ((content: readonly object[]) => readonly object[])[] = [
  (content) => [...content.slice(-1), ...content.slice(0, -1)],
  (content) => [...content.slice(1), ...content.slice(0, 1)],
  (content) => [...content.slice(-1), ...content.slice(1, -1), ...content.slice(0, 1)],
];

describe('what is moved on the other side', () => {
  it.each(holders)('is the same in its new place on Jira: %s', (_, document, content) => {
    for (const order of orders) {
      const [before, after] = [document(content), document(order(content))] as AdfNode[] as [never, never];
      expect(patchAdf(before, decodeAdf(after, adfContext), adfContext)).toEqual(after);
    }
  });

  it('is the same where another block changes along with it', () => {
    const document = (...content: object[]) => ({ type: 'doc', version: 1, content }) as never;
    const [one, two, three] = [paragraph(text('One '), mention), paragraph(text('Two')), paragraph(text('Three '), status)];
    const changed = paragraph(text('Two, edited'));
    const edited = decodeAdf(document(three, changed, one, paragraph(text('New'))), adfContext);
    expect(patchAdf(document(one, two, three), edited, adfContext)).toEqual(
      document(three, changed, one, paragraph(text('New'))),
    );
  });

  it.each([
    ['GitHub', 'A <!-- seen by nobody --> b\n\n* one\n* two\n\nC\\\nd', 'C\\\nd\n\n* one\n* two\n\nA <!-- seen by nobody --> b'],
    ['items of GitHub', '* A <!-- b -->\n*  __c__\n* d', '*  __c__\n* d\n* A <!-- b -->'],
    ['tasks of GitHub', '- [x] A <!-- b -->\n- [ ]  __c__\n- [ ] d', '- [ ] d\n- [ ]  __c__\n- [x] A <!-- b -->'],
    ['rows of GitHub', '|a|\n|-|\n|b <!-- c -->|\n|__d__|\n| e  |', '|a|\n|-|\n| e  |\n|b <!-- c -->|\n|__d__|'],
    ['GitHub, at the end', 'A\n\n\n__b__\n\n***\n', '***\n\nA\n\n\n__b__\n'],
  ])('is the same in its new place: %s', (_, before, after) => {
    expect(patchMarkdown(before, decodeMarkdown(after, markdownContext), markdownContext)).toBe(after);
  });

  it.each([
    ['blocks', 'A {color:red}b{color}\n\nh1. C\n\n|d|e|', 'h1. C\n\n|d|e|\n\nA {color:red}b{color}'],
    ['items', '* A {color:red}b{color}\n* {-}c{-}\n* d', '* {-}c{-}\n* d\n* A {color:red}b{color}'],
    ['rows', '||a||\n|{color:red}b{color}|\n|{-}c{-}|\n|d |', '||a||\n|{-}c{-}|\n|d |\n|{color:red}b{color}|'],
  ])('is the same in its new place on Jira Data Center: %s', (_, before, after) => {
    expect(patchWiki(before, decodeWiki(after, wikiContext), wikiContext)).toBe(after);
  });
});

/** Whether each node at the top is one block, so that what is moved is one of them. */
function isSimple(native: AdfNode, root: Neutral): boolean {
  const nodes = contentOf(native);
  const blocksOf = (node: AdfNode): number =>
    decodeAdf({ type: 'doc', version: 1, content: [node] } as never, adfContext).children.length;
  return nodes.length === root.children.length && nodes.every((node) => blocksOf(node) === 1);
}

it(`moves a block of a document of Jira as it is (seed ${seed})`, { timeout: 300_000 }, () => {
  const random = randomFrom(seed);
  const documents = new SchemaDocuments(random);
  const faults: string[] = [];
  let moves = 0;
  for (let index = 0; index < count; index += 1) {
    const native = documents.document();
    const root = decodeAdf(native, adfContext);
    if (root.children.length < 2 || !isSimple({ ...native }, root)) continue;
    const from = Math.floor(random() * root.children.length);
    const to = Math.floor(random() * (root.children.length - 1));
    const edited = structuredClone(root);
    edited.children.splice(to, 0, ...edited.children.splice(from, 1));
    const nodes = [...contentOf({ ...native })];
    nodes.splice(to, 0, ...nodes.splice(from, 1));
    // Beside other neighbours a block may read otherwise: two lists become one.
    const wanted = canonicalText(decodeAdf({ ...native, content: nodes } as never, adfContext));
    if (wanted !== canonicalText(edited)) continue;
    moves += 1;
    const patched = contentOf({ ...patchAdf(native, edited, adfContext) });
    expect(canonicalText(decodeAdf({ ...native, content: patched } as never, adfContext))).toBe(wanted);
    const [is, was] = [patched, contentOf({ ...native })].map((all) => all.map((node) => JSON.stringify(node)).toSorted());
    if (JSON.stringify(is) !== JSON.stringify(was))
      faults.push(`document ${index}: ${JSON.stringify(native)} TO ${JSON.stringify(patched)}`);
  }
  process.stdout.write(`ADF: ${moves} blocks moved, ${faults.length} changed more.\n`);
  expect(moves).toBeGreaterThan(0);
  expect(faults.slice(0, 3)).toEqual([]);
});
