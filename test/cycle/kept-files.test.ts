import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/simulators/simulator.ts';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

async function rest(world: World, cycles = 3): Promise<void> {
  for (let round = 0; round < cycles; round += 1) {
    await world.cycle();
    world.clock.advance(20 * minuteMs);
  }
}

async function expectQuiet(world: World): Promise<void> {
  const quiet = await world.cycle({ audit: 'full' });
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.result.differences).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
}

const filesOnJira = (world: World) => world.jira.people.issues()[0]?.attachments.map(({ name }) => name) ?? [];

describe.each(['redmine', 'jira-dc'] as const)('on %s', (tracker) => {
  /** A file that its text shows, and its copy on Jira. */
  async function shown() {
    const world = createWorld({ tracker });
    await world.connect();
    const id = world.there.create({ as: 'dana', summary: 'There', text: 'Alpha.' });
    world.there.attach(id, { as: 'dana', name: 'image.png', text: 'first' });
    world.there.edit(id, { as: 'dana', text: '!image.png!\n\nAlpha.' });
    await rest(world);
    expect(filesOnJira(world)).toEqual(['image.png']);
    return { world, id };
  }

  test('a file that a text ceases to show stays attached on both sides', async () => {
    const { world, id } = await shown();
    world.there.edit(id, { as: 'dana', text: 'Alpha.' });
    await rest(world);
    expect(filesOnJira(world)).toEqual(['image.png']);
    expect(world.there.text(id)).toBe('Alpha.');
    await expectQuiet(world);
  });

  test('an edit on Jira does not bring the picture back into the text', async () => {
    const { world, id } = await shown();
    world.there.edit(id, { as: 'dana', text: 'Alpha.' });
    await rest(world);
    const [issue] = world.jira.people.issues();
    const description = JSON.parse(JSON.stringify(issue?.description).replace('Alpha.', 'Beta.'));
    world.jira.people.editIssue(issue?.key ?? '', { as: world.people.ben, description });
    await rest(world);
    expect(world.there.text(id)).toContain('Beta.');
    expect(world.there.text(id)).not.toContain('image.png');
    expect(filesOnJira(world)).toEqual(['image.png']);
    await expectQuiet(world);
  });

  test('the file goes on Jira once it is removed there, and no text changes for it', async () => {
    const { world, id } = await shown();
    world.there.edit(id, { as: 'dana', text: 'Alpha.' });
    await rest(world);
    const { redmine, dc } = world;
    if (tracker === 'redmine') {
      const [file] = redmine.people.issue(id)?.attachments ?? [];
      redmine.people.detach(id, { as: 'dana', id: file?.id ?? 0 });
    } else dc.people.deleteAttachment(id, dc.people.issue(id)?.attachments[0]?.id ?? '');
    world.clock.advance(25 * 60 * minuteMs);
    await rest(world);
    expect(filesOnJira(world)).toEqual([]);
    expect(world.there.text(id)).toBe('Alpha.');
    await expectQuiet(world);
  });
});

test('a picture that moves from the body to a comment on GitHub keeps its file on Jira', async () => {
  const world = createWorld();
  await world.connect();
  const { repository } = world;
  const url = world.github.uploadAsset({ as: 'dana', name: 'plot.png', bytes: Buffer.from('png'), kind: 'image', repository });
  const { number } = world.github.createIssue({
    repository,
    as: 'dana',
    title: 'G',
    labels: ['sync'],
    body: `![plot](${url})\n\nAlpha.`,
  });
  await rest(world);
  world.github.editIssue({ repository, number, as: 'dana', body: 'Alpha.' });
  world.github.addComment({ repository, number, as: 'dana', body: `Now here: ![plot](${url})` });
  await rest(world);
  expect(filesOnJira(world)).toHaveLength(1);
  expect(JSON.stringify(world.jira.people.issues()[0]?.comments)).toContain('"media');
  await expectQuiet(world);
});

test('a link to the file of another twin makes that file no file of this one', async () => {
  const world = createWorld();
  await world.connect();
  const { people } = world.jira;
  const { repository, github } = world;
  const victim = people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Victim', labels: ['sync'] });
  people.addAttachment(victim.key, { name: 'plan.txt', bytes: Buffer.from('a plan'), as: world.people.ann });
  await rest(world);
  const [copy] = github.issues(repository);
  const [url = ''] = /https:\/\/github\.com\/acme\/app\/raw\/[^)\s]+/.exec(copy?.body ?? '') ?? [];
  const stored = world.there.storedFiles();
  expect(stored).toHaveLength(1);
  github.createIssue({ repository, as: 'eli', title: 'Mine', labels: ['sync'], body: `Compare [plan.txt](${url}).` });
  await rest(world);
  expect(world.there.storedFiles()).toEqual(stored);
  await expectQuiet(world);
});

test('a list of files whose writing was not answered goes with the file, and holds up nothing', async () => {
  const asked: (Fault | undefined)[] = [];
  const world = createWorld({
    github: { faults: ({ method, url }) => (method === 'PATCH' && /\/issues\/\d+$/.test(url) ? asked.pop() : undefined) },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rest(world);
  const [issue] = world.jira.people.issues();
  const file = world.jira.people.addAttachment(key, { name: 'a.txt', bytes: Buffer.from('a'), as: world.people.ann });
  asked.push({ kind: 'lost-after' });
  await world.cycle();
  expect([asked, world.there.text(id)]).toEqual([[], expect.stringContaining('a.txt')]);
  world.jira.people.deleteAttachment(file.id, world.people.ben);
  await rest(world);
  world.jira.people.addComment(issue?.key ?? '', { as: world.people.ann, body: 'Later' });
  await rest(world);
  expect(world.there.text(id)).not.toContain('a.txt');
  expect(world.github.issue(world.repository, Number(id))?.comments).toMatchObject([{ body: expect.stringContaining('Later') }]);
  await expectQuiet(world);
});

test('a list of files whose writing failed before the state was lost is written by the run after that', async () => {
  let isAway = false;
  const world = createWorld({
    github: { faults: ({ method }) => (isAway && method === 'PATCH' ? { kind: 'lost-before' } : undefined) },
  });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha.'));
  world.jira.people.addAttachment(key, { name: 'plan.txt', bytes: Buffer.from('plan'), as: world.people.ann });
  isAway = true;
  await world.cycle();
  isAway = false;
  expect(world.there.text(id)).not.toContain('plan.txt');
  world.states.clear();
  world.clock.advance(minuteMs);
  await rest(world);
  expect(world.there.text(id)).toContain('plan.txt');
  expect(world.there.storedFiles()).toEqual(['plan']);
  await expectQuiet(world);
});
