import type { SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { twinKey } from '../core/twin.ts';
import type { CommentPair } from '../core/twin.ts';
import type { Ending, Memory } from './memory.ts';
import { holdTwin } from './hold-stray.ts';
import { absenceKey, bothOf, forget, linksOf, sideOfAbsence } from './memory.ts';
import type { Twin } from './state.ts';
import { isConfirmed } from './twin-input.ts';

/**
 * The guard (sync-model.md, step 6): silence is not removal. Sets `memory.guard` where the removals at hand, with those of
 * the last 24 hours, are more than allowed, or where every twin is missing on a side; then none is applied.
 */
export async function checkGuard(memory: Memory): Promise<void> {
  const twins = [...memory.twins.values()];
  for (const side of sideNames) {
    const missing = twins.filter((twin) => memory.state.absences[absenceKey(twin, { kind: 'issue', side })] !== undefined);
    if (twins.length > 1 && missing.length === twins.length) {
      memory.guard = `every issue under sync is missing on the ${side} side; nothing is removed and no twin ends. Check that the account still sees the project there, then run again.`;
      return;
    }
  }
  memory.guarded = new Set(twins.filter((twin) => bothOf(memory, twin) !== undefined));
  const wanted = twins.reduce((sum, twin) => sum + removalsOf(memory, twin), 0);
  const allowed = removalsMax(memory);
  if (wanted > 0 && wanted + memory.options.recentRemovals > allowed) {
    memory.guard =
      `${wanted} removals are asked for and ${memory.options.recentRemovals} were applied in the last 24 hours, more than the ${allowed} allowed; ` +
      'none is applied. If they are meant, run once with max-removals above that number.';
    return;
  }
  for (const side of sideNames) await checkPermissions(memory, side);
}

/**
 * What an account may not see any more looks removed. So where something is about to count as removed, the account's
 * permissions there are compared with those it was ever seen to have; a loss stops removals until it is made good, or until
 * an operator says that it is meant. They are remembered from the first cycle on.
 */
async function checkPermissions(memory: Memory, side: SideName): Promise<void> {
  const { options, ports } = memory;
  const seen = options.permissionsSeen?.[side];
  if (memory.guard !== undefined || (seen !== undefined && !hasConfirmed(memory, side))) return;
  const held = await ports.sides[side].reader.permissions();
  const lost = (seen ?? []).filter((permission) => !held.includes(permission));
  const isMeant = options.audit === 'full' && options.maxRemovals !== undefined;
  memory.permissionsSeen[side] = isMeant ? [...held] : [...new Set([...held, ...lost])].toSorted();
  if (lost.length === 0 || isMeant) return;
  memory.guard =
    `the account has lost ${lost.join(', ')} on the ${side} side, and what it cannot see any more looks removed; nothing is removed and no twin ends. ` +
    'Grant it again; if the loss is meant, run once with audit: full and max-removals set.';
}

/**
 * Whether something is about to count as removed on this side. Of a twin nothing is while one of its issues cannot be read
 * (moved, held): its absences wait, and asking for permissions meanwhile would never end.
 */
function hasConfirmed(memory: Memory, side: SideName): boolean {
  return Object.keys(memory.state.absences).some((key) => {
    const [pair = '', , kind] = key.split(' ');
    const twin = memory.twins.get(pair);
    if (twin === undefined || sideOfAbsence(key) !== side || !isConfirmed(memory, key)) return false;
    return kind === 'issue' || bothOf(memory, twin) !== undefined;
  });
}

function removalsMax(memory: Memory): number {
  return memory.options.maxRemovals ?? Math.max(20, Math.floor(memory.twins.size / 10));
}

/** Removals that may still be made in this cycle; none where the guard stopped them. */
export function removalsAllowed(memory: Memory): number {
  return memory.guard === undefined ? removalsMax(memory) - memory.options.recentRemovals - memory.removals : 0;
}

/**
 * Items of a twin whose origin is confirmed absent while the copy stands: what a plan would remove. None of what was read
 * again just now and is there, and none of a twin of which an issue cannot be read (moved, held): no plan is made for it, so
 * that its absences would stop the removals of all others for as long as it is away.
 */
function removalsOf(memory: Memory, twin: Twin): number {
  const snapshots = bothOf(memory, twin);
  if (snapshots === undefined) return 0;
  const gone = (kind: 'comment' | 'attachment', { origin: side, ids }: Pick<CommentPair, 'origin' | 'ids'>): boolean => {
    const there: readonly { readonly id: string }[] = snapshots[side][`${kind}s`];
    return isConfirmed(memory, absenceKey(twin, { kind, side, id: ids[side] })) && there.every(({ id }) => id !== ids[side]);
  };
  return [
    ...twin.base.comments.filter((pair) => gone('comment', pair)),
    ...twin.base.attachments.filter((pair) => gone('attachment', pair)),
  ].length;
}

/** Rule 5: a whole issue that is confirmed gone removes nothing on the other side; its twin ends and is reported. */
export function endGoneTwins(memory: Memory): void {
  if (memory.guard !== undefined) return;
  for (const twin of memory.twins.values()) {
    const gone = sideNames.filter(
      (side) => isConfirmed(memory, issueKey(twin, side)) && !memory.snapshots[side].has(twin.base.ids[side]),
    );
    const side = gone.find((one) => !mayBeHidden(memory, twin, one));
    if (side !== undefined)
      endTwin(memory, twin, {
        reason: 'removed',
        text: `its issue on the ${side} side was removed; the one on the ${otherSide[side]} side stays`,
      });
    else for (const one of gone) holdHidden(memory, twin, one);
  }
}

function issueKey(twin: Twin, side: SideName): string {
  return absenceKey(twin, { kind: 'issue', side });
}

/** An issue that not everyone could read when it was last seen, or that no cycle saw since the state was lost: perhaps out of sight, and not removed. */
function mayBeHidden({ ports }: Memory, { securedOn }: Twin, side: SideName): boolean {
  return ports.sides[side].reader.hidesIssues && securedOn?.includes(side) === true;
}

/** It counts as seen absent for the first time once more. */
function holdHidden(memory: Memory, twin: Twin, side: SideName): void {
  memory.state.absences[issueKey(twin, side)] = memory.beganAt;
  const reason =
    "it is out of the account's sight, and not everyone could read it, or the state was lost: that is not taken for its removal; let the account see it (its security level), or unlink it";
  holdTwin(memory, twin, { side, reason });
}

/** Both issues stay as they are, stamps and ledger included: by them `connect` takes the pair up again. */
export function endTwin(memory: Memory, twin: Twin, end: { readonly reason: Ending['reason']; readonly text: string }): void {
  const key = twinKey(twin.base.ids);
  memory.ended.push({ issues: linksOf(memory, twin), reason: end.text });
  memory.endings.push({ ids: { ...twin.base.ids }, reason: end.reason });
  memory.state.ended.push({ ...twin.base.ids });
  for (const absence of Object.keys(memory.state.absences))
    if (absence.startsWith(`${key} `)) delete memory.state.absences[absence];
  memory.state.retry = memory.state.retry.filter((entry) => entry.id !== twin.base.ids[entry.side]);
  memory.state.parked = memory.state.parked.filter((entry) => entry.twin !== key);
  delete memory.state.told[key];
  forget(memory, twin);
}
