import { expect, test } from 'vitest';
import type { World } from './world.ts';
import { createWorld, Killed } from './world.ts';

const minuteMs = 60_000;

interface Twin {
  readonly world: World;
  readonly number: number;
  readonly key: string;
}

async function createTwin(labels: readonly string[] = []): Promise<Twin> {
  const world = createWorld();
  await world.connect();
  const { number } = world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'Title',
    labels: ['sync', ...labels],
    body: 'First.\n\nSecond.\n\nThird.',
  });
  world.github.addComment({ repository: world.repository, number, as: 'dana', body: 'First.\n\nSecond.\n\nThird.' });
  await world.cycle();
  const key = world.jira.people.issues()[0]!.key;
  world.clock.advance(20 * minuteMs);
  return { world, number, key };
}

const paragraphs = (...texts: readonly string[]) => ({
  version: 1,
  type: 'doc',
  content: texts.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
});

const issueOf = ({ world, number }: Twin) => world.github.issue(world.repository, number)!;

/** The run edits GitHub, just after a person did, and does not live to see the answer. */
async function dieOverwriting(twin: Twin, path: RegExp, edit: () => void): Promise<void> {
  const { world } = twin;
  world.onRequest = (index, request) => {
    if (request.method !== 'PATCH' || !path.test(new URL(request.url).pathname)) return;
    edit();
    world.killAt = index;
    world.onRequest = undefined;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.killAt = undefined;
  world.onRequest = undefined;
}

test.each([
  ['with the state', false],
  ['after the state was lost, too', true],
])('what a dead run overwrote in a description is found and merged, %s', async (_, isLost) => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  world.jira.people.editIssue(key, { as: world.people.ben, description: paragraphs('First of Ben.', 'Second.', 'Third.') });
  await dieOverwriting(twin, /\/issues\/\d+$/, () =>
    world.github.editIssue({ repository: world.repository, number, as: 'dana', body: 'First.\n\nSecond.\n\nThird of Dana.' }),
  );
  expect(issueOf(twin).body).not.toContain('Third of Dana.');
  if (isLost) world.states.clear();
  world.clock.advance(20 * minuteMs);
  const cycle = await world.cycle();
  expect(cycle.result.conflicts).toMatchObject([{ field: 'description', outcome: 'merged' }]);
  for (const text of [issueOf(twin).body, world.jira.people.issue(key)?.descriptionText]) {
    expect(text).toContain('First of Ben.');
    expect(text).toContain('Third of Dana.');
  }
  expect((await world.cycle()).result.conflicts).toEqual([]);
});

test('so is what a run overwrote within the second of the commit before, which GitHub tells as a whole one', async () => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  world.clock.advance(1930 - (world.clock.now() % 1000));
  await world.cycle();
  world.jira.people.editIssue(key, { as: world.people.ben, description: paragraphs('First of Ben.', 'Second.', 'Third.') });
  const second = Math.floor(world.clock.now() / 1000);
  await dieOverwriting(twin, /\/issues\/\d+$/, () =>
    world.github.editIssue({ repository: world.repository, number, as: 'dana', body: 'First.\n\nSecond.\n\nThird of Dana.' }),
  );
  expect(Math.floor(world.clock.now() / 1000)).toBe(second);
  expect(issueOf(twin).body).not.toContain('Third of Dana.');
  world.states.clear();
  world.clock.advance(20 * minuteMs);
  expect((await world.cycle()).result.conflicts).toMatchObject([{ field: 'description', outcome: 'merged' }]);
  expect(issueOf(twin).body).toContain('Third of Dana.');
});

test('what a run overwrote with the text that the state knew, and died, comes back', async () => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  await dieOverwriting(twin, /\/issues\/\d+$/, () =>
    world.github.editIssue({ repository: world.repository, number, as: 'dana', body: 'First.\n\nSecond.\n\nThird.\n\nOf Dana.' }),
  );
  expect(issueOf(twin)).toMatchObject({ title: 'Title of Ben' });
  expect(issueOf(twin).body).not.toContain('Of Dana.');
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  expect(issueOf(twin).body).toContain('Of Dana.');
  expect(world.jira.people.issue(key)?.descriptionText).toContain('Of Dana.');
});

test.each([
  ['alone', false],
  ['under a text that somebody rewrote since', true],
])('a file that a person put at the end of a text which a run overwrote, and died, comes back %s', async (_, isRewritten) => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  const { repository } = world;
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  const url = world.github.uploadAsset({ as: 'dana', name: 'plan.txt', bytes: Buffer.from('plan'), kind: 'file', repository });
  const text = isRewritten ? 'First.\n\nSecond of Dana.\n\nThird.' : 'First.\n\nSecond.\n\nThird.';
  await dieOverwriting(twin, /\/issues\/\d+$/, () =>
    world.github.editIssue({ repository, number, as: 'dana', body: `${text}\n\n[plan.txt](${url})` }),
  );
  expect(issueOf(twin).body).not.toContain(url);
  world.clock.advance(20 * minuteMs);
  if (isRewritten) world.github.editIssue({ repository, number, as: 'eli', body: 'First.\n\nSecond of Eli.\n\nThird.' });
  for (let round = 0; round < 3; round += 1) {
    await world.cycle();
    world.clock.advance(20 * minuteMs);
  }
  expect(issueOf(twin).body).toContain(url);
  expect(issueOf(twin).body).toContain(isRewritten ? 'Second of Eli.' : 'Second.');
  expect(world.jira.people.issue(key)?.attachments.map(({ name }) => name)).toEqual(['plan.txt']);
});

test.each([
  ['with the state', false],
  ['after the state was lost, too', true],
])('what a dead run overwrote in a comment is found and merged, %s', async (_, isLost) => {
  const twin = await createTwin();
  const { world, key } = twin;
  const copy = world.jira.people.issue(key)!.comments[0]!;
  const [line] = (copy.body as unknown as { content: { content: { text: string }[] }[] }).content;
  const author = line!.content.map(({ text }) => text).join('');
  world.jira.people.editComment(key, copy.id, {
    as: world.people.ben,
    body: paragraphs(author, 'First of Ben.', 'Second.', 'Third.'),
  });
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  const { id } = issueOf(twin).comments[0]!;
  await dieOverwriting(twin, /\/comments\/\d+$/, () =>
    world.github.editComment({ repository: world.repository, id, as: 'dana', body: 'First.\n\nSecond.\n\nThird of Dana.' }),
  );
  expect(issueOf(twin).comments[0]?.body).not.toContain('Third of Dana.');
  if (isLost) world.states.clear();
  world.clock.advance(20 * minuteMs);
  const cycle = await world.cycle();
  expect(cycle.result.conflicts).toMatchObject([{ field: 'comment', outcome: 'merged' }]);
  for (const text of [issueOf(twin).comments[0]?.body, world.jira.people.issue(key)?.comments[0]?.text]) {
    expect(text).toContain('First of Ben.');
    expect(text).toContain('Third of Dana.');
  }
  expect((await world.cycle()).result.conflicts).toEqual([]);
});

test.each(['description', 'comment'])('so it is where many edits of the %s followed before the next run', async (field) => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  const isIssue = field === 'description';
  const { id } = issueOf(twin).comments[0]!;
  const textOf = () => (isIssue ? issueOf(twin).body : issueOf(twin).comments[0]?.body) ?? '';
  const edit = (from: string, to: string) => {
    world.clock.advance(1000);
    const place = { repository: world.repository, as: 'dana', body: textOf().replace(from, to) };
    if (isIssue) world.github.editIssue({ ...place, number });
    else world.github.editComment({ ...place, id });
  };
  if (isIssue) {
    world.jira.people.editIssue(key, { as: world.people.ben, description: paragraphs('First of Ben.', 'Second.', 'Third.') });
  } else {
    const copy = world.jira.people.issue(key)!.comments[0]!;
    const [author = ''] = copy.text.split('\n');
    const body = paragraphs(author, 'First of Ben.', 'Second.', 'Third.');
    world.jira.people.editComment(key, copy.id, { as: world.people.ben, body });
    world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  }
  await dieOverwriting(twin, isIssue ? /\/issues\/\d+$/ : /\/comments\/\d+$/, () => edit('Third.', 'Third of Dana.'));
  expect(textOf()).not.toContain('Third of Dana.');
  for (let count = 0; count < 12; count += 1) edit(count === 0 ? 'Second.' : `Second, ${count}.`, `Second, ${count + 1}.`);
  world.clock.advance(20 * minuteMs);
  const { conflicts } = (await world.cycle()).result;
  expect(conflicts.at(-1)).toMatchObject({ field, outcome: 'merged' });
  await world.cycle();
  const there = world.jira.people.issue(key);
  for (const text of [textOf(), isIssue ? there?.descriptionText : there?.comments[0]?.text]) {
    for (const part of ['First of Ben.', 'Second, 12.', 'Third of Dana.']) expect(text).toContain(part);
  }
  expect((await world.cycle()).result.conflicts).toEqual([]);
});

test('a file whose removal met a dead run does not come back', async () => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  const file = world.github.uploadAsset({
    repository: world.repository,
    as: 'dana',
    name: 'plan.txt',
    bytes: Buffer.from('plan'),
    kind: 'file',
  });
  const body = `${issueOf(twin).body ?? ''}\n\n[plan.txt](${file})`;
  world.github.editIssue({ repository: world.repository, number, as: 'dana', body });
  // The ledger on Jira knows the file's copy; the state never learns of it.
  world.onRequest = (index, request) => {
    const hasFile = world.jira.people.issue(key)!.attachments.length > 0;
    if (hasFile && request.method === 'PUT' && /\/issue\/\d+$/.test(new URL(request.url).pathname)) world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.killAt = undefined;
  world.onRequest = undefined;
  world.github.editIssue({ repository: world.repository, number, as: 'dana', body: 'First.' });
  for (let count = 0; count < 3; count += 1) {
    world.clock.advance(20 * minuteMs);
    await world.cycle();
  }
  expect(world.jira.people.issue(key)?.attachments).toEqual([]);
  expect(issueOf(twin).body).not.toContain('plan.txt');
});

test('an issue that is deleted right before its ledger is written ends no cycle', async () => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  const other = world.github.createIssue({
    repository: world.repository,
    as: 'dana',
    title: 'Other',
    labels: ['sync'],
    body: '',
  });
  world.github.addComment({ repository: world.repository, number, as: 'dana', body: 'One more.' });
  world.onRequest = (_, request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'PUT' || !/\/issue\/\d+$/.test(pathname)) return;
    world.jira.people.deleteIssue(key);
    world.onRequest = undefined;
  };
  const cycle = await world.cycle();
  expect(cycle.result.failures).toHaveLength(1);
  expect(cycle.result.failures[0]?.message).toContain('404');
  expect(cycle.result.changes.some((change) => change.title === 'Other' && change.action === 'created')).toBe(true);
  expect(other.number).toBeGreaterThan(number);
});

test.each([
  ['summary', 'private', { summary: 'Title of Ben' }, { title: 'Title of Dana' }],
  [
    'description',
    // Jira's history tells lines alone: they stand beside the others again.
    'merged',
    { description: paragraphs('First of Ben.', 'Second.', 'Third.') },
    { body: 'First of Dana.\n\nSecond.\n\nThird.' },
  ],
])(
  'what lost to another edit of the %s in a run that died is reported by the next, though it is older than the last cycle',
  async (field, outcome, bens, danas) => {
    const twin = await createTwin();
    const { world, number, key } = twin;
    // Ben's edit comes once the listing of this cycle is through.
    world.onRequest = (_, request) => {
      if (request.method !== 'PUT' || !request.url.includes('.run?')) return;
      world.onRequest = undefined;
      world.jira.people.editIssue(key, { as: world.people.ben, ...bens });
    };
    await world.cycle();
    world.clock.advance(5 * minuteMs);
    world.github.editIssue({ repository: world.repository, number, as: 'dana', ...danas });
    world.onRequest = (index, request) => {
      if (request.method === 'PUT' && /\/issue\/\d+$/.test(new URL(request.url).pathname)) world.killAt = index;
    };
    await expect(world.cycle()).rejects.toThrow(Killed);
    world.killAt = undefined;
    world.onRequest = undefined;
    world.clock.advance(10 * minuteMs);
    const { result } = await world.cycle();
    expect(result.conflicts).toMatchObject([{ field, outcome }]);
    world.clock.advance(10 * minuteMs);
    expect((await world.cycle()).result.conflicts).toEqual([]);
  },
);

test('an edit that crossed before a run died is no loss when a later edit replaces it', async () => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  world.jira.people.editIssue(key, {
    as: world.people.ben,
    summary: 'Title of Ben',
    description: paragraphs('First of Ben.', 'Second.'),
  });
  await world.cycle();
  world.clock.advance(2 * minuteMs);
  world.github.editIssue({ repository: world.repository, number, as: 'dana', title: 'Title of Dana', body: 'Second.' });
  world.onRequest = (index, request) => {
    if (request.method === 'PUT' && /\/issue\/\d+$/.test(new URL(request.url).pathname)) world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.killAt = undefined;
  world.onRequest = undefined;
  world.clock.advance(10 * minuteMs);
  expect((await world.cycle()).result.conflicts).toEqual([]);
  expect(world.jira.people.issue(key)).toMatchObject({ summary: 'Title of Dana', descriptionText: 'Second.' });
});

test('a conflict stands in the log before anything is written by it', async () => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  world.clock.advance(minuteMs);
  world.github.editIssue({ repository: world.repository, number, as: 'dana', title: 'Title of Dana' });
  const lines = (): readonly string[] => world.logs.filter((line) => line.includes('Conflict: '));
  let before: readonly string[] = [];
  world.onRequest = (_, request) => {
    if (request.method === 'PUT' && /\/issue\/\d+$/.test(new URL(request.url).pathname)) before = lines();
  };
  await world.cycle();
  expect(before).toEqual([
    expect.stringContaining(
      `Conflict: summary of https://acme.atlassian.net/browse/${key} and https://github.com/${world.repository}/issues/${number}: the edit of the private side stands`,
    ),
  ]);
  expect(lines()).toHaveLength(1);
});

test('so does one that is met between a reading and a write, before the edit that was replaced is put back', async () => {
  const twin = await createTwin();
  const { world, number, key } = twin;
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  const lines = (): readonly string[] => world.logs.filter((line) => line.includes('Conflict: '));
  const written: (readonly string[])[] = [];
  world.onRequest = (_, request) => {
    if (request.method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(request.url).pathname)) return;
    if (written.length === 0)
      world.github.editIssue({ repository: world.repository, number, as: 'dana', title: 'Title of Dana' });
    written.push(lines());
  };
  await world.cycle();
  expect(issueOf(twin).title).toBe('Title of Dana');
  expect(written).toEqual([[], [expect.stringContaining('Conflict: summary of ')]]);
  expect(lines()).toHaveLength(1);
});

test('a run that hangs until another one is through, and then puts its older record in place, doubles nothing', async () => {
  const world = createWorld({ jira: { searchLagMs: 5 * minuteMs } });
  await world.connect();
  world.there.create({ as: 'dana', summary: 'First', text: 'One.' });
  let hung = false;
  world.rewrite = async (request) => {
    if (hung || request.method !== 'PUT' || !/\.run\b/.test(request.url)) return request;
    hung = true;
    // Its lease is over, and the other run finds it dead.
    world.clock.advance(4 * minuteMs);
    world.there.create({ as: 'dana', summary: 'Second', text: 'Two.' });
    await world.cycle();
    return request;
  };
  await world.cycle().catch(() => undefined);
  expect(hung).toBe(true);
  for (let round = 0; round < 3; round += 1) {
    await world.cycle();
    world.clock.advance(round === 0 ? minuteMs : 16 * minuteMs);
  }
  const summaries = world.jira.people.issues().map(({ summary }) => summary);
  expect(summaries.toSorted()).toEqual(['First', 'Second']);
});

/** A twin of labels for types whose Jira issue became a Bug; the run that carries it over dies after its nth request for it. */
async function dieChangingType(at: number): Promise<Twin> {
  const twin = await createTwin(['type: Task', 'old']);
  const { world, number, key } = twin;
  world.jira.people.changeType(key, { as: world.people.ben, type: 'Bug' });
  let writes = 0;
  world.onRequest = (index, request) => {
    if (request.method === 'GET' || !/\/issues\/\d+(?:\/labels.*)?$/.test(new URL(request.url).pathname)) return;
    writes += 1;
    if (writes === at) world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.killAt = undefined;
  world.onRequest = undefined;
  world.github.setLabels({
    repository: world.repository,
    number,
    as: 'dana',
    labels: [...issueOf(twin).labels.filter((name) => name !== 'old'), 'priority-1'],
  });
  world.clock.advance(20 * minuteMs);
  return twin;
}

test.each([
  ['first', 1, false],
  ['second', 2, false],
  ['third', 3, false],
  ['first', 1, true],
  ['second', 2, true],
  ['third', 3, true],
])('a run that dies after the %s request of a change of type is made good (%i, state lost: %s)', async (_, at, isLost) => {
  const twin = await dieChangingType(at);
  const { world, key } = twin;
  if (isLost) world.states.clear();
  const { result } = await world.cycle();
  expect([result.conflicts, result.failures]).toEqual([[], []]);
  expect(issueOf(twin).labels.toSorted()).toEqual(['priority-1', 'sync', 'type: Bug']);
  expect(world.jira.people.issue(key)?.type).toBe('Bug');
  world.clock.advance(20 * minuteMs);
  expect((await world.cycle()).result.changes).toEqual([]);
  expect(world.violations()).toEqual([]);
});

test('a type that a person chooses after such a run crosses', async () => {
  const twin = await dieChangingType(1);
  const { world, key } = twin;
  world.jira.people.changeType(key, { as: world.people.ben, type: 'Story' });
  await world.cycle();
  expect(issueOf(twin).labels.toSorted()).toEqual(['priority-1', 'sync', 'type: Story']);
  expect(world.jira.people.issue(key)?.type).toBe('Story');
});

test('what a run overwrote is found where no state knows the twin: the run that made its copy had died, too', async () => {
  const world = createWorld();
  await world.connect();
  const { repository } = world;
  const made = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Title', labels: ['sync'] });
  world.onRequest = (index, request) => {
    if (request.method === 'POST' && new URL(request.url).pathname.endsWith('/issues')) world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  const [copy] = world.github.issues(repository);
  world.killAt = undefined;
  world.onRequest = undefined;
  world.clock.advance(20 * minuteMs);
  world.jira.people.editIssue(made.key, { as: world.people.ben, summary: 'Title of Ben' });
  world.clock.advance(minuteMs);
  await dieOverwriting({ world, number: copy!.number, key: made.key }, /\/issues\/\d+$/, () =>
    world.github.editIssue({ repository, number: copy!.number, as: 'dana', title: 'Title of Dana' }),
  );
  world.clock.advance(20 * minuteMs);
  const { result } = await world.cycle();
  expect(result.conflicts).toMatchObject([{ field: 'summary', outcome: 'private' }]);
  expect(world.jira.people.issue(made.key)?.summary).toBe('Title of Dana');
});

test('what a dead run overwrote on an issue that then was out of sight for days comes back once it is there', async () => {
  const world = createWorld({ tracker: 'redmine' });
  const { people } = world.redmine;
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'First.' });
  await world.cycle();
  const [{ key = '' } = {}] = world.jira.people.issues();
  world.clock.advance(20 * minuteMs);
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  world.clock.advance(minuteMs);
  world.onRequest = (index, request) => {
    if (request.method !== 'PUT' || !new URL(request.url).pathname.endsWith(`/issues/${id}.json`)) return;
    people.editIssue(id, { as: 'dana', subject: 'Title of Dana' });
    world.killAt = index;
    world.onRequest = undefined;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.killAt = undefined;
  people.admit('syncbot', 'app', { issuesVisibility: 'own' });
  for (let round = 0; round < 3; round += 1) {
    world.clock.advance(24 * 60 * minuteMs);
    await world.cycle();
  }
  people.admit('syncbot', 'app');
  const conflicts: unknown[] = [];
  for (let round = 0; round < 3; round += 1) {
    world.clock.advance(24 * 60 * minuteMs);
    conflicts.push(...(await world.cycle()).result.conflicts);
  }
  expect(conflicts).toMatchObject([{ field: 'summary' }]);
  expect(people.issue(id)?.subject).toBe('Title of Dana');
  expect(world.jira.people.issue(key)?.summary).toBe('Title of Dana');
});
