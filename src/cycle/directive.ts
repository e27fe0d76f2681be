import type { IssueSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import type { AskedOutcome, IssueLink } from '../core/result.ts';
import { twinKey } from '../core/twin.ts';
import { SallyportError } from '../errors.ts';
import { adoptByLedger, adoptCopy } from './adopt.ts';
import { loadIds } from './agenda.ts';
import { connectIssues } from './connect-issues.ts';
import { takeUpBeforeEnd } from './dead-run.ts';
import { endTwin } from './guard.ts';
import type { Memory } from './memory.ts';
import { isEnded, twinOf } from './memory.ts';
import type { Directive, IssueName } from './ports.ts';
import type { Start } from './run-cycle.ts';
import type { Twin } from './state.ts';
import { tellReplacedOf } from './verify-writes.ts';

/**
 * Does what a person asked for, before anything is observed: names become issues, what cannot be is refused, and the rest is
 * entered where the cycle finds it (retry list, twins, ended twins). Nothing is written to a tracker here.
 *
 * @throws SallyportError `configuration` for the first issue of which it cannot be done: nothing at all is done then
 */
export async function takeUpDirective(memory: Memory, start: Start): Promise<void> {
  const { directive } = memory.options;
  if (directive === undefined) return;
  await steps[directive.kind](memory, directive.issues, start);
}

type Step = (memory: Memory, names: readonly IssueName[], start: Start) => Promise<void>;

const steps: Readonly<Record<Directive['kind'], Step>> = {
  push: async (memory, names) => {
    for (const name of names) await push(memory, name);
  },
  connect: async (memory, names) => {
    const issues: { name: IssueName; issue: IssueSnapshot }[] = [];
    for (const name of names) issues.push({ name, issue: await present(memory, name) });
    connectIssues(memory, issues);
  },
  unlink,
  // Done once everything is in step (resign.ts).
  resign: () => Promise.resolve(),
  retry: (memory, names) => (names.length === 0 ? Promise.resolve(retryAll(memory)) : retrySome(memory, names)),
};

function refused(name: IssueName, text: string): SallyportError {
  return new SallyportError(`issues: ${name.text} ${text}`, { kind: 'configuration' });
}

/** The id of an issue that was named; by the twins known first, so that one that was moved or deleted can be unlinked. */
async function idOf(memory: Memory, name: IssueName): Promise<string> {
  const { side, key } = name;
  const known = [...memory.twins.values()].find((twin) => twin.links[side].key.replace(/^#/, '') === key);
  const id = known?.base.ids[side] ?? (await memory.ports.sides[side].reader.idOf(key, 'work'));
  if (id !== undefined) return id;
  throw refused(name, `is not there, or the account of the ${side} side may not see it. Check its key.`);
}

async function present(memory: Memory, name: IssueName, known?: string): Promise<IssueSnapshot> {
  const { side } = name;
  const id = known ?? (await idOf(memory, name));
  const outcome = (await loadIds(memory, side, { ids: [id], purpose: 'work' })).get(id);
  const issue = memory.snapshots[side].get(id);
  if (issue !== undefined) return issue;
  if (outcome?.kind === 'moved')
    throw refused(name, `lies elsewhere (${outcome.to}); only issues of the connection's own projects can be in sync.`);
  if (outcome?.kind === 'unreadable') throw refused(name, `cannot be read now: ${outcome.reason}`);
  throw refused(name, `is not there, or the account of the ${side} side may not see it. Check its key.`);
}

function ask(memory: Memory, at: { side: SideName; id: string; link: IssueLink | undefined }, outcome: AskedOutcome): void {
  const { side, id, link } = at;
  const issues = side === 'public' ? { public: link, private: undefined } : { public: undefined, private: link };
  memory.asked.push({ side, id, outcome, issues });
}

/** An entry of the retry list is due at once, and one that is asked for by name is taken up whatever the trigger says. */
function dueNow(memory: Memory, due: { side: SideName; id: string; reason: string; asked?: true | undefined }): void {
  const { side, id, reason, asked } = due;
  const now = memory.ports.now();
  const before = memory.state.retry.find((entry) => entry.side === side && entry.id === id);
  memory.state.retry = memory.state.retry.filter((entry) => entry !== before);
  memory.state.retry.push({
    side,
    id,
    attempts: 0,
    // The connection's time follows `Date` headers of whole seconds and may fall back by one: now is always.
    notBefore: 0,
    since: before?.since ?? now,
    reason: before?.reason ?? reason,
    asked: asked ?? before?.asked,
  });
}

async function push(memory: Memory, name: IssueName): Promise<void> {
  const { side } = name;
  const issue = await present(memory, name);
  if (isEnded(memory, side, issue.id))
    throw refused(
      name,
      'was in sync once, and its twin was unlinked or removed. Only connect takes it up again, with the issue that shall be its twin.',
    );
  const twin = twinOf(memory, side, issue.id) ?? adopted(memory, side, issue);
  if (twin === undefined && issue.marked)
    throw refused(
      name,
      'carries the mark of a copy or twin, of this connection or of another one, so it is not taken up as an origin. Push the issue that it is a copy of, or take the mark (a property or hidden comment with "sallyport") off it.',
    );
  const link = { key: issue.key, url: issue.url };
  ask(memory, { side, id: issue.id, link }, twin === undefined ? 'taken up' : 'in sync before');
  dueNow(memory, { side, id: issue.id, reason: 'asked for by push', asked: true });
}

/** The twin of a copy or an origin that a run before this one made, and died before it could say so. */
function adopted(memory: Memory, side: SideName, issue: IssueSnapshot): Twin | undefined {
  return adoptCopy(memory, side, issue) ?? adoptByLedger(memory, side, issue);
}

function noTwin({ ports }: Memory): string {
  const nothing = 'has no twin, so there is nothing to unlink.';
  return ports.foundDead ? `${nothing} A run before this one died and may have made its copy: run sync first.` : nothing;
}

async function unlink(memory: Memory, names: readonly IssueName[], start: Start): Promise<void> {
  const twins = new Map<string, { readonly twin: Twin; readonly name: IssueName }>();
  for (const name of names) {
    const { side } = name;
    const id = await idOf(memory, name);
    const twin = twinOf(memory, side, id) ?? adopted(memory, side, await present(memory, name, id));
    if (twin === undefined) throw refused(name, noTwin(memory));
    twins.set(twinKey(twin.base.ids), { twin, name });
  }
  for (const { twin, name } of twins.values()) {
    await takeUpBeforeEnd(memory, twin, start);
    if (!(await tellReplacedOf(memory, twin)))
      throw refused(
        name,
        'cannot be unlinked yet: what the last writes to it may have replaced cannot be looked up now, and nobody would do so later. Try it again once its history can be read.',
      );
  }
  for (const { twin, name } of twins.values()) {
    endTwin(memory, twin, { reason: 'unlinked', text: 'unlinked on request; both issues stay' });
    const issues: Pair<IssueLink | undefined> | undefined = memory.ended.at(-1)?.issues;
    if (issues !== undefined) memory.asked.push({ side: name.side, id: twin.base.ids[name.side], outcome: 'unlinked', issues });
  }
}

function retryAll(memory: Memory): void {
  for (const entry of memory.state.retry) dueNow(memory, entry);
  for (const key of new Set(memory.state.parked.map((entry) => entry.twin))) {
    const twin = memory.twins.get(key);
    if (twin !== undefined)
      dueNow(memory, { side: twin.base.origin, id: twin.base.ids[twin.base.origin], reason: 'asked for by retry' });
  }
  memory.state.parked = [];
  memory.state.returned = {};
}

async function retrySome(memory: Memory, names: readonly IssueName[]): Promise<void> {
  for (const name of names) {
    const { side } = name;
    const id = await idOf(memory, name);
    const twin = twinOf(memory, side, id);
    const waits = memory.state.retry.some((entry) => entry.side === side && entry.id === id);
    if (twin === undefined && !waits)
      throw refused(name, 'is not in sync, and nothing of it waits. To put it under sync, use push.');
    const link = twin?.links[side] ?? { key: name.text, url: memory.snapshots[side].get(id)?.url ?? '' };
    ask(memory, { side, id, link }, 'tried again');
    // A twin's entry stands under its origin.
    const at = twin === undefined ? { side, id } : { side: twin.base.origin, id: twin.base.ids[twin.base.origin] };
    dueNow(memory, { ...at, reason: 'asked for by retry', asked: true });
    if (twin === undefined) continue;
    const other = otherSide[at.side];
    for (const entry of memory.state.retry.filter((one) => one.side === other && one.id === twin.base.ids[other]))
      dueNow(memory, entry);
    const key = twinKey(twin.base.ids);
    memory.state.parked = memory.state.parked.filter((entry) => entry.twin !== key);
    for (const returned of Object.keys(memory.state.returned))
      if (returned.startsWith(`${key} `)) delete memory.state.returned[returned];
  }
}
