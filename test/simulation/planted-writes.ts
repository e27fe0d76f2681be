import { asFoundWith } from './planted-bug.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Planted bugs in when, how often and in which words something is written. */
export const plantedWrites: readonly PlantedBug[] = [
  {
    name: 'a run goes on writing when its lease is over',
    edits: [
      { file: 'src/operations/cycle-parts.ts', find: '    await lease.renew();\n', replace: '' },
      { file: 'src/operations/cycle-parts.ts', find: 'if (!lease.isLive(leaseMarginMs)) {', replace: 'if (leaseMarginMs < 0) {' },
    ],
    breaks: ['I2', 'I3'],
    faults: 'runner-stalls',
    seed: 1,
    run: 2,
  },
  {
    name: 'every edit is sent twice',
    edits: [
      {
        file: 'src/cycle/write-fields.ts',
        find: 'const stored = await writer.editIssue(issue, edit);',
        replace: 'await writer.editIssue(issue, edit);\n  const stored = await writer.editIssue(issue, edit);',
      },
    ],
    breaks: ['I4'],
    seed: 1,
    run: 0,
  },
  {
    name: 'mentions and references cross as they are',
    edits: [
      {
        file: 'src/content/render-inline.ts',
        find: 'defuseForRedmine(text) : defuse(text)',
        replace: 'defuseForRedmine(text) : text',
      },
    ],
    breaks: ['I10'],
    faults: 'none',
    seed: 1,
    run: 0,
  },
  {
    name: 'an effect that failed is not tried again',
    edits: [
      {
        file: 'src/cycle/effect-failure.ts',
        find: 'retryLater(memory, { side: origin, id: ids[origin], reason: messageOf(error) });',
        replace: '',
      },
      // What a cycle left undone is seen once more when its echo is taken in.
      {
        file: 'src/cycle/run-cycle.ts',
        find: 'if (differs(memory, twin, { side, snapshot })) lookAtNext(memory, { side, id, reason: changedMeanwhile });',
        replace: 'if (differs(memory, twin, { side, snapshot })) continue;',
      },
    ],
    breaks: ['I1'],
    faults: 'write-not-sent,write-unanswered,status-500,status-503',
    seed: 2,
    run: 44,
  },
  {
    name: 'what was moved elsewhere counts as removed',
    edits: [
      {
        file: 'src/sides/jira-cloud/load.ts',
        find: "result.set(issue.id, { kind: 'moved', to: issue.key })",
        replace: "result.set(issue.id, { kind: 'gone' })",
      },
    ],
    breaks: ['I1', 'I2', 'I3', 'I6'],
    faults: 'issues-returned',
    seed: 1,
    run: 15,
  },
  {
    name: 'the guard lets any number of removals pass',
    edits: [
      {
        file: 'src/cycle/guard.ts',
        find: 'if (wanted > 0 && wanted + memory.options.recentRemovals > allowed) {',
        replace: 'if (wanted > Number.MAX_SAFE_INTEGER + allowed) {',
      },
    ],
    breaks: ['I2', 'I6'],
    faults: 'comments-away',
    seed: 1,
    run: 0,
  },
  {
    name: 'of two texts of a comment the earlier one stands',
    edits: [
      {
        file: 'src/core/plan-comments.ts',
        find: "const later = laterOf({ public: at('public'), private: at('private') });",
        replace: "const later = otherSide[laterOf({ public: at('public'), private: at('private') })];",
      },
    ],
    breaks: ['I3'],
    faults: 'none',
    seed: 1,
    run: 30,
  },
  {
    name: 'the text that merges begin from is kept once a twin is through alone',
    edits: [
      {
        file: 'src/cycle/write-fields.ts',
        find: 'else if (text !== undefined) keepBaseText(memory, twin);',
        replace: 'else if (text === null) keepBaseText(memory, twin);',
      },
    ],
    breaks: ['I3'],
    private: 'any',
    faults: asFoundWith(27),
    seed: 795_936_709,
    run: 1219,
  },
  {
    name: 'a copy of a comment that is found by its stamp is read with its author line',
    edits: [
      {
        file: 'src/cycle/twin-input.ts',
        find: 'comments: [...withLastCuts(base, commentStamp), ...adopted]',
        replace: 'comments: base.comments.concat(adopted.slice(adopted.length))',
      },
    ],
    breaks: ['I3', 'I5'],
    faults: 'lost-after',
    seed: 1,
    run: 45,
  },
  {
    name: 'what was written of a comment without an answer is not taken up',
    edits: [
      {
        file: 'src/cycle/twin-input.ts',
        find: 'comments: withLastWrites(base, replicas, edits)',
        replace: 'comments: withLastWrites(base, replicas, edits).map((pair, index) => base.comments[index] ?? pair)',
      },
    ],
    breaks: ['I3'],
    faults: 'put-back',
    seed: 1,
    run: 0,
  },
];
