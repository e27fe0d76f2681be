import { createHash, randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AttachmentContent, AttachmentDraft } from '../../../src/sides/side.ts';
import { blobBody } from '../../../src/sides/github/blob-body.ts';
import { branch, newLines, openWorld, present, shapes } from './setup.ts';
import type { World } from './setup.ts';

function contentOf(bytes: Uint8Array, size: number | undefined = bytes.byteLength): AttachmentContent {
  return { stream: new Response(new Uint8Array(bytes)).body!, size, mediaType: 'application/pdf' };
}

function draft(bytes: Uint8Array, more: Partial<AttachmentDraft> = {}): AttachmentDraft {
  return {
    issueId: '1',
    originIssueId: '10001',
    originAttachmentId: '20001',
    name: 'plan.pdf',
    size: bytes.byteLength,
    mediaType: 'application/pdf',
    open: async () => contentOf(bytes),
    ...more,
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function read(content: AttachmentContent): Promise<string> {
  return new Response(content.stream).text();
}

async function openAs(world: World, token: string, body: string, id: string): Promise<string> {
  const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'Files', body });
  return read(await world.side({ token: async () => token }).reader.openAttachment(String(number), id));
}

describe.each(shapes)('files on the branch at %s', (shape) => {
  it('go there and back, many in one commit without parents', async () => {
    const world = openWorld({ shape });
    const { writer, reader } = world.writer();
    const [one, two] = [bytesOf('one'), randomFillSync(new Uint8Array(5000))];

    const outcomes = await writer.addAttachments([draft(one), draft(two, { originAttachmentId: '20002', name: 'ä (1).bin' })]);

    expect(outcomes).toEqual([
      { kind: 'stored', attachmentId: 'copy:10001/20001/plan.pdf', name: 'plan.pdf', size: 3, sha256: sha256(one) },
      { kind: 'stored', attachmentId: 'copy:10001/20002/ä (1).bin', name: 'ä (1).bin', size: 5000, sha256: sha256(two) },
    ]);
    expect(world.github.commits('acme/app', branch)).toHaveLength(1);
    expect(world.github.commits('acme/app', branch)[0]).toMatchObject({ message: expect.stringContaining('[skip ci]') });
    const opened = await reader.openAttachment('1', 'copy:10001/20002/ä (1).bin');
    expect(sha256(new Uint8Array(await new Response(opened.stream).arrayBuffer()))).toBe(sha256(two));
    expect(world.violations).toEqual([]);
  });

  it('keep what is there already, in a history of one commit', async () => {
    const world = openWorld({ shape });
    const { writer } = world.writer();
    await writer.addAttachments([draft(bytesOf('one'))]);
    await writer.addAttachments([draft(bytesOf('two'), { originAttachmentId: '20002' })]);
    expect(world.github.commits('acme/app', branch)).toHaveLength(1);
    expect([...world.github.files('acme/app', branch)!.keys()].toSorted()).toEqual([
      '10001/20001/plan.pdf',
      '10001/20002/plan.pdf',
      'README.md',
    ]);

    await writer.removeAttachments([
      { issueId: '1', attachmentId: 'copy:10001/20001/plan.pdf' },
      { issueId: '1', attachmentId: 'copy:10001/29999/never.pdf' },
      { issueId: '1', attachmentId: 'user-attachments/files/1/theirs.pdf' },
    ]);
    expect(world.github.commits('acme/app', branch)).toHaveLength(1);
    expect([...world.github.files('acme/app', branch)!.keys()].toSorted()).toEqual(['10001/20002/plan.pdf', 'README.md']);
    await writer.removeAttachments([{ issueId: '1', attachmentId: 'copy:10001/20002/plan.pdf' }]);
    expect([...world.github.files('acme/app', branch)!.keys()]).toEqual(['README.md']);
    expect(world.violations).toEqual([]);
  });

  it('show in the issue that refers to them, inline or in its list', async () => {
    const world = openWorld({ shape });
    const { writer, reader } = world.writer();
    const stored = await writer.addAttachments([
      draft(bytesOf('a')),
      draft(bytesOf('b'), { originAttachmentId: '2', name: 'b.png' }),
    ]);
    const ids = stored.map((one) => (one.kind === 'stored' ? one.attachmentId : ''));
    const image = { type: 'image' as const, url: `attachment:private/${encodeURIComponent(ids[1]!)}`, alt: 'b.png' };
    const [created] = await writer.createIssues([
      {
        summary: 'Copy',
        description: { type: 'root', children: [{ type: 'paragraph', children: [image] }] },
        type: undefined,
        marks: ['s1.x'],
        files: [
          { name: 'plan.pdf', size: 1, attachmentId: ids[0], link: undefined },
          { name: 'b.png', size: 1, attachmentId: ids[1], link: undefined },
        ],
      },
    ]);
    if (created?.kind !== 'created') throw new Error('not created');

    const issue = await present({ reader }, created.id);

    expect(issue.attachments.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(issue.description.root.children).toMatchObject([{ children: [{ type: 'image', url: image.url }] }]);
    expect(world.github.issue('acme/app', Number(created.id))!.body!.match(/b\.png\)/g)).toHaveLength(1);
  });

  it('of people are found in texts, outside code, and fetched with the token', async () => {
    const world = openWorld({ shape });
    const image = world.github.uploadAsset({
      as: 'ada',
      name: 'screen.png',
      bytes: bytesOf('PNG'),
      kind: 'image',
      repository: 'acme/app',
    });
    const file = world.github.uploadAsset({
      as: 'ada',
      name: 'log.txt',
      bytes: bytesOf('LOG'),
      kind: 'file',
      repository: 'acme/app',
    });
    const other = world.github.uploadAsset({
      as: 'rae',
      name: 'other.png',
      bytes: bytesOf('OTHER'),
      kind: 'image',
      repository: 'acme/app',
    });
    const hidden = world.github.uploadAsset({
      as: 'ada',
      name: 'code.png',
      bytes: bytesOf('CODE'),
      kind: 'image',
      repository: 'acme/app',
    });
    const body = `![screen.png](${image})\n\n[log.txt](${file}) and again [log](${file})\n\n\`\`\`\n![x](${hidden})\n\`\`\`\n\n\`${hidden}\` https://evil.example/user-attachments/assets/11111111-2222-4333-8444-555555555555`;
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'Files', body });
    world.github.addComment({
      repository: 'acme/app',
      number,
      as: 'rae',
      body: `<img width="10" alt="other.png" src="${other}" />`,
    });
    const side = world.side();

    const { attachments } = await present(side, number);
    const texts = await Promise.all(
      attachments.map(async ({ id }) => read(await side.reader.openAttachment(String(number), id))),
    );

    expect(attachments.map(({ name, url, author, size }) => ({ name, url, by: author?.displayName, size }))).toEqual([
      { name: 'screen.png', url: image, by: 'ada', size: undefined },
      { name: 'log.txt', url: file, by: 'ada', size: undefined },
      { name: 'other.png', url: other, by: 'rae', size: undefined },
    ]);
    expect(texts).toEqual(['PNG', 'LOG', 'OTHER']);
  });

  it('that a fine-grained token cannot fetch are reached by their signed address, if they are images', async () => {
    const world = openWorld({ shape });
    world.github.addToken({ kind: 'fine-grained', login: 'sync', token: 'fine', repositories: ['acme/app'] });
    const image = world.github.uploadAsset({
      as: 'ada',
      name: 'screen.png',
      bytes: bytesOf('PNG'),
      kind: 'image',
      repository: 'acme/app',
    });
    const file = world.github.uploadAsset({
      as: 'ada',
      name: 'log.txt',
      bytes: bytesOf('LOG'),
      kind: 'file',
      repository: 'acme/app',
    });
    const idOf = (url: string) => url.slice(world.addresses.webUrl.length + 1);

    expect(await openAs(world, 'fine', `![x](${image})`, idOf(image))).toBe('PNG');
    await expect(openAs(world, 'fine', `[x](${file})`, idOf(file))).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining("out of this token's reach"),
    });
  });

  it('in comments are reached by their signed address, too', async () => {
    const world = openWorld({ shape });
    world.github.addToken({ kind: 'fine-grained', login: 'sync', token: 'fine', repositories: ['acme/app'] });
    const image = world.github.uploadAsset({
      as: 'ada',
      name: 'screen.png',
      bytes: bytesOf('PNG'),
      kind: 'image',
      repository: 'acme/app',
    });
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'Files', body: 'see below' });
    world.github.addComment({ repository: 'acme/app', number, as: 'ada', body: `![x](${image})` });
    const side = world.side({ token: async () => 'fine' });

    const [attachment] = (await present(side, number)).attachments;
    expect(await read(await side.reader.openAttachment(String(number), attachment!.id))).toBe('PNG');
  });
});

describe('files', () => {
  it("are asked for at the connection's own hosts only, whatever the text names", async () => {
    const world = openWorld();
    for (const id of ['https://evil.example/x', 'evil', 'copy:../../x', '//evil.example/user-attachments/files/1/x']) {
      await expect(world.side().reader.openAttachment('1', id)).rejects.toMatchObject({ kind: 'refused' });
    }
    expect(newLines(world)).toEqual([]);
  });

  it('never send the token to another host', async () => {
    const seen: { host: string; authorization: string | null }[] = [];
    const world = openWorld({
      before: (request) => {
        const url = new URL(request.url);
        seen.push({ host: url.host, authorization: request.headers.get('authorization') });
        if (url.host === 'github.com') {
          const location = 'https://private-user-images.githubusercontent.com/1/2.png?jwt=x';
          return new Response(null, { status: 302, headers: { location } });
        }
        return new Response('PNG', { headers: { 'content-type': 'image/png' } });
      },
    });
    const { reader } = world.side();
    expect(await read(await reader.openAttachment('1', 'user-attachments/assets/11111111-2222-4333-8444-555555555555'))).toBe(
      'PNG',
    );
    expect(await read(await reader.openAttachment('1', 'user-images/1/2-3.png'))).toBe('PNG');
    expect(seen).toEqual([
      { host: 'github.com', authorization: 'Bearer sync-token' },
      { host: 'private-user-images.githubusercontent.com', authorization: null },
      { host: 'user-images.githubusercontent.com', authorization: null },
    ]);
  });

  it('take a login page for no file', async () => {
    const world = openWorld({
      before: (request) =>
        new URL(request.url).host === 'github.com'
          ? new Response('<!DOCTYPE html>Sign in', { headers: { 'content-type': 'text/html' } })
          : undefined,
    });
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'x', body: '' });
    await expect(world.side().reader.openAttachment(String(number), 'user-attachments/files/1/a.pdf')).rejects.toMatchObject({
      kind: 'refused',
    });
  });

  it('larger than GitHub takes fail with the reason, without being opened', async () => {
    const world = openWorld();
    let opened = 0;
    const big = draft(bytesOf('x'), { size: 101 * 1024 * 1024, open: async () => ((opened += 1), contentOf(bytesOf('x'))) });
    const outcomes = await world.writer().writer.addAttachments([big, draft(bytesOf('ok'), { originAttachmentId: '2' })]);
    expect(outcomes).toMatchObject([
      { kind: 'failed', error: { kind: 'refused', message: expect.stringContaining('100 MB') } },
      { kind: 'stored' },
    ]);
    expect(opened).toBe(0);
  });

  it('that cannot be opened fail alone', async () => {
    const world = openWorld();
    const broken = draft(bytesOf('x'), { open: async () => Promise.reject(new Error('gone')) });
    const outcomes = await world.writer().writer.addAttachments([broken, draft(bytesOf('ok'), { originAttachmentId: '2' })]);
    expect(outcomes).toMatchObject([{ kind: 'failed' }, { kind: 'stored' }]);
  });

  it('are sent again with a new stream after a lost answer', async () => {
    const world = openWorld();
    let opened = 0;
    world.faults.push({ when: /POST .*\/git\/blobs$/, fault: { kind: 'lost-after' } });
    const outcomes = await world
      .writer()
      .writer.addAttachments([draft(bytesOf('one'), { open: async () => ((opened += 1), contentOf(bytesOf('one'))) })]);
    expect(outcomes).toMatchObject([{ kind: 'stored', size: 3, sha256: sha256(bytesOf('one')) }]);
    expect(opened).toBe(2);
  });

  it.each([/POST .*\/git\/trees$/, /POST .*\/git\/commits$/, /POST .*\/git\/refs$/])(
    'survive a lost answer of %s',
    async (when) => {
      const world = openWorld();
      world.faults.push({ when, fault: { kind: 'lost-after' } });
      const outcomes = await world.writer().writer.addAttachments([draft(bytesOf('one'))]);
      expect(outcomes).toMatchObject([{ kind: 'stored' }]);
      expect(world.github.files('acme/app', branch)?.get('10001/20001/plan.pdf')).toEqual(bytesOf('one'));
    },
  );

  it('name the way out where a ruleset refuses the branch', async () => {
    const world = openWorld();
    world.github.refuseRefs('acme/app', 'refs/heads/sallyport/');
    const [outcome] = await world.writer().writer.addAttachments([draft(bytesOf('one'))]);
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { kind: 'refused', message: expect.stringMatching(/AttachmentBranchRefused.*attachments: list-only/) },
    });
  });

  it('name the way out where the token may not write contents', async () => {
    const world = openWorld();
    world.github.addToken({
      kind: 'job',
      token: 'job',
      repositories: ['acme/app'],
      access: { issues: 'write', contents: 'read' },
    });
    const [outcome] = await world.writer({ token: async () => 'job' }).writer.addAttachments([draft(bytesOf('one'))]);
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { kind: 'permission', message: expect.stringContaining('list-only') },
    });
  });

  it('are not stored in a repository without a commit', async () => {
    const world = openWorld();
    world.github.addRepository({ owner: 'acme', name: 'bare', private: true, empty: true });
    const [outcome] = await world
      .writer({ attachmentsRepository: { owner: 'acme', name: 'bare' } })
      .writer.addAttachments([draft(bytesOf('one'))]);
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { kind: 'refused', message: expect.stringContaining('no commit yet') },
    });
  });

  it('go to another repository where one is named', async () => {
    const world = openWorld();
    world.github.addRepository({ owner: 'acme', name: 'files', private: true });
    const { writer, reader } = world.writer({ attachmentsRepository: { owner: 'acme', name: 'files' } });
    await writer.addAttachments([draft(bytesOf('one'))]);
    expect(world.github.files('acme/files', branch)?.has('10001/20001/plan.pdf')).toBe(true);
    expect(await read(await reader.openAttachment('1', 'copy:10001/20001/plan.pdf'))).toBe('one');
    expect(world.github.branches('acme/app')).not.toContain(branch);
  });

  it('are refused where they are to be listed only', async () => {
    const world = openWorld();
    const outcomes = await world.writer({ attachments: 'list-only' }).writer.addAttachments([draft(bytesOf('one'))]);
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { kind: 'refused' } }]);
    expect(newLines(world)).toEqual([]);
  });

  it('leave other branches alone', async () => {
    const world = openWorld();
    const before = world.github.commits('acme/app', 'main');
    await world.writer().writer.addAttachments([draft(bytesOf('one'))]);
    expect(world.github.commits('acme/app', 'main')).toEqual(before);
  });
});

describe('the body of a blob', () => {
  it.each([0, 1, 2, 3, 4, 1000, 65_537])('is base64 within JSON, %d bytes long, of the length that was told', async (length) => {
    const bytes = randomFillSync(new Uint8Array(length));
    const parts = [bytes.subarray(0, 1), bytes.subarray(1, 5), bytes.subarray(5)].filter((part) => part.byteLength > 0);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
    const body = blobBody({ stream, size: length, mediaType: undefined }, 100_000);
    const text = await new Response(body.stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
    expect(Buffer.from((JSON.parse(text) as { content: string }).content, 'base64').equals(bytes)).toBe(true);
    expect(text.length).toBe(body.length);
    expect(body.result()).toEqual({ size: length, sha256: sha256(bytes) });
  });

  it('ends when the file is larger than allowed, or not as long as was said', async () => {
    const drain = (body: ReturnType<typeof blobBody>) =>
      new Response(body.stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
    await expect(drain(blobBody(contentOf(bytesOf('12345'), undefined), 4))).rejects.toMatchObject({ kind: 'refused' });
    await expect(drain(blobBody(contentOf(bytesOf('12345'), 6), 100))).rejects.toMatchObject({ kind: 'passing' });
  });

  it('never holds more than a part of the file', async () => {
    let asked = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          asked += 1;
          controller.enqueue(new Uint8Array(64 * 1024));
        },
      },
      { highWaterMark: 0 },
    );
    const reader = blobBody({ stream, size: undefined, mediaType: undefined }, 1e9).stream.getReader();
    for (let count = 0; count < 10; count += 1) await reader.read();
    expect(asked).toBeLessThanOrEqual(11);
    await reader.cancel();
  });
});
