import { describe, expect, test } from 'vitest';
import type { CycleReport } from '../../src/report/outcome.ts';
import type { PrivateKind, World } from './world.ts';
import { createWorld } from './world.ts';

const kinds: readonly PrivateKind[] = ['github', 'jira-dc'];

/** A Jira issue out of the trigger's sight. */
function plainIssue(world: World, summary: string, more: { description?: string; comment?: string } = {}): string {
  return world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary,
    type: 'Task',
    ...(more.description === undefined ? {} : { description: more.description }),
    ...(more.comment === undefined ? {} : { comments: [{ as: world.people.ben, body: more.comment }] }),
  }).key;
}

function asked(report: CycleReport): readonly string[] {
  return report.result.asked.map(
    ({ outcome, issues }) => `${issues.public?.key ?? '-'} ${issues.private?.key ?? '-'} ${outcome}`,
  );
}

function named(world: World, kind: PrivateKind, id: string): string {
  return kind === 'github' ? `#${id}` : (world.dc.people.issue(id)?.key ?? '');
}

async function later(world: World): Promise<CycleReport> {
  world.clock.advance(20 * 60_000);
  return world.cycle();
}

/** Nothing is left to do, and nothing is copied twice. */
async function expectQuiet(world: World): Promise<void> {
  await later(world);
  const quiet = await later(world);
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.result.failures).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
}

describe.each(kinds)('push, with %s', (kind) => {
  test('an issue that no trigger takes goes under sync, from either side, and stays there', async () => {
    const world = createWorld({ tracker: kind });
    await world.connect();
    const key = plainIssue(world, 'Pushed from Jira', { comment: 'Seen.' });
    await world.cycle();
    expect(world.there.ids()).toEqual([]);
    const report = await world.cycle({ operation: 'push', issues: key });
    const [copy] = world.there.ids();
    if (copy === undefined) throw new Error('no copy');
    expect(asked(report)).toEqual([`${key} ${named(world, kind, copy)} taken up`]);
    expect(world.there.summary(copy)).toBe('Pushed from Jira');
    expect(world.there.comments(copy)).toHaveLength(1);
    const again = await world.cycle({ operation: 'push', issues: `https://acme.atlassian.net/browse/${key}` });
    expect(asked(again)).toEqual([`${key} ${named(world, kind, copy)} in sync before`]);
    world.clock.advance(60_000);
    world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Edited' });
    await later(world);
    expect(world.there.summary(copy)).toBe('Edited');
    await expectQuiet(world);
    expect(world.there.ids()).toHaveLength(1);
  });

  test('a dry run shows the copy that would be made and writes nothing', async () => {
    const world = createWorld({ tracker: kind });
    await world.connect();
    const key = plainIssue(world, 'Pushed');
    const before = world.states.size;
    const report = await world.cycle({ operation: 'push', issues: key, 'dry-run': 'true' });
    expect(asked(report)).toEqual([`${key} - taken up`]);
    expect(report.result.changes.map(({ action, what }) => `${action} ${what}`)).toEqual(['created issue']);
    expect(report.requests.writes).toEqual({ public: 0, private: 0 });
    expect(world.there.ids()).toEqual([]);
    expect(world.states.size).toBe(before);
  });

  test('a push that dies after any request and is given again makes one copy', async () => {
    for (let killAt = 1; killAt <= 30; killAt += 1) {
      const world = createWorld({ tracker: kind });
      await world.connect();
      const key = plainIssue(world, 'Pushed');
      await world.cycle();
      world.killAt = killAt;
      await world.cycle({ operation: 'push', issues: key }).catch(() => undefined);
      world.killAt = undefined;
      world.clock.advance(10 * 60_000);
      await world.cycle({ operation: 'push', issues: key });
      await later(world);
      expect(world.there.ids(), `killed at ${killAt}`).toHaveLength(1);
    }
  });
});

describe.each(kinds)('unlink and connect, with %s', (kind) => {
  async function twins(options: { readonly from?: 'public' | 'private' } = {}) {
    const world = createWorld({ tracker: kind });
    await world.connect();
    let key: string;
    let id: string;
    if (options.from === 'private') {
      id = world.there.create({ as: 'dana', summary: 'Twin', text: 'One.' });
      world.there.addComment(id, { as: 'eli', text: 'From there.' });
      await world.cycle();
      key = world.jira.people.issues()[0]?.key ?? '';
    } else {
      key = world.jira.people.createIssue({
        project: 'ACME',
        as: world.people.ann,
        summary: 'Twin',
        description: 'One.',
        labels: ['sync'],
        comments: [{ as: world.people.ben, body: 'From here.' }],
      }).key;
      await world.cycle();
      id = world.there.ids()[0] ?? '';
    }
    return { world, key, id, name: named(world, kind, id) };
  }

  test.each(['public', 'private'] as const)(
    'both issues stay, nothing crosses any more, and no trigger takes them up (%s origin)',
    async (from) => {
      const { world, key, id, name } = await twins({ from });
      const plan = await world.cycle({ operation: 'unlink', issues: name, 'dry-run': 'true' });
      expect(asked(plan)).toEqual([`${key} ${name} unlinked`]);
      const report = await world.cycle({ operation: 'unlink', issues: name });
      expect(asked(report)).toEqual([`${key} ${name} unlinked`]);
      expect(report.result.ended.map((end) => end.reason)).toEqual(['unlinked on request; both issues stay']);
      expect(report.requests.writes).toEqual({ public: 0, private: 0 });
      world.clock.advance(60_000);
      world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Edited here' });
      world.there.edit(id, { as: 'dana', summary: 'Edited there' });
      await later(world);
      world.states.clear();
      const rebuilt = await later(world);
      expect(rebuilt.result).toMatchObject({ start: 'rebuilt', twins: 0 });
      expect(world.there.ids()).toEqual([id]);
      expect(world.jira.people.issues()).toHaveLength(1);
      expect(world.there.summary(id)).toBe('Edited there');
      await expectQuiet(world);
    },
  );

  test('connect takes an unlinked pair up from where it was last in step, without a second copy of a comment', async () => {
    const { world, key, id, name } = await twins();
    await world.cycle({ operation: 'unlink', issues: key });
    await expect(world.cycle({ operation: 'push', issues: key })).rejects.toThrow(/Only connect takes it up again/);
    world.clock.advance(60_000);
    world.there.edit(id, { as: 'dana', summary: 'Edited there' });
    world.there.addComment(id, { as: 'eli', text: 'While unlinked.' });
    world.clock.advance(60_000);
    const report = await world.cycle({ operation: 'connect', issues: `${key}, ${name}` });
    expect(asked(report)).toEqual([`${key} ${name} revived`]);
    expect(report.result.conflicts).toEqual([]);
    await later(world);
    const jira = world.jira.people.issue(key);
    expect(jira?.summary).toBe('Edited there');
    expect(jira?.comments.map((comment) => comment.text)).toEqual([
      'From here.',
      expect.stringMatching(/^(Eli Novak|eli) commented:\nWhile unlinked\.$/),
    ]);
    expect(world.there.comments(id)).toHaveLength(2);
    world.states.clear();
    expect((await later(world)).result).toMatchObject({ start: 'rebuilt', twins: 1 });
    await expectQuiet(world);
  });

  test('an issue of an ended pair gets another twin, and its old copies are not taken for removed ones', async () => {
    const { world, key, id } = await twins({ from: 'private' });
    const old = named(world, kind, id);
    await world.cycle({ operation: 'unlink', issues: old });
    const second = world.there.create({ as: 'dana', summary: 'Another', text: 'Two.' });
    const name = named(world, kind, second);
    // Its trigger would take it up: connected first, it gets no copy of its own.
    const plan = await world.cycle({ operation: 'connect', issues: `${name} ${key}`, 'dry-run': 'true' });
    expect(plan.requests.writes).toEqual({ public: 0, private: 0 });
    const report = await world.cycle({ operation: 'connect', issues: `${name} ${key}` });
    expect(asked(report)).toEqual([`${key} ${name} connected`]);
    for (let round = 0; round < 4; round += 1) await later(world);
    const jira = world.jira.people.issue(key);
    expect(jira?.comments.map((comment) => comment.text)).toEqual([
      expect.stringMatching(/^(Eli Novak|eli) commented:\nFrom there\.$/),
    ]);
    expect(world.there.summary(second)).toBe(jira?.summary);
    // The old origin stays out of sync, whatever the trigger says.
    world.there.edit(id, { as: 'dana', summary: 'Left alone' });
    await later(world);
    world.states.clear();
    expect((await later(world)).result).toMatchObject({ twins: 1 });
    expect(world.jira.people.issues()).toHaveLength(1);
    await expectQuiet(world);
  });
});

describe.each(kinds)('connect, with %s', (kind) => {
  test('two issues of people become twins: equal content is adopted, a difference is a reported conflict', async () => {
    const world = createWorld({ tracker: kind });
    await world.connect();
    const key = plainIssue(world, 'Same thing', { description: 'Equal text.', comment: 'From Jira.' });
    world.clock.advance(60_000);
    const id = world.there.create({ as: 'dana', summary: 'Another title', text: 'Equal text.', type: 'Task' });
    world.there.addComment(id, { as: 'eli', text: 'From there.' });
    const name = named(world, kind, id);
    const plan = await world.cycle({ operation: 'connect', issues: `${key} ${name}`, 'dry-run': 'true' });
    expect(plan.result.conflicts.map(({ field }) => field)).toEqual(['summary']);
    expect(plan.requests.writes).toEqual({ public: 0, private: 0 });
    const report = await world.cycle({ operation: 'connect', issues: `${key} ${name}` });
    expect(asked(report)).toEqual([`${key} ${name} connected`]);
    expect(report.result.conflicts.map(({ field }) => field)).toEqual(['summary']);
    await later(world);
    const jira = world.jira.people.issue(key);
    expect(jira?.summary).toBe(world.there.summary(id));
    expect(jira?.comments.map((comment) => comment.text)).toEqual([
      'From Jira.',
      expect.stringMatching(/^(Eli Novak|eli) commented:\nFrom there\.$/),
    ]);
    expect(world.there.comments(id)).toHaveLength(2);
    expect(world.there.ids()).toEqual([id]);
    await expectQuiet(world);
    // No listing by author finds them: the record does.
    world.states.clear();
    expect((await later(world)).result).toMatchObject({ start: 'rebuilt', twins: 1 });
    await expectQuiet(world);
  });

  test('a connect that dies after any request can be given again', async () => {
    for (let killAt = 1; killAt <= 40; killAt += 2) {
      const world = createWorld({ tracker: kind });
      await world.connect();
      const key = plainIssue(world, 'Same thing', { comment: 'From Jira.' });
      const id = world.there.create({ as: 'dana', summary: 'Same thing' });
      const issues = `${key} ${named(world, kind, id)}`;
      world.killAt = killAt;
      await world.cycle({ operation: 'connect', issues }).catch(() => undefined);
      world.killAt = undefined;
      world.clock.advance(10 * 60_000);
      await world.cycle({ operation: 'connect', issues });
      await later(world);
      await later(world);
      expect(world.there.ids(), `killed at ${killAt}`).toEqual([id]);
      expect(world.there.comments(id), `killed at ${killAt}`).toHaveLength(1);
      expect(world.jira.people.issues(), `killed at ${killAt}`).toHaveLength(1);
    }
  });

  test('what is a twin or copy already is refused, and nothing is written', async () => {
    const world = createWorld({ tracker: kind });
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'In sync' });
    await world.cycle();
    const copy = world.jira.people.issues()[0]?.key ?? '';
    const free = plainIssue(world, 'Free');
    const name = named(world, kind, id);
    await expect(world.cycle({ operation: 'connect', issues: `${free} ${name}` })).rejects.toThrow(
      `issues: ${name} is the twin of ${copy} already. Unlink it first, then connect.`,
    );
    await expect(world.cycle({ operation: 'connect', issues: `${free} ${copy}` })).rejects.toThrow(
      `issues: ${free} and ${copy} are both on the public side; connect takes one issue of each.`,
    );
    const foreign = plainIssue(world, 'Another connection has it');
    world.jira.people.setProperty(foreign, 'sallyport.mark', { connection: 'aaaaaaaaaa' });
    const other = world.there.create({ as: 'dana', summary: 'Other' });
    await expect(world.cycle({ operation: 'connect', issues: `${foreign} ${named(world, kind, other)}` })).rejects.toThrow(
      /carries the mark of a copy or twin/,
    );
    await expect(world.cycle({ operation: 'push', issues: foreign })).rejects.toThrow(/carries the mark of a copy or twin/);
    await expect(world.cycle({ operation: 'unlink', issues: free })).rejects.toThrow(/has no twin/);
    await expect(world.cycle({ operation: 'push', issues: 'ACME-999' })).rejects.toThrow(/ACME-999 is not there/);
  });
});

test('retry tries a parked item and a failed one again at once', async () => {
  const world = createWorld();
  await world.connect();
  const key = plainIssue(world, 'Parked');
  await world.cycle({ operation: 'push', issues: key });
  const [id = ''] = world.there.ids();
  await later(world);
  let refusals = 0;
  world.rewrite = async (request) => {
    if (request.method !== 'POST' || !request.url.endsWith('/comments')) return request;
    refusals += 1;
    // An empty body is refused for good.
    return new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify({ body: '' }) });
  };
  world.jira.people.addComment(key, { as: world.people.ben, body: 'Refused at first.' });
  const parked = await later(world);
  expect(parked.result.failures.map(({ parked: isParked }) => isParked)).toEqual([true]);
  expect(refusals).toBe(1);
  world.rewrite = undefined;
  await later(world);
  expect(world.there.comments(id)).toEqual([]);
  const plan = await world.cycle({ operation: 'retry', issues: key, 'dry-run': 'true' });
  expect(plan.result.changes.map(({ action, what }) => `${action} ${what}`)).toEqual(['created comment']);
  const report = await world.cycle({ operation: 'retry', issues: key });
  expect(asked(report)).toEqual([`${key} #${id} tried again`]);
  expect(world.there.comments(id)).toHaveLength(1);
  await expect(world.cycle({ operation: 'retry', issues: plainIssue(world, 'Free') })).rejects.toThrow(
    /To put it under sync, use push/,
  );
});

test('retry without issues tries everything that waits', async () => {
  const world = createWorld();
  await world.connect();
  plainIssue(world, 'One');
  plainIssue(world, 'Two');
  world.rewrite = async (request) =>
    request.method === 'POST' && request.url.endsWith('/issues')
      ? new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify({ title: '' }) })
      : request;
  const failed = await world.cycle({ operation: 'push', issues: 'ACME-1 ACME-2' });
  expect(asked(failed)).toEqual(['ACME-1 - waiting', 'ACME-2 - waiting']);
  world.rewrite = undefined;
  await later(world);
  expect(world.there.ids()).toEqual([]);
  await world.cycle({ operation: 'retry' });
  expect(world.there.ids()).toHaveLength(2);
});
