import type { PlantedBug, PlantedEdit } from './planted-bug.ts';

const scenario = 'test/simulation/scenario.ts';

/** Searches always show a change five minutes late, and people and cycles follow each other within minutes. */
const slowSearches: readonly PlantedEdit[] = [
  { file: scenario, find: 'fc.constantFrom(0, 0, 5, 40, 300)', replace: 'fc.constant(300)' },
  { file: scenario, find: 'fc.constantFrom(1, 5, 11, 20, 60, 60 * 25)', replace: 'fc.constantFrom(1, 2)' },
];

/** People edit comments, most of the time, and all the while that a cycle runs. */
const restlessComments: readonly PlantedEdit[] = [
  { file: scenario, find: "'comment.edit': 8,", replace: "'comment.edit': 80," },
  {
    file: scenario,
    find: 'fc.record({ after, act }), { maxLength: 4 }',
    replace: 'fc.record({ after, act }), { minLength: 12 }',
  },
];

/** Bugs of what has to be looked for, or read once more, before or after a write. */
export const plantedLookups: readonly PlantedBug[] = [
  {
    name: 'the copies of issues that a dead run made are not looked for',
    edits: [
      {
        file: 'src/cycle/agenda.ts',
        find: 'for (const issue of strangers(memory, side)) adoptCopy(memory, side, issue);',
        replace: 'void adoptCopy;',
      },
      { file: 'src/cycle/create-issues.ts', find: 'adoptCopy(memory, side, copy);', replace: 'void adoptCopy;' },
    ],
    breaks: ['I2'],
    faults: 'kill,lost-after',
    seed: 1,
    run: 3,
  },
  {
    name: 'the copies of comments that a dead run made are not looked for',
    edits: [
      {
        file: 'src/core/plan-comments.ts',
        find: '...input.adopted];',
        replace: '...input.adopted.slice(0, 0)];',
      },
    ],
    breaks: ['I2'],
    faults: 'kill,lost-after',
    seed: 1,
    run: 5,
  },
  {
    name: 'uploads whose answer was lost are not looked for',
    edits: [
      {
        file: 'src/cycle/copy-attachments.ts',
        find: 'job.effect.candidates.length === 0 ? undefined : await findCopy(memory, job)',
        replace: 'job.effect.candidates.length >= 0 ? undefined : await findCopy(memory, job)',
      },
    ],
    breaks: ['I2'],
    faults: 'write-unanswered',
    seed: 2,
    run: 18,
  },
  {
    name: 'the effects behind a failed one go on',
    edits: [
      {
        file: 'src/cycle/settle-twin.ts',
        find: 'if (stop !== undefined) return stop;\n    }\n    work.fresh.clear();',
        replace: '}\n    work.fresh.clear();',
      },
    ],
    breaks: ['I1'],
    faults: 'comments-in-a-row,write-not-sent',
    seed: 1,
    run: 5,
  },
  {
    name: 'Jira’s listing does not overlap',
    edits: [
      ...slowSearches,
      { file: 'src/sides/jira-cloud/search.ts', find: 'const overlapMs = 15 * 60_000', replace: 'const overlapMs = 0' },
    ],
    breaks: ['I1'],
    faults: 'none',
    seed: 1,
    run: 15,
  },
  {
    name: 'the difference of the clocks is ignored',
    edits: [
      {
        file: 'src/cycle/connection-time.ts',
        find: 'return serverTime === undefined ? 0 : serverTime - memory.ports.now();',
        replace: 'return 0 * (serverTime ?? 0);',
      },
    ],
    breaks: ['I1', 'I3'],
    faults: 'none',
    seed: 1,
    run: 18,
  },
  {
    // Where a tracker has a history, that finds out what was overwritten; Jira has none of comments.
    name: 'items are not read again before an edit',
    edits: [
      ...restlessComments,
      {
        file: 'src/cycle/settle-twin.ts',
        find: '...effects.flatMap((effect) => readBefore(effect, input)), ',
        replace: '',
      },
      {
        file: 'src/cycle/settle-twin.ts',
        find: 'if (!readBefore(effect, work.input).every((side) => work.fresh.has(side))) return undefined;',
        replace: '',
      },
    ],
    breaks: ['I3'],
    faults: 'none',
    seed: 1,
    run: 10,
  },
  {
    name: 'histories are not read after edits',
    edits: [
      {
        file: 'src/cycle/verify-writes.ts',
        find: 'if (open.length === 0) return [];',
        replace: 'if (open.length >= 0) return [];',
      },
    ],
    breaks: ['I3'],
    faults: 'edit-meets-write',
    seed: 1,
    run: 1,
  },
  {
    name: 'what only some could read counts as removed when it is not there',
    edits: [{ file: 'src/core/plan-comments.ts', find: 'if (pair.restricted) return { keep: pair, effects: [] };', replace: '' }],
    breaks: ['I2', 'I6'],
    faults: 'role-away',
    seed: 1,
    run: 14,
  },
  {
    name: 'the base is taken from what was sent, not from what was stored',
    edits: [
      {
        file: 'src/cycle/write-fields.ts',
        find: '  twin.base = correct(base, {',
        replace: '  twin.base = base;\n  correct(base, {',
      },
    ],
    breaks: ['I5'],
    faults: 'stored-otherwise',
    seed: 1,
    run: 3,
  },
];
