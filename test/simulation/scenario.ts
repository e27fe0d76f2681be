import * as fc from 'fast-check';
import type { SideName, TrackerKind } from '../../src/core/model.ts';

/** What people do, on either side. Which item is meant is drawn as a number and taken modulo what there is. */
export const actKinds = [
  'issue.create',
  'summary.edit',
  'summary.touch',
  'description.edit',
  'description.insert',
  'description.remove',
  'description.clear',
  'type.change',
  'comment.add',
  'comment.add-restricted',
  'comment.edit',
  'comment.remove',
  'attachment.add',
  'attachment.remove',
  'issue.delete',
  'issue.move',
  'issue.clone',
  'issue.bulk-edit',
  'label.toggle',
  'stamp.remove',
  'stamp.paste',
] as const;
export type ActKind = (typeof actKinds)[number];

export interface Act {
  readonly side: SideName;
  readonly what: ActKind;
  readonly issue: number;
  readonly item: number;
  /** The very issue that is meant, where it was not drawn. */
  readonly id?: string;
  /** The very comment that is meant, likewise: others may have come or gone before it. */
  readonly comment?: string;
  /** The word of a comment's text before, where that is put back. */
  readonly word?: string;
  /** Somebody's stamp that is pasted along with a comment. */
  readonly pasted?: string;
}

/** What goes wrong with one request; those that begin with `write` wait for one that writes to an issue. New kinds go to the end. */
export const faultKinds = [
  'lost-before',
  'lost-after',
  'cut',
  'html',
  'status-429',
  'status-500',
  'status-503',
  'slow',
  'write-not-sent',
  'write-unanswered',
  'write-refused',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/**
 * What goes wrong with a run, its state or its rights, or what somebody does against it. New kinds go to the end: the runs
 * that `simulation.test.ts` keeps are drawn from the kinds that there were when they failed.
 */
export const troubleKinds = [
  'kill',
  'two-runners',
  'state-lost',
  'state-stale',
  'state-corrupt',
  'state-denied',
  'token-expired',
  'permission-lost',
  'role-lost',
  'trigger-changed',
  'comment-hidden',
  'stamp-forged',
  'edit-meets-write',
  'comments-in-a-row',
  'role-away',
  'stored-otherwise',
  'issues-returned',
  'older-runner',
  'runner-stalls',
  'old-cron',
  'permission-away',
  'comments-away',
  'meeting-then-death',
  'newer-stamp',
  'unlinked',
  'removals-in-turns',
  'sees-own-alone',
  'put-back',
  'restriction-changed',
  'history-away',
  'earlier-runner',
  'kept-for-lost-role',
  'stamp-quoted',
  'edited-around-readings',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** A cycle, with what happens between its requests: `after` counts the requests of this cycle, of all its runners. */
export interface CycleStep {
  readonly kind: 'cycle';
  readonly acts: readonly { readonly after: number; readonly act: Act }[];
  readonly faults: readonly { readonly after: number; readonly fault: FaultKind }[];
  readonly trouble: { readonly kind: TroubleKind; readonly after: number; readonly side: SideName } | undefined;
  /** Seed of the order in which requests at the same time are carried out. */
  readonly order: number;
}

export type Step = CycleStep | { readonly kind: 'act'; readonly act: Act } | { readonly kind: 'wait'; readonly minutes: number };

export interface Settings {
  readonly private: PrivateKind;
  /** How far Jira's searches are behind its writes. */
  readonly searchLagSeconds: number;
  /** How far the tracker's clock is ahead of Jira's. */
  readonly skewSeconds: number;
  /** GitHub: issue types instead of labels. Others: other types than Jira has; Redmine: CommonMark, and a field for stamps. */
  readonly issueTypes: boolean;
  readonly commentEditsTouchIssues: boolean;
  readonly holdRestricted: boolean;
}

export interface Scenario {
  readonly settings: Settings;
  readonly steps: readonly Step[];
}

const side: fc.Arbitrary<SideName> = fc.constantFrom('public', 'private');

/** How often each act is drawn, against the others. */
const actWeights: Readonly<Record<ActKind, number>> = {
  'issue.create': 10,
  'summary.edit': 10,
  'summary.touch': 2,
  'description.edit': 14,
  'description.insert': 6,
  'description.remove': 3,
  'description.clear': 1,
  'type.change': 5,
  'comment.add': 12,
  'comment.add-restricted': 3,
  'comment.edit': 8,
  'comment.remove': 5,
  'attachment.add': 6,
  'attachment.remove': 4,
  'issue.delete': 1,
  'issue.move': 1,
  'issue.clone': 2,
  'issue.bulk-edit': 1,
  'label.toggle': 2,
  'stamp.remove': 2,
  'stamp.paste': 2,
};

const act: fc.Arbitrary<Act> = fc.record({
  side,
  what: fc.oneof(...actKinds.map((kind) => ({ arbitrary: fc.constant(kind), weight: actWeights[kind] }))),
  issue: fc.nat({ max: 7 }),
  item: fc.nat({ max: 5 }),
});

/** Requests of a busy cycle, about: what falls behind its end happens right after it. */
const after = fc.nat({ max: 45 });

export type PrivateKind = Exclude<TrackerKind, 'jira-cloud'>;
export const privateKinds: readonly PrivateKind[] = ['github', 'jira-dc', 'redmine'];

export interface ScenarioOptions {
  readonly steps: number;
  /** Trackers that the private side is drawn from. */
  readonly privates: readonly PrivateKind[];
  /** Names of faults and troubles that may be drawn. */
  readonly allowed: ReadonlySet<FaultKind | TroubleKind>;
  /** Draws what was drawn when troubles were allowed and never came: for the runs that are kept from then. */
  readonly withoutTroubles?: boolean;
}

/** Scenarios of exactly so many steps before shrinking, the first of which put issues on both sides and sync them. */
export function scenarios(options: ScenarioOptions): fc.Arbitrary<Scenario> {
  const faults = faultKinds.filter((kind) => options.allowed.has(kind));
  const troubles = troubleKinds.filter((kind) => options.allowed.has(kind));
  const cycle: fc.Arbitrary<CycleStep> = fc.record({
    kind: fc.constant('cycle'),
    acts: fc.array(fc.record({ after, act }), { maxLength: 4 }),
    faults:
      faults.length === 0 ? fc.constant([]) : fc.array(fc.record({ after, fault: fc.constantFrom(...faults) }), { maxLength: 2 }),
    trouble:
      troubles.length === 0
        ? fc.constant(undefined)
        : fc.option(fc.record({ kind: fc.constantFrom(...troubles), after, side }), {
            nil: undefined,
            freq: options.withoutTroubles === true ? 1 : 2,
          }),
    order: fc.nat({ max: 0xffff }),
  });
  const quietCycle = cycle.map((step): CycleStep => ({ ...step, trouble: undefined, faults: [] }));
  const step: fc.Arbitrary<Step> = fc.oneof(
    { arbitrary: act.map((one): Step => ({ kind: 'act', act: one })), weight: 12 },
    { arbitrary: cycle, weight: 4 },
    { arbitrary: quietCycle, weight: 2 },
    { arbitrary: fc.record({ kind: fc.constant('wait'), minutes: fc.constantFrom(1, 5, 11, 20, 60, 60 * 25) }), weight: 3 },
  );
  const opening = fc.tuple(
    ...(['public', 'private', 'public', 'private'] as const).map((where) =>
      act.map((one): Step => ({ kind: 'act', act: { ...one, side: where, what: 'issue.create' } })),
    ),
    quietCycle,
  );
  const drawn = fc.record({
    settings: fc.record({
      searchLagSeconds: fc.constantFrom(0, 0, 5, 40, 300),
      skewSeconds: fc.constantFrom(0, 0, 3, -3, 90, -90, 600, -600),
      issueTypes: fc.boolean(),
      commentEditsTouchIssues: fc.boolean(),
      holdRestricted: fc.boolean(),
    }),
    steps: fc
      .tuple(
        opening,
        fc.array(step, { minLength: Math.max(0, options.steps - 7), maxLength: Math.max(0, options.steps - 7) }),
        fc.tuple(quietCycle, quietCycle),
      )
      .map(([first, middle, last]) => [...first, ...middle, ...last]),
    // Drawn last: the runs that are kept from when there was but one tracker stay what they were. A failure keeps its tracker.
    tracker: fc.noShrink(fc.constantFrom(...options.privates)),
  });
  return drawn.map(({ settings, steps, tracker }) => ({ settings: { ...settings, private: tracker }, steps }));
}
