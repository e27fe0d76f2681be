import { readFileSync } from 'node:fs';
import AjvDraft04 from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { parseAdfShape, textOf } from '../../../src/simulators/jira-cloud/adf.ts';
import { findAdfFault } from '../../../src/simulators/jira-cloud/adf-check.ts';
import { nodeRules } from '../../../src/simulators/jira-cloud/adf-rules.ts';
import { openSite, paragraph } from './open-site.ts';

const schema: { definitions: Record<string, { properties?: { type?: { enum?: string[] } } }> } = JSON.parse(
  readFileSync(new URL('../../contract/adf-full.schema.json', import.meta.url), 'utf8'),
);
const validate = new AjvDraft04.default({ strict: false }).compile(schema);

const text = (value: string, ...marks: string[]): object => ({
  type: 'text',
  text: value,
  ...(marks.length === 0 ? {} : { marks: marks.map((type) => ({ type })) }),
});
const block = (type: string, ...content: object[]): object => ({ type, content });
const withAttrs = (type: string, attrs: object, ...content: object[]): object => ({
  type,
  attrs,
  ...(content.length === 0 ? {} : { content }),
});
const doc = (...content: object[]): object => ({ version: 1, type: 'doc', content });
const para = (...content: object[]): object => block('paragraph', ...content);
const item = (...content: object[]): object => block('listItem', ...content);

const good: Readonly<Record<string, object>> = {
  'nested lists': doc(block('bulletList', item(para(text('a')), withAttrs('orderedList', { order: 3 }, item(para(text('b'))))))),
  'a task list': doc(withAttrs('taskList', { localId: 'l' }, withAttrs('taskItem', { localId: 'i', state: 'DONE' }, text('x')))),
  'a table': doc(
    block('table', block('tableRow', block('tableHeader', para()), block('tableCell', para(text('x')), { type: 'rule' }))),
  ),
  'a panel and an expand': doc(
    withAttrs('panel', { panelType: 'info' }, para(text('x'))),
    withAttrs('expand', { title: 't' }, withAttrs('codeBlock', { language: 'js' }, text('x'))),
  ),
  'marks that go together': doc(para(text('x', 'strong', 'em', 'strike', 'underline'), text('y', 'code'))),
  inlines: doc(
    para(
      { type: 'hardBreak' },
      withAttrs('mention', { id: 'a' }),
      withAttrs('emoji', { shortName: ':x:' }),
      withAttrs('status', { text: 'x', color: 'red' }),
      withAttrs('date', { timestamp: '1' }),
      withAttrs('inlineCard', { url: 'https://example.org' }),
    ),
  ),
  'an item that begins with a list': doc(block('bulletList', item(block('bulletList', item(para()))))),
  'what panels, quotes and items hold': doc(
    withAttrs('panel', { panelType: 'info' }, block('codeBlock', text('x')), { type: 'rule' }),
    block('blockquote', block('codeBlock', text('x')), block('bulletList', item(para(text('y'))))),
    block('bulletList', item(withAttrs('taskList', { localId: 'l' }, withAttrs('taskItem', { localId: 'i', state: 'TODO' })))),
  ),
  'an expand in an expand': doc(withAttrs('expand', {}, withAttrs('nestedExpand', {}, block('blockquote', para(text('x')))))),
  'a task of blocks': doc(
    withAttrs('taskList', { localId: 'l' }, withAttrs('blockTaskItem', { localId: 'i', state: 'TODO' }, para(), para())),
  ),
  'synced blocks': doc(
    withAttrs('syncBlock', { localId: 'l', resourceId: 'r' }),
    withAttrs('bodiedSyncBlock', { localId: 'l', resourceId: 'r' }, para(text('x')), block('expand', para())),
  ),
  'text of another size and background': doc({
    ...para({ type: 'text', text: 'x', marks: [{ type: 'backgroundColor', attrs: { color: '#ff0000' } }] }),
    marks: [{ type: 'fontSize', attrs: { fontSize: 'small' } }],
  }),
  layouts: doc(
    block('layoutSection', withAttrs('layoutColumn', { width: 50 }, para()), withAttrs('layoutColumn', { width: 50 }, para())),
  ),
};

const bad: Readonly<Record<string, unknown>> = {
  'an unknown node': doc(block('banner', para())),
  'text outside a paragraph': doc(text('x')),
  'a paragraph in a paragraph': doc(para(para())),
  'a list without items': doc(block('bulletList')),
  'a heading without a level': doc(block('heading', text('x'))),
  'a heading of level 7': doc(withAttrs('heading', { level: 7 }, text('x'))),
  'a panel in a panel': doc(withAttrs('panel', { panelType: 'info' }, withAttrs('panel', { panelType: 'note' }, para()))),
  'an unknown panel': doc(withAttrs('panel', { panelType: 'loud' }, para())),
  'code with strong': doc(para(text('x', 'code', 'strong'))),
  'marks in a code block': doc(block('codeBlock', text('x', 'strong'))),
  'an unknown mark': doc(para(text('x', 'blink'))),
  'a link without a target': doc(para({ type: 'text', text: 'x', marks: [{ type: 'link', attrs: {} }] })),
  'an unknown attribute': doc(withAttrs('rule', { width: 3 })),
  'media without an id': doc(block('mediaGroup', withAttrs('media', { type: 'file', collection: '' }))),
  'a heading in a quote': doc(block('blockquote', withAttrs('heading', { level: 1 }))),
  'a table in a nested expand': doc(
    block('expand', block('nestedExpand', block('table', block('tableRow', block('tableCell', para()))))),
  ),
  'a small paragraph in a quote': doc(
    block('blockquote', { type: 'paragraph', marks: [{ type: 'fontSize', attrs: { fontSize: 'small' } }] }),
  ),
  'an aligned paragraph in an item': doc(
    block('bulletList', item({ type: 'paragraph', marks: [{ type: 'alignment', attrs: { align: 'end' } }] })),
  ),
  'a table cell of the document': doc(block('tableCell', para())),
  'a table in a table': doc(block('table', block('tableRow', block('tableCell', block('table', block('tableRow')))))),
  'no version': { type: 'doc', content: [] },
  'a member of its own': { ...doc(), title: 'x' },
};

describe('the check of documents', () => {
  it('knows every node type of the published schema', () => {
    const published = Object.values(schema.definitions).flatMap((definition) => definition.properties?.type?.enum ?? []);
    const nodes = Object.entries(schema.definitions)
      .filter(([name]) => name.endsWith('_node'))
      .flatMap(([, definition]) => definition.properties?.type?.enum ?? []);
    expect(published.length).toBeGreaterThan(nodes.length);
    expect(nodes.filter((type) => type !== 'text' && nodeRules[type] === undefined)).toEqual([]);
  });

  it.each(Object.keys(good))('takes %s, as the published schema does', (name) => {
    const shape = parseAdfShape(good[name]);
    expect(shape && findAdfFault(shape)).toBeUndefined();
    expect([shape !== undefined, validate(good[name])]).toEqual([true, true]);
  });

  it.each(Object.keys(bad))('refuses %s, as the published schema does', (name) => {
    const shape = parseAdfShape(bad[name]);
    expect(shape === undefined || findAdfFault(shape) !== undefined).toBe(true);
    expect(validate(bad[name])).toBe(false);
  });

  it('refuses what is nested too deeply instead of failing', () => {
    let nested = para();
    for (let level = 0; level < 5_000; level += 1) nested = block('blockquote', nested);
    expect(parseAdfShape(doc(nested))).toBeUndefined();
  });
});

describe('stored documents', () => {
  it('come back with ids and defaults, attributes in another order, without empty text', async () => {
    const site = openSite();
    const sent = doc(
      withAttrs('taskList', { localId: '' }, withAttrs('taskItem', { state: 'TODO', localId: 'mine' }, text('x'), text(''))),
      withAttrs('orderedList', { order: 1 }, item(para(text('y')))),
      block('table', block('tableRow', block('tableCell', para()))),
    );
    const fields = { project: { key: 'ABC' }, issuetype: { name: 'Task' }, summary: 'One', description: sent };
    const { id } = (await site.call('POST', '/rest/api/3/issue', { body: { fields } })).json;
    const { description } = (await site.call('GET', `/rest/api/3/issue/${id}?fields=description`)).json.fields;
    const [list, , table] = description.content;
    expect(list.attrs.localId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(list.content[0])).toBe(
      '{"type":"taskItem","attrs":{"localId":"mine","state":"TODO"},"content":[{"type":"text","text":"x"}]}',
    );
    expect(table.attrs).toMatchObject({ layout: 'default', isNumberColumnEnabled: false });
    expect(validate(description)).toBe(true);
  });

  it('do not change, ids included, when the same is sent again without them', () => {
    const { people, ana } = openSite();
    const description = doc(block('taskList', withAttrs('taskItem', { state: 'TODO' }, text('x'))));
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'One', description });
    expect(people.editIssue(issue.id, { as: ana, description })).toEqual(issue);
  });

  it('of a wrong structure are INVALID_INPUT, and nothing of the edit is applied', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One', description: 'Text' });
    const body = { fields: { summary: 'Two', description: doc(text('x')) }, properties: [{ key: 'stamp', value: 1 }] };
    const { status, json } = await site.call('PUT', `/rest/api/3/issue/${issue.id}`, { body });
    expect([status, json]).toEqual([400, { errorMessages: ['INVALID_INPUT'], errors: {} }]);
    expect(site.people.issue(issue.id)).toEqual(issue);
  });

  it('that are empty are none', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One', description: paragraph('x') });
    const body = { fields: { description: doc() } };
    const { json } = await site.call('PUT', `/rest/api/3/issue/${issue.id}?returnIssue=true`, { body });
    expect(json.fields.description).toBeNull();
  });

  it('read as text without formatting', () => {
    const shape = parseAdfShape(
      doc(
        para(text('a', 'strong'), { type: 'hardBreak' }, text('b')),
        block('bulletList', item(para(text('c'))), item(para(text('d')))),
      ),
    );
    expect(textOf(shape!)).toBe('a\nb\nc\nd');
  });
});
