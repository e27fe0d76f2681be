import { expect, test } from 'vitest';
import type { CycleReport } from '../../src/report/outcome.ts';
import { createWorld } from './world.ts';

type Told = readonly [side: string, what: string, field: string, before: readonly string[], after: readonly string[]];

function told(report: CycleReport): readonly Told[] {
  return report.result.changes.flatMap((change) =>
    (change.values ?? []).map(
      ({ field, before, after }): Told => [change.side, `${change.action} ${change.what}`, field, before, after],
    ),
  );
}

test('tells what would stand in place of what, on either side', async () => {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const { ann } = world.people;
  const { key } = people.createIssue({
    project: 'ACME',
    as: ann,
    summary: 'Login fails',
    type: 'Task',
    labels: ['sync'],
    description: 'It fails.\n\nSince Monday.',
    comments: [{ as: ann, body: 'First.' }],
  });
  await world.cycle();
  world.clock.advance(20 * 60_000);
  await world.cycle();
  const [copy = ''] = world.there.ids();
  people.editIssue(key, { as: ann, summary: 'Login fails at noon' });
  people.changeType(key, { as: ann, type: 'Bug' });
  people.addComment(key, { as: ann, body: 'Seen again.' });
  world.there.edit(copy, { as: 'dana', text: world.there.text(copy).replace('Monday', 'Tuesday') });
  people.createIssue({ project: 'ACME', as: ann, summary: 'Export', type: 'Bug', labels: ['sync'], description: 'As CSV.' });
  world.clock.advance(20 * 60_000);
  const plan = await world.cycle({ 'dry-run': 'true' });
  expect(told(plan)).toEqual([
    ['public', 'updated description', 'description', ['Since Monday.'], ['Since Tuesday.']],
    ['private', 'updated summary, type', 'summary', ['Login fails'], ['Login fails at noon']],
    ['private', 'updated summary, type', 'type', ['Task'], ['Bug']],
    ['private', 'created comment', 'comment', [], ['Seen again.']],
    ['private', 'created issue', 'summary', [], ['Export']],
    ['private', 'created issue', 'description', [], ['As CSV.']],
    ['private', 'created issue', 'type', [], ['Bug']],
  ]);
  expect(plan.requests.writes).toEqual({ public: 0, private: 0 });
  // The same is done then, and a cycle that writes keeps no values.
  const done = await world.cycle();
  expect(told(done)).toEqual([]);
  expect(world.there.summary(copy)).toBe('Login fails at noon');
});

test('tells what the edit of a comment and its removal would take away', async () => {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const { ann } = world.people;
  const { key } = people.createIssue({
    project: 'ACME',
    as: ann,
    summary: 'Login fails',
    type: 'Task',
    labels: ['sync'],
    comments: [
      { as: ann, body: 'First.' },
      { as: ann, body: 'Second.' },
    ],
  });
  await world.cycle();
  world.clock.advance(20 * 60_000);
  await world.cycle();
  const [first, second] = people.issues()[0]?.comments ?? [];
  people.deleteComment(key, second?.id ?? '');
  people.editIssue(key, { as: ann, summary: 'Login fails at noon' });
  await world.cycle();
  world.clock.advance(20 * 60_000);
  people.editComment(key, first?.id ?? '', { as: ann, body: 'First, at one.' });
  const plan = await world.cycle({ 'dry-run': 'true' });
  expect(told(plan)).toEqual([
    ['private', 'updated comment', 'comment', ['First.'], ['First, at one.']],
    ['private', 'removed comment', 'comment', ['Second.'], []],
  ]);
});
