import type { IssueSnapshot, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { fileLines, filesFingerprint } from '../core/plan-twin.ts';
import { replicaOf } from '../core/replica.ts';
import { fieldNames } from '../core/twin.ts';
import type { Memory } from './memory.ts';
import type { Twin } from './state.ts';
import { footerRuleOf } from './twin-input.ts';

/**
 * True if one side of a twin, by itself, no longer is what the base says: only then is the other side read (few requests).
 * The echo of the runner's own write differs in version alone and ends here (I5).
 */
export function differs(
  memory: Memory,
  twin: Twin,
  options: { readonly side: SideName; readonly snapshot: IssueSnapshot },
): boolean {
  const { side, snapshot } = options;
  const { base } = twin;
  const replica = replicaOf(snapshot, side, base);
  if (fieldNames.some((field) => replica[field].print !== base[field][side])) return true;
  const pairs = new Map(base.comments.map((pair) => [pair.ids[side], pair]));
  const buried = new Set(base.tombstones.filter((item) => item.side === side).map((item) => `${item.kind} ${item.id}`));
  const comments = replica.comments.filter((comment) => !buried.has(`comment ${comment.snapshot.id}`));
  if (comments.length !== pairs.size) return true;
  for (const { snapshot: comment, text } of comments) {
    const pair = pairs.get(comment.id);
    if (pair === undefined || (pair.text[side] !== text.print && !pair.withheld)) return true;
    if (pair.origin !== side) continue;
    // Who can read it is remembered, so that it is not taken for removed once the account cannot.
    if (comment.restricted !== pair.restricted) return true;
    if ((memory.options.holdRestricted && comment.restricted) !== pair.withheld) return true;
  }
  const files = new Set(base.attachments.filter((pair) => isListed(memory, side, pair.origin)).map((pair) => pair.ids[side]));
  const present = replica.attachments.filter((file) => !buried.has(`attachment ${file.id}`) && !file.id.startsWith('copy:'));
  if (present.length !== files.size || present.some((file) => !files.has(file.id))) return true;
  // A list of files whose writing failed is due by the base alone: what was to be tried again went with the state.
  const rule = footerRuleOf(memory, otherSide[side], twin);
  return side === 'public' && rule.hasFooter && filesFingerprint(fileLines(base, replica, rule)) !== base.files;
}

/** Copies in a repository's branch are no part of what an issue there lists for people to remove. */
function isListed(memory: Memory, side: SideName, origin: SideName): boolean {
  return origin === side || memory.ports.sides[side].reader.kind !== 'github';
}
