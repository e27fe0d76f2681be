import { describe, expect, it } from 'vitest';
import { connectionId, errorOf, methodsAndPaths, openSide, plain, says } from './open-side.ts';

const absent = '999999';

interface CommentField {
  readonly comments: readonly unknown[];
  readonly total?: number | undefined;
}

interface BulkAnswer {
  readonly issues: readonly { readonly fields: { comment: CommentField | undefined } }[];
}

describe('loading', () => {
  it('reads an issue whole, with who wrote what', async () => {
    const { people, ana, sync, load, site } = openSide();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'one', description: 'text', type: 'Bug' });
    people.addComment(issue.id, { as: ana, body: 'first' });
    people.addComment(issue.id, { as: sync, body: 'second' });
    people.addAttachment(issue.id, { as: ana, name: 'plan.pdf', bytes: new Uint8Array(7), mediaType: 'application/pdf' });
    const loaded = await load(issue.id);
    expect(loaded).toMatchObject({
      id: issue.id,
      key: 'ABC-1',
      url: `${site.siteUrl}/browse/ABC-1`,
      summary: 'one',
      type: 'Bug',
      createdAt: issue.createdAt,
      author: { id: ana.accountId, displayName: 'Ana', isConnection: false },
      marks: [],
      marked: false,
      readableByAll: true,
    });
    expect(plain(loaded.description.root)).toBe('text');
    expect(loaded.comments.map((comment) => [plain(comment.text.root), comment.author.isConnection])).toEqual([
      ['first', false],
      ['second', true],
    ]);
    expect(loaded.comments[0]?.url).toContain('/browse/ABC-1?focusedCommentId=');
    expect(loaded.attachments).toMatchObject([{ name: 'plan.pdf', size: 7, mediaType: 'application/pdf' }]);
  });

  it('reads a hundred issues in one request', async () => {
    const { people, ana, reader, seen } = openSide();
    const ids = Array.from(
      { length: 250 },
      (_, index) => people.createIssue({ project: 'ABC', as: ana, summary: `${index}` }).id,
    );
    const loaded = await reader.load([...ids, ...ids], 'work');
    expect([...loaded.keys()].toSorted()).toEqual(ids.toSorted());
    expect([...loaded.values()].every(({ kind }) => kind === 'present')).toBe(true);
    expect(methodsAndPaths(seen)).toEqual(Array(3).fill('POST /issue/bulkfetch'));
  });

  it('asks nothing for no ids', async () => {
    const { reader, seen } = openSide();
    expect((await reader.load([], 'work')).size).toBe(0);
    expect(seen).toEqual([]);
  });

  it('reads all comments of an issue that has more than a page of them', async () => {
    const { people, ana, load } = openSide();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'long' });
    for (let number = 0; number < 230; number += 1) people.addComment(issue.id, { as: ana, body: `comment ${number}` });
    const { comments } = await load(issue.id);
    expect(comments.map((comment) => plain(comment.text.root))).toEqual(
      Array.from({ length: 230 }, (_, index) => `comment ${index}`),
    );
  });

  it.each([
    ['no total', (comment: CommentField) => ({ ...comment, total: undefined })],
    ['a page only', (comment: CommentField) => ({ ...comment, comments: comment.comments.slice(0, 20) })],
    ['nothing', () => undefined],
  ])('reads all comments although the bulk answer shows of them %s', async (_name, cut) => {
    const opened = openSide();
    const issue = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 'long' });
    for (let number = 0; number < 30; number += 1) opened.people.addComment(issue.id, { as: opened.ana, body: `${number}` });
    const { reader } = opened.reopen({
      gateway: {
        ...opened.gateway,
        send: async (request) => {
          const response = await opened.gateway.send(request);
          if (!request.url.endsWith('/bulkfetch')) return response;
          const answer: BulkAnswer = await response.json();
          for (const each of answer.issues) each.fields.comment = cut(each.fields.comment ?? { comments: [] });
          return Response.json(answer);
        },
      },
    });
    const loaded = (await reader.load([issue.id], 'work')).get(issue.id);
    expect(loaded?.kind === 'present' && loaded.issue.comments.length).toBe(30);
  });

  it.each(['summary', 'description', 'issuetype'])(
    'fails rather than take an issue without its %s for an empty one',
    async (field) => {
      const opened = openSide();
      const { id } = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 's', description: 'd' });
      const { reader } = opened.reopen({
        gateway: {
          ...opened.gateway,
          send: async (request) => {
            const answer: { issues: { fields: Record<string, unknown> }[] } = await (await opened.gateway.send(request)).json();
            for (const each of answer.issues) Reflect.deleteProperty(each.fields, field);
            return Response.json(answer);
          },
        },
      });
      const error = await errorOf(reader.load([id], 'work'));
      expect(error).toMatchObject({ kind: 'answer' });
      expect(error.message).toContain(field);
    },
  );

  it('shows comments as restricted that not everyone may read', async () => {
    const { people, ana, load } = openSide();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'one' });
    people.addComment(issue.id, { as: ana, body: 'open' });
    people.addComment(issue.id, { as: ana, body: 'role', visibility: { type: 'role', value: 'Developers' } });
    people.addComment(issue.id, { as: ana, body: 'internal', internal: true });
    const { comments } = await load(issue.id);
    expect(comments.map((comment) => comment.restricted)).toEqual([false, true, true]);
  });

  it('shows an issue with a security level as not readable by all', async () => {
    const { people, ana, sync, load } = openSide();
    const issue = people.createIssue({
      project: 'ABC',
      as: ana,
      summary: 'secret',
      security: { name: 'Staff', members: [ana, sync] },
    });
    expect((await load(issue.id)).readableByAll).toBe(false);
  });

  it('reads its own marks and the parts of a long ledger', async () => {
    const { people, ana, load } = openSide();
    const properties = {
      [`sallyport.${connectionId}`]: { mark: 'one' },
      [`sallyport.${connectionId}.2`]: { mark: 'two' },
      [`sallyport.${connectionId}.3`]: { mark: 'three' },
    };
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'twin', properties });
    expect(await load(issue.id)).toMatchObject({ marks: ['one', 'two', 'three'], marked: true });
  });

  it('takes another connection’s issue for marked, and none of its marks for its own', async () => {
    const { people, ana, load, reopen } = openSide();
    const { writer } = reopen({ connectionId: 'other' });
    const [created] = await writer.createIssues([
      { summary: 's', description: says('d'), type: 'Task', marks: ['m'], files: [] },
    ]);
    if (created?.kind !== 'created') throw new Error('not created');
    expect(await load(created.id)).toMatchObject({ marks: [], marked: true });
    const garbage = people.createIssue({
      project: 'ABC',
      as: ana,
      summary: 'x',
      properties: { [`sallyport.${connectionId}`]: 'text' },
    });
    expect((await load(garbage.id)).marks).toEqual([]);
  });

  it('reads the stamps of all its own comments of a batch in one request', async () => {
    const { people, ana, reader, writer, seen } = openSide();
    const ids = [1, 2, 3].map((number) => people.createIssue({ project: 'ABC', as: ana, summary: `${number}` }).id);
    for (const id of ids) await writer.createComment(id, { body: says('copy'), marks: [`stamp of ${id}`] });
    seen.length = 0;
    const loaded = await reader.load(ids, 'work');
    for (const id of ids) {
      const each = loaded.get(id);
      expect(each?.kind === 'present' && each.issue.comments.map((comment) => comment.marks)).toEqual([[`stamp of ${id}`]]);
    }
    expect(methodsAndPaths(seen)).toEqual(['POST /issue/bulkfetch', 'POST /comment/list']);
  });

  it('reads no stamps from others’ comments', async () => {
    const { people, ana, load, writer, reopen, seen, clock } = openSide();
    const bob = people.addAccount({ displayName: 'Bob', email: 'bob@example.org', apiToken: 'bobs' });
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 's' });
    await writer.createComment(issue.id, { body: says('own'), marks: ['own stamp'] });
    clock.advance(1_000);
    const asBob = reopen({
      site: {
        siteUrl: 'https://acme.atlassian.net',
        apiUrl: 'https://acme.atlassian.net',
        email: 'bob@example.org',
        token: 'bobs',
      },
      account: { accountId: bob.accountId, displayName: 'Bob', timeZone: 'Etc/UTC' },
    });
    await asBob.writer.createComment(issue.id, { body: says('forged'), marks: ['own stamp'] });
    seen.length = 0;
    expect((await load(issue.id)).comments.map(({ marks }) => marks)).toEqual([['own stamp'], []]);
    expect(seen.find(({ path }) => path.endsWith('/comment/list'))?.body).toMatchObject({ ids: [expect.any(Number)] });
  });

  it('leaves out an own comment that is deleted while it is read, and never guesses a stamp', async () => {
    const opened = openSide();
    const { id } = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 's' });
    const kept = await opened.writer.createComment(id, { body: says('kept'), marks: ['one'] });
    const other = await opened.writer.createComment(id, { body: says('other'), marks: ['two'] });
    let silent = false;
    const { reader } = opened.reopen({
      gateway: {
        ...opened.gateway,
        send: async (request) => {
          if (!new URL(request.url).pathname.endsWith('/comment/list')) return opened.gateway.send(request);
          if (!silent) opened.people.deleteComment(id, other.id);
          return silent ? Response.json({ values: [] }) : opened.gateway.send(request);
        },
      },
    });
    const loaded = (await reader.load([id], 'work')).get(id);
    expect(loaded?.kind === 'present' && loaded.issue.comments.map((comment) => comment.id)).toEqual([kept.id]);
    silent = true;
    expect((await errorOf(reader.load([id], 'work'))).kind).toBe('passing');
  });

  it('gives up on comments whose pages never end', async () => {
    const opened = openSide();
    const { id } = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 's' });
    const comment = opened.people.addComment(id, { as: opened.ana, body: 'one' });
    const created = new Date(comment.createdAt).toISOString();
    let pages = 0;
    const { reader } = opened.reopen({
      gateway: {
        ...opened.gateway,
        send: async (request) => {
          if (request.method === 'POST') {
            const answer: BulkAnswer = await (await opened.gateway.send(request)).json();
            for (const each of answer.issues) each.fields.comment = undefined;
            return Response.json(answer);
          }
          pages += 1;
          return Response.json({ comments: [{ id: comment.id, body: comment.body, created }] });
        },
      },
    });
    expect((await errorOf(reader.load([id], 'work'))).kind).toBe('limit');
    expect(pages).toBeLessThanOrEqual(1_000);
  });

  it('counts its requests for the audit where they are for it', async () => {
    const { people, ana, reader, gateway } = openSide();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'one' });
    await reader.load([issue.id, absent], 'audit');
    expect(gateway.counts()).toMatchObject({ work: 0, audit: 3 });
  });
});

describe('an issue that is not there', () => {
  it('is gone where it was deleted and the project is still shown', async () => {
    const { people, ana, reader } = openSide();
    const kept = people.createIssue({ project: 'ABC', as: ana, summary: 'kept' });
    const deleted = people.createIssue({ project: 'ABC', as: ana, summary: 'deleted' });
    people.deleteIssue(deleted.id);
    const loaded = await reader.load([kept.id, deleted.id], 'work');
    expect([loaded.get(kept.id)?.kind, loaded.get(deleted.id)?.kind]).toEqual(['present', 'gone']);
  });

  it('is never gone where the account lost the project', async () => {
    const { people, ana, sync, reader } = openSide();
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'one' });
    people.setPermissions(sync, ['USER_PICKER'], 'ABC');
    const error = await errorOf(reader.load([issue.id], 'work'));
    expect(error).toMatchObject({ kind: 'permission' });
    expect(error.message).toContain('ABC');
  });

  it('has moved where it is in another project now', async () => {
    const { people, ana, reader } = openSide();
    people.addProject({ key: 'OTHER', name: 'Other' });
    const issue = people.createIssue({ project: 'ABC', as: ana, summary: 'one' });
    people.moveIssue(issue.id, { as: ana, project: 'OTHER' });
    expect((await reader.load([issue.id], 'work')).get(issue.id)).toEqual({ kind: 'moved', to: 'OTHER-1' });
  });

  it.each([
    ['an outage', { kind: 'status', status: 500 } as const, 'passing'],
    ['a proxy’s page', { kind: 'html', status: 200 } as const, 'answer'],
    ['a proxy’s 404', { kind: 'html', status: 404 } as const, 'answer'],
  ])('is never gone because of %s while it is asked for', async (_name, fault, kind) => {
    for (const path of [/\/bulkfetch/, /GET .*\/project\//]) {
      const opened = openSide();
      opened.fail(path, fault, 10);
      expect((await errorOf(opened.reader.load([absent], 'work'))).kind).toBe(kind);
    }
    const opened = openSide();
    opened.fail(/GET .*\/issue\//, fault, 10);
    const outcome = await opened.reader.load([absent], 'work').then(
      (loaded) => loaded.get(absent)?.kind,
      () => 'failed',
    );
    expect(['unreadable', 'failed']).toContain(outcome);
  });
});
