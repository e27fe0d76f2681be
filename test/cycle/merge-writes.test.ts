import { expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { createWorld, Killed } from './world.ts';

const minuteMs = 60_000;

/** An issue that began on Jira, in step, whose two sides are then edited in different paragraphs. */
async function editedOnBothSides() {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  world.clock.advance(minuteMs);
  world.there.edit(id, { as: 'dana', text: `The password is hunter2\n\n${world.there.text(id)}` });
  const description = documentOf(paragraph('Alpha'), paragraph('Omega of Ben'));
  world.jira.people.editIssue(key, { as: world.people.ben, description });
  world.clock.advance(minuteMs);
  return { world, key, id };
}

test('what is taken out of the second side between the two writes of a merge stays out', async () => {
  const { world, key, id } = await editedOnBothSides();
  let merged = '';
  world.onRequest = () => {
    // The first write of the merge went to Jira, where the issue began: Dana takes out what it took from her.
    const standing = world.jira.people.issue(key)?.descriptionText ?? '';
    if (merged !== '' || !standing.includes('hunter2')) return;
    merged = standing;
    world.there.edit(id, { as: 'dana', text: 'Alpha\n\nOmega' });
  };
  for (let round = 0; round < 4; round += 1) {
    await world.cycle();
    world.clock.advance(20 * minuteMs);
  }
  expect(merged).toContain('hunter2');
  expect(world.there.text(id)).toMatch(/Alpha\s+Omega of Ben/);
  expect(world.there.text(id)).not.toContain('hunter2');
  expect(world.jira.people.issue(key)?.descriptionText).not.toContain('hunter2');
  expect(world.violations()).toEqual([]);
});

test('a merge whose second write is not answered goes on with what the second side says by then', async () => {
  const { world, key, id } = await editedOnBothSides();
  let refused = 0;
  world.onRequest = (_, { method, url }) => {
    if (refused > 0 || method === 'GET' || !new URL(url).pathname.includes('/issues/')) return;
    refused += 1;
    throw new TypeError('fetch failed');
  };
  await world.cycle();
  world.onRequest = undefined;
  expect(refused).toBe(1);
  expect(world.jira.people.issue(key)?.descriptionText).toContain('hunter2');
  world.clock.advance(minuteMs);
  world.there.edit(id, { as: 'dana', text: 'Alpha\n\nOmega\n\nLast' });
  for (let round = 0; round < 3; round += 1) {
    world.clock.advance(20 * minuteMs);
    await world.cycle();
  }
  expect(world.there.text(id)).toMatch(/^Alpha\s+Omega of Ben\s+Last/);
  expect(world.jira.people.issue(key)?.descriptionText).not.toContain('hunter2');
  expect(world.violations()).toEqual([]);
});

test('what a side takes out stays out, though a comment of it failed since it got it', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(key, {
    as: world.people.ben,
    description: documentOf(paragraph('The password is hunter2'), paragraph('Alpha'), paragraph('Omega')),
  });
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('A comment')) });
  world.onRequest = (_, { method, url }) => {
    if (method === 'POST' && new URL(url).pathname.endsWith('/comments')) throw new TypeError('fetch failed');
  };
  await world.cycle();
  world.onRequest = undefined;
  expect(world.there.text(id)).toContain('hunter2');
  world.clock.advance(minuteMs);
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('The password is hunter2\n\n', '') });
  world.jira.people.editIssue(key, {
    as: world.people.ben,
    description: documentOf(paragraph('The password is hunter2'), paragraph('Alpha'), paragraph('Omega of Ben')),
  });
  for (let round = 0; round < 3; round += 1) {
    world.clock.advance(20 * minuteMs);
    await world.cycle();
  }
  expect(world.there.text(id)).toMatch(/^Alpha\s+Omega of Ben/);
  expect(world.jira.people.issue(key)?.descriptionText).not.toContain('hunter2');
});

test('an edit next to a picture that came from GitHub is merged with one elsewhere', async () => {
  const world = createWorld();
  await world.connect();
  const { repository } = world;
  const url = world.github.uploadAsset({ as: 'dana', name: 'plot.png', bytes: Buffer.from('png'), kind: 'image', repository });
  const body = `See ![plot](${url}) there.\n\nOmega`;
  const { number } = world.github.createIssue({ repository, as: 'dana', title: 'G', labels: ['sync'], body });
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  const [issue] = world.jira.people.issues();
  const description = JSON.parse(JSON.stringify(issue?.description).replace('Omega', 'Omega of Ben'));
  world.jira.people.editIssue(issue?.key ?? '', { as: world.people.ben, description });
  world.github.editIssue({ repository, number, as: 'dana', body: body.replace('there', 'here') });
  world.clock.advance(minuteMs);
  const { result } = await world.cycle();
  expect(result.conflicts).toMatchObject([{ field: 'description', outcome: 'merged' }]);
  expect(world.github.issue(repository, number)?.body).toMatch(/See !\[plot\]\(.*\) here\.\n\nOmega of Ben/);
});

test('edits of both sides are merged after the state was lost and rebuilt', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  world.clock.advance(20 * minuteMs);
  world.states.clear();
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Alpha', 'Alpha of Dana') });
  const description = documentOf(paragraph('Alpha'), paragraph('Omega of Ben'));
  world.jira.people.editIssue(key, { as: world.people.ben, description });
  world.clock.advance(minuteMs);
  const { result } = await world.cycle();
  expect(result.conflicts).toMatchObject([{ field: 'description', outcome: 'merged' }]);
  expect(world.there.text(id)).toMatch(/Alpha of Dana\s+Omega of Ben/);
});

test('a paragraph that is removed above a file does not come back as if both edits fitted', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const { repository } = world;
  const url = world.github.uploadAsset({ as: 'dana', name: 'a.txt', bytes: Buffer.from('a'), kind: 'file', repository });
  const edit = (body: string) => world.github.editIssue({ repository, number: Number(id), as: 'dana', body });
  edit(`Omega\n\n[a.txt](${url})`);
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(20 * minuteMs);
    await world.cycle();
  }
  edit(`[a.txt](${url})`);
  world.clock.advance(minuteMs);
  const shown = JSON.stringify(world.jira.people.issue(key)?.description);
  const description = JSON.parse(shown.replace('"content":[', `"content":[${JSON.stringify(paragraph('New'))},`));
  world.jira.people.editIssue(key, { as: world.people.ben, description });
  world.clock.advance(minuteMs);
  const { result } = await world.cycle();
  expect(result.conflicts).toMatchObject([{ field: 'description', outcome: 'public' }]);
  expect(world.github.issue(repository, Number(id))?.body).toMatch(/^New\s+Omega\s+\[a.txt\]/);
});

/** Dana takes out what both sides say; Ben edits another paragraph. Returns how that was told. */
async function takenOutOnOneSide(world: ReturnType<typeof createWorld>, { key, id }: { key: string; id: string }) {
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('The password is hunter2\n\n', '') });
  world.clock.advance(minuteMs);
  const description = documentOf(paragraph('The password is hunter2'), paragraph('Alpha'), paragraph('Omega of Ben'));
  world.jira.people.editIssue(key, { as: world.people.ben, description });
  const outcomes: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle();
    outcomes.push(...result.conflicts.map(({ outcome }) => outcome));
  }
  return outcomes;
}

test('what both sides said when they were made equal is what the next edits are merged from, though a comment failed meanwhile', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  world.clock.advance(20 * minuteMs);
  const description = documentOf(paragraph('The password is hunter2'), paragraph('Alpha'), paragraph('Omega'));
  world.jira.people.editIssue(key, { as: world.people.ben, description });
  world.there.edit(id, { as: 'dana', text: `The password is hunter2\n\n${world.there.text(id)}` });
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('A comment')) });
  world.onRequest = (_, { method, url }) => {
    if (method === 'POST' && new URL(url).pathname.endsWith('/comments')) throw new TypeError('fetch failed');
  };
  world.clock.advance(minuteMs);
  await world.cycle();
  world.onRequest = undefined;
  world.clock.advance(minuteMs);
  expect(await takenOutOnOneSide(world, { key, id })).toEqual(['merged']);
  expect(world.there.text(id)).toMatch(/Alpha\s+Omega of Ben/);
  expect(world.there.text(id)).not.toContain('hunter2');
  expect(world.jira.people.issue(key)?.descriptionText).not.toContain('hunter2');
  expect(world.violations()).toEqual([]);
});

test('nothing is merged from a text that was there before a run that died', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph('Omega'));
  world.clock.advance(20 * minuteMs);
  const description = documentOf(paragraph('The password is hunter2'), paragraph('Alpha'), paragraph('Omega'));
  world.jira.people.editIssue(key, { as: world.people.ben, description });
  world.onRequest = (index, { method }) => {
    if (method === 'PATCH') world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.onRequest = undefined;
  world.killAt = undefined;
  expect(world.there.text(id)).toContain('hunter2');
  world.clock.advance(20 * minuteMs);
  // What both sides said last is known by its fingerprint alone: the later edit stands, and that is told.
  expect(await takenOutOnOneSide(world, { key, id })).toEqual(['public']);
  expect(world.there.text(id)).toContain('Omega of Ben');
  expect(world.violations()).toEqual([]);
});
