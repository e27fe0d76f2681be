import { expect, test } from 'vitest';
import { copiedFromJira, documentOf, paragraph } from './jira-origin.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

/** GitHub lists issues no more once one was written, as long as it is down. */
function listingDown() {
  const listing = { isDown: false, isWritten: false };
  const world = createWorld({
    github: {
      faults: ({ method, url }) => {
        if (method === 'PATCH') listing.isWritten = true;
        const isListing = method === 'GET' && /\/issues\?/.test(url);
        return listing.isDown && listing.isWritten && isListing ? { kind: 'status', status: 503 } : undefined;
      },
    },
  });
  return { world, listing };
}

test('where the listing after the last write fails, what was written counts, and the next cycle finds what people changed since', async () => {
  const { world, listing } = listingDown();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  world.clock.advance(20 * minuteMs);
  listing.isDown = true;
  listing.isWritten = false;
  world.jira.people.editIssue(key, { as: world.people.ben, description: documentOf(paragraph('Beta')) });
  const met = await world.cycle();
  expect(met.result.changes).toHaveLength(1);
  expect(met.result.failures).toEqual([]);
  expect(met.result.warnings).toEqual([
    expect.stringMatching(/^What this cycle wrote was not read once more \(.*503.*\): the next cycle does\.$/),
  ]);
  listing.isDown = false;
  world.there.edit(id, { as: 'dana', text: world.there.text(id).replace('Beta', 'Gamma') });
  world.clock.advance(minuteMs);
  const next = await world.cycle();
  expect(next.result.start).toBe('resumed');
  expect(world.jira.people.issue(key)?.descriptionText).toBe('Gamma');
  world.clock.advance(20 * minuteMs);
  const quiet = await world.cycle();
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
});
