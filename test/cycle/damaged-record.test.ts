import { expect, test } from 'vitest';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** A connection with a twin of either origin, in step, and the key of its record. */
async function inStep(): Promise<{ world: World; record: string }> {
  const world = createWorld();
  await world.connect();
  const { ann } = world.people;
  world.jira.people.createIssue({ project: 'ACME', as: ann, summary: 'From Jira', labels: ['sync'] });
  world.there.create({ as: 'dana', summary: 'From GitHub', text: 'One.' });
  await world.cycle();
  const record = Object.keys(world.jira.people.userProperties(world.people.sync)).find((key) => /^sallyport\.\w+$/.test(key));
  return { world, record: record ?? '' };
}

/** What somebody does who follows the message: the request that it names, with the account's own credentials. */
async function request(world: World, told: string): Promise<void> {
  const [, method = '', path = ''] = /(DELETE) (\/rest\/\S+)/.exec(told) ?? [];
  const url = `https://acme.atlassian.net${path.replace('…', encodeURIComponent(world.people.sync))}`;
  const authorization = `Basic ${Buffer.from('sync@example.org:jira-token-for-tests').toString('base64')}`;
  const answer = await world.jira.fetch(new Request(url, { method, headers: { authorization } }));
  expect(answer.status).toBe(204);
}

async function refusal(world: World): Promise<string> {
  const error: unknown = await world.cycle().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: 'configuration' });
  return error instanceof Error ? error.message : '';
}

async function expectInStep(world: World): Promise<void> {
  world.clock.advance(16 * minuteMs);
  expect((await world.cycle()).result.failures).toEqual([]);
  expect(world.jira.people.issues()).toHaveLength(2);
  expect(world.there.ids()).toHaveLength(2);
  world.clock.advance(16 * minuteMs);
  expect((await world.cycle()).requests.writes).toEqual({ public: 0, private: 0 });
}

for (const part of ['.run', '.intent']) {
  test(`a damaged ${part} stops every run until it is deleted as the message says; nothing is doubled then`, async () => {
    const { world, record } = await inStep();
    world.jira.people.setUserProperty(world.people.sync, `${record}${part}`, { format: 1, at: 'not by Sallyport' });
    const told = await refusal(world);
    expect(told).toContain(`${record}${part} is damaged`);
    await request(world, told);
    await expectInStep(world);
  });
}

test('a damaged .accept is deleted as the message says, and the code accepted again by the same tracker', async () => {
  const { world, record } = await inStep();
  world.jira.people.setUserProperty(world.people.sync, `${record}.accept`, { format: 1 });
  const told = await refusal(world);
  await request(world, told);
  expect(told).toContain('accept');
  await world.run({ ...world.inputs, operation: 'accept' });
  await expectInStep(world);
});

test('a damaged record of the initiator names the fields that have to be put back, and then goes on', async () => {
  const { world, record } = await inStep();
  const whole = world.jira.people.userProperties(world.people.sync)[record];
  world.jira.people.setUserProperty(world.people.sync, record, { format: 1, ...(whole as object), trigger: 7 });
  const told = await refusal(world);
  expect(told).toContain('(trigger)');
  expect(told).toContain(`/rest/api/3/user/properties/${record}`);
  expect(told).not.toContain('DELETE');
  world.jira.people.setUserProperty(world.people.sync, record, whole);
  await expectInStep(world);
});
