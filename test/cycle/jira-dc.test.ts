import { expect, test } from 'vitest';
import { createWorld, Killed } from './world.ts';

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

test('a restricted comment crosses as a public one, and an edit of its copy leaves it restricted at home', async () => {
  const world = createWorld({ tracker: 'jira-dc' });
  await world.connect();
  const { id } = world.dc.people.createIssue({ project: 'APP', as: 'dana', summary: 'Mine', labels: ['sync'] });
  world.dc.people.addComment(id, { as: 'dana', body: 'For administrators.', role: 'Administrators' });
  await world.cycle();
  const copy = world.jira.people.issues().find((issue) => issue.summary === 'Mine');
  const comment = copy?.comments[0];
  if (copy === undefined || comment === undefined) throw new Error('a copy is missing');
  expect(comment).toMatchObject({ text: 'Dana Cruz commented:\nFor administrators.', visibility: undefined });
  world.clock.advance(60_000);
  world.jira.people.editComment(copy.key, comment.id, {
    as: world.people.ben,
    body: 'Dana Cruz commented:\nFor all administrators.',
  });
  world.clock.advance(24 * 60 * 60_000);
  await world.cycle();
  expect(world.dc.people.issue(id)?.comments[0]).toMatchObject({
    body: 'For all administrators.',
    visibility: { type: 'role', value: 'Administrators' },
  });
  expect(world.violations()).toEqual([]);
});

test('a run that dies after any of its requests leaves no second copy behind', async () => {
  for (let killAt = 1; killAt <= 40; killAt += 1) {
    const world = createWorld({ tracker: 'jira-dc', dc: { indexLagMs: 60_000 } });
    await world.connect();
    const { ann } = world.people;
    world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'From the cloud', labels: ['sync'] });
    world.dc.people.createIssue({ project: 'APP', as: 'dana', summary: 'From there', labels: ['sync'] });
    world.clock.advance(2 * 60_000);
    world.killAt = killAt;
    await world.cycle().catch(() => undefined);
    world.killAt = undefined;
    for (let round = 0; round < 4; round += 1) {
      world.clock.advance(10 * 60_000);
      await world.cycle();
    }
    const summaries = [...world.dc.people.issues(), ...world.jira.people.issues()].map((issue) => issue.summary);
    expect(summaries.toSorted(), `killed at ${killAt}`).toEqual(['From the cloud', 'From the cloud', 'From there', 'From there']);
  }
});

test('a copy whose creation was never answered, and that somebody moved, is known by its key before: there is no second one', async () => {
  const world = createWorld({ tracker: 'jira-dc', dc: { indexLagMs: 60_000 } });
  await world.connect();
  world.dc.people.addProject({ key: 'OTHER', name: 'Other' });
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'From the cloud', labels: ['sync'] });
  world.clock.advance(2 * 60_000);
  world.onRequest = (index, request) => {
    if (request.method === 'POST' && request.url.endsWith('/rest/api/2/issue')) world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.killAt = undefined;
  world.onRequest = undefined;
  const [copy] = world.dc.people.issues();
  world.dc.people.moveIssue(copy?.key ?? '', 'OTHER');
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(10 * 60_000);
    await world.cycle();
  }
  expect(world.dc.people.issues().map(({ id, key }) => ({ id, key }))).toEqual([{ id: copy?.id, key: 'OTHER-1' }]);
  expect(world.violations()).toEqual([]);
});
