import { describe, expect, it } from 'vitest';
import { openSite, paragraph } from './open-site.ts';
import type { OpenSite } from './open-site.ts';

function draft(site: OpenSite, fields: object = {}): { readonly fields: object; readonly properties?: object[] } {
  return { fields: { project: { key: site.project.key }, issuetype: { name: 'Task' }, summary: 'A summary', ...fields } };
}

describe('creating issues', () => {
  it('stores description and properties of the same request', async () => {
    const site = openSite();
    const body = { ...draft(site, { description: paragraph('Hello') }), properties: [{ key: 'stamp', value: { v: 1 } }] };
    const created = await site.call('POST', '/rest/api/3/issue', { body });
    expect(created.status).toBe(201);
    expect(site.people.issue(created.json.key)).toMatchObject({
      key: 'ABC-1',
      descriptionText: 'Hello',
      properties: { stamp: { v: 1 } },
      creator: site.sync.accountId,
    });
  });

  it('reports all wrong fields at once', async () => {
    const site = openSite();
    const fields = { summary: 'x'.repeat(256), issuetype: { name: 'Nothing' }, nonsense: 1 };
    const { status, json } = await site.call('POST', '/rest/api/3/issue', { body: draft(site, fields) });
    expect(status).toBe(400);
    expect(Object.keys(json.errors).toSorted()).toEqual(['issuetype', 'nonsense', 'summary']);
    expect(site.people.issues()).toEqual([]);
  });

  it.each([
    ['an empty summary', { summary: '  ' }, 'summary'],
    ['a summary of two lines', { summary: 'one\ntwo' }, 'summary'],
    ['a description that is a string', { description: 'wiki' }, 'description'],
    ['a description above 32,767 characters', { description: paragraph('x'.repeat(32_768)) }, 'description'],
    ['a label with a blank', { labels: ['a b'] }, 'labels'],
    ['a sub-task without a parent', { issuetype: { name: 'Sub-task' } }, 'issuetype'],
    ['an unknown project', { project: { key: 'NONE' } }, 'project'],
  ])('refuses %s', async (_name, fields, field) => {
    const site = openSite();
    const { status, json } = await site.call('POST', '/rest/api/3/issue', { body: draft(site, fields) });
    expect([status, Object.keys(json.errors)]).toEqual([400, [field]]);
  });

  it('asks for required custom fields', async () => {
    const site = openSite();
    site.people.addProject({ key: 'REQ', name: 'R', fields: [{ id: 'customfield_1', name: 'Team', required: true }] });
    const body = draft(site, { project: { key: 'REQ' } });
    const { status, json } = await site.call('POST', '/rest/api/3/issue', { body });
    expect([status, json.errors]).toEqual([400, { customfield_1: 'Team is required.' }]);
  });

  it('creates what it can of a bulk, and says by position what it could not', async () => {
    const site = openSite();
    const body = { issueUpdates: [draft(site), draft(site, { summary: '' }), draft(site, { summary: 'Third' })] };
    const { status, json } = await site.call('POST', '/rest/api/3/issue/bulk', { body });
    expect([status, json.issues.length]).toEqual([201, 2]);
    expect(json.errors).toMatchObject([{ failedElementNumber: 1, status: 400 }]);
    const tooMany = await site.call('POST', '/rest/api/3/issue/bulk', {
      body: { issueUpdates: Array.from({ length: 51 }, () => draft(site)) },
    });
    expect(tooMany.status).toBe(400);
    const none = await site.call('POST', '/rest/api/3/issue/bulk', { body: { issueUpdates: [draft(site, { summary: '' })] } });
    expect(none.status).toBe(400);
  });

  it('needs the permission', async () => {
    const site = openSite();
    site.people.setPermissions(site.sync, ['BROWSE_PROJECTS']);
    expect((await site.call('POST', '/rest/api/3/issue', { body: draft(site) })).status).toBe(403);
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    expect((await site.call('PUT', `/rest/api/3/issue/${issue.id}`, { body: { fields: { summary: 'Two' } } })).status).toBe(403);
    expect((await site.call('DELETE', `/rest/api/3/issue/${issue.id}`)).status).toBe(403);
  });
});

describe('editing issues', () => {
  it('answers 204, or the stored issue if asked', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    const path = `/rest/api/3/issue/${issue.id}`;
    expect((await site.call('PUT', path, { body: { fields: { summary: 'Two' } } })).status).toBe(204);
    const { status, json } = await site.call('PUT', `${path}?returnIssue=true`, { body: { fields: { summary: ' Three ' } } });
    expect([status, json.fields.summary]).toEqual([200, 'Three']);
  });

  it('keeps `updated` and the history when nothing changes, and for properties alone', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One', description: 'Text' });
    site.clock.advance(60_000);
    const body = { fields: { summary: 'One', description: issue.description }, properties: [{ key: 'stamp', value: 1 }] };
    await site.call('PUT', `/rest/api/3/issue/${issue.id}`, { body });
    const after = site.people.issue(issue.id)!;
    expect([after.updatedAt, after.properties]).toEqual([issue.updatedAt, { stamp: 1 }]);
    expect((await site.call('GET', `/rest/api/3/issue/${issue.id}/changelog`)).json.total).toBe(0);
  });

  it('gives no two updates of an issue the same time', () => {
    const { people, ana } = openSite();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'One' });
    const times = ['a', 'b', 'a'].map((summary) => people.editIssue(issue.id, { as: ana, summary }).updatedAt);
    expect(new Set([issue.updatedAt, ...times]).size).toBe(4);
  });

  it('writes histories, and fetches them in bulk by field', async () => {
    const site = openSite();
    const one = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One', description: 'Old text' });
    const two = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'Two' });
    site.people.editIssue(one.id, { as: site.ana, summary: 'Uno', description: 'New text' });
    site.people.changeType(two.id, { as: site.ana, type: 'Bug' });
    const body = { issueIdsOrKeys: [one.id, two.key], fieldIds: ['summary', 'description', 'issuetype'], maxResults: 1 };
    const first = (await site.call('POST', '/rest/api/3/changelog/bulkfetch', { body })).json;
    expect(first.issueChangeLogs[0].changeHistories[0]).toMatchObject({
      author: { accountId: site.ana.accountId },
      items: [
        { fieldId: 'summary', fromString: 'One', toString: 'Uno' },
        { fieldId: 'description', fromString: 'Old text', toString: 'New text' },
      ],
    });
    const next = { ...body, nextPageToken: first.nextPageToken };
    const second = (await site.call('POST', '/rest/api/3/changelog/bulkfetch', { body: next })).json;
    expect(second.issueChangeLogs[0]).toMatchObject({
      issueId: two.id,
      changeHistories: [{ items: [{ fieldId: 'issuetype', toString: 'Bug' }] }],
    });
    expect(second.nextPageToken).toBeUndefined();
  });

  it('sorts histories in bulk by date, so that an issue comes again on a later page', async () => {
    const site = openSite();
    const [one, two] = ['One', 'Two'].map((summary) => site.people.createIssue({ project: 'ABC', as: site.ana, summary }));
    for (const [issue, summary] of [
      [one, 'a'],
      [two, 'b'],
      [one, 'c'],
    ] as const) {
      site.clock.advance(1_000);
      site.people.editIssue(issue!.id, { as: site.ana, summary });
    }
    const body = { issueIdsOrKeys: [two!.id, one!.id], maxResults: 2 };
    const first = (await site.call('POST', '/rest/api/3/changelog/bulkfetch', { body })).json;
    expect(first.issueChangeLogs).toMatchObject([{ issueId: one!.id }, { issueId: two!.id }]);
    const next = { ...body, nextPageToken: first.nextPageToken };
    const second = (await site.call('POST', '/rest/api/3/changelog/bulkfetch', { body: next })).json;
    expect(second.issueChangeLogs).toMatchObject([{ issueId: one!.id, changeHistories: [{ items: [{ toString: 'c' }] }] }]);
  });

  it('refuses types that the workflow or the hierarchy does not allow', async () => {
    const site = openSite();
    site.people.addProject({
      key: 'LCK',
      name: 'Locked',
      types: ['Task', 'Bug', { name: 'Epic', locked: true }, { name: 'Sub-task', subtask: true }],
    });
    const issue = site.people.createIssue({ project: 'LCK', as: site.ana, summary: 'One' });
    const change = async (name: string): Promise<number> => {
      return (await site.call('PUT', `/rest/api/3/issue/${issue.id}`, { body: { fields: { issuetype: { name } } } })).status;
    };
    expect([await change('Epic'), await change('Sub-task'), await change('Bug')]).toEqual([400, 400, 204]);
    expect(site.people.issue(issue.id)!.type).toBe('Bug');
  });

  it('deletes attachments whose media a new description leaves out', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    const shown = site.people.addAttachment(issue.id, { name: 'a.png', bytes: new Uint8Array([1]), as: site.ana });
    const other = site.people.addAttachment(issue.id, { name: 'b.png', bytes: new Uint8Array([2]), as: site.ana });
    const media = { type: 'media', attrs: { type: 'file', id: site.people.mediaIdOf(shown.id), collection: '' } };
    site.people.editIssue(issue.id, {
      as: site.ana,
      description: { version: 1, type: 'doc', content: [{ type: 'mediaGroup', content: [media] }] },
    });
    await site.call('PUT', `/rest/api/3/issue/${issue.id}`, { body: { fields: { description: paragraph('No image') } } });
    expect(site.people.issue(issue.id)!.attachments.map(({ id }) => id)).toEqual([other.id]);
  });
});

describe('reading issues', () => {
  it('fetches in bulk by ascending id, with errors for what can not be seen', async () => {
    const site = openSite();
    const [one, two, hidden] = ['One', 'Two', 'Hidden'].map((summary) =>
      site.people.createIssue({
        project: 'ABC',
        as: site.ana,
        summary,
        properties: { stamp: summary },
        ...(summary === 'Hidden' ? { security: { name: 'Inner circle', members: [site.ana] } } : {}),
      }),
    );
    const body = { issueIdsOrKeys: [two!.key, 'ABC-99', one!.id, hidden!.id], fields: ['summary'], properties: ['stamp'] };
    const { json } = await site.call('POST', '/rest/api/3/issue/bulkfetch', { body });
    expect(json.issues).toMatchObject([
      { id: one!.id, fields: { summary: 'One' }, properties: { stamp: 'One' } },
      { id: two!.id, fields: { summary: 'Two' }, properties: { stamp: 'Two' } },
    ]);
    expect(json.issueErrors.map((error: { id: string }) => error.id)).toEqual(['ABC-99', hidden!.id]);
    expect((await site.call('GET', `/rest/api/3/issue/${hidden!.id}`)).status).toBe(404);
    expect(
      (await site.call('GET', `/rest/api/3/issue/${hidden!.id}?fields=security`, { as: site.ana })).json.fields.security.name,
    ).toBe('Inner circle');
  });

  it('follows a moved issue by its old key, and forgets a deleted one', async () => {
    const site = openSite();
    site.people.addProject({ key: 'XYZ', name: 'Zulu' });
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    site.people.moveIssue(issue.id, { as: site.ana, project: 'XYZ' });
    const moved = (await site.call('GET', `/rest/api/3/issue/${issue.key}?fields=project`)).json;
    expect([moved.id, moved.key, moved.fields.project.key]).toEqual([issue.id, 'XYZ-1', 'XYZ']);
    site.people.deleteIssue(issue.id);
    expect((await site.call('GET', `/rest/api/3/issue/${issue.id}`)).status).toBe(404);
  });

  it('clones with properties but without comments, by the one who clones', () => {
    const { people, ana, sync } = openSite();
    const issue = people.createIssue({
      project: 'ABC',
      as: sync,
      summary: 'One',
      properties: { stamp: 1 },
      comments: [{ as: ana, body: 'x' }],
    });
    expect(people.cloneIssue(issue.id, ana)).toMatchObject({
      summary: 'One',
      properties: { stamp: 1 },
      comments: [],
      creator: ana.accountId,
    });
  });

  it('shows times in the zone of the one who asks', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    const read = await site.call('GET', `/rest/api/3/issue/${issue.id}?fields=created`, { as: site.ana });
    expect(read.json.fields).toEqual({ created: '2026-11-23T07:34:56.789-0500' });
  });
});
