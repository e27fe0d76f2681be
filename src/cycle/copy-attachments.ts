import { safeFileName } from '../content/file-name.ts';
import type { AttachmentCreate } from '../core/effect.ts';
import { effectId } from '../core/effect.ts';
import { withTextsDue } from '../core/late-files.ts';
import type { IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { planTwin } from '../core/plan-twin.ts';
import type { AttachmentPair } from '../core/twin.ts';
import { isWholeText } from '../core/whole-text.ts';
import { kindOf, messageOf } from '../errors.ts';
import type { AttachmentDraft, StoredAttachment } from '../sides/side.ts';
import { arrived, digestOf } from './arrived.ts';
import { deny, isDenial, isDenied } from './denied.ts';
import { openFile, openToSend } from './open-file.ts';
import { noteUnread, readUnread } from './read-unread.ts';
import type { Memory } from './memory.ts';
import { bothOf, deferIfLimited, isSpent, linksOf, retryLater, setFiles } from './memory.ts';
import type { Twin } from './state.ts';
import { noteTwinFailure, park } from './twin-failure.ts';
import { twinInput } from './twin-input.ts';

/** Attachments that go into one commit, where a side stores them so, between two looks at lease and time budget. */
const batchMax = 25;

interface Job {
  readonly twin: Twin;
  readonly effect: AttachmentCreate;
  readonly snapshots: Pair<IssueSnapshot>;
}

/** Copies the attachments of all twins at hand, before any text that shows them is written. */
export async function copyAttachments(memory: Memory, twins: readonly Twin[]): Promise<void> {
  await readUnread(memory, twins);
  const jobs = await jobsOf(memory, twins);
  for (const side of sideNames) {
    const wanted = jobs.filter((job) => job.effect.side === side);
    const open = await withoutFound(memory, wanted);
    for (let start = 0; start < open.length && !isSpent(memory); start += batchMax) {
      if (open.length > batchMax) memory.ports.onProgress(`Copying attachments to the ${side} side: ${start} of ${open.length}`);
      await copyBatch(memory, side, open.slice(start, start + batchMax));
    }
  }
}

async function jobsOf(memory: Memory, twins: readonly Twin[]): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const twin of twins) {
    const snapshots = bothOf(memory, twin);
    if (snapshots === undefined || twin.unlearnt !== undefined) continue;
    const plan = planTwin(await twinInput(memory, twin, { snapshots }));
    for (const effect of plan.effects)
      if (effect.kind === 'attachment.create' && !isDenied(memory, twin, effect)) jobs.push({ twin, effect, snapshots });
  }
  return jobs;
}

/** I2: a copy whose answer was lost is found by name, author and SHA-256, and adopted instead of uploaded again. */
async function withoutFound(memory: Memory, jobs: readonly Job[]): Promise<readonly Job[]> {
  const open: Job[] = [];
  for (const job of jobs) {
    try {
      const found = job.effect.candidates.length === 0 ? undefined : await findCopy(memory, job);
      if (found === undefined) open.push(job);
      else addPair(memory, job, found);
    } catch (error) {
      // Neither of the two may be opened: the file waits, and the other ones go on.
      noteFailure(memory, job, error);
    }
  }
  return open;
}

async function findCopy(memory: Memory, job: Job): Promise<StoredAttachment | undefined> {
  const { effect, twin } = job;
  const from = otherSide[effect.side];
  const origin = await digestOf(await openFile(memory, twin, { side: from, id: effect.originId }));
  for (const candidate of effect.candidates) {
    if (twin.base.attachments.some((pair) => pair.ids[effect.side] === candidate)) continue;
    const copy = await digestOf(
      await memory.ports.sides[effect.side].reader.openAttachment(twin.base.ids[effect.side], candidate),
    );
    if (copy.sha256 !== origin.sha256) continue;
    const there = job.snapshots[effect.side].attachments.find((file) => file.id === candidate);
    return { kind: 'stored', attachmentId: candidate, name: there?.name ?? effect.name, size: copy.size, sha256: copy.sha256 };
  }
  return undefined;
}

async function copyBatch(memory: Memory, side: SideName, jobs: readonly Job[]): Promise<void> {
  const { writer } = memory.ports.sides[side];
  if (writer === undefined) return;
  await memory.ports.holdLease();
  const drafts = jobs.map((job) => draftOf(memory, job));
  const outcomes = await writer.addAttachments(drafts);
  for (const [index, job] of jobs.entries()) {
    const outcome = await arrived({
      side: memory.ports.sides[side],
      holdLease: memory.ports.holdLease,
      draft: drafts[index],
      outcome: outcomes[index],
    });
    if (outcome.kind === 'failed') noteFailure(memory, job, outcome.error);
    else {
      const stored: Stored = outcome.kind === 'unread' ? { ...outcome.stored, unread: true } : outcome;
      memory.writes += 1;
      addPair(memory, job, stored);
      if (outcome.kind === 'unread') noteUnread(memory, { twin: job.twin, side, name: stored.name }, outcome.error);
      memory.changes.push({
        issues: linksOf(memory, job.twin),
        side,
        action: 'created',
        what: `attachment ${stored.name}`,
        title: job.twin.title,
      });
    }
  }
}

function draftOf(memory: Memory, job: Job): AttachmentDraft {
  const { effect, twin } = job;
  const from = otherSide[effect.side];
  const attachment = job.snapshots[from].attachments.find((candidate) => candidate.id === effect.originId);
  return {
    issueId: twin.base.ids[effect.side],
    originIssueId: twin.base.ids[from],
    originAttachmentId: effect.originId,
    name: safeFileName(effect.name),
    size: effect.size,
    mediaType: isWholeText(effect.originId) ? 'text/markdown' : attachment?.mediaType,
    open: () => openToSend(memory, twin, { side: from, id: effect.originId }),
  };
}

type Stored = StoredAttachment & Pick<AttachmentPair, 'unread'>;

function addPair(memory: Memory, job: Job, stored: Stored): void {
  const { effect, twin } = job;
  const from = otherSide[effect.side];
  const ids =
    from === 'public'
      ? { public: effect.originId, private: stored.attachmentId }
      : { public: stored.attachmentId, private: effect.originId };
  const alias = stored.alias === undefined ? {} : { alias: stored.alias };
  const { name, size, sha256 } = stored;
  const unread = stored.unread === undefined ? {} : { unread: stored.unread };
  const pair: AttachmentPair = { ids, origin: from, name, size, sha256, ...alias, ...unread };
  // Before the pair is known: what the texts say is compared with what they said without it.
  if (stored.unread === undefined) twin.base = withTextsDue(twin.base, { side: from, id: effect.originId }, job.snapshots);
  setFiles(memory, twin, [...twin.base.attachments, pair]);
  // The written side's snapshot is from before: it shall list the file, or the pair would look removed.
  const side = effect.side;
  const snapshot = memory.snapshots[side].get(twin.base.ids[side]);
  if (snapshot === undefined || snapshot.attachments.some((file) => file.id === stored.attachmentId)) return;
  const file = {
    id: stored.attachmentId,
    name: stored.name,
    size: stored.size,
    mediaType: undefined,
    author: memory.ports.sides[side].reader.account,
    createdAt: undefined,
    url: '',
  };
  memory.snapshots[side].set(snapshot.id, { ...snapshot, attachments: [...snapshot.attachments, file] });
}

function noteFailure(memory: Memory, job: Job, error: unknown): void {
  const kind = kindOf(error);
  if (kind === 'configuration' || kind === 'inactive') throw error;
  const { twin, effect } = job;
  const from = otherSide[effect.side];
  if (deferIfLimited(memory, { side: from, id: twin.base.ids[from] }, error)) return;
  if (isDenial(error)) deny(memory, twin, effect);
  const isParked = kind === 'refused' || kind === 'limit';
  if (isParked) {
    park(memory, twin, { id: effectId(effect), print: effect.originId, what: effect.name, reason: messageOf(error) });
  } else {
    // I2: the file may be stored although no answer came. The side is read again before anything is uploaded once more.
    memory.snapshots[effect.side].delete(twin.base.ids[effect.side]);
    retryLater(memory, { side: otherSide[effect.side], id: twin.base.ids[otherSide[effect.side]], reason: messageOf(error) });
  }
  const what = `attachment ${toldName(job)}`;
  // What failed is tried once more as its twin is settled.
  const isTold = memory.failures.some((failure) => failure.what === what && failure.issues.public?.url === twin.links.public.url);
  if (isTold) return;
  const next = isParked ? 'Texts lead to the file where it is; it is tried again once a day.' : 'It is tried again by itself.';
  noteTwinFailure(memory, twin, { what, error, next, parked: isParked });
}

/** What a report calls a file: several of one name are numbered, so that each is told. */
function toldName({ effect, snapshots }: Job): string {
  const alike = snapshots[otherSide[effect.side]].attachments.filter(({ name }) => name === effect.name);
  const before = alike.findIndex(({ id }) => id === effect.originId);
  return before > 0 ? `${effect.name} (${before + 1})` : effect.name;
}
