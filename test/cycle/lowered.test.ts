import { describe, expect, test } from 'vitest';
import { decodeAdf } from '../../src/content/adf.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { adfContext } from '../content/contexts.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const item = (...content: object[]) => ({ type: 'listItem', content });
const cell = (text: string, attrs = {}) => ({ type: 'tableCell', attrs, content: [paragraph(text)] });
const row = (...content: object[]) => ({ type: 'tableRow', content });
const doc = (...content: object[]) => ({ type: 'doc' as const, version: 1 as const, content });

/** What wiki markup, Textile or both cannot say. */
const rich = [
  {
    type: 'table',
    attrs: { isNumberColumnEnabled: false, layout: 'default' },
    content: [row(cell('wide', { colspan: 2 })), row(cell('a'), cell('b'))],
  },
  {
    type: 'expand',
    attrs: { title: 'More, and more' },
    content: [{ type: 'panel', attrs: { panelType: 'warning' }, content: [paragraph('Hot')] }],
  },
  { type: 'orderedList', attrs: { order: 5 }, content: [item(paragraph('five')), item(paragraph('six'))] },
  {
    type: 'bulletList',
    content: [item(paragraph('before'), { type: 'bulletList', content: [item(paragraph('within'))] }, paragraph('after'))],
  },
];

/** The blocks of a text on Jira, without the ids that the server gives them. */
const blocks = (document: unknown): unknown => {
  const { content } = document as { readonly content: readonly unknown[] };
  return JSON.parse(JSON.stringify(content, (key, value: unknown) => (key === 'localId' ? undefined : value)));
};

const issueOf = (world: World) => {
  const [issue] = world.jira.people.issues();
  if (issue === undefined) throw new Error('no issue');
  return issue;
};

async function settled(world: World): Promise<void> {
  world.clock.advance(20 * 60_000);
  for (let cycle = 0; cycle < 3; cycle += 1) await world.cycle();
  const quiet = await world.cycle({ audit: 'full' });
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(quiet.result).toMatchObject({ changes: [], failures: [], differences: [] });
  expect(world.violations()).toEqual([]);
}

const sides = [
  { name: 'Jira Data Center', options: { tracker: 'jira-dc' } },
  { name: 'Redmine with Textile', options: { tracker: 'redmine' } },
  { name: 'Redmine with CommonMark', options: { tracker: 'redmine', inputs: { 'text-format': 'commonmark' } } },
] as const;

describe.each(sides)('an edit made on $name', ({ options }) => {
  async function connected(...description: object[]) {
    const world = createWorld(options);
    await world.connect();
    const { ann } = world.people;
    const document = doc(...description);
    world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'Rich', labels: ['sync'], description: document });
    await world.cycle();
    await settled(world);
    const [id = ''] = world.there.ids();
    const edit = (from: string, to: string): void => {
      const text = world.there.text(id);
      expect(text).toContain(from);
      world.there.edit(id, { as: 'dana', text: text.replace(from, to) });
    };
    return { world, id, edit };
  }

  test('leaves what its markup cannot say as it stands on Jira Cloud', async () => {
    const { world, id, edit } = await connected(paragraph('an old word'), ...rich);
    const before = world.there.text(id);
    edit('old', 'new');
    await settled(world);
    expect(blocks(issueOf(world).description)).toEqual(blocks(doc(paragraph('an new word'), ...rich)));
    expect(world.there.text(id)).toBe(before.replace('old', 'new'));
  });

  test('leaves what Jira Cloud added to the copy of its own issue', async () => {
    const world = createWorld(options);
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'Mine', text: 'an old word\n\nsecond' });
    await world.cycle();
    const { key } = issueOf(world);
    const description = doc(paragraph('an old word'), ...rich);
    world.jira.people.editIssue(key, { as: world.people.ann, description });
    await settled(world);
    world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('old', 'new') });
    await settled(world);
    expect(blocks(issueOf(world).description)).toEqual(blocks(doc(paragraph('an new word'), ...rich)));
  });

  test('is merged with one that Jira Cloud made of a block that its markup cannot say', async () => {
    const { world, edit } = await connected(paragraph('an old word'), ...rich);
    const [table, expand, list, bullets] = rich;
    const numbered = JSON.parse(JSON.stringify(list).replace('six', 'seven')) as object;
    edit('old', 'new');
    const description = doc(paragraph('an old word'), ...[table, expand, numbered, bullets].flatMap((block) => block ?? []));
    world.jira.people.editIssue(issueOf(world).key, { as: world.people.ann, description });
    await settled(world);
    const merged = decodeAdf(issueOf(world).description, adfContext);
    const wanted = doc(paragraph('an new word'), ...[table, expand, numbered, bullets].flatMap((block) => block ?? []));
    expect(canonicalText(merged)).toBe(canonicalText(decodeAdf(wanted, adfContext)));
    expect(world.there.text(world.there.ids()[0] ?? '')).toMatch(/an new word[^]*seven/);
  });

  test('leaves the rest of a comment as it stands on Jira Cloud', async () => {
    const { world, id } = await connected(paragraph('text'));
    const { key } = issueOf(world);
    world.jira.people.addComment(key, { as: world.people.ben, body: doc(paragraph('an old word'), ...rich) });
    await settled(world);
    const [comment] = world.there.comments(id);
    if (comment === undefined) throw new Error('no comment');
    world.there.editComment(id, { id: comment.id, as: 'dana', text: comment.text.replace('old', 'new') });
    world.clock.advance(24 * 60 * 60_000);
    await settled(world);
    expect(blocks(issueOf(world).comments[0]?.body)).toEqual(blocks(doc(paragraph('an new word'), ...rich)));
  });
});
