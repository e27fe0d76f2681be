import type { Pair } from '../../src/core/model.ts';
import { itemKey } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import type { Trackers } from './trackers.ts';

/** The ids of a twin's issues. */
export type LivingTwin = Pair<string>;

/** Twins by the ledger of which both issues are there, in their projects, and nobody has altered a stamp. */
export function livingTwins(trackers: Trackers, ledger: Ledger): readonly LivingTwin[] {
  const there = new Set([
    ...trackers.jira.people.issues().flatMap(({ id, project }) => (project === 'ACME' ? [itemKey('public', id)] : [])),
    ...trackers.there
      .hand()
      .issues()
      .map(({ id }) => itemKey('private', id)),
  ]);
  return [...ledger.copies].flatMap(([copy, origin]) => {
    const entry = ledger.issues.get(origin);
    const isWhole = entry !== undefined && !entry.left && !entry.tampered && there.has(copy) && there.has(origin);
    if (!isWhole) return [];
    const [jira = '', other = ''] = entry.side === 'public' ? [origin, copy] : [copy, origin];
    return [{ public: jira.split(' ')[1] ?? '', private: other.split(' ')[1] ?? '' }];
  });
}
