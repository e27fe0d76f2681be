import { describe, expect, it } from 'vitest';
import { openSite, paragraph } from './open-site.ts';
import type { JiraCloudOptions } from '../../../src/simulators/jira-cloud/jira-cloud.ts';
import type { Answer, OpenSite } from './open-site.ts';

function siteWithIssue(options: Partial<JiraCloudOptions> = {}): OpenSite & { readonly path: string } {
  const site = openSite(options);
  const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
  site.clock.advance(60_000);
  return { ...site, path: `/rest/api/3/issue/${issue.key}/comment` };
}

describe('comments', () => {
  it('takes properties on create and edit, and lists them only when asked by id', async () => {
    const site = siteWithIssue();
    const created = await site.call('POST', site.path, {
      body: { body: paragraph('Hi'), properties: [{ key: 'stamp', value: 1 }] },
    });
    expect([created.status, created.json.properties]).toEqual([201, undefined]);
    await site.call('PUT', `${site.path}/${created.json.id}`, {
      body: { body: paragraph('Ho'), properties: [{ key: 'stamp', value: 2 }] },
    });
    expect((await site.call('GET', site.path)).json.comments[0].properties).toBeUndefined();
    const listed = await site.call('POST', '/rest/api/3/comment/list?expand=properties', {
      body: { ids: [Number(created.json.id), 5] },
    });
    expect(listed.json.values).toMatchObject([{ id: created.json.id, properties: [{ key: 'stamp', value: 2 }] }]);
    expect((await site.call('GET', `/rest/api/3/comment/${created.json.id}/properties/stamp`)).json).toEqual({
      key: 'stamp',
      value: 2,
    });
  });

  it('updates the issue when one comes or goes, not when one is edited', async () => {
    const site = siteWithIssue();
    const updated = (): number => site.people.issue('ABC-1')!.updatedAt;
    const before = updated();
    const { id } = (await site.call('POST', site.path, { body: { body: paragraph('Hi') } })).json;
    const added = updated();
    site.clock.advance(60_000);
    await site.call('PUT', `${site.path}/${id}`, { body: { body: paragraph('Ho') } });
    expect([added > before, updated()]).toEqual([true, added]);
    expect(site.people.issue('ABC-1')!.comments[0]!.updatedAt).toBeGreaterThan(added);
    await site.call('DELETE', `${site.path}/${id}`);
    expect(updated()).toBeGreaterThan(added);
  });

  it('updates the issue on edits too where that is asked for', () => {
    const { people, ana, clock } = siteWithIssue({ commentEditsTouchIssue: true });
    const { id } = people.addComment('ABC-1', { as: ana, body: 'Hi' });
    const before = people.issue('ABC-1')!.updatedAt;
    clock.advance(1_000);
    people.editComment('ABC-1', id, { as: ana, body: 'Ho' });
    expect(people.issue('ABC-1')!.updatedAt).toBeGreaterThan(before);
  });

  it('lets one edit and delete one’s own only', async () => {
    const site = siteWithIssue();
    const { id } = site.people.addComment('ABC-1', { as: site.ana, body: 'Mine' });
    expect((await site.call('PUT', `${site.path}/${id}`, { body: { body: paragraph('x') } })).status).toBe(400);
    expect((await site.call('DELETE', `${site.path}/${id}`)).status).toBe(400);
    site.people.setPermissions(site.sync, ['BROWSE_PROJECTS', 'DELETE_ALL_COMMENTS']);
    expect((await site.call('POST', site.path, { body: { body: paragraph('x') } })).status).toBe(400);
    expect((await site.call('DELETE', `${site.path}/${id}`)).status).toBe(204);
    expect((await site.call('GET', `${site.path}/${id}`)).status).toBe(404);
  });

  it('shows restricted comments to members of the role, internal ones as not public', async () => {
    const site = siteWithIssue();
    site.people.addComment('ABC-1', { as: site.ana, body: 'Secret', visibility: { type: 'role', value: 'Administrators' } });
    site.people.addComment('ABC-1', { as: site.ana, body: 'Note', internal: true });
    const list = async (): Promise<Answer['json'][]> => (await site.call('GET', site.path)).json.comments;
    expect((await list()).map((comment) => [comment.visibility?.value, comment.jsdPublic])).toEqual([
      ['Administrators', true],
      [undefined, false],
    ]);
    site.people.setRoles(site.sync, ['Developers']);
    expect(await list()).toHaveLength(1);
  });

  it('pages, caps and checks', async () => {
    const site = siteWithIssue({ limits: { commentsPerIssue: 2 } });
    for (const text of ['a', 'b']) await site.call('POST', site.path, { body: { body: paragraph(text) } });
    expect((await site.call('POST', site.path, { body: { body: paragraph('c') } })).status).toBe(413);
    const page = (await site.call('GET', `${site.path}?startAt=1&maxResults=1`)).json;
    expect([page.total, page.comments.length]).toEqual([2, 1]);
    for (const body of ['text', paragraph('x'.repeat(32_768)), { version: 1, type: 'doc', content: [] }]) {
      expect((await site.call('POST', site.path, { body: { body } })).status).toBe(400);
    }
  });
});
