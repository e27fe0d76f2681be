import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../../src/content/file-name.ts';
import type { AttachmentDraft } from '../../../src/sides/side.ts';
import { errorOf, openSide, says, streamOf } from './open-side.ts';

function draft(issueId: string, more: Partial<AttachmentDraft> & { readonly chunks?: readonly string[] } = {}): AttachmentDraft {
  const { chunks = ['some ', 'bytes'], ...rest } = more;
  return {
    issueId,
    originIssueId: '1',
    originAttachmentId: '2',
    name: 'notes.txt',
    size: undefined,
    mediaType: 'text/plain',
    open: async () => ({ stream: streamOf(...chunks), size: rest.size, mediaType: undefined }),
    ...rest,
  };
}

function openIssue(options: Parameters<typeof openSide>[0] = {}) {
  const opened = openSide(options);
  return { ...opened, id: opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 's' }).id };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

describe('uploading', () => {
  it.each([undefined, 10])('stores what was streamed and tells its hash, with a size of %s told before', async (size) => {
    const { writer, people, id } = openIssue();
    const [outcome] = await writer.addAttachments([draft(id, { size })]);
    const [stored] = people.issue(id)!.attachments;
    expect(outcome).toEqual({
      kind: 'stored',
      attachmentId: stored!.id,
      name: stored!.name,
      alias: `media:${stored!.mediaId}`,
      size: 10,
      sha256: sha256('some bytes'),
      readBack: true,
    });
    expect(stored).toMatchObject({ name: 'notes.txt', mediaType: 'text/plain' });
    expect(new TextDecoder().decode(stored!.bytes)).toBe('some bytes');
  });

  it.each([10, undefined])('tells the length of the whole transfer where the size is known: %s', async (size) => {
    const opened = openIssue();
    const lengths: { told: string | undefined; sent: number }[] = [];
    const { writer } = opened.reopen({
      gateway: {
        ...opened.gateway,
        send: async ({ headers, body }) => {
          if (!(body instanceof ReadableStream)) throw new Error('expected a stream');
          const sent = (await new Response(body).arrayBuffer()).byteLength;
          lengths.push({ told: headers?.['content-length'], sent });
          return Response.json([{ id: '1' }]);
        },
      },
    });
    expect(await writer.addAttachments([draft(opened.id, { size, name: 'Übersicht.txt' })])).toMatchObject([{ kind: 'stored' }]);
    expect(lengths).toEqual([{ told: size === undefined ? undefined : String(lengths[0]?.sent), sent: expect.any(Number) }]);
  });

  it.each([
    ['a proxy’s page', { kind: 'html', status: 200 } as const],
    ['half an answer', { kind: 'cut' } as const],
    ['a server error', { kind: 'status', status: 502 } as const],
  ])('leaves the outcome open after %s', async (_name, fault) => {
    const { writer, id, fail, seen } = openIssue();
    fail(/POST .*\/attachments$/, fault);
    expect(await writer.addAttachments([draft(id)])).toMatchObject([{ kind: 'failed', error: { outcomeUnknown: true } }]);
    expect(seen).toHaveLength(1);
  });

  it('stores an empty file', async () => {
    const { writer, id } = openIssue();
    expect(await writer.addAttachments([draft(id, { chunks: [], size: 0 })])).toMatchObject([
      { kind: 'stored', size: 0, sha256: sha256('') },
    ]);
  });

  it.each(['../../etc/passwd', 'a"; filename="b.txt', 'line\r\nX-Header: 1.txt', 'Übersicht ☃.png'])(
    'stores %j as one file under its safe name',
    async (name) => {
      const { writer, people, id } = openIssue();
      expect(await writer.addAttachments([draft(id, { name })])).toMatchObject([{ kind: 'stored', size: 10 }]);
      const [stored, ...others] = people.issue(id)!.attachments;
      expect(others).toEqual([]);
      expect(stored).toMatchObject({ name: safeFileName(name), mediaType: 'text/plain' });
      expect(stored!.name).not.toMatch(/[\r\n/]/);
    },
  );

  it('does not begin what is told to be too large', async () => {
    const { writer, id, seen } = openIssue({ side: { attachmentBytesMax: 9 } });
    expect(await writer.addAttachments([draft(id, { size: 10 })])).toMatchObject([{ kind: 'failed', error: { kind: 'limit' } }]);
    expect(seen).toEqual([]);
  });

  it('ends what turns out to be too large', async () => {
    const { writer, people, id } = openIssue({ side: { attachmentBytesMax: 9 } });
    expect(await writer.addAttachments([draft(id)])).toMatchObject([{ kind: 'failed', error: { kind: 'limit' } }]);
    expect(people.issue(id)!.attachments).toEqual([]);
  });

  it('says limit where the site takes less than the record knows', async () => {
    const { writer, id } = openIssue({ simulator: { limits: { uploadBytes: 5 } } });
    expect(await writer.addAttachments([draft(id)])).toMatchObject([{ kind: 'failed', error: { kind: 'limit', status: 413 } }]);
  });

  it('stores the others where one fails', async () => {
    const { writer, people, id } = openIssue();
    const broken = draft(id, { name: 'broken', open: () => Promise.reject(new Error('origin is away')) });
    const outcomes = await writer.addAttachments([draft(id, { name: 'a' }), broken, draft('999999'), draft(id, { name: 'b' })]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'failed', 'failed', 'stored']);
    expect(people.issue(id)!.attachments.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('leaves the outcome open where the answer was lost, and does not send it again', async () => {
    const { writer, people, id, fail } = openIssue();
    fail(/POST .*\/attachments$/, { kind: 'lost-after' });
    expect(await writer.addAttachments([draft(id)])).toMatchObject([{ kind: 'failed', error: { outcomeUnknown: true } }]);
    expect(people.issue(id)!.attachments).toHaveLength(1);
  });
});

describe('downloading', () => {
  it.each([false, true])(
    'follows the redirect to the media host without credentials (through the gateway host: %s)',
    async (throughGateway) => {
      const { reader, people, ana, id, simulator } = openIssue({ throughGateway });
      const bytes = new TextEncoder().encode('picture');
      const attachment = people.addAttachment(id, { as: ana, name: 'p.png', bytes, mediaType: 'image/png' });
      const content = await reader.openAttachment(id, attachment.id);
      expect(content).toMatchObject({ size: 7, mediaType: 'image/png' });
      expect(await textOf(content.stream)).toBe('picture');
      const asked = simulator.requests.filter(({ host }) => host === 'api.media.atlassian.com');
      expect(asked.map(({ authorized }) => authorized)).toEqual([false]);
    },
  );

  it('says gone where the attachment was deleted', async () => {
    const { reader, id } = openIssue();
    expect((await errorOf(reader.openAttachment(id, '999999'))).kind).toBe('gone');
  });

  it('does not take the length of a compressed transfer for that of the file', async () => {
    const opened = openIssue();
    const headers = { 'content-length': '5', 'content-encoding': 'gzip' };
    const { reader } = opened.reopen({ gateway: { ...opened.gateway, send: async () => new Response('decoded', { headers }) } });
    expect((await reader.openAttachment(opened.id, '1')).size).toBeUndefined();
  });
});

describe('removing attachments', () => {
  it('removes them, and succeeds where they are gone already', async () => {
    const { writer, people, id } = openIssue();
    const [outcome] = await writer.addAttachments([draft(id)]);
    if (outcome?.kind !== 'stored') throw new Error('not stored');
    const removal = { issueId: id, attachmentId: outcome.attachmentId };
    await writer.removeAttachments([removal]);
    await writer.removeAttachments([removal]);
    expect(people.issue(id)!.attachments).toEqual([]);
  });

  it('says permission where it may not', async () => {
    const { writer, people, ana, id } = openIssue();
    const foreign = people.addAttachment(id, { as: ana, name: 'x', bytes: new Uint8Array(1) });
    expect((await errorOf(writer.removeAttachments([{ issueId: id, attachmentId: foreign.id }]))).kind).toBe('permission');
  });
});

describe('images', () => {
  function withImage() {
    const opened = openIssue();
    const attachment = opened.people.addAttachment(opened.id, { as: opened.ana, name: 'p.png', bytes: new Uint8Array(3) });
    const media = { type: 'media', attrs: { type: 'file', id: attachment.mediaId, collection: '' } };
    const description = {
      version: 1,
      type: 'doc',
      content: [{ type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] }],
    };
    opened.people.editIssue(opened.id, { as: opened.ana, description });
    return { ...opened, attachment, url: `attachment:public/${attachment.id}` };
  }

  it('are known by the attachment that their media stands for', async () => {
    const { load, id, url } = withImage();
    expect(JSON.stringify((await load(id)).description.root)).toContain(url);
  });

  it('cost a request for each attachment once, and none where an earlier run knew', async () => {
    const { load, id, seen, reopen, attachment } = withImage();
    await load(id);
    await load(id);
    const looks = () => seen.filter(({ path }) => path.includes('/attachment/content/')).length;
    expect(looks()).toBe(1);
    const { reader } = reopen({ mediaIds: new Map([[attachment.id, attachment.mediaId]]) });
    await reader.load([id], 'work');
    expect(looks()).toBe(1);
  });

  it('cost nothing in an issue that shows none', async () => {
    const { load, people, ana, seen } = openIssue();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 's', description: 'text' });
    people.addAttachment(issue.id, { as: ana, name: 'p.png', bytes: new Uint8Array(3) });
    await load(issue.id);
    expect(seen.map(({ path }) => path).filter((path) => path.includes('/attachment/'))).toEqual([]);
  });

  it.each([403, 500])(
    'never vanish from a text because their look-up failed: then (%d) the issue is not read',
    async (status) => {
      const { reader, id, fail } = withImage();
      fail(/attachment\/content/, { kind: 'status', status }, 10);
      const loaded = (await reader.load([id], 'work')).get(id);
      expect(loaded).toMatchObject({
        kind: 'unreadable',
        reason: expect.stringContaining(`answered ${status}`),
        isPassing: true,
      });
    },
  );

  it('are no news about one issue where the token is not good any more', async () => {
    const { reader, id, fail } = withImage();
    fail(/attachment\/content/, { kind: 'status', status: 401 }, 10);
    expect((await errorOf(reader.load([id], 'work'))).kind).toBe('permission');
  });

  it('are embedded by the media id of the uploaded file', async () => {
    const { writer, people, ana, load, id } = openIssue();
    const attachment = people.addAttachment(id, { as: ana, name: 'p.png', bytes: new Uint8Array(3) });
    const root = says('');
    root.children = [{ type: 'paragraph', children: [{ type: 'image', url: `attachment:public/${attachment.id}` }] }];
    await writer.editIssue(await load(id), { description: root, marks: [], files: [] });
    expect(JSON.stringify(people.issue(id)?.description)).toContain(attachment.mediaId);
  });
});
