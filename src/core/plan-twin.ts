import { createHash } from 'node:crypto';
import type { Effect, FieldsWrite } from './effect.ts';
import { leavingFiles } from './gone-files.ts';
import type { AttachmentSnapshot, FileLine, SideName } from './model.ts';
import { otherSide, sideNames } from './model.ts';
import type { Conflict, SideRule, TwinInput, TwinPlan } from './plan.ts';
import { isListedOnly, isRefused, listedReason, planAttachments } from './plan-attachments.ts';
import { planComments } from './plan-comments.ts';
import { planFields } from './plan-fields.ts';
import { printed } from './replica.ts';
import type { Replica } from './replica.ts';
import { summaryFingerprint } from './summary.ts';
import type { TwinBase } from './twin.ts';

/**
 * The plan of one twin from its three trees: a pure function. Effects come in the order in which they are to be done: files
 * that texts refer to are copied before the texts are written, then comments in the order of their creation; files are
 * removed after all texts that showed them.
 */
export function planTwin(input: TwinInput): TwinPlan {
  const attachments = planAttachments(input);
  const leaving = leavingFiles(attachments.effects);
  const fields = planFields({ ...input, leaving });
  const comments = planComments({ ...input, leaving });
  const base: TwinBase = {
    ...fields.base,
    comments: [...comments.pairs],
    attachments: [...attachments.pairs],
    tombstones: [...comments.tombstones, ...attachments.tombstones],
  };
  const writes = withFooter(fields.writes, { ...input, base }).flatMap((write) => unparked(write, input));
  const removals = attachments.effects.filter(({ kind }) => kind === 'attachment.remove');
  const copies = attachments.effects.filter(({ kind }) => kind !== 'attachment.remove');
  const effects: Effect[] = [...copies, ...writes, ...comments.effects, ...removals];
  // A burial or an adopted pair crosses in no other write: the ledger must hold it before the cycle commits.
  if (pairsOf(base) !== pairsOf(input.base)) effects.push({ kind: 'ledger.write', side: 'public' });
  return {
    base,
    effects,
    conflicts: [...fields.conflicts.filter(isStillDue(fields.writes, writes)), ...comments.conflicts],
    held: [...comments.held, ...attachments.held],
    absent: [...comments.absent, ...attachments.absent],
    needsEdits: fields.needsEdits,
  };
}

/** A conflict is told once: not again while the write that settles it stays refused. */
function isStillDue(wanted: readonly FieldsWrite[], left: readonly FieldsWrite[]): (conflict: Conflict) => boolean {
  return ({ field }) => {
    const isIn = (write: FieldsWrite): boolean => field !== 'comment' && write[field] !== undefined;
    return !wanted.some(isIn) || left.some(isIn);
  };
}

/** Which items are paired or buried, and which comments not everyone could read: what a ledger must hold besides the fields. */
export function pairsOf(base: TwinBase): string {
  const ids = (pair: { ids: { public: string; private: string } }): string => `${pair.ids.public}:${pair.ids.private}`;
  const readers = base.comments.map(({ restricted }) => restricted);
  return JSON.stringify([base.comments.map(ids), readers, base.attachments.map(ids), base.tombstones]);
}

/** What a side takes of the other side's files, and what of a twin it refused. */
export type FilesRule = Pick<SideRule, 'attachmentBytes'> & Pick<TwinInput, 'isParked'>;

/** The files of the other side that a side without attachments lists: copied ones, and those it does not hold with the reason. */
export function fileLines(base: TwinBase, others: Replica, rule: FilesRule): readonly FileLine[] {
  const from: SideName = 'public';
  const pairs = new Map(base.attachments.filter((pair) => pair.origin === from).map((pair) => [pair.ids[from], pair]));
  return others.attachments.flatMap((attachment): FileLine[] => {
    const pair = pairs.get(attachment.id);
    if (pair !== undefined)
      return [{ name: attachment.name, size: pair.size, attachmentId: pair.ids[otherSide[from]], link: undefined }];
    const reason = whyListed(attachment, otherSide[from], rule);
    if (reason === undefined) return [];
    if (base.attachments.some((other) => other.ids[from] === attachment.id)) return [];
    return [{ name: attachment.name, size: attachment.size, attachmentId: undefined, link: { url: attachment.url, reason } }];
  });
}

function whyListed(attachment: AttachmentSnapshot, side: SideName, rule: FilesRule): string | undefined {
  if (isListedOnly(attachment, rule.attachmentBytes)) return listedReason(rule.attachmentBytes);
  return isRefused(attachment, side, rule) ? 'could not be stored here' : undefined;
}

/** The fingerprint of a footer; the empty string where nothing is listed. */
export function filesFingerprint(lines: readonly FileLine[]): string {
  return lines.length === 0 ? '' : createHash('sha256').update(JSON.stringify(lines)).digest('base64url').slice(0, 16);
}

function withFooter(writes: readonly FieldsWrite[], input: TwinInput): readonly FieldsWrite[] {
  return sideNames.reduce<readonly FieldsWrite[]>((all, side) => {
    if (!input.rules[side].hasFooter) return all;
    const lines = fileLines(input.base, input.replicas[otherSide[side]], { ...input.rules[side], isParked: input.isParked });
    if (filesFingerprint(lines) === input.base.files && !hasStaleLine(input.replicas[side], lines)) return all;
    if (!all.some((write) => write.side === side)) return [...all, { kind: 'fields.write', side, files: true }];
    return all.map((write) => (write.side === side ? { ...write, files: true } : write));
  }, writes);
}

/** A list that was written though no answer came: the base knows nothing of it, and only the text itself tells what it lists. */
function hasStaleLine(replica: Replica, lines: readonly FileLine[]): boolean {
  const wanted = new Set(lines.map(({ attachmentId }) => attachmentId));
  return replica.attachments.some(({ id, isListed }) => isListed === true && !wanted.has(id));
}

/** What identifies a field's refused content: the value's fingerprint. */
export function fieldPrint(write: FieldsWrite, field: 'summary' | 'description' | 'type'): string {
  if (field === 'summary') return summaryFingerprint(write.summary ?? '');
  if (field === 'type') return write.type ?? '';
  return write.description === undefined ? '' : printed(write.description).print;
}

/** Takes out the fields whose content was refused for good before; nothing is left of a write that held only such. */
function unparked(write: FieldsWrite, input: TwinInput): readonly FieldsWrite[] {
  const parked = (field: 'summary' | 'description' | 'type'): boolean =>
    write[field] !== undefined && input.isParked(`field ${write.side} ${field}`, fieldPrint(write, field));
  const rest: FieldsWrite = {
    kind: 'fields.write',
    side: write.side,
    files: write.files,
    ...(write.summary === undefined || parked('summary') ? {} : { summary: write.summary }),
    ...(write.description === undefined || parked('description') ? {} : { description: write.description }),
    ...(write.type === undefined || parked('type') ? {} : { type: write.type }),
  };
  const empty = rest.summary === undefined && rest.description === undefined && rest.type === undefined && !rest.files;
  return empty ? [] : [rest];
}
