import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

test('an issue of each Jira gets its copy on the other, and the next cycle writes nothing', async () => {
  const world = createWorld({ tracker: 'jira-dc' });
  await world.connect();
  world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'From the cloud',
    type: 'Bug',
    labels: ['sync'],
    description: 'First line.',
    comments: [{ as: world.people.ben, body: 'Seen here, too.' }],
  });
  world.dc.people.createIssue({
    project: 'APP',
    as: 'dana',
    summary: 'From the data center',
    type: 'Story',
    labels: ['sync'],
    description: 'h2. What\n\n* one\n* two, says [~eli]\n\n{code:java}\nint x;\n{code}',
  });
  await world.cycle();
  const copy = world.dc.people.issues().find((issue) => issue.summary === 'From the cloud');
  const other = world.jira.people.issues().find((issue) => issue.summary === 'From the data center');
  expect(copy).toMatchObject({ description: 'First line.', type: 'Bug', creator: 'syncbot' });
  expect(copy?.comments.map((comment) => comment.body)).toEqual(['Ben Okafor commented:\n\nSeen here, too.']);
  expect(other).toMatchObject({ type: 'Story' });
  expect(other?.descriptionText).toContain('Eli Novak');
  world.clock.advance(20 * 60_000);
  await world.cycle();
  const quiet = await world.cycle();
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.result.failures).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.dc.people.issues()).toHaveLength(2);
  expect(world.violations()).toEqual([]);
});
