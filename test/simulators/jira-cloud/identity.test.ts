import { describe, expect, it } from 'vitest';
import { basic, openSite } from './open-site.ts';

describe('who may ask, and by which door', () => {
  it('tells the account its own data, and other accounts no e-mail address', async () => {
    const site = openSite();
    const { json } = await site.call('GET', '/rest/api/3/myself');
    expect(json).toMatchObject({ accountId: site.sync.accountId, emailAddress: 'sync@example.org', timeZone: 'Etc/UTC' });
    const issue = site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
    const read = await site.call('GET', `/rest/api/3/issue/${issue.key}?fields=creator`);
    expect(read.json.fields.creator.emailAddress).toBeUndefined();
  });

  it('answers 401 to a wrong token, a revoked one, and none', async () => {
    const site = openSite();
    const wrong = { ...site.sync, apiToken: 'wrong' };
    expect((await site.call('GET', '/rest/api/3/myself', { as: wrong })).status).toBe(401);
    site.people.revokeToken(site.sync);
    expect((await site.call('GET', '/rest/api/3/myself')).status).toBe(401);
    site.people.restoreToken(site.sync);
    expect((await site.call('GET', '/rest/api/3/myself')).status).toBe(200);
    const bare = await site.fetch(new Request('https://acme.atlassian.net/rest/api/3/myself'));
    expect(bare.status).toBe(401);
  });

  it('lets a scoped token in through the gateway host only', async () => {
    const site = openSite({ gatewayHost: 'api.atlassian.com', cloudId: 'cloud-1' });
    const bot = site.people.addAccount({ displayName: 'Bot', scoped: true });
    expect((await site.call('GET', '/rest/api/3/myself', { as: bot })).status).toBe(401);
    const origin = 'https://api.atlassian.com/ex/jira/cloud-1';
    expect((await site.call('GET', '/rest/api/3/myself', { as: bot, origin })).json.accountId).toBe(bot.accountId);
    expect((await site.call('GET', '/rest/api/3/serverInfo', { as: bot, origin })).json.baseUrl).toBe(
      'https://acme.atlassian.net',
    );
    const elsewhere = await site.call('GET', '/rest/api/3/myself', {
      as: bot,
      origin: 'https://api.atlassian.com/ex/jira/other',
    });
    expect(elsewhere.status).toBe(404);
  });

  it('tells the cloud id to anyone', async () => {
    const site = openSite({ cloudId: 'cloud-1' });
    const response = await site.fetch(new Request('https://acme.atlassian.net/_edge/tenant_info'));
    expect(await response.json()).toEqual({ cloudId: 'cloud-1' });
  });

  it('dates each answer by the clock, which does not move by itself', async () => {
    const site = openSite();
    const first = await site.call('GET', '/rest/api/3/serverInfo');
    const second = await site.call('GET', '/rest/api/3/serverInfo', { as: { ...site.sync, apiToken: 'wrong' } });
    expect(first.headers.get('date')).toBe('Mon, 23 Nov 2026 12:34:56 GMT');
    expect(second.headers.get('date')).toBe(first.headers.get('date'));
    site.clock.advance(4_000);
    expect((await site.call('GET', '/rest/api/3/serverInfo')).headers.get('date')).toBe('Mon, 23 Nov 2026 12:35:00 GMT');
  });

  it('logs requests without credentials and shows the hook each request before it is handled', async () => {
    const site = openSite();
    const seen: number[] = [];
    site.simulator.onRequest.push(({ index }) => seen.push(index, site.simulator.requests.length));
    await site.call('GET', '/rest/api/3/myself');
    await site.call('GET', '/rest/api/3/issue/ABC-9');
    expect(seen).toEqual([0, 0, 1, 1]);
    expect(site.simulator.requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/rest/api/3/myself 200',
      '/rest/api/3/issue/ABC-9 404',
    ]);
    expect(JSON.stringify(site.simulator.requests)).not.toContain(basic(site.sync));
  });
});

describe('projects and permissions', () => {
  it('shows permissions in a project and reacts to lost ones', async () => {
    const site = openSite();
    const path = '/rest/api/3/mypermissions?projectKey=ABC&permissions=BROWSE_PROJECTS,CREATE_ISSUES,ADMINISTER';
    const before = (await site.call('GET', path)).json.permissions;
    expect([before.CREATE_ISSUES.havePermission, before.ADMINISTER.havePermission]).toEqual([true, false]);
    site.people.setPermissions(site.sync, ['BROWSE_PROJECTS'], 'ABC');
    expect((await site.call('GET', path)).json.permissions.CREATE_ISSUES.havePermission).toBe(false);
    expect((await site.call('GET', '/rest/api/3/mypermissions')).status).toBe(400);
    site.people.setPermissions(site.sync, []);
    site.people.setPermissions(site.sync, [], 'ABC');
    expect((await site.call('GET', path)).status).toBe(404);
  });

  it('pages projects', async () => {
    const site = openSite();
    site.people.addProject({ key: 'XYZ', name: 'Zulu' });
    const first = (await site.call('GET', '/rest/api/3/project/search?maxResults=1')).json;
    expect(first).toMatchObject({ total: 2, isLast: false, startAt: 0 });
    const next = new URL(first.nextPage);
    const second = (await site.call('GET', `${next.pathname}${next.search}`)).json;
    expect(second.values.map((project: { key: string }) => project.key)).toEqual(['XYZ']);
    expect(second.isLast).toBe(true);
    expect((await site.call('GET', '/rest/api/3/project/search?query=alpha')).json.total).toBe(1);
  });

  it('lists issue types, and the default one to administrators only', async () => {
    const site = openSite();
    const { json } = await site.call('GET', '/rest/api/3/project/ABC');
    expect(json.issueTypes.map((type: { name: string }) => type.name)).toEqual(['Epic', 'Story', 'Task', 'Bug', 'Sub-task']);
    expect((await site.call('GET', '/rest/api/3/issue/createmeta/ABC/issuetypes')).json.total).toBe(5);
    const path = `/rest/api/3/issuetypescheme/project?projectId=${site.project.id}`;
    expect((await site.call('GET', path)).status).toBe(403);
    const admin = site.people.addAccount({ displayName: 'Admin', permissions: ['ADMINISTER', 'BROWSE_PROJECTS'] });
    const scheme = (await site.call('GET', path, { as: admin })).json.values[0];
    const task = site.project.types.find((type) => type.name === 'Task')!;
    expect(scheme.issueTypeScheme.defaultIssueTypeId).toBe(task.id);
  });

  it('names required fields in the create metadata', async () => {
    const site = openSite();
    const project = site.people.addProject({
      key: 'REQ',
      name: 'R',
      fields: [{ id: 'customfield_1', name: 'Team', required: true }],
    });
    const { json } = await site.call('GET', `/rest/api/3/issue/createmeta/REQ/issuetypes/${project.types[0]!.id}`);
    const required = json.fields
      .filter((field: { required: boolean }) => field.required)
      .map((field: { fieldId: string }) => field.fieldId);
    expect(required).toEqual(['summary', 'issuetype', 'project', 'customfield_1']);
  });
});
