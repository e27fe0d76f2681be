import type { CommentSnapshot, IssueSnapshot, SideName } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import { twinKey } from '../core/twin.ts';
import type { TwinBase } from '../core/twin.ts';
import { toServerTime } from './connection-time.ts';
import { baseOn, commentCounter } from './identify.ts';
import type { Memory } from './memory.ts';
import { listedAfterMs } from './rebuild.ts';
import type { Twin } from './state.ts';

/**
 * Takes up what a run wrote that ended before it could save its state: where stamp or ledger of an issue are newer than the
 * state's entry, they are the base (sync-model.md, "Stamps"). Without this a pair that only the ledger knows would be taken
 * for something new. Whatever that run overwrote between its reading and its write is looked up in the history (I3).
 */
export function takeUpDeadRun(memory: Memory, start: 'rebuilt' | 'resumed' | 'first', work: readonly Twin[]): void {
  // A rebuilt base is what stamps and ledgers say, so that a twin without work may hide an edit that was overwritten.
  const twins = start === 'rebuilt' ? memory.twins.values() : work;
  for (const twin of twins) {
    const known = twin.base.counter;
    const before = start === 'rebuilt' ? undefined : { base: twin.base, baseText: twin.baseText };
    const found = sideNames.flatMap((side) => {
      const issue = memory.snapshots[side].get(twin.base.ids[side]);
      return issue === undefined ? [] : [{ side, issue, base: sameTwin(twin.base, baseOn(memory, side, issue)) }];
    });
    for (const { side, issue, base } of found) {
      // After a rebuild the state tells nothing, so all that was written since the last committed cycle is looked at.
      const committedAt = memory.options.committedAt ?? memory.options.resumeFrom;
      const since = toServerTime(memory, side, committedAt);
      const isNewer = start === 'rebuilt' ? issue.updatedAt >= since : (base?.counter ?? 0) > known;
      // Where the state tells what had been seen, it tells it from an edit that came to light late.
      const from = before === undefined ? since : toServerTime(memory, side, committedAt - listedAfterMs);
      const state = before === undefined ? undefined : { ...before, at: since };
      if (isNewer) memory.edited.push({ twin, side, since: from, commentIds: [], seen: undefined, known: state });
      const commentIds = issue.comments
        .filter((comment) => isWrittenByDeadRun(memory, issue, { comment, known, start }))
        .map((comment) => comment.id);
      if (commentIds.length > 0) memory.edited.push({ twin, side, since, commentIds, seen: undefined });
    }
    twin.base = newest(twin.base, found);
  }
}

function sameTwin(known: TwinBase, base: TwinBase | undefined): TwinBase | undefined {
  return base !== undefined && base.origin === known.origin && twinKey(base.ids) === twinKey(known.ids) ? base : undefined;
}

function isWrittenByDeadRun(
  memory: Memory,
  issue: IssueSnapshot,
  at: { readonly comment: CommentSnapshot; readonly known: number; readonly start: 'rebuilt' | 'resumed' | 'first' },
): boolean {
  const { comment, known, start } = at;
  // A comment that nobody edited replaced nothing.
  if (comment.updatedAt <= comment.createdAt) return false;
  const counter = commentCounter(memory, issue.id, comment);
  return counter !== undefined && (start === 'rebuilt' || counter > known);
}

/** Pairs and tombstones stand in the ledger on the public side alone; the fields in whatever was written last. */
function newest(known: TwinBase, found: readonly { readonly side: SideName; readonly base: TwinBase | undefined }[]): TwinBase {
  let base = known;
  for (const { side, base: written } of found) {
    if (written === undefined || written.counter <= known.counter) continue;
    const fields = written.counter > base.counter ? written : base;
    const pairs = side === 'public' ? written : undefined;
    base = {
      ...fields,
      // A ledger of which a part is missing hides no pair that the state still knows.
      comments: joined(pairs?.comments, base.comments, ({ ids }) => twinKey(ids)),
      attachments: joined(pairs?.attachments, base.attachments, ({ ids }) => twinKey(ids)),
      tombstones: joined(pairs?.tombstones, base.tombstones, (tombstone) => JSON.stringify(tombstone)),
    };
  }
  return base;
}

function joined<T>(written: readonly T[] | undefined, known: readonly T[], keyOf: (item: T) => string): T[] {
  if (written === undefined) return [...known];
  const keys = new Set(written.map(keyOf));
  return [...written, ...known.filter((item) => !keys.has(keyOf(item)))];
}
