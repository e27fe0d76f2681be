import { safeDisplayName, withoutAuthorLine } from '../content/author-line.ts';
import type { CommentSnapshot, IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { commentRoot, printed } from '../core/replica.ts';
import { claimsConnection } from '../core/stamp.ts';
import type { CommentPair, TwinBase } from '../core/twin.ts';
import { emptyBase, twinKey } from '../core/twin.ts';
import { SallyportError } from '../errors.ts';
import { newTwin } from './adopt.ts';
import { toConnectionTime } from './connection-time.ts';
import { baseOn } from './identify.ts';
import { issueMarks } from './marks.ts';
import type { Memory } from './memory.ts';
import { isEnded, linksOf, noteEdit, remember, twinOf } from './memory.ts';
import type { IssueName } from './ports.ts';

interface NamedIssue {
  readonly name: IssueName;
  readonly issue: IssueSnapshot;
}

/**
 * Makes two existing issues twins. A pair that was twins before goes on from what it was when last in step; any other begins
 * with nothing in common, so that equal content is adopted and the rest reconciled by the Basic rules.
 *
 * @throws SallyportError `configuration` where one of them is somebody's twin or copy already
 */
export function connectIssues(memory: Memory, named: readonly NamedIssue[]): void {
  const issues = pairOf(named);
  const ids = { public: issues.public.issue.id, private: issues.private.issue.id };
  const snapshots = { public: issues.public.issue, private: issues.private.issue };
  const links = { public: linkOf(snapshots.public), private: linkOf(snapshots.private) };
  const { side } = issues.public.name;
  const known = memory.twins.get(twinKey(ids));
  if (known !== undefined) {
    memory.asked.push({ side, id: ids.public, outcome: 'in sync before', issues: links });
    return;
  }
  for (const one of sideNames) requireSingle(memory, one, issues[one]);
  const before = baseOfPair(memory, snapshots);
  if (before === undefined) for (const one of sideNames) requireUnmarked(memory, one, issues[one]);
  const bare = before === undefined ? withoutOldMarks(memory, snapshots) : snapshots;
  const twin = newTwin(before ?? freshBase(memory, bare), bare);
  forgetEnded(memory, ids);
  remember(memory, twin);
  memory.ledgerDue.add(twinKey(ids));
  memory.connected.push(ids);
  memory.asked.push({ side, id: ids.public, outcome: before === undefined ? 'connected' : 'revived', issues: links });
}

function linkOf(issue: IssueSnapshot): { key: string; url: string } {
  return { key: issue.key, url: issue.url };
}

function pairOf(named: readonly NamedIssue[]): Pair<NamedIssue> {
  const publicOne = named.find(({ name }) => name.side === 'public');
  const privateOne = named.find(({ name }) => name.side === 'private');
  if (publicOne !== undefined && privateOne !== undefined) return { public: publicOne, private: privateOne };
  const side = publicOne === undefined ? 'private' : 'public';
  throw new SallyportError(
    `issues: ${named.map(({ name }) => name.text).join(' and ')} are both on the ${side} side; connect takes one issue of each.`,
    { kind: 'configuration' },
  );
}

function requireSingle(memory: Memory, side: SideName, { name, issue }: NamedIssue): void {
  const twin = twinOf(memory, side, issue.id);
  if (twin === undefined) return;
  const other = linksOf(memory, twin)[otherSide[side]]?.key ?? 'another issue';
  throw new SallyportError(`issues: ${name.text} is the twin of ${other} already. Unlink it first, then connect.`, {
    kind: 'configuration',
  });
}

function requireUnmarked(memory: Memory, side: SideName, { name, issue }: NamedIssue): void {
  if (!issue.marked || isEnded(memory, side, issue.id)) return;
  throw new SallyportError(
    `issues: ${name.text} carries the mark of a copy or twin, of this connection or of another one, and cannot be connected. Unlink it there, or take the mark (a property or hidden comment with "sallyport") off it.`,
    { kind: 'configuration' },
  );
}

/** What a pair was when last in step, by the stamps and ledgers that name just these two; undefined for any other. */
export function baseOfPair(memory: Memory, issues: Pair<IssueSnapshot | undefined>): TwinBase | undefined {
  const found = sideNames.flatMap((side) => {
    const issue = issues[side];
    const base = issue === undefined ? undefined : baseOn(memory, side, issue);
    const names = (one: SideName): boolean => issues[one] === undefined || base?.ids[one] === issues[one].id;
    return base !== undefined && sideNames.every(names) ? [{ side, base }] : [];
  });
  const newest = found.toSorted((one, other) => other.base.counter - one.base.counter)[0]?.base;
  if (newest === undefined) return undefined;
  // Pairs and tombstones stand in the ledger alone.
  const ledger = found.find(({ side }) => side === 'public')?.base;
  if (ledger === undefined) return newest;
  return { ...newest, comments: ledger.comments, attachments: ledger.attachments, tombstones: ledger.tombstones };
}

export function definedOf(issues: Pair<IssueSnapshot | undefined>): Partial<Pair<IssueSnapshot>> {
  return {
    ...(issues.public === undefined ? {} : { public: issues.public }),
    ...(issues.private === undefined ? {} : { private: issues.private }),
  };
}

/** The issue that existed first is the origin; a tie goes to the public side. */
function freshBase(memory: Memory, issues: Pair<IssueSnapshot>): TwinBase {
  const createdAt = (side: SideName): number => toConnectionTime(memory, side, issues[side].createdAt);
  const origin = createdAt('public') <= createdAt('private') ? 'public' : 'private';
  const base = emptyBase(origin, { public: issues.public.id, private: issues.private.id });
  return { ...base, comments: sideNames.flatMap((side) => copiesOn(side, issues)) };
}

/** Comments of the connection's account that say what one of the other side says, by its author: copies that lost their stamps. */
function copiesOn(side: SideName, issues: Pair<IssueSnapshot>): readonly CommentPair[] {
  const from = otherSide[side];
  const taken = new Set<string>();
  return issues[side].comments.flatMap((copy): CommentPair[] => {
    const author = copy.author.isConnection ? withoutAuthorLine(copy.text.root).author : undefined;
    if (author === undefined) return [];
    const print = printOf(copy, side, true);
    const origin = issues[from].comments.find(
      (one) => !taken.has(one.id) && safeDisplayName(one.author.displayName) === author && printOf(one, from, false) === print,
    );
    if (origin === undefined) return [];
    taken.add(origin.id);
    const ids = side === 'public' ? { public: copy.id, private: origin.id } : { public: origin.id, private: copy.id };
    return [{ ids, origin: from, text: { public: print, private: print }, withheld: false, restricted: origin.restricted }];
  });
}

function printOf(comment: CommentSnapshot, side: SideName, isCopy: boolean): string {
  return printed(commentRoot(comment, side, { base: undefined, isCopy, isCut: false })).print;
}

/**
 * I6: a stamp of an earlier twin would make a comment the copy of one that the new twin does not have, and so removed. They are
 * taken off before anything else is written (`markConnected`), and the plan does not see them.
 */
function withoutOldMarks(memory: Memory, issues: Pair<IssueSnapshot>): Pair<IssueSnapshot> {
  const bare = (side: SideName): IssueSnapshot => {
    const issue = issues[side];
    const stripped = {
      ...issue,
      marks: [],
      marked: false,
      comments: issue.comments.map((comment) => ({ ...comment, marks: [] })),
    };
    if (issue.marked || issue.comments.some((comment) => comment.marks.length > 0)) memory.leftMarks.push({ side, id: issue.id });
    memory.snapshots[side].set(issue.id, stripped);
    return stripped;
  };
  return { public: bare('public'), private: bare('private') };
}

/** Of an ended pair of which one issue has a new twin, the other one stays ended. */
function forgetEnded(memory: Memory, ids: Pair<string>): void {
  memory.state.ended = memory.state.ended.flatMap((pair) => endedWithout(pair, ids) ?? []);
}

/** An ended pair without the issues of a new twin; undefined where nothing is left. */
export function endedWithout<T extends { readonly public: string; readonly private: string }>(
  pair: T,
  ids: Pair<string>,
): T | undefined {
  const left = {
    ...pair,
    public: pair.public === ids.public ? '' : pair.public,
    private: pair.private === ids.private ? '' : pair.private,
  };
  return left.public === '' && left.private === '' ? undefined : left;
}

/** Takes the stamps of earlier twins off, and puts the copy's own on: the ledger of the public side follows with its twin. */
export async function markConnected(memory: Memory): Promise<void> {
  const { connectionId } = memory.options;
  for (const { side, id } of memory.leftMarks) {
    const { writer } = memory.ports.sides[side];
    const isOwn = (mark: string): boolean => claimsConnection(mark, connectionId);
    memory.writes += (await writer?.eraseMarks(id, { isOwn, beforeWrite: memory.ports.holdLease })) ?? 0;
  }
  for (const ids of memory.connected) {
    const twin = memory.twins.get(twinKey(ids));
    const issue = memory.snapshots.private.get(ids.private);
    const { writer } = memory.ports.sides.private;
    if (twin === undefined || issue === undefined || writer === undefined || twin.base.origin === 'private') continue;
    await memory.ports.holdLease();
    noteEdit(memory, twin, { side: 'private', commentIds: [] });
    twin.base = { ...twin.base, counter: twin.base.counter + 1 };
    await writer.writeMarks(issue, issueMarks(memory, 'private', { base: twin.base, self: issue.id }));
    memory.writes += 1;
  }
}
