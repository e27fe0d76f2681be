import { describe, expect, it } from 'vitest';
import { basic, openSite } from './open-site.ts';

const long = (length: number): string => 'x'.repeat(length);

describe('properties', () => {
  it('of one’s own account take no administration, those of others do', async () => {
    const site = openSite();
    const query = `accountId=${encodeURIComponent(site.sync.accountId)}`;
    const path = `/rest/api/3/user/properties/sallyport.a%2Fb?${query}`;
    expect((await site.call('GET', path)).status).toBe(404);
    expect((await site.call('PUT', path, { body: { v: 1 } })).status).toBe(201);
    expect((await site.call('PUT', path, { body: { v: 2 } })).status).toBe(200);
    expect((await site.call('GET', path)).json).toEqual({ key: 'sallyport.a/b', value: { v: 2 } });
    const keys = (await site.call('GET', `/rest/api/3/user/properties?${query}`)).json.keys;
    expect(keys.map((entry: { key: string }) => entry.key)).toEqual(['sallyport.a/b']);
    expect(site.people.userProperties(site.sync)).toEqual({ 'sallyport.a/b': { v: 2 } });
    expect((await site.call('GET', path, { as: site.ana })).status).toBe(403);
    expect((await site.call('DELETE', path)).status).toBe(204);
    expect((await site.call('DELETE', path)).status).toBe(404);
  });

  it('hold at most 32,768 characters of JSON', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    for (const path of [
      `/rest/api/3/user/properties/k?accountId=${encodeURIComponent(site.sync.accountId)}`,
      `/rest/api/3/issue/${issue.id}/properties/k`,
    ]) {
      expect((await site.call('PUT', path, { body: long(32_766) })).status).toBe(201);
      expect((await site.call('PUT', path, { body: long(32_767) })).status).toBe(400);
    }
    const body = { properties: [{ key: 'k', value: long(32_767) }] };
    expect((await site.call('PUT', `/rest/api/3/issue/${issue.id}`, { body })).status).toBe(400);
    expect((await site.call('PUT', `/rest/api/3/issue/${issue.id}/properties/${long(256)}`, { body: 1 })).status).toBe(400);
  });

  it('of issues are written one by one without touching `updated`', async () => {
    const site = openSite();
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    site.clock.advance(60_000);
    const path = `/rest/api/3/issue/${issue.key}/properties`;
    await site.call('PUT', `${path}/b`, { body: [1] });
    await site.call('PUT', `${path}/a`, { body: null });
    expect((await site.call('GET', path)).json.keys.map((entry: { key: string }) => entry.key)).toEqual(['a', 'b']);
    expect((await site.call('GET', `${path}/b`)).json.value).toEqual([1]);
    expect((await site.call('DELETE', `${path}/a`)).status).toBe(204);
    expect(site.people.issue(issue.id)).toEqual({ ...issue, properties: { b: [1] } });
    site.people.setPermissions(site.sync, ['BROWSE_PROJECTS']);
    expect((await site.call('PUT', `${path}/b`, { body: 2 })).status).toBe(403);
  });

  it('of many issues are written some time after the request, as a task', async () => {
    const site = openSite();
    const ids = ['One', 'Two'].map((summary) => site.people.createIssue({ project: 'ABC', as: site.ana, summary }).id);
    // The vendor's document wants the insides of its own JSON library here, which nobody sends.
    const body = { issues: ids.map((id) => ({ issueID: Number(id), properties: { stamp: { intValue: 1 } } })) };
    const { status, headers } = await site.call('POST', '/rest/api/3/issue/properties/multi', { body });
    const task = new URL(headers.get('location')!).pathname;
    expect([status, (await site.call('GET', task)).json.status]).toEqual([303, 'RUNNING']);
    expect(site.people.issues().map(({ properties }) => properties)).toEqual([{}, {}]);
    site.clock.advance(1_000);
    expect((await site.call('GET', task)).json).toMatchObject({ status: 'COMPLETE', progress: 100 });
    expect(site.people.issues().map(({ properties }) => properties.stamp)).toEqual([{ intValue: 1 }, { intValue: 1 }]);
    expect((await site.call('GET', task, { as: site.ana })).status).toBe(404);
  });

  it('of projects are written by administrators of the project', async () => {
    const site = openSite();
    const path = '/rest/api/3/project/ABC/properties/k';
    expect((await site.call('PUT', path, { body: 1 })).status).toBe(403);
    site.people.setPermissions(site.sync, ['BROWSE_PROJECTS', 'ADMINISTER_PROJECTS']);
    expect((await site.call('PUT', path, { body: 1 })).status).toBe(201);
    expect((await site.call('GET', path)).json.value).toBe(1);
  });

  it('refuses bodies that are not JSON', async () => {
    const site = openSite();
    const put = async (contentType: string, body: string): Promise<number> => {
      const headers = { authorization: basic(site.sync), 'content-type': contentType };
      const url = 'https://acme.atlassian.net/rest/api/3/user/properties/k';
      return (await site.simulator.fetch(new Request(url, { method: 'PUT', headers, body }))).status;
    };
    expect([await put('text/plain', '1'), await put('application/json', '{')]).toEqual([415, 400]);
  });
});
