import { mapType } from '../core/basic-rules.ts';
import type { IssueSnapshot, PastEdit, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { baseTextOf } from '../core/plan-fields.ts';
import { printed, replicaOf } from '../core/replica.ts';
import { fitSummary, summaryFingerprint } from '../core/summary.ts';
import { emptyBase, fieldNames, twinKey } from '../core/twin.ts';
import type { TwinBase } from '../core/twin.ts';
import { isOutcomeUnknown, kindOf, messageOf } from '../errors.ts';
import type { IssueDraft, SideWriter } from '../sides/side.ts';
import { adoptCopy, newTwin } from './adopt.ts';
import { takeUpUnknown } from './dead-run.ts';
import { loadIds } from './agenda.ts';
import { fitText, saidBy } from './fitted.ts';
import { issueMarks } from './marks.ts';
import type { Memory } from './memory.ts';
import { defer, deferIfLimited, isSpent, remember, retryLater } from './memory.ts';
import type { Intent, Intents } from './ports.ts';
import type { Twin } from './state.ts';
import { editsByPeople, learnLater, learnStored, sameFields, withFields, withStored } from './stored-base.ts';
import { typeRuleOf } from './twin-input.ts';
import { wasSeen } from './verify-writes.ts';

/** Jira creates 50 issues a request at most; the lease is checked and progress shown before each batch. */
const batchMax = 50;

/** How long a create that may have happened is looked for before it is made again (sync-model.md, step 7). */
export const unsureMs = 15 * 60_000;

interface Draft {
  readonly origin: IssueSnapshot;
  readonly base: TwinBase;
  readonly draft: IssueDraft;
}

/**
 * I2: what an intent names stays unsure until its time is over, also through cycles in which it is not its turn: the copy may
 * still come to light, and without the intent nobody would look for it.
 */
export function keepUnsure(memory: Memory): void {
  for (const side of sideNames) {
    const left = memory.ports.intent.left[side];
    if (left === undefined || memory.ports.now() - left.at >= unsureMs) continue;
    for (const id of left.origins) if (!memory.byIssue[otherSide[side]].has(id)) memory.unsure[side].set(id, left);
  }
}

/** What the record is to name of creates that may have happened. */
export function unsureIntents(memory: Memory): Intents {
  const named = sideNames.flatMap((side) => {
    const entries = [...memory.unsure[side].values()];
    const [first] = entries;
    if (first === undefined) return [];
    const at = Math.min(...entries.map((entry) => entry.at));
    return [[side, { ...first, at, origins: [...memory.unsure[side].keys()] }] as const];
  });
  return Object.fromEntries(named);
}

/** Creates the copies of issues put under sync; returns the new twins, to be planned like all others for what follows. */
export async function createIssues(
  memory: Memory,
  originSide: SideName,
  origins: readonly IssueSnapshot[],
): Promise<readonly Twin[]> {
  const side = otherSide[originSide];
  const { writer } = memory.ports.sides[side];
  if (writer === undefined || origins.length === 0) return [];
  const ready = await withoutUnsure(memory, side, origins);
  const created: Twin[] = [];
  for (let start = 0; start < ready.length; start += batchMax) {
    const batch = ready.slice(start, start + batchMax);
    if (isSpent(memory)) {
      for (const origin of ready.slice(start)) defer(memory, originSide, origin.id);
      break;
    }
    if (ready.length > batchMax) memory.ports.onProgress(`Creating issues on the ${side} side: ${start} of ${ready.length}`);
    created.push(...(await createBatch(memory, { side, writer, batch })));
  }
  return created;
}

/**
 * I2: origins that a dead run was about to create. Their copies are looked for past the lagging search; what is not found
 * waits until the time in which the create might still come to light is over.
 */
async function withoutUnsure(
  memory: Memory,
  side: SideName,
  origins: readonly IssueSnapshot[],
): Promise<readonly IssueSnapshot[]> {
  const left = memory.ports.intent.left[side];
  if (left === undefined) return origins;
  const named = new Set(left.origins);
  if (!origins.some((origin) => named.has(origin.id))) return origins;
  const { creations } = memory.ports.sides[side].reader;
  if (creations !== undefined && left.mark !== undefined) {
    for (const copy of await creations.markedSince(left.mark)) {
      memory.snapshots[side].set(copy.id, copy);
      const twin = adoptCopy(memory, side, copy);
      if (twin !== undefined) takeUpUnknown(memory, twin);
    }
    await learnStored(memory);
  }
  const isOver = memory.ports.now() - left.at >= unsureMs;
  return origins.filter((origin) => {
    if (memory.byIssue[otherSide[side]].has(origin.id)) {
      memory.unsure[side].delete(origin.id);
      return false;
    }
    if (!named.has(origin.id) || isOver) return true;
    retryLater(memory, {
      side: otherSide[side],
      id: origin.id,
      issue: { key: origin.key, url: origin.url },
      reason: 'a run before this one may have created its copy; it is created only when that is ruled out',
      notBefore: left.at + unsureMs,
    });
    return false;
  });
}

async function createBatch(
  memory: Memory,
  job: { readonly side: SideName; readonly writer: SideWriter; readonly batch: readonly IssueSnapshot[] },
): Promise<readonly Twin[]> {
  const { side, writer, batch } = job;
  const drafts: Draft[] = [];
  for (const origin of batch) drafts.push(await draftOf(memory, side, origin));
  const intent = await writeIntent(memory, side, batch);
  await memory.ports.holdLease(batch.length);
  const outcomes = await writer.createIssues(drafts.map((entry) => entry.draft));
  const made: { draft: Draft; id: string; issue: IssueSnapshot | undefined }[] = [];
  for (const [index, draft] of drafts.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === 'created') made.push({ draft, id: outcome.id, issue: outcome.issue });
    else
      noteFailure(memory, {
        side,
        draft,
        intent,
        error: outcome?.error ?? new Error('the tracker gave no answer for this issue'),
      });
  }
  memory.writes += made.length;
  for (const { id, issue } of made) if (issue !== undefined) memory.snapshots[side].set(id, issue);
  // What the tracker stored is the base, not what was sent (sync-model.md, "Three trees").
  await loadIds(memory, side, { ids: made.map((entry) => entry.id), purpose: 'work' });
  const readLater = made.filter(({ issue }) => issue === undefined);
  const others = readLater.flatMap(({ draft, id }) => {
    const stored = memory.snapshots[side].get(id);
    return stored === undefined || sameFields(withStored(draft.base, side, stored), draft.base) ? [] : [stored];
  });
  let unread: unknown;
  const edited = await editedMeanwhile(memory, side, others).catch((error: unknown) => {
    unread = error;
    // The copies are there, whatever else fails: without their twins they would be made again (I2).
    return new Map(others.map(({ id }) => [id, new Set(fieldNames)]));
  });
  const twins = made.map(({ draft, id }) => register(memory, side, { draft, id, edited: edited.get(id) }));
  if (unread !== undefined)
    for (const twin of twins) if (edited.has(twin.base.ids[side])) learnLater(memory, twin, { side, error: unread });
  return twins;
}

type Field = PastEdit['kind'];

/**
 * Of copies that show something else than was sent the fields that a person edited before they were read for the first time,
 * as their histories tell: times of whole seconds do not, and a server stores other fields in its own way all the same.
 */
async function editedMeanwhile(
  memory: Memory,
  side: SideName,
  others: readonly IssueSnapshot[],
): Promise<ReadonlyMap<string, ReadonlySet<Field>>> {
  const found = await editsByPeople(memory, side, others);
  return new Map(
    others.map((stored) => {
      // What came after the reading is found by the next one. What does not tell its text may have been read.
      const read = (found.get(stored.id) ?? []).filter((edit) => edit.after === undefined || wasSeen(edit, stored));
      return [stored.id, new Set(read.map(({ kind }) => kind))];
    }),
  );
}

/** Names the origins before their copies are created; the mark lies before every one of them. */
async function writeIntent(memory: Memory, side: SideName, batch: readonly IssueSnapshot[]): Promise<Intent> {
  const { ports } = memory;
  const { creations } = ports.sides[side].reader;
  const kept = unsureIntents(memory);
  const intent: Intent = {
    at: ports.now(),
    origins: [...new Set([...(kept[side]?.origins ?? []), ...batch.map((origin) => origin.id)])],
    mark: kept[side]?.mark ?? (await creations?.mark()),
  };
  // Where listings show a creation at once, the observation of the next cycle finds it by its stamp.
  if (creations !== undefined) {
    await ports.intent.write({ ...kept, [side]: intent });
    memory.intentWritten = true;
  }
  return intent;
}

async function draftOf(memory: Memory, side: SideName, origin: IssueSnapshot): Promise<Draft> {
  const originSide = otherSide[side];
  const { limits } = memory.ports.sides[side].reader;
  const replica = replicaOf(origin, originSide, undefined);
  const summary = fitSummary(origin.summary, limits.summaryLength);
  const type = mapType(origin.type ?? '', await typeRuleOf(memory, side)).name;
  const text = fitText(replica.description.value, {
    side,
    kind: 'issue',
    isOrigin: false,
    bodyLength: limits.bodyLength,
    base: { attachments: [], tombstones: [] },
    others: origin.attachments,
    own: [],
    hasFooter: memory.ports.sides[side].reader.kind === 'github',
    standing: undefined,
  });
  const on = <T>(originValue: T, copyValue: T): { public: T; private: T } =>
    side === 'public' ? { public: copyValue, private: originValue } : { public: originValue, private: copyValue };
  const base: TwinBase = {
    ...emptyBase(originSide, on(origin.id, '')),
    counter: 1,
    summary: on(replica.summary.print, summaryFingerprint(summary)),
    // An incomplete text reads as changed at its origin, so that it is written again once its images have copies.
    description: on(text.complete ? replica.description.print : '', printed(saidBy(text)).print),
    type: on(replica.type.print, type),
    ...(text.blocksKept === undefined ? {} : { cut: { side, blocks: text.blocksKept } }),
  };
  const marks = issueMarks(memory, side, { base, self: undefined });
  return { origin, base, draft: { summary, description: text.root, type: type === '' ? undefined : type, marks, files: [] } };
}

function register(
  memory: Memory,
  side: SideName,
  made: { readonly draft: Draft; readonly id: string; readonly edited: ReadonlySet<Field> | undefined },
): Twin {
  const { draft, id } = made;
  const originSide = otherSide[side];
  const stored = memory.snapshots[side].get(id);
  const base = { ...draft.base, ids: { ...draft.base.ids, [side]: id } };
  // I3: a person may have edited the copy before it was read for the first time; that is an edit, not what was stored.
  const edited = made.edited ?? (stored !== undefined && stored.updatedAt <= stored.createdAt ? new Set<Field>() : undefined);
  const asStored = stored === undefined || edited === undefined ? base : withFields(withStored(base, side, stored), base, edited);
  const twin = newTwin(isWithoutText(asStored, base, side) ? unwritten(asStored, originSide) : asStored, {
    [originSide]: draft.origin,
    ...(stored === undefined ? {} : { [side]: stored }),
  });
  twin.auditedAt = memory.ports.now();
  twin.baseText = baseTextOf(draft.origin.description.root);
  remember(memory, twin);
  // The copy carries its stamp; the origin on Jira gets the ledger, by which the link outlives a removed stamp.
  if (originSide === 'public') memory.ledgerDue.add(twinKey(twin.base.ids));
  memory.state.retry = memory.state.retry.filter((entry) => entry.side !== originSide || entry.id !== draft.origin.id);
  memory.changes.push({ issues: twin.links, side, action: 'created', what: 'issue', title: draft.origin.summary });
  return twin;
}

/** Whether the tracker kept nothing at all of a text that was sent. */
function isWithoutText(stored: TwinBase, sent: TwinBase, side: SideName): boolean {
  const nothing = printed({ type: 'root', children: [] }).print;
  return stored.description[side] === nothing && sent.description[side] !== nothing;
}

/** Its origin's text reads as changed, so that it is written again, and what the tracker says to that is reported. */
function unwritten(base: TwinBase, originSide: SideName): TwinBase {
  return { ...base, description: { ...base.description, [originSide]: '' } };
}

function noteFailure(memory: Memory, failed: { side: SideName; draft: Draft; intent: Intent; error: unknown }): void {
  const { side, draft, error, intent } = failed;
  const originSide = otherSide[side];
  const kind = kindOf(error);
  if (kind === 'configuration' || kind === 'inactive') throw error;
  if (deferIfLimited(memory, { side: originSide, id: draft.origin.id }, error)) return;
  const isParked = kind === 'refused' || kind === 'limit';
  if (isOutcomeUnknown(error)) memory.unsure[side].set(draft.origin.id, intent);
  const link = { key: draft.origin.key, url: draft.origin.url };
  memory.failures.push({
    issues: originSide === 'public' ? { public: link, private: undefined } : { public: undefined, private: link },
    what: 'issue',
    error: kind,
    message: messageOf(error),
    next: isParked ? 'It is tried again when the issue changes, and once a day.' : 'It is tried again by itself.',
    parked: isParked,
  });
  const dayMs = 24 * 3_600_000;
  retryLater(memory, {
    side: originSide,
    id: draft.origin.id,
    issue: link,
    reason: messageOf(error),
    ...(isParked ? { notBefore: memory.ports.now() + dayMs } : {}),
  });
}
