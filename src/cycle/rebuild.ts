import type { IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { claimedConnection } from '../core/stamp.ts';
import { twinKey } from '../core/twin.ts';
import type { TwinBase } from '../core/twin.ts';
import { foundTwin } from './adopt.ts';
import { adoptByLedgers, loadIds } from './agenda.ts';
import { definedOf } from './connect-issues.ts';
import { baseOn } from './identify.ts';
import type { Memory } from './memory.ts';
import { knownOfPair } from './pair-base.ts';
import type { OwnIssues } from '../sides/side.ts';
import { isEnded, remember, twinOf } from './memory.ts';
import type { Twin } from './state.ts';

/**
 * Rebuilds the twin map from what stands on the two sides, after the state was lost, stale or unreadable. A listing a side
 * of what the connection's account created tells the copies, a look-up by keys those too new for it; their stamps name the
 * origins, whose ledgers are read in bulk.
 */
export async function rebuild(memory: Memory): Promise<void> {
  const { ports } = memory;
  ports.onProgress('State is missing: rebuilding the twins from stamps and ledgers');
  memory.state.ended = [...(await ports.readEnded())].map((pair) => ({ ...pair }));
  const own: Pair<OwnIssues> = { public: await ownOn(memory, 'public'), private: await ownOn(memory, 'private') };
  const read = {
    public: readCopies(memory, 'public', own.public.marked),
    private: readCopies(memory, 'private', own.private.marked),
  };
  const claims = sideNames.flatMap((side) => read[side].claims);
  await loadOrigins(memory, claims);
  for (const claim of claims) settle(memory, claim);
  await takeUpBare(memory, { public: own.public.unmarked + read.public.bare, private: own.private.unmarked + read.private.bare });
  await takeUpConnected(memory);
  takeUpAsked(memory);
  ports.onProgress(`Rebuilt ${memory.twins.size} twins`);
}

/** Jira's search lags behind writes by minutes at most; a copy made so long ago is listed. */
export const listedAfterMs = 15 * 60_000;

/** I2: the issues of the connection's account that a listing tells, and copies made so lately that it may not show them yet. */
export async function ownOn(memory: Memory, side: SideName): Promise<OwnIssues> {
  const { reader } = memory.ports.sides[side];
  const { marked, unmarked } = await reader.listOwn('work');
  if (reader.creations === undefined) return { marked, unmarked };
  const recent = await reader.creations.markedSince(await reader.creations.mark(listedAfterMs));
  return { marked: [...new Map([...marked, ...recent].map((issue) => [issue.id, issue])).values()], unmarked };
}

/**
 * A copy whose stamp is gone or damaged is told by the ledger of its origin, whatever the trigger says of that by now. A
 * tracker shows ledgers only one issue after another, so they are looked for only where the account made what may be one.
 */
async function takeUpBare(memory: Memory, bare: Pair<number>): Promise<void> {
  for (const side of sideNames) {
    const { reader } = memory.ports.sides[side];
    if (reader.listLedgers === undefined || bare[otherSide[side]] === 0) continue;
    await loadIds(memory, side, { ids: await reader.listLedgers('work'), purpose: 'work' });
  }
  await adoptByLedgers(memory);
}

interface Claim {
  readonly copySide: SideName;
  readonly copy: IssueSnapshot;
  readonly base: TwinBase;
}

interface Copies {
  readonly claims: readonly Claim[];
  /** How many carry a mark that tells nothing, not even that it is another connection's. */
  readonly bare: number;
}

function readCopies(memory: Memory, side: SideName, issues: readonly IssueSnapshot[]): Copies {
  const claims: Claim[] = [];
  let bare = 0;
  for (const copy of issues.toSorted((a, b) => Number(a.id) - Number(b.id))) {
    // Of what lies in another project the stamps tell the twin; nothing else of it is anybody's business here.
    if (copy.elsewhere !== true) memory.snapshots[side].set(copy.id, copy);
    const base = baseOn(memory, side, copy);
    if (base === undefined) bare += isOfAnother(memory, copy) ? 0 : 1;
    else if (base.origin !== side) claims.push({ copySide: side, copy, base });
  }
  return { claims, bare };
}

function isOfAnother({ options }: Memory, { marks }: IssueSnapshot): boolean {
  const claimed = marks.map(claimedConnection);
  return claimed.length > 0 && claimed.every((id) => id !== undefined && id !== options.connectionId);
}

async function loadOrigins(memory: Memory, claims: readonly Claim[]): Promise<void> {
  for (const side of sideNames) {
    const ids = claims.filter((claim) => claim.copySide !== side).map((claim) => claim.base.ids[side]);
    const loaded = ids.length === 0 ? new Map() : await memory.ports.sides[side].reader.load([...new Set(ids)], 'work');
    for (const [id, outcome] of loaded) if (outcome.kind === 'present') memory.snapshots[side].set(id, outcome.issue);
  }
}

/** Among several claimants of one origin its ledger names the copy, else the lowest id is it; the rest are left alone. */
function settle(memory: Memory, claim: Claim): void {
  const originSide = otherSide[claim.copySide];
  const originId = claim.base.ids[originSide];
  if (memory.state.ended.some((pair) => pair[originSide] === originId || pair[claim.copySide] === claim.copy.id)) return;
  const origin = memory.snapshots[originSide].get(originId);
  const named = origin === undefined ? undefined : baseOn(memory, originSide, origin);
  const rival = twinOf(memory, originSide, originId);
  const isNamed = named === undefined || named.ids[claim.copySide] === claim.copy.id || named.ids[claim.copySide] === '';
  if (rival !== undefined || !isNamed) {
    memory.held.push({
      what: `issue ${claim.copy.key}`,
      reason: 'carries the stamp of a copy, but its origin has another copy; left alone',
      link: claim.copy.url,
    });
    return;
  }
  if (origin !== undefined && named === undefined && originSide === 'public') memory.ledgerDue.add(twinKey(claim.base.ids));
  const base = newerOf(claim.base, named, memory.snapshots.public.get(claim.base.ids.public));
  const twin = rebuiltTwin(
    { ...base, ids: claim.base.ids },
    { [claim.copySide]: claim.copy, ...(origin === undefined ? {} : { [originSide]: origin }) },
  );
  remember(memory, twin);
  memory.takenUp.push({ twin, side: claim.copySide });
}

/** A twin of the issues that could be read. Without that of the public side its ledger is still to be taken up: a stamp tells of the fields alone. */
function rebuiltTwin(base: TwinBase, known: Parameters<typeof foundTwin>[1]): Twin {
  return { ...foundTwin(base, known), ...(known.public === undefined ? { unledgered: true as const } : {}) };
}

/** The record with the higher counter is the base; pairs and tombstones stand in the ledger alone, whichever is newer. */
function newerOf(copy: TwinBase, origin: TwinBase | undefined, publicIssue: IssueSnapshot | undefined): TwinBase {
  if (origin === undefined) return copy;
  const newer = origin.counter > copy.counter ? origin : copy;
  const ledger = publicIssue !== undefined && copy.ids.public === publicIssue.id && copy.origin === 'public' ? origin : copy;
  return { ...newer, comments: ledger.comments, attachments: ledger.attachments, tombstones: ledger.tombstones };
}

/** Twins of two people's issues stand in the record; what they were when last in step, in their own stamps. */
async function takeUpConnected(memory: Memory): Promise<void> {
  const pairs = (await memory.ports.readConnected()).filter(
    (pair) => !sideNames.some((side) => isEnded(memory, side, pair[side])),
  );
  for (const side of sideNames) await loadIds(memory, side, { ids: pairs.map((pair) => pair[side]), purpose: 'work' });
  for (const pair of pairs) {
    if (sideNames.some((side) => twinOf(memory, side, pair[side]) !== undefined)) continue;
    const issues = { public: memory.snapshots.public.get(pair.public), private: memory.snapshots.private.get(pair.private) };
    const base = knownOfPair(memory, issues)?.base;
    const known = issues.public ?? issues.private;
    if (base !== undefined) remember(memory, rebuiltTwin(base, definedOf(issues)));
    else if (known !== undefined)
      memory.held.push({
        what: `issue ${known.key}`,
        reason: 'was connected on request, and neither issue shows what the pair was when last in step; connect them again',
        link: known.url,
      });
  }
}

/** What a person asked for and no cycle could do yet is tried at once. */
function takeUpAsked(memory: Memory): void {
  for (const { side, issue: id, since } of memory.options.asked) {
    if (twinOf(memory, side, id) !== undefined) continue;
    memory.state.retry.push({ side, id, attempts: 0, notBefore: 0, since, reason: 'was asked for', asked: true });
  }
}
