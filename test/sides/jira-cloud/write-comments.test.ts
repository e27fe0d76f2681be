import { describe, expect, it } from 'vitest';
import { connectionId, errorOf, methodsAndPaths, openSide, plain, says } from './open-side.ts';

const own = `sallyport.${connectionId}`;

function openIssue() {
  const opened = openSide();
  return { ...opened, id: opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 's' }).id };
}

describe('comments', () => {
  it('are created as public ones with their stamp in the same request', async () => {
    const { writer, people, id, load, seen } = openIssue();
    await load(id);
    seen.length = 0;
    const comment = await writer.createComment(id, { body: says('hello'), marks: ['stamp'] });
    expect(methodsAndPaths(seen)).toEqual([`POST /issue/${id}/comment`]);
    expect(people.issue(id)?.comments).toMatchObject([
      { text: 'hello', visibility: undefined, internal: false, properties: { [own]: { mark: 'stamp' } } },
    ]);
    expect(comment).toMatchObject({ marks: ['stamp'], restricted: false, author: { isConnection: true } });
    expect(plain(comment.text.root)).toBe('hello');
    expect(comment.url).toContain('/browse/ABC-1?focusedCommentId=');
    expect((await load(id)).comments[0]).toMatchObject({ id: comment.id, marks: ['stamp'], createdAt: comment.createdAt });
  });

  it('are edited with a new stamp in the same request', async () => {
    const { writer, people, id, load, seen } = openIssue();
    await writer.createComment(id, { body: says('old'), marks: ['one'] });
    const [before] = (await load(id)).comments;
    seen.length = 0;
    const after = await writer.editComment(id, before!, { body: says('new'), marks: ['two'] });
    expect(methodsAndPaths(seen)).toEqual([`PUT /issue/${id}/comment/${before!.id}`]);
    expect(people.issue(id)?.comments).toMatchObject([{ text: 'new', properties: { [own]: { mark: 'two' } } }]);
    expect(after).toMatchObject({ id: before!.id, marks: ['two'] });
  });

  it('keep their visibility when they are edited', async () => {
    const { writer, people, ana, sync, id, load } = openIssue();
    people.setPermissions(sync, ['BROWSE_PROJECTS', 'EDIT_ALL_COMMENTS'], 'ABC');
    people.addComment(id, { as: ana, body: 'old', visibility: { type: 'role', value: 'Developers' } });
    const [before] = (await load(id)).comments;
    expect((await writer.editComment(id, before!, { body: says('new'), marks: [] })).restricted).toBe(true);
    expect(people.issue(id)?.comments[0]).toMatchObject({ text: 'new', visibility: { value: 'Developers' } });
  });

  it('are removed, and removing one again succeeds', async () => {
    const { writer, people, id } = openIssue();
    const comment = await writer.createComment(id, { body: says('hello'), marks: [] });
    await writer.removeComment(id, comment.id);
    await writer.removeComment(id, comment.id);
    expect(people.issue(id)?.comments).toEqual([]);
  });

  it('are refused with Jira’s own words', async () => {
    const { writer, people, sync, id } = openIssue();
    people.setPermissions(sync, ['BROWSE_PROJECTS'], 'ABC');
    const error = await errorOf(writer.createComment(id, { body: says('hello'), marks: [] }));
    expect(error).toMatchObject({ kind: 'permission', status: 400 });
    expect(error.message).toContain('permission to comment');
  });

  it('are refused where the issue has as many as Jira allows', async () => {
    const opened = openSide({ simulator: { limits: { commentsPerIssue: 1 } } });
    const { id } = opened.people.createIssue({ project: 'ABC', as: opened.ana, summary: 's' });
    await opened.writer.createComment(id, { body: says('one'), marks: [] });
    expect(await errorOf(opened.writer.createComment(id, { body: says('two'), marks: [] }))).toMatchObject({
      kind: 'refused',
      status: 413,
    });
  });

  it.each([
    ['a proxy’s page', { kind: 'html', status: 200 } as const],
    ['half an answer', { kind: 'cut' } as const],
    ['a server error', { kind: 'status', status: 500 } as const],
  ])('leave the outcome open after %s', async (_name, fault) => {
    const { writer, id, fail, seen } = openIssue();
    fail(/POST .*\/comment$/, fault);
    expect(await errorOf(writer.createComment(id, { body: says('hello'), marks: [] }))).toMatchObject({ outcomeUnknown: true });
    expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('leave the outcome open where the answer does not fit', async () => {
    const { reopen, gateway, id } = openIssue();
    for (const answer of [{}, { id: 7 }, []]) {
      const { writer } = reopen({ gateway: { ...gateway, send: async () => Response.json(answer, { status: 201 }) } });
      const error = await errorOf(writer.createComment(id, { body: says('hello'), marks: [] }));
      expect(error).toMatchObject({ kind: 'answer', outcomeUnknown: true });
    }
  });

  it('link to themselves by the key of an issue that was created just now', async () => {
    const { writer } = openSide();
    const [created] = await writer.createIssues([{ summary: 's', description: says('d'), type: 'Task', marks: [], files: [] }]);
    if (created?.kind !== 'created') throw new Error('not created');
    const comment = await writer.createComment(created.id, { body: says('hello'), marks: [] });
    expect(comment.url).toContain(`/browse/${created.key}?`);
  });

  it('go through although one issue takes only so many at once', async () => {
    const { writer, people, id, clock } = openIssue();
    const before = clock.now();
    for (let number = 0; number < 45; number += 1) await writer.createComment(id, { body: says(`${number}`), marks: [] });
    expect(people.issue(id)?.comments).toHaveLength(45);
    expect(clock.now()).toBeGreaterThan(before);
  });

  it('are not sent again where the answer was lost', async () => {
    const { writer, people, id, fail } = openIssue();
    fail(/POST .*\/comment$/, { kind: 'lost-after' });
    expect(await errorOf(writer.createComment(id, { body: says('hello'), marks: [] }))).toMatchObject({ outcomeUnknown: true });
    expect(people.issue(id)?.comments).toHaveLength(1);
  });
});
