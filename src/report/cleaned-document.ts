import type { Block, Cell } from './blocks.ts';
import { cardBlock } from './blocks.ts';
import type { Outcome } from './outcome.ts';

type Cleaned = Extract<Outcome, { kind: 'cleaned' }>;

/** The report of a clean-up: what came of it, where the twin map is, what is left. */
export function cleanedBlocks(outcome: Cleaned): readonly Block[] {
  return [
    { kind: 'line', text: [headline(outcome)] },
    ...(outcome.mapPath === undefined
      ? []
      : [
          {
            kind: 'line' as const,
            text: [`The twin map (CSV) is in ${outcome.mapPath}. Keep it: nothing else tells which issues were twins.`],
          },
        ]),
    ...(outcome.unseen === 0
      ? []
      : [
          {
            kind: 'line' as const,
            text: [
              `${outcome.unseen} issues are shown to the accounts no more: removed, or put out of their sight. Stamps on the latter stay.`,
            ],
          },
        ]),
    cardBlock(outcome.card),
    ...failureBlock(outcome),
  ];
}

function headline(outcome: Cleaned): string {
  const { card, twins, issues, writes, remaining, failures } = outcome;
  if (outcome.recordOnly)
    return outcome.dryRun
      ? 'Dry run, nothing was written. The record of this connection would be removed from the properties of its Jira account. Issues, and stamps on them, stay.'
      : 'The record of the connection is removed. Issues stay as they are, and so do stamps on them, which mean nothing any more. Take its code out of the secrets, and the workflow out of its schedule.';
  if (outcome.dryRun)
    return `Dry run, nothing was written. The stamps of ${remaining} twins would be taken off both sides, then the connection's record would be removed. Issues, comments and files stay.`;
  if (card.status === 'Removed')
    return `The connection is removed: stamps were taken off ${issues} issues (${writes} writes), ${twins} twins are in the map. Issues, comments and files stay. Take its code out of the secrets, and the workflow out of its schedule.`;
  return `The clean-up is not done yet: stamps were taken off ${issues} issues (${writes} writes), ${remaining} twins are left, ${failures.length} failed. Nothing is synced meanwhile. Run clean-up again.`;
}

function failureBlock(outcome: Cleaned): readonly Block[] {
  if (outcome.failures.length === 0) return [];
  const rows = outcome.failures.map((failure): readonly Cell[] => {
    const { public: there, private: here } = failure.issues;
    const issue = there ?? here;
    return [
      issue === undefined ? ['–'] : issue.url === '' ? [issue.key] : [{ label: issue.key, url: issue.url }],
      [failure.message],
      [failure.next],
    ];
  });
  return [{ kind: 'table', title: 'Failed', columns: ['Issue', 'Problem', 'Next'], rows }];
}
