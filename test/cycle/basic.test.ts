import { describe } from 'vitest';
import { basicRules } from './basic-rules.ts';
import type { PrivateKind } from './world.ts';
import { createWorld } from './world.ts';

/** The Basic rules are the same whichever tracker the private side has; `test/redmine` runs them against a real Redmine. */
const trackers: readonly PrivateKind[] = ['github', 'jira-dc', 'redmine'];

describe.each(trackers)('with %s as the private side', (tracker) => {
  basicRules(() => createWorld({ tracker }));
});
