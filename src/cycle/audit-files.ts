import type { SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import type { AttachmentPair } from '../core/twin.ts';
import { replicaOf } from '../core/replica.ts';
import { SallyportError, kindOf, messageOf } from '../errors.ts';
import type { AttachmentOutcome, StoredAttachment } from '../sides/side.ts';
import { digestOf } from './arrived.ts';
import { removalsAllowed } from './guard.ts';
import { openFile, openToSend } from './open-file.ts';
import type { Memory } from './memory.ts';
import { setFiles, twinOf } from './memory.ts';
import type { Twin } from './state.ts';

/**
 * Compares every copied file's bytes with its origin's by SHA-256, read as streams, and the files on the connection's branch
 * with those that the ledgers name. Under `audit: full` alone: all files are read once from either side (I4).
 */
export async function auditFiles(memory: Memory, twins: readonly Twin[]): Promise<void> {
  const stored = await storedCopies(memory);
  for (const twin of twins) {
    for (const pair of twin.base.attachments) {
      const state = await stateOf(memory, twin, { pair, stored });
      const what = `attachment ${pair.name} (${state})`;
      if (state === 'missing' || state === 'altered')
        memory.findings.push({ twin, what, mend: { kind: 'file', pair }, repaired: false });
    }
  }
  for (const extra of extraFiles(memory, stored))
    memory.findings.push({
      ...extra,
      what: `attachment ${extra.id.split('/').at(-1) ?? ''} (extra)`,
      mend: { kind: 'extra-file', id: extra.id },
      repaired: false,
    });
}

type Stored = Readonly<Record<SideName, ReadonlySet<string> | undefined>>;

async function storedCopies(memory: Memory): Promise<Stored> {
  const stored: Record<SideName, ReadonlySet<string> | undefined> = { public: undefined, private: undefined };
  for (const side of sideNames) {
    const ids = await memory.ports.sides[side].reader.storedCopies('audit');
    stored[side] = ids === undefined ? undefined : new Set(ids);
  }
  return stored;
}

type FileState = 'equal' | 'missing' | 'altered' | 'unknown';

/** Where origin or copy is not listed by its issue, the plan sees to it; where one cannot be read, nothing can be said. */
async function stateOf(
  memory: Memory,
  twin: Twin,
  file: { readonly pair: AttachmentPair; readonly stored: Stored },
): Promise<FileState> {
  const { pair, stored } = file;
  const copySide = otherSide[pair.origin];
  const isListed = (side: SideName): boolean => {
    const issue = memory.snapshots[side].get(twin.base.ids[side]);
    return issue !== undefined && replicaOf(issue, side, twin.base).attachments.some((one) => one.id === pair.ids[side]);
  };
  if (!isListed(pair.origin)) return 'unknown';
  const branch = stored[copySide];
  if (branch === undefined && !isListed(copySide)) return 'unknown';
  if (branch !== undefined && !branch.has(pair.ids[copySide])) return 'missing';
  const [origin, copy] = [
    await hashOf(memory, twin, { side: pair.origin, pair }),
    await hashOf(memory, twin, { side: copySide, pair }),
  ];
  if (copy === undefined) return 'unknown';
  // An origin that no token reaches (fine-grained ones) is compared by what it was when it was copied.
  const wanted = origin ?? (pair.sha256 === '' ? copy : pair.sha256);
  return copy === wanted ? 'equal' : 'altered';
}

async function hashOf(
  memory: Memory,
  twin: Twin,
  file: { readonly side: SideName; readonly pair: AttachmentPair },
): Promise<string | undefined> {
  const { side, pair } = file;
  try {
    return (await digestOf(await openFile(memory, twin, { side, id: pair.ids[side] }))).sha256;
  } catch (error) {
    const kind = kindOf(error);
    if (kind === 'configuration' || kind === 'inactive') throw error;
    memory.warnings.push(`The file ${pair.name} could not be compared: ${messageOf(error)}`);
    return undefined;
  }
}

const copyPath = /^copy:([^/]+)\//;

/** Files under the path of a twin of this connection that no pair of it names: an upload whose run died before it was noted. */
function extraFiles(memory: Memory, stored: Stored): readonly { twin: Twin; id: string }[] {
  return sideNames.flatMap((side) =>
    [...(stored[side] ?? [])].flatMap((id) => {
      const twin = twinOf(memory, otherSide[side], copyPath.exec(id)?.[1] ?? '');
      return twin === undefined || twin.base.attachments.some((pair) => pair.ids[side] === id) ? [] : [{ twin, id }];
    }),
  );
}

/** Copies a file again: to its path on the branch, where the new bytes replace what stands there. */
export async function mendFile(memory: Memory, twin: Twin, pair: AttachmentPair): Promise<boolean> {
  const side = otherSide[pair.origin];
  const { reader, writer } = memory.ports.sides[side];
  // An attachment of an issue cannot be replaced: a second one beside it is for a person to decide.
  if (writer === undefined || (await reader.storedCopies('work')) === undefined) return false;
  const originIssueId = twin.base.ids[pair.origin];
  await memory.ports.holdLease();
  const [outcome] = await writer.addAttachments([
    {
      issueId: twin.base.ids[side],
      originIssueId,
      originAttachmentId: pair.ids[pair.origin],
      name: pair.ids[side].split('/').at(-1) ?? pair.name,
      size: pair.size,
      mediaType: undefined,
      open: () => openToSend(memory, twin, { side: pair.origin, id: pair.ids[pair.origin] }),
    },
  ]);
  const stored = storedOf(outcome, pair);
  memory.writes += 1;
  if (stored.sha256 !== pair.sha256) {
    const next = { ...pair, size: stored.size, sha256: stored.sha256 };
    const attachments = twin.base.attachments.map((other) => (other.ids[side] === pair.ids[side] ? next : other));
    setFiles(memory, twin, attachments);
  }
  return stored.attachmentId === pair.ids[side];
}

function storedOf(outcome: AttachmentOutcome | undefined, pair: AttachmentPair): StoredAttachment {
  if (outcome?.kind === 'stored') return outcome;
  throw new SallyportError(`The file ${pair.name} could not be copied again: ${messageOf(outcome?.error)}`, {
    kind: outcome === undefined ? 'answer' : kindOf(outcome.error),
    cause: outcome?.error,
  });
}

/** Takes a file away that no ledger names. What the twin's plan paired meanwhile stays. */
export async function removeExtraFile(memory: Memory, twin: Twin, id: string): Promise<boolean> {
  const side: SideName = 'private';
  if (twin.base.attachments.some((pair) => pair.ids[side] === id)) return true;
  // An upload that waits for another try has this very path.
  const isWaiting = memory.state.retry.some((entry) => entry.id === twin.base.ids[entry.side]);
  // Whose it is stands in the ledger: where that is out of reach, nobody knows.
  const isTold = memory.snapshots.public.has(twin.base.ids.public);
  const { writer } = memory.ports.sides[side];
  if (isWaiting || !isTold || writer === undefined || removalsAllowed(memory) <= 0) return false;
  await memory.ports.holdLease();
  await writer.removeAttachments([{ issueId: twin.base.ids[side], attachmentId: id }]);
  memory.writes += 1;
  memory.removals += 1;
  return true;
}
