import type { Neutral } from '../content/neutral.ts';
import { adoptedComments, type CommentStampOf } from '../core/adopted-comments.ts';
import type { TypeRule } from '../core/basic-rules.ts';
import { withLastCuts, withLastWrites, type LastEdits } from '../core/last-writes.ts';
import type { AttachmentSnapshot, IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { withOwnFirstLines } from '../core/own-first-lines.ts';
import type { SideRule, TwinInput } from '../core/plan.ts';
import type { FilesRule } from '../core/plan-twin.ts';
import { replicaOf, toOrigins, toSide } from '../core/replica.ts';
import type { Replica } from '../core/replica.ts';
import { twinKey } from '../core/twin.ts';
import type { FieldName } from '../core/twin.ts';
import { unlowered, type Lowering } from '../core/unlowered.ts';
import { withoutHeldTexts } from '../core/whole-text.ts';
import { aheadMs, clockGrainMs, toConnectionTime } from './connection-time.ts';
import { fitText, saidBy } from './fitted.ts';
import { editStampOfComment, stampOfComment } from './identify.ts';
import type { Memory } from './memory.ts';
import { absenceKey, commentKey } from './memory.ts';
import type { Twin } from './state.ts';

/** An item counts as removed when seen absent in two cycles at least this far apart (the guard). */
export const absenceConfirmedMs = 10 * 60_000;

/** What each side's types allow, read once a cycle. */
export async function typeRuleOf(memory: Memory, side: SideName): Promise<TypeRule> {
  const known = memory.typeRules[side];
  if (known !== undefined) return known;
  const types = await memory.ports.sides[side].reader.types();
  memory.typeRules[side] = types;
  return types;
}

export async function sideRuleOf(memory: Memory, side: SideName): Promise<SideRule> {
  const { reader } = memory.ports.sides[side];
  return {
    types: await typeRuleOf(memory, side),
    summaryLength: reader.limits.summaryLength,
    ...filesRuleOf(memory, side),
  };
}

function filesRuleOf(memory: Memory, side: SideName): Pick<SideRule, 'hasFooter' | 'attachmentBytes'> {
  const { reader } = memory.ports.sides[side];
  const listOnly = side === 'private' && memory.options.listOnly;
  return { hasFooter: reader.kind === 'github', attachmentBytes: listOnly ? 0 : reader.limits.attachmentBytes };
}

/** Whether a side lists files at the end of its texts, what it takes of them, and what of a twin it refused. */
export function footerRuleOf(memory: Memory, side: SideName, twin: Twin): Pick<SideRule, 'hasFooter'> & FilesRule {
  return { ...filesRuleOf(memory, side), isParked: parkedOf(memory, twin) };
}

/** What of a twin was refused for good, by an effect's id and the fingerprint of its content. */
function parkedOf(memory: Memory, { base }: Twin): TwinInput['isParked'] {
  const key = twinKey(base.ids);
  const parked = memory.state.parked.filter((entry) => entry.twin === key);
  return (id, print) => parked.some((entry) => entry.id === id && entry.print === print);
}

/** The input of a twin's plan, from snapshots read in this cycle. */
export async function twinInput(
  memory: Memory,
  twin: Twin,
  options: { readonly snapshots: Pair<IssueSnapshot>; readonly edits?: Pair<Readonly<Record<FieldName, number | undefined>>> },
): Promise<TwinInput> {
  const { base } = twin;
  const { snapshots } = options;
  const commentStamp: CommentStampOf = (side, commentId) => {
    const comment = snapshots[side].comments.find((candidate) => candidate.id === commentId);
    const stamp = comment === undefined ? undefined : stampOfComment(memory, snapshots[side].id, comment);
    // I6: a copy from an issue that was deleted, or disconnected since, is a comment like any other: its origin was never here.
    return stamp?.otherIssue === undefined || stamp.otherIssue === base.ids[otherSide[side]] ? stamp : undefined;
  };
  const comments = { public: snapshots.public.comments, private: snapshots.private.comments };
  const adopted = adoptedComments(base, comments, commentStamp);
  const replicas = replicasOf(
    memory,
    { base: { ...base, comments: [...withLastCuts(base, commentStamp), ...adopted] }, baseText: twin.baseText },
    snapshots,
  );
  const edits: LastEdits = {
    stampOf: (side, comment) => editStampOfComment(memory, snapshots[side].id, comment),
    isEditedSince: (side, { updatedAt }) =>
      toConnectionTime(memory, side, updatedAt) > (memory.options.committedAt ?? Number.POSITIVE_INFINITY) + clockGrainMs,
  };
  const rules = { public: await sideRuleOf(memory, 'public'), private: await sideRuleOf(memory, 'private') };
  const shown = shownOn(memory, { base, replicas, rules });
  return {
    base: { ...base, comments: withLastWrites(base, replicas, edits) },
    adopted: withLastWrites({ ...base, comments: adopted }, replicas, edits),
    replicas,
    baseText: twin.baseText,
    rules,
    holdRestricted: memory.options.holdRestricted,
    aheadMs: { public: aheadMs(memory, 'public'), private: aheadMs(memory, 'private') },
    isRemoved: (item) => memory.guard === undefined && memory.guarded.has(twin) && isConfirmed(memory, absenceKey(twin, item)),
    isParked: parkedOf(memory, twin),
    isDamaged: (field) =>
      base[field][base.origin] === '' &&
      memory.findings.some((finding) => finding.twin === twin && finding.what === field && finding.mend.kind === 'text'),
    mayBeLeftOver: (side, file) => mayBeLeftOver(memory, side, file),
    commentStamp,
    shownOn: (root, copy) => shown(root, { ...copy, isOrigin: false }),
    editedAt: (side, { id, updatedAt }) => {
      const putBack = memory.putBack.get(commentKey(side, id));
      return putBack !== undefined && putBack.writtenAt === updatedAt ? putBack.editedAt : updatedAt;
    },
    edits: options.edits,
  };
}

function mayBeLeftOver(memory: Memory, side: SideName, { author, createdAt }: AttachmentSnapshot): boolean {
  if (!memory.ports.foundDead || author?.isConnection !== true || createdAt === undefined) return false;
  const at = toConnectionTime(memory, side, createdAt);
  return at >= (memory.options.committedAt ?? memory.options.resumeFrom) - clockGrainMs && at <= memory.beganAt;
}

/** What an item shows, in crossing form, once a text is written to it, by the same steps as a write (write-fields.ts, write-comments.ts). */
export function shownOn(
  memory: Memory,
  { base, replicas, rules }: Pick<TwinInput, 'base' | 'replicas' | 'rules'>,
): (root: Neutral, item: { readonly side: SideName; readonly kind: 'issue' | 'comment'; readonly isOrigin: boolean }) => Neutral {
  return (root, { side, kind, isOrigin }) => {
    const fitted = fitText(root, {
      side,
      kind,
      isOrigin,
      bodyLength: memory.ports.sides[side].reader.limits.bodyLength,
      base,
      others: replicas[otherSide[side]].attachments,
      own: replicas[side].attachments,
      hasFooter: rules[side].hasFooter,
      standing: kind === 'issue' ? replicas[side].snapshot.description.root : undefined,
    });
    return toOrigins(saidBy(fitted), side, base);
  };
}

function replicasOf(
  memory: Memory,
  { base, baseText }: Pick<Twin, 'base' | 'baseText'>,
  snapshots: Pair<IssueSnapshot>,
): Pair<Replica> {
  const { lowered } = memory.ports.sides.private.reader;
  const shown = (side: SideName): Replica => {
    const replica = replicaOf(snapshots[side], side, base);
    return memory.options.holdRestricted ? withoutHeldTexts(replica) : replica;
  };
  const replicas = withOwnFirstLines({ public: shown('public'), private: shown('private') }, base);
  if (lowered === undefined) return replicas;
  const files = { base, others: snapshots.public.attachments, own: snapshots.private.attachments, hasFooter: false };
  const lower: Lowering = (root, standing) =>
    toOrigins(lowered(toSide(root, 'private', { ...files, standing }).root, snapshots.private.id), 'private', base);
  return { ...replicas, private: unlowered(replicas, { base, baseText, lower }) };
}

/** Seen absent at least ten minutes before this cycle began: what the guard has looked at, and nothing that came after it. */
export function isConfirmed(memory: Memory, key: string): boolean {
  const firstSeenAt = memory.state.absences[key];
  return firstSeenAt !== undefined && memory.beganAt - firstSeenAt >= absenceConfirmedMs;
}
