import { createWorld } from './world.ts';
import type { WorldOptions } from './world.ts';

const isHistory = {
  github: (url: string): boolean => new URL(url).pathname === '/graphql',
  jira: (url: string): boolean => url.includes('changelog'),
};

/** A world in which a server tells no history of edits while the outage is on; `aheadMs` moves GitHub's clock. */
export function historyOutage(at: keyof typeof isHistory = 'github') {
  const outage = { isOn: false, aheadMs: 0 };
  const faults: NonNullable<WorldOptions['github']>['faults'] = ({ url }) =>
    outage.isOn && isHistory[at](url) ? { kind: 'status', status: 502 } : undefined;
  const world = createWorld({
    gitHubAheadMs: () => outage.aheadMs,
    ...(at === 'jira' ? { jira: { faults } } : { github: { faults } }),
  });
  return { world, outage };
}

/** A world in which GitHub tells no history, or shows no issue by its number, while that is out of reach. */
export function outOfReach() {
  const reach: { out: 'history' | 'issue' | undefined } = { out: undefined };
  const isOut = (url: string): boolean =>
    reach.out === 'history' ? isHistory.github(url) : /\/issues\/\d+(\/comments)?$/.test(new URL(url).pathname);
  const world = createWorld({
    github: { faults: ({ url }) => (reach.out !== undefined && isOut(url) ? { kind: 'status', status: 502 } : undefined) },
  });
  return { world, reach };
}
