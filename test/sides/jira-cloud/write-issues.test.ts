import { describe, expect, it } from 'vitest';
import { isWrite } from '../../../src/gateway/is-write.ts';
import type { IssueDraft } from '../../../src/sides/side.ts';
import { connectionId, errorOf, methodsAndPaths, openSide, plain, says } from './open-side.ts';

const own = `sallyport.${connectionId}`;

function draft(summary: string, more: Partial<IssueDraft> = {}): IssueDraft {
  return { summary, description: says(`about ${summary}`), type: 'Task', marks: [`stamp ${summary}`], files: [], ...more };
}

describe('creating issues', () => {
  it('creates one with its stamp in the same request', async () => {
    const { writer, people, seen, sync } = openSide();
    const [outcome] = await writer.createIssues([draft('one', { type: 'Bug' })]);
    expect(outcome).toMatchObject({ kind: 'created', key: 'ABC-1' });
    expect(people.issue('ABC-1')).toMatchObject({
      summary: 'one',
      descriptionText: 'about one',
      type: 'Bug',
      creator: sync.accountId,
      properties: { [own]: { mark: 'stamp one' }, 'sallyport.mark': { connection: connectionId } },
    });
    expect(methodsAndPaths(seen)).toEqual(['GET /project/10000', 'POST /issue']);
  });

  it('creates fifty a request, in order', async () => {
    const { writer, people, seen } = openSide();
    const outcomes = await writer.createIssues(Array.from({ length: 101 }, (_, index) => draft(`${index}`)));
    const summaries = outcomes.map((outcome) => outcome.kind === 'created' && people.issue(outcome.id)?.summary);
    expect(summaries).toEqual(Array.from({ length: 101 }, (_, index) => `${index}`));
    expect(methodsAndPaths(seen).slice(1)).toEqual(['POST /issue/bulk', 'POST /issue/bulk', 'POST /issue']);
  });

  it('tells which of several were refused, and why', async () => {
    const { writer, people } = openSide();
    const outcomes = await writer.createIssues([draft('one'), draft('x'.repeat(300)), draft('three')]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'failed', 'created']);
    const refused = outcomes[1];
    expect(refused).toMatchObject({ error: { kind: 'refused', outcomeUnknown: false } });
    expect(refused?.kind === 'failed' && String(refused.error)).toContain('summary');
    const third = outcomes[2];
    expect(third?.kind === 'created' && people.issue(third.id)?.summary).toBe('three');
  });

  it('tells each of them why, where Jira refused all', async () => {
    const { writer, people } = openSide();
    const outcomes = await writer.createIssues([draft('x'.repeat(300)), draft('')]);
    expect(outcomes).toMatchObject([{ error: { kind: 'refused' } }, { error: { kind: 'refused' } }]);
    const reasons = outcomes.map((outcome) => (outcome.kind === 'failed' ? String(outcome.error) : ''));
    expect(reasons[0]).toContain('summary');
    expect(reasons[1]).toContain('summary');
    expect(reasons[0]).not.toBe(reasons[1]);
    expect(people.issues()).toEqual([]);
  });

  it('creates the others although one has a type that the project lacks', async () => {
    const { writer, people } = openSide();
    const outcomes = await writer.createIssues([
      draft('one', { type: 'Incident' }),
      draft('two', { type: 'Sub-task' }),
      draft('three'),
    ]);
    expect(outcomes).toMatchObject([{ error: { kind: 'refused' } }, { error: { kind: 'refused' } }, { kind: 'created' }]);
    expect(people.issues().map(({ summary }) => summary)).toEqual(['three']);
  });

  it('leaves the outcome open where the answer was lost, and does not send it again', async () => {
    const { writer, people, fail } = openSide();
    fail(/POST .*\/issue\/bulk$/, { kind: 'lost-after' });
    const outcomes = await writer.createIssues([draft('one'), draft('two')]);
    expect(outcomes).toMatchObject([
      { kind: 'failed', error: { outcomeUnknown: true } },
      { kind: 'failed', error: { outcomeUnknown: true } },
    ]);
    expect(people.issues()).toHaveLength(2);
  });

  it.each([
    ['a server error', { kind: 'status', status: 500 } as const],
    ['a proxy’s page', { kind: 'html', status: 200 } as const],
    ['half an answer', { kind: 'cut' } as const],
  ])('leaves the outcome open after %s', async (_name, fault) => {
    for (const drafts of [[draft('one')], [draft('one'), draft('two')]]) {
      const { writer, fail, seen } = openSide();
      fail(/POST .*\/issue(\/bulk)?$/, fault);
      const outcomes = await writer.createIssues(drafts);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'failed', error: { outcomeUnknown: true } });
      expect(seen.filter(({ method, path }) => method === 'POST' && /\/issue(\/bulk)?$/.test(path))).toHaveLength(1);
    }
  });

  it('knows that nothing was created where permission lacks', async () => {
    const { writer, people, sync } = openSide();
    people.setPermissions(sync, ['BROWSE_PROJECTS'], 'ABC');
    for (const drafts of [[draft('one')], [draft('one'), draft('two')]]) {
      const outcomes = await writer.createIssues(drafts);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'failed', error: { outcomeUnknown: false } });
    }
    expect(people.issues()).toEqual([]);
  });

  it('waits and goes on after a 429', async () => {
    const { writer, people, fail, clock } = openSide();
    fail(/POST .*\/issue$/, { kind: 'status', status: 429, retryAfterSeconds: 3 });
    const before = clock.now();
    expect(await writer.createIssues([draft('one')])).toMatchObject([{ kind: 'created' }]);
    expect(clock.now() - before).toBeGreaterThanOrEqual(3_000);
    expect(people.issues()).toHaveLength(1);
  });

  it('tells in Jira’s own words which field the project requires', async () => {
    const opened = openSide();
    const fields = [{ id: 'customfield_10500', name: 'Cost centre', required: true }];
    const project = opened.people.addProject({ key: 'COST', name: 'Costly', fields });
    const { writer } = opened.reopen({ project });
    for (const drafts of [[draft('one')], [draft('one'), draft('two')]]) {
      for (const outcome of await writer.createIssues(drafts)) {
        expect(outcome).toMatchObject({ kind: 'failed', error: { kind: 'refused', outcomeUnknown: false } });
        expect(outcome.kind === 'failed' && String(outcome.error)).toContain('Cost centre');
      }
    }
    expect(opened.people.issues()).toEqual([]);
  });

  it.each([
    [429, 'passing', false],
    [503, 'passing', true],
    [403, 'permission', false],
    [404, 'refused', false],
  ])('takes a %i of one of several for %s', async (status, kind, outcomeUnknown) => {
    const { reopen, gateway } = openSide();
    const errors = [{ failedElementNumber: 0, status, elementErrors: { errorMessages: ['no'], errors: {} } }];
    const answer = { issues: [{ id: '1', key: 'ABC-1', self: '' }], errors };
    const { writer } = reopen({
      gateway: { ...gateway, send: async (request) => (isWrite(request) ? Response.json(answer) : gateway.send(request)) },
    });
    const outcomes = await writer.createIssues([draft('one'), draft('two')]);
    expect(outcomes).toMatchObject([{ error: { kind, outcomeUnknown } }, { kind: 'created', key: 'ABC-1' }]);
  });

  it('has no writer in a dry run', () => {
    expect(openSide().reopen({ writable: false }).writer).toBeUndefined();
  });
});

describe('editing an issue', () => {
  it('writes fields and marks in one request and returns what Jira stored', async () => {
    const { writer, people, ana, load, seen } = openSide();
    const { id } = people.createIssue({ project: 'ABC', as: ana, summary: 'old', description: 'old text', type: 'Task' });
    const issue = await load(id);
    await writer.editIssue(issue, { type: 'Bug', marks: ['warm up'], files: [] });
    seen.length = 0;
    const stored = await writer.editIssue(issue, {
      summary: 'new',
      description: says('new text'),
      type: 'Story',
      marks: ['a', 'b'],
      files: [],
    });
    expect(methodsAndPaths(seen)).toEqual([`PUT /issue/${id}`]);
    expect(people.issue(id)).toMatchObject({
      summary: 'new',
      descriptionText: 'new text',
      type: 'Story',
      properties: { [own]: { mark: 'a' }, [`${own}.2`]: { mark: 'b' }, 'sallyport.mark': { connection: connectionId } },
    });
    expect(stored).toMatchObject({ summary: 'new', type: 'Story', version: (await load(id)).version });
    expect(plain(stored.description.root)).toBe('new text');
  });

  it('leaves what the edit does not name', async () => {
    const { writer, people, ana, load } = openSide();
    const { id } = people.createIssue({ project: 'ABC', as: ana, summary: 'old', description: 'text', type: 'Bug' });
    await writer.editIssue(await load(id), { summary: 'new', marks: [], files: [] });
    expect(people.issue(id)).toMatchObject({ summary: 'new', descriptionText: 'text', type: 'Bug' });
  });

  it('is refused with Jira’s own words where the workflow forbids the type', async () => {
    const opened = openSide();
    const project = opened.people.addProject({ key: 'LOCK', name: 'Locked', types: ['Task', { name: 'Bug', locked: true }] });
    const { id } = opened.people.createIssue({ project: 'LOCK', as: opened.ana, summary: 's', type: 'Task' });
    const { reader, writer } = opened.reopen({ project });
    const loaded = (await reader.load([id], 'work')).get(id);
    if (loaded?.kind !== 'present') throw new Error('not present');
    const error = await errorOf(writer.editIssue(loaded.issue, { type: 'Bug', marks: [], files: [] }));
    expect(error).toMatchObject({ kind: 'refused', status: 400 });
    expect(error.message).toMatch(/issuetype|type/i);
  });

  it('writes the ledger alone without touching a field', async () => {
    const { writer, people, ana, load } = openSide();
    const { id } = people.createIssue({ project: 'ABC', as: ana, summary: 's', description: 'text' });
    await writer.writeMarks(await load(id), ['one', 'two']);
    expect(await load(id)).toMatchObject({ marks: ['one', 'two'], marked: true, summary: 's' });
    expect(people.issue(id)?.descriptionText).toBe('text');
  });

  it('says gone where the issue was deleted meanwhile, and permission where it may not be edited', async () => {
    const { writer, people, ana, sync, load } = openSide();
    const one = people.createIssue({ project: 'ABC', as: ana, summary: 'one' });
    const two = people.createIssue({ project: 'ABC', as: ana, summary: 'two' });
    const snapshots = [await load(one.id), await load(two.id)] as const;
    people.deleteIssue(one.id);
    people.setPermissions(sync, ['BROWSE_PROJECTS'], 'ABC');
    expect((await errorOf(writer.editIssue(snapshots[0], { summary: 'x', marks: [], files: [] }))).kind).toBe('gone');
    expect((await errorOf(writer.editIssue(snapshots[1], { summary: 'x', marks: [], files: [] }))).kind).toBe('permission');
  });

  it('repeats an edit whose answer was lost', async () => {
    const { writer, people, ana, load, fail } = openSide();
    const { id } = people.createIssue({ project: 'ABC', as: ana, summary: 'old' });
    const issue = await load(id);
    fail(/PUT /, { kind: 'lost-after' });
    expect((await writer.editIssue(issue, { summary: 'new', marks: [], files: [] })).summary).toBe('new');
    expect(people.issue(id)?.summary).toBe('new');
  });
});

describe('types', () => {
  it('are the project’s without its sub-task types', async () => {
    const { reader } = openSide();
    expect(await reader.types()).toEqual({
      names: ['Epic', 'Story', 'Task', 'Bug'],
      defaultName: undefined,
      everyNameExists: false,
      required: true,
    });
  });
});
