import { describe, expect, it } from 'vitest';
import { openSite } from './open-site.ts';
import type { Answer, OpenSite } from './open-site.ts';

function search(site: OpenSite, jql: string, more: object = {}): Promise<Answer> {
  return site.call('POST', '/rest/api/3/search/jql', { body: { jql, fields: ['key'], ...more } });
}

async function keys(site: OpenSite, jql: string, more: object = {}): Promise<readonly string[]> {
  const { status, json } = await search(site, jql, more);
  expect([jql, status]).toEqual([jql, 200]);
  return json.issues.map((issue: { key: string }) => issue.key);
}

/** ABC-1 (labels sync), ABC-2 (Bug, by sync), ABC-3 (sync and urgent), one minute apart; XYZ-1. */
function filledSite(options: Parameters<typeof openSite>[0] = {}): OpenSite {
  const site = openSite(options);
  site.people.addProject({ key: 'XYZ', name: 'Zulu' });
  const create = (project: string, more: object): void => {
    site.people.createIssue({ project, as: site.ana, summary: 'Printer on fire', ...more });
    site.clock.advance(60_000);
  };
  create('ABC', { labels: ['sync'], description: 'Smoke in the cellar' });
  create('ABC', { type: 'Bug', as: site.sync });
  create('ABC', { labels: ['sync', 'urgent'] });
  create('XYZ', {});
  return site;
}

describe('JQL', () => {
  it.each([
    ['project = ABC ORDER BY key ASC', ['ABC-1', 'ABC-2', 'ABC-3']],
    ['project = "Zulu"', ['XYZ-1']],
    ['project = abc AND labels = sync ORDER BY created DESC', ['ABC-3', 'ABC-1']],
    ['project = ABC AND (labels in (urgent, other) OR type = Bug) order by key', ['ABC-2', 'ABC-3']],
    ['project = ABC AND labels is EMPTY', ['ABC-2']],
    ['project = ABC AND labels not in (urgent)', ['ABC-1']],
    ['project = ABC AND NOT labels = sync', ['ABC-2']],
    ['creator = currentUser()', ['ABC-2']],
    ['project = ABC AND creator != currentUser() ORDER BY id DESC', ['ABC-3', 'ABC-1']],
    ['key in (ABC-3, "abc-1") ORDER BY key', ['ABC-1', 'ABC-3']],
    ['id in (10001)', ['ABC-2']],
    ['key > ABC-1 AND project = ABC ORDER BY key ASC', ['ABC-2', 'ABC-3']],
    ['text ~ "cellar smoke"', ['ABC-1']],
    ['summary ~ print* AND project = XYZ', ['XYZ-1']],
    ['created >= -3m AND project in (ABC, XYZ) ORDER BY created', ['ABC-2', 'ABC-3', 'XYZ-1']],
  ])('%s', async (jql, expected) => {
    expect(await keys(filledSite(), jql)).toEqual(expected);
  });

  it('reads quoted times by the minute in the zone of the user who searches, and numbers as epoch milliseconds', async () => {
    const site = filledSite();
    expect(await keys(site, 'project = ABC AND updated >= "2026-11-23 12:36" ORDER BY key')).toEqual(['ABC-3']);
    expect(await keys(site, 'project = ABC AND updated >= "2026/11/23 12:35" ORDER BY key')).toEqual(['ABC-2', 'ABC-3']);
    const third = site.people.issue('ABC-3')!.createdAt;
    expect(await keys(site, `project = ABC AND updated >= ${third} ORDER BY key`)).toEqual(['ABC-3']);
    expect(await keys(site, `project = ABC AND updated > ${third}`)).toEqual([]);
    const body = { jql: 'project = ABC AND updated >= "2026-11-23 07:36"', fields: ['key'] };
    const byAna = await site.call('POST', '/rest/api/3/search/jql', { body, as: site.ana });
    expect(byAna.json.issues.map((issue: { key: string }) => issue.key)).toEqual(['ABC-3']);
  });

  it.each([
    ['project = ABC AND', /Expecting a field name/],
    ['project ABC', /Expecting operator/],
    ['(project = ABC', /Expecting '\)'/],
    ['project = "ABC', /quoted string/],
    ['project = ABC nonsense', /Expecting either 'OR' or 'AND'/],
    ['colour = red', /Field 'colour' does not exist/],
    ['project = NONE', /does not exist for the field 'project'/],
    ['key = ABC-99', /An issue with key 'ABC-99' does not exist/],
    ['updated >= "yesterday"', /Date value 'yesterday'/],
    ['creator = nobody()', /JQL function/],
    ['ORDER BY key', /Unbounded JQL/],
    ['', /Unbounded JQL/],
    ['labels ~ x', /operator '~' is not supported/],
  ])('refuses %s', async (jql, message) => {
    const { status, json } = await search(filledSite(), jql);
    expect([status, json.errors]).toEqual([400, {}]);
    expect(json.errorMessages[0]).toMatch(message);
  });

  it('is taken apart by the parser endpoint, with the errors of each query', async () => {
    const site = filledSite();
    const body = { queries: ['project = ABC AND labels in (a, b) ORDER BY key DESC', 'project ='] };
    const { json } = await site.call('POST', '/rest/api/3/jql/parse?validation=strict', { body });
    expect(json.queries[0].structure.where).toMatchObject({
      operator: 'and',
      clauses: [{ field: { name: 'project' } }, { operator: 'in' }],
    });
    expect(json.queries[1].errors).toHaveLength(1);
  });
});

describe('search', () => {
  it('is behind writes and deletions by its lag, unless an issue is reconciled', async () => {
    const site = filledSite({ searchLagMs: 90_000 });
    const jql = 'project = ABC ORDER BY key';
    site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'New' });
    site.people.deleteIssue('ABC-1');
    site.people.addLabel('ABC-2', 'sync', site.ana);
    expect(await keys(site, jql)).toEqual(['ABC-1', 'ABC-2', 'ABC-3']);
    expect(await keys(site, 'project = ABC AND labels = sync AND type = Bug')).toEqual([]);
    const fresh = { reconcileIssues: [10_001, 10_004] };
    expect(await keys(site, jql, fresh)).toEqual(['ABC-1', 'ABC-2', 'ABC-3', 'ABC-4']);
    expect(await keys(site, 'project = ABC AND labels = sync AND type = Bug', fresh)).toEqual(['ABC-2']);
    site.clock.advance(90_000);
    expect(await keys(site, jql)).toEqual(['ABC-2', 'ABC-3', 'ABC-4']);
  });

  it('shows ids alone by default, and no total', async () => {
    const site = filledSite();
    const { json } = await site.call('POST', '/rest/api/3/search/jql', { body: { jql: 'project = XYZ' } });
    expect(json).toEqual({ issues: [{ id: '10003' }], isLast: true });
    const count = await site.call('POST', '/rest/api/3/search/approximate-count', { body: { jql: 'project = ABC' } });
    expect(count.json).toEqual({ count: 3 });
  });

  it('shows fields and up to five properties', async () => {
    const site = filledSite();
    site.people.setProperty('ABC-1', 'stamp', { v: 1 });
    const found = await search(site, 'key = ABC-1', { fields: ['summary', 'updated'], properties: ['stamp', 'other'] });
    expect(found.json.issues[0]).toMatchObject({ fields: { summary: 'Printer on fire' }, properties: { stamp: { v: 1 } } });
    expect((await search(site, 'key = ABC-1', { properties: ['1', '2', '3', '4', '5', '6'] })).status).toBe(400);
  });

  it('goes page by page, whose length is not to be relied on, through everything once', async () => {
    const site = openSite({ seed: 3 });
    for (let number = 0; number < 250; number += 1) {
      site.people.createIssue({ project: 'ABC', as: site.ana, summary: `Issue ${number}` });
    }
    const seen: string[] = [];
    const sizes: number[] = [];
    let nextPageToken: string | undefined;
    do {
      const { json } = await search(site, 'project = ABC ORDER BY key ASC', {
        fields: ['summary'],
        maxResults: 5_000,
        nextPageToken,
      });
      seen.push(...json.issues.map((issue: { key: string }) => issue.key));
      sizes.push(json.issues.length);
      nextPageToken = json.nextPageToken;
      expect(json.isLast).toBe(nextPageToken === undefined);
    } while (nextPageToken !== undefined);
    expect(seen).toEqual(Array.from({ length: 250 }, (_, number) => `ABC-${number + 1}`));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    const all = await search(site, 'project = ABC', { maxResults: 5_000 });
    expect(all.json.issues).toHaveLength(250);
  });

  it('refuses tokens that are old, made up, or of another query', async () => {
    const site = filledSite();
    const page = { maxResults: 1 };
    const { nextPageToken } = (await search(site, 'project = ABC', page)).json;
    expect((await search(site, 'project = XYZ', { ...page, nextPageToken })).status).toBe(400);
    expect((await search(site, 'project = ABC', { ...page, nextPageToken: 'made-up' })).status).toBe(400);
    expect((await search(site, 'project = ABC', { ...page, nextPageToken })).status).toBe(200);
    site.clock.advance(8 * 86_400_000);
    expect((await search(site, 'project = ABC', { ...page, nextPageToken })).status).toBe(400);
  });

  it('finds nothing in projects that the account may not browse', async () => {
    const site = filledSite();
    site.people.setPermissions(site.sync, [], 'ABC');
    expect(await keys(site, 'labels = sync')).toEqual([]);
    expect((await search(site, 'project = ABC')).status).toBe(400);
  });

  it('shows at most twenty comments of an issue, and how many there are', async () => {
    const site = filledSite();
    for (let number = 0; number < 25; number += 1) site.people.addComment('ABC-1', { as: site.ana, body: `Comment ${number}` });
    const { comment } = (await search(site, 'key = ABC-1', { fields: ['comment'] })).json.issues[0].fields;
    expect([comment.comments.length, comment.total]).toEqual([20, 25]);
  });
});
