import { describe, expect, it } from 'vitest';
import type { HistoryRequest, Side } from '../../../src/sides/side.ts';
import { newLines, openWorld, paragraphs, present, shapes, startMs } from './setup.ts';
import type { World, WorldOptions } from './setup.ts';

const minute = 60_000;
const startSecond = Math.floor(startMs / 1000) * 1000;
const at = (minutes: number) => startSecond + minutes * minute;
const repository = 'acme/app';

function act(world: World, ...acts: readonly (() => unknown)[]): void {
  for (const one of acts) {
    world.clock.advance(minute);
    one();
  }
}

function ask(side: Pick<Side, 'reader'>, issues: HistoryRequest['issues'], since = startMs) {
  return side.reader.history({ issues, since, purpose: 'work' });
}

const requestsToGraphQl = (world: World) => newLines(world).filter((line) => line.includes('graphql'));

describe('the history of edits on GitHub', () => {
  it.each(shapes)('tells what each edit of title, body and comments replaced, on %s', async (shape) => {
    const world = openWorld({ shape });
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: 'first' });
    const { id } = world.github.addComment({ repository, number, as: 'rae', body: 'yes' });
    const place = { repository, number };
    act(
      world,
      () => world.github.editIssue({ ...place, as: 'rae', title: 'Two' }),
      () => world.github.editIssue({ ...place, as: 'ada', body: 'second' }),
      () => world.github.editIssue({ ...place, as: 'sync', body: 'third' }),
      () => world.github.editComment({ repository, id, as: 'rae', body: 'no' }),
    );
    const side = world.side();
    await present(side, number);
    newLines(world);

    const history = await ask(side, [{ id: String(number), commentIds: [String(id)] }]);

    expect(history.get(String(number))).toEqual([
      { kind: 'summary', at: at(1), byConnection: false, before: 'One', after: 'Two', form: 'plain' },
      { kind: 'description', at: at(2), byConnection: false, before: 'first', after: 'second', form: 'native' },
      { kind: 'description', at: at(3), byConnection: true, before: 'second', after: 'third', form: 'native' },
      { kind: 'comment', commentId: String(id), at: at(4), byConnection: false, before: 'yes', after: 'no', form: 'native' },
    ]);
    expect(newLines(world)).toHaveLength(1);
    expect(world.violations).toEqual([]);
  });

  it("shows what a person wrote between the connection's re-read and its write", async () => {
    const world = openWorld();
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: 'first' });
    const { id } = world.github.addComment({ repository, number, as: 'ada', body: 'yes' });
    const { reader, writer } = world.writer();
    const issue = await present({ reader }, number);
    world.clock.advance(minute);
    world.github.editIssue({ repository, number, as: 'ada', body: 'second' });
    world.github.editComment({ repository, id, as: 'ada', body: 'perhaps' });
    const since = world.clock.now();
    world.clock.advance(minute);
    await writer.editIssue(issue, { description: paragraphs('planned'), marks: ['stamp.1'], files: [] });
    await writer.editComment(String(number), issue.comments[0]!, { body: paragraphs('no'), marks: ['stamp.2'] });

    const edits = (await ask({ reader }, [{ id: String(number), commentIds: [String(id)] }], since + minute)).get(String(number));

    expect(edits).toEqual([
      expect.objectContaining({ kind: 'description', byConnection: true, before: 'second', after: 'planned' }),
      expect.objectContaining({ kind: 'comment', byConnection: true, before: 'perhaps', after: 'no' }),
    ]);
    expect(world.violations).toEqual([]);
  });

  it('asks once for fifty texts, whatever comments the issues have', async () => {
    const world = openWorld();
    const numbers = Array.from({ length: 60 }, (_, index) => {
      const { number } = world.github.createIssue({ repository, as: 'ada', title: `Issue ${index}`, body: 'a' });
      world.github.editIssue({ repository, number, as: 'ada', body: 'b' });
      return number;
    });
    const side = world.side();
    const history = await ask(
      side,
      numbers.map((number) => ({ id: String(number), commentIds: [] })),
    );
    expect([...history.values()].map((edits) => edits.length)).toEqual(numbers.map(() => 1));
    expect(requestsToGraphQl(world)).toHaveLength(2);
    expect(world.violations).toEqual([]);
  });

  it('finds a comment that this run has not read by one request more, and passes over one that is gone', async () => {
    const world = openWorld();
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One' });
    const { id } = world.github.addComment({ repository, number, as: 'ada', body: 'yes' });
    world.github.editComment({ repository, id, as: 'ada', body: 'no' });
    const side = world.side();
    const request = [{ id: String(number), commentIds: [String(id), '99'] }];
    expect((await ask(side, request)).get(String(number))).toMatchObject([{ commentId: String(id), before: 'yes' }]);
    expect(newLines(world)).toHaveLength(3);
    world.github.deleteComment({ repository, id });
    expect((await ask(side, request)).get(String(number))).toEqual([]);
    expect(world.violations).toEqual([]);
  });

  it('is empty for an issue that is gone, was never edited, or whose edits are older', async () => {
    const world = openWorld();
    const quiet = world.github.createIssue({ repository, as: 'ada', title: 'Quiet', body: 'a' });
    const old = world.github.createIssue({ repository, as: 'ada', title: 'Old', body: 'a' });
    world.github.editIssue({ repository, number: old.number, as: 'ada', title: 'Older', body: 'b' });
    const gone = world.github.createIssue({ repository, as: 'ada', title: 'Gone' });
    world.github.deleteIssue({ repository, number: gone.number });
    world.clock.advance(minute);
    const ids = [quiet, old, gone].map(({ number }) => String(number));
    const history = await ask(
      world.side(),
      ids.map((id) => ({ id, commentIds: [] })),
      world.clock.now(),
    );
    expect([...history]).toEqual(ids.map((id) => [id, []]));
  });

  it('does not know a text that a person deleted from the history', async () => {
    const world = openWorld();
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: 'secret' });
    act(
      world,
      () => world.github.editIssue({ repository, number, as: 'ada', body: 'b' }),
      () => world.github.editIssue({ repository, number, as: 'ada', body: 'c' }),
    );
    world.github.deleteRevision({ repository, number, revision: 1 });
    const edits = (await ask(world.side(), [{ id: String(number), commentIds: [] }])).get(String(number));
    expect(edits).toMatchObject([
      { before: 'secret', after: undefined },
      { before: undefined, after: 'c' },
    ]);
    expect(world.violations).toEqual([]);
  });

  const editOften = (world: World, number: number, count: number) => {
    for (let text = 1; text <= count; text += 1) {
      world.clock.advance(1000);
      world.github.editIssue({ repository, number, as: 'ada', body: String(text) });
    }
  };

  it.each(shapes)('tells every revision since then, however many came later, on %s', async (shape) => {
    const world = openWorld({ shape });
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: '0' });
    const { id } = world.github.addComment({ repository, number, as: 'ada', body: '0' });
    editOften(world, number, 120);
    for (let text = 1; text <= 12; text += 1) world.github.editComment({ repository, id, as: 'ada', body: String(text) });
    const side = world.side();
    await present(side, number);
    newLines(world);
    const edits = (await ask(side, [{ id: String(number), commentIds: [String(id)] }])).get(String(number)) ?? [];
    const texts = (count: number) => Array.from({ length: count }, (_, text) => [String(text), String(text + 1)]);
    const told = (kind: string) => edits.filter((edit) => edit.kind === kind).map(({ before, after }) => [before, after]);
    expect(told('description')).toEqual(texts(120));
    expect(told('comment')).toEqual(texts(12));
    expect(requestsToGraphQl(world)).toHaveLength(1 + 3 + 1);
    expect(world.violations).toEqual([]);
  });

  it('reads no further than to what is older', async () => {
    const world = openWorld();
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: '0' });
    editOften(world, number, 100);
    const since = world.clock.now() - 8000;
    const edits = (await ask(world.side(), [{ id: String(number), commentIds: [] }], since)).get(String(number)) ?? [];
    expect(edits.map(({ before }) => before)).toEqual(['91', '92', '93', '94', '95', '96', '97', '98', '99']);
    expect(requestsToGraphQl(world)).toHaveLength(1);
    const more = (await ask(world.side(), [{ id: String(number), commentIds: [] }], since - 3000)).get(String(number)) ?? [];
    expect(more[0]).toMatchObject({ before: '88', after: '89' });
    expect(requestsToGraphQl(world)).toHaveLength(2);
  });

  it('tells an edit that comes between two pages at most once', async () => {
    let asked = 0;
    const world: World = openWorld({
      before: (request) => {
        asked += request.url.endsWith('/graphql') ? 1 : 0;
        if (asked === 2) world.github.editIssue({ repository, number: 1, as: 'ada', body: 'late' });
        return undefined;
      },
    });
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: '0' });
    editOften(world, number, 15);
    const edits = (await ask(world.side(), [{ id: String(number), commentIds: [] }])).get(String(number)) ?? [];
    expect(edits.map(({ after }) => after)).toEqual(Array.from({ length: 15 }, (_, text) => String(text + 1)));
  });

  it('asks for fewer revisions where a page of them is too much for one answer', async () => {
    const tooMuch = { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits exceeded.' }] };
    let asked = 0;
    const world = openWorld({
      before: (request) => {
        asked += request.url.endsWith('/graphql') ? 1 : 0;
        return asked === 2 ? Response.json(tooMuch) : undefined;
      },
    });
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: '0' });
    editOften(world, number, 15);
    expect((await ask(world.side(), [{ id: String(number), commentIds: [] }])).get(String(number))).toHaveLength(15);
    expect(asked).toBe(3);
  });

  it('ends with a named error where a text has too many revisions', async () => {
    const world = openWorld();
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: '0' });
    editOften(world, number, 2100);
    await expect(ask(world.side(), [{ id: String(number), commentIds: [] }])).rejects.toMatchObject({
      kind: 'limit',
      message: expect.stringMatching(/the description of #1 .*unlink/),
    });
  });

  it('tells every title and every type by labels since then', async () => {
    const world = openWorld({ issueTypes: undefined });
    const { number } = world.github.createIssue({ repository, as: 'ada', title: '0', labels: ['type: Task'] });
    act(world, () => world.github.setLabels({ repository, number, as: 'rae', labels: ['type: Bug'] }));
    for (let title = 1; title <= 130; title += 1) {
      world.clock.advance(1000);
      world.github.editIssue({ repository, number, as: 'ada', title: String(title) });
    }
    const edits = (await ask(world.side(), [{ id: String(number), commentIds: [] }], at(1))).get(String(number)) ?? [];
    expect(edits[0]).toMatchObject({ kind: 'type', before: 'Task', after: 'Bug' });
    expect(edits.slice(1).map(({ after }) => after)).toEqual(Array.from({ length: 130 }, (_, title) => String(title + 1)));
    expect(requestsToGraphQl(world)).toHaveLength(2);
    expect(world.violations).toEqual([]);
  });

  it('of types is that of the labels where these stand for types', async () => {
    const world = openWorld({ issueTypes: undefined });
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', labels: ['type: Task', 'sync'] });
    act(world, () => world.github.setLabels({ repository, number, as: 'rae', labels: ['type: Bug', 'later'] }));
    const side = world.side();
    const history = await ask(side, [{ id: String(number), commentIds: [] }], at(1));
    expect(history.get(String(number))).toEqual([
      { kind: 'type', at: at(1), byConnection: false, before: 'Task', after: 'Bug', form: 'plain' },
    ]);
    expect(side.reader.historyOf).toContain('type');
    expect(openWorld().side().reader.historyOf).not.toContain('type');
    expect(world.violations).toEqual([]);
  });

  it("knows a job's edits for the connection's", async () => {
    const world = openWorld();
    world.github.addToken({ kind: 'job', token: 'job', repositories: [repository] });
    const { id, login } = world.github.addUser({ login: 'github-actions[bot]' });
    const { number } = world.github.createIssue({ repository, as: 'ada', title: 'One', body: 'a' });
    world.github.editIssue({ repository, number, as: login, body: 'b' });
    for (const accountId of [String(id), '41898282']) {
      const account = { id: accountId, displayName: login, isConnection: true };
      const side = world.side({ account, token: async () => 'job' });
      const history = await ask(side, [{ id: String(number), commentIds: [] }]);
      expect(history.get(String(number))).toMatchObject([{ byConnection: true, before: 'a' }]);
    }
  });

  const answering = (body: unknown, status = 200): WorldOptions => ({
    before: (request) => (request.url.endsWith('/graphql') ? Response.json(body, { status }) : undefined),
  });

  it.each([
    ['a limit', answering({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded.' }] }), 'passing'],
    ['load', answering({ data: null, errors: [{ message: 'Something went wrong while executing your query.' }] }), 'passing'],
    ['an outage', answering({ message: 'Unicorn' }, 502), 'passing'],
    ['a refusal', answering({ data: null, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible' }] }), 'permission'],
    [
      'a field that an old server lacks',
      answering({ errors: [{ message: 'no field', extensions: { code: 'undefinedField' } }] }),
      'answer',
    ],
    [
      'a repository out of reach',
      answering({ data: { repository: null }, errors: [{ type: 'NOT_FOUND', message: 'x' }] }),
      'permission',
    ],
  ])('throws for %s', async (_name, options, kind) => {
    await expect(ask(openWorld(options).side(), [{ id: '1', commentIds: [] }])).rejects.toMatchObject({ kind });
  });

  it('asks for the halves of what is too much for one answer', async () => {
    const tooMuch = { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits exceeded.' }] };
    let asked = 0;
    const world = openWorld({
      before: (request) => {
        if (!request.url.endsWith('/graphql')) return undefined;
        asked += 1;
        return asked === 1 ? Response.json(tooMuch) : undefined;
      },
    });
    const numbers = ['a', 'b'].map((title) => world.github.createIssue({ repository, as: 'ada', title, body: 'a' }).number);
    for (const number of numbers) world.github.editIssue({ repository, number, as: 'ada', body: 'b' });
    const history = await ask(
      world.side(),
      numbers.map((number) => ({ id: String(number), commentIds: [] })),
    );
    expect([...history.values()].flat()).toHaveLength(2);
    expect(asked).toBe(3);
  });
});
