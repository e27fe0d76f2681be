import { schema } from '@octokit/graphql-schema';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { viewerQuery } from '../../../src/sides/github/account.ts';
import { bodyEditsQuery } from '../../../src/sides/github/last-edits.ts';
import { openWorld, present, startMs } from './setup.ts';
import type { WorldOptions } from './setup.ts';

const minute = 60_000;
const startSecond = Math.floor(startMs / 1000) * 1000;

function edits(nodes: readonly { editedAt: number; login: string }[]): WorldOptions {
  return {
    before: (request) =>
      request.url.endsWith('/graphql')
        ? Response.json({
            data: {
              repository: {
                issue: {
                  userContentEdits: {
                    nodes: nodes.map(({ editedAt, login }) => ({
                      editedAt: new Date(editedAt).toISOString(),
                      editor: { login },
                    })),
                  },
                },
              },
            },
          })
        : undefined,
  };
}

describe('the last edits of people', () => {
  it("are those of each field, without the connection's own", async () => {
    const at = (minutes: number) => startSecond + minutes * minute;
    const world = openWorld(
      edits([
        { editedAt: at(9), login: 'sync' },
        { editedAt: at(4), login: 'ada' },
        { editedAt: at(1), login: 'ada' },
      ]),
    );
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'One', type: 'Task' });
    const place = { repository: 'acme/app', number };
    world.clock.advance(minute);
    world.github.editIssue({ ...place, as: 'ada', title: 'Two' });
    world.clock.advance(minute);
    world.github.setType({ ...place, as: 'rae', type: 'Bug' });
    world.clock.advance(minute);
    world.github.editIssue({ ...place, as: 'sync', title: 'Three' });
    const side = world.side();

    const times = await side.reader.lastEdits(await present(side, number));

    expect(times).toEqual({ summary: at(1), description: at(4), type: at(2) });
  });

  it('count the creation as an edit of its author, unless that is the connection', async () => {
    const world = openWorld(edits([]));
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
    const world = openWorld({ ...edits([]), issueTypes: undefined });
    const { number } = world.github.createIssue({ repository: 'acme/app', as: 'ada', title: 'One' });
    world.clock.advance(minute);
    world.github.setLabels({ repository: 'acme/app', number, as: 'ada', labels: ['type: Bug'] });
    world.clock.advance(minute);
    world.github.setLabels({ repository: 'acme/app', number, as: 'ada', labels: ['type: Bug', 'sync'] });
    const side = world.side();
    expect((await side.reader.lastEdits(await present(side, number))).type).toBe(startSecond + minute);
  });
});

describe('the queries', () => {
  it.each([
    ['the edits of a body', bodyEditsQuery],
    ['the account', viewerQuery],
  ])("of %s are what GitHub's schema foresees", (_name, query) => {
    // GitHub's published schema defines one field twice, which concerns nothing here.
    expect(validate(buildSchema(schema.idl, { assumeValidSDL: true }), parse(query))).toEqual([]);
  });
});
