import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import type { CycleReport, Outcome } from '../../src/report/outcome.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { createWorld } from './world.ts';

type Told = readonly [side: string, what: string, field: string, before: readonly string[], after: readonly string[]];

function told(report: CycleReport): readonly Told[] {
  return report.result.changes.flatMap((change) =>
    (change.values ?? []).map(
      ({ field, before, after }): Told => [change.side, `${change.action} ${change.what}`, field, before, after],
    ),
  );
}

/** A world in which an issue of Jira has its copy, and all is quiet. */
async function twinned(issue: { readonly description?: string; readonly comments: readonly string[] }) {
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
    ...(issue.description === undefined ? {} : { description: issue.description }),
    comments: issue.comments.map((body) => ({ as: ann, body })),
  });
  await world.cycle();
  world.clock.advance(20 * 60_000);
  await world.cycle();
  return { world, people, ann, key };
}

test('tells what would stand in place of what, on either side', async () => {
  const { world, people, ann, key } = await twinned({ description: 'It fails.\n\nSince Monday.', comments: ['First.'] });
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
  const { world, people, ann, key } = await twinned({ comments: ['First.', 'Second.'] });
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

test('initiate, accept, activate and deactivate say what they would do, and write nothing', async () => {
  const world = createWorld();
  const written: string[] = [];
  const records = (): string => JSON.stringify(world.jira.people.userProperties(world.people.sync));
  const dry = async (inputs: RawInputs): Promise<Outcome> => {
    const before = records();
    world.onRequest = (_, { method, url }) => {
      if (method !== 'GET' && !url.includes('/search')) written.push(`${method} ${url}`);
    };
    const outcome = await world.run({ ...inputs, 'dry-run': 'true' });
    world.onRequest = undefined;
    expect(records()).toBe(before);
    expect(summaryText(outcome)).toContain('Dry run, nothing was written.');
    return outcome;
  };
  const account = {
    'jira-url': 'https://acme.atlassian.net',
    'jira-email': 'sync@example.org',
    'jira-token': 'jira-token-for-tests',
  };
  const initiation = { operation: 'initiate', ...account, 'jira-project': 'ACME', unsealed: 'true' };
  expect(await dry(initiation)).toMatchObject({ kind: 'initiated', dryRun: true, code: undefined, passphrase: undefined });
  const initiated = await world.run(initiation);
  if (initiated.kind !== 'initiated' || initiated.code === undefined) throw new Error('no code');
  const code = { 'invitation-code': initiated.code };
  expect(await dry({ operation: 'accept', ...code })).toMatchObject({ dryRun: true, card: { status: 'Pending' } });
  await world.run({ operation: 'accept', ...code });
  expect(await dry({ operation: 'accept', ...code })).toMatchObject({ wasAccepted: true, card: { status: 'Active' } });
  for (const side of ['public', 'private']) {
    expect(await dry({ operation: 'deactivate', side, ...code })).toMatchObject({ card: { status: 'Deactivated' } });
    await world.run({ operation: 'deactivate', side, ...code });
    expect(await dry({ operation: 'activate', side, ...code })).toMatchObject({ card: { status: 'Active' } });
    await world.run({ operation: 'activate', side, ...code });
  }
  expect(written).toEqual([]);
});
