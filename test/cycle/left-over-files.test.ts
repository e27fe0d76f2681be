import { expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** A run that dies right after an upload. */
async function dyingCycle(world: World): Promise<void> {
  world.onRequest = (index, { method, url }) => {
    if (method === 'POST' && url.endsWith('/attachments')) world.killAt = index;
  };
  world.clock.advance(20 * minuteMs);
  await expect(world.cycle()).rejects.toThrow('died');
  world.killAt = undefined;
  world.onRequest = undefined;
}

/** A picture of GitHub whose copy a dead run uploaded. */
async function uploadedByDeadRun() {
  const world = createWorld();
  await world.connect();
  const { repository } = world;
  const id = world.there.create({ as: 'dana', summary: 'Title', text: 'First.\n\nLast.' });
  await rounds(world, 2);
  const bytes = Buffer.from('plan');
  const url = world.github.uploadAsset({ as: 'dana', name: 'plan.png', bytes, kind: 'image', repository });
  world.there.edit(id, { as: 'dana', text: `First.\n\n![plan](${url})\n\nLast.` });
  await dyingCycle(world);
  const files = () => world.jira.people.issues()[0]?.attachments.map(({ name }) => name);
  expect(files()).toEqual(['plan.png']);
  return { world, id, url, files };
}

test.each(['kept', 'lost'])(
  'an upload whose run died does not cross back where its origin is gone, the state being %s',
  async (state) => {
    const { world, id, files } = await uploadedByDeadRun();
    world.there.edit(id, { as: 'dana', text: 'First.\n\nLast.' });
    if (state === 'lost') world.states.clear();
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle();
    expect(result.changes).toEqual([]);
    expect(result.held).toMatchObject([{ what: 'attachment plan.png', reason: expect.stringContaining('a run that died') }]);
    world.states.clear();
    expect(await rounds(world, 3)).toEqual([]);
    expect(files()).toEqual(['plan.png']);
    expect(world.there.storedFiles()).toEqual([]);
    expect(world.there.text(id)).toContain('First.\n\nLast.');
    expect(world.violations()).toEqual([]);
  },
);

test('an upload whose run died is found again where its origin is called otherwise by now', async () => {
  const { world, id, url, files } = await uploadedByDeadRun();
  const text = `First.\n\n![Design of the hall](${url})\n\nLast.`;
  world.there.edit(id, { as: 'dana', text });
  await rounds(world, 4);
  expect(files()).toEqual(['plan.png']);
  expect(world.there.storedFiles()).toEqual([]);
  expect(world.there.text(id)).toContain(text);
  expect(world.violations()).toEqual([]);
});

test('an upload to Data Center whose run died does not cross back where its origin on Jira is gone', async () => {
  const world = createWorld({ tracker: 'jira-dc' });
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 1);
  const file = world.jira.people.addAttachment(key, { as: world.people.ben, name: 'plan.txt', bytes: Buffer.from('plan') });
  await dyingCycle(world);
  expect(world.dc.people.issue(id)?.attachments).toHaveLength(1);
  world.jira.people.deleteAttachment(file.id, world.people.ben);
  expect(await rounds(world, 4)).toEqual([]);
  expect(world.jira.people.issue(key)?.attachments).toEqual([]);
  expect(world.violations()).toEqual([]);
});

test("what the connection's account had attached before the connection was there crosses, though its first run died", async () => {
  const world = createWorld();
  const { ann, sync } = world.people;
  const { key } = world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'Title', labels: ['sync'] });
  world.jira.people.addAttachment(key, { as: sync, name: 'plan.txt', bytes: Buffer.from('plan') });
  world.clock.advance(60 * minuteMs);
  await world.connect();
  world.killAt = 20;
  await expect(world.cycle({ backfill: 'true' })).rejects.toThrow('died');
  world.killAt = undefined;
  expect(await rounds(world, 3, { backfill: 'true' })).toContain('private attachment plan.txt created');
  expect(world.there.storedFiles()).toHaveLength(1);
});
