import { describe, expect, it } from 'vitest';
import { inspectSite, listProjects } from '../../../src/sides/jira-cloud/inspect-site.ts';
import type { InspectSiteOptions } from '../../../src/sides/jira-cloud/inspect-site.ts';
import type { SallyportError } from '../../../src/errors.ts';
import { memberPermissions } from '../../../src/simulators/jira-cloud/permissions.ts';
import type { Opened } from './open-side.ts';
import { errorOf, openSide } from './open-side.ts';

function inspect(opened: Opened, more: Partial<InspectSiteOptions> = {}) {
  const { gateway, site } = opened;
  return inspectSite({
    gateway,
    siteUrl: site.siteUrl,
    email: site.email,
    token: site.token,
    projectKey: 'ABC',
    trigger: 'labels = sync',
    defaultTypeName: undefined,
    ...more,
  });
}

const refusal = (opened: Opened, more: Partial<InspectSiteOptions> = {}): Promise<SallyportError> =>
  errorOf(inspect(opened, more));

describe('inspecting a site', () => {
  it('finds out what the record needs, by control requests alone', async () => {
    const opened = openSide({ timeZone: 'Europe/Lisbon' });
    const { facts, checks } = await inspect(opened);
    expect(facts).toEqual({
      apiUrl: 'https://acme.atlassian.net',
      cloudId: opened.simulator.cloudId,
      account: { accountId: opened.sync.accountId, displayName: 'Sync', timeZone: 'Europe/Lisbon' },
      project: { id: opened.project.id, key: 'ABC', name: 'Alphabet' },
      types: opened.project.types,
      defaultTypeName: undefined,
      attachmentBytesMax: 1_000_000_000,
    });
    expect(checks.map(({ name }) => name)).toEqual([
      'site',
      'credentials',
      'project',
      'permissions',
      'default issue type',
      'attachments',
      'trigger',
    ]);
    expect(checks.some(({ outcome }) => outcome === 'failed')).toBe(false);
    expect(opened.gateway.counts()).toMatchObject({ work: 0, audit: 0 });
    expect(opened.seen.filter(({ method }) => !['GET', 'POST'].includes(method))).toEqual([]);
  });

  it('goes through the gateway host where the site does not accept the token', async () => {
    const opened = openSide({ throughGateway: true });
    const { facts } = await inspect(opened);
    expect(facts.apiUrl).toBe(`https://api.atlassian.com/ex/jira/${opened.simulator.cloudId}`);
  });

  it('says that the token is not accepted anywhere, and never the token', async () => {
    const opened = openSide();
    const error = await refusal(opened, { token: 'wrong-token' });
    expect(error).toMatchObject({ kind: 'permission' });
    expect(error.message).toContain('jira-token');
    expect(error.message).not.toContain('wrong-token');
  });

  it('says that it is no Jira Cloud where there is no tenant', async () => {
    const opened = openSide();
    opened.fail(/tenant_info/, { kind: 'status', status: 404 });
    expect(await refusal(opened)).toMatchObject({ kind: 'configuration' });
    const page = openSide();
    page.fail(/tenant_info/, { kind: 'html', status: 200 });
    expect((await refusal(page)).kind).toBe('answer');
  });

  it('says which other Jira it is', async () => {
    const opened = openSide();
    const gateway = {
      ...opened.gateway,
      send: async ({ url }: { url: string }) =>
        url.endsWith('/serverInfo') ? Response.json({ deploymentType: 'Server' }) : new Response('<html>', { status: 404 }),
    };
    const error = await refusal(opened, { gateway });
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(error.message).toMatch(/jira-url.*Server, not Jira Cloud/);
  });

  it('warns where the limit of attachments is not told, and copies small files', async () => {
    const opened = openSide();
    opened.fail(/attachment\/meta/, { kind: 'status', status: 403 });
    const refused = await inspect(opened);
    const gateway: typeof opened.gateway = {
      ...opened.gateway,
      send: async (request) =>
        request.url.endsWith('/attachment/meta') ? Response.json({ enabled: true }) : opened.gateway.send(request),
    };
    for (const { checks, facts } of [refused, await inspect(opened, { gateway })]) {
      expect(checks.find(({ name }) => name === 'attachments')?.outcome).toBe('warning');
      expect(facts.attachmentBytesMax).toBe(10_000_000);
    }
  });

  it('says that the project is not there', async () => {
    const error = await refusal(openSide(), { projectKey: 'NOPE' });
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(error.message).toContain('NOPE');
  });

  it('names every permission that lacks', async () => {
    const opened = openSide();
    opened.people.setPermissions(opened.sync, ['BROWSE_PROJECTS', 'EDIT_ISSUES', 'ADD_COMMENTS'], 'ABC');
    const error = await refusal(opened);
    expect(error.kind).toBe('permission');
    expect(error.message).toContain('Create issues');
    expect(error.message).toContain('Create attachments');
    expect(error.message).not.toContain('Edit issues');
  });

  it('passes the permissions where none lacks, and warns where only others’ comments cannot be edited', async () => {
    const opened = openSide();
    const outcomeOf = async () => (await inspect(opened)).checks.find(({ name }) => name === 'permissions')?.outcome;
    expect(await outcomeOf()).toBe('warning');
    opened.people.setPermissions(opened.sync, [...memberPermissions, 'EDIT_ALL_COMMENTS'], 'ABC');
    expect(await outcomeOf()).toBe('passed');
  });

  it('knows the default type where it may read the scheme, and warns where it may not', async () => {
    const opened = openSide();
    opened.people.addProject({ key: 'OPEN', name: 'Open', defaultIssueTypeName: 'Story', issueTypeSchemeReadable: true });
    expect((await inspect(opened, { projectKey: 'OPEN' })).facts.defaultTypeName).toBe('Story');
    const closed = await inspect(opened);
    expect(closed.facts.defaultTypeName).toBeUndefined();
    expect(closed.checks.find(({ name }) => name === 'default issue type')).toMatchObject({ outcome: 'warning' });
  });

  it('takes the default type given, if the project has it', async () => {
    const opened = openSide();
    expect((await inspect(opened, { defaultTypeName: 'bug' })).facts.defaultTypeName).toBe('Bug');
    for (const defaultTypeName of ['Incident', 'Sub-task']) {
      const error = await refusal(opened, { defaultTypeName });
      expect(error.kind).toBe('configuration');
      expect(error.message).toContain('Story');
    }
  });

  it('does not begin with a trigger that Jira does not accept', async () => {
    for (const trigger of ['nonsense ===', 'labels = sync) OR (project = ABC', 'nofield = 1']) {
      const error = await refusal(openSide(), { trigger });
      expect(error).toMatchObject({ kind: 'configuration' });
      expect(error.message).toContain('trigger');
    }
  });

  it('passes on an outage as one', async () => {
    for (const path of [/tenant_info/, /myself/, /project/, /mypermissions/, /search/]) {
      const opened = openSide();
      opened.fail(path, { kind: 'status', status: 503 }, 20);
      expect((await refusal(opened)).kind, String(path)).toBe('passing');
    }
  });
});

describe('listing projects', () => {
  it('finds those whose key or name matches', async () => {
    const opened = openSide();
    opened.people.addProject({ key: 'XYZ', name: 'Zoo' });
    const keys = async (query: string) => (await listProjects(opened, query)).map(({ key }) => key);
    expect(await keys('')).toEqual(['ABC', 'XYZ']);
    expect(await keys('zo')).toEqual(['XYZ']);
    expect(await keys('nothing')).toEqual([]);
  });
});
