import { damageOf } from '../core/damage.ts';
import type { Damage, ExpectedPrint } from '../core/damage.ts';
import type { Effect } from '../core/effect.ts';
import { fieldsOf } from '../core/effect.ts';
import { otherSide, sideNames } from '../core/model.ts';
import type { TwinInput, TwinPlan } from '../core/plan.ts';
import { pairsOf, planTwin } from '../core/plan-twin.ts';
import { printed } from '../core/replica.ts';
import { twinKey } from '../core/twin.ts';
import type { CommentPair } from '../core/twin.ts';
import { baseOn, stampOfComment } from './identify.ts';
import type { Finding, Memory } from './memory.ts';
import { bothOf } from './memory.ts';
import { isKnownRendering } from './returned.ts';
import type { Twin } from './state.ts';
import { shownOn, twinInput } from './twin-input.ts';

/**
 * The audit of twins that were read on both sides: their content is compared with each other, not only with the base, and
 * stamps and ledger with what the state says. Notes what differs; where the plan of the twin can mend it, the base is set so
 * that it does (the origin reads as edited). Files are compared by `auditFiles`, under `audit: full` alone.
 */
export async function auditTwins(memory: Memory, twins: readonly Twin[]): Promise<void> {
  for (const twin of twins) {
    const snapshots = bothOf(memory, twin);
    if (snapshots === undefined) continue;
    const input = await twinInput(memory, twin, { snapshots });
    const find = (what: string, mend: Finding['mend']): void => void memory.findings.push({ twin, what, mend, repaired: false });
    if (memory.options.audit === 'full') for (const what of unnoticed(memory, twin, input)) find(what, { kind: 'plan' });
    for (const damage of damageOf(input, expectedPrintOf(memory, input))) {
      const side = otherSide[damage.kind === 'field' ? twin.base.origin : damage.pair.origin];
      const id = damage.kind === 'field' ? `field ${side} ${damage.field}` : `comment ${side} ${damage.pair.ids[side]}`;
      // A server that shows this very content in its own way has not damaged it.
      if (isKnownRendering(memory, twin, { id, sent: damage.expected, stored: damage.found })) continue;
      const isStopped = memory.state.parked.some((entry) => entry.twin === twinKey(twin.base.ids) && entry.id === id);
      if (damage.kind === 'field') find(damage.field, { kind: isStopped ? 'leave' : 'text' });
      else find('comment', { kind: isStopped ? 'leave' : 'plan' });
      if (!isStopped) asEdited(twin, damage);
    }
    auditMarks(memory, twin, { input, find });
  }
}

/** A lasting finding is one that is still there when the cycle ends: what a plan was to mend is planned once more. */
export async function concludeAudit(memory: Memory): Promise<void> {
  const planned = memory.findings.filter(({ mend }) => mend.kind === 'plan' || mend.kind === 'text');
  for (const twin of new Set(planned.map((finding) => finding.twin))) {
    const snapshots = bothOf(memory, twin);
    if (snapshots === undefined || !memory.twins.has(twinKey(twin.base.ids))) continue;
    const input = await twinInput(memory, twin, { snapshots });
    const open = new Set([
      ...whatsOf(planTwin(input)),
      ...damageOf(input, expectedPrintOf(memory, input)).map((damage) => (damage.kind === 'field' ? damage.field : 'comment')),
    ]);
    for (const finding of planned) if (finding.twin === twin) finding.repaired = !open.has(finding.what);
  }
}

/** What differs from the base on a twin that no listing showed as changed, and that is not waiting for anything. */
function unnoticed(memory: Memory, twin: Twin, input: TwinInput): ReadonlySet<string> {
  const isQuiet =
    sideNames.every((side) => twin.versions[side] === input.replicas[side].snapshot.version) &&
    !memory.state.retry.some((entry) => entry.id === twin.base.ids[entry.side]);
  return isQuiet ? whatsOf(planTwin(input)) : new Set();
}

function whatsOf(plan: TwinPlan): ReadonlySet<string> {
  return new Set([...plan.effects.flatMap(whatOf), ...plan.absent.map((item) => `${item.kind} (missing)`)]);
}

function whatOf(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case 'issue.create':
    case 'ledger.write':
      return [];
    case 'fields.write':
      return fieldsOf(effect);
    case 'comment.create':
    case 'comment.write':
    case 'comment.remove':
      return ['comment'];
    case 'attachment.create':
    case 'attachment.remove':
      return [`attachment ${effect.name}`];
  }
}

/** The print of what a write would store now. */
function expectedPrintOf(memory: Memory, input: TwinInput): ExpectedPrint {
  const shown = shownOn(memory, input);
  return (root, written) => printed(shown(root, written)).print;
}

/** The empty print equals none: the origin reads as edited, and its text is written to the copy again. */
function asEdited(twin: Twin, damage: Damage): void {
  const { base } = twin;
  if (damage.kind === 'field') {
    twin.base = { ...base, [damage.field]: { ...base[damage.field], [base.origin]: '' } };
    return;
  }
  const { pair } = damage;
  const edited: CommentPair = { ...pair, text: { ...pair.text, [pair.origin]: '' } };
  twin.base = { ...base, comments: base.comments.map((other) => (other.ids.public === pair.ids.public ? edited : other)) };
}

/** Stamps and ledger that somebody took away, and second copies of a comment that an older tool made. */
function auditMarks(
  memory: Memory,
  twin: Twin,
  audited: { readonly input: TwinInput; readonly find: (what: string, mend: Finding['mend']) => void },
): void {
  const { input, find } = audited;
  const { base } = twin;
  const ledger = baseOn(memory, 'public', input.replicas.public.snapshot);
  if (ledger?.ids.private !== base.ids.private || pairsOf(ledger) !== pairsOf(base)) find('ledger', { kind: 'ledger' });
  if (base.origin === 'public') {
    const stamp = baseOn(memory, 'private', input.replicas.private.snapshot);
    if (stamp?.ids.public !== base.ids.public) find('stamp', { kind: 'stamp' });
  }
  const pairs = new Map(base.comments.map((pair) => [`${pair.origin} ${pair.ids[pair.origin]}`, pair]));
  for (const side of sideNames) {
    const { snapshot, comments } = input.replicas[side];
    for (const comment of comments) {
      const { id } = comment.snapshot;
      const stamp = stampOfComment(memory, snapshot.id, comment.snapshot);
      const own = base.comments.find((pair) => pair.origin !== side && pair.ids[side] === id);
      if (own !== undefined && stamp === undefined && comment.snapshot.author.isConnection)
        find('stamp of a comment', { kind: 'comment-stamp', side, pair: own, id });
      const pair = stamp === undefined || stamp.origin === side ? undefined : pairs.get(`${stamp.origin} ${stamp.other}`);
      if (pair !== undefined && pair.ids[side] !== id) find('doubled comment', { kind: 'doubled-comment', side, pair, id });
    }
  }
}
