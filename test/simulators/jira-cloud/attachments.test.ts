import { describe, expect, it } from 'vitest';
import { basic, openSite, paragraph } from './open-site.ts';
import type { Answer, OpenSite } from './open-site.ts';

const bytes = new TextEncoder().encode('0123456789');

function upload(
  site: OpenSite,
  files: readonly File[],
  headers: Record<string, string> = { 'x-atlassian-token': 'no-check' },
): Promise<Response> {
  const body = new FormData();
  for (const file of files) body.append('file', file);
  const url = 'https://acme.atlassian.net/rest/api/3/issue/ABC-1/attachments';
  return site.fetch(new Request(url, { method: 'POST', body, headers: { authorization: basic(site.sync), ...headers } }));
}

function siteWithIssue(options: Parameters<typeof openSite>[0] = {}): OpenSite {
  const site = openSite(options);
  site.people.createIssue({ project: 'ABC', as: site.ana, summary: 'One' });
  return site;
}

describe('attachments', () => {
  it('are stored as uploaded, names in any script included', async () => {
    const site = siteWithIssue();
    const response = await upload(site, [new File([bytes], 'größe "1".txt', { type: 'text/plain' }), new File([], 'empty')]);
    const [first, second]: Answer['json'][] = await response.json();
    expect([first.filename, first.size, first.mimeType, second.size]).toEqual(['größe "1".txt', 10, 'text/plain', 0]);
    expect(site.people.issue('ABC-1')!.attachments[0]!.bytes).toEqual(bytes);
    expect((await site.call('GET', `/rest/api/3/attachment/${first.id}`)).json).toMatchObject({ id: Number(first.id), size: 10 });
    const { json } = await site.call('GET', '/rest/api/3/issue/ABC-1?fields=attachment');
    expect(json.fields.attachment.map((attachment: { id: string }) => attachment.id)).toEqual([first.id, second.id]);
  });

  it('are refused without the header against forgery, without permission, and above the limit', async () => {
    const site = siteWithIssue({ limits: { uploadBytes: 5 } });
    const file = new File([bytes], 'a.txt');
    expect((await upload(site, [file], {})).status).toBe(403);
    expect((await upload(site, [file])).status).toBe(413);
    expect((await site.call('GET', '/rest/api/3/attachment/meta')).json).toEqual({ enabled: true, uploadLimit: 5 });
    site.people.setPermissions(site.sync, ['BROWSE_PROJECTS']);
    expect((await upload(site, [new File([], 'a.txt')])).status).toBe(403);
  });

  it('are read through a signed address of the media host, which tells the media id and expires', async () => {
    const site = siteWithIssue();
    const { id } = site.people.addAttachment('ABC-1', { name: 'a.txt', bytes, as: site.ana });
    const { status, headers } = await site.call('GET', `/rest/api/3/attachment/content/${id}`);
    const location = new URL(headers.get('location')!);
    expect([status, location.host, location.pathname]).toEqual([
      303,
      'media.example.net',
      `/file/${site.people.mediaIdOf(id)}/binary`,
    ]);
    const content = await site.fetch(new Request(location));
    expect(new Uint8Array(await content.arrayBuffer())).toEqual(bytes);
    expect(site.simulator.requests.at(-1)).toMatchObject({ host: 'media.example.net', authorized: false });
    const unsigned = new URL(location);
    unsigned.searchParams.delete('token');
    expect((await site.fetch(new Request(unsigned))).status).toBe(403);
    site.clock.advance(11 * 60_000);
    expect((await site.fetch(new Request(location))).status).toBe(403);
  });

  it('are read directly and in ranges without the redirect', async () => {
    const site = siteWithIssue();
    const { id } = site.people.addAttachment('ABC-1', { name: 'a.txt', bytes, as: site.ana });
    const read = (range?: string): ReturnType<OpenSite['call']> => {
      return site.call('GET', `/rest/api/3/attachment/content/${id}?redirect=false`, {
        headers: range === undefined ? {} : { range },
      });
    };
    expect([(await read()).status, (await read()).text]).toEqual([200, '0123456789']);
    const part = await read('bytes=2-4');
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expect([(await read('bytes=7-')).text, (await read('bytes=-2')).text]).toEqual(['789', '89']);
    expect((await read('bytes=10-')).status).toBe(416);
  });

  it('are deleted by their author or with the wider permission, and touch the issue', async () => {
    const site = siteWithIssue();
    const { id } = site.people.addAttachment('ABC-1', { name: 'a.txt', bytes, as: site.ana });
    expect((await site.call('DELETE', `/rest/api/3/attachment/${id}`)).status).toBe(403);
    const before = site.people.issue('ABC-1')!.updatedAt;
    site.people.setPermissions(site.sync, ['BROWSE_PROJECTS', 'DELETE_ALL_ATTACHMENTS']);
    expect((await site.call('DELETE', `/rest/api/3/attachment/${id}`)).status).toBe(204);
    expect((await site.call('GET', `/rest/api/3/attachment/content/${id}`)).status).toBe(404);
    expect(site.people.issue('ABC-1')!.updatedAt).toBeGreaterThan(before);
    const changes = (await site.call('GET', '/rest/api/3/issue/ABC-1/changelog')).json.values;
    expect(
      changes.flatMap((change: Answer['json']) => change.items).map((item: Answer['json']) => [item.field, item.fromString]),
    ).toEqual([
      ['Attachment', ''],
      ['Attachment', 'a.txt'],
    ]);
  });

  it('must exist to be shown in a text', async () => {
    const site = siteWithIssue();
    const media = (id: string): object => ({
      version: 1,
      type: 'doc',
      content: [
        {
          type: 'mediaSingle',
          attrs: { layout: 'center' },
          content: [{ type: 'media', attrs: { type: 'file', id, collection: '' } }],
        },
      ],
    });
    const { mediaId } = site.people.addAttachment('ABC-1', { name: 'a.png', bytes, as: site.ana });
    const comment = (body: object): ReturnType<OpenSite['call']> =>
      site.call('POST', '/rest/api/3/issue/ABC-1/comment', { body: { body } });
    expect((await comment(media(mediaId))).status).toBe(201);
    expect((await comment(media('nowhere'))).json.errorMessages).toEqual(['ATTACHMENT_VALIDATION_ERROR']);
    // Shown by a comment, it survives a description that drops it.
    await site.call('PUT', '/rest/api/3/issue/ABC-1', { body: { fields: { description: media(mediaId) } } });
    await site.call('PUT', '/rest/api/3/issue/ABC-1', { body: { fields: { description: paragraph('x') } } });
    expect(site.people.issue('ABC-1')!.attachments).toHaveLength(1);
  });
});
