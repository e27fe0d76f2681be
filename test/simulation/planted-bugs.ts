import { asFoundWith } from './planted-bug.ts';
import type { PlantedBug } from './planted-bug.ts';
import { plantedGuards } from './planted-guards.ts';
import { plantedLookups } from './planted-lookups.ts';
import { plantedWrites } from './planted-writes.ts';

/**
 * What the simulation has to catch, one at a time. A bug that the product's other layers hide has a second edit that takes
 * them away: the comment says which.
 */
export const plantedBugs: readonly PlantedBug[] = [
  {
    // The lease of a dead run outlasts all but the slowest search: here searches are slow, leases and waits short.
    name: 'the intent is not written before a create',
    edits: [
      { file: 'src/cycle/create-issues.ts', find: 'await ports.intent.write({ ...kept, [side]: intent });', replace: '' },
      { file: 'test/simulation/scenario.ts', find: 'fc.constantFrom(0, 0, 5, 40, 300)', replace: 'fc.constant(300)' },
      {
        file: 'test/simulation/scenario.ts',
        find: 'fc.constantFrom(1, 5, 11, 20, 60, 60 * 25)',
        replace: 'fc.constantFrom(1, 2)',
      },
      { file: 'src/operations/open-record.ts', find: 'const leaseMs = 3 * 60_000', replace: 'const leaseMs = 70_000' },
    ],
    breaks: ['I2'],
    faults: 'kill',
    seed: 2,
    run: 14,
  },
  {
    name: 'a create whose answer was lost is taken for a failed one',
    edits: [
      {
        file: 'src/cycle/create-issues.ts',
        find: 'isOutcomeUnknown(error)',
        replace: 'false',
      },
    ],
    breaks: ['I2'],
    faults: 'lost-after',
    seed: 2,
    run: 22,
  },
  {
    name: 'requests that may have been carried out are repeated',
    edits: [{ file: 'src/gateway/retry-timing.ts', find: "(retry === 'idempotent' || !error.outcomeUnknown)", replace: 'true' }],
    breaks: ['I2'],
    faults: 'lost-after',
    seed: 1,
    run: 4,
  },
  {
    name: 'the stamp of a copy on Jira is written after the create',
    edits: [
      { file: 'src/sides/jira-cloud/write-issues.ts', find: 'issueProperties(parts.connectionId, draft.marks)', replace: '[]' },
      { file: 'src/cycle/create-issues.ts', find: "if (originSide === 'public') memory", replace: 'memory' },
    ],
    breaks: ['I2'],
    faults: 'kill,lost-after',
    seed: 1,
    run: 3,
  },
  {
    name: 'comments are created on Jira without their stamp',
    edits: [
      {
        file: 'src/sides/jira-cloud/write-comments.ts',
        find: 'properties: propertiesOf(parts, draft.marks),',
        replace: '',
      },
    ],
    breaks: ['I2'],
    faults: 'kill,lost-after',
    seed: 1,
    run: 5,
  },
  {
    name: 'comments are created on GitHub without their stamp',
    edits: [{ file: 'src/sides/github/write-comments.ts', find: 'marks: request.draft.marks', replace: 'marks: []' }],
    breaks: ['I2'],
    faults: 'kill,lost-after',
    seed: 3,
    run: 27,
  },
  {
    // The overlap alone would hide it from all but the longest cycles.
    name: 'the cursor of Jira moves to the end of the cycle',
    edits: [
      { file: 'src/sides/jira-cloud/search.ts', find: 'const overlapMs = 15 * 60_000', replace: 'const overlapMs = 0' },
      {
        file: 'src/cycle/run-cycle.ts',
        find: '...memory.state, cursors, twins',
        replace: '...memory.state, cursors: { ...cursors, public: JSON.stringify({ at: ports.now() }) }, twins',
      },
    ],
    breaks: ['I1'],
    faults: 'slow,status-429',
    seed: 1,
    run: 9,
  },
  {
    name: 'texts are compared as they are stored, not in canonical form',
    edits: [
      {
        file: 'src/core/replica.ts',
        find: 'const description = printed(descriptionRoot(snapshot.description.root, side, base));',
        replace:
          'const description = { ...printed(descriptionRoot(snapshot.description.root, side, base)), print: snapshot.description.native };',
      },
    ],
    breaks: ['I1', 'I4'],
    faults: 'none',
    seed: 1,
    run: 2,
  },
  {
    name: 'what is not there once counts as removed',
    edits: [
      {
        file: 'src/cycle/twin-input.ts',
        find: 'isRemoved: (item) => memory.guard === undefined && memory.guarded.has(twin) && isConfirmed(memory, absenceKey(twin, item))',
        replace: 'isRemoved: () => true',
      },
    ],
    breaks: ['I2', 'I6'],
    faults: 'comment-hidden',
    seed: 1,
    run: 1,
  },
  {
    name: 'what is not there twice within minutes counts as removed',
    edits: [
      {
        file: 'src/cycle/twin-input.ts',
        find: 'const absenceConfirmedMs = 10 * 60_000',
        replace: 'const absenceConfirmedMs = 0',
      },
    ],
    breaks: ['I2', 'I6'],
    faults: 'comment-hidden',
    seed: 1,
    run: 22,
  },
  {
    name: 'comments cross in the order of the texts of their ids',
    edits: [
      {
        file: 'src/core/plan-comments.ts',
        find: 'a.snapshot.createdAt - b.snapshot.createdAt',
        replace: 'a.snapshot.id < b.snapshot.id ? -1 : 1',
      },
    ],
    breaks: ['I1'],
    faults: 'none',
    seed: 1,
    run: 2,
  },
  {
    name: 'nothing is audited',
    edits: [{ file: 'src/cycle/agenda.ts', find: 'now - twin.auditedAt >= options.auditPeriodMs', replace: 'false' }],
    breaks: ['I1'],
    faults: 'none',
    seed: 1,
    run: 3,
  },
  {
    name: 'signatures of stamps are not checked',
    edits: [{ file: 'src/core/stamp.ts', find: 'equal(macOf(payload, candidate), mac)', replace: 'candidate !== undefined' }],
    breaks: ['I3'],
    faults: 'stamp-forged',
    seed: 1,
    run: 4,
  },
  {
    name: 'a type that arrived by fallback is mirrored back',
    edits: [
      {
        file: 'src/cycle/create-issues.ts',
        find: 'type: on(replica.type.print, type),',
        replace: 'type: on(replica.type.print, replica.type.print),',
      },
      {
        file: 'src/cycle/stored-base.ts',
        find: "type: { ...base.type, [side]: stored.type ?? '' },",
        replace: 'type: base.type,',
      },
    ],
    breaks: ['I3'],
    faults: 'none',
    seed: 1,
    run: 0,
  },
  {
    name: 'removed copies are forgotten instead of buried',
    edits: [
      {
        file: 'src/core/plan-twin.ts',
        find: 'tombstones: [...comments.tombstones, ...attachments.tombstones],',
        replace: 'tombstones: [],',
      },
    ],
    breaks: ['I1', 'I2'],
    faults: 'none',
    seed: 1,
    run: 8,
  },
  {
    name: 'the removal of an origin is taken for that of its copy',
    edits: [
      {
        file: 'src/core/basic-rules.ts',
        find: "absent: { present: 'remove-copy'",
        replace: "absent: { present: 'bury'",
      },
    ],
    breaks: ['I1'],
    faults: 'none',
    seed: 1,
    run: 0,
  },
  {
    name: 'another runner’s lease is ignored',
    edits: [{ file: 'src/connection/lease.ts', find: 'if (rivals.holder !== undefined)', replace: 'if (false)' }],
    breaks: ['I1', 'I2', 'I3'],
    faults: 'two-runners',
    seed: 1,
    run: 1,
  },
  {
    name: 'a conflict is not reported',
    edits: [
      {
        file: 'src/cycle/settle-twin.ts',
        find: 'for (const conflict of conflicts)',
        replace: 'for (const conflict of plan.conflicts.slice(0, 0))',
      },
    ],
    breaks: ['I3'],
    faults: 'none',
    seed: 1,
    run: 6,
  },
  {
    name: 'marked issues are taken for origins',
    edits: [{ file: 'src/cycle/agenda.ts', find: 'const isOrigin = !issue.marked &&', replace: 'const isOrigin =' }],
    breaks: ['I2', 'I10'],
    seed: 1,
    run: 3,
  },
  {
    name: 'a merge keeps the text of the public side alone',
    edits: [
      {
        file: 'src/core/plan-fields.ts',
        find: 'mergeBlocks(before.value, now[0].value, now[1].value)',
        replace: '({ merged: left.value })',
      },
    ],
    breaks: ['I3'],
    faults: 'none',
    seed: 1,
    run: 6,
  },
  {
    name: 'a note of Redmine is known by its number alone, which another one gets once it is gone',
    private: 'redmine',
    edits: [
      {
        file: 'src/sides/redmine/ids.ts',
        find: 'return `${entry.id}.${Math.floor(timeOf(entry.created_on) / 1_000)}`;',
        replace: 'return String(entry.id);',
      },
    ],
    breaks: ['I1', 'I3', 'I6'],
    faults: asFoundWith(28),
    seed: 3,
    run: 23,
  },
  {
    name: 'an index of Jira Data Center that lags is not allowed for',
    private: 'jira-dc',
    edits: [
      { file: 'src/sides/jira-dc/search.ts', find: 'const overlapMs = 15 * 60_000;', replace: 'const overlapMs = 0;' },
      { file: 'test/simulation/scenario.ts', find: 'fc.constantFrom(0, 0, 5, 40, 300)', replace: 'fc.constant(300)' },
    ],
    breaks: ['I1', 'I2', 'I3'],
    faults: 'none',
    seed: 5,
    run: 7,
  },
  ...plantedLookups,
  ...plantedWrites,
  ...plantedGuards,
];
