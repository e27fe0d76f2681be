import { expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

/** Cycles at intervals until nothing is left to be done or so many have been; returns what they changed and when. */
async function changesOf(world: World, { cycles, everyMs }: { cycles: number; everyMs: number }) {
  const changes: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    world.clock.advance(everyMs);
    const { result } = await world.cycle();
    changes.push(...result.changes.map(({ what }) => what));
  }
  return changes;
}

/** A world in which GitHub takes no comments while they are down. */
function commentsDown() {
  const comments = { isDown: false };
  const world = createWorld({
    github: {
      faults: ({ method, url }) =>
        comments.isDown && method === 'POST' && url.endsWith('/comments') ? { kind: 'status', status: 503 } : undefined,
    },
  });
  return { world, comments };
}

test('what waits for its next try still does after somebody touched the other side', async () => {
  const { world, comments } = commentsDown();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await changesOf(world, { cycles: 2, everyMs: 20 * minuteMs });
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Waiting')) });
  comments.isDown = true;
  await changesOf(world, { cycles: 14, everyMs: 10 * minuteMs });
  comments.isDown = false;
  world.github.setLabels({
    repository: world.repository,
    number: Number(id),
    as: 'dana',
    labels: ['sync', 'triaged', 'type: Task'],
  });
  world.clock.advance(20_000);
  const { result } = await world.cycle();
  expect(result.changes).toEqual([]);
  expect(result.oldestPendingSeconds).toBeGreaterThan(0);
  // Two hours of backoff at most.
  expect(await changesOf(world, { cycles: 26, everyMs: 5 * minuteMs })).toEqual(['comment']);
  expect(world.violations()).toEqual([]);
});

for (const tracker of ['jira-dc', 'redmine'] as const) {
  test(`a file that a rate limit left no room for comes as soon as there is room (${tracker})`, async () => {
    let isLimited = false;
    const isCreation = ({ method, url }: { method: string; url: string }): boolean =>
      method === 'POST' && /\/issues\.json$|\/rest\/api\/2\/issue$/.test(url);
    const faults = (request: { method: string; url: string }) =>
      isLimited && isCreation(request) ? { kind: 'status' as const, status: 429, retryAfterSeconds: 1_200 } : undefined;
    const world = createWorld({ tracker, dc: { faults }, redmine: { faults } });
    const { key } = await copiedFromJira(world, paragraph('Alpha'));
    await changesOf(world, { cycles: 2, everyMs: 20 * minuteMs });
    world.jira.people.addAttachment(key, {
      as: world.people.ben,
      name: 'a.txt',
      bytes: Buffer.from('x'),
      mediaType: 'text/plain',
    });
    world.jira.people.createIssue({ project: 'ACME', as: world.people.ben, summary: 'Meets the limit', labels: ['sync'] });
    world.clock.advance(minuteMs);
    isLimited = true;
    const { result } = await world.cycle();
    isLimited = false;
    expect(result.changes).toEqual([]);
    expect(result.deferred).toBeGreaterThan(0);
    const changes = await changesOf(world, { cycles: 4, everyMs: 20 * minuteMs });
    expect(changes.toSorted()).toEqual(['attachment a.txt', 'issue']);
    expect(world.violations()).toEqual([]);
  });
}

test('a file that cannot be opened keeps no other issue from crossing', async () => {
  let isLost = false;
  let isGone = false;
  const isUpload = ({ method, url }: { method: string; url: string }): boolean =>
    method === 'POST' && url.endsWith('/attachments');
  const world = createWorld({
    tracker: 'redmine',
    jira: { faults: (request) => (isLost && isUpload(request) ? { kind: 'lost-after' } : undefined) },
    redmine: { faults: ({ url }) => (isGone && url.includes('/attachments/') ? { kind: 'status', status: 404 } : undefined) },
  });
  await world.connect();
  const [first, second] = ['First', 'Second'].map((summary) => world.there.create({ as: 'dana', summary, text: 'Text' }));
  await changesOf(world, { cycles: 2, everyMs: 20 * minuteMs });
  world.there.attach(first ?? '', { as: 'dana', name: 'a.txt', text: 'x' });
  world.clock.advance(minuteMs);
  isLost = true;
  await world.cycle();
  isLost = false;
  isGone = true;
  world.clock.advance(20 * minuteMs);
  world.there.edit(second ?? '', { as: 'dana', summary: 'Second, edited' });
  const { result } = await world.cycle();
  expect(result.failures).toMatchObject([{ what: 'attachment a.txt' }]);
  expect(world.jira.people.issues().map(({ summary }) => summary)).toContain('Second, edited');
  isGone = false;
  await changesOf(world, { cycles: 4, everyMs: 60 * minuteMs });
  expect(world.jira.people.issues().flatMap(({ attachments }) => attachments.map(({ name }) => name))).toEqual(['a.txt']);
  expect(world.violations()).toEqual([]);
});

test('what somebody edits of an issue that waits for its next try crosses as soon as there is room for it', async () => {
  const { world, comments } = commentsDown();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const { key: other } = world.jira.people.createIssue({ project: 'ACME', as: world.people.ben, summary: 'B', labels: ['sync'] });
  await changesOf(world, { cycles: 2, everyMs: 20 * minuteMs });
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Waiting')) });
  comments.isDown = true;
  await changesOf(world, { cycles: 14, everyMs: 10 * minuteMs });
  comments.isDown = false;
  world.jira.people.editIssue(key, { as: world.people.ann, description: 'Edited by Ann.' });
  // Far enough behind the other one's that no listing of the next cycle goes back to it.
  world.clock.advance(15 * minuteMs);
  world.jira.people.editIssue(other, { as: world.people.ann, summary: 'B, edited' });
  world.clock.advance(minuteMs);
  const { result } = await world.cycle({ 'max-changes': '0' });
  expect(result.deferred).toBeGreaterThan(0);
  expect(await changesOf(world, { cycles: 1, everyMs: 5 * minuteMs })).toContain('description');
  expect(world.there.text(id)).toContain('Edited by Ann.');
});

/** A world in which GitHub answers 502 to reads of what `place` matches, once it is set. */
function outageWorld() {
  const outage: { place: RegExp | undefined } = { place: undefined };
  const world = createWorld({
    github: {
      faults: ({ method, url }) =>
        method === 'GET' && outage.place?.test(url) === true ? { kind: 'status', status: 502 } : undefined,
    },
  });
  return { world, outage };
}

for (const what of ['comments', 'issue'] as const) {
  test(`an edit on GitHub crosses soon after a moment in which the ${what} could not be read`, async () => {
    const { world, outage } = outageWorld();
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('One')) });
    await rounds(world, 2);
    world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
    outage.place = what === 'comments' ? new RegExp(`/issues/${id}/comments`) : new RegExp(`/issues/${id}$`);
    expect(await rounds(world, 1)).toContain('failed issue');
    outage.place = undefined;
    await rounds(world, 3);
    expect(world.jira.people.issue(key)?.summary).toBe('Title of Dana');
    expect((await world.cycle()).result.oldestPendingSeconds).toBe(0);
    expect(world.violations()).toEqual([]);
  });
}

test('an edit on Jira crosses soon after a moment in which its copy could not be read, which is told once', async () => {
  const { world, outage } = outageWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  outage.place = new RegExp(`/issues/${id}$`);
  expect(await rounds(world, 1)).toEqual(['failed issue']);
  outage.place = undefined;
  await rounds(world, 3);
  expect(world.there.summary(id)).toBe('Title of Ben');
  expect(world.violations()).toEqual([]);
});

test('an edit on Jira crosses soon after its copy was answered with what is no issue', async () => {
  let isPage = false;
  const world = createWorld({
    github: {
      faults: ({ method, url }) =>
        isPage && method === 'GET' && /\/issues\/\d+$/.test(url) ? { kind: 'html', status: 200 } : undefined,
    },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  isPage = true;
  await rounds(world, 1);
  isPage = false;
  await rounds(world, 3);
  expect(world.there.summary(id)).toBe('Title of Ben');
  expect((await world.cycle()).result.oldestPendingSeconds).toBe(0);
});

test('a new issue whose comments could not be read for a moment is taken up soon after', async () => {
  const { world, outage } = outageWorld();
  await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  const id = world.there.create({ as: 'dana', summary: 'New of Dana', text: 'Text.' });
  world.there.addComment(id, { as: 'dana', text: 'A comment.' });
  outage.place = new RegExp(`/issues/${id}/comments`);
  expect(await rounds(world, 1)).toEqual([`failed issue ${id}`]);
  outage.place = undefined;
  await rounds(world, 3);
  expect(world.jira.people.issues().map(({ summary }) => summary)).toContain('New of Dana');
});

test('an issue whose reading meets a rate limit waits for room, and is no failure', async () => {
  let isLimited = false;
  const world = createWorld({
    github: {
      faults: ({ method, url }) =>
        isLimited && method === 'GET' && /\/issues\/\d+$/.test(url)
          ? { kind: 'status', status: 429, retryAfterSeconds: 1_200 }
          : undefined,
    },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  isLimited = true;
  const { result } = await world.cycle();
  isLimited = false;
  expect(result.failures).toEqual([]);
  expect(result.deferred).toBeGreaterThan(0);
  await rounds(world, 3);
  expect(world.there.summary(id)).toBe('Title of Ben');
});
