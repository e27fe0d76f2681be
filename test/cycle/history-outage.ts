import { createWorld } from './world.ts';

/** A world in which GitHub tells no history of edits while the outage is on; `aheadMs` moves its clock. */
export function historyOutage() {
  const outage = { isOn: false, aheadMs: 0 };
  const world = createWorld({
    gitHubAheadMs: () => outage.aheadMs,
    github: {
      faults: ({ url }) => (outage.isOn && new URL(url).pathname === '/graphql' ? { kind: 'status', status: 502 } : undefined),
    },
  });
  return { world, outage };
}
