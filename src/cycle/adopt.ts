import type { IssueSnapshot, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { twinKey } from '../core/twin.ts';
import type { TwinBase } from '../core/twin.ts';
import { baseOn } from './identify.ts';
import type { Memory } from './memory.ts';
import { isEnded, remember, twinOf } from './memory.ts';
import type { Twin } from './state.ts';

/** A twin as it enters the state: nothing processed yet, so everything about it is compared. */
export function newTwin(base: TwinBase, known: Readonly<Partial<Record<SideName, IssueSnapshot>>>): Twin {
  const link = (side: SideName): { key: string; url: string } => ({ key: known[side]?.key ?? '', url: known[side]?.url ?? '' });
  return {
    base,
    versions: { public: '', private: '' },
    auditedAt: 0,
    links: { public: link('public'), private: link('private') },
    title: (known.public ?? known.private)?.summary ?? '',
    securedOn: sideNames.filter((side) => known[side]?.readableByAll === false),
  };
}

/** A twin that stamps or a ledger tell and no state: whether everyone could read what is not there, nobody knows any more. */
export function foundTwin(base: TwinBase, known: Parameters<typeof newTwin>[1]): Twin {
  return { ...newTwin(base, known), securedOn: sideNames.filter((side) => known[side]?.readableByAll !== true) };
}

/**
 * Takes up a copy that a dead run made and that no state knows (I2). Returns the twin, or undefined where the issue is no
 * copy of ours, its twin has ended, or its origin has another copy already: then it is a stranger, reported and left alone.
 */
export function adoptCopy(memory: Memory, side: SideName, issue: IssueSnapshot): Twin | undefined {
  const base = issue.marked ? baseOn(memory, side, issue) : undefined;
  if (base === undefined || base.origin === side) return undefined;
  const originSide = otherSide[side];
  const originId = base.ids[originSide];
  if (isEnded(memory, side, issue.id) || isEnded(memory, originSide, originId)) return undefined;
  const existing = twinOf(memory, originSide, originId);
  if (existing !== undefined) {
    if (existing.base.ids[side] === issue.id) return existing;
    memory.held.push({
      what: `issue ${issue.key}`,
      reason: 'carries the stamp of a copy, but its origin has another copy; left alone',
      link: issue.url,
    });
    return undefined;
  }
  const twin = foundTwin(base, { [side]: issue });
  remember(memory, twin);
  memory.takenUp.push({ twin, side });
  // The run that made the copy died before it could write the ledger of its origin.
  if (originSide === 'public') memory.ledgerDue.add(twinKey(twin.base.ids));
  return twin;
}

/**
 * Takes up a twin by its origin's own ledger, where the copy has lost its stamp and the state is gone. Returns undefined
 * where the issue carries no ledger of ours, its twin has ended, or the copy belongs to another twin.
 */
export function adoptByLedger(memory: Memory, side: SideName, issue: IssueSnapshot): Twin | undefined {
  const base = issue.marked ? baseOn(memory, side, issue) : undefined;
  const copySide = otherSide[side];
  if (base === undefined || base.origin !== side || base.ids[copySide] === '') return undefined;
  if (isEnded(memory, side, issue.id) || isEnded(memory, copySide, base.ids[copySide])) return undefined;
  if (twinOf(memory, copySide, base.ids[copySide]) !== undefined) return undefined;
  const twin = foundTwin(base, { [side]: issue });
  remember(memory, twin);
  return twin;
}
