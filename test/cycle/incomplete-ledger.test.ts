import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

test('a ledger that lost a part is reported and written whole again, and nothing is doubled', async () => {
  const world = createWorld();
  const { jira, github, people, repository, clock } = world;
  await world.connect();
  const body = (index: number) => `Remark ${index}.`;
  const comments = Array.from({ length: 620 }, (_, index) => ({ as: people.ann, body: body(index) }));
  const issue = jira.people.createIssue({ project: 'ACME', as: people.ann, summary: 'Long', labels: ['sync'], comments });
  await world.cycle();
  clock.advance(20 * minuteMs);
  await world.cycle();
  const parts = () =>
    Object.entries(jira.people.issue(issue.key)?.properties ?? {}).filter(([key]) => /^sallyport\.\w{10}/.test(key));
  const [first, second] = parts();
  expect([first, second]).not.toContain(undefined);
  expect(parts()).toHaveLength(2);

  jira.people.setProperty(issue.key, second?.[0] ?? '', 'gone');
  world.states.clear();
  clock.advance(minuteMs);
  const cycle = await world.cycle();
  expect(cycle.result.warnings).toEqual([expect.stringContaining(`${issue.key}: a part of its ledger is missing`)]);
  expect(cycle.result.failures).toEqual([]);
  expect(parts()[1]?.[1]).toMatchObject({ mark: expect.any(String) });
  const copies = github.issues(repository)[0]?.comments.map((comment) => /Remark \d+\./.exec(comment.body)?.[0]);
  expect(copies).toEqual(comments.map((_, index) => body(index)));

  world.states.clear();
  clock.advance(minuteMs);
  expect((await world.cycle()).result.warnings).toEqual([]);
}, 120_000);
