import { describe, expect, it } from 'vitest';
import { viewerQuery } from '../../../src/sides/github/account.ts';
import { historyQuery, olderEventsQuery, olderRevisionsQuery } from '../../../src/sides/github/history-query.ts';
import { bodyEditsQuery } from '../../../src/sides/github/last-edits.ts';
import { graphQlRequestProblems } from '../../contract/graphql.ts';
import { openWorld, present, shapes, startMs } from './setup.ts';

const minute = 60_000;
const startSecond = Math.floor(startMs / 1000) * 1000;
const at = (minutes: number) => startSecond + minutes * minute;

describe('the last edits of people', () => {
  it.each(shapes)("are those of each field on %s, without the connection's own", async (shape) => {
    const world = openWorld({ shape, issueTypes: ['Task', 'Bug'] });
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'One', body: 'a', type: 'Task' });
    const place = { repository: 'acme/app', number };
    const acts = [
      () => world.github.editIssue({ ...place, as: 'ada', title: 'Two' }),
      () => world.github.setType({ ...place, as: 'rae', type: 'Bug' }),
      () => world.github.editIssue({ ...place, as: 'sync', title: 'Three' }),
      () => world.github.editIssue({ ...place, as: 'ada', body: 'b' }),
      () => world.github.editIssue({ ...place, as: 'sync', body: 'c' }),
    ];
    for (const act of acts) {
      world.clock.advance(minute);
      act();
    }
    const side = world.side();

    const times = await side.reader.lastEdits(await present(side, number));

    expect(times).toEqual({ summary: at(1), description: at(4), type: at(2) });
    expect(world.violations).toEqual([]);
  });

  it('count the creation as an edit of its author, unless that is the connection', async () => {
    const world = openWorld();
    const theirs = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'One' });
    const own = world.github.createIssue({ repository: 'acme/app', as: 'sync', title: 'Copy' });
    const side = world.side();
    expect(await side.reader.lastEdits(await present(side, theirs.number))).toEqual({
      summary: startSecond,
      description: startSecond,
      type: startSecond,
    });
    expect(await side.reader.lastEdits(await present(side, own.number))).toEqual({
      summary: undefined,
      description: undefined,
      type: undefined,
    });
  });

  it('of the body are unknown where GraphQL does not tell', async () => {
    const world = openWorld({
      before: (request) => (request.url.endsWith('/graphql') ? Response.json({ message: 'no' }, { status: 403 }) : undefined),
    });
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'One' });
    const side = world.side();
    expect((await side.reader.lastEdits(await present(side, number))).description).toBeUndefined();
  });

  it('by labels are those of the type labels', async () => {
    const world = openWorld({ issueTypes: undefined });
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'One' });
    world.clock.advance(minute);
    world.github.setLabels({ repository: 'acme/app', number, as: 'ada', labels: ['type: Bug'] });
    world.clock.advance(minute);
    world.github.setLabels({ repository: 'acme/app', number, as: 'ada', labels: ['type: Bug', 'sync'] });
    const side = world.side();
    expect((await side.reader.lastEdits(await present(side, number))).type).toBe(at(1));
  });
});

describe('the queries', () => {
  const history = (issueIds: readonly string[], withComments: boolean, withLabels: boolean): string =>
    historyQuery({ issueIds, withComments, withLabels });

  it.each([
    ['the edits of a body', bodyEditsQuery],
    ['the account', viewerQuery],
    ['the history of issues', history(['1', '22'], false, false)],
    ['the history of issues with labels and comments', history(['1'], true, true)],
    ['the history of comments', history([], true, false)],
    ['older revisions', olderRevisionsQuery],
    ['older events', olderEventsQuery(true)],
  ])("of %s are what GitHub's schema foresees", (_name, query) => {
    expect(graphQlRequestProblems(JSON.stringify({ query }))).toEqual([]);
  });
});
