import { asFoundWith } from './planted-bug.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Bugs in what keeps a run from doing harm: guards, refusals, what wins, and what is looked up after a run that died. */
export const plantedGuards: readonly PlantedBug[] = [
  {
    name: 'the removals of the last 24 hours are not counted',
    edits: [
      {
        file: 'src/cycle/guard.ts',
        find: 'wanted > 0 && wanted + memory.options.recentRemovals > allowed',
        replace: 'wanted > 0 && wanted > allowed',
      },
      {
        file: 'src/cycle/guard.ts',
        find: 'removalsMax(memory) - memory.options.recentRemovals - memory.removals',
        replace: 'removalsMax(memory) - memory.removals',
      },
    ],
    breaks: ['I2', 'I6'],
    faults: 'removals-in-turns',
    seed: 1,
    run: 2,
  },
  {
    name: 'a stamp in a newer format is passed over',
    edits: [
      {
        file: 'src/cycle/identify.ts',
        find: "    case 'newer':\n      throw",
        replace: "    case 'newer':\n      if (Date.now() > 0) return [];\n      throw",
      },
    ],
    breaks: ['I2'],
    faults: 'newer-stamp',
    seed: 1,
    run: 0,
  },
  {
    name: 'the record is not told which twins ended',
    edits: [
      {
        file: 'src/operations/commit.ts',
        find: 'await commitLists(connected.record, { keys: snapshot.keys, end, now });',
        replace: '',
      },
    ],
    breaks: ['I2'],
    faults: 'unlinked',
    seed: 1,
    run: 0,
  },
  {
    name: 'what a dead run overwrote is not looked up',
    edits: [
      {
        file: 'src/cycle/run-cycle.ts',
        find: 'takeUpDeadRun(memory, start, agenda.twins);',
        replace: 'takeUpDeadRun(memory, start, agenda.twins);\n  memory.edited = [];',
      },
    ],
    breaks: ['I3'],
    faults: 'meeting-then-death',
    seed: 1,
    run: 1,
  },
  {
    name: 'of two descriptions or types the earlier one stands',
    edits: [
      {
        file: 'src/core/plan-fields.ts',
        find: '  return { conflict: winner, ...carry(field, winner, input) };',
        replace:
          "  const stands = field === 'summary' ? winner : otherSide[winner];\n  return { ...carry(field, stands, input), conflict: stands };",
      },
    ],
    breaks: ['I3'],
    faults: 'none',
    seed: 1,
    run: 39,
  },

  {
    name: 'what was refused for good is not tried again',
    edits: [
      {
        file: 'src/cycle/agenda.ts',
        find: 'const parkedForMs = 24 * 3_600_000;',
        replace: 'const parkedForMs = 240 * 3_600_000;',
      },
    ],
    breaks: ['I1'],
    faults: 'write-refused',
    seed: 1,
    run: 2,
  },
  {
    name: 'a history that could not be read is not read later',
    edits: [
      {
        file: 'src/cycle/verify-writes.ts',
        find: '  twin.unread = { ...twin.unread, [side]: Math.min(since, twin.unread?.[side] ?? since) };\n',
        replace: '',
      },
    ],
    breaks: ['I3'],
    faults: 'history-away',
    seed: 1,
    run: 0,
  },
  {
    name: 'a held comment that was restricted after it crossed goes on crossing',
    edits: [
      {
        file: 'src/core/plan-comments.ts',
        find: 'if (input.holdRestricted && both.origin.snapshot.restricted) return withhold(pair, both, input);',
        replace: '',
      },
    ],
    breaks: ['I8'],
    faults: 'restriction-changed',
    seed: 1,
    run: 1,
  },
  {
    name: 'lost permissions are not compared',
    edits: [
      {
        file: 'src/cycle/guard.ts',
        find: 'for (const side of sideNames) await checkPermissions(memory, side);',
        replace: 'void checkPermissions;',
      },
    ],
    breaks: ['I1', 'I2', 'I6'],
    faults: 'kept-for-lost-role',
    seed: 1,
    run: 1,
  },
  {
    name: 'a stamp on what somebody else than the connection wrote is taken for true',
    edits: [
      {
        file: 'src/cycle/identify.ts',
        find: '  if (!comment.author.isConnection) return undefined;\n',
        replace: '',
      },
    ],
    breaks: ['I1', 'I2', 'I3'],
    faults: 'stamp-quoted',
    seed: 1,
    run: 1,
  },
  {
    name: 'a second of Redmine that is not over is taken for a version',
    private: 'redmine',
    edits: [
      {
        file: 'src/sides/redmine/snapshots.ts',
        find: 'now - timeOf(updated) > settlingMs',
        replace: 'now - timeOf(updated) > -settlingMs',
      },
    ],
    breaks: ['I1'],
    faults: 'edited-around-readings',
    seed: 1,
    run: 1,
  },
  {
    name: 'a field is settled without a write on what was read long before',
    private: 'any',
    edits: [
      {
        file: 'src/cycle/settle-twin.ts',
        find: ', ...restedOn(input, plan.base)];',
        replace: '];\n    void restedOn;',
      },
    ],
    breaks: ['I3'],
    faults: asFoundWith(27),
    seed: 795_921_519,
    run: 1266,
  },
];
