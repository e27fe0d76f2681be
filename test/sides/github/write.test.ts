import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../src/errors.ts';
import type { IssueDraft } from '../../../src/sides/side.ts';
import { copyId } from '../../../src/sides/github/attachment-links.ts';
import { newLines, openWorld, paragraphs, present, request, shapes } from './setup.ts';
import type { World } from './setup.ts';

const minute = 60_000;

function draft(more: Partial<IssueDraft> = {}): IssueDraft {
  return { summary: 'Copy', description: paragraphs('Hello'), type: undefined, marks: ['s1.x'], files: [], ...more };
}

function issueBy(world: World, body = 'Hello\n\nyou', more: { type?: string; labels?: string[] } = {}) {
  return world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'One', body, ...more });
}

describe.each(shapes)('writing to %s', (shape) => {
  it('creates issues in order, each with its mark and its type, and tells them whole', async () => {
    const world = openWorld({ shape });
    const { writer, reader } = world.writer();

    const outcomes = await writer.createIssues([draft({ type: 'Bug' }), draft({ summary: 'Second', marks: ['s1.y'] })]);

    const issues = world.github.issues('acme/app');
    expect(outcomes).toMatchObject(issues.map(({ number }) => ({ kind: 'created', id: String(number), key: `#${number}` })));
    expect(issues.map(({ title, body }) => [title, body])).toEqual([
      ['Copy', 'Hello\n\n<!-- sallyport:s1.x -->'],
      ['Second', 'Hello\n\n<!-- sallyport:s1.y -->'],
    ]);
    const first = outcomes[0]!;
    expect(first.kind === 'created' && first.issue).toEqual({
      ...(await present({ reader }, issues[0]!.number)),
      version: expect.any(String),
    });
    expect(first.kind === 'created' && first.issue?.type).toBe('Bug');
    expect(world.violations).toEqual([]);
  });

  it('edits in one request and tells what was stored', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);
    newLines(world);

    const stored = await writer.editIssue(issue, {
      summary: 'New',
      description: paragraphs('Hello', 'them'),
      type: 'Task',
      marks: ['s1.x'],
      files: [],
    });

    // A label that stands for the type is put on by a request of its own.
    expect(newLines(world)).toHaveLength(shape === 'ghes' ? 2 : 1);
    expect(world.github.issue('acme/app', number)).toMatchObject({
      title: 'New',
      body: 'Hello\n\nthem\n\n<!-- sallyport:s1.x -->',
    });
    expect(stored).toMatchObject({ summary: 'New', description: { native: 'Hello\n\nthem' }, type: 'Task' });
    expect(world.violations).toEqual([]);
  });

  it('creates, edits and removes comments', async () => {
    const world = openWorld({ shape });
    const { number } = issueBy(world);
    const { writer } = world.writer();

    const created = await writer.createComment(String(number), { body: paragraphs('Hi'), marks: ['s1.c'] });
    expect(created).toMatchObject({ author: world.sync, text: { native: 'Hi' }, marks: ['s1.c'] });
    const edited = await writer.editComment(String(number), created, { body: paragraphs('Ho'), marks: ['s1.d'] });
    expect(edited).toMatchObject({ id: created.id, text: { native: 'Ho' }, marks: ['s1.d'] });
    expect(world.github.issue('acme/app', number)?.comments.map(({ body }) => body)).toEqual(['Ho\n\n<!-- sallyport:s1.d -->']);
    await writer.removeComment(String(number), created.id);
    await writer.removeComment(String(number), created.id);
    expect(world.github.issue('acme/app', number)?.comments).toEqual([]);
    expect(world.violations).toEqual([]);
  });
});

describe('creating', () => {
  it('does not repeat an issue whose answer was lost, and goes on with the others', async () => {
    const world = openWorld();
    world.faults.push({ when: /POST .*\/issues$/, fault: { kind: 'lost-after' } });
    const { writer } = world.writer();

    const outcomes = await writer.createIssues([draft({ summary: 'Lost' }), draft({ summary: 'Second' })]);

    expect(outcomes).toMatchObject([{ kind: 'failed', error: { outcomeUnknown: true } }, { kind: 'created' }]);
    expect(world.github.issues('acme/app').map(({ title }) => title)).toEqual(['Lost', 'Second']);
  });

  it.each([500, 502])('does not repeat an issue after %d', async (status) => {
    const world = openWorld();
    world.faults.push({ when: /POST .*\/issues$/, fault: { kind: 'status', status } });
    const [outcome] = await world.writer().writer.createIssues([draft()]);
    expect(outcome).toMatchObject({ kind: 'failed', error: { kind: 'passing', outcomeUnknown: true } });
    expect(newLines(world)).toHaveLength(1);
  });

  it('does not repeat a comment whose answer was lost', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    world.faults.push({ when: /POST .*\/comments$/, fault: { kind: 'cut' } });

    await expect(
      world.writer().writer.createComment(String(number), { body: paragraphs('Hi'), marks: [] }),
    ).rejects.toMatchObject({
      kind: 'passing',
      outcomeUnknown: true,
    });
    expect(world.github.issue('acme/app', number)?.comments).toHaveLength(1);
  });

  it('waits through a secondary limit, which says that nothing was done', async () => {
    const world = openWorld();
    world.faults.push({ when: /POST .*\/issues$/, fault: { kind: 'status', status: 429, retryAfterSeconds: 30 } });
    const [outcome] = await world.writer().writer.createIssues([draft()]);
    expect(outcome).toMatchObject({ kind: 'created' });
    expect(world.github.issues('acme/app')).toHaveLength(1);
  });

  it('stays below the limits of creating content by its pacing', async () => {
    const world = openWorld();
    const outcomes = await world.writer().writer.createIssues(Array.from({ length: 100 }, () => draft()));
    expect(outcomes.every(({ kind }) => kind === 'created')).toBe(true);
    expect(world.lines.every(({ status }) => status === 201)).toBe(true);
  });

  it('stops asking once the token is refused for good', async () => {
    const world = openWorld();
    world.github.revokeToken('sync-token');
    const outcomes = await world.writer().writer.createIssues([draft(), draft(), draft()]);
    expect(outcomes).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'failed', error: { kind: 'permission', outcomeUnknown: false } })),
    );
    expect(newLines(world)).toHaveLength(1);
  });

  it('refuses for good what GitHub finds invalid', async () => {
    const world = openWorld();
    const [outcome] = await world.writer().writer.createIssues([draft({ summary: '' })]);
    expect(outcome).toMatchObject({ kind: 'failed', error: { kind: 'refused', status: 422 } });
  });

  it('creates an issue though its type was dropped', async () => {
    const world = openWorld({ private: false });
    world.github.setPermissions({ repository: 'acme/app', login: 'sync', permission: 'triage' });
    const [outcome] = await world.writer().writer.createIssues([draft({ type: 'Bug' })]);
    expect(outcome).toMatchObject({ kind: 'created', issue: { type: undefined } });
  });

  it('lists files and shows images below the text', async () => {
    const world = openWorld();
    const files = [
      { name: 'plan.pdf', size: 2048, attachmentId: copyId('1/2/plan.pdf'), link: undefined },
      {
        name: 'big.iso',
        size: undefined,
        attachmentId: undefined,
        link: { url: 'https://acme.atlassian.net/x', reason: 'too large' },
      },
    ];
    const { writer, reader } = world.writer();
    await writer.createIssues([draft({ files })]);
    const [issue] = world.github.issues('acme/app');
    const read = await present({ reader }, issue!.number);
    expect(read).toMatchObject({ description: { native: 'Hello' }, marks: ['s1.x'] });
    expect(read.attachments).toMatchObject([{ id: copyId('1/2/plan.pdf'), name: 'plan.pdf' }]);
    expect(issue!.body).toContain('[big.iso](https://acme.atlassian.net/x) (too large)');
  });
});

describe('editing', () => {
  it('leaves the body out of the request when nothing in it changes', async () => {
    const world = openWorld();
    const { number } = issueBy(world, 'Hello\r\n\r\n<!-- sallyport:s1.x -->');
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);
    // A person edits the body in the meantime; an edit of the title alone must not undo that.
    world.github.editIssue({ repository: 'acme/app', number, as: 'ada', body: 'theirs' });

    await writer.editIssue(issue, { summary: 'New', marks: ['s1.x'], files: [] });

    expect(world.github.issue('acme/app', number)).toMatchObject({ title: 'New', body: 'theirs' });
  });

  it('keeps what a person wrote behind the mark and within the list', async () => {
    const world = openWorld();
    const { number } = issueBy(world, 'Hello\n\n<!-- sallyport:s1.x -->\nBehind');
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);

    await writer.editIssue(issue, { summary: 'New', marks: ['s1.y'], files: [] });

    expect(world.github.issue('acme/app', number)?.body).toBe('Hello\n\nBehind\n\n<!-- sallyport:s1.y -->');
  });

  it('tells that a type was dropped', async () => {
    const world = openWorld({ private: false });
    const { number } = issueBy(world);
    world.github.setPermissions({ repository: 'acme/app', login: 'sync', permission: 'triage' });
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);

    const error = await writer.editIssue(issue, { type: 'Bug', marks: [], files: [] }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SallyportError);
    expect(error).toMatchObject({ message: expect.stringMatching(/Bug/) });
    expect(['refused', 'permission']).toContain((error as SallyportError).kind);
  });

  it('replaces the label of the type alone', async () => {
    const world = openWorld({ issueTypes: undefined });
    const { number } = issueBy(world, 'text', { labels: ['keep', 'type: Bug', 'sync'] });
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);

    const stored = await writer.editIssue(issue, { type: 'Story', marks: [], files: [] });

    expect(stored.type).toBe('Story');
    expect(world.github.issue('acme/app', number)?.labels.toSorted()).toEqual(['keep', 'sync', 'type: Story']);
  });

  const labelled = async (labels: string[], meanwhile: (index: number) => void) => {
    let count = 0;
    const world: World = openWorld({
      issueTypes: undefined,
      before: (sent) => {
        if (sent.method !== 'GET') meanwhile((count += 1));
        return undefined;
      },
    });
    const { number } = issueBy(world, 'text', { labels });
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);
    newLines(world);
    const set = (names: string[]) => world.github.setLabels({ repository: 'acme/app', number, as: 'ada', labels: names });
    const edit = (type: string) => writer.editIssue(issue, { type, marks: ['s1.x'], files: [] });
    return { world, number, set, edit, labels: () => world.github.issue('acme/app', number)?.labels };
  };

  it.each([1, 2, 3])('leaves labels alone that a person puts on or takes off before request %i', async (at) => {
    const one = await labelled(['type: Task', 'old'], (index) => {
      if (index === at) one.set([...(one.labels() ?? []).filter((name) => name !== 'old'), 'priority-1']);
    });
    expect((await one.edit('Bug')).type).toBe('Bug');
    expect(one.labels()?.toSorted()).toEqual(['priority-1', 'type: Bug']);
    expect(newLines(one.world)).toEqual([
      'POST /repos/acme/app/issues/{id}/labels 200',
      'DELETE /repos/acme/app/issues/{id}/labels/{name} 200',
      'PATCH /repos/acme/app/issues/{id} 200',
    ]);
    expect(one.world.violations).toEqual([]);
  });

  it('takes every other label of a type off, whatever its name, and minds none that somebody took off meanwhile', async () => {
    const one = await labelled(['type: Bug / UI? 100%', 'keep', 'Type: a#b'], (index) => {
      if (index === 2) one.set(['keep', 'Type: a#b', 'type: Epic']);
    });
    expect((await one.edit('Epic')).type).toBe('Epic');
    expect(one.labels()).toEqual(['keep', 'type: Epic']);
    expect(one.world.violations).toEqual([]);
  });

  it('keeps the label that stands for the type already, however it is written', async () => {
    const one = await labelled(['TYPE: bug', 'type: Task'], () => undefined);
    expect((await one.edit('Bug')).type).toBe('bug');
    expect(one.labels()).toEqual(['TYPE: bug']);
  });

  it('leaves the type to be read again where a person chooses another one before the last request', async () => {
    const one = await labelled(['type: Task'], (index) => {
      if (index === 3) one.set(['type: Epic']);
    });
    expect((await one.edit('Bug')).type).toBe('Bug');
    expect(one.labels()).toEqual(['type: Epic']);
  });

  it('writes no stamp where it may not label', async () => {
    const one = await labelled(['type: Task'], () => undefined);
    one.world.github.setPermissions({ repository: 'acme/app', login: 'sync', permission: 'read' });
    await expect(one.edit('Bug')).rejects.toMatchObject({ kind: 'refused', message: expect.stringMatching(/Bug/) });
    expect(one.world.github.issue('acme/app', one.number)).toMatchObject({ body: 'text', labels: ['type: Task'] });
  });

  it('does not repeat an edit whose answer was lost: a person may have edited since', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);
    world.faults.push({ when: /PATCH /, fault: { kind: 'lost-after' } });

    await expect(writer.editIssue(issue, { summary: 'New', marks: [], files: [] })).rejects.toMatchObject({
      kind: 'passing',
      outcomeUnknown: true,
    });
    expect(world.lines.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  it('tells that an issue is gone', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);
    world.github.deleteIssue({ repository: 'acme/app', number });
    await expect(writer.editIssue(issue, { summary: 'New', marks: [], files: [] })).rejects.toMatchObject({ kind: 'gone' });
  });

  it('never edits an issue in the repository that it moved to', async () => {
    const world = openWorld();
    world.github.addRepository({ owner: 'acme', name: 'other', private: true });
    const { number } = issueBy(world);
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);
    const moved = world.github.transferIssue({ repository: 'acme/app', number, as: 'ada', to: 'acme/other' });
    await expect(writer.editIssue(issue, { summary: 'New', marks: [], files: [] })).rejects.toBeInstanceOf(SallyportError);
    expect(world.github.issue('acme/other', moved.number)?.title).toBe('One');
  });

  it('replaces marks alone, and writes nothing for the same ones', async () => {
    const world = openWorld();
    const { number } = issueBy(world, 'Hello\r\n\r\n<!-- sallyport:s1.x -->\nBehind');
    const { writer, reader } = world.writer();
    const issue = await present({ reader }, number);
    newLines(world);

    await writer.writeMarks(issue, ['s1.x']);
    expect(newLines(world)).toEqual([]);
    await writer.writeMarks(issue, ['s1.y']);
    expect(world.github.issue('acme/app', number)?.body).toBe('Hello\r\n\r\nBehind\n\n<!-- sallyport:s1.y -->');
  });

  it('takes a comment for removed only where its repository can be read', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    const comment = world.github.addComment({ repository: 'acme/app', number, as: 'sync', body: 'x' });
    world.github.setPermissions({ repository: 'acme/app', login: 'sync', permission: 'none' });
    await expect(world.writer().writer.removeComment(String(number), String(comment.id))).rejects.toMatchObject({
      kind: 'permission',
    });
  });

  it('is seen as no change by the next observation once its second is over', async () => {
    const world = openWorld();
    const { number } = issueBy(world);
    const { writer, reader } = world.writer();
    await writer.editIssue(await present({ reader }, number), { summary: 'New', marks: [], files: [] });
    world.clock.advance(minute);
    const { version } = await present({ reader }, number);
    expect((await reader.observe(request({ known: new Map([[String(number), version]]) }))).touched).toEqual([]);
  });

  it('has no writer in a dry run', () => {
    expect(openWorld().side({ writable: false }).writer).toBeUndefined();
  });
});
