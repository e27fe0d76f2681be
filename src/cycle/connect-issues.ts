import type { IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { claimsConnection } from '../core/stamp.ts';
import type { TwinBase } from '../core/twin.ts';
import { twinKey } from '../core/twin.ts';
import { SallyportError } from '../errors.ts';
import { newTwin } from './adopt.ts';
import { issueMarks } from './marks.ts';
import type { Memory } from './memory.ts';
import { isEnded, linksOf, noteEdit, remember, twinOf } from './memory.ts';
import { copiesOf, freshBase, knownOfPair } from './pair-base.ts';
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
  const before = knownOfPair(memory, snapshots);
  // A ledger of another pair, or none, tells of other comments than this pair's.
  const strange = before === undefined ? sideNames : before.hasLedger ? [] : (['public'] as const);
  for (const one of strange) requireUnmarked(memory, one, issues[one]);
  const bare = withoutOldMarks(memory, snapshots, strange);
  const twin = newTwin(baseOf(memory, bare, before), bare);
  forgetEnded(memory, ids);
  remember(memory, twin);
  memory.ledgerDue.add(twinKey(ids));
  memory.connected.push(ids);
  memory.asked.push({ side, id: ids.public, outcome: before === undefined ? 'connected' : 'revived', issues: links });
}

function baseOf(memory: Memory, issues: Pair<IssueSnapshot>, before: ReturnType<typeof knownOfPair>): TwinBase {
  if (before === undefined) return freshBase(memory, issues);
  return before.hasLedger ? before.base : { ...before.base, comments: copiesOf(issues) };
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

export function definedOf(issues: Pair<IssueSnapshot | undefined>): Partial<Pair<IssueSnapshot>> {
  return {
    ...(issues.public === undefined ? {} : { public: issues.public }),
    ...(issues.private === undefined ? {} : { private: issues.private }),
  };
}

/**
 * I6: a stamp of an earlier twin would make a comment the copy of one that the new twin does not have, and so removed. They are
 * taken off before anything else is written (`markConnected`), and the plan does not see them.
 */
function withoutOldMarks(memory: Memory, issues: Pair<IssueSnapshot>, sides: readonly SideName[]): Pair<IssueSnapshot> {
  const bare = (side: SideName): IssueSnapshot => {
    const issue = issues[side];
    if (!sides.includes(side)) return issue;
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
