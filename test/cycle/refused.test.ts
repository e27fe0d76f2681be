import { expect, test } from 'vitest';
import type { Fault } from '../../src/simulators/simulator.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import { isIssueEdit } from './issue-edit.ts';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const hourMs = 3_600_000;

test('what a tracker refuses for good is reported and tried again once a day, and between that the report does not say "in step"', async () => {
  const world = createWorld();
  await world.connect();
  const issue = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Refused', labels: ['sync'] });
  await world.cycle();
  world.clock.advance(hourMs);
  let isRefused = true;
  world.rewrite = async (request) =>
    isRefused && request.method === 'POST' && request.url.endsWith('/comments')
      ? new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify({ body: '' }) })
      : request;
  world.jira.people.addComment(issue.key, { as: world.people.ben, body: 'Refused at first.' });
  const reportedAt: number[] = [];
  for (let hour = 0; hour < 76; hour += 1) {
    const { result } = await world.cycle();
    if (result.failures.length > 0) reportedAt.push(hour);
    expect(result.parked, `hour ${hour}`).toBe(1);
    world.clock.advance(hourMs);
  }
  expect(reportedAt).toHaveLength(4);
  for (const [index, hour] of reportedAt.slice(1).entries()) expect(hour - (reportedAt[index] ?? 0)).toBeLessThanOrEqual(25);
  isRefused = false;
  for (let hour = 0; hour < 25; hour += 1) {
    await world.cycle();
    world.clock.advance(hourMs);
  }
  const [id = ''] = world.there.ids();
  expect(world.there.comments(id)).toHaveLength(1);
  expect((await world.cycle()).result.parked).toBe(0);
  expect(world.violations()).toEqual([]);
});

test('a removal that a tracker refuses for good is asked for once, reported, and asked for again a day later', async () => {
  let isRefused = false;
  let asked = 0;
  const isRemoval = ({ method, url }: { method: string; url: string }): boolean =>
    method === 'DELETE' && /\/comment\/|\/attachment\//.test(url);
  const world = createWorld({
    tracker: 'jira-dc',
    dc: { faults: (request) => (isRefused && isRemoval(request) ? { kind: 'status', status: 400 } : undefined) },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  const comment = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('To go')) });
  const file = { name: 'a.txt', bytes: Buffer.from('x'), mediaType: 'text/plain' };
  const attachment = world.jira.people.addAttachment(key, { as: world.people.ben, ...file });
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(hourMs);
    await world.cycle();
  }
  expect(world.dc.people.issue(id)?.attachments).toHaveLength(1);
  world.clock.advance(hourMs);
  world.jira.people.deleteComment(key, comment.id);
  world.jira.people.deleteAttachment(attachment.id, world.people.ben);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title, edited' });
  isRefused = true;
  world.onRequest = (_, request) => {
    if (isRemoval(request) && !request.url.includes('atlassian')) asked += 1;
  };
  const reports: string[][] = [];
  for (let hour = 0; hour < 20; hour += 1) {
    const { result } = await world.cycle();
    if (result.failures.length > 0) reports.push(result.failures.map(({ what }) => what.split(' ')[0] ?? '').toSorted());
    world.clock.advance(hourMs);
  }
  expect(reports).toEqual([['attachment.remove', 'comment.remove']]);
  expect(asked).toBe(2);
  expect((await world.cycle()).result.parked).toBe(2);
  isRefused = false;
  for (let hour = 0; hour < 8; hour += 1) {
    world.clock.advance(hourMs);
    await world.cycle();
  }
  expect(world.there.comments(id)).toEqual([]);
  expect(world.dc.people.issue(id)?.attachments).toEqual([]);
  expect((await world.cycle()).result.parked).toBe(0);
});

test('an edit that cannot be put back is told, and nothing else waits for it', async () => {
  const world = createWorld();
  const long = 'abcd '.repeat(3_600);
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'), paragraph(long));
  const other = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Other', labels: ['sync'] });
  for (let round = 0; round < 2; round += 1) {
    await world.cycle();
    world.clock.advance(hourMs);
  }
  world.there.edit(id, { as: 'dana', text: `${'dana '.repeat(1_700)}\n\n${world.there.text(id)}` });
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
    world.onRequest = undefined;
    // Together the two edits are longer than Jira takes.
    const description = documentOf(paragraph('Alpha'), paragraph(long), paragraph('bens '.repeat(1_700)));
    world.jira.people.editIssue(key, { as: world.people.ben, description });
  };
  const { result } = await world.cycle();
  expect(result.conflicts).toMatchObject([{ field: 'description', outcome: 'private' }]);
  expect(result.failures).toMatchObject([{ error: 'refused', parked: true }]);
  world.clock.advance(hourMs);
  world.jira.people.editIssue(other.key, { as: world.people.ben, summary: 'Other, edited' });
  const next = (await world.cycle()).result;
  expect(next.failures).toEqual([]);
  expect(next.conflicts).toEqual([]);
  expect(world.there.ids().map((one) => world.there.summary(one))).toContain('Other, edited');
  expect(world.jira.people.issue(key)?.descriptionText).toContain('dana');
  expect(world.violations()).toEqual([]);
});

test('an edit that cannot be put back for a moment is put back by the next cycle', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(hourMs);
    await world.cycle();
  }
  world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
  let edits = 0;
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PUT' || !/\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)) return;
    edits += 1;
    if (edits === 1) world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
    else throw new TypeError('fetch failed');
  };
  const { result } = await world.cycle();
  expect(result.failures).toMatchObject([{ error: 'passing', parked: false }]);
  world.onRequest = undefined;
  world.clock.advance(hourMs);
  await world.cycle();
  expect(world.jira.people.issue(key)?.summary).toBe('Title of Ben');
  expect(world.there.summary(id)).toBe('Title of Ben');
  expect(world.violations()).toEqual([]);
});

test('a permission that is missing for comments is told as one, and what waited for it goes on by itself', async () => {
  const world = createWorld();
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'First', text: 'One.' });
  await world.cycle();
  world.clock.advance(hourMs);
  const { sync } = world.people;
  world.jira.people.setPermissions(
    sync,
    memberPermissions.filter((name) => name !== 'ADD_COMMENTS'),
  );
  world.there.addComment(id, { as: 'dana', text: 'Hello.' });
  const { failures } = (await world.cycle()).result;
  expect(failures).toMatchObject([{ error: 'permission', parked: false }]);
  expect(failures[0]?.message).toMatch(/permission to comment/);
  expect(failures[0]?.message).toMatch(/Check the API token and the permissions of the account/);
  world.jira.people.setPermissions(sync, [...memberPermissions, 'EDIT_ALL_COMMENTS']);
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(hourMs);
    await world.cycle();
  }
  expect(world.jira.people.issues()[0]?.comments).toHaveLength(1);
});

test('an edit that the account may not bring back to a comment keeps no other comment from crossing', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  world.jira.people.setPermissions(world.people.sync, [...memberPermissions]);
  const { id: first } = world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('One')) });
  await rounds(world, 2);
  const [copy] = world.there.comments(id);
  world.there.editComment(id, { id: copy?.id ?? '', as: 'dana', text: copy?.text.replace('One', 'Two') ?? '' });
  expect(await rounds(world, 1)).toEqual([`failed comment.write public ${first}`]);
  world.jira.people.addComment(key, { as: world.people.ben, body: documentOf(paragraph('Another of Ben')) });
  world.there.addComment(id, { as: 'dana', text: 'Another of Dana' });
  world.clock.advance(20 * 60_000);
  let asked = 0;
  world.onRequest = (_, { method, url }) => {
    if (method === 'PUT' && url.includes(`/comment/${first}`)) asked += 1;
  };
  const { result } = await world.cycle();
  expect(result.failures).toMatchObject([{ error: 'permission', parked: false, next: expect.stringMatching(/go on/) }]);
  expect(asked).toBe(1);
  expect(world.there.comments(id)).toHaveLength(3);
  expect(world.jira.people.issue(key)?.comments).toHaveLength(3);
  world.jira.people.setPermissions(world.people.sync, [...memberPermissions, 'EDIT_ALL_COMMENTS']);
  await rounds(world, 4);
  expect(JSON.stringify(world.jira.people.issue(key)?.comments[0])).toContain('Two');
  expect((await world.cycle()).result.oldestPendingSeconds).toBe(0);
});

test('what a rate limit leaves no room for waits for a later cycle, and is no failure', async () => {
  const world = createWorld();
  await world.connect();
  const count = 260;
  for (let index = 0; index < count; index += 1) {
    const { key } = world.jira.people.createIssue({
      project: 'ACME',
      as: world.people.ann,
      summary: `Issue ${index}`,
      labels: ['sync'],
    });
    for (const body of ['One.', 'Two.']) world.jira.people.addComment(key, { as: world.people.ben, body });
  }
  let deferred = 0;
  for (let round = 0; round < 4; round += 1) {
    const { result } = await world.cycle();
    expect(result.failures, `round ${round}`).toEqual([]);
    deferred += result.deferred;
    world.clock.advance(hourMs);
  }
  expect(deferred).toBeGreaterThan(0);
  expect(world.there.ids()).toHaveLength(count);
  for (const id of world.there.ids()) expect(world.there.comments(id)).toHaveLength(2);
}, 120_000);

test('a permission that was lost after initiate is one error before the acceptance, and nothing is written', async () => {
  const world = createWorld();
  const { sync } = world.people;
  const initiated = await world.run({
    operation: 'initiate',
    'jira-url': 'https://acme.atlassian.net',
    'jira-project': 'ACME',
    'jira-email': 'sync@example.org',
    'jira-token': 'jira-token-for-tests',
    unsealed: 'true',
  });
  if (initiated.kind !== 'initiated' || initiated.code === undefined) throw new Error('no code');
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Mine', labels: ['sync'] });
  world.jira.people.setPermissions(
    sync,
    memberPermissions.filter((name) => name !== 'CREATE_ISSUES'),
  );
  const recorded = (): readonly string[] =>
    Object.keys(world.jira.people.userProperties(sync)).filter((key) => !key.includes('.lease.'));
  const before = recorded();
  for (const operation of ['accept', 'sync'] as const)
    await expect(world.run({ operation, 'invitation-code': initiated.code, state: 'memory' }), operation).rejects.toMatchObject({
      kind: 'permission',
      message: expect.stringMatching(
        /lacks permissions in project ACME on Jira Cloud: Create issues\. Nothing was written\. Grant them in the project's permission scheme\. Then run/,
      ),
    });
  expect(recorded()).toEqual(before);
  expect(world.there.ids()).toEqual([]);
});

test('a field that Redmine passes over without a word is a failure, again every day, and crosses once it may be written', async () => {
  const world = createWorld({ tracker: 'redmine' });
  await world.connect();
  const { ann } = world.people;
  const { key } = world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'Before', labels: ['sync'] });
  await world.cycle();
  const [id = ''] = world.there.ids();
  world.redmine.people.setReadOnly(['subject', 'description']);
  world.jira.people.editIssue(key, { as: ann, summary: 'After', description: 'New.' });
  const told: string[][] = [];
  for (let round = 0; round < 3; round += 1) {
    world.clock.advance(25 * hourMs);
    told.push((await world.cycle()).result.failures.map(({ what, error }) => `${what} ${error}`).toSorted());
  }
  const both = ['description refused', 'summary refused'];
  expect(told).toEqual([both, both, both]);
  world.redmine.people.setReadOnly([]);
  world.clock.advance(25 * hourMs);
  expect((await world.cycle()).result.failures).toEqual([]);
  expect([world.there.summary(id), world.there.text(id).split('\n')[0]]).toEqual(['After', 'New.']);
});

test('an issue of which Redmine kept neither text nor stamp is reported, and no second one is made', async () => {
  const world = createWorld({ tracker: 'redmine' });
  await world.connect();
  world.redmine.people.setReadOnly(['description']);
  for (const summary of ['First', 'Second'])
    world.jira.people.createIssue({
      project: 'ACME',
      as: world.people.ann,
      summary,
      labels: ['sync'],
      description: `Text of ${summary}.`,
    });
  const { failures } = (await world.cycle()).result;
  expect(world.there.ids()).toHaveLength(1);
  expect(failures.map(({ what, error }) => `${what} ${error}`).toSorted()).toEqual(['description refused', 'issue permission']);
  expect(failures.map(({ message }) => message).join('\n')).toMatch(/Fields permissions/);
  world.redmine.people.setReadOnly([]);
  for (let round = 0; round < 2; round += 1) {
    world.clock.advance(25 * hourMs);
    await world.cycle();
  }
  expect(world.there.ids().map((id) => world.there.text(id).split('\n')[0])).toEqual(['Text of First.', 'Text of Second.']);
});

test('a tracker of Redmine whose descriptions are switched off is told before anything is made', async () => {
  const world = createWorld({ tracker: 'redmine' });
  world.redmine.people.switchDescriptionOff('Bug');
  await expect(world.connect()).rejects.toMatchObject({
    kind: 'permission',
    message: expect.stringMatching(/Description is switched off for Bug: .*Standard fields/),
  });
});

test('descriptions that are switched off in the life of a connection, which empties them, are told of and do not cross', async () => {
  const world = createWorld({ tracker: 'redmine' });
  await world.connect();
  const { ann } = world.people;
  const issue = { project: 'ACME', as: ann, labels: ['sync'], type: 'Bug', description: 'Text.' };
  const keys = ['One', 'Two'].map((summary) => world.jira.people.createIssue({ ...issue, summary }).key);
  await world.cycle();
  const ids = world.there.ids();
  world.redmine.people.switchDescriptionOff('Bug');
  // The connection's own write empties the one, a person's the other.
  world.jira.people.editIssue(keys[0] ?? '', { as: ann, description: 'New text.' });
  const { failures } = (await world.cycle()).result;
  expect(failures).toMatchObject([
    { error: 'permission', message: expect.stringMatching(/Description is switched off for Bug/) },
  ]);
  for (let round = 0; round < 3; round += 1) {
    world.there.edit(ids[1] ?? '', { as: 'dana', summary: `After ${round}` });
    world.clock.advance(11 * 60_000);
    await expect(world.cycle()).rejects.toMatchObject({ kind: 'permission', message: expect.stringMatching(/Standard fields/) });
  }
  expect(ids.map((id) => world.there.text(id))).toEqual(['', '']);
  expect(keys.map((key) => world.jira.people.issue(key)?.descriptionText)).toEqual(['New text.', 'Text.']);
});

test.each(['github', 'jira-dc', 'redmine'] as const)(
  'what is edited while several fields are refused at once is not overwritten by each of them alone (%s)',
  async (tracker) => {
    let isRefused = false;
    let editMeanwhile = (): void => undefined;
    const faults = (request: { method: string; url: string }): Fault | undefined => {
      if (!isRefused || !isIssueEdit(request)) return undefined;
      isRefused = false;
      editMeanwhile();
      return { kind: 'status', status: 422 };
    };
    const world = createWorld({ tracker, github: { faults }, dc: { faults }, redmine: { faults } });
    const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
    await rounds(world, 2);
    const { people } = world.jira;
    people.editIssue(key, { as: world.people.ann, summary: 'New title', description: documentOf(paragraph('Of Ann')) });
    editMeanwhile = () => world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Alpha', 'Of Dana') });
    isRefused = true;
    expect(await rounds(world, 2)).toContain('conflict description private');
    expect(people.issue(key)?.summary).toBe('New title');
    expect(world.there.summary(id)).toBe('New title');
    expect(people.issue(key)?.descriptionText).toBe('Of Dana');
    expect(world.there.text(id)).toMatch(/^Of Dana/);
    expect(await rounds(world, 2, { audit: 'full' })).toEqual([]);
  },
);
