import { safeDisplayName, withoutAuthorLine } from '../content/author-line.ts';
import { withoutNotice } from '../content/cut-notice.ts';
import type { Neutral } from '../content/neutral.ts';
import { blocksHeld } from '../core/cut-text.ts';
import type { CommentSnapshot, IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { commentRoot, descriptionRoot, printed } from '../core/replica.ts';
import type { CommentPair, TwinBase } from '../core/twin.ts';
import { emptyBase } from '../core/twin.ts';
import { toConnectionTime } from './connection-time.ts';
import { baseOn } from './identify.ts';
import type { Memory } from './memory.ts';

/** What stamps and ledger tell of a pair of issues. */
interface Known {
  readonly base: TwinBase;
  /** Whether the ledger on the public side names them: pairs and tombstones stand there alone. */
  readonly hasLedger: boolean;
}

/** What a pair was when last in step, by the stamps and ledgers that name just these two; undefined for any other. */
export function knownOfPair(memory: Memory, issues: Pair<IssueSnapshot | undefined>): Known | undefined {
  const found = sideNames.flatMap((side) => {
    const issue = issues[side];
    const base = issue === undefined ? undefined : baseOn(memory, side, issue);
    const names = (one: SideName): boolean => issues[one] === undefined || base?.ids[one] === issues[one].id;
    return base !== undefined && sideNames.every(names) ? [{ side, base }] : [];
  });
  const newest = found.toSorted((one, other) => other.base.counter - one.base.counter)[0]?.base;
  if (newest === undefined) return undefined;
  const ledger = found.find(({ side }) => side === 'public')?.base;
  if (ledger === undefined) return { base: newest, hasLedger: false };
  const { comments, attachments, tombstones } = ledger;
  return { base: { ...newest, comments, attachments, tombstones }, hasLedger: true };
}

/** What two issues have in common of which no stamp tells. The one that existed first is the origin; a tie goes to the public side. */
export function freshBase(memory: Memory, issues: Pair<IssueSnapshot>): TwinBase {
  const createdAt = (side: SideName): number => toConnectionTime(memory, side, issues[side].createdAt);
  const origin = createdAt('public') <= createdAt('private') ? 'public' : 'private';
  const base = emptyBase(origin, { public: issues.public.id, private: issues.private.id });
  return { ...base, comments: copiesOf(issues), ...cutDescription(base, issues) };
}

/**
 * A description that shows the beginning of the other one and the notice is its cut copy still. Where it shows something else
 * with the notice, both count as edited, and the origin stands: what is beyond the cut is there alone.
 */
function cutDescription(base: TwinBase, issues: Pair<IssueSnapshot>): Partial<Pick<TwinBase, 'cut' | 'description'>> {
  const { origin } = base;
  const side = otherSide[origin];
  const { root } = issues[side].description;
  if (withoutNotice(root) === root) return {};
  const shown = descriptionRoot(root, side, { ...base, cut: { side, blocks: 0 } });
  const whole = descriptionRoot(issues[origin].description.root, origin, base);
  const blocks = blocksHeld(shown, whole);
  if (blocks === undefined) return { cut: { side, blocks: 0 } };
  return { cut: { side, blocks }, description: on(side, printed(shown).print, printed(whole).print) };
}

/** Comments of the connection's account that say what one of the other side says, by its author: copies that lost their stamps. */
export function copiesOf(issues: Pair<IssueSnapshot>): CommentPair[] {
  return sideNames.flatMap((side) => copiesOn(side, issues));
}

function copiesOn(side: SideName, issues: Pair<IssueSnapshot>): readonly CommentPair[] {
  const from = otherSide[side];
  const taken = new Set<string>();
  return issues[side].comments.flatMap((copy): CommentPair[] => {
    const author = copy.author.isConnection ? withoutAuthorLine(copy.text.root).author : undefined;
    if (author === undefined) return [];
    const isCut = withoutNotice(copy.text.root) !== copy.text.root;
    const shown = commentRoot(copy, side, { base: undefined, isCopy: true, isCut });
    const print = printed(shown).print;
    for (const origin of issues[from].comments) {
      if (taken.has(origin.id) || safeDisplayName(origin.author.displayName) !== author) continue;
      const said = wordsOf(origin, from);
      const whole = printed(said).print;
      const cut = isCut ? blocksHeld(shown, said) : undefined;
      if (cut === undefined && print !== whole) continue;
      taken.add(origin.id);
      const { restricted } = origin;
      const pair = { ids: on(side, copy.id, origin.id), origin: from, text: on(side, print, whole), withheld: false, restricted };
      return [cut === undefined ? pair : { ...pair, cut }];
    }
    return [];
  });
}

function on<T>(side: SideName, here: T, there: T): Pair<T> {
  return side === 'public' ? { public: here, private: there } : { public: there, private: here };
}

function wordsOf(comment: CommentSnapshot, side: SideName): Neutral {
  return commentRoot(comment, side, { base: undefined, isCopy: false, isCut: false });
}
