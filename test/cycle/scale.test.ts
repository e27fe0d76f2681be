import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

for (const count of [10, 1_000]) {
  test(`with ${count} twins, half of each origin, the cycle after the first writes nothing and reads at most 4 times`, async () => {
    const world = createWorld();
    await world.connect();
    for (let index = 0; index < count / 2; index += 1) {
      world.jira.people.createIssue({
        project: 'ACME',
        as: world.people.ann,
        summary: `Jira ${index}`,
        labels: ['sync'],
        description: `Text ${index}`,
      });
      world.github.createIssue({
        repository: world.repository,
        as: 'dana',
        title: `GitHub ${index}`,
        labels: ['sync'],
        body: `Text ${index}`,
      });
    }
    // More than one hour's worth of GitHub's content limit: the cycle's time budget does not end it here.
    let first = await world.cycle({ 'max-changes': '100000', 'time-budget': '7d' });
    for (let more = 0; first.result.deferred > 0 && more < 10; more += 1)
      first = await world.cycle({ 'max-changes': '100000', 'time-budget': '7d' });
    expect(first.result.failures).toEqual([]);
    expect(first.result.twins).toBe(count);
    const second = await world.cycle();
    expect(second.result.changes).toEqual([]);
    expect(second.requests.writes).toEqual({ public: 0, private: 0 });
    expect(second.requests.public + second.requests.private - second.requests.audit).toBeLessThanOrEqual(4);
    expect(second.requests.control).toBeLessThanOrEqual(8);
  }, 300_000);
}
